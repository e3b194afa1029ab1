package story

import (
	"time"

	"github.com/attache-bot/attache/internal/text"
)

const (
	// speechWindow is how far apart two reports may be of what one person says at one
	// occasion: an address, an interview, a message.
	speechWindow = 8 * time.Hour
	// maxSpeaker is how many words may name him.
	maxSpeaker = 6
)

// speech is what the lexicon has of how titles have somebody speak.
type speech struct {
	// acts are those done in words, verbs tell that somebody speaks and no more.
	acts  actSet
	verbs map[string]bool
	// offices name nobody without the word before them, nobody are those who speak at
	// no one occasion.
	offices, nobody map[string]bool
}

// speaker is who says what a title tells, as it calls him: the word before that which
// has him speak, with the one before where it is an office ("Wagner chief"). It is
// empty when nobody speaks, or somebody who does so at no one occasion.
func (l actLexicon) speaker(title []text.Token, said speech) string {
	from := -1
	for i, t := range title {
		switch {
		case t.Kind == text.Quote:
			continue
		case t.Kind != text.Word && t.Kind != text.Number:
			from = -1
			continue
		case from < 0:
			from = i
			continue
		}
		if p, n := l.longest(title[i:]); i-from <= maxSpeaker && (n > 0 && p.acts&said.acts != 0 || said.verbs[t.Fold]) {
			return said.name(title[from:i])
		}
	}
	return ""
}

// name is what the words before a verb call the one who speaks; empty where they end in
// none that carries anything: "premier to address parliament".
func (s speech) name(toks []text.Token) string {
	var last, before text.Token
	for _, t := range toks {
		if t.Kind == text.Word {
			last, before = t, last
		}
	}
	switch {
	case !last.Content(false), s.nobody[last.Fold]:
		return ""
	case !s.offices[last.Fold]:
		return last.Fold
	case before.Fold == "":
		return ""
	}
	return before.Fold + " " + last.Fold
}

// sameSpeaker reports whether two titles have one person speak at about the same time.
func sameSpeaker(a, b *gist) bool {
	return a.speaker != "" && a.speaker == b.speaker && a.time.Sub(b.time).Abs() <= speechWindow
}
