package topic

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
)

// Part is a file that holds some of a topic's patterns: those of one kind, where
// the topic has more than a reader takes in at once. The topic's own file holds
// the rest, and the sets that the patterns name.
type Part struct {
	// Of is the topic, as the file's name says: military-strike.sea.yaml is a part
	// of military-strike.
	Of    ID     `yaml:"-"`
	About string `yaml:"about"`
	// Lang holds the patterns by language.
	Lang map[string]PartRules `yaml:"lang"`
	// Tests holds examples by language.
	Tests map[string]Examples `yaml:"tests"`

	File string `yaml:"-"`
}

// PartRules are a part's patterns in one language.
type PartRules struct {
	Strong Patterns `yaml:"strong"`
	Veto   Patterns `yaml:"veto"`
}

// partOf returns the topic of which a file of this name is a part, or "".
func partOf(name string) ID {
	if of, rest, _ := strings.Cut(path.Base(name), "."); strings.Contains(rest, ".") {
		return ID(of)
	}
	return ""
}

// join adds a part to its topic, which must be defined before it.
func (p *Part) join(defs map[ID]Definition) error {
	d, ok := defs[p.Of]
	if !ok {
		return fmt.Errorf("%s: no topic %s; define it in %s.yaml", p.File, p.Of, p.Of)
	}
	var errs []error
	for _, lang := range slices.Sorted(maps.Keys(p.Lang)) {
		rules, ok := d.Lang[lang]
		if !ok {
			errs = append(errs, fmt.Errorf("%s: lang.%s: the topic has no rules in this language; begin them in %s.yaml", p.File, lang, p.Of))
			continue
		}
		rules.Strong = slices.Concat(rules.Strong, p.Lang[lang].Strong.from(p.File))
		rules.Veto = slices.Concat(rules.Veto, p.Lang[lang].Veto.from(p.File))
		d.Lang[lang] = rules
	}
	for lang, ex := range p.Tests {
		d.addTests(lang, ex, p.File)
	}
	defs[p.Of] = d
	return errors.Join(errs...)
}

// from returns the patterns with the file in which they stand.
func (p Patterns) from(file string) Patterns {
	out := slices.Clone(p)
	for i := range out {
		out[i].File = file
	}
	return out
}

// addTests adds examples that stand in another file than the topic's own.
func (d *Definition) addTests(lang string, ex Examples, file string) {
	if d.Tests == nil {
		d.Tests = map[string]Examples{}
	}
	all := d.Tests[lang]
	all.Wanted = slices.Concat(all.Wanted, from(ex.Wanted, file))
	all.Unwanted = slices.Concat(all.Unwanted, from(ex.Unwanted, file))
	d.Tests[lang] = all
}

func from(examples []Example, file string) []Example {
	out := slices.Clone(examples)
	for i := range out {
		out[i].File = file
	}
	return out
}
