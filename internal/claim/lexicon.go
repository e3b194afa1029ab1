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
	refuse   class = "refuse"   // refuses, or denies, by its object
	dismiss  class = "dismiss"  // denies, or refuses, by its object
	object   class = "object"   // is speech only by its object: "shot down claims"
	bidding  class = "bidding"  // demands, where an infinitive follows: "pushes Kyiv to talk"
	agreeing class = "agreeing" // announces, where a deal follows: "agree six-month truce"
	welcome  class = "welcome"  // asserts, in a tone
	doubt    class = "doubt"    // asserts, in a tone
	deciding class = "deciding" // announces, where a party takes a measure: "imposes sanctions"
	closing  class = "closing"  // asserts, where it closes a sentence: ", study finds"
	gerund   class = "gerund"   // its speaker is the sentence's
)

// lexicon is one language's words of speech. The comments in lexicon/en.yaml say
// what each list is for.
type lexicon struct {
	Grammar   grammar            `yaml:"grammar"`
	Cues      map[class][]string `yaml:"cues"`
	Gerunds   map[Act][]string   `yaml:"gerunds"`
	Ambiguous []string           `yaml:"ambiguous"`
	// Bare are ambiguous verbs in the form that only several speakers have.
	Bare words `yaml:"bare"`
	// Compelling are verbs that only somebody can do, so that what stands before them speaks.
	Compelling words `yaml:"compelling"`
	// Dissents are verbs behind which stands who is disagreed with, Penalties those
	// behind which stands whom a measure hits, Greetings those behind which may stand
	// a guest.
	Dissents  words `yaml:"dissents"`
	Penalties words `yaml:"penalties"`
	Greetings words `yaml:"greetings"`
	// Leads are words for somebody who leads, each of which may stand for another.
	Leads words `yaml:"leads"`
	// Statesmen are titles of those who govern, and are no experts; Rulers are those of
	// them, and the bodies, who decide for their state.
	Statesmen words `yaml:"statesmen"`
	Rulers    words `yaml:"rulers"`
	// Orders are verbs that ask when an infinitive follows: "tells Israel to stop".
	Orders words `yaml:"orders"`
	// Callings are verbs that blame when the name they give is an insult.
	Callings words `yaml:"callings"`
	// Views are verbs that tell a view only of the party with which a headline begins,
	// Reportings those that also close one, and Rulings verbs that judge only right
	// behind one of Judges. Assaults blame only where a person does them.
	Assaults   words `yaml:"assaults"`
	Views      words `yaml:"views"`
	Reportings words `yaml:"reportings"`
	Rulings    words `yaml:"rulings"`
	Judges     words `yaml:"judges"`
	// Surveys are papers that blame nobody, and only count.
	Surveys words `yaml:"surveys"`
	// Agencies of news close a headline by their name alone.
	Agencies words `yaml:"agencies"`
	// Possibles are helping words of what is only possible.
	Possibles words `yaml:"possibles"`
	// Heralds begin a headline before it names anybody.
	Heralds words `yaml:"heralds"`
	// Relatives begin what is told of somebody before his verb, Owned what is told of
	// something of his. Hearers hear a case, and
	// are told it.
	Relatives words `yaml:"relatives"`
	Owned     words `yaml:"owned"`
	Hearers   words `yaml:"hearers"`
	// Outlines are verbs that announce where a plan follows.
	Outlines words `yaml:"outlines"`
	// Preludes tell how somebody takes something, before what he says of it.
	Preludes words `yaml:"preludes"`
	// Contrasts stand between two verbs of one subject: "open to talks but rejects".
	Contrasts words `yaml:"contrasts"`
	// Organs tell of an outlet that it is a state's own.
	Organs words `yaml:"organs"`
	// Warnings are verbs whose "must" tells a danger, and asks nothing.
	Warnings words           `yaml:"warnings"`
	Passed   map[class]words `yaml:"passed"`
	Passives words           `yaml:"passives"`
	Actives  words           `yaml:"actives"`
	// Participles are past participles, by their endings and one by one.
	Participles struct {
		Endings []string `yaml:"endings"`
		Words   words    `yaml:"words"`
	} `yaml:"participles"`
	// Agents are nouns for those who do something, by their endings, and the words
	// that only end so.
	Agents kind `yaml:"agents"`
	// Adverbs are words that may stand between a speaker and his verb.
	Adverbs kind `yaml:"adverbs"`
	// Progressives are verbs for what somebody is doing, behind a helping word.
	Progressives kind `yaml:"progressives"`
	// Plural is the ending that makes several people of a role.
	Plural  string                `yaml:"plural"`
	Words   map[string][]string   `yaml:"words"`
	Phrases map[string]phraseList `yaml:"phrases"`

	cues  phraseList
	lists index
	bits  map[string]uint64
}

// grammar is how a language orders its words, where it does so otherwise than
// English.
type grammar struct {
	// Inverts says that a speaker may stand behind his verb anywhere: "Про це
	// заявив Зеленський".
	Inverts bool `yaml:"inverts"`
	// Brackets says that a helping verb may stand far before its participle: "hat
	// die Vorwürfe zurückgewiesen".
	Brackets bool `yaml:"brackets"`
	// Nouns says that every noun has a capital, so that it marks no name.
	Nouns bool `yaml:"nouns"`
	// HeadFirst says that what belongs to a noun stands behind it: "речник МЗС
	// країни".
	HeadFirst bool `yaml:"head_first"`
	// Colons says that a leader's name before a colon is a speaker's, and no label.
	Colons bool `yaml:"colons"`
}

// Extractor reads claims. It is safe for concurrent use.
type Extractor struct {
	languages map[string]*lexicon
	finders   map[string]*gazetteer.Finder
	actors    *gazetteer.Gazetteer
}

// New reads the lexicons that the program carries. The gazetteer tells for whom
// a speaker speaks.
func New(g *gazetteer.Gazetteer) (*Extractor, error) {
	names, err := fs.Glob(lexiconFiles, "lexicon/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list lexicons: %w", err)
	}
	x := &Extractor{languages: map[string]*lexicon{}, finders: map[string]*gazetteer.Finder{}, actors: g}
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
	for _, read := range []func() error{l.complete, l.index, l.readCues} {
		if err := read(); err != nil {
			return nil, err
		}
	}
	return l, nil
}

// index gives each list of words its bit.
func (l *lexicon) index() error {
	l.bits = map[string]uint64{}
	for i, name := range wordLists() {
		l.bits[name] = 1 << i
		for _, term := range l.Words[name] {
			terms, err := alternatives(term)
			if err != nil {
				return err
			}
			for _, t := range terms {
				l.lists.add(t, l.bits[name])
			}
		}
	}
	return nil
}

// readCues gathers the cues of every class.
func (l *lexicon) readCues() error {
	ambiguous, joints, err := l.besideCues()
	if err != nil {
		return err
	}
	classes := map[string]class{} // of each cue: which of two would count, would be chance
	add := func(terms []string, cue phrase) error {
		for _, term := range terms {
			all, err := alternatives(term)
			if err != nil {
				return err
			}
			for _, t := range all {
				if before, ok := classes[t]; ok && before != cue.class {
					return fmt.Errorf("%q is a cue of %s and of %s", t, before, cue.class)
				}
				classes[t] = cue.class
				p := newPhrase(t)
				p.class, p.act, p.then = cue.class, cue.act, joints
				p.ambiguous = p.tail == "" && cue.class != gerund && ambiguous[strings.Join(p.words, " ")]
				l.cues.add(p)
			}
		}
		return nil
	}
	for c, terms := range l.Cues {
		if !slices.Contains(Acts(), Act(c)) && !slices.Contains([]class{refuse, dismiss, object, bidding, agreeing, deciding, welcome, doubt, closing}, c) {
			return fmt.Errorf("%q is no act", c)
		}
		if err := add(terms, phrase{class: c}); err != nil {
			return err
		}
	}
	for a, terms := range l.Gerunds {
		if !slices.Contains(Acts(), a) {
			return fmt.Errorf("%q is no act", a)
		}
		if err := add(terms, phrase{class: gerund, act: a}); err != nil {
			return err
		}
	}
	return nil
}

// besideCues are the cues that are mostly something else, and the words that may
// stand behind a cue's tail.
func (l *lexicon) besideCues() (ambiguous, joints words, err error) {
	ambiguous, joints = words{}, words{}
	for _, term := range l.Ambiguous {
		terms, err := alternatives(term)
		if err != nil {
			return nil, nil, err
		}
		for _, t := range terms {
			ambiguous[strings.Join(fold(t), " ")] = true
		}
	}
	for _, t := range l.Words["joints"] {
		joints[strings.Join(fold(t), " ")] = true
	}
	return ambiguous, joints, nil
}

// The lists that the extraction asks for by name.
func wordLists() []string {
	return []string{
		"between", "negations", "bounds", "subordinators", "embedders", "determiners", "owners", "joints", "ties", "pairs", "tails", "prepositions", "nounish",
		"pronouns", "roles", "orgs", "groups", "titles", "ranks", "papers", "pictures", "outsiders", "events", "nones", "bodies", "commentators", "outlets", "declarings", "makers", "calendar", "labels",
		"selves", "helpers", "modals", "states", "doings",
		"auxiliaries", "afternots", "thats", "reporters", "obliques", "nominatives", "things", "seats", "plurals", "abouts", "verbs", "infinitives", "pasts", "nobodies", "ages", "bys", "futures", "homes", "particles", "informed", "hads", "verdicts", "amounts", "informants", "incidents", "cases", "investigators", "grounds",
	}
}

func phraseLists() []string {
	return []string{
		"according", "deals", "denied", "refused", "withheld", "ungranted", "untrue", "own", "wishes", "blames", "accords", "refusals", "demands", "bidden", "harms", "commitments",
		"deeds", "measures", "plans", "candidacies", "undertakings", "imperatives", "menaces", "forbiddings", "readiness", "innocence", "absences", "parts", "insults", "places", "lives", "roundups", "explainers", "offices", "postposed", "backgrounds", "characterised", "localities", "installed", "posts", "partings", "blamings", "undergone",
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
func (l *lexicon) is(list string, t token) bool { return t.lists&l.bits[list] != 0 }

// mark tells a token which lists it is in.
func (l *lexicon) mark(t text.Token) token {
	lists := l.lists.of(t.Fold)
	if one, ok := strings.CutSuffix(t.Fold, l.Plural); ok && l.Plural != "" && l.lists.of(one)&l.bits["roles"] != 0 {
		lists |= l.bits["groups"]
	}
	return token{Token: t, lists: lists}
}

// isAny reports whether a token is one of the words of any of the lists.
func (l *lexicon) isAny(t token, lists ...string) bool {
	for _, list := range lists {
		if l.is(list, t) {
			return true
		}
	}
	return false
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
