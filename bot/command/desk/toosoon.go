package desk

import (
	"errors"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/guild"
)

// TooSoon is the refusal for a guild that has added too much within the hour, with
// when it may go on, or nil when err is something else.
func TooSoon(err error) error {
	var soon *guild.TooSoonError
	if !errors.As(err, &soon) {
		return nil
	}
	return interaction.Refuse(interaction.Quota, "feeds.too-soon", wording.Args{"when": message.When(soon.Again)})
}
