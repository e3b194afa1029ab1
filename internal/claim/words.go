package claim

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/attache-bot/attache/internal/text"
)

// words are single folded words.
type words map[string]bool

// UnmarshalYAML implements [yaml.Unmarshaler].
func (w *words) UnmarshalYAML(node *yaml.Node) error {
	terms, err := readTerms(node)
	if err != nil {
		return err
	}
	*w = make(words, len(terms))
	for _, t := range terms {
		(*w)[strings.Join(fold(t), " ")] = true
	}
	return nil
}

// readTerms decodes a list of terms and writes out their alternatives.
func readTerms(node *yaml.Node) ([]string, error) {
	var terms []string
	if err := node.Decode(&terms); err != nil {
		return nil, err
	}
	var out []string
	for _, t := range terms {
		all, err := alternatives(t)
		if err != nil {
			return nil, err
		}
		out = append(out, all...)
	}
	return out, nil
}

// alternatives writes out what a term puts in brackets: "sa(y|id)" is "say" and
// "said".
func alternatives(term string) ([]string, error) {
	before, rest, found := strings.Cut(term, "(")
	if !found {
		if strings.ContainsAny(term, ")|") {
			return nil, fmt.Errorf("%q: a bracket is not opened", term)
		}
		return []string{term}, nil
	}
	inner, after, closed := strings.Cut(rest, ")")
	if !closed || strings.Contains(inner, "(") {
		return nil, fmt.Errorf("%q: a bracket is not closed", term)
	}
	ends, err := alternatives(after)
	if err != nil {
		return nil, err
	}
	var out []string
	for alt := range strings.SplitSeq(inner, "|") {
		for _, end := range ends {
			out = append(out, before+alt+end)
		}
	}
	return out, nil
}

// kind is a kind of words, known by their endings, without those that only end so.
type kind struct {
	Endings []string `yaml:"endings"`
	Except  words    `yaml:"except"`
}

// has reports whether a folded word is of the kind.
func (k kind) has(word string) bool {
	return !k.Except[word] && slices.ContainsFunc(k.Endings, func(end string) bool {
		return len(word) > len(end)+2 && strings.HasSuffix(word, end)
	})
}

// index tells in one step which lists a word is in, each list being a bit.
type index struct{ exact, begins, ends stems }

// stems are words, or beginnings or ends of words, with their lengths in bytes.
type stems struct {
	lists   map[string]uint64
	lengths []int
}

func (s *stems) add(stem string, bit uint64) {
	if s.lists == nil {
		s.lists = map[string]uint64{}
	}
	s.lists[stem] |= bit
	if !slices.Contains(s.lengths, len(stem)) {
		s.lengths = append(s.lengths, len(stem))
	}
}

// add puts a term into a list. A star before or behind it stands for any letters.
func (x *index) add(term string, bit uint64) {
	term, ends := strings.CutPrefix(term, "*")
	term, begins := strings.CutSuffix(term, "*")
	word := strings.Join(fold(term), " ")
	switch {
	case ends:
		x.ends.add(word, bit)
	case begins:
		x.begins.add(word, bit)
	default:
		x.exact.add(word, bit)
	}
}

// of returns the lists that a folded word is in.
func (x *index) of(word string) uint64 {
	in := x.exact.lists[word]
	for _, n := range x.begins.lengths {
		if n <= len(word) {
			in |= x.begins.lists[word[:n]]
		}
	}
	for _, n := range x.ends.lengths {
		if n <= len(word) {
			in |= x.ends.lists[word[len(word)-n:]]
		}
	}
	return in
}

// phrase is words in a row; a word that ends in a star stands for any ending.
type phrase struct {
	words []string
	// tail is what closes the clause, further on: the "ab" of "lehnt … ab".
	tail string
	// then are words that may stand behind the tail.
	then  words
	class class
	act   Act // of a gerund
	// ambiguous phrases are mostly nouns or other verbs.
	ambiguous bool
}

// tailReach is how far behind its verb the tail of a phrase is looked for.
const tailReach = 16

// newPhrase reads a term; two dots part it from its tail.
func newPhrase(term string) phrase {
	head, tail, _ := strings.Cut(term, " .. ")
	return phrase{words: fold(head), tail: strings.Join(fold(tail), " ")}
}

// phraseList finds phrases by their first word, or by how that begins.
type phraseList struct {
	exact, begins map[string][]phrase
	lengths       []int
}

// UnmarshalYAML implements [yaml.Unmarshaler].
func (l *phraseList) UnmarshalYAML(node *yaml.Node) error {
	terms, err := readTerms(node)
	if err != nil {
		return err
	}
	for _, t := range terms {
		l.add(newPhrase(t))
	}
	return nil
}

func (l *phraseList) add(p phrase) {
	if len(p.words) == 0 {
		return
	}
	if l.exact == nil {
		l.exact, l.begins = map[string][]phrase{}, map[string][]phrase{}
	}
	stem, star := strings.CutSuffix(p.words[0], "*")
	if !star {
		l.exact[stem] = append(l.exact[stem], p)
		return
	}
	l.begins[stem] = append(l.begins[stem], p)
	if !slices.Contains(l.lengths, len(stem)) {
		l.lengths = append(l.lengths, len(stem))
	}
}

// at returns the longest phrase that begins with the first of toks, if any.
func (l *phraseList) at(toks []token) (best phrase, ok bool) {
	if len(toks) == 0 {
		return phrase{}, false
	}
	try := func(list []phrase) {
		for _, p := range list {
			if p.size() > best.size() && p.begins(toks) {
				best, ok = p, true
			}
		}
	}
	word := toks[0].Fold
	try(l.exact[word])
	for _, n := range l.lengths {
		if n <= len(word) {
			try(l.begins[word[:n]])
		}
	}
	return best, ok
}

// in reports whether a phrase begins anywhere in toks.
func (l *phraseList) in(toks []token) bool {
	for i := range toks {
		if _, ok := l.at(toks[i:]); ok {
			return true
		}
	}
	return false
}

func (p phrase) size() int {
	if p.tail != "" {
		return len(p.words) + 1
	}
	return len(p.words)
}

func (p phrase) begins(toks []token) bool {
	if len(p.words) > len(toks) {
		return false
	}
	for i, w := range p.words {
		stem, star := strings.CutSuffix(w, "*")
		if f := toks[i].Fold; f != stem && !(star && strings.HasPrefix(f, stem)) {
			return false
		}
	}
	return p.tail == "" || p.closes(toks[len(p.words):])
}

// closes reports whether the phrase's tail closes a clause in toks.
func (p phrase) closes(toks []token) bool { return p.tailIn(toks) >= 0 }

// tailIn is where the phrase's tail closes a clause in toks, or -1.
func (p phrase) tailIn(toks []token) int {
	for i := range min(len(toks), tailReach) {
		switch t := toks[i]; {
		case t.Kind == text.Stop, t.Text == ":", t.Text == ";":
			return -1
		case t.Fold == p.tail && !t.quoted && (i+1 == len(toks) || toks[i+1].Kind != text.Word || p.then[toks[i+1].Fold]):
			return i
		}
	}
	return -1
}

// fold cuts a term into folded words and keeps a star at the end of each.
func fold(term string) []string {
	var out []string
	for w := range strings.FieldsSeq(term) {
		w, star := strings.CutSuffix(w, "*")
		toks := text.Tokens(w)
		for i, t := range toks {
			f := t.Fold
			if star && i == len(toks)-1 {
				f += "*"
			}
			out = append(out, f)
		}
	}
	return out
}
