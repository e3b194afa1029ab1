package story

import (
	"math"
	"math/bits"
	"slices"
	"time"
)

const (
	// actWindow is how far apart two reports of one act by one party may be.
	actWindow = 12 * time.Hour
	// actBackground is how many reports of a party are known before any is, and
	// actShare the share of them that tells an act.
	actBackground, actShare = 30, 0.06
	// mostActs is the most that the rarity of common acts counts.
	mostActs = 3
	// maxActors is how many of a title's parties an act is filed under.
	maxActors = 3
)

// deed is an act by or to a party.
type deed struct {
	act   int
	party string
}

// deeds holds the reports of the last days by the acts that their titles tell, and
// counts how often each party does what: in the days of a war everybody attacks, and
// that somebody gives up is what tells stories apart.
type deeds struct {
	by      map[deed]*done
	parties map[string]*dayCount
}

// done is what was told of one deed.
type done struct {
	days    dayCount
	members []*member
}

func newDeeds() deeds { return deeds{by: map[deed]*done{}, parties: map[string]*dayCount{}} }

// actors are the parties that the acts of a title are filed under.
func (g *gist) actors() []string { return g.parties[:min(len(g.parties), maxActors)] }

// each gives do the deeds that a title may tell.
func (g *gist) each(acts actSet, do func(deed)) {
	for ; acts != 0; acts &= acts - 1 {
		for _, p := range g.actors() {
			do(deed{bits.TrailingZeros64(uint64(acts)), p})
		}
	}
}

func (d deeds) add(m *member) {
	if m.gist.language != actsLanguage {
		return
	}
	for _, p := range m.gist.actors() {
		c := d.parties[p]
		if c == nil {
			c = &dayCount{}
			d.parties[p] = c
		}
		c.add(m.day)
	}
	m.gist.each(m.gist.acts, func(k deed) {
		t := d.by[k]
		if t == nil {
			t = &done{}
			d.by[k] = t
		}
		t.days.add(m.day)
		t.members = insert(t.members, m)
	})
}

// sweep forgets the reports for which old holds, and the parties that nobody has named
// since a day.
func (d deeds) sweep(old func(*member) bool, day int64) {
	for k, t := range d.by {
		if t.members = slices.DeleteFunc(t.members, old); len(t.members) == 0 {
			delete(d.by, k)
		}
	}
	for p, c := range d.parties {
		if c.since(day) == 0 {
			delete(d.parties, p)
		}
	}
}

// deedRarity is what it weighs that two reports tell one deed.
func (l look) deedRarity(k deed) float64 {
	of, has := float64(actBackground), actShare*actBackground
	if c := l.deeds.parties[k.party]; c != nil {
		of += float64(c.since(l.from))
	}
	if t := l.deeds.by[k]; t != nil {
		has += float64(t.days.since(l.from))
	}
	return math.Log(of / has)
}

// sameDeeds adds to the candidates the newest reports that tell an act of g.
func (l look) sameDeeds(g *gist, found []*member) []*member {
	g.each(g.acts, func(k deed) {
		t := l.deeds.by[k]
		if t == nil || g.language != actsLanguage {
			return
		}
		weight := l.deedRarity(k)
		for _, m := range slices.Backward(t.members[max(0, len(t.members)-maxUnder):]) {
			if g.time.Sub(m.gist.time).Abs() > actWindow {
				continue
			}
			if m.stamp != l.stamp {
				m.stamp, m.points, m.shares = l.stamp, 0, 0
			}
			m.points += weight
			if m.shares < minShared {
				m.shares = minShared
				found = append(found, m)
			}
		}
	})
	return found
}

// sameActs weighs the acts of two titles: those that both tell of one party, by how
// rare they are of that party, or that they tell different ones.
func (l look) sameActs(a, b *gist) float64 {
	both := a.acts & b.acts
	switch {
	case a.language != actsLanguage:
		return 0
	case both == 0 && a.acts != 0 && b.acts != 0 && !sameSpeaker(a, b):
		return otherActs
	case both == 0 || a.time.Sub(b.time).Abs() > actWindow:
		return noActs
	}
	sum, found := 0.0, false
	for ; both != 0; both &= both - 1 {
		best := 0.0
		a.each(both&-both, func(k deed) {
			if slices.Contains(b.actors(), k.party) {
				best, found = max(best, l.deedRarity(k)), true
			}
		})
		sum += best
	}
	if !found {
		return noActs
	}
	return actsWeight * min(mostActs, sum)
}
