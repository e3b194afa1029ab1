package feed

import (
	"time"

	"github.com/attache-bot/attache/internal/feed/parse"
)

// Wishes are what a feed's document asks of those who read it.
type Wishes struct {
	// TTL is for how long it may be kept, Update how often it says that it
	// changes; 0 when it does not say.
	TTL, Update time.Duration
	// SkipHours and SkipDays are when it is not to be asked.
	SkipHours Hours
	SkipDays  Days
	// Hub and Self are the addresses of its WebSub hub and topic, "" for none.
	Hub, Self string
}

// Hours is a set of hours of the day in UTC, a bit for each from 0 on.
type Hours uint32

// Days is a set of days of the week in UTC, a bit for each from Sunday on.
type Days uint8

// Everything, as a set. A feed that asks never to be asked means something else.
const (
	allHours Hours = 1<<24 - 1
	allDays  Days  = 1<<7 - 1
)

func wishesOf(doc parse.Document) Wishes {
	w := Wishes{TTL: doc.TTL, Update: doc.Update, Hub: doc.Hub, Self: doc.Self}
	for _, h := range doc.SkipHours {
		w.SkipHours |= 1 << h & allHours
	}
	for _, d := range doc.SkipDays {
		w.SkipDays |= 1 << d & allDays
	}
	return w
}

// skip returns the first time from t on at which the feed wants to be asked, and
// why that is not t itself ("" when it is),
// https://www.rssboard.org/rss-specification#optionalChannelElements.
func (w Wishes) skip(t time.Time) (time.Time, DueReason) {
	hours, days := w.SkipHours, w.SkipDays
	if hours == allHours {
		hours = 0
	}
	if days == allDays {
		days = 0
	}
	at, why := t.UTC(), DueReason("")
	for range 2 * 7 * 24 {
		switch {
		case days>>at.Weekday()&1 == 1:
			why = DueSkipDays
			at = time.Date(at.Year(), at.Month(), at.Day()+1, 0, 0, 0, 0, time.UTC)
		case hours>>at.Hour()&1 == 1:
			why = DueSkipHours
			at = at.Truncate(time.Hour).Add(time.Hour)
		case why == "":
			return t, ""
		default:
			return at, why
		}
	}
	return t, "" // not reached: a day and an hour are always left
}
