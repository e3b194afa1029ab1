package quiet_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/attache-bot/attache/internal/digest"
	"github.com/attache-bot/attache/internal/quiet"
	"github.com/attache-bot/attache/internal/topic"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := digest.Zone(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func instant(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

const (
	ten   = 22 * 60
	seven = 7 * 60
)

func TestQuietHours(t *testing.T) {
	t.Parallel()
	weekdays := digest.Daily &^ digest.Weekly(time.Saturday) &^ digest.Weekly(time.Sunday)
	for _, c := range []struct {
		name, zone string
		from, to   int
		days       digest.Days
		now, until string // no until: not quiet
	}{
		{"before", "Europe/Kyiv", ten, seven, digest.Daily, "2026-01-29T19:59:59Z", ""},
		{"their first instant", "Europe/Kyiv", ten, seven, digest.Daily, "2026-01-29T20:00:00Z", "2026-01-30T05:00:00Z"},
		{"after midnight", "Europe/Kyiv", ten, seven, digest.Daily, "2026-01-30T01:00:00Z", "2026-01-30T05:00:00Z"},
		{"their end is awake", "Europe/Kyiv", ten, seven, digest.Daily, "2026-01-30T05:00:00Z", ""},
		{"within one day", "UTC", seven, ten, digest.Daily, "2026-01-30T12:00:00Z", "2026-01-30T22:00:00Z"},
		{"Friday's end on Saturday", "UTC", ten, seven, weekdays, "2026-01-31T03:00:00Z", "2026-01-31T07:00:00Z"},
		{"Saturday has none", "UTC", ten, seven, weekdays, "2026-01-31T23:00:00Z", ""},
		{"those that touch are one", "UTC", 0, 0 + 24*60 - 1, digest.Daily, "2026-01-30T23:58:00Z", "2026-01-30T23:59:00Z"},
		{"in spring the night is shorter", "America/New_York", ten, seven, digest.Daily, "2026-03-08T06:59:00Z", "2026-03-08T11:00:00Z"},
		{"in autumn it is longer", "America/New_York", ten, seven, digest.Daily, "2026-11-01T06:30:00Z", "2026-11-01T12:00:00Z"},
		{"an end that is skipped is when clocks go on", "America/New_York", ten, 2*60 + 30, digest.Daily, "2026-03-08T06:59:00Z", "2026-03-08T07:00:00Z"},
		{"an end that comes twice is the first", "America/New_York", ten, 90, digest.Daily, "2026-11-01T05:29:00Z", "2026-11-01T05:30:00Z"},
		{"and nothing is quiet the second time", "America/New_York", ten, 90, digest.Daily, "2026-11-01T06:15:00Z", ""},
		{"hours that are skipped are none", "America/New_York", 2*60 + 15, 2*60 + 45, digest.Daily, "2026-03-08T07:00:00Z", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := quiet.Hours{From: c.from, To: c.to, Days: c.days, Zone: zone(t, c.zone)}
			if err := h.Validate(); err != nil {
				t.Fatal(err)
			}
			until, is := h.Hold(instant(t, c.now))
			got := ""
			if is {
				got = until.UTC().Format(time.RFC3339)
			}
			if got != c.until {
				t.Errorf("quiet until %q, want %q", got, c.until)
			}
		})
	}
}

func TestHoursThatNeverComeAreNone(t *testing.T) {
	t.Parallel()
	good := quiet.Hours{From: ten, To: seven, Days: digest.Daily, Zone: time.UTC}
	for name, change := range map[string]func(*quiet.Hours){
		"no day":           func(h *quiet.Hours) { h.Days = 0 },
		"no zone":          func(h *quiet.Hours) { h.Zone = nil },
		"no length":        func(h *quiet.Hours) { h.To = h.From },
		"before midnight":  func(h *quiet.Hours) { h.From = -1 },
		"after midnight":   func(h *quiet.Hours) { h.To = 24 * 60 },
		"too many through": func(h *quiet.Hours) { h.Through = make([]topic.ID, quiet.MaxThrough+1) },
	} {
		h := good
		if change(&h); h.Validate() == nil {
			t.Errorf("%s: %+v is valid", name, h)
		}
	}
	if until, is := (quiet.Hours{}).Hold(time.Now()); is {
		t.Errorf("no hours are quiet until %s", until)
	}
}

// TestEachNightEndsOnceInEveryZone goes through clock changes of all zones from 2024
// to 2030: quiet hours begin and end once for each date, and what they say about
// their end is true.
func TestEachNightEndsOnceInEveryZone(t *testing.T) {
	t.Parallel()
	zones := digest.Zones()
	if len(zones) < 400 {
		t.Fatalf("only %d zones", len(zones))
	}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(zones).Draw(t, "zone")
		z, err := digest.Zone(name)
		if err != nil {
			t.Fatal(err)
		}
		around := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(rapid.IntRange(0, 7*365*24).Draw(t, "hour")) * time.Hour)
		if _, end := around.In(z).ZoneBounds(); !end.IsZero() && end.Year() < 2031 {
			around = end // where clocks are set
		}
		h := quiet.Hours{From: rapid.IntRange(0, 1439).Draw(t, "from"), Days: digest.Daily, Zone: z}
		h.To = (h.From + rapid.IntRange(1, 1439).Draw(t, "long")) % 1440
		began, ended, was := 0, 0, false
		for now := around.Add(-36 * time.Hour); now.Before(around.Add(36 * time.Hour)); now = now.Add(5 * time.Minute) {
			until, is := h.Hold(now)
			if is && !until.After(now) {
				t.Fatalf("%s: at %s quiet until %s", name, now, until)
			}
			if is && !was {
				began++
			}
			if was && !is {
				ended++
			}
			if is {
				if _, after := h.Hold(until); after {
					t.Fatalf("%s: still quiet at the end %s", name, until)
				}
				if _, before := h.Hold(until.Add(-time.Millisecond)); !before {
					t.Fatalf("%s: not quiet just before the end %s", name, until)
				}
			}
			was = is
		}
		// Three days have three or four nights; short ones may fall between two looks.
		if began > 4 || ended > 4 {
			t.Fatalf("%s %d-%d around %s: began %d times, ended %d times", name, h.From, h.To, around, began, ended)
		}
	})
}

func TestWhatAChannelHolds(t *testing.T) {
	t.Parallel()
	night := instant(t, "2026-01-30T01:00:00Z")
	hours := quiet.Hours{From: ten, To: seven, Days: digest.Daily, Zone: time.UTC, Through: []topic.ID{"military-strike"}}
	paused := quiet.Pause{Since: night.Add(-time.Hour), Until: night.Add(time.Hour)}
	for _, c := range []struct {
		name   string
		c      quiet.Channel
		topics []topic.ID
		want   quiet.Reason
		until  time.Time
	}{
		{"nothing asked for", quiet.Channel{}, nil, quiet.None, time.Time{}},
		{"quiet hours", quiet.Channel{Hours: hours}, []topic.ID{"sanctions"}, quiet.QuietHours, instant(t, "2026-01-30T07:00:00Z")},
		{"a topic that comes through", quiet.Channel{Hours: hours}, []topic.ID{"sanctions", "military-strike"}, quiet.None, time.Time{}},
		{"a pause lets nothing through", quiet.Channel{Hours: hours, Pause: paused}, []topic.ID{"military-strike"}, quiet.Paused, paused.Until},
		{"a pause that is over", quiet.Channel{Pause: quiet.Pause{Since: night.Add(-2 * time.Hour), Until: night}}, nil, quiet.None, time.Time{}},
		{"a pause without end", quiet.Channel{Pause: quiet.Pause{Since: night, Until: quiet.Forever}}, nil, quiet.Paused, quiet.Forever},
	} {
		got, until := c.c.Hold(night, c.topics)
		if got != c.want || !until.Equal(c.until) {
			t.Errorf("%s: %q until %s, want %q until %s", c.name, got, until, c.want, c.until)
		}
	}
}

func TestRules(t *testing.T) {
	t.Parallel()
	now := instant(t, "2026-01-30T01:00:00Z")
	r := quiet.NewRules(now, []quiet.Channel{{ID: "10", Pause: quiet.Pause{Since: now, Until: quiet.Forever}}}, []quiet.Mute{
		{Guild: "1", Story: 7, Until: now.Add(time.Second)},
		{Guild: "1", Topic: "sanctions", Until: quiet.Forever},
		{Guild: "1", Topic: "ceasefire", Until: now},
	})
	for name, c := range map[string]struct{ got, want quiet.Reason }{
		"a muted story":         {r.Muted("1", 7, "ceasefire"), quiet.MutedStory},
		"a muted topic":         {r.Muted("1", 8, "sanctions"), quiet.MutedTopic},
		"what is over":          {r.Muted("1", 8, "ceasefire"), quiet.None},
		"another guild's":       {r.Muted("2", 7, "sanctions"), quiet.None},
		"a paused channel":      {r.Hold("10", nil).Reason, quiet.Paused},
		"another channel":       {r.Hold("11", nil).Reason, quiet.None},
		"no rules mute nothing": {quiet.Rules{}.Muted("1", 7, "sanctions"), quiet.None},
		"no rules hold nothing": {quiet.Rules{}.Hold("10", nil).Reason, quiet.None},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", name, c.got, c.want)
		}
	}
}
