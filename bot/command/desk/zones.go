package desk

import (
	"slices"
	"strings"
	"time"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/suggest"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/digest"
	"github.com/attache-bot/attache/internal/text"
)

// Zone is a time zone as a choice: by its name, with what clocks show there, and by
// other names that people have for it.
type Zone struct {
	ID, Title string
	Aliases   []string
}

// Names implements [suggest.Named].
func (z Zone) Names() suggest.Names {
	return suggest.Names{ID: z.ID, Title: z.Title, Aliases: z.Aliases}
}

// Zones are all time zones as people look for them: by city, and where that is a
// capital, by all names of city and country that are known.
func (d *Desk) Zones(q interaction.Request) []Zone {
	called := map[string][]string{}
	for _, c := range d.States(q.Speaker) {
		names := append(slices.Clip(c.Aliases), c.Name)
		for _, n := range names {
			called[text.Fold(n)] = names
		}
	}
	names := digest.Zones()
	out := make([]Zone, 0, len(names))
	for _, n := range names {
		z := Zone{ID: n, Title: n}
		if loc, err := digest.Zone(n); err == nil {
			z.Title = q.Plain("time.zone", wording.Args{"zone": n, "time": q.Now.In(loc).Format("15:04")})
		}
		written := n[strings.LastIndexByte(n, '/')+1:]
		city := strings.ReplaceAll(written, "_", " ")
		z.Aliases = append([]string{city, written}, called[text.Fold(city)]...)
		out = append(out, z)
	}
	return out
}

// PickZone returns the time zone that a person means, by its name, a city or a country,
// and false where that is not clear.
func (d *Desk) PickZone(q interaction.Request, typed string) (*time.Location, bool) {
	if loc, err := digest.Zone(typed); err == nil {
		return loc, true
	}
	all, folded := d.Zones(q), suggest.Folded(typed)
	is := func(name string) bool { return folded != "" && text.Fold(name) == folded }
	meant := slices.DeleteFunc(slices.Clone(all), func(z Zone) bool { return !slices.ContainsFunc(z.Aliases, is) })
	if len(meant) == 0 {
		meant, _ = suggest.Fitting(all, typed)
	}
	if i := slices.IndexFunc(meant, func(z Zone) bool { return is(z.Aliases[0]) }); i >= 0 {
		meant = append(meant, meant[i])
	}
	var one *time.Location // the last of several: new names come later
	for _, z := range meant {
		loc, err := digest.Zone(z.ID)
		if err != nil || one != nil && !sameClocks(one, loc, q.Now) {
			return nil, false
		}
		one = loc
	}
	return one, one != nil
}

// sameClocks reports whether clocks of two zones show the same over a year: some zones
// have an old name beside the new one, such as Europe/Kiev and Europe/Kyiv.
func sameClocks(a, b *time.Location, from time.Time) bool {
	for month := range 12 {
		at := from.AddDate(0, month, 0)
		_, one := at.In(a).Zone()
		if _, other := at.In(b).Zone(); one != other {
			return false
		}
	}
	return true
}
