package times

import (
	"time"

	"github.com/attache-bot/attache/bot/suggest"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/digest"
)

// ZoneOffer is a time zone as a choice: by its name, with what clocks show there.
type ZoneOffer struct{ Id, Title string }

// Names implements [suggest.Named].
func (o ZoneOffer) Names() suggest.Names { return suggest.Names{ID: o.Id, Title: o.Title} }

// Zones are all time zones that can be chosen, as choices.
func Zones(now time.Time, in wording.Speaker) []ZoneOffer {
	names := digest.Zones()
	out := make([]ZoneOffer, 0, len(names))
	for _, n := range names {
		o := ZoneOffer{Id: n, Title: n}
		if loc, err := time.LoadLocation(n); err == nil {
			o.Title = in.Plain("time.zone", wording.Args{"zone": n, "time": now.In(loc).Format("15:04")})
		}
		out = append(out, o)
	}
	return out
}
