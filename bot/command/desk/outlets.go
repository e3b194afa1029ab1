package desk

import (
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/suggest"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
)

// OutletChoice is an outlet as people look for it.
type OutletChoice struct {
	source.Source
	country string
}

// Names implements [suggest.Named]. A country's name finds its outlets.
func (o OutletChoice) Names() suggest.Names {
	return suggest.Names{ID: string(o.ID), Title: o.Name, Description: o.country, Aliases: []string{o.Country}}
}

// Outlets are all outlets as people look for them.
func (d *Desk) Outlets(in wording.Speaker) []OutletChoice {
	all := d.Sources.All()
	out := make([]OutletChoice, len(all))
	for i, s := range all {
		out[i] = OutletChoice{s, message.CountryName(s.Country, in)}
	}
	return out
}

// PickSource returns the outlet that a person means; else it says what was near.
func (d *Desk) PickSource(typed string, in wording.Speaker) (source.Source, error) {
	if s, ok := d.Sources.Get(source.ID(typed)); ok {
		return s, nil
	}
	one, near, ok := suggest.Meant(d.Outlets(in), typed)
	switch {
	case ok:
		return one.Source, nil
	case len(near) == 0:
		return source.Source{}, interaction.Refuse(interaction.NotFound, "outlets.unknown", wording.Args{"typed": typed})
	}
	return source.Source{}, interaction.Refuse(interaction.NotFound, "outlets.near", wording.Args{"typed": typed, "near": suggest.Proposal(near)})
}

// SourceName is an outlet's name, or its id where the catalogue has it no more.
func (d *Desk) SourceName(id source.ID) string {
	if s, ok := d.Sources.Get(id); ok {
		return s.Name
	}
	return string(id)
}

// Sources tells about outlets. [*source.Catalogue] is one.
type Sources interface {
	Get(id source.ID) (source.Source, bool)
	// All returns every outlet, in the order to show them.
	All() []source.Source
}

// Outlet is what people are told of who published a report.
func (d *Desk) Outlet(r report.Report) alert.Outlet {
	s, ok := d.Sources.Get(r.Source)
	if !ok {
		return alert.Outlet{Name: string(r.Source)}
	}
	return alert.Outlet{Name: s.Name, Tier: s.Tier, Country: s.Country, StateControlled: s.StateControlled}
}
