package topic

import (
	"errors"
	"fmt"
	"maps"
	"slices"
)

// clone copies what extend changes.
func (d *Definition) clone() Definition {
	out := *d
	out.Lang, out.Keywords, out.Tests = maps.Clone(d.Lang), maps.Clone(d.Keywords), maps.Clone(d.Tests)
	return out
}

// extend adds a shared file's languages to the topics defined so far.
func (s *Shared) extend(defs map[ID]Definition) error {
	var errs []error
	for _, lang := range slices.Sorted(maps.Keys(s.Topics)) {
		for _, id := range slices.Sorted(maps.Keys(s.Topics[lang])) {
			d, ok := defs[id]
			if !ok {
				errs = append(errs, fmt.Errorf("%s: no topic %s; define it in %s.yaml", s.place(lang, id), id, id))
				continue
			}
			add := s.Topics[lang][id]
			if err := d.validateRules(add.Rules); err != nil {
				errs = append(errs, fmt.Errorf("%s%w", s.place(lang, id), err))
				continue
			}
			if _, own := d.Lang[lang]; own {
				continue
			}
			d.add(lang, add, s.File)
			defs[id] = d
		}
	}
	return errors.Join(errs...)
}

func (d *Definition) add(lang string, add Addition, file string) {
	if d.Lang == nil {
		d.Lang = map[string]Rules{}
	}
	if d.Keywords == nil {
		d.Keywords = map[string][]string{}
	}
	add.File = file
	d.Lang[lang] = add.Rules
	d.addTests(lang, add.Tests, file)
	if len(add.Keywords) > 0 {
		d.Keywords[lang] = add.Keywords
	}
}
