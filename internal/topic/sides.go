package topic

import (
	"fmt"

	"github.com/attache-bot/attache/internal/gazetteer"
)

// setNames are the sets that the gazetteer fills in every language.
var setNames = map[gazetteer.Kind]string{
	gazetteer.State: "country", gazetteer.Leader: "leader", gazetteer.Body: "body", gazetteer.Group: "group", gazetteer.Place: "conflict-place",
}

// actorSets makes shared sets of the gazetteer's actors.
func actorSets(g *gazetteer.Gazetteer) *Shared {
	out := &Shared{Sets: map[string]map[string]Members{}, File: "gazetteer"}
	for _, lang := range g.Languages() {
		sets := map[string]Members{}
		for _, a := range g.Actors(lang) {
			for _, term := range a.Terms {
				sets[setNames[a.Kind]] = append(sets[setNames[a.Kind]], Pattern{Text: term})
			}
		}
		out.Sets[lang] = sets
	}
	return out
}

// sides makes a class of the names of each party.
func (c *compiler) sides(actors []gazetteer.Actor) {
	terms := map[string][]phrase{}
	c.prog.codes = []string{""}
	for _, a := range actors {
		if terms[a.Side] == nil {
			c.prog.codes = append(c.prog.codes, a.Side)
		}
		for _, term := range a.Terms {
			p, err := parsePhrase(term)
			if err != nil {
				c.errs = append(c.errs, fmt.Errorf("gazetteer: %s: %w", a.Code, err))
				continue
			}
			terms[a.Side] = append(terms[a.Side], p)
		}
	}
	for i, code := range c.prog.codes[1:] {
		class := c.class(terms[code])
		for int(class) >= len(c.prog.sideOf) {
			c.prog.sideOf = append(c.prog.sideOf, 0)
		}
		c.prog.sideOf[class] = uint16(i + 1)
		if code == "" {
			c.prog.nobody = uint16(i + 1)
		}
	}
}

// findSides finds the parties that the report names, and the first two different
// ones of title and opening. A name inside a longer one, "Korea" in "North
// Korea", does not count.
func (s *scan) findSides() {
	s.named, s.parties, s.partyAt, s.someone = s.named[:0], [2]uint16{}, [2]span{}, false
	covered := int32(0)
	for pos := range s.bounds[3] {
		if pos < covered {
			continue
		}
		var side uint16
		size := int32(0)
		for _, e := range s.entries[s.starts[pos]:s.starts[pos+1]] {
			if int(e.class) < len(s.prog.sideOf) && s.prog.sideOf[e.class] != 0 && e.size > size {
				side, size = s.prog.sideOf[e.class], e.size
			}
		}
		if side == 0 {
			continue
		}
		covered = pos + size
		if side == s.prog.nobody {
			s.someone = true
		} else {
			s.named = append(s.named, named{span{pos, covered}, side})
		}
	}
	n := 0
	for _, p := range s.named {
		if n == 2 || p.start >= min(s.bounds[2], s.bounds[1]+openingTokens) {
			return
		}
		if n == 0 || s.parties[0] != p.side {
			s.parties[n], s.partyAt[n] = p.side, p.span
			n++
		}
	}
}

// weighSides adds what the number of parties is worth to the topic.
func (s *scan) weighSides(r *rules, v *Verdict) {
	switch {
	case s.parties[0] == 0 && !s.someone:
		v.Score += r.sides.None
	case s.parties[0] == 0:
		v.Score += r.sides.Lone
	case s.parties[1] == 0:
		v.Score += r.sides.Lone
		if r.sides.Lone != 0 {
			rule := "the only party: " + s.prog.codes[s.parties[0]]
			v.Evidence = append(v.Evidence, s.evidence(Party, &pattern{src: rule}, s.partyAt[0], r.sides.Lone))
		}
	}
}
