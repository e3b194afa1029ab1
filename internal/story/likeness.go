package story

import (
	"math"
	"slices"
	"time"

	"github.com/attache-bot/attache/internal/topic"
)

// What speaks for two reports telling of one development, and what against it.
// The weights were fitted on pairs of labelled reports and then rounded; their
// sum is about the logarithm of the odds.
const (
	baseWeight     = -7.35
	wordsWeight    = 3.8   // the likeness of all words, those of titles first
	leadsWeight    = 4.6   // that of the descriptions
	acrossWeight   = 2.7   // that of each title to the other's text
	rareWeight     = 0.22  // the rarity of the rarest words that both have
	conceptsWeight = 0.4   // the rarity of what happens, where both titles say it
	partiesWeight  = 0.6   // the share of the same parties in the titles
	stageWeight    = 0.6   // the same topic, and the same stage of it
	gapWeight      = -5.2  // the time between them, in parts of fullGap
	asksWeight     = -1.0  // either is a forecast or weighs an event
	musesWeight    = -0.5  // either has the words or the form of an analysis
	bareWeight     = 1.0   // one has no description, so that those cannot be alike
	outletWeight   = -0.6  // an outlet seldom tells one thing twice
	openingWeight  = 0.8   // the share of the same words where the titles begin
	numbersWeight  = 2.6   // the same number
	fewWeight      = 1.3   // the same number, of one digit: every day has its three dead
	actsWeight     = 0.7   // the rarity of the acts that both titles tell of one party
	otherActs      = -1.0  // the titles tell different acts
	noActs         = -0.15 // either tells none, or one speaks of several things
	speakerWeight  = 0.5   // one person speaks, at about the same time
	behindWeight   = -2.5  // the share of the common words that one title has behind "after"
	namesWeight    = -0.06 // the rarity of names that only one of them has
)

const (
	// joinAt is how well a report must fit into a story to join it.
	joinAt = 0.0
	// crowdWeight is how much more a comparison must say for each time that the
	// reports of the last days are e times usualCrowd: the more there are, the more
	// of them are alike by chance.
	crowdWeight = 0.5
	usualCrowd  = 400
	// scarceWeight is how much more where no report is known, and less the more are,
	// up to knownCrowd: until then nothing tells how rare a word is, and what is
	// said every day looks rare.
	scarceWeight = 2.3
	knownCrowd   = 40
	// followsAt is how far below the bar a comparison may stay and a report still
	// open a story that follows the other.
	followsAt = 1.5
	// unlike is the least that one comparison says.
	unlike = -4
)

const (
	// leadShare is what a word of the description weighs; one of the title is 1.
	leadShare = 0.4
	// nameBoost is how much more a name weighs.
	nameBoost = 1.3
	// fullGap is the time that costs all of gapWeight.
	fullGap = 48 * time.Hour
	// mostConcepts is the most that the rarity of common concepts counts.
	mostConcepts = 4.5
	// rarest is how many of the rarest words count.
	rarest = 3
	// lookAlike is the share of common title words from which on two names, of
	// which either title lacks one, tell two developments apart, and twins that
	// from which any two words do.
	lookAlike, twins = 0.8, 0.9
	// sameLead is from which likeness of their descriptions on two reports tell one thing,
	// in whatever order their titles name the parties; someLead that which two titles of
	// a few words must have below them.
	sameLead, someLead = 0.9, 0.1
	// sameAcross is how much of a title an outlet's text has at least when it tells the same.
	sameAcross = 0.3
)

// evidence gathers what two reports have in common, word by word.
type evidence struct {
	look look
	// all and leads compare all words and those of the descriptions; the others
	// are squares of what the titles weigh, and products with the other's text.
	all, leads            cosine
	titleLeft, titleRight float64
	toText, toTitle       float64
	// titles is how many words are in both titles, mixed how many are in both
	// reports and at least one title.
	titles, mixed int
	// ahead is the rarity of the words that both titles have in main clauses, behind
	// that of those which one has there and the other behind "after".
	ahead, behind float64
	// lone is the rarity of the names of either title that the other report lacks.
	loneLeft, loneRight float64
	// namedLeft and namedRight say that a title has a word, not written small,
	// that the other report lacks.
	namedLeft, namedRight bool
	// best are the rarities of the rarest shared words, the rarest first, and
	// those words.
	best  [rarest]float64
	words [rarest]*term
}

// cosine is the likeness of two lists of weights.
type cosine struct{ both, left, right float64 }

func (c *cosine) add(left, right float64) {
	c.both += left * right
	c.left += left * left
	c.right += right * right
}

func (c cosine) value() float64 { return ratio(c.both, math.Sqrt(c.left*c.right)) }

// ratio is a in parts of b; 0 when there is nothing to take parts of.
func ratio[N int | float64](a, b N) float64 {
	if b <= 0 {
		return 0
	}
	return float64(a) / float64(b)
}

// across is how much each title is in the other's text.
func (e *evidence) across() float64 {
	return ratio(e.toText, math.Sqrt(e.titleLeft*e.all.right)) + ratio(e.toTitle, math.Sqrt(e.titleRight*e.all.left))
}

// weights are what a word weighs in the title, in all, and in the description.
func (e *evidence) weights(w gistWord) (title, all, lead float64) {
	v := e.look.rarity(w.term)
	if w.is(inLead) {
		lead = v
	}
	if w.name() {
		v *= nameBoost
	}
	if w.is(inTitle) {
		return v, v, lead
	}
	return 0, v * leadShare, lead
}

// left and right take in a word that only one report has.
func (e *evidence) left(w gistWord) {
	title, all, lead := e.weights(w)
	e.all.add(all, 0)
	e.leads.add(lead, 0)
	e.titleLeft += title * title
	e.namedLeft = e.namedLeft || title > 0 && !w.is(small)
	if title > 0 && w.name() {
		e.loneLeft += e.look.rarity(w.term)
	}
}

func (e *evidence) right(w gistWord) {
	title, all, lead := e.weights(w)
	e.all.add(0, all)
	e.leads.add(0, lead)
	e.titleRight += title * title
	e.namedRight = e.namedRight || title > 0 && !w.is(small)
	if title > 0 && w.name() {
		e.loneRight += e.look.rarity(w.term)
	}
}

// shared takes in a word that both have.
func (e *evidence) shared(a, b gistWord) {
	at, aa, al := e.weights(a)
	bt, ba, bl := e.weights(b)
	e.all.add(aa, ba)
	e.leads.add(al, bl)
	e.titleLeft += at * at
	e.titleRight += bt * bt
	e.toText += at * ba
	e.toTitle += aa * bt
	if at > 0 && bt > 0 {
		e.titles++
		e.place(a, b)
	}
	if at == 0 && bt == 0 {
		return
	}
	e.mixed++
	r, t := e.look.rarity(a.term), a.term
	for i := range e.best {
		if r > e.best[i] {
			e.best[i], r = r, e.best[i]
			e.words[i], t = t, e.words[i]
		}
	}
}

// place takes in where two titles have a word.
func (e *evidence) place(a, b gistWord) {
	switch r := e.look.rarity(a.term); {
	case a.is(inMain) && b.is(inMain):
		e.ahead += r
	case a.is(inMain) != b.is(inMain):
		e.behind += r
	}
}

// gather walks the words of both, which are in order.
func (l look) gather(a, b *gist) evidence {
	e := evidence{look: l}
	i, j := 0, 0
	for i < len(a.words) && j < len(b.words) {
		x, y := a.words[i], b.words[j]
		switch {
		case x.term == y.term:
			e.shared(x, y)
			i++
			j++
		case x.term.word < y.term.word:
			e.left(x)
			i++
		default:
			e.right(y)
			j++
		}
	}
	for ; i < len(a.words); i++ {
		e.left(a.words[i])
	}
	for ; j < len(b.words); j++ {
		e.right(b.words[j])
	}
	return e
}

// likeness is what a comparison of two reports says.
type likeness struct {
	// sum says whether they tell of one development.
	sum float64
	// affair says the same when it does not matter that one title has behind "after"
	// what the other tells as its news.
	affair float64
	// leads is how much their descriptions are alike, noLeads where either has none.
	leads float64
	// words are the rarest words that both have.
	words [rarest]*term
}

// compare weighs by their texts whether a and b tell of one development.
func (l look) compare(a, b *gist) likeness {
	e := l.gather(a, b)
	out := likeness{sum: unlike, affair: unlike, leads: e.leads.value(), words: e.words}
	if a.bare || b.bare {
		out.leads = noLeads
	}
	if e.apart(a, b) {
		return out
	}
	sum := baseWeight +
		wordsWeight*e.all.value() +
		leadsWeight*e.leads.value() +
		acrossWeight*e.across() +
		rareWeight*(e.best[0]+e.best[1]+e.best[2]) +
		conceptsWeight*l.known()*min(mostConcepts, l.conceptRarity(a.told&b.told)) +
		partiesWeight*overlap(a.parties, b.parties) +
		gapWeight*min(1, float64(a.time.Sub(b.time).Abs())/float64(fullGap)) +
		asksWeight*of(a.genre&asks != 0, b.genre&asks != 0) + musesWeight*of(a.genre&muses != 0, b.genre&muses != 0) +
		openingWeight*a.beginsAs(b) +
		namesWeight*min(e.loneLeft, e.loneRight) +
		l.sameActs(a, b)
	if a.source == b.source {
		sum += outletWeight
	}
	if a.bare != b.bare {
		sum += bareWeight
	}
	if sameSpeaker(a, b) {
		sum += speakerWeight
	}
	sum += sameNumbers(a.title.numbers, b.title.numbers)
	out.affair = max(sum, unlike)
	out.sum = max(sum+behindWeight*ratio(e.behind, e.ahead+e.behind), unlike)
	return out
}

// sameNumbers weighs the numbers that two titles share.
func sameNumbers(a, b []string) (sum float64) {
	for _, n := range a {
		switch {
		case !slices.Contains(b, n):
		case len(n) == 1:
			sum = max(sum, fewWeight)
		default:
			return numbersWeight
		}
	}
	return sum
}

// apart reports whether two reports tell of two developments whatever they have
// in common: look-alikes, whose titles differ in what matters, and texts that
// gather several developments.
func (e *evidence) apart(a, b *gist) bool {
	if a.source == b.source && e.leads.value() >= sameLead && e.across() < sameAcross {
		return true // one text below all pieces of a series
	}
	if (a.genre|b.genre)&gathers != 0 || e.titles == 0 || e.mixed < 2 || e.leads.value() < sameLead && a.title.reverses(b.title) || otherTruce(a, b) {
		return true
	}
	n := float64(min(len(a.title.words), len(b.title.words)))
	if n < minTitleWords-2 || n < minTitleWords-1 && e.leads.value() < someLead {
		return true // "Live: Ukraine war"
	}
	if float64(e.titles) < lookAlike*n {
		return false
	}
	differ := len(a.title.numbers) > 0 && len(b.title.numbers) > 0 && !share(a.title.numbers, b.title.numbers)
	if differ || e.namedLeft && e.namedRight {
		return true
	}
	return float64(e.titles) >= twins*n &&
		(a.title.negations != b.title.negations || e.titles < len(a.title.words) && e.titles < len(b.title.words))
}

// of is how many of two things hold.
func of(a, b bool) (n float64) {
	if a {
		n++
	}
	if b {
		n++
	}
	return n
}

// sameStages is 1 when a report has a topic of the story at the stage where the
// story stands, half when it has one of its topics.
func sameStages(matches []topic.Match, s Story) float64 {
	best := 0.0
	for _, m := range matches {
		for _, o := range s.Topics {
			switch {
			case m.Topic == o.Topic && m.Stage == o.Stage:
				return 1
			case m.Topic == o.Topic:
				best = 0.5
			}
		}
	}
	return best
}

// beginsAs is the share of the same words where two titles begin.
func (g *gist) beginsAs(o *gist) float64 {
	return ratio(common(g.opening, o.opening), min(len(g.opening), len(o.opening)))
}

// common counts what is in both lists, which have no repeats.
func common(a, b []string) int {
	n := 0
	for _, s := range a {
		if slices.Contains(b, s) {
			n++
		}
	}
	return n
}

// overlap is the share of what either list has that both have.
func overlap(a, b []string) float64 {
	both := common(a, b)
	return ratio(both, len(a)+len(b)-both)
}
