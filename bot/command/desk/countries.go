package desk

import (
	"slices"
	"strings"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/suggest"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/report"
)

// Names implements [suggest.Named].
func (c Country) Names() suggest.Names {
	return suggest.Names{ID: c.Code, Title: c.Name, Aliases: c.Aliases}
}

// MeantCountry is [suggest.Meant] for countries, which people may also name by their codes.
func MeantCountry(all []Country, typed string) (one Country, near []Country, ok bool) {
	if i := slices.IndexFunc(all, func(s Country) bool { return strings.EqualFold(s.Code, typed) }); i >= 0 {
		return all[i], nil, true
	}
	return suggest.Meant(all, typed)
}

// PickCountry returns the country that a person means; else it says what was
// near.
func (d *Desk) PickCountry(typed string, in wording.Speaker) (Country, error) {
	one, near, ok := MeantCountry(d.States(in), typed)
	switch {
	case ok:
		return one, nil
	case len(near) == 0:
		return Country{}, interaction.Refuse(interaction.NotFound, "topics.country-unknown", wording.Args{"typed": typed})
	}
	return Country{}, interaction.Refuse(interaction.NotFound, "topics.country-near", wording.Args{"typed": typed, "near": suggest.Proposal(near)})
}

// States are the countries with their names in a language, in the order of these.
// Their English names find them too.
func (d *Desk) States(in wording.Speaker) []Country {
	return countriesIn(d.Countries.Countries(), in)
}

func countriesIn(all []Country, in wording.Speaker) []Country {
	if in.Language() == "en" {
		return all
	}
	out := slices.Clone(all)
	for i, s := range out {
		out[i].Name = message.CountryName(s.Code, in)
		out[i].Aliases = append(slices.Clip(s.Aliases), s.Name)
	}
	order := in.Order()
	slices.SortStableFunc(out, func(a, b Country) int { return order(a.Name, b.Name) })
	return out
}

// CountryName is a country's name, or its code where there is none.
func (d *Desk) CountryName(code string, in wording.Speaker) string {
	for _, s := range d.Countries.Countries() {
		if s.Code == code {
			return nameIn(s, in)
		}
	}
	return code
}

func nameIn(s Country, in wording.Speaker) string { return countriesIn([]Country{s}, in)[0].Name }

// noCountries knows no country.
type noCountries struct{}

func (noCountries) Countries() []Country { return nil }

func (noCountries) Names(report.Report, string) bool { return false }

// Country is a state that stories are about.
type Country struct {
	// Code is its ISO 3166-1 alpha-2 code.
	Code string
	// Name is its name, e.g. "Ukraine"; Aliases are other words under which people
	// look for it: its capital, its name in other languages.
	Name    string
	Aliases []string
}

// Countries tells which states there are, in the order to show them.
type Countries interface {
	Countries() []Country
	// Names reports whether a report names the state with that code, its capital
	// or who leads it, in title or description.
	Names(r report.Report, code string) bool
}
