package story

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
	"time"

	"github.com/attache-bot/attache/internal/report"
)

const (
	// alikeDays is how many days a report's words count, the day that it was seen
	// on included; the day begins at midnight UTC. Stories stay open for longer
	// than that, so that a restored index has the same reports.
	alikeDays = 3
	// background is how many reports' worth of usual words is known before any
	// report is.
	background = 150
	// maxRarity bounds what a word weighs: rarer than one in four hundred is as
	// good as rarest, whatever the number of reports.
	maxRarity = 6
	minRarity = 0.05
	// conceptBackground is how many reports' worth of concepts is known before any
	// report is, and conceptShare the share of them that names a concept.
	conceptBackground, conceptShare = 60, 0.02
	// maxLookups is by how many of its rarest words a report is looked up,
	// maxUnder how many of the newest reports are looked at under each, and
	// maxCompared how many are compared in full. Together they bound what placing
	// a report costs, however many stories are open.
	maxLookups, maxUnder, maxCompared = 12, 24, 16
	// minShared is how many of those words two reports must share.
	minShared = 2
)

// terms holds the words of the last days' reports, and the reports by their
// words.
type terms struct {
	lexicon *lexicon
	// all are the terms by language and stem.
	all map[termKey]*term
	// seen counts the reports of each language by the day that they were seen on.
	seen map[string]*dayCount
	// concepts count the reports whose title names each concept.
	concepts [maxConcepts]dayCount
	// deeds find them by the acts that they tell.
	deeds deeds
	// members are the reports of the last days, in sequence.
	members []*member
	stamp   uint64
	counted uint64
}

type termKey struct{ language, word string }

// term is a word of one language.
type term struct {
	word     string
	language string
	// usual is the share of reports that have it before any is known.
	usual float64
	days  dayCount
	// members are the reports that have it, in sequence.
	members []*member
	// weighed says for which look-up weight holds.
	weighed uint64
	weight  float64
	// counted says for which count of a story's words count holds.
	counted uint64
	count   int
}

// member is a report of a story.
type member struct {
	id   report.ID
	day  int64
	gist *gist
	of   *entry
	// stamp says for which look-up points and shares hold.
	stamp  uint64
	points float64
	shares int
}

// dayCount counts by day: the last ones, and some that a clock ahead of time has
// brought.
type dayCount struct {
	days   [alikeDays + 3]int64
	counts [alikeDays + 3]int32
}

func dayOf(t time.Time) int64 { return t.Unix() / int64(24*time.Hour/time.Second) }

// add counts one. A day that later ones have pushed out does not count.
func (c *dayCount) add(day int64) {
	n := int64(len(c.days))
	i := (day%n + n) % n
	switch held := c.counts[i] > 0; {
	case held && c.days[i] > day:
		return
	case !held || c.days[i] < day:
		c.days[i], c.counts[i] = day, 0
	}
	c.counts[i]++
}

// since counts from a day on.
func (c *dayCount) since(day int64) int {
	n := 0
	for i, d := range c.days {
		if d >= day && c.counts[i] > 0 {
			n += int(c.counts[i])
		}
	}
	return n
}

func newTerms() *terms {
	return &terms{lexicon: words(), all: map[termKey]*term{}, seen: map[string]*dayCount{}, deeds: newDeeds()}
}

// get returns the term of a word, which is new when no report has had it.
func (x *terms) get(word, language string) *term {
	k := termKey{language, word}
	t := x.all[k]
	if t == nil {
		t = &term{word: word, language: language}
		if language == "en" {
			t.usual = x.lexicon.usual[word]
		}
		x.all[k] = t
	}
	return t
}

// look is one report's look at the others: what they weigh depends on the day.
type look struct {
	*terms
	from  int64
	total float64
}

// look begins a look-up for a report of a language that was seen at now.
func (x *terms) look(language string, now time.Time) look {
	l := look{terms: x, from: dayOf(now) - alikeDays + 1, total: background + 1}
	if c := x.seen[language]; c != nil {
		l.total += float64(c.since(l.from))
	}
	x.stamp++
	return l
}

// rarity is what a word weighs: the logarithm of one in how many reports has it.
func (l look) rarity(t *term) float64 {
	if t.weighed != l.stamp {
		t.weighed = l.stamp
		has := 1.5 + t.usual*background + float64(t.days.since(l.from))
		t.weight = min(max(math.Log(l.total/has), minRarity), maxRarity)
	}
	return t.weight
}

// conceptRarity is what the concepts of a set weigh together: in the days of a
// mutiny everybody tells of it, and that somebody halts is what tells stories
// apart.
func (l look) conceptRarity(set uint64) float64 {
	sum := 0.0
	for ; set != 0; set &= set - 1 {
		c := &l.concepts[bits.TrailingZeros64(set)]
		has := 2 + conceptShare*conceptBackground + float64(c.since(l.from))
		sum += min(max(math.Log((l.total-background-1+conceptBackground)/has), minRarity), maxRarity)
	}
	return sum
}

// candidates returns the reports that share the rarest words with g, those that
// share most of them first.
func (l look) candidates(g *gist) []*member {
	rare := make([]*term, 0, len(g.words))
	for _, w := range g.words {
		if w.term.days.since(l.from) > 0 {
			rare = append(rare, w.term)
		}
	}
	slices.SortStableFunc(rare, func(a, b *term) int { return cmp.Compare(l.rarity(b), l.rarity(a)) })
	var found []*member
	for _, t := range rare[:min(maxLookups, len(rare))] {
		left, weight := maxUnder, l.rarity(t)
		for i := len(t.members) - 1; i >= 0 && left > 0; i-- {
			m := t.members[i]
			if m.day < l.from {
				continue
			}
			left--
			if m.stamp != l.stamp {
				m.stamp, m.points, m.shares = l.stamp, 0, 0
			}
			m.points += weight
			if m.shares++; m.shares == minShared {
				found = append(found, m)
			}
		}
	}
	found = l.sameDeeds(g, found)
	slices.SortFunc(found, func(a, b *member) int {
		return cmp.Or(cmp.Compare(b.points, a.points), cmp.Compare(b.id, a.id))
	})
	return found[:min(maxCompared, len(found))]
}

// add files a report under its words.
func (x *terms) add(m *member) {
	c := x.seen[m.gist.language]
	if c == nil {
		c = &dayCount{}
		x.seen[m.gist.language] = c
	}
	c.add(m.day)
	for set := m.gist.told; set != 0; set &= set - 1 {
		x.concepts[bits.TrailingZeros64(set)].add(m.day)
	}
	x.members = insert(x.members, m)
	x.deeds.add(m)
	for _, w := range m.gist.words {
		w.term.days.add(m.day)
		w.term.members = insert(w.term.members, m)
	}
}

// drop forgets what only a report has that is not added.
func (x *terms) drop(g *gist) {
	for _, w := range g.words {
		if len(w.term.members) == 0 {
			delete(x.all, termKey{w.term.language, w.term.word})
		}
	}
}

// insert keeps reports in sequence; a new one is mostly the last.
func insert(ms []*member, m *member) []*member {
	if n := len(ms); n == 0 || ms[n-1].id < m.id {
		return append(ms, m)
	}
	i, _ := slices.BinarySearchFunc(ms, m, func(a, b *member) int { return cmp.Compare(a.id, b.id) })
	return slices.Insert(ms, i, m)
}

// sweep removes the reports that are too old to be looked up, with a day to
// spare for a clock that goes back.
func (x *terms) sweep(now time.Time) {
	day := dayOf(now) - alikeDays
	old := func(m *member) bool { return m.day < day }
	touched := map[*term]bool{}
	for _, m := range x.members {
		if old(m) {
			for _, w := range m.gist.words {
				touched[w.term] = true
			}
		}
	}
	x.members = slices.DeleteFunc(x.members, old)
	for t := range touched {
		if t.members = slices.DeleteFunc(t.members, old); len(t.members) == 0 {
			delete(x.all, termKey{t.language, t.word})
		}
	}
	x.deeds.sweep(old, day)
	for language, c := range x.seen {
		if c.since(day) == 0 {
			delete(x.seen, language)
		}
	}
}
