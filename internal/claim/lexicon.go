package claim

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/attache-bot/attache/internal/gazetteer"
	"github.com/attache-bot/attache/internal/text"
)

//go:embed lexicon
var lexiconFiles embed.FS

// class is what a cue shows before its surroundings are looked at: an act, or
// one of those below.
type class string

const (
	refuse  class = "refuse"  // refuses, or denies, by its object
	dismiss class = "dismiss" // denies, or refuses, by its object
	object  class = "object"  // is speech only by its object: "shot down claims"
	welcome class = "welcome" // asserts, in a tone
	doubt   class = "doubt"   // asserts, in a tone
	gerund  class = "gerund"  // its speaker is the sentence's
)

// lexicon is one language's words of speech. The comments in lexicon/en.yaml say
// what each list is for.
type lexicon struct {
	Cues      map[class][]string `yaml:"cues"`
	Gerunds   map[Act][]string   `yaml:"gerunds"`
	Ambiguous []string           `yaml:"ambiguous"`
	Passed    map[class]words    `yaml:"passed"`
	Passives  words              `yaml:"passives"`
	Actives   words              `yaml:"actives"`
	// Participles are past participles, by their endings and one by one.
	Participles struct {
		Endings []string `yaml:"endings"`
		Words   words    `yaml:"words"`
	} `yaml:"participles"`
	// Agents are nouns for those who do something, by their endings, and the words
	// that only end so.
	Agents struct {
		Endings []string `yaml:"endings"`
		Except  words    `yaml:"except"`
	} `yaml:"agents"`
	Words   map[string]words      `yaml:"words"`
	Phrases map[string]phraseList `yaml:"phrases"`

	cues phraseList
}

// words are single folded words.
type words map[string]bool

// UnmarshalYAML implements [yaml.Unmarshaler].
func (w *words) UnmarshalYAML(node *yaml.Node) error {
	var terms []string
	if err := node.Decode(&terms); err != nil {
		return err
	}
	*w = make(words, len(terms))
	for _, t := range terms {
		(*w)[strings.Join(fold(t), " ")] = true
	}
	return nil
}

// phrase is words in a row; a word that ends in a star stands for any ending.
type phrase struct {
	words []string
	class class
	act   Act // of a gerund
	// ambiguous phrases are mostly nouns or other verbs.
	ambiguous bool
}

// phraseList finds phrases by their first word; those that begin with a star
// word are tried one by one.
type phraseList struct {
	exact  map[string][]phrase
	starry []phrase
}

// UnmarshalYAML implements [yaml.Unmarshaler].
func (l *phraseList) UnmarshalYAML(node *yaml.Node) error {
	var terms []string
	if err := node.Decode(&terms); err != nil {
		return err
	}
	for _, t := range terms {
		l.add(phrase{words: fold(t)})
	}
	return nil
}

func (l *phraseList) add(p phrase) {
	switch {
	case len(p.words) == 0:
	case strings.HasSuffix(p.words[0], "*"):
		l.starry = append(l.starry, p)
	default:
		if l.exact == nil {
			l.exact = map[string][]phrase{}
		}
		l.exact[p.words[0]] = append(l.exact[p.words[0]], p)
	}
}

// at returns the longest phrase that begins with the first of toks.
func (l *phraseList) at(toks []token) (best phrase, ok bool) {
	for _, list := range [...][]phrase{l.exact[toks[0].Fold], l.starry} {
		for _, p := range list {
			if len(p.words) > len(best.words) && p.begins(toks) {
				best, ok = p, true
			}
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
	return true
}

// Extractor reads claims. It is safe for concurrent use.
type Extractor struct {
	languages map[string]*lexicon
	finders   map[string]*gazetteer.Finder
}

// New reads the lexicons that the program carries. The gazetteer tells for whom
// a speaker speaks.
func New(g *gazetteer.Gazetteer) (*Extractor, error) {
	names, err := fs.Glob(lexiconFiles, "lexicon/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list lexicons: %w", err)
	}
	x := &Extractor{languages: map[string]*lexicon{}, finders: map[string]*gazetteer.Finder{}}
	for _, name := range names {
		raw, err := lexiconFiles.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read lexicon: %w", err)
		}
		l, err := parseLexicon(raw)
		if err != nil {
			return nil, fmt.Errorf("lexicon %s: %w", path.Base(name), err)
		}
		lang := strings.TrimSuffix(path.Base(name), ".yaml")
		x.languages[lang], x.finders[lang] = l, g.Finder(lang)
	}
	return x, nil
}

// Languages are those that claims are read in, as BCP 47 base tags.
func (x *Extractor) Languages() []string {
	out := make([]string, 0, len(x.languages))
	for l := range x.languages {
		out = append(out, l)
	}
	slices.Sort(out)
	return out
}

func parseLexicon(raw []byte) (*lexicon, error) {
	l := &lexicon{}
	dec := yaml.NewDecoder(bytes.NewReader(raw))
	dec.KnownFields(true)
	if err := dec.Decode(l); err != nil {
		return nil, err
	}
	ambiguous := map[string]bool{}
	for _, term := range l.Ambiguous {
		ambiguous[strings.Join(fold(term), " ")] = true
	}
	for c, terms := range l.Cues {
		if !slices.Contains(Acts(), Act(c)) && !slices.Contains([]class{refuse, dismiss, object, welcome, doubt}, c) {
			return nil, fmt.Errorf("%q is no act", c)
		}
		for _, term := range terms {
			p := phrase{words: fold(term), class: c}
			p.ambiguous = ambiguous[strings.Join(p.words, " ")]
			l.cues.add(p)
		}
	}
	for a, terms := range l.Gerunds {
		if !slices.Contains(Acts(), a) {
			return nil, fmt.Errorf("%q is no act", a)
		}
		for _, term := range terms {
			l.cues.add(phrase{words: fold(term), class: gerund, act: a})
		}
	}
	return l, l.complete()
}

// The lists that the extraction asks for by name.
func wordLists() []string {
	return []string{
		"between", "negations", "bounds", "subordinators", "embedders", "determiners", "owners", "joints", "ties", "pairs", "tails", "prepositions", "nounish",
		"pronouns", "roles", "orgs", "groups", "titles", "ranks", "papers", "makers", "calendar", "labels",
		"selves", "helpers", "modals", "states", "doings",
	}
}

func phraseLists() []string {
	return []string{
		"according", "denied", "refused", "withheld", "ungranted", "untrue", "own", "blames", "accords", "refusals", "demands", "harms", "commitments",
		"places", "lives", "roundups", "offices",
	}
}

// complete reports a list that is missing or not known, which would otherwise
// be empty or unread without a word.
func (l *lexicon) complete() error {
	for _, name := range wordLists() {
		if _, ok := l.Words[name]; !ok {
			return fmt.Errorf("words: list %q is missing", name)
		}
	}
	for _, name := range phraseLists() {
		if _, ok := l.Phrases[name]; !ok {
			return fmt.Errorf("phrases: list %q is missing", name)
		}
	}
	if len(l.Words) != len(wordLists()) || len(l.Phrases) != len(phraseLists()) {
		return fmt.Errorf("a list has a name that is not one of %v and %v", wordLists(), phraseLists())
	}
	return nil
}

// is reports whether a token is one of the words of a list.
func (l *lexicon) is(list string, t token) bool { return l.Words[list][t.Fold] }

// isAny reports whether a token is one of the words of any of the lists.
func (l *lexicon) isAny(t token, lists ...string) bool {
	return slices.ContainsFunc(lists, func(list string) bool { return l.is(list, t) })
}

// bounds reports whether no noun phrase goes on over a token. "WHO" is a name
// and "Who" is not.
func (l *lexicon) bounds(t token) bool { return l.is("bounds", t) && !t.possessive() && !t.shout() }

// has reports whether a phrase of a list begins anywhere in toks.
func (l *lexicon) has(list string, toks []token) bool {
	p := l.Phrases[list]
	return p.in(toks)
}

// starts reports whether a phrase of a list begins with the first of toks.
func (l *lexicon) starts(list string, toks []token) (phrase, bool) {
	p := l.Phrases[list]
	return p.at(toks)
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
