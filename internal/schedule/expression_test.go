package schedule_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/attache-bot/attache/internal/schedule"
)

// friday is noon on Friday 30 January 2026.
func friday() time.Time { return time.Date(2026, 1, 30, 12, 0, 0, 0, time.UTC) }

// due are the next n times of an expression after a time.
func due(e schedule.Expression, after time.Time, n int) (out []string) {
	for t := range e.After(after) {
		out = append(out, t.Format("2006-01-02 15:04"))
		if len(out) == n {
			break
		}
	}
	return out
}

func TestWhatAnExpressionMeans(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"0 8 * * 1-5":               "2026-02-02 08:00, 2026-02-03 08:00, 2026-02-04 08:00",
		"  0  8 * *  Mon-FRI ":      "2026-02-02 08:00, 2026-02-03 08:00, 2026-02-04 08:00",
		"30 7,19 * * *":             "2026-01-30 19:30, 2026-01-31 07:30, 2026-01-31 19:30",
		"0 */6 * * *":               "2026-01-30 18:00, 2026-01-31 00:00, 2026-01-31 06:00",
		"15 9 1 * ?":                "2026-02-01 09:15, 2026-03-01 09:15, 2026-04-01 09:15",
		"0 0 29 2 *":                "2028-02-29 00:00, 2032-02-29 00:00, 2036-02-29 00:00",
		"0 8 13 * 5":                "2026-02-06 08:00, 2026-02-13 08:00, 2026-02-20 08:00", // either of the two, as cron has it
		"59 23 31 dec *":            "2026-12-31 23:59, 2027-12-31 23:59, 2028-12-31 23:59",
		"@hourly":                   "2026-01-30 13:00, 2026-01-30 14:00, 2026-01-30 15:00",
		"@Daily":                    "2026-01-31 00:00, 2026-02-01 00:00, 2026-02-02 00:00",
		"@weekly":                   "2026-02-01 00:00, 2026-02-08 00:00, 2026-02-15 00:00",
		"@monthly":                  "2026-02-01 00:00, 2026-03-01 00:00, 2026-04-01 00:00",
		"@annually":                 "2027-01-01 00:00, 2028-01-01 00:00, 2029-01-01 00:00",
		"0 8 1,2,3,4,5,6,7 * *":     "2026-02-01 08:00, 2026-02-02 08:00, 2026-02-03 08:00",
		"00 12 * jan-mar/2 sun,sat": "2026-01-31 12:00, 2026-03-01 12:00, 2026-03-07 12:00",
	} {
		e, err := schedule.ParseExpression(in)
		if err != nil {
			t.Errorf("%q: %v", in, err)
			continue
		}
		if got := strings.Join(due(e, friday(), 3), ", "); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}

func TestWhichExpressionsAreRefused(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]schedule.ExpressionError{
		"":                             {Fault: schedule.Unreadable},
		"0 8 * *":                      {Fault: schedule.Unreadable},
		"0 0 8 * * *":                  {Fault: schedule.Unreadable},
		"@fortnightly":                 {Fault: schedule.Unreadable},
		"@daily 0":                     {Fault: schedule.Unreadable},
		strings.Repeat("0", 101):       {Fault: schedule.Unreadable},
		"61 8 * * *":                   {schedule.Unreadable, 1, "61"},
		"0 24 * * *":                   {schedule.Unreadable, 2, "24"},
		"0 8 0 * *":                    {schedule.Unreadable, 3, "0"},
		"0 8 * 13 *":                   {schedule.Unreadable, 4, "13"},
		"0 8 * * 7":                    {schedule.Unreadable, 5, "7"},
		"0 8 * * monday":               {schedule.Unreadable, 5, "monday"},
		"0 8 * * fri-mon":              {schedule.Unreadable, 5, "fri-mon"},
		"0 *-5 * * *":                  {schedule.Unreadable, 2, "*-5"},
		"0 , * * *":                    {schedule.Unreadable, 2, ","},
		"0 8,,9 * * *":                 {schedule.Unreadable, 2, "8,,9"},
		"0 */0 * * *":                  {schedule.Unreadable, 2, "*/0"},
		"0 +8 * * *":                   {schedule.Unreadable, 2, "+8"},
		"0 8 L * *":                    {schedule.Unreadable, 3, "l"},
		"@every 1h":                    {Fault: schedule.Interval},
		"@EVERY 1h30m":                 {Fault: schedule.Interval},
		"TZ=Europe/Kyiv 0 8 * * *":     {Fault: schedule.Zoned},
		"CRON_TZ=UTC 0 8 * * *":        {Fault: schedule.Zoned},
		"TZ=UTC":                       {Fault: schedule.Zoned},
		"0 8 30 2 *":                   {Fault: schedule.Never},
		"0 8 31 4,6,9,11 *":            {Fault: schedule.Never},
		"* 8 30 feb *":                 {Fault: schedule.Never},
		"* * * * *":                    {Fault: schedule.TooOften},
		"*/30 8 * * *":                 {Fault: schedule.TooOften},
		"0,59 8 * * *":                 {Fault: schedule.TooOften},
		"0/30 8 29 2 *":                {Fault: schedule.TooOften},
		"0 8 * * 1-5\x00":              {schedule.Unreadable, 5, "1-5\x00"},
		"\xff 8 * * *":                 {schedule.Unreadable, 1, "�"},
		"0 8 * * 9223372036854775807/": {schedule.Unreadable, 5, "9223372036854775807/"},
	} {
		_, err := schedule.ParseExpression(in)
		var got *schedule.ExpressionError
		if !errors.As(err, &got) || *got != want {
			t.Errorf("%q: %v, want %+v", in, err, want)
		}
	}
}

// TestAnHourIsBetweenAnyTwoTimes: the rule by which expressions are refused as
// coming too often agrees with a year of their times.
func TestAnHourIsBetweenAnyTwoTimes(t *testing.T) {
	t.Parallel()
	one := func(t *rapid.T, name string, low, high int) string {
		return rapid.OneOf(
			rapid.Just("*"),
			rapid.Custom(func(t *rapid.T) string {
				a := rapid.IntRange(low, high).Draw(t, name)
				b := rapid.IntRange(a, high).Draw(t, name+" end")
				return rapid.SampledFrom([]string{digits(a), digits(a) + "," + digits(b), digits(a) + "-" + digits(b), digits(a) + "/" + digits(b-a+1)}).Draw(t, name+" form")
			})).Draw(t, name+" part")
	}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join([]string{one(t, "minute", 0, 59), one(t, "hour", 0, 23), one(t, "day", 1, 28), one(t, "month", 1, 12), one(t, "weekday", 0, 6)}, " ")
		_, err := schedule.ParseExpression(text)
		var before time.Time
		closest, end := time.Hour, friday().AddDate(1, 0, 1)
		for at := range schedule.Expression(text).After(friday()) {
			if at.After(end) || closest < time.Hour {
				break
			}
			if !before.IsZero() {
				closest = min(closest, at.Sub(before))
			}
			before = at
		}
		if (err == nil) != (closest >= time.Hour) {
			t.Fatalf("%q: %v, though its times are %v apart", text, err, closest)
		}
	})
}

func digits(n int) string { return string([]byte{byte('0' + n/10), byte('0' + n%10)}) }

// FuzzExpression: whatever is written is refused, or comes by the full minute, in
// order, an hour apart, and again from what was read.
func FuzzExpression(f *testing.F) {
	for _, s := range []string{"0 8 * * 1-5", "@daily", "@every 1s", "TZ=UTC", "CRON_TZ=Mars 0 8 * * *", "0 8 30 2 *", "*/15 * * * *", "0 8 1-7/2,9 jan-dec ?", "\xff", "0 , * * *"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e, err := schedule.ParseExpression(s)
		if err != nil {
			var refused *schedule.ExpressionError
			if !errors.As(err, &refused) || e != "" {
				t.Fatalf("%q: %q, %v", s, e, err)
			}
			return
		}
		again, err := schedule.ParseExpression(string(e))
		if err != nil || again != e {
			t.Fatalf("%q is %q, and that %q, %v", s, e, again, err)
		}
		before, n := friday().Add(-time.Hour), 0
		for at := range e.After(friday()) {
			if n++; n > 5 {
				break
			}
			if !at.Truncate(time.Minute).Equal(at) || at.Sub(before) < time.Hour {
				t.Fatalf("%q comes at %s after %s", s, at, before)
			}
			before = at
		}
		if n == 0 {
			t.Fatalf("%q never comes", s)
		}
	})
}
