package command

import (
	"slices"
	"strings"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/internal/report"
)

// names implements what [fitting] asks for.
func (c Country) names() names { return names{c.Code, c.Name, "", c.Aliases} }

// meantCountry is [meant] for countries, which people may also name by their codes.
func meantCountry(all []Country, typed string) (one Country, near []Country, ok bool) {
	if i := slices.IndexFunc(all, func(s Country) bool { return strings.EqualFold(s.Code, typed) }); i >= 0 {
		return all[i], nil, true
	}
	return meant(all, typed)
}

// pickCountry returns the country that a person means; else it says what was
// near.
func (c *commands) pickCountry(typed string) (Country, error) {
	one, near, ok := meantCountry(c.countries.Countries(), typed)
	switch {
	case ok:
		return one, nil
	case len(near) == 0:
		return Country{}, &Error{Code: NotFound, Message: message.Format("I don't know the country “%s”. Pick one from the list that appears while you type.", typed)}
	}
	return Country{}, &Error{Code: NotFound, Message: message.Format("I don't know the country “%s”. Did you mean %s?", typed, proposal(near))}
}

// countryName is a country's name, or its code where there is none.
func (c *commands) countryName(code string) string {
	for _, s := range c.countries.Countries() {
		if s.Code == code {
			return s.Name
		}
	}
	return code
}

// noCountries knows no country.
type noCountries struct{}

func (noCountries) Countries() []Country { return nil }

func (noCountries) Names(report.Report, string) bool { return false }
