package topic

import (
	"slices"
	"strings"
	"unicode"

	"github.com/attache-bot/attache/internal/text"
)

// Doc is what topics see of a report.
type Doc struct {
	Title string
	Lead  string // the description
	Body  string
	// Language is a two-letter code; "" is found from the text.
	Language string
}

// maxBodyTokens bounds how far into a body topics look.
const maxBodyTokens = 1500

// scan is one report as one program sees it. Scans are pooled.
type scan struct {
	prog   *program
	doc    Doc
	tokens []text.Token
	bounds [4]int32 // where title, lead and body begin, and the end
	// Entries hold, position by position, which classes match there and how long.
	entries []entry
	starts  []int32
	// Of each class, the last entry, valid when its stamp is of this scan.
	last    []int32
	stamp   []uint32
	now     uint32
	classes []int32 // present, in order of appearance

	// named are the parties that the report names, in order.
	named []named
	// The first two that differ, in title and opening, and where.
	parties [2]uint16
	partyAt [2]span
	someone bool // a place or an armed group is named that is no party
	anchors []span
	parts   []span

	hits  []span // what {@} matches
	found []span
	// marked are the spans that context cues have used up.
	marked  []span
	caption bool // the lead is a picture's caption
	marks   []int32
	occs    []occurrence
	tried   []uint32
}

type entry struct{ class, size, pos, prev int32 }

// span is a stretch of tokens, end exclusive.
type span struct{ start, end int32 }

func (a span) overlaps(b span) bool { return a.start < b.end && b.start < a.end }

// distance is how many tokens lie between two spans.
func (a span) distance(b span) int32 {
	switch {
	case a.end <= b.start:
		return b.start - a.end
	case b.end <= a.start:
		return a.start - b.end
	}
	return 0
}

// read cuts the report into tokens and looks every one up.
func (s *scan) read(p *program, d Doc) {
	s.prog, s.doc, s.caption = p, d, isCaption(d.Lead)
	s.tokens, s.entries, s.starts = s.tokens[:0], s.entries[:0], s.starts[:0]
	s.classes, s.hits, s.occs = s.classes[:0], s.hits[:0], s.occs[:0]
	if len(s.stamp) != len(p.cost) || s.now >= ^uint32(0)-1 {
		s.stamp, s.last = make([]uint32, len(p.cost)), make([]int32, len(p.cost))
		s.tried = make([]uint32, len(p.trigger))
		s.now = 0
	}
	s.now++
	if len(s.tried) != len(p.trigger) {
		s.tried = make([]uint32, len(p.trigger))
	}
	s.bounds[0] = 0
	s.field(d.Title, 1<<20)
	s.bounds[1] = int32(len(s.tokens))
	s.field(d.Lead, 1<<20)
	s.bounds[2] = int32(len(s.tokens))
	s.field(d.Body, maxBodyTokens)
	s.bounds[3] = int32(len(s.tokens))
	s.lookup()
	s.findSides()
	if s.joinParties() {
		s.now++
		s.entries, s.starts, s.classes = s.entries[:0], s.starts[:0], s.classes[:0]
		s.lookup()
		s.findSides()
	}
}

// field adds a field's tokens without quotation marks, which tell nothing about
// clauses in headlines, and a stop that no pattern crosses.
func (s *scan) field(src string, limit int) {
	if src == "" {
		return
	}
	from := len(s.tokens)
	s.tokens = text.AppendTokens(s.tokens, src)
	kept := s.tokens[:from]
	for _, t := range s.tokens[from:] {
		if t.Kind != text.Quote && len(kept)-from < limit {
			kept = append(kept, t)
		}
	}
	if !strings.ContainsFunc(src, unicode.IsUpper) {
		capitalise(kept[from:])
	}
	s.tokens = append(kept, text.Token{Start: len(src), End: len(src), Kind: text.Stop})
}

// capitalise gives acronyms their capitals back in a field written without any,
// as some outlets write their headlines.
func capitalise(tokens []text.Token) {
	for i := range tokens {
		switch t := &tokens[i]; t.Fold {
		case "us", "uk", "un", "eu", "uae", "nato", "idf", "icc", "icj", "iaea":
			t.Text = strings.ToUpper(t.Fold)
		}
	}
}

func (s *scan) lookup() {
	v := &s.prog.words
	for i := range s.tokens {
		s.starts = append(s.starts, int32(len(s.entries)))
		t := &s.tokens[i]
		if t.Kind == text.Clause || t.Kind == text.Stop {
			continue
		}
		v.each(t, func(n *node) {
			for _, class := range n.classes {
				s.add(class, int32(i), 1)
			}
			for j := range n.phrases {
				if p := &n.phrases[j]; s.follows(p.rest, i+1) {
					s.add(p.class, int32(i), int32(len(p.rest)+1))
				}
			}
		})
	}
	s.starts = append(s.starts, int32(len(s.entries)))
}

func (s *scan) follows(rest []atom, at int) bool {
	if at+len(rest) > len(s.tokens) {
		return false
	}
	for i, a := range rest {
		if t := &s.tokens[at+i]; t.Kind == text.Clause || t.Kind == text.Stop || !a.matches(t) && !(s.prog.words.clitics && a.matchesPeeled(t)) {
			return false
		}
	}
	return true
}

func (s *scan) add(class, pos, size int32) {
	prev := int32(-1)
	if s.stamp[class] == s.now {
		prev = s.last[class]
		for i := prev; i >= 0 && s.entries[i].pos == pos; i = s.entries[i].prev {
			if s.entries[i].size == size {
				return
			}
		}
	} else {
		s.stamp[class] = s.now
		s.classes = append(s.classes, class)
	}
	s.last[class] = int32(len(s.entries))
	s.entries = append(s.entries, entry{class, size, pos, prev})
}

// find returns the spans that a pattern matches, one for each start, in order.
// The slice is valid until the next call.
func (s *scan) find(p *pattern) []span {
	s.found, s.marks = s.found[:0], s.marks[:0]
	for i := range p.steps {
		if !s.present(&p.steps[i]) {
			return nil
		}
	}
	rare := &p.steps[p.rare]
	if rare.hit {
		for _, h := range s.hits {
			s.around(p, h.start)
		}
	}
	for _, class := range rare.classes {
		if s.stamp[class] != s.now {
			continue
		}
		for i := s.last[class]; i >= 0; i = s.entries[i].prev {
			s.around(p, s.entries[i].pos)
		}
	}
	if len(s.marks) == 0 {
		return nil
	}
	slices.Sort(s.marks)
	s.marks = slices.Compact(s.marks)
	for _, start := range s.marks {
		if end := s.match(p.steps, start, nil); end > 0 {
			s.found = append(s.found, span{start, end})
		}
	}
	return s.found
}

// present reports whether a member of a step occurs anywhere in the report.
func (s *scan) present(st *step) bool {
	if st.hit && len(s.hits) > 0 {
		return true
	}
	for _, class := range st.classes {
		if s.stamp[class] == s.now {
			return true
		}
	}
	return false
}

// around marks the starts from which the pattern's rarest step can be at pos.
func (s *scan) around(p *pattern, pos int32) {
	for start := max(pos-int32(p.maxBefore), 0); start <= pos-int32(p.minBefore); start++ {
		s.marks = append(s.marks, start)
	}
}

// match tries the steps from pos and returns the end, or -1. Longer members and
// shorter gaps come first. Where to is not nil, it gets where each step stands.
func (s *scan) match(steps []step, pos int32, to *[]span) int32 {
	st := &steps[0]
	for size := s.longest(st, pos, 1<<30); size > 0; size = s.longest(st, pos, size) {
		next := pos + size
		if to != nil {
			*to = append(*to, span{pos, next})
		}
		if len(steps) == 1 {
			return next
		}
		for g := int32(0); ; g++ {
			if end := s.match(steps[1:], next+g, to); end > 0 {
				return end
			}
			if g == int32(steps[1].gap) || next+g >= int32(len(s.tokens)) {
				break
			}
			if k := s.tokens[next+g].Kind; k == text.Clause || k == text.Stop {
				break
			}
		}
		if to != nil {
			*to = (*to)[:len(*to)-1]
		}
	}
	return -1
}

// longest is the size of the longest member of the step at pos below a bound,
// or 0.
func (s *scan) longest(st *step, pos, below int32) int32 {
	if pos >= int32(len(s.tokens)) {
		return 0
	}
	best, one := int32(0), int32(-1)
	if len(st.classes) == 1 {
		one = st.classes[0]
	}
	for i := s.starts[pos]; i < s.starts[pos+1]; i++ {
		if e := &s.entries[i]; e.size > best && e.size < below && (e.class == one || one < 0 && slices.Contains(st.classes, e.class)) {
			best = e.size
		}
	}
	if st.hit {
		for _, h := range s.hits {
			if n := h.end - h.start; h.start == pos && n > best && n < below {
				best = n
			}
		}
	}
	return best
}

// fieldIndex is 0 for a token of the title, 1 for the lead, 2 for the body.
func (s *scan) fieldIndex(pos int32) int {
	switch {
	case pos < s.bounds[1]:
		return 0
	case pos < s.bounds[2]:
		return 1
	}
	return 2
}

// fieldOf tells the field of a token.
func (s *scan) fieldOf(pos int32) Field { return [...]Field{Title, Lead, Body}[s.fieldIndex(pos)] }

// sameSentence reports whether no stop lies between two spans.
func (s *scan) sameSentence(a, b span) bool {
	if b.start < a.start {
		a, b = b, a
	}
	for i := a.start; i < b.start; i++ {
		if s.tokens[i].Kind == text.Stop {
			return false
		}
	}
	return true
}

func (s *scan) evidence(kind Kind, p *pattern, sp span, weight float64) Evidence {
	f := s.fieldOf(sp.start)
	src := s.doc.Title
	switch f {
	case Lead:
		src = s.doc.Lead
	case Body:
		src = s.doc.Body
	}
	lo, hi := s.tokens[sp.start].Start, s.tokens[sp.end-1].End
	return Evidence{Field: f, Kind: kind, Start: lo, End: hi, Text: src[lo:hi], Rule: p.src, Weight: weight}
}

// isCaption reports whether a lead ends in a photographer's credit, such as
// "(Jane Doe/AFP via Getty Images)": it then describes a picture, which may be
// older than the news.
func isCaption(lead string) bool {
	lead = strings.TrimRight(lead, " .")
	open := strings.LastIndexByte(lead, '(')
	if open < 0 || !strings.HasSuffix(lead, ")") {
		return false
	}
	credit := lead[open:]
	for _, agency := range [...]string{"Getty", "AFP", "AP Photo", "Reuters", "EPA", "Images", "/AP", "Epoch Times", "Shutterstock", "via AP"} {
		if strings.Contains(credit, agency) {
			return true
		}
	}
	return false
}
