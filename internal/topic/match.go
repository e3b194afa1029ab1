package topic

import (
	"cmp"
	"slices"
	"strings"

	"github.com/attache-bot/attache/internal/text"
)

// Reasons of a verdict.
const (
	ReasonHolds   = "holds"
	ReasonVetoed  = "every occurrence is vetoed"
	ReasonScore   = "the score is below the threshold"
	ReasonSense   = "another meaning weighs as much"
	ReasonNothing = "no strong or weak pattern occurs"
)

// Verdict is how a topic was judged in a report: the match, and why.
type Verdict struct {
	Match
	// Against is the score of the strongest competing sense, named Sense.
	Against float64 `json:"against,omitempty"`
	Sense   string  `json:"sense,omitempty"`
	Holds   bool    `json:"holds"`
	Reason  string  `json:"reason"`
}

// Match returns the topics that hold in a report, by id. Its evidence names
// what spoke for them and, with a negative weight, against.
func (s *Set) Match(d Doc) []Match {
	var out []Match
	s.judge(d, func(v Verdict) {
		if v.Holds {
			out = append(out, v.Match)
		}
	})
	return out
}

// Explain returns the verdict on every topic of which at least one strong or
// weak pattern occurs in the report, by id.
func (s *Set) Explain(d Doc) []Verdict {
	var out []Verdict
	s.judge(d, func(v Verdict) { out = append(out, v) })
	return out
}

// LanguageOf is the language by whose rules a report is judged, or "" when no
// topic has rules for its language.
func (s *Set) LanguageOf(d Doc) string {
	lang := strings.ToLower(d.Language)
	if i := strings.IndexAny(lang, "-_"); i > 0 {
		lang = lang[:i]
	}
	if lang == "" || lang == text.Undetermined {
		if lang = text.Language(d.Title+"\n"+d.Lead, ""); lang == text.Undetermined {
			lang = "en" // names and numbers alone read alike
		}
	}
	if s.langs[lang] == nil {
		return ""
	}
	return lang
}

func (s *Set) judge(d Doc, f func(Verdict)) {
	lang := s.LanguageOf(d)
	if lang == "" {
		return
	}
	sc, _ := s.pool.Get().(*scan)
	defer func() {
		sc.doc = Doc{}
		clear(sc.tokens) // holds the texts otherwise
		s.pool.Put(sc)
	}()
	sc.read(s.langs[lang], d)
	sc.occurrences()
	for i := 0; i < len(sc.occs); {
		j := i + 1
		for j < len(sc.occs) && sc.occs[j].rules == sc.occs[i].rules {
			j++
		}
		f(sc.verdict(sc.occs[i].rules, sc.occs[i:j]))
		i = j
	}
}

// occurrence is a strong or weak pattern's match.
type occurrence struct {
	trigger
	span
	index   int32
	dead    bool
	near    float64
	lastCue int // the near cue counted last, from 1
	used    [maxCues]int32
	n       int
}

// maxCues bounds how many near cues an occurrence counts.
const maxCues = 6

// use reports whether the word at pos has not yet counted for the occurrence,
// and counts it: one word is one cue, however many sets hold it.
func (o *occurrence) use(pos int32) bool {
	if o.n == maxCues || slices.Contains(o.used[:o.n], pos) {
		return false
	}
	o.used[o.n] = pos
	o.n++
	return true
}

// occurrences finds all strong and weak patterns that match, grouped by topic.
func (s *scan) occurrences() {
	for _, class := range s.classes {
		for _, i := range s.prog.byClass[class] {
			if s.tried[i] == s.now {
				continue
			}
			s.tried[i] = s.now
			t := s.prog.trigger[i]
			for _, sp := range s.framed(t.pat) {
				s.occs = append(s.occs, occurrence{trigger: t, span: sp, index: i})
			}
		}
	}
	// Triggers are numbered topic by topic, in the order of the ids.
	slices.SortFunc(s.occs, func(a, b occurrence) int {
		return cmp.Or(strings.Compare(string(a.rules.def.ID), string(b.rules.def.ID)), cmp.Compare(a.start, b.start), cmp.Compare(a.index, b.index))
	})
}

func (s *scan) verdict(r *rules, occs []occurrence) Verdict {
	v := Verdict{Match: Match{Topic: r.def.ID}}
	s.applyVetoes(r, occs, &v)
	s.hits = s.hits[:0]
	for _, o := range occs {
		if !o.dead && !slices.Contains(s.hits, o.span) {
			s.hits = append(s.hits, o.span)
		}
	}
	if len(s.hits) == 0 {
		v.Reason = ReasonVetoed
		return v
	}
	best := s.best(r, occs, &v)
	s.addContext(r, best, &v)
	s.weighSides(r, &v)
	s.weighAlone(r, occs, &v)
	s.weighSenses(r, best, &v)
	switch {
	case v.Score < r.def.Accept:
		v.Reason = ReasonScore
	case v.Score < v.Against+Margin:
		v.Reason = ReasonSense
	default:
		v.Holds, v.Reason = true, ReasonHolds
	}
	s.readStage(r, best, &v)
	s.readFlags(r, best, &v)
	return v
}

func (s *scan) applyVetoes(r *rules, occs []occurrence, v *Verdict) {
	for _, p := range r.veto {
		for _, sp := range s.find(p) {
			killed := false
			for i := range occs {
				if occs[i].overlaps(sp) {
					occs[i].dead, killed = true, true
				}
			}
			if killed {
				v.Evidence = append(v.Evidence, s.evidence(Veto, p, sp, -p.weight))
			}
		}
	}
}

// best scores the live occurrences and returns the one that counts.
func (s *scan) best(r *rules, occs []occurrence, v *Verdict) span {
	s.support(r, occs)
	top, at := -1.0, 0
	var fields [3]float64 // the best of title, lead and body
	for i, o := range occs {
		if o.dead {
			continue
		}
		score := (o.pat.weight + min(o.near, r.nearCap)) * s.zone(r, o.start)
		if score > top {
			top, at = score, i
		}
		if f := s.fieldIndex(o.start); score > fields[f] {
			fields[f] = score
		}
	}
	slices.Sort(fields[:])
	v.Score = top + fields[1]*corroboration
	for i, o := range occs {
		if !o.dead && (i == at || o.kind == Strong) {
			v.Evidence = append(v.Evidence, s.evidence(o.kind, o.pat, o.span, o.pat.weight))
		}
	}
	s.frameEvidence(&occs[at], v)
	o := occs[at]
	if o.kind == Strong {
		return o.span
	}
	for _, p := range r.near {
		for _, sp := range s.find(p) {
			if s.beside(r, o.span, sp) {
				v.Evidence = append(v.Evidence, s.evidence(Near, p, sp, p.weight))
				break
			}
		}
	}
	return o.span
}

// support counts for each weak occurrence the cues that stand near it.
func (s *scan) support(r *rules, occs []occurrence) {
	for k, p := range r.near {
		for _, sp := range s.find(p) {
			for i := range occs { // a cue counts once for an occurrence
				if o := &occs[i]; o.kind == Weak && o.lastCue != k+1 && s.beside(r, o.span, sp) && o.use(sp.start) {
					o.near, o.lastCue = o.near+p.weight, k+1
				}
			}
		}
	}
}

// corroboration is what a second field adds, as a share of its own score.
const corroboration = 0.4

// openingTokens is how long the opening of a lead is. What a report is about
// stands there; what comes later is often background.
const openingTokens = 28

// background weighs the rest of a lead, and a lead that is a picture's caption.
const background = 0.5

// aside weighs what is told in a clause of circumstances ("amid", "since", "who"):
// often it is not the news.
const aside = 0.9

// before weighs what the lead tells in a clause of what came before the news
// ("after", "since"): the title would tell it if it were the news.
const before = 0.8

// zone weighs a place in the report.
func (s *scan) zone(r *rules, pos int32) float64 {
	f := s.fieldOf(pos)
	w := r.def.Zones.of(f)
	switch {
	case f == Lead && (s.caption || pos >= s.bounds[1]+openingTokens):
		w *= background
	case f == Lead && s.inClause(s.prog.earlier, pos):
		w *= before
	case f != Body && s.inClause(s.prog.background, pos):
		w *= aside
	}
	return w
}

// inClause reports whether a word of the class stands before pos in the same
// clause.
func (s *scan) inClause(class, pos int32) bool {
	if class < 0 || s.stamp[class] != s.now {
		return false
	}
	for i := pos - 1; i >= s.bounds[s.fieldIndex(pos)]; i-- {
		if k := s.tokens[i].Kind; k == text.Clause || k == text.Stop {
			return false
		}
		for _, e := range s.entries[s.starts[i]:s.starts[i+1]] {
			if e.class == class {
				return true
			}
		}
	}
	return false
}

func (s *scan) beside(r *rules, o, cue span) bool {
	return !o.overlaps(cue) && o.distance(cue) <= int32(r.window) && s.fieldOf(o.start) == s.fieldOf(cue.start)
}

func (s *scan) addContext(r *rules, best span, v *Verdict) {
	sum := 0.0
	s.marked = append(s.marked[:0], best)
	for _, p := range r.context {
		for _, sp := range s.find(p) {
			if slices.ContainsFunc(s.marked, sp.overlaps) {
				continue // one word is one cue
			}
			s.marked = append(s.marked, sp)
			w := p.weight
			if s.fieldOf(sp.start) == Body {
				w /= 2
			}
			sum += w
			v.Evidence = append(v.Evidence, s.evidence(Context, p, sp, w))
			break
		}
	}
	v.Score += min(sum, r.ctxCap) * s.zone(r, best.start)
}

// weighSenses scores the competing senses: full weight in the title, less in
// the lead, least far from the occurrence.
func (s *scan) weighSenses(r *rules, best span, v *Verdict) {
	for _, sn := range r.senses {
		sum := 0.0
		for _, p := range sn.cues {
			top, at := 0.0, span{}
			for _, sp := range s.find(p) {
				if w := p.weight * s.senseZone(r, best, sp); w > top {
					top, at = w, sp
				}
			}
			if top > 0 {
				sum += top
				v.Evidence = append(v.Evidence, s.evidence(Sense, p, at, -top))
			}
		}
		if sum > v.Against {
			v.Against, v.Sense = sum, sn.name
		}
	}
}

func (s *scan) senseZone(r *rules, best, cue span) float64 {
	switch f := s.fieldOf(cue.start); {
	case f == Title:
		return 1
	case f == Body:
		return 0.1
	case s.fieldOf(best.start) == Lead && best.distance(cue) <= 2*int32(r.window):
		return 0.8
	}
	return 0.4
}

// readFlags sets the flags whose cues stand in the sentence of the best
// occurrence.
func (s *scan) readFlags(r *rules, best span, v *Verdict) {
	for i, cues := range r.flags {
	cue:
		for _, p := range cues {
			for _, sp := range s.find(p) {
				if s.fieldOf(sp.start) == s.fieldOf(best.start) && s.sameSentence(sp, best) {
					v.Flags |= 1 << i
					v.Evidence = append(v.Evidence, s.evidence(FlagCue, p, sp, 0))
					break cue
				}
			}
		}
	}
}
