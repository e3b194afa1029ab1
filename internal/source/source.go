// Package source owns the catalogue of outlets: who publishes, where, in which
// language, and how much weight an outlet's own voice carries.
package source

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/text/language"
)

// ID names a source in configuration and in the store, e.g. "bbc". It never
// changes once reports have been stored under it.
type ID string

// International stands for a country where an international body has none.
const International = "INT"

// Tier says what kind of outlet a source is.
type Tier string

// The tiers, from the most to the least widely relied upon. An official source
// speaks for a government or an international body: first hand, and partial.
const (
	Wire     Tier = "wire"
	National Tier = "national"
	Local    Tier = "local"
	Official Tier = "official"
)

// Tiers lists every tier, in the order in which they are shown.
func Tiers() []Tier { return []Tier{Wire, National, Local, Official} }

// Source is a news outlet.
type Source struct {
	// ID is the stable name; see [ID].
	ID ID
	// Name is what readers call the outlet, e.g. "BBC News".
	Name string
	// Country is an ISO 3166-1 alpha-2 code in upper case, or [International]. An
	// outlet in exile has the country that it is published in.
	Country string
	// Language is the BCP 47 base tag that most of its reports are in, e.g. "en".
	Language string
	// Tier says what kind of outlet it is.
	Tier Tier
	// Owner groups outlets of one owner: they do not corroborate each other.
	// Empty means that the outlet stands alone.
	Owner string
	// Wires lists the wire sources whose copy the outlet carries.
	Wires []ID
	// StateControlled marks outlets of which a state decides what they say. It is
	// for media: official sources are the state itself.
	StateControlled bool
}

var (
	idForm       = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,39}$`)
	countryForm  = regexp.MustCompile(`^[A-Z]{2}$`)
	languageForm = regexp.MustCompile(`^[a-z]{2,3}$`)
)

// Validate reports the first thing wrong with s, in words for the person who
// edits the catalogue.
func (s Source) Validate() error {
	switch {
	case !idForm.MatchString(string(s.ID)):
		return fmt.Errorf("source id %q: use 1 to 40 lower-case letters, digits and hyphens", s.ID)
	case strings.TrimSpace(s.Name) == "":
		return fmt.Errorf("source %s: name is missing", s.ID)
	case !IsCountry(s.Country):
		return fmt.Errorf("source %s: country %q: use a two-letter code such as GB, or %s", s.ID, s.Country, International)
	case !IsLanguage(s.Language):
		return fmt.Errorf("source %s: language %q: use a base code such as en", s.ID, s.Language)
	case !slices.Contains(Tiers(), s.Tier):
		return fmt.Errorf("source %s: tier %q: use wire, national, local or official", s.ID, s.Tier)
	}
	return nil
}

// IsCountry reports whether code is the ISO 3166-1 code of a country, as it is
// written now ("GB", not "UK"), or [International].
func IsCountry(code string) bool {
	if code == International {
		return true
	}
	if !countryForm.MatchString(code) {
		return false
	}
	r, err := language.ParseRegion(code)
	return err == nil && r.IsCountry() && r.Canonicalize().String() == code
}

// IsLanguage reports whether code is the base tag of a language, as it is
// written now ("he", not "iw").
func IsLanguage(code string) bool {
	if !languageForm.MatchString(code) {
		return false
	}
	tag, err := language.Raw.Parse(code)
	if err != nil {
		return false
	}
	current, err := language.DeprecatedBase.Canonicalize(tag)
	return err == nil && current.String() == code
}

// Catalogue is an immutable set of sources.
type Catalogue struct {
	byID map[ID]Source
	ids  []ID
}

// NewCatalogue checks the sources and that every wire they name is one.
func NewCatalogue(sources []Source) (*Catalogue, error) {
	c := &Catalogue{byID: make(map[ID]Source, len(sources))}
	var errs []error
	for _, s := range sources {
		if err := s.Validate(); err != nil {
			errs = append(errs, err)
			continue
		}
		if _, ok := c.byID[s.ID]; ok {
			errs = append(errs, fmt.Errorf("source %s: listed twice", s.ID))
			continue
		}
		c.byID[s.ID] = s
		c.ids = append(c.ids, s.ID)
	}
	for _, id := range c.ids {
		for _, w := range c.byID[id].Wires {
			switch wire, ok := c.byID[w]; {
			case !ok:
				errs = append(errs, fmt.Errorf("source %s: wire %q is not a source", id, w))
			case wire.Tier != Wire:
				errs = append(errs, fmt.Errorf("source %s: %q is no wire: its tier is %s", id, w, wire.Tier))
			}
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	return c, nil
}

// Get returns the source with the given id. Of the source of a guild's own feed
// (see [Own]) nothing but the name is known.
func (c *Catalogue) Get(id ID) (Source, bool) {
	if s, ok := c.byID[id]; ok {
		return s, true
	}
	return id.own()
}

// All returns every source in catalogue order.
func (c *Catalogue) All() []Source {
	out := make([]Source, 0, len(c.ids))
	for _, id := range c.ids {
		out = append(out, c.byID[id])
	}
	return out
}
