package digest

import (
	"cmp"
	"fmt"
	"iter"
	"time"

	"github.com/attache-bot/attache/internal/schedule"
)

// Moment is what clocks show: a minute of a date.
type Moment struct {
	Date Date
	// Minute is the time of the day in minutes.
	Minute int
}

// momentForm orders moments as strings as they are ordered in time.
const momentForm = "2006-01-02T15:04"

// MomentOf is what clocks show at an instant in its location.
func MomentOf(t time.Time) Moment {
	return Moment{DateOf(t), t.Hour()*60 + t.Minute()}
}

// wall is the moment as a time in UTC, where no clock is ever set.
func (m Moment) wall() time.Time {
	return time.Date(m.Date.Year, m.Date.Month, m.Date.Day, 0, m.Minute, 0, 0, time.UTC)
}

// Compare orders moments: -1 when m is earlier than o.
func (m Moment) Compare(o Moment) int {
	return cmp.Or(m.Date.Compare(o.Date), cmp.Compare(m.Minute, o.Minute))
}

// IsZero reports whether m is no moment.
func (m Moment) IsZero() bool { return m == Moment{} }

// String is the moment as ISO 8601 writes it, "" for the zero moment.
func (m Moment) String() string {
	if m.IsZero() {
		return ""
	}
	return m.wall().Format(momentForm)
}

// ParseMoment reads what [Moment.String] writes, and nothing else: moments are ordered
// as strings.
func ParseMoment(s string) (Moment, error) {
	if s == "" {
		return Moment{}, nil
	}
	t, err := time.Parse(momentForm, s)
	if err != nil {
		return Moment{}, fmt.Errorf("moment %q: %w", s, err)
	}
	if t.Format(momentForm) != s { // the library takes an hour of one digit too
		return Moment{}, fmt.Errorf("moment %q: want it as %s", s, momentForm)
	}
	return MomentOf(t), nil
}

// At is when the digest of a moment is made: when clocks first show it. Where they
// skip it, it is made as soon as they go on.
func (s Schedule) At(m Moment) time.Time { return Instant(s.Zone, m.Date, m.Minute) }

// Examples are expressions that many may want: in the morning on weekdays and every
// day, morning and evening, every six hours, and once a week or month.
func Examples() []schedule.Expression {
	return []schedule.Expression{"0 8 * * 1-5", "0 8 * * *", "0 8,18 * * *", "0 */6 * * *", "0 8 * * 1", "0 8 1 * *"}
}

const day = 24 * time.Hour

// lookback are the times in which [Schedule.Due] looks for the latest moment, one
// after the other, so that neither a digest an hour nor one a leap year takes many
// steps.
func lookback() []time.Duration {
	return []time.Duration{2 * day, 9 * day, 40 * day, 400 * day, 5 * 366 * day}
}

// Due returns the moment whose digest is to be made now, and when it should have
// been: the latest after done whose time has come. Of several that were missed
// only the latest is made; it tells of the others' time too. So of several that
// clocks skip one is made. A done that a wrong clock has left in the future stands
// as it is: nothing is due twice for a moment.
func (s Schedule) Due(now time.Time, done Moment) (m Moment, at time.Time, due bool) {
	wall := MomentOf(now.In(s.Zone)).wall()
	for _, back := range lookback() {
		from := wall.Add(-back)
		whole := !done.IsZero() && !from.After(done.wall())
		if whole {
			from = done.wall()
		}
		for next := range s.after(from) {
			came := s.At(next)
			if came.After(now) {
				break
			}
			m, at, due = next, came, true
		}
		if due || whole {
			break
		}
	}
	return m, at, due
}

// Next is when the next digest is made after an instant; zero when that is never.
func (s Schedule) Next(after time.Time) time.Time {
	// No clock is set by a day, so that what is due after the instant is shown at
	// most a day before what clocks show then.
	for m := range s.after(MomentOf(after.In(s.Zone)).wall().Add(-day)) {
		if at := s.At(m); at.After(after) {
			return at
		}
	}
	return time.Time{}
}

// after returns the moments of the schedule after what clocks show, in order. Of
// a date that clocks in the zone never show there are none.
func (s Schedule) after(wall time.Time) iter.Seq[Moment] {
	walls := s.Cron.After(wall)
	if s.Cron == "" {
		walls = s.days(wall)
	}
	return func(yield func(Moment) bool) {
		for t := range walls {
			if m := MomentOf(t); m.Date.In(s.Zone) && !yield(m) {
				return
			}
		}
	}
}

// days is after for a schedule by days of the week.
func (s Schedule) days(wall time.Time) iter.Seq[time.Time] {
	return func(yield func(time.Time) bool) {
		if s.Days&Daily == 0 {
			return
		}
		for d := DateOf(wall); ; d = d.Add(1) {
			t := Moment{d, s.Minute}.wall()
			if s.Days.Has(d.Weekday()) && t.After(wall) && !yield(t) {
				return
			}
		}
	}
}
