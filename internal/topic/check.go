package topic

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Failure is an example of a topic file that came out other than it says.
type Failure struct {
	File  string
	Line  int
	Title string
	// Problem says what was expected and what came.
	Problem string
}

// String is the failure as one line: file, line, example, problem.
func (f Failure) String() string {
	return fmt.Sprintf("%s:%d: %q: %s", f.File, f.Line, f.Title, f.Problem)
}

// Check runs a topic's own examples against the set.
func (s *Set) Check(d Definition) []Failure {
	var out []Failure
	for _, lang := range slices.Sorted(maps.Keys(d.Tests)) {
		ex := d.Tests[lang]
		for _, e := range ex.Wanted {
			if problem := s.check(d.ID, lang, e, true); problem != "" {
				out = append(out, Failure{cmp.Or(e.File, d.File), e.Line, e.Title, problem})
			}
		}
		for _, e := range ex.Unwanted {
			if problem := s.check(d.ID, lang, e, false); problem != "" {
				out = append(out, Failure{cmp.Or(e.File, d.File), e.Line, e.Title, problem})
			}
		}
	}
	return out
}

func (s *Set) check(id ID, lang string, e Example, want bool) string {
	var v Verdict
	v.Reason = ReasonNothing
	s.judge(Doc{Title: e.Title, Lead: e.Lead, Language: lang}, func(got Verdict) {
		if got.Topic == id {
			v = got
		}
	})
	switch {
	case v.Holds != want && want:
		return fmt.Sprintf("wanted, but %s: %s", v.Reason, v.trace())
	case v.Holds != want:
		return fmt.Sprintf("unwanted, but it %s: %s", v.Reason, v.trace())
	case e.Stage != "" && v.Stage != e.Stage:
		return fmt.Sprintf("stage %q, want %q: %s", v.Stage, e.Stage, v.trace())
	case e.Flags != nil && v.Flags.String() != strings.Join(e.Flags, "|"):
		return fmt.Sprintf("flags %q, want %q", v.Flags, strings.Join(e.Flags, "|"))
	}
	return ""
}

// trace is the verdict's arithmetic on one line.
func (v Verdict) trace() string {
	var b strings.Builder
	fmt.Fprintf(&b, "score %.2f, against %.2f %s", v.Score, v.Against, v.Sense)
	for _, e := range v.Evidence {
		fmt.Fprintf(&b, "; %s %+.2g %q by %q", e.Kind, e.Weight, e.Text, e.Rule)
	}
	return b.String()
}
