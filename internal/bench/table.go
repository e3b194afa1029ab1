package main

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"golang.org/x/perf/benchfmt"
)

// measured are the values of each benchmark by unit.
type measured map[string]map[string]float64

// read takes in what go test printed. Lines that are no results are passed over.
func (m measured) read(r io.Reader) error {
	in := benchfmt.NewReader(r, "go test")
	for in.Scan() {
		switch rec := in.Result().(type) {
		case *benchfmt.Result:
			values := map[string]float64{}
			for _, v := range rec.Values {
				if v.OrigUnit != "" {
					values[v.OrigUnit] = v.OrigValue
				} else {
					values[v.Unit] = v.Value
				}
			}
			m[nameOf(rec.Name)] = values
		case *benchfmt.SyntaxError:
			return rec
		}
	}
	return in.Err()
}

// nameOf is a benchmark's name without the number of processors.
func nameOf(n benchfmt.Name) string {
	base, parts := n.Parts()
	out := string(base)
	for _, p := range parts {
		if p[0] != '-' {
			out += string(p)
		}
	}
	return out
}

// errMissed says that a target is not met, or was not measured.
var errMissed = errors.New("not every target is met")

// write prints the table in Markdown. It returns errMissed when the table says
// so of any line.
func (m measured) write(w io.Writer, targets []target) error {
	var b strings.Builder
	b.WriteString("| what | figure | floor | ratio | target | met |\n|---|---:|---:|---:|---:|---|\n")
	missed := false
	for _, t := range targets {
		values, known := m[t.name]
		met := t.verdict(values)
		missed = missed || met == no || !known && t.of != ""
		floor, ratio := "", ""
		if t.unit != "peak-MB" && t.unit != "429s" {
			floor, ratio = number(values, "floor", ""), number(values, "ratio", "")
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s | %s |\n", t.what, number(values, t.unit, t.unit), floor, ratio, t.aim(), met)
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return err
	}
	if missed {
		return errMissed
	}
	return nil
}

// The verdicts.
const (
	yes     = "yes"
	no      = "**no**"
	unknown = "not measured"
	none    = ""
)

func (t target) verdict(values map[string]float64) string {
	if values == nil {
		return unknown
	}
	if t.of == "" {
		return none
	}
	v, ok := values[t.of]
	switch {
	case !ok:
		return unknown
	case t.limit.met(v):
		return yes
	}
	return no
}

// aim is the target in words.
func (t target) aim() string {
	if t.of == "" {
		return ""
	}
	sign := "≤"
	if t.limit.atLeast {
		sign = "≥"
	}
	return strings.TrimSpace(fmt.Sprintf("%s %s %s", sign, strconv.FormatFloat(t.limit.bound, 'g', -1, 64), unitName(t.of)))
}

// number prints a value to three digits with its unit.
func number(values map[string]float64, key, unit string) string {
	v, ok := values[key]
	if !ok {
		return ""
	}
	digits := 0
	for limit := 100.0; v < limit && digits < 2; limit /= 10 {
		digits++
	}
	return strings.TrimSpace(strconv.FormatFloat(v, 'f', digits, 64) + " " + unitName(unit))
}

// unitName is a unit without what the line's words say already.
func unitName(unit string) string {
	if _, after, ok := strings.Cut(unit, "-"); ok {
		unit = after
	}
	if unit == "ratio" || unit == "429s" {
		return ""
	}
	return unit
}
