package digest_test

import (
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/digest"
	"github.com/attache-bot/attache/internal/schedule"
)

// expressions come at and around the hours at which clocks are set, each with the
// same in Go: what is shown when it is due.
func expressions() map[schedule.Expression]func(wall time.Time) bool {
	return map[schedule.Expression]func(wall time.Time) bool{
		"@hourly":            func(w time.Time) bool { return w.Minute() == 0 },
		"30 0-3,22-23 * * *": func(w time.Time) bool { return w.Minute() == 30 && (w.Hour() <= 3 || w.Hour() >= 22) },
		"15 2 * * 0": func(w time.Time) bool {
			return w.Minute() == 15 && w.Hour() == 2 && w.Weekday() == time.Sunday
		},
		"0 */2 * * *": func(w time.Time) bool { return w.Minute() == 0 && w.Hour()%2 == 0 },
		"59 23 */3 * *": func(w time.Time) bool {
			return w.Minute() == 59 && w.Hour() == 23 && w.Day()%3 == 1
		},
	}
}

// TestEachLocalTimeOnceInEveryZone has expressions come through the clock changes
// of all zones from 2024 to 2030. It compares with clocks that are watched minute
// by minute: whenever they come to show what they have not shown before, and the
// expression names some of that, one digest is made.
func TestEachLocalTimeOnceInEveryZone(t *testing.T) {
	t.Parallel()
	years := [2]time.Time{time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC)}
	seen := map[change]bool{}
	made := 0
	for _, name := range digest.Zones() {
		z := zone(t, name)
		for _, at := range transitions(z, years) {
			c := change{at: at.Unix()}
			_, c.before = at.Add(-time.Second).Zone()
			_, c.after = at.Zone()
			if seen[c] { // many zones set their clocks alike
				continue
			}
			seen[c] = true
			for e, shown := range expressions() {
				made += watch(t, digest.Schedule{Cron: e, Zone: z}, shown, at)
			}
		}
	}
	if len(seen) < 100 || made < 1000 {
		t.Errorf("only %d digests at %d changes of clocks were looked at", made, len(seen))
	}
}

// watch fails unless digests are made when watched clocks ask for them, from 150
// minutes before a time to 150 after, and returns how many that were.
func watch(t *testing.T, s digest.Schedule, shown func(time.Time) bool, around time.Time) (made int) {
	t.Helper()
	now := around.Add(-150 * time.Minute).Truncate(time.Minute)
	asWall := func(at time.Time) time.Time {
		_, offset := at.In(s.Zone).Zone()
		return at.UTC().Add(time.Duration(offset) * time.Second)
	}
	done, next := digest.MomentOf(now.In(s.Zone)), s.Next(now)
	for latest := asWall(now); now.Before(around.Add(150 * time.Minute)); {
		now = now.Add(time.Minute)
		want := ""
		for wall := asWall(now); latest.Before(wall); {
			latest = latest.Add(time.Minute)
			if shown(latest) {
				want = latest.Format("2006-01-02T15:04")
			}
		}
		got := ""
		if !next.After(now) {
			if m, at, due := s.Due(now, done); due && at.Equal(now) {
				got, done = m.String(), m
			}
			next = s.Next(now)
		}
		if got != want {
			t.Errorf("%s in %s at %s: %q is made, want %q", s.Cron, s.Zone, now.Format(time.RFC3339), got, want)
		}
		if got != "" {
			made++
		}
	}
	return made
}

func TestADigestByAnExpression(t *testing.T) {
	t.Parallel()
	kyiv := func(month time.Month, day, hour, minute int) time.Time {
		return time.Date(2026, month, day, hour, minute, 0, 0, zone(t, "Europe/Kyiv"))
	}
	monthly := digest.Schedule{Cron: "0 8 1 * *", Zone: zone(t, "Europe/Kyiv")}
	if got, want := monthly.Next(kyiv(2, 1, 8, 0)), kyiv(3, 1, 8, 0); !got.Equal(want) {
		t.Errorf("the next is at %s, want %s", got, want)
	}
	for name, c := range map[string]struct {
		now  time.Time
		done digest.Moment
		want string
	}{
		"just before":                {kyiv(2, 1, 7, 59), eight(2026, 1, 1), ""},
		"in time":                    {kyiv(2, 1, 8, 0), eight(2026, 1, 1), "2026-02-01T08:00"},
		"once":                       {kyiv(2, 1, 8, 1), eight(2026, 2, 1), ""},
		"two weeks late":             {kyiv(2, 14, 12, 0), eight(2026, 1, 1), "2026-02-01T08:00"},
		"only the latest of several": {kyiv(9, 14, 12, 0), eight(2026, 1, 1), "2026-09-01T08:00"},
		"the first":                  {kyiv(2, 28, 12, 0), digest.Moment{}, "2026-02-01T08:00"},
		"a clock set back":           {kyiv(1, 28, 12, 0), eight(2026, 2, 1), ""},
	} {
		m, _, due := monthly.Due(c.now, c.done)
		if m.String() != c.want || due != (c.want != "") {
			t.Errorf("%s: %q, want %q", name, m, c.want)
		}
	}
	for _, e := range digest.Examples() {
		if err := (digest.Schedule{Cron: e, Zone: time.UTC}).Validate(); err != nil {
			t.Errorf("%s: %v", e, err)
		}
	}
	leap := digest.Schedule{Cron: "0 8 29 2 *", Zone: time.UTC}
	if m, _, _ := leap.Due(kyiv(2, 1, 0, 0), digest.Moment{}); m.String() != "2024-02-29T08:00" {
		t.Errorf("the last 29 February was %q", m)
	}
	if never := (digest.Schedule{Cron: "0 8 30 2 *", Zone: time.UTC}); !never.Next(kyiv(2, 1, 0, 0)).IsZero() {
		t.Error("30 February comes")
	}
}
