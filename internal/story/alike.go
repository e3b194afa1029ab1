package story

import (
	"math"
	"slices"

	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/topic"
)

// findAlike returns the story whose reports are most like r and enough so, with
// the rarest words in common; and the story that one of r's own would follow:
// one that is less alike, or that r answers. Of equals, the older one is taken.
func (x *Index) findAlike(r report.Report, g *gist, matches []topic.Match) (best tally, follows ID) {
	if g.genre&gathers != 0 {
		return best, 0
	}
	l := x.terms.look(r.Language, r.Seen)
	most := joinAt
	nearest := l.usualBar() - followsAt // to follow hides nothing: what is rare need not be known
	tallies := x.tallies(l, g, matches)
	breaksNewest(tallies, matches, nearest)
	for _, t := range tallies {
		id := t.of.story.ID
		if t.near > nearest || t.near == nearest && follows != 0 && id < follows {
			follows, nearest = id, t.near
		}
		score := l.fit(g, t, tallies)
		if score > most || score == most && best.of != nil && id < best.of.story.ID {
			best, most = t, score
		}
	}
	return best, follows
}

// breaksNewest lets a report whose title tells of a breach carry on with what stands:
// where a story as near as that tells of a truce that holds, the breach is news beside
// it, and breaches that were told before that one was agreed are of another truce,
// however alike they are.
func breaksNewest(tallies []tally, matches []topic.Match, near float64) {
	for _, m := range matches {
		if !broken(m.Stage) || !titled(m) {
			continue
		}
		for i := range tallies {
			holds := &tallies[i]
			if holds.near <= near || !stands(holds.of.story.stage(m.Topic)) {
				continue
			}
			holds.most = unlike
			for j := range tallies {
				t := &tallies[j]
				if broken(t.of.story.stage(m.Topic)) && t.of.story.Updated.Before(holds.of.story.Opened) {
					t.most, t.near = unlike, unlike
				}
			}
		}
	}
}

// broken and stands tell by its stage whether an agreement is over or in doubt, or
// holds.
func broken(s topic.Stage) bool { return s == "violated" || s == "ended" }
func stands(s topic.Stage) bool { return s == "agreed" || s == "in-effect" || s == "extended" }

// bar is what a comparison must say before it speaks for one story: more the more
// reports are alike by chance, and while little is known of what is rare.
func (l look) bar() float64 { return l.usualBar() + scarceWeight*(1-l.known()) }

// usualBar is the bar once the reports seen tell what is rare.
func (l look) usualBar() float64 {
	return crowdWeight * l.crowd()
}

// crowd is how many times more than usual the reports of the last days are, as a
// logarithm.
func (l look) crowd() float64 { return max(0, math.Log(l.total/usualCrowd)) }

// known is from 0 to 1 how far the reports seen tell what is rare.
func (l look) known() float64 { return min(1, (l.total-background)/knownCrowd) }

// tallies compares g with the candidates, story by story.
func (x *Index) tallies(l look, g *gist, matches []topic.Match) []tally {
	var out []tally
	for _, m := range l.candidates(g) {
		like := l.compare(g, m.gist)
		stage := stageWeight * sameStages(matches, m.of.story)
		score, near := like.sum+stage, like.affair+stage
		if g.onlyFollows(m.gist) {
			score = unlike
		}
		i := slices.IndexFunc(out, func(t tally) bool { return t.of == m.of })
		if i < 0 {
			i = len(out)
			out = append(out, tally{of: m.of, most: math.Inf(-1), near: math.Inf(-1), leads: noLeads, apart: math.MaxInt64})
		}
		t := &out[i]
		t.told = append(t.told, m.gist)
		t.apart = min(t.apart, g.time.Sub(m.gist.time).Abs())
		t.near, t.leads = max(t.near, near), max(t.leads, like.leads)
		if score > t.most {
			t.most, t.words = score, like.words
		}
	}
	return out
}

// onlyFollows reports whether one of two reports is news beside the other
// however alike they are: an answer to what the other claims, or a piece that
// explains the affair.
func (g *gist) onlyFollows(o *gist) bool {
	return (g.genre|o.genre)&explains != 0 || g.answers != o.answers && !g.onlyConfirms(o)
}

// onlyConfirms reports whether all that parts two reports is that one tells who
// confirms what the other tells in its own voice: there is no claim that it answers.
func (g *gist) onlyConfirms(o *gist) bool {
	if g.answers == 0 {
		g, o = o, g
	}
	return g.answers == confirms && o.answers == 0 && !o.speaks
}
