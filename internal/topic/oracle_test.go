package topic

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/attache-bot/attache/internal/gazetteer"
	"github.com/attache-bot/attache/internal/text"
)

// plain is the evaluator that the compiled one must equal: it tries every
// pattern at every token by comparing strings, without an index.
type plain struct {
	tokens []text.Token
	set    func(name string) []phrase
	hits   []span
}

func (p plain) find(src string) []span {
	elements, err := parsePattern(src)
	if err != nil {
		panic(err)
	}
	var out []span
	for i := range p.tokens {
		if end := p.from(elements, i); end >= 0 {
			out = append(out, span{int32(i), int32(end)})
		}
	}
	return out
}

// framed is find for a pattern that may have parts joined by "&". The parties
// are taken from the scan, which has tests of its own.
func (p plain) framed(s *scan, src string) []span {
	parts := strings.Split(src, " & ")
	var out []span
anchors:
	for _, at := range p.find(parts[0]) {
		near := func(sp span) bool { return sp.distance(at) <= frameReach && s.sameSentence(sp, at) }
		elements, _ := parsePattern(parts[0])
		used := p.words(elements, int(at.start))
		for _, part := range parts[1:] {
			if part == bothParties || part == apartParties {
				in := near
				if part == apartParties {
					in = at.overlaps
				}
				if !twoSides(s.named, in) {
					continue anchors
				}
				continue
			}
			i := slices.IndexFunc(p.find(part), func(sp span) bool { return near(sp) && !overlapsAny(used, sp) })
			if i < 0 {
				continue anchors
			}
			used = append(used, p.find(part)[i])
		}
		out = append(out, at)
	}
	return out
}

// twoSides reports whether parties of two sides stand where in says.
func twoSides(all []named, in func(span) bool) bool {
	sides := map[uint16]bool{}
	for _, n := range all {
		if in(n.span) {
			sides[n.side] = true
		}
	}
	return len(sides) > 1
}

// from is where the elements end that stand from a token on, or -1.
func (p plain) from(elements []element, at int) int {
	words := p.words(elements, at)
	if words == nil {
		return -1
	}
	return int(words[len(words)-1].end)
}

// words are where the elements stand from a token on.
func (p plain) words(elements []element, at int) []span {
	for _, size := range p.sizes(elements[0], at) {
		end := at + size
		first := span{int32(at), int32(end)}
		if len(elements) == 1 {
			return []span{first}
		}
		for gap := 0; gap <= elements[1].gap; gap++ {
			if gap > 0 && (end+gap-1 >= len(p.tokens) || p.breaks(end+gap-1)) {
				break
			}
			if rest := p.words(elements[1:], end+gap); rest != nil {
				return append([]span{first}, rest...)
			}
		}
	}
	return nil
}

func (p plain) breaks(i int) bool {
	return p.tokens[i].Kind == text.Clause || p.tokens[i].Kind == text.Stop
}

// sizes are the lengths of the members that match at a token, longest first.
func (p plain) sizes(e element, at int) []int {
	var sizes []int
	alts := slices.Clone(e.alts)
	for _, name := range e.sets {
		alts = append(alts, p.set(name)...)
	}
	for _, alt := range alts {
		ok := at+len(alt) <= len(p.tokens)
		for i := 0; ok && i < len(alt); i++ {
			ok = !p.breaks(at+i) && p.same(alt[i], &p.tokens[at+i])
		}
		if ok {
			sizes = append(sizes, len(alt))
		}
	}
	if e.hit {
		for _, h := range p.hits {
			if int(h.start) == at {
				sizes = append(sizes, int(h.end-h.start))
			}
		}
	}
	slices.Sort(sizes)
	slices.Reverse(sizes)
	return slices.Compact(sizes)
}

func (p plain) same(a atom, t *text.Token) bool {
	switch a.form {
	case literal:
		return t.Fold == a.word
	case prefix:
		return strings.HasPrefix(t.Fold, a.word)
	case suffix:
		return strings.HasSuffix(t.Fold, a.word)
	case exact:
		s := strings.TrimSuffix(strings.ReplaceAll(t.Text, ".", ""), "'s")
		return s == a.word && s != strings.ToLower(s)
	}
	return t.Kind == text.Number
}

var (
	genWord    = rapid.SampledFrom([]string{"truce", "cease", "fire", "cease-fire", "Kyiv", "US", "us", "U.S.", "deal", "deals", "strike", "strikes", "14", "the", "on", "South", "Korea", "Korean", "bora"})
	genMark    = rapid.SampledFrom([]string{" ", " ", " ", " ", ", ", ". ", " – ", "-", " \"", "'s "})
	genText    = rapid.Custom(func(t *rapid.T) string { return drawText(t) })
	genAlt     = rapid.SampledFrom([]string{"truce", "cease", "fire", "cease-fire", "kyiv", "=US", "us", "deal*", "strike*", "*fire", "*ea", "#", "the", "on", "{place}", "{pact}", "south_korea*", "bora", "{@}"})
	setsSource = map[string]Members{
		"place": {{Text: "kyiv"}, {Text: "south korea"}, {Text: "korea*"}, {Text: "south"}, {Text: "=US"}},
		"pact":  {{Text: "truce"}, {Text: "cease fire"}, {Text: "cease-fire deal*"}, {Text: "{place}"}},
	}
)

func drawText(t *rapid.T) string {
	var b strings.Builder
	for range rapid.IntRange(0, 25).Draw(t, "words") {
		b.WriteString(genWord.Draw(t, "word"))
		b.WriteString(genMark.Draw(t, "mark"))
	}
	return b.String()
}

func drawPattern(t *rapid.T, hits bool) string {
	var parts []string
	for i := range rapid.IntRange(1, 4).Draw(t, "elements") {
		if i > 0 && rapid.Bool().Draw(t, "gapped") {
			parts = append(parts, fmt.Sprintf("..%d", rapid.IntRange(1, 3).Draw(t, "gap")))
		}
		alts := rapid.SliceOfN(genAlt, 1, 3).Draw(t, "alts")
		if !hits {
			alts = slices.DeleteFunc(alts, func(s string) bool { return s == "{@}" })
			if len(alts) == 0 {
				alts = []string{"truce"}
			}
		}
		parts = append(parts, strings.Join(alts, "|"))
	}
	return strings.Join(parts, " ")
}

func phrasesOf(sets map[string]Members, name string) []phrase {
	var out []phrase
	for _, m := range sets[name] {
		if inner, ok := strings.CutPrefix(m.Text, "{"); ok {
			out = append(out, phrasesOf(sets, strings.TrimSuffix(inner, "}"))...)
			continue
		}
		p, err := parsePhrase(m.Text)
		if err != nil {
			panic(err)
		}
		out = append(out, p)
	}
	return out
}

func TestCompiledPatternsEqualThePlainEvaluator(t *testing.T) {
	t.Parallel()
	actors, err := gazetteer.Load()
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		var strong, cues Patterns
		for range rapid.IntRange(1, 8).Draw(t, "rules") {
			strong = append(strong, Pattern{Text: drawPattern(t, false), Weight: 1})
			cues = append(cues, Pattern{Text: drawPattern(t, true), Weight: 1})
		}
		d := Definition{
			ID: "x", Title: map[string]string{"en": "x"}, Accept: 1,
			Lang: map[string]Rules{"en": {Sets: setsSource, Strong: strong, Context: Cues{Cues: cues}}},
		}
		set, err := compileFor(actors, []File{{Definition: &d}})
		if err != nil {
			t.Fatal(err)
		}
		s := new(scan)
		for range 2 { // a scan is used again for the next report
			doc := Doc{Title: genText.Draw(t, "title"), Lead: genText.Draw(t, "lead"), Language: "en"}
			s.read(set.langs["en"], doc)
			s.occurrences()
			p := plain{tokens: s.tokens, set: func(name string) []phrase { return phrasesOf(setsSource, name) }}
			compareOccurrences(t, s, p, strong)
			for _, o := range s.occs {
				s.hits = append(s.hits, o.span)
			}
			p.hits = s.hits
			for i, c := range s.prog.topics[0].context {
				if diff := cmp.Diff(p.find(cues[i].Text), slices.Clone(s.find(c)), cmp.AllowUnexported(span{}), emptyIsNil); diff != "" {
					t.Fatalf("pattern %q over %+v (-plain +compiled):\n%s", cues[i].Text, doc, diff)
				}
			}
		}
	})
}

var emptyIsNil = cmp.Transformer("emptyIsNil", func(s []span) string { return fmt.Sprint(s) })

func compareOccurrences(t *rapid.T, s *scan, p plain, strong Patterns) {
	var got, want []string
	for _, o := range s.occs {
		got = append(got, fmt.Sprint(o.index, o.span))
	}
	for i, pat := range strong {
		for _, sp := range p.find(pat.Text) {
			want = append(want, fmt.Sprint(i, sp))
		}
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("occurrences over %+v (-plain +compiled):\n%s", s.doc, diff)
	}
}

func TestBuiltInPatternsEqualThePlainEvaluator(t *testing.T) {
	t.Parallel()
	files, err := ParseFS(os.DirFS("../../config/topics"))
	if err != nil {
		t.Fatal(err)
	}
	actors, err := gazetteer.Load()
	if err != nil {
		t.Fatal(err)
	}
	set, err := compileFor(actors, files)
	if err != nil {
		t.Fatal(err)
	}
	shared := actorSets(actors).Sets["en"]
	for _, f := range files {
		if f.Shared != nil {
			maps.Copy(shared, f.Shared.Sets["en"])
		}
	}
	s := new(scan)
	for _, d := range set.Definitions() {
		sets := map[string]Members{}
		maps.Copy(sets, shared)
		maps.Copy(sets, d.Lang["en"].Sets)
		memo := map[string][]phrase{}
		lookup := func(name string) []phrase {
			if memo[name] == nil {
				memo[name] = phrasesOf(sets, name)
			}
			return memo[name]
		}
		rules := d.Lang["en"]
		for _, e := range append(d.Tests["en"].Wanted[:3:3], d.Tests["en"].Unwanted[:2]...) {
			s.read(set.langs["en"], Doc{Title: e.Title, Lead: e.Lead})
			s.occurrences()
			got := 0
			for _, o := range s.occs {
				if o.rules.def.ID == d.ID {
					got++
				}
			}
			want := 0
			for _, pat := range append(slices.Clone(rules.Strong), rules.Weak...) {
				want += len(plain{tokens: s.tokens, set: lookup}.framed(s, pat.Text))
			}
			if got != want {
				t.Errorf("%s: %q: %d occurrences, plainly %d", d.ID, e.Title, got, want)
			}
		}
	}
}
