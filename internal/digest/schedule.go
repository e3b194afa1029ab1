package digest

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/attache-bot/attache/internal/schedule"
)

// Date is a day of a calendar.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf is the date of an instant in its location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// Add returns the date so many days later.
func (d Date) Add(days int) Date {
	return DateOf(time.Date(d.Year, d.Month, d.Day+days, 12, 0, 0, 0, time.UTC))
}

// Compare orders dates: -1 when d is earlier than o.
func (d Date) Compare(o Date) int {
	return cmp.Or(cmp.Compare(d.Year, o.Year), cmp.Compare(d.Month, o.Month), cmp.Compare(d.Day, o.Day))
}

// IsZero reports whether d is no date.
func (d Date) IsZero() bool { return d == Date{} }

// String is the date as ISO 8601 writes it, "" for the zero date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return fmt.Sprintf("%04d-%02d-%02d", d.Year, d.Month, d.Day)
}

// ParseDate reads what [Date.String] writes.
func ParseDate(s string) (Date, error) {
	if s == "" {
		return Date{}, nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("date %q: %w", s, err)
	}
	return DateOf(t), nil
}

// Days are days of the week, a bit for each from Sunday on.
type Days uint8

// Daily are all days.
const Daily Days = 1<<7 - 1

// Weekly is one day of each week.
func Weekly(d time.Weekday) Days { return 1 << d }

// Has reports whether a day is among them.
func (d Days) Has(w time.Weekday) bool { return d&(1<<w) != 0 }

// Schedule says when a digest is made: at a time of the day on some days, or as a
// cron expression says, in a time zone.
type Schedule struct {
	// Days and Minute, the time of the day in minutes, count where Cron is empty.
	Days   Days
	Minute int
	Cron   schedule.Expression
	Zone   *time.Location
}

// minutesOfDay is how many minutes a day has on the wall.
const minutesOfDay = 24 * 60

// ErrSchedule means that a schedule never comes or cannot be read.
var ErrSchedule = errors.New("no such schedule")

// Validate reports whether the schedule ever comes, and where it goes by a cron
// expression, that no two times are closer than an hour.
func (s Schedule) Validate() error {
	switch {
	case s.Zone == nil:
		return ErrSchedule
	case s.Cron != "":
		e, err := schedule.ParseExpression(string(s.Cron))
		switch {
		case err != nil:
			return fmt.Errorf("%w: %w", ErrSchedule, err)
		case e != s.Cron || s.Days != 0 || s.Minute != 0: // or one digest could be written in several ways
			return ErrSchedule
		}
	case s.Days&Daily == 0 || s.Minute < 0 || s.Minute >= minutesOfDay:
		return ErrSchedule
	}
	return nil
}

// Instant is the first instant at which clocks show a minute of a date or later.
func Instant(zone *time.Location, d Date, minute int) time.Time {
	wall := time.Date(d.Year, d.Month, d.Day, 0, minute, 0, 0, time.UTC)
	// No zone is a day off, so that the search begins before that instant.
	for t := wall.Add(-24 * time.Hour).In(zone); ; {
		_, offset := t.Zone()
		start, end := t.ZoneBounds()
		at := wall.Add(-time.Duration(offset) * time.Second).In(zone)
		if at.Before(start) {
			at = start // clocks were set beyond it
		}
		if end.IsZero() || at.Before(end) {
			return at
		}
		t = end
	}
}

// In reports whether clocks in a zone ever show the date: some islands have
// skipped one.
func (d Date) In(zone *time.Location) bool { return DateOf(Instant(zone, d, 0)) == d }

// Weekday is the date's day of the week.
func (d Date) Weekday() time.Weekday {
	return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC).Weekday()
}

// ParseTime reads a time of the day such as 8:00, 08:00, 20:15 or 8 pm, in
// minutes.
func ParseTime(s string) (int, error) {
	s = strings.ToLower(strings.Join(strings.Fields(s), ""))
	half, twelve := 0, false
	if rest, ok := strings.CutSuffix(s, "am"); ok {
		s, twelve = rest, true
	} else if rest, ok := strings.CutSuffix(s, "pm"); ok {
		s, twelve, half = rest, true, 12
	}
	hours, minutes, colon := strings.Cut(s, ":")
	h, err := strconv.ParseUint(hours, 10, 8)
	m := uint64(0)
	if err == nil && colon {
		m, err = strconv.ParseUint(minutes, 10, 8)
		if len(minutes) != 2 {
			err = ErrSchedule
		}
	}
	switch {
	case err != nil || m > 59 || h > 23 || !colon && !twelve:
		return 0, ErrSchedule
	case !twelve:
		return int(h)*60 + int(m), nil
	case h < 1 || h > 12:
		return 0, ErrSchedule
	}
	return (int(h)%12+half)*60 + int(m), nil
}
