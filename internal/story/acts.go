package story

import (
	_ "embed"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/attache-bot/attache/internal/text"
)

const (
	// actsLanguage is the language of the lexicon of acts.
	actsLanguage = "en"
	// maxActs is how many kinds of acts there may be.
	maxActs = 64
	// maxBetween is how many words may stand in the gap of a phrase.
	maxBetween = 3
	// gap stands for such words in the lexicon.
	gap = "_"
	// minBefore is how many words a title has before those behind which it tells what
	// was before.
	minBefore = 2
)

//go:embed lexicon/acts.yaml
var actsFile []byte

// actSet is a set of kinds of acts, a bit for each.
type actSet uint64

// clause says what a part of a title tells.
type clause uint8

const (
	// noClause is that of what is no word.
	noClause clause = iota
	// inNews is a main clause.
	inNews
	// inBesides tells what goes on at the same time or lies ahead, inBefore what was
	// before.
	inBesides
	inBefore
)

// actPhrase is a phrase that tells an act, or one that begins a clause which is not the
// news.
type actPhrase struct {
	words []string
	acts  actSet
	// begins is the clause that it begins, noClause for none.
	begins clause
}

// actLexicon holds the phrases by their first word.
type actLexicon map[string][]actPhrase

// readActs reads the lexicon that the program carries.
func readActs() (actLexicon, speech) {
	var file struct {
		Behind, Beside []string
		Acts           map[string][]string
		Speech         struct {
			Acts, Verbs, Offices, Nobody []string
		}
	}
	unknown := func(act string) bool { return file.Acts[act] == nil }
	if err := yaml.Unmarshal(actsFile, &file); err != nil || len(file.Acts) > maxActs || slices.ContainsFunc(file.Speech.Acts, unknown) {
		panic("story: the lexicon of acts is broken") // it is compiled in, and a test reads it
	}
	l, said := actLexicon{}, speech{verbs: setOf(file.Speech.Verbs), offices: setOf(file.Speech.Offices), nobody: setOf(file.Speech.Nobody)}
	l.add(file.Behind, actPhrase{begins: inBefore})
	l.add(file.Beside, actPhrase{begins: inBesides})
	names := make([]string, 0, len(file.Acts))
	for name := range file.Acts {
		names = append(names, name)
	}
	slices.Sort(names)
	for n, name := range names {
		l.add(file.Acts[name], actPhrase{acts: 1 << n})
		if slices.Contains(file.Speech.Acts, name) {
			said.acts |= 1 << n
		}
	}
	return l, said
}

func setOf(words []string) map[string]bool {
	out := make(map[string]bool, len(words))
	for _, w := range words {
		out[w] = true
	}
	return out
}

// add files each of the phrases as one that says what p does.
func (l actLexicon) add(phrases []string, p actPhrase) {
	for _, s := range phrases {
		var words []string
		for part := range strings.FieldsSeq(s) {
			if part == gap {
				words = append(words, gap)
				continue
			}
			for _, t := range text.Tokens(part) {
				words = append(words, t.Fold)
			}
		}
		p.words = words
		l[words[0]] = append(l[words[0]], p)
	}
}

// read returns the acts of a title's main clauses, and in which clause each of its
// tokens stands: what a headline puts behind "after" was news before, what it puts
// behind "as" goes on beside it, and either tells what it has in common with that news
// and not with its own.
func (l actLexicon) read(title []text.Token) (acts actSet, in []clause) {
	in = make([]clause, len(title))
	now, before, within := inNews, 0, 0
	for i, t := range title {
		if t.Kind != text.Word && t.Kind != text.Number {
			if t.Kind != text.Quote {
				now = inNews
			}
			continue
		}
		if within--; within <= 0 {
			var p actPhrase
			p, within = l.longest(title[i:])
			if p.begins != noClause && now == inNews && (before >= minBefore || i == 0) {
				now = p.begins
			}
			if now == inNews {
				acts |= p.acts
			}
		}
		if in[i] = now; now == inNews {
			before++
		}
	}
	return acts, in
}

// longest is the longest phrase that the tokens begin with, and of how many words, 0
// for none: a pause in attacks is no attack. The words in a gap may tell more.
func (l actLexicon) longest(toks []text.Token) (best actPhrase, words int) {
	for _, p := range l[toks[0].Fold] {
		n := len(p.words)
		if at := slices.Index(p.words, gap); at >= 0 {
			n = at
		}
		if !beginWith(toks, p.words) {
			continue
		}
		if n > words {
			best, words = actPhrase{begins: p.begins}, n
		}
		if n == words {
			best.acts |= p.acts
		}
	}
	return best, words
}

func beginWith(toks []text.Token, words []string) bool {
	for i, w := range words {
		if w == gap {
			for skip := 1; skip <= maxBetween && i+skip < len(toks); skip++ {
				if beginWith(toks[i+skip:], words[i+1:]) {
					return true
				}
			}
			return false
		}
		if i >= len(toks) || toks[i].Fold != w {
			return false
		}
	}
	return true
}
