package topic

import (
	"fmt"
	"slices"
	"strings"
)

// frameReach is within how many tokens of a frame's first part the others stand.
const frameReach = 12

// bothParties is the part of a frame that asks for two different parties in the
// sentence, apartParties that which asks for them in the occurrence itself.
const (
	bothParties  = "{2}"
	apartParties = "{apart}"
)

// frame is what must stand in the sentence of a pattern beside it, in any order.
// Headlines say one thing in many orders; a frame says it once.
type frame struct {
	parts []*pattern
	two   bool // two different parties in the sentence
	apart bool // two different parties in the occurrence
}

// framed compiles a pattern that may have parts joined by "&". The first is what
// the occurrence is; the others only have to be there.
func (c *compiler) framed(src Pattern) *pattern {
	first, rest, ok := strings.Cut(src.Text, " & ")
	if !ok {
		return c.pattern(src, false)
	}
	whole := src.Text
	src.Text = first
	p := c.pattern(src, false)
	if p == nil {
		return nil
	}
	p.src, p.frame = whole, new(frame)
	for part := range strings.SplitSeq(rest, " & ") {
		switch part = strings.TrimSpace(part); part {
		case bothParties:
			p.frame.two = true
			continue
		case apartParties:
			p.frame.apart = true
			continue
		}
		src.Text = part
		q := c.pattern(src, false)
		if q == nil {
			return nil
		}
		p.frame.parts = append(p.frame.parts, q)
	}
	return p
}

// named is a party named in the report.
type named struct {
	span
	side uint16
}

// holds reports whether a frame's other parts stand beside the words of its first,
// pattern p at a span, or in its gaps, and appends where all of them stand.
func (s *scan) holds(p *pattern, at span, used []span) ([]span, bool) {
	first, f := len(used), p.frame
	if f.apart && !s.partiesIn(at) {
		return used, false
	}
	s.match(p.steps, at.start, &used)
	for _, part := range f.parts {
		sp, found := s.part(part, at, used[first:])
		if !found {
			return used[:first], false
		}
		used = append(used, sp)
	}
	if f.two {
		n := len(used)
		if used = s.twoParties(at, used); len(used) == n {
			return used[:first], false
		}
	}
	return used, true
}

// part finds the first place where a part of a frame stands beside its first.
func (s *scan) part(p *pattern, at span, used []span) (span, bool) {
	fits := func(sp span) bool {
		return sp.distance(at) <= frameReach && !overlapsAny(used, sp) && s.sameSentence(sp, at)
	}
	if len(p.steps) > 1 {
		for _, sp := range s.find(p) {
			if fits(sp) {
				return sp, true
			}
		}
		return span{}, false
	}
	best, found := span{}, false
	for _, class := range p.steps[0].classes {
		if s.stamp[class] != s.now {
			continue
		}
		for i := s.last[class]; i >= 0; i = s.entries[i].prev {
			e := &s.entries[i]
			sp := span{e.pos, e.pos + e.size}
			if (!found || sp.start < best.start || sp.start == best.start && sp.end > best.end) && fits(sp) {
				best, found = sp, true
			}
		}
	}
	return best, found
}

// possible tells quickly that a frame cannot hold: a part has no word in the
// whole report.
func (s *scan) possible(f *frame) bool {
	if (f.two || f.apart) && len(s.named) < 2 {
		return false
	}
	for _, p := range f.parts {
		if !slices.ContainsFunc(p.steps[p.rare].classes, func(class int32) bool { return s.stamp[class] == s.now }) {
			return false
		}
	}
	return true
}

// framed is find for a pattern that may have a frame.
func (s *scan) framed(p *pattern) []span {
	if p.frame != nil && !s.possible(p.frame) {
		return nil
	}
	found := s.find(p)
	if p.frame == nil || len(found) == 0 {
		return found
	}
	// The parts are sought with find too, which uses its slice again.
	s.anchors = append(s.anchors[:0], found...)
	kept := s.anchors[:0]
	for _, sp := range s.anchors {
		var ok bool
		if s.parts, ok = s.holds(p, sp, s.parts[:0]); ok {
			kept = append(kept, sp)
		}
	}
	return kept
}

// twoParties appends where two different parties stand beside a span, if they do.
func (s *scan) twoParties(at span, used []span) []span {
	var first *named
	for i := range s.named {
		n := &s.named[i]
		if n.distance(at) > frameReach || !s.sameSentence(n.span, at) {
			continue
		}
		if first == nil {
			first = n
		} else if first.side != n.side {
			return append(used, first.span, n.span)
		}
	}
	return used
}

// partiesIn reports whether two different parties stand in a span.
func (s *scan) partiesIn(at span) bool {
	var side uint16
	for _, n := range s.named {
		if !n.overlaps(at) {
			continue
		}
		if side != 0 && n.side != side {
			return true
		}
		side = n.side
	}
	return false
}

func overlapsAny(spans []span, sp span) bool {
	for _, u := range spans {
		if u.overlaps(sp) {
			return true
		}
	}
	return false
}

// frameEvidence tells which words made a frame hold.
func (s *scan) frameEvidence(o *occurrence, v *Verdict) {
	if o.pat.frame == nil {
		return
	}
	spans, _ := s.holds(o.pat, o.span, nil)
	for i, sp := range spans {
		if i >= len(o.pat.steps) && sp != o.span {
			v.Evidence = append(v.Evidence, s.evidence(With, o.pat, sp, 0))
		}
	}
}

// checkFrames refuses frames where no occurrence is sought.
func checkFrames(src string) error {
	if strings.Contains(src, " & ") {
		return fmt.Errorf("& joins the parts of a strong or weak pattern only")
	}
	return nil
}
