package digest_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/attache-bot/attache/internal/digest"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := digest.Zone(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func date(year int, month time.Month, day int) digest.Date {
	return digest.Date{Year: year, Month: month, Day: day}
}

// eight is 8:00 on a date.
func eight(year int, month time.Month, day int) digest.Moment {
	return digest.Moment{Date: date(year, month, day), Minute: 8 * 60}
}

func daily(t testing.TB, name string, minute int) digest.Schedule {
	t.Helper()
	return digest.Schedule{Days: digest.Daily, Minute: minute, Zone: zone(t, name)}
}

// TestTheInstantOfADate: around clock changes the time comes once, and in a gap as
// soon as clocks go on.
func TestTheInstantOfADate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		zone   string
		date   digest.Date
		minute int
		want   string
	}{
		{"Europe/Kyiv", date(2026, 1, 30), 8 * 60, "2026-01-30T06:00:00Z"},
		{"UTC", date(2026, 1, 30), 0, "2026-01-30T00:00:00Z"},
		{"America/New_York", date(2026, 3, 8), 2*60 + 30, "2026-03-08T07:00:00Z"},     // 2:00 became 3:00
		{"America/New_York", date(2026, 11, 1), 1*60 + 30, "2026-11-01T05:30:00Z"},    // 1:30 came twice
		{"America/New_York", date(2026, 11, 1), 2 * 60, "2026-11-01T07:00:00Z"},       // after both
		{"Australia/Lord_Howe", date(2026, 10, 4), 2*60 + 15, "2026-10-03T15:30:00Z"}, // half an hour was skipped
		{"Asia/Beirut", date(2026, 3, 29), 0, "2026-03-28T22:00:00Z"},                 // midnight was skipped
		{"Africa/Cairo", date(2026, 4, 24), 30, "2026-04-23T22:00:00Z"},
		{"Pacific/Apia", date(2011, 12, 31), 0, "2011-12-30T10:00:00Z"}, // the 30th was skipped
		{"Pacific/Kiritimati", date(2026, 1, 1), 0, "2025-12-31T10:00:00Z"},
	} {
		if got := daily(t, c.zone, c.minute).At(digest.Moment{Date: c.date, Minute: c.minute}).UTC().Format(time.RFC3339); got != c.want {
			t.Errorf("%s %s %d: %s, want %s", c.zone, c.date, c.minute, got, c.want)
		}
	}
}

// TestEachLocalDateOnceInEveryZone ticks through the clock changes of all zones
// from 2024 to 2030, for times around those at which clocks are set.
func TestEachLocalDateOnceInEveryZone(t *testing.T) {
	t.Parallel()
	years := [2]time.Time{time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(2031, 1, 1, 0, 0, 0, 0, time.UTC)}
	zones := digest.Zones()
	if len(zones) < 400 {
		t.Fatalf("only %d zones", len(zones))
	}
	changes := 0
	seen := map[change]bool{} // many zones set their clocks alike
	for _, name := range zones {
		z := zone(t, name)
		for _, at := range transitions(z, years) {
			changes++
			c := change{at: at.Unix()}
			_, c.before = at.Add(-time.Second).Zone()
			_, c.after = at.Zone()
			if seen[c] {
				continue
			}
			seen[c] = true
			for _, minute := range []int{0, 30, 90, 150, 8 * 60, 23*60 + 30} {
				once(t, digest.Schedule{Days: digest.Daily, Minute: minute, Zone: z}, at)
			}
		}
		once(t, digest.Schedule{Days: digest.Daily, Minute: 8 * 60, Zone: z}, years[0])
	}
	if changes < 1000 {
		t.Errorf("only %d clock changes were looked at", changes)
	}
}

// change is a setting of clocks: when, and the seconds from UTC before and after.
type change struct {
	at            int64
	before, after int
}

// transitions are the instants between two at which clocks in a zone are set.
func transitions(z *time.Location, between [2]time.Time) (out []time.Time) {
	for t := between[0].In(z); ; {
		_, end := t.ZoneBounds()
		if end.IsZero() || !end.Before(between[1]) {
			return out
		}
		out = append(out, end)
		t = end
	}
}

// once ticks through three days around an instant, and fails
// unless each date between gets one digest, at its time or within a tick of it.
func once(t *testing.T, s digest.Schedule, around time.Time) {
	t.Helper()
	const tick = 10 * time.Minute
	done := digest.MomentOf(around.Add(-48 * time.Hour).In(s.Zone))
	first := done
	made := map[digest.Date]int{}
	for now := around.Add(-36 * time.Hour); now.Before(around.Add(36 * time.Hour)); now = now.Add(tick) {
		d, at, due := s.Due(now, done)
		if !due {
			continue
		}
		if d.Compare(done) <= 0 {
			t.Fatalf("%s: %s after %s", s.Zone, d, done)
		}
		if len(made) > 0 && now.Sub(at) >= tick {
			t.Errorf("%s %d: %s was made at %s, %v late", s.Zone, s.Minute, d, now, now.Sub(at))
		}
		made[d.Date]++
		done = d
	}
	for d, n := range made {
		if n != 1 {
			t.Errorf("%s: %s was made %d times", s.Zone, d, n)
		}
	}
	if n := len(made); n < 2 || n > 4 {
		t.Errorf("%s %d: %d digests between %s and three days later: %v", s.Zone, s.Minute, n, first, made)
	}
}

func TestWhatIsDue(t *testing.T) {
	t.Parallel()
	s := digest.Schedule{Days: digest.Weekly(time.Monday), Minute: 8 * 60, Zone: zone(t, "Europe/Kyiv")}
	monday := time.Date(2026, 1, 26, 6, 0, 0, 0, time.UTC) // 8:00 in Kyiv
	for name, c := range map[string]struct {
		now  time.Time
		done digest.Moment
		want string
	}{
		"just before":                {monday.Add(-time.Second), eight(2026, 1, 19), ""},
		"in time":                    {monday, eight(2026, 1, 19), "2026-01-26T08:00"},
		"late":                       {monday.Add(50 * time.Hour), eight(2026, 1, 19), "2026-01-26T08:00"},
		"once":                       {monday.Add(time.Hour), eight(2026, 1, 26), ""},
		"the first":                  {monday.Add(time.Hour), digest.Moment{}, "2026-01-26T08:00"},
		"only the latest of several": {monday.AddDate(0, 0, 30), eight(2026, 1, 19), "2026-02-23T08:00"},
		"a clock set back by 3 days": {monday.AddDate(0, 0, -3), eight(2026, 1, 26), ""},
		"after a year":               {monday.AddDate(1, 0, 0), eight(2026, 1, 26), "2027-01-25T08:00"},
	} {
		d, _, due := s.Due(c.now, c.done)
		if got := d.String(); got != c.want || due != (c.want != "") {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
	if got := s.Next(monday); !got.Equal(monday.AddDate(0, 0, 7)) {
		t.Errorf("after Monday comes %s", got)
	}
	if got := s.Next(monday.Add(-time.Minute)); !got.Equal(monday) {
		t.Errorf("just before Monday comes %s", got)
	}
}

// TestAClockThatIsSetRepeatsNothing sets the clock at random by a minute, two
// hours or three days, both ways.
func TestAClockThatIsSetRepeatsNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := digest.Schedule{Days: digest.Daily, Minute: rapid.IntRange(0, 1439).Draw(t, "minute"), Zone: time.UTC}
		now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		done, made := eight(2025, 12, 31), map[digest.Moment]bool{}
		for _, step := range rapid.SliceOfN(rapid.SampledFrom([]time.Duration{
			time.Minute, time.Hour, 25 * time.Hour, -time.Minute, -2 * time.Hour, 2 * time.Hour, -72 * time.Hour, 72 * time.Hour,
		}), 1, 200).Draw(t, "steps") {
			now = now.Add(step)
			d, at, due := s.Due(now, done)
			if !due {
				continue
			}
			if made[d] || at.After(now) || d.Compare(done) <= 0 {
				t.Fatalf("%s at %s after %s", d, now, done)
			}
			made[d], done = true, d
		}
	})
}

func TestTimesOfTheDay(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int{
		"8:00": 480, "08:00": 480, "20:15": 1215, "0:00": 0, "23:59": 1439, "8 pm": 1200, "8am": 480, "12 am": 0, "12pm": 720, "7:30 PM": 1170, " 9 : 05 ": 545,
	} {
		if got, err := digest.ParseTime(in); err != nil || got != want {
			t.Errorf("%q is %d (%v), want %d", in, got, err, want)
		}
	}
	for _, in := range []string{"", "8", "24:00", "12:60", "8:5", "8:005", "13 pm", "0am", "-1:00", "8:00:00", "noon", "８:00", "1e1:00"} {
		if got, err := digest.ParseTime(in); err == nil {
			t.Errorf("%q is %d", in, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"8:00", "8 pm", "12:60", "2026-01-30", "2026-01-30T08:00", "2026-01-30T8:00", "Europe/Kyiv", ""} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if m, err := digest.ParseTime(s); err == nil && (m < 0 || m > 1439) {
			t.Errorf("%q is minute %d", s, m)
		}
		if d, err := digest.ParseDate(s); err == nil && d.String() != s {
			t.Errorf("%q comes back as %q", s, d)
		}
		if m, err := digest.ParseMoment(s); err == nil && m.String() != s {
			t.Errorf("%q comes back as %q", s, m)
		}
		if z, err := digest.Zone(s); err == nil && z == nil {
			t.Errorf("%q is no zone", s)
		}
	})
}

func TestDates(t *testing.T) {
	t.Parallel()
	if (digest.Date{}).String() != "" || date(2026, 1, 5).String() != "2026-01-05" {
		t.Error("dates are not printed as ISO 8601 does")
	}
	if (digest.Moment{}).String() != "" || eight(2026, 1, 5).String() != "2026-01-05T08:00" {
		t.Error("moments are not printed as ISO 8601 does")
	}
	if _, err := digest.ParseDate("2026-02-30"); err == nil {
		t.Error("30 February is a date")
	}
	if _, err := digest.ParseMoment("2026-02-30T08:00"); err == nil {
		t.Error("30 February has a morning")
	}
	for _, s := range []digest.Schedule{{}, {Days: digest.Daily, Minute: 1440, Zone: time.UTC}, {Minute: 5, Zone: time.UTC}, {Days: digest.Daily, Minute: -1, Zone: time.UTC}, {Days: digest.Daily}, {Cron: "@daily"}, {Cron: "0 8 30 2 *", Zone: time.UTC}, {Cron: "0  8 * * *", Zone: time.UTC}, {Cron: "@daily", Minute: 5, Zone: time.UTC}, {Cron: "@daily", Days: digest.Daily, Zone: time.UTC}} {
		if s.Validate() == nil {
			t.Errorf("%+v is valid", s)
		}
	}
	for _, good := range []digest.Schedule{daily(t, "europe/kyiv", 0), {Cron: "0 8 * * 1-5", Zone: zone(t, "Asia/Tokyo")}} {
		if err := good.Validate(); err != nil {
			t.Error(err)
		}
	}
}
