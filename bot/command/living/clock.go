package living

import (
	"fmt"
	"strings"

	"github.com/attache-bot/attache/bot/command/times"
	"github.com/attache-bot/attache/bot/interaction"
)

// completeTime offers times of the day: the one that is typed, if it is one, and
// those of each half hour that begin so; the whole hours while nothing is typed.
func completeTime(typed string) []interaction.Choice {
	var out []interaction.Choice
	add := func(minute int) {
		at := fmt.Sprintf("%02d:%02d", minute/60, minute%60)
		for _, o := range out {
			if o.Value == at {
				return
			}
		}
		if len(out) < interaction.MaxChoices {
			out = append(out, interaction.Choice{Name: at, Value: at})
		}
	}
	if minute, err := times.Clock(typed); err == nil {
		add(minute)
	}
	step := 30
	if typed == "" {
		step = 60
	}
	for minute := 0; minute < 24*60; minute += step {
		at := fmt.Sprintf("%d:%02d", minute/60, minute%60)
		if strings.HasPrefix(at, typed) || strings.HasPrefix("0"+at, typed) {
			add(minute)
		}
	}
	return out
}
