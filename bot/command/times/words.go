package times

import (
	"fmt"
	"time"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/quiet"
)

// Until is until when something lasts.
func Until(until time.Time, in wording.Speaker) message.Markup {
	if !until.Before(quiet.Forever) {
		return in.Say("time.until-ended")
	}
	return in.Say("time.until-then", wording.Args{"time": message.At(until)})
}

// Hours is "from 22:00 to 07:00 (Europe/Kyiv), every day".
func Hours(h quiet.Hours, in wording.Speaker) message.Markup {
	return in.Say("time.from-to", wording.Args{"from": Wall(h.From), "to": Wall(h.To), "zone": h.Zone.String(), "days": wording.Saying{ID: DaysID(h.Days)}})
}

// Wall is a minute of the day as clocks show it.
func Wall(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }
