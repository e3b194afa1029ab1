package app

import (
	"slices"
	"strings"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/gazetteer"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
)

// countries tells the commands of the states that the gazetteer knows.
type countries struct {
	all    []desk.Country
	naming *gazetteer.Naming
}

func newCountries() (countries, error) {
	g, err := gazetteer.Load()
	if err != nil {
		return countries{}, err
	}
	c := countries{naming: g.Naming()}
	at := map[string]int{}
	for _, lang := range append([]string{"en"}, g.Languages()...) {
		for _, a := range g.Actors(lang) {
			name := message.CountryName(a.Code, wording.Speaker{})
			if a.Kind != gazetteer.State || !source.IsCountry(a.Code) || name == a.Code {
				continue // no state of today
			}
			i, ok := at[a.Code]
			if !ok {
				i = len(c.all)
				at[a.Code] = i
				c.all = append(c.all, desk.Country{Code: a.Code, Name: name})
			}
			for _, term := range a.Terms {
				if word := written.Replace(term); !slices.Contains(c.all[i].Aliases, word) {
					c.all[i].Aliases = append(c.all[i].Aliases, word)
				}
			}
		}
	}
	slices.SortFunc(c.all, compareNames)
	return c, nil
}

func compareNames(a, b desk.Country) int { return strings.Compare(a.Name, b.Name) }

// written takes the signs of the gazetteer's terms away.
var written = strings.NewReplacer("*", "", "~", "", "=", "")

// Countries implements [command.Countries].
func (c countries) Countries() []desk.Country { return c.all }

// Names implements [command.Countries].
func (c countries) Names(r report.Report, code string) bool {
	return slices.Contains(c.naming.Parties(r.Language, r.Title+"\n"+r.Description), code)
}
