package operator

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/feed/fetch"
	"github.com/attache-bot/attache/internal/reading"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/text"
)

// FeedsChosen say which of the catalogue is meant. What is empty leaves nothing
// out; a feed must fit each of the others.
type FeedsChosen struct {
	// Only are ids of sources and addresses of feeds. An address need not be in
	// the catalogue.
	Only []string
	// Countries are codes as sources have them, Languages too; in any case.
	Countries, Languages []string
}

// listed is a feed as it stands in the catalogue, or an address outside it.
type listed struct {
	source config.Source // empty outside the catalogue
	feed   config.Feed
}

// chosenSources reads and checks the catalogue and returns the sources that are
// chosen, in its order. Addresses choose the source that they are a feed of, and
// then that feed only; those of no source are strangers.
func chosenSources(c config.Config, chosen FeedsChosen) (list []config.Source, strangers []string, err error) {
	all, err := config.LoadSources(c.Feeds)
	if err != nil {
		return nil, nil, err
	}
	if _, _, err := reading.Catalogue(all, c.Poll.Interval); err != nil {
		return nil, nil, err
	}
	if list, strangers, err = named(all, chosen.Only); err != nil {
		return nil, nil, err
	}
	countries, err := codes(chosen.Countries, "country", "GB", strings.ToUpper, source.IsCountry)
	if err != nil {
		return nil, nil, err
	}
	languages, err := codes(chosen.Languages, "language", "en", strings.ToLower, source.IsLanguage)
	if err != nil {
		return nil, nil, err
	}
	list = slices.DeleteFunc(list, func(s config.Source) bool {
		return len(countries) > 0 && !slices.Contains(countries, s.Country) ||
			len(languages) > 0 && !slices.Contains(languages, s.Language)
	})
	if len(list)+len(strangers) == 0 {
		return nil, nil, errors.New("no source of the catalogue fits; attache feeds list shows all of them")
	}
	return list, strangers, nil
}

// named returns the sources that the words name; no words name all.
func named(all []config.Source, words []string) (list []config.Source, strangers []string, err error) {
	if len(words) == 0 {
		return all, nil, nil
	}
	picked := map[string][]config.Feed{} // by id of source
	for _, w := range words {
		i := slices.IndexFunc(all, func(s config.Source) bool { return s.ID == w })
		if i >= 0 {
			picked[w] = all[i].Feeds
			continue
		}
		s, f, ok := byAddress(all, w)
		switch {
		case ok && !slices.Contains(picked[s.ID], f):
			picked[s.ID] = append(slices.Clip(picked[s.ID]), f)
		case ok:
		case strings.Contains(w, "://"):
			if _, err := fetch.CheckURL(w); err != nil {
				return nil, nil, fmt.Errorf("%q is no address that can be polled: give http:// or https://, without a password", text.Clean(w))
			}
			strangers = append(strangers, w)
		default:
			return nil, nil, fmt.Errorf("there is no source %q: give an id that attache feeds list shows, or the address of a feed", text.Clean(w))
		}
	}
	for _, s := range all {
		if feeds, ok := picked[s.ID]; ok {
			s.Feeds = feeds
			list = append(list, s)
		}
	}
	return list, strangers, nil
}

func byAddress(all []config.Source, address string) (config.Source, config.Feed, bool) {
	for _, s := range all {
		for _, f := range s.Feeds {
			if f.URL == address {
				return s, f, true
			}
		}
	}
	return config.Source{}, config.Feed{}, false
}

// codes brings codes into the form of the catalogue and refuses what is none.
func codes(words []string, what, example string, form func(string) string, ok func(string) bool) ([]string, error) {
	out := make([]string, len(words))
	for i, w := range words {
		if out[i] = form(w); !ok(out[i]) {
			return nil, fmt.Errorf("%q is no %s: give a code such as %s", text.Clean(w), what, example)
		}
	}
	return out, nil
}

// feedsOf are the feeds of the sources and the strangers, in that order.
func feedsOf(list []config.Source, strangers []string) []listed {
	var out []listed
	for _, s := range list {
		for _, f := range s.Feeds {
			out = append(out, listed{source: s, feed: f})
		}
	}
	for _, address := range strangers {
		out = append(out, listed{feed: config.Feed{URL: address}})
	}
	return out
}
