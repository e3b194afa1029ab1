package message

import (
	"cmp"

	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/alert"
)

// maxThreadName is the length of a thread's name
// (https://discord.com/developers/docs/resources/channel#start-thread-from-message).
const maxThreadName = 100

// ThreadName is what the thread of an alert is called: its headline as plain text.
// Discord shows names without markup.
func ThreadName(m alert.Message) string {
	return cmp.Or(plain(m.Content.Thread, maxThreadName), wording.In(m.Language).Plain("alert.thread-name"))
}
