package message

import (
	"cmp"

	"github.com/attache-bot/attache/internal/alert"
)

// maxThreadName is the length of a thread's name
// (https://discord.com/developers/docs/resources/channel#start-thread-from-message).
const maxThreadName = 100

// ThreadName is what the thread of an alert is called: its headline as plain text.
// Discord shows names without markup.
func ThreadName(c alert.Content) string {
	return cmp.Or(plain(c.Thread, maxThreadName), "How it went on")
}
