package reading

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/feed/fetch"
	"github.com/attache-bot/attache/internal/source"
)

// Catalogue makes sources and feeds of a configured catalogue. usual is the
// interval of feeds that name none. Its error names every wrong entry and where
// it stands.
func Catalogue(list []config.Source, usual time.Duration) (*source.Catalogue, []feed.Feed, error) {
	var sources []source.Source
	var feeds []feed.Feed
	var errs []error
	for _, c := range list {
		s := source.Source{
			ID: source.ID(c.ID), Name: c.Name, Country: c.Country, Language: c.Language,
			Tier: source.Tier(c.Tier), Owner: c.Owner, StateControlled: c.StateControlled,
		}
		for _, w := range c.Wires {
			s.Wires = append(s.Wires, source.ID(w))
		}
		if err := s.Validate(); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", c.Where, err))
			continue
		}
		sources = append(sources, s)
		for _, f := range c.Feeds {
			if _, err := fetch.CheckURL(f.URL); err != nil {
				errs = append(errs, fmt.Errorf("%s: %q: %w", f.Where, f.URL, err))
				continue
			}
			feeds = append(feeds, feed.Feed{URL: f.URL, Source: s.ID, Every: cmp.Or(f.Every, usual)})
		}
	}
	if err := errors.Join(errs...); err != nil {
		return nil, nil, err
	}
	c, err := source.NewCatalogue(sources)
	return c, feeds, err
}

// LoadCatalogue reads and checks the sources and feeds that c asks for.
func LoadCatalogue(c config.Config) (*source.Catalogue, []feed.Feed, error) {
	list, err := config.LoadSources(c.Feeds)
	if err != nil {
		return nil, nil, err
	}
	return Catalogue(list, c.Poll.Interval)
}
