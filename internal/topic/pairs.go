package topic

import "github.com/attache-bot/attache/internal/text"

// joinParties reads the comma between the parties with which a title, or a clause
// of it, begins as the word for which it stands: "Xi, Putin meet". It reports
// whether there was one.
func (s *scan) joinParties() bool {
	if s.prog.and == "" {
		return false
	}
	joined := false
	for i := 1; i < len(s.named) && s.named[i].start < s.bounds[1]; i++ {
		a, b := s.named[i-1], s.named[i]
		if a.side == b.side || b.start != a.end+1 || !s.comma(a.end) || !s.opensClause(a.start) {
			continue
		}
		t := &s.tokens[a.end]
		t.Text, t.Fold, t.Kind = s.prog.and, s.prog.and, text.Word
		joined = true
	}
	return joined
}

// comma reports whether the token at pos of the title is written as a comma.
func (s *scan) comma(pos int32) bool {
	t := &s.tokens[pos]
	return s.doc.Title[t.Start:t.End] == ","
}

// opensClause reports whether a clause of the title, or a party joined to the one
// before, begins at pos.
func (s *scan) opensClause(pos int32) bool {
	return pos == 0 || s.tokens[pos-1].Kind == text.Clause || s.tokens[pos-1].Kind == text.Stop || s.comma(pos-1)
}
