package story

import (
	"slices"
	"strings"
	"time"

	"github.com/attache-bot/attache/internal/topic"
)

// Parties returns the codes of the parties that a title names, in order and each
// once; the codes are the same in every language.
type Parties func(language, title string) []string

// partiesWindow is how far apart two reports in two languages may be that tell
// of one development.
const partiesWindow = 12 * time.Hour

// manyParties is from how many parties on the same ones in one headline are no
// accident.
const manyParties = 3

// settles reports whether a stage is one that parties come to once, and not, like
// a strike or a breach, several times a day.
func settles(s topic.Stage) bool {
	return slices.Contains([]topic.Stage{"agreed", "in-effect", "extended", "ended", "rejected", "decided"}, s)
}

// telling is whom a report's title names, for reports in other languages.
type telling struct {
	language string
	parties  int
	time     time.Time
	of       *entry
}

// partiesKey is equal for titles with the same parties, the same one first, and
// the same numbers; empty for fewer than two parties.
func partiesKey(parties []string, t *title) string {
	if len(parties) < 2 {
		return ""
	}
	sorted := slices.Sorted(slices.Values(parties))
	return parties[0] + ":" + strings.Join(sorted, ",") + ":" + strings.Join(t.numbers, ",")
}

// findParties returns the newest open story that another language tells of the
// same parties, at the same stage of the same topic, at about the same time.
func (x *Index) findParties(g *gist, matches []topic.Match, open func(*entry) bool) *entry {
	if len(matches) == 0 {
		return nil
	}
	var best *entry
	for _, o := range x.tellings[partiesKey(g.parties, g.title)] {
		gap := g.time.Sub(o.time).Abs()
		if o.language == g.language || gap > partiesWindow || !open(o.of) || !sameStage(o.of.story, matches, o.parties) {
			continue
		}
		if best == nil || o.of.story.ID > best.story.ID {
			best = o.of
		}
	}
	return best
}

// sameStage reports whether a story stands at the stage of one of the matches.
// Two parties alone are enough only for what is settled once.
func sameStage(s Story, matches []topic.Match, parties int) bool {
	return slices.ContainsFunc(matches, func(m topic.Match) bool {
		return m.Alerts() && m.Stage != "" && (parties >= manyParties || settles(m.Stage)) &&
			slices.Contains(s.Topics, TopicStage{Topic: m.Topic, Stage: m.Stage})
	})
}

// learnParties files a title under its parties.
func (x *Index) learnParties(e *entry, g *gist) {
	key := partiesKey(g.parties, g.title)
	if key == "" || slices.ContainsFunc(x.tellings[key], func(o *telling) bool { return o.of == e && o.language == g.language }) {
		return
	}
	x.tellings[key] = append(x.tellings[key], &telling{language: g.language, parties: len(g.parties), time: g.time, of: e})
	if !slices.Contains(e.tellings, key) {
		e.tellings = append(e.tellings, key)
	}
}

// forgetParties takes out what a closed story was filed under.
func (x *Index) forgetParties(e *entry) {
	for _, key := range e.tellings {
		left := slices.DeleteFunc(x.tellings[key], func(o *telling) bool { return o.of == e })
		if len(left) == 0 {
			delete(x.tellings, key)
			continue
		}
		x.tellings[key] = left
	}
}
