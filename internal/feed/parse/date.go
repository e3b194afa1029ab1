package parse

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// maxDate bounds a date in bytes; the longest forms in use have about 60.
const maxDate = 128

var (
	// 2023-06-23T12:30:45.123+03:00 and everything shorter or looser.
	isoDate = regexp.MustCompile(`^(\d{4})[-/.](\d{1,2})(?:[-/.](\d{1,2}))?(?:(?:\s*T\s*|\s+(?:at\s+|- )?)(.*))?$`)
	// 20230623, 202306231230, 20230623T123045.
	compactDate = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})(?:[T ]?(\d{2})(\d{2})(\d{2})?)?\s*(.*)$`)
	// 23.06.2023 and 06/23/2023 with anything behind.
	numericDate = regexp.MustCompile(`^(\d{1,2})([./-])(\d{1,2})[./-](\d{4})(?:[,\s-]+(.*))?$`)
	epochDate   = regexp.MustCompile(`^(\d{9,10}|\d{12,13})(?:\.\d+)?$`)

	clock        = regexp.MustCompile(`(?i)\b(\d{1,2})(?::|\.|h)(\d{1,2})(?::(\d{1,2})(?:[.,]\d+)?)?\s*(?:([ap])\.?m\b\.?)?`)
	hourOnly     = regexp.MustCompile(`(?i)\b(\d{1,2})(?:\s*([ap])\.?m\b\.?|Z$)`)
	zonePrefix   = regexp.MustCompile(`^[\s:,]*([A-Za-z]{1,5})?\s*(?:([+\x{2212}-])-?(\d{1,2}):?(\d{2})?)?`)
	weekday      = regexp.MustCompile(`^\p{L}{2,12}[.,]*\s+(\d)`)
	brackets     = regexp.MustCompile(`\([^()]*\)`)
	wordOrNumber = regexp.MustCompile(`\p{L}[\p{L}\p{M}'’]*|\d+`)
)

// Date reads a date in any of the forms that feeds use: RFC 822 and its many
// variants, with names of months in English, German, French, Spanish, Italian,
// Portuguese, Polish, Dutch, Russian and Ukrainian, ISO 8601 in full or in
// part, Unix time in seconds or milliseconds, numbers with points or slashes. A missing zone, and
// one that is not known, is UTC. A date that could be read in two ways, such as
// 05/06/2023, is not read at all. The result is in UTC.
func Date(s string) (time.Time, bool) {
	s = strings.TrimSpace(s)
	if s == "" || len(s) > maxDate || !mayBeDate(s) {
		return time.Time{}, false
	}
	if t, err := time.Parse(usualLayout(s), s); err == nil {
		return t.UTC(), true
	}
	s = strings.TrimSpace(brackets.ReplaceAllString(s, " "))
	s = strings.ReplaceAll(s, "\u00a0", " ")
	if m := epochDate.FindStringSubmatch(s); m != nil {
		n, err := strconv.ParseInt(m[1], 10, 64)
		if err != nil {
			return time.Time{}, false
		}
		if len(m[1]) >= 12 {
			return time.UnixMilli(n).UTC(), true
		}
		return time.Unix(n, 0).UTC(), true
	}
	if plain := weekday.ReplaceAllString(s, "$1"); isoDate.MatchString(plain) || numericDate.MatchString(plain) {
		s = plain
	}
	if m := isoDate.FindStringSubmatch(s); m != nil {
		return civil(m[1], m[2], m[3], m[4])
	}
	if m := compactDate.FindStringSubmatch(s); m != nil {
		rest := m[7]
		if m[4] != "" {
			rest = m[4] + ":" + m[5] + ":" + orZero(m[6]) + " " + rest
		}
		return civil(m[1], m[2], m[3], rest)
	}
	if m := numericDate.FindStringSubmatch(s); m != nil {
		day, month, ok := dayAndMonth(m[1], m[3], m[2])
		if !ok {
			return time.Time{}, false
		}
		return civil(m[4], month, day, m[5])
	}
	return namedDate(s)
}

// maxDateParts is how many numbers, and how many words, a date may have. The forms
// in use have up to ten of each.
const maxDateParts = 16

// mayBeDate tells without much work that a text has more parts than a date.
func mayBeDate(s string) bool {
	numbers, words := 0, 0
	before := byte(' ')
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			if before < '0' || before > '9' {
				numbers++
			}
		case c|0x20 >= 'a' && c|0x20 <= 'z' || c >= utf8.RuneSelf:
			if (before|0x20 < 'a' || before|0x20 > 'z') && before < utf8.RuneSelf {
				words++
			}
		}
		before = c
	}
	return numbers > 0 && numbers <= maxDateParts && words <= maxDateParts
}

// usualDate reports whether a text is a date in one of the usual forms, which is
// read at once.
func usualDate(b []byte) bool {
	if b = bytes.TrimSpace(b); len(b) > maxUsual {
		return false
	}
	s := string(b)
	_, err := time.Parse(usualLayout(s), s)
	return err == nil
}

// maxUsual is longer than any date in a usual form, in bytes.
const maxUsual = 40

// usualLayout is the one of the three usual forms that s can be in, if any.
func usualLayout(s string) string {
	switch {
	case len(s) > 4 && s[4] == '-':
		return time.RFC3339
	case len(s) == len(time.RFC1123) && strings.HasSuffix(s, " GMT"):
		return time.RFC1123
	}
	return time.RFC1123Z
}

func orZero(s string) string {
	if s == "" {
		return "0"
	}
	return s
}

// dayAndMonth orders the first two numbers of a date. With points or hyphens
// the day goes first; with slashes only a number over twelve tells.
func dayAndMonth(a, b, sep string) (day, month string, ok bool) {
	x, _ := strconv.Atoi(a)
	y, _ := strconv.Atoi(b)
	switch {
	case y > 12 && x <= 12:
		return b, a, true
	case x > 12 || x == y || sep == ".":
		return a, b, true
	}
	return "", "", false
}

// namedDate reads a date with a month's name anywhere in it.
func namedDate(s string) (time.Time, bool) {
	hms, zone, rest := cutTime(s)
	var day, month, year string
	for _, w := range wordOrNumber.FindAllString(rest, -1) {
		switch {
		case w[0] < '0' || w[0] > '9':
			// The last one counts: in some languages the beginning of a
			// weekday's name, which goes first, is that of a month's.
			if m := monthNumber(w); m > 0 {
				month = strconv.Itoa(m)
			}
		case len(w) <= 2 && day == "":
			day = w
		case year == "" && (len(w) == 4 || len(w) == 2):
			year = w
		default:
			return time.Time{}, false
		}
	}
	if month == "" || day == "" || year == "" {
		return time.Time{}, false
	}
	if len(year) == 2 {
		// RFC 2822 section 4.3, with the window moved on.
		n, _ := strconv.Atoi(year)
		if n < 70 {
			n += 100
		}
		year = strconv.Itoa(1900 + n)
	}
	return assemble(year, month, day, hms, zone)
}

// civil reads numbers for the date and a text for time and zone.
func civil(year, month, day, rest string) (time.Time, bool) {
	if day == "" {
		day = "1"
	}
	hms, zone, _ := cutTime(rest)
	return assemble(year, month, day, hms, zone)
}

func assemble(year, month, day string, hms [3]int, zone int) (time.Time, bool) {
	y, _ := strconv.Atoi(year)
	m, _ := strconv.Atoi(month)
	d, _ := strconv.Atoi(day)
	sec := min(hms[2], 59) // leap seconds
	if m < 1 || m > 12 || d < 1 || hms[0] > 24 || hms[1] > 59 || hms[2] > 60 || hms[0] == 24 && hms[1]+hms[2] > 0 {
		return time.Time{}, false
	}
	date := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
	if date.Day() != d {
		return time.Time{}, false
	}
	return time.Date(y, time.Month(m), d, hms[0], hms[1], sec-zone, 0, time.UTC), true
}

// cutTime takes the time of day and the zone behind it, in seconds east of
// UTC, out of s. Both are zero when not there.
func cutTime(s string) (hms [3]int, zone int, rest string) {
	before, after := "", s
	if m := clock.FindStringSubmatchIndex(s); m != nil {
		hms = [3]int{number(s, m, 1), number(s, m, 2), number(s, m, 3)}
		if m[8] >= 0 {
			hms[0] = afternoon(hms[0], s[m[8]])
		}
		before, after = s[:m[0]], s[m[1]:]
	} else if m := hourOnly.FindStringSubmatchIndex(s); m != nil {
		hms[0] = number(s, m, 1)
		if m[4] >= 0 {
			hms[0] = afternoon(hms[0], s[m[4]])
		}
		before, after = s[:m[0]], s[m[1]:]
	}
	zone, after = cutZone(after)
	return hms, zone, before + " " + after
}

// number reads a group of a match; 0 when it is not there.
func number(s string, m []int, group int) int {
	if m[2*group] < 0 {
		return 0
	}
	n, _ := strconv.Atoi(s[m[2*group]:m[2*group+1]])
	return n
}

func afternoon(hour int, mark byte) int {
	pm := mark == 'p' || mark == 'P'
	switch {
	case hour == 12 && !pm:
		return 0
	case hour < 12 && pm:
		return hour + 12
	}
	return hour
}

// cutZone takes the zone off the beginning of s and returns its offset from UTC
// in seconds. Of "GMT+0300" and "MSK +0300" the number counts. A word that is
// no zone stays.
func cutZone(s string) (int, string) {
	m := zonePrefix.FindStringSubmatchIndex(s)
	if m == nil {
		return 0, s
	}
	if m[4] >= 0 && number(s, m, 3) <= 14 && number(s, m, 4) <= 59 {
		secs := number(s, m, 3)*3600 + number(s, m, 4)*60
		if s[m[4]:m[5]] != "+" {
			secs = -secs
		}
		return secs, s[m[1]:]
	}
	if m[2] >= 0 {
		if secs, known := zones[strings.ToUpper(s[m[2]:m[3]])]; known {
			return secs, s[m[3]:]
		}
	}
	return 0, s
}

// zones are the abbreviations in use, with what they mean in news feeds; IST
// and a few others mean too many things and are left out.
var zones = map[string]int{
	"Z": 0, "UT": 0, "UTC": 0, "GMT": 0, "WET": 0,
	"BST": 3600, "WEST": 3600, "CET": 3600, "MEZ": 3600,
	"CEST": 7200, "MESZ": 7200, "EET": 7200, "CAT": 7200, "SAST": 7200,
	"EEST": 10800, "MSK": 10800, "EAT": 10800, "TRT": 10800,
	"IRST": 12600, "IRDT": 16200, "PKT": 18000, "HKT": 28800, "SGT": 28800, "PHT": 28800,
	"JST": 32400, "KST": 32400, "AEST": 36000, "AEDT": 39600, "NZST": 43200, "NZDT": 46800,
	"EST": -18000, "EDT": -14400, "CST": -21600, "CDT": -18000, "MST": -25200, "MDT": -21600,
	"PST": -28800, "PDT": -25200, "AKST": -32400, "AKDT": -28800, "HST": -36000,
}

// monthNumber reads a month's name or its beginning; 0 when w is none.
func monthNumber(w string) int {
	w = strings.ToLower(w)
	switch w {
	case "mardi", "martes", "martedi", "martedì", "maandag", "середа":
		return 0 // Tuesday, Monday, Wednesday
	}
	for _, m := range months {
		if strings.HasPrefix(w, m.stem) {
			return m.number
		}
	}
	return 0
}

// months lists the beginnings of their names in the languages of [Date].
var months = []struct {
	stem   string
	number int
}{
	{"jan", 1},
	{"jän", 1},
	{"janv", 1},
	{"ene", 1},
	{"gen", 1},
	{"sty", 1},
	{"янв", 1},
	{"січ", 1},
	{"feb", 2},
	{"fév", 2},
	{"fev", 2},
	{"lut", 2},
	{"фев", 2},
	{"лют", 2},
	{"mar", 3},
	{"mär", 3},
	{"mrz", 3},
	{"maa", 3},
	{"мар", 3},
	{"бер", 3},
	{"apr", 4},
	{"avr", 4},
	{"abr", 4},
	{"kwi", 4},
	{"апр", 4},
	{"кві", 4},
	{"may", 5},
	{"mai", 5},
	{"mag", 5},
	{"maj", 5},
	{"mei", 5},
	{"мая", 5},
	{"май", 5},
	{"тра", 5},
	{"jun", 6},
	{"juin", 6},
	{"giu", 6},
	{"cze", 6},
	{"июн", 6},
	{"чер", 6},
	{"jul", 7},
	{"juil", 7},
	{"lug", 7},
	{"lip", 7},
	{"июл", 7},
	{"лип", 7},
	{"aug", 8},
	{"aoû", 8},
	{"aou", 8},
	{"ago", 8},
	{"sie", 8},
	{"авг", 8},
	{"сер", 8},
	{"sep", 9},
	{"set", 9},
	{"wrz", 9},
	{"сен", 9},
	{"вер", 9},
	{"oct", 10},
	{"okt", 10},
	{"ott", 10},
	{"out", 10},
	{"paź", 10},
	{"окт", 10},
	{"жов", 10},
	{"nov", 11},
	{"lis", 11},
	{"ноя", 11},
	{"лис", 11},
	{"dec", 12},
	{"dez", 12},
	{"déc", 12},
	{"dic", 12},
	{"gru", 12},
	{"дек", 12},
	{"гру", 12},
}
