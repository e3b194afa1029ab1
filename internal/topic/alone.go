package topic

// weighAlone adds what it is worth that one strong pattern, in the lead, is all that
// speaks for the topic. What a report is about is mostly told in several ways; a
// single one in the lead is as often a mention in passing.
func (s *scan) weighAlone(r *rules, occs []occurrence, v *Verdict) {
	if r.alone == 0 {
		return
	}
	var only *occurrence
	for i := range occs {
		o := &occs[i]
		switch {
		case o.dead || o.kind == Weak:
			continue
		case s.fieldOf(o.start) != Lead, only != nil && only.index != o.index:
			return
		}
		only = o
	}
	if only == nil {
		return
	}
	v.Score += r.alone
	v.Evidence = append(v.Evidence, s.evidence(Lonely, only.pat, only.span, r.alone))
}
