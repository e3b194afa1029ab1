package gazetteer

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/attache-bot/attache/internal/text"
)

// officesFile tells who holds which office.
const officesFile = "data/offices.yaml"

// offices knows the holders of offices, each by side and office in order of time.
type offices struct {
	Words   map[string][]string            `yaml:"words"`
	Others  []string                       `yaml:"others"`
	Holders map[string]map[string][]tenure `yaml:"holders"`
}

// tenure is a person's time in an office, until the next one's begins.
type tenure struct {
	Since date     `yaml:"since"`
	Names []string `yaml:"names"`
}

// date is a day, at its beginning in UTC.
type date struct{ time.Time }

// UnmarshalYAML reads a day such as 2019-05-20.
func (d *date) UnmarshalYAML(n *yaml.Node) (err error) {
	d.Time, err = time.Parse(time.DateOnly, n.Value)
	return err
}

func loadOffices() (*offices, error) {
	raw, err := data.ReadFile(officesFile)
	if err != nil {
		return nil, fmt.Errorf("read gazetteer file: %w", err)
	}
	o := &offices{}
	dec := yaml.NewDecoder(strings.NewReader(string(raw)))
	dec.KnownFields(true)
	if err := dec.Decode(o); err != nil {
		return nil, fmt.Errorf("gazetteer %s: %w", officesFile, err)
	}
	for side, by := range o.Holders {
		for office, tenures := range by {
			if len(o.Words[office]) == 0 {
				return nil, fmt.Errorf("gazetteer %s: %s: no words for the office %q", officesFile, side, office)
			}
			if !slices.IsSortedFunc(tenures, func(a, b tenure) int { return a.Since.Compare(b.Since.Time) }) {
				return nil, fmt.Errorf("gazetteer %s: %s: put the holders of %q in order of time", officesFile, side, office)
			}
		}
	}
	return o, nil
}

// Office returns which office of a side a speaker held at a time, whether his words
// name the office or the one who held it: "president" for Zelensky and for "Ukrainian
// president". It is "" where that is not known, and for former holders, deputies and
// those who only work for one. Without a side it is the office that the words are.
func (g *Gazetteer) Office(side, speaker string, at time.Time) string {
	by := g.offices.Holders[side]
	if len(by) == 0 && side != "" {
		return ""
	}
	var words []string
	for _, t := range text.Tokens(speaker) {
		if t.Kind == text.Word {
			words = append(words, t.Fold)
		}
	}
	if side == "" {
		return g.officeOf(words)
	}
	if slices.ContainsFunc(g.offices.Others, func(o string) bool { return contains(words, o) }) {
		return ""
	}
	for _, office := range slices.Sorted(maps.Keys(by)) {
		holder := holderAt(by[office], at)
		if holder == nil {
			continue
		}
		named := slices.ContainsFunc(holder.Names, func(n string) bool { return ends(words, n) })
		if named || slices.ContainsFunc(g.offices.Words[office], func(w string) bool { return contains(words, w) }) && !g.namesOther(side, words) {
			return office
		}
	}
	return ""
}

// officeOf is the office that words name, and nothing beside it.
func (g *Gazetteer) officeOf(words []string) string {
	for _, office := range slices.Sorted(maps.Keys(g.offices.Words)) {
		if slices.ContainsFunc(g.offices.Words[office], func(w string) bool { return len(words) > 0 && begins(words, w) == len(words) }) {
			return office
		}
	}
	return ""
}

// namesOther reports whether words name somebody who holds or held an office of the
// side: then the office is told of him.
func (g *Gazetteer) namesOther(side string, words []string) bool {
	for _, tenures := range g.offices.Holders[side] {
		for _, t := range tenures {
			if slices.ContainsFunc(t.Names, func(n string) bool { return contains(words, n) }) {
				return true
			}
		}
	}
	return false
}

// holderAt is who holds an office at a time, nil where nobody is known.
func holderAt(tenures []tenure, at time.Time) *tenure {
	for i := len(tenures) - 1; i >= 0; i-- {
		if !at.Before(tenures[i].Since.Time) {
			if len(tenures[i].Names) == 0 {
				return nil
			}
			return &tenures[i]
		}
	}
	return nil
}

// contains reports whether a term stands among words: words in a row, of which one
// with a star only begins so.
func contains(words []string, term string) bool {
	for i := range words {
		if n := begins(words[i:], term); n > 0 {
			return true
		}
	}
	return false
}

// ends reports whether words end with a term.
func ends(words []string, term string) bool {
	i := len(words) - len(strings.Fields(term))
	return i >= 0 && begins(words[i:], term) > 0
}

// begins is how many words a term takes that they begin with, 0 for none.
func begins(words []string, term string) int {
	terms := strings.Fields(term)
	if len(terms) > len(words) {
		return 0
	}
	for i, t := range terms {
		stem, open := strings.CutSuffix(t, "*")
		if words[i] != stem && (!open || !strings.HasPrefix(words[i], stem)) {
			return 0
		}
	}
	return len(terms)
}
