package config

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Problem is one thing wrong with what the operator set, with what to do about
// it.
type Problem struct {
	// Where is the place to look: file and line, variable or flag.
	Where string
	// Key is the setting, e.g. "poll.tick"; empty when none is to blame.
	Key string
	// What is wrong, and Remedy what to do.
	What, Remedy string
}

// Error returns the problem on one line, whatever is in the parts that come
// from a file.
func (p Problem) Error() string {
	var parts []string
	for _, s := range []string{p.Where, p.Key, p.What, p.Remedy} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Map(printable, strings.Join(parts, ": "))
}

func printable(r rune) rune {
	if unicode.IsPrint(r) {
		return r
	}
	return unicode.ReplacementChar
}

// Problems is everything wrong with what the operator set, in the order of
// reading. It is the error of [Load] and of [ParseFeeds].
type Problems []Problem

// Error returns one line for each problem.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// err returns ps as an error, nil when there is no problem.
func (ps Problems) err() error {
	if len(ps) == 0 {
		return nil
	}
	return ps
}

// invalid is why a value cannot be used. [Load] adds where it stands.
type invalid struct{ what, remedy string }

func (e *invalid) Error() string { return e.what + ": " + e.remedy }

// maxQuoted is how much of a value an error repeats, in runes.
const maxQuoted = 60

// quote repeats a value in an error, cut and with everything unprintable
// escaped.
func quote(v string) string {
	if utf8.RuneCountInString(v) > maxQuoted {
		v = string([]rune(v)[:maxQuoted]) + "…"
	}
	return fmt.Sprintf("%q", v)
}

// nearest returns the name that v most likely stands for, or "".
func nearest(v string, names []string) string {
	best, found := 3, "" // three slips make another word
	for _, n := range names {
		if d := distance(v, n, best); d < best {
			best, found = d, n
		}
	}
	return found
}

// distance is the Levenshtein distance of two names, or limit when it is at
// least that.
func distance(a, b string, limit int) int {
	if diff := len(a) - len(b); diff >= limit || -diff >= limit {
		return limit
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		diagonal := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			diagonal, row[j] = row[j], min(row[j]+1, row[j-1]+1, diagonal+cost)
		}
	}
	return min(row[len(b)], limit)
}
