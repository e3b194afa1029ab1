package desk

import (
	"errors"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
)

// AsNote is a refusal as a sentence beside what goes on.
func AsNote(q interaction.Request, err error) (message.Markup, error) {
	if err == nil {
		return "", nil
	}
	if e, ok := errors.AsType[*interaction.Error](err); ok {
		return e.Told(q.Speaker), nil
	}
	return "", err
}

// Sole is what was chosen in a menu of which one thing is chosen.
func Sole(chosen []string) (string, bool) {
	if len(chosen) == 0 {
		return "", false
	}
	return chosen[0], true
}
