package times

import (
	"strconv"
	"time"

	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/digest"
)

// The ids of rhythms; they are values of options that are out there.
const (
	EveryDay     = "daily"
	EveryWeekday = "weekdays"
	WeeklyPrefix = "weekly-" // before the number of the day
)

// Rhythm is on which days something comes.
type Rhythm struct {
	ID    string
	Title wording.ID
	Days  digest.Days
}

// Rhythms are those that can be chosen.
func Rhythms() []Rhythm {
	out := []Rhythm{
		{EveryDay, "rhythm.daily", digest.Daily},
		{EveryWeekday, "rhythm.weekdays", digest.Daily &^ digest.Weekly(time.Saturday) &^ digest.Weekly(time.Sunday)},
	}
	for _, w := range []struct {
		day   time.Weekday
		title wording.ID
	}{
		{time.Monday, "rhythm.monday"},
		{time.Tuesday, "rhythm.tuesday"},
		{time.Wednesday, "rhythm.wednesday"},
		{time.Thursday, "rhythm.thursday"},
		{time.Friday, "rhythm.friday"},
		{time.Saturday, "rhythm.saturday"},
		{time.Sunday, "rhythm.sunday"},
	} {
		out = append(out, Rhythm{WeeklyPrefix + strconv.Itoa(int(w.day)), w.title, digest.Weekly(w.day)})
	}
	return out
}

// DaysID is what days are called.
func DaysID(days digest.Days) wording.ID {
	for _, r := range Rhythms() {
		if r.Days == days {
			return r.Title
		}
	}
	return "rhythm.some-days"
}
