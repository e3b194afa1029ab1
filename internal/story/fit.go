package story

import (
	"math"
	"time"
)

// How well a report fits into a story, beside what the report that is most alike says
// by itself. The weights were fitted on labelled reports, story by story, and then
// rounded; their sum is about the logarithm of the odds.
const (
	fitBase = -1.3
	// nearestWeight weighs the report that is most alike, by how far it stands above
	// the bar of its day.
	nearestWeight = 0.3
	// marginWeight weighs by how much it is more alike than those of all other
	// stories: what is as much like two stories has only their affair in common.
	marginWeight = 0.5
	// stillWeight weighs the time since the nearest of the story's reports, by the
	// logarithm of its hours: a development is told by all within a few of them.
	stillWeight = -0.8
	// oldWeight weighs how long the story has been told beyond freshFor, by the logarithm
	// of its hours: affairs last for days, and what is told on the next day is mostly news.
	oldWeight = -0.5
	freshFor  = 12 * time.Hour
	// crowdedWeight is what crowdWeight is for a comparison.
	crowdedWeight = -0.8
	// underWeight weighs the likeness of the description to that of the story which is
	// most like it, by how far it is above usualLeads: outlets choose their titles, and tell
	// below them what happened. noLeads stands for the likeness where there is no description.
	underWeight = 4.0
	usualLeads  = 0.12
	noLeads     = -1
	// openingsWeight weighs how much of how the title begins the story's titles begin with
	// too: headlines put first whom they are about.
	openingsWeight = 1.0
	// voiceWeight weighs the share of the story's titles that have the same person speak:
	// of one address outlets choose different words.
	voiceWeight = 2.0
	// wholeWeight weighs the likeness of the report to all that the story tells.
	wholeWeight = 7.0
	// unknownWeight is what is added where no report is known, and less the more are,
	// as with scarceWeight: all words of a report look rare then.
	unknownWeight = -4.0
	// leastAlike is how far above the bar the report that is most alike must stand for
	// the story to come into question: look-alikes are much like each other as a whole.
	leastAlike = -1.0
	// noStory stands for the other stories where there is none.
	noStory = -3.0
)

// tally is what the reports of one story say of a new one.
type tally struct {
	of *entry
	// most is what the one that is most alike says.
	most float64
	// near is what the one that is most alike says when it does not matter that the new
	// one answers it, or has its news behind "after".
	near float64
	// leads is how much a description is like the new one's at most; noLeads for none.
	leads float64
	// told are the story's reports that were compared, apart is the time to the
	// nearest of them.
	told  []*gist
	apart time.Duration
	// words are the rarest words in common with the one that is most alike.
	words [rarest]*term
}

// fit weighs whether g belongs to the story of t, which is one of all that it may
// belong to. From [joinAt] on it does.
func (l look) fit(g *gist, t tally, all []tally) float64 {
	top := t.most - l.bar()
	if top < leastAlike {
		return unlike
	}
	others := math.Exp(noStory)
	for _, o := range all {
		if o.of != t.of {
			others += math.Exp(o.most - l.bar())
		}
	}
	return fitBase +
		nearestWeight*top +
		marginWeight*(top-math.Log(others)) +
		stillWeight*math.Log1p(t.apart.Hours()) +
		oldWeight*math.Log1p(max(0, g.time.Sub(t.of.story.Opened)-freshFor).Hours()) +
		crowdedWeight*l.crowd() +
		t.under() +
		t.titles(g) +
		wholeWeight*l.whole(g, t.told) +
		unknownWeight*(1-l.known())
}

// under weighs the descriptions, where there are any.
func (t tally) under() float64 {
	if t.leads == noLeads {
		return 0
	}
	return underWeight * (t.leads - usualLeads)
}

// titles weighs what the title has in common with all those of the story.
func (t tally) titles(g *gist) float64 {
	openings, voices := 0.0, 0.0
	for _, o := range t.told {
		openings += g.beginsAs(o)
		if sameSpeaker(g, o) {
			voices++
		}
	}
	return (openingsWeight*openings + voiceWeight*voices) / float64(len(t.told))
}

// whole is the likeness of a report to what several tell together: a word counts by
// how rare it is, and the more, the more of them have it.
func (l look) whole(g *gist, told []*gist) float64 {
	l.counted++
	for _, o := range told {
		for _, w := range o.words {
			if w.term.counted != l.counted {
				w.term.counted, w.term.count = l.counted, 0
			}
			w.term.count++
		}
	}
	var c cosine
	for _, w := range g.words {
		if w.term.counted != l.counted {
			c.add(l.rarity(w.term), 0)
			continue
		}
		c.add(l.rarity(w.term), l.rarity(w.term)*math.Sqrt(float64(w.term.count)))
		w.term.count = 0
	}
	for _, o := range told {
		for _, w := range o.words {
			c.add(0, l.rarity(w.term)*math.Sqrt(float64(w.term.count)))
			w.term.count = 0
		}
	}
	return c.value()
}
