package parse

import (
	"strings"
	"testing"
	"time"
)

// TestDate is long only by its table.
func TestDate(t *testing.T) {
	t.Parallel()
	at := func(h, m, s int) time.Time { return time.Date(2023, 6, 23, h, m, s, 0, time.UTC) }
	tests := map[string]time.Time{
		// RFC 822 and its variants.
		"Fri, 23 Jun 2023 12:30:45 GMT":           at(12, 30, 45),
		"Fri, 23 Jun 2023 12:30:45 +0300":         at(9, 30, 45),
		"Fri, 23 Jun 2023 12:30:45 -0400":         at(16, 30, 45),
		"Fri, 23 Jun 2023 12:30:45 --0400":        at(16, 30, 45),
		"Fri, 23 Jun 2023 12:30:45 +03:00":        at(9, 30, 45),
		"Fri, 23 Jun 2023 12:30:45 EDT":           at(16, 30, 45),
		"Fri, 23 Jun 2023 12:30:45 EST":           at(17, 30, 45),
		"Fri, 23 Jun 2023 12:30:45 BST":           at(11, 30, 45),
		"Fri, 23 Jun 2023 12:30:45 CEST":          at(10, 30, 45),
		"Fri, 23 Jun 2023 12:30:45 MSK":           at(9, 30, 45),
		"Fri, 23 Jun 2023 12:30:45 UT":            at(12, 30, 45),
		"Fri, 23 Jun 2023 12:30:45 Z":             at(12, 30, 45),
		"Fri, 23 Jun 2023 12:30:45 utc":           at(12, 30, 45),
		"Fri, 23 Jun 2023 12:30:45 XYZ":           at(12, 30, 45),
		"Fri, 23 Jun 2023 12:30:45":               at(12, 30, 45),
		"Fri, 23 Jun 2023 12:30":                  at(12, 30, 0),
		"Fri, 23 Jun 2023":                        at(0, 0, 0),
		"23 Jun 2023":                             at(0, 0, 0),
		"23 Jun 23 12:30 GMT":                     at(12, 30, 0),
		"23 June 2023 12:30:45 +0000":             at(12, 30, 45),
		"Friday, 23-Jun-23 12:30:45 EDT":          at(16, 30, 45),
		"23-JUN-23 12:30":                         at(12, 30, 0),
		"Fri,23 Jun 2023 12:30:45GMT":             at(12, 30, 45),
		"  Fri, 23 Jun 2023\n12:30:45 +0000  ":    at(12, 30, 45),
		"Fri, 23 Jun 2023 12:30:45 +0000 (UTC)":   at(12, 30, 45),
		"Fri Jun 23 2023 12:30:45 GMT+0300 (MSK)": at(9, 30, 45),
		"Fri, 23 Jun 2023 12:30:45 +0300 MSK":     at(9, 30, 45),
		"Fri Jun 23 12:30:45 2023":                at(12, 30, 45),
		"Fri Jun 23 12:30:45 EDT 2023":            at(16, 30, 45),
		"Fri Jun 23 12:30:45 -0400 2023":          at(16, 30, 45),
		"June 23, 2023 12:30 PM":                  at(12, 30, 0),
		"June 23, 2023, 1:30 p.m.":                at(13, 30, 0),
		"June 23, 2023, 1:30 p.m. EDT":            at(17, 30, 0),
		"Jun 23, 2023 12:05:00 AM":                at(0, 5, 0),
		"Jun 23rd, 2023 at 9 pm":                  at(21, 0, 0),
		"June 23, 2023":                           at(0, 0, 0),
		"2023 June 23":                            at(0, 0, 0),
		"12:30, 23 Jun 2023":                      at(12, 30, 0),
		"12:30 Jun 23 2023":                       at(12, 30, 0),
		"Thu, 22 Jun 2023 24:00:00 GMT":           at(0, 0, 0),
		"Fri, 23 Jun 2023 12:30:60 GMT":           at(12, 30, 59),
		// Other languages.
		"23. Juni 2023 12:30":               at(12, 30, 0),
		"Fr, 23 März 2023 12:30:00 +0100":   time.Date(2023, 3, 23, 11, 30, 0, 0, time.UTC),
		"vendredi 23 juin 2023 12h30":       at(12, 30, 0),
		"mardi 1 août 2023":                 time.Date(2023, 8, 1, 0, 0, 0, 0, time.UTC),
		"mar., 27 juin 2023 10:00:00 +0200": time.Date(2023, 6, 27, 8, 0, 0, 0, time.UTC),
		"martes, 27 de junio de 2023":       time.Date(2023, 6, 27, 0, 0, 0, 0, time.UTC),
		"23 июня 2023, 12:30":               at(12, 30, 0),
		"Пт, 23 июн 2023 12:30:45 +0300":    at(9, 30, 45),
		"23 червня 2023 року 12:30":         at(12, 30, 0),
		"середа, 9 серпня 2023":             time.Date(2023, 8, 9, 0, 0, 0, 0, time.UTC),
		"23 czerwca 2023 12:30":             at(12, 30, 0),
		// ISO 8601.
		"2023-06-23T12:30:45Z":      at(12, 30, 45),
		"2023-06-23T12:30:45.678Z":  at(12, 30, 45).Add(678 * time.Millisecond),
		"2023-06-23T12:30:45+03:00": at(9, 30, 45),
		"2023-06-23T12:30:45+0300":  at(9, 30, 45),
		"2023-06-23T12:30:45 +0300": at(9, 30, 45),
		"2023-06-23T12:30:45:-0400": at(16, 30, 45),
		"2023-06-23T12:30+03":       at(9, 30, 0),
		"2023-06-23T12:30Z":         at(12, 30, 0),
		"2023-06-23T12Z":            at(12, 0, 0),
		"2023-06-23 12:30:45":       at(12, 30, 45),
		"2023-06-23 12:30:45 EDT":   at(16, 30, 45),
		"2023-6-23 9:05":            at(9, 5, 0),
		"2023-06-23 at 12:30:45":    at(12, 30, 45),
		"2023/06/23 12:30":          at(12, 30, 0),
		"2023.06.23":                at(0, 0, 0),
		"2023-06-23":                at(0, 0, 0),
		"2023-06":                   time.Date(2023, 6, 1, 0, 0, 0, 0, time.UTC),
		"Fri, 2023-06-23 12:30":     at(12, 30, 0),
		"20230623":                  at(0, 0, 0),
		"20230623T123045Z":          at(12, 30, 45),
		"20230623123045":            at(12, 30, 45),
		// Numbers.
		"1687523445":              at(12, 30, 45),
		"1687523445000":           at(12, 30, 45),
		"23.06.2023 12:30":        at(12, 30, 0),
		"23/06/2023 - 12:30":      at(12, 30, 0),
		"06/23/2023 12:30:45 PM":  at(12, 30, 45),
		"Fri, 06/23/2023 - 12:30": at(12, 30, 0),
		"05.06.2023":              time.Date(2023, 6, 5, 0, 0, 0, 0, time.UTC),
		"06/06/2023":              time.Date(2023, 6, 6, 0, 0, 0, 0, time.UTC),
	}
	for in, want := range tests {
		if got, ok := Date(in); !ok || !got.Equal(want) {
			t.Errorf("%q: %v %v, want %v", in, got, ok, want)
		} else if got.Location() != time.UTC {
			t.Errorf("%q is not in UTC", in)
		}
	}
	for _, in := range []string{
		"", " ", "yesterday", "5 minutes ago", "Fri", "Jun", "23", "2023", "12:30", "GMT",
		"05/06/2023", "05-06-2023", "31 Jun 2023", "30 Feb 2023", "2023-02-30", "2023-13-01", "2023-00-10", "0 Jun 2023",
		"Fri, 23 Jun 2023 25:00:00", "Fri, 23 Jun 2023 12:61:00", "Thu, 22 Jun 2023 24:30:00",
		"1 2 3 4 5 6", "Jun Jul Aug", "-1", "99999999999999999999", "NaN", "\x00", "0000-00-00 00:00:00",
		strings.Repeat("1", 500), strings.Repeat("Jun ", 500),
	} {
		if got, ok := Date(in); ok {
			t.Errorf("%q is read as %v", in, got)
		}
	}
}

func FuzzDate(f *testing.F) {
	for _, s := range []string{"Fri, 23 Jun 2023 12:30:45 GMT", "2023-06-23T12:30:45+03:00", "23 июня 2023, 12:30", "06/23/2023 9pm EDT", "1687523445"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got, ok := Date(s)
		if !ok {
			return
		}
		again, ok := Date(got.Format(time.RFC3339Nano))
		if got.Year() < 10000 && got.Year() > 0 && (!ok || !again.Equal(got)) {
			t.Errorf("%q: %v is read again as %v %v", s, got, again, ok)
		}
	})
}
