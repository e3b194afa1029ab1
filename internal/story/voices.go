package story

import (
	"slices"
	"time"

	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
)

// maxTellers bounds how many reports of one story are told apart as voices;
// further ones add none.
const maxTellers = 256

// Teller is one report of a story, as far as it matters to whose voice it is.
type Teller struct {
	Report report.ID
	Source source.ID
	// Texts are the identities of the report's text; none when it is too short
	// to have one.
	Texts []report.Key
	// At is when the report appeared.
	At time.Time
}

// teller is what r tells as.
func teller(r report.Report) Teller {
	t := Teller{Report: r.ID, Source: r.Source, At: r.Time()}
	for _, k := range r.Keys {
		if k.Kind() == report.KeyText {
			t.Texts = append(t.Texts, k)
		}
	}
	return t
}

// Voice is one independent teller of a story, with those who repeat it.
type Voice struct {
	// Source told it first, at First.
	Source source.ID
	First  time.Time
	// Others are outlets that told it too without being independent of the first:
	// they have its owner, share a wire with it, or carry its text. An outlet
	// stands in one voice only.
	Others []source.ID
	// texts are those of the voice's reports.
	texts []report.Key
}

// Voices counts who tells a story of his own knowledge. The reports are taken in
// their sequence: one is a new voice when its outlet has neither owner nor wire
// in common with the first outlet of any voice so far, and its text is in none
// of them. So more reports never make fewer voices. An outlet that the catalogue
// does not know stands alone.
//
// Where an outlet that carries two wires comes before both, they count as one
// voice with it: the doubt goes against corroboration.
func Voices(tellers []Teller, sources Sources) []Voice {
	var out []Voice
	for _, t := range tellers {
		s := known(sources, t.Source)
		i := slices.IndexFunc(out, func(v Voice) bool {
			return slices.ContainsFunc(t.Texts, func(k report.Key) bool { return slices.Contains(v.texts, k) }) ||
				tied(s, known(sources, v.Source))
		})
		if i >= 0 {
			out[i].join(t, out)
			continue
		}
		for j := range out { // it copied before, and speaks for itself now
			out[j].Others = slices.DeleteFunc(out[j].Others, func(id source.ID) bool { return id == t.Source })
		}
		out = append(out, Voice{Source: t.Source, First: t.At, texts: slices.Clone(t.Texts)})
	}
	return out
}

// Sources tells about outlets. [*source.Catalogue] is one.
type Sources interface {
	Get(id source.ID) (source.Source, bool)
}

func known(sources Sources, id source.ID) source.Source {
	if s, ok := sources.Get(id); ok {
		return s
	}
	return source.Source{ID: id}
}

// join adds a report to the voice, of all.
func (v *Voice) join(t Teller, all []Voice) {
	v.texts = append(v.texts, t.Texts...)
	for _, o := range all {
		if o.Source == t.Source || slices.Contains(o.Others, t.Source) {
			return
		}
	}
	v.Others = append(v.Others, t.Source)
}

// tied reports whether two outlets do not corroborate each other.
func tied(a, b source.Source) bool {
	return a.ID == b.ID ||
		a.Owner != "" && a.Owner == b.Owner ||
		slices.Contains(a.Wires, b.ID) || slices.Contains(b.Wires, a.ID) ||
		slices.ContainsFunc(a.Wires, func(w source.ID) bool { return slices.Contains(b.Wires, w) })
}
