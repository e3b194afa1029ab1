package topic_test

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/text"
	"github.com/attache-bot/attache/internal/topic"
)

// compile builds a set of one topic, test-topic, from the body of its lang.en.
func compile(t *testing.T, body string) *topic.Set {
	t.Helper()
	src := "id: test-topic\ntitle: {en: Test}\nstages: [agreed, ended]\nlang:\n  en:\n" + body
	f, err := topic.Parse("test.yaml", strings.NewReader(src))
	if err != nil {
		t.Fatal(err)
	}
	set, err := topic.Compile([]topic.File{f})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestPatterns(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, pattern, title string
		want                 bool
	}{
		{"a word in any case", "truce", "TRUCE holds", true},
		{"a word with a possessive", "ukraine", "Ukraine’s fight", true},
		{"not inside a word", "mali", "Somali pirates", false},
		{"a prefix", "ceasefire*", "Ceasefires end", true},
		{"a suffix", "*angriff", "Drohnenangriff auf Kyiv", true},
		{"hyphens are spaces", "cease-fire", "cease fire", true},
		{"spaces are hyphens", "cease fire", "cease-fire", true},
		{"exact case", "=US", "US strikes", true},
		{"exact case with full stops", "=US", "U.S. strikes", true},
		{"exact case with a possessive", "=US", "the US's role", true},
		{"exact case, not the pronoun", "=US", "Tell us more", false},
		{"exact case in a title without capitals", "=US", "us strikes baghdad", true},
		{"alternatives of several words", "rule*_out|reject* truce", "Hamas rules out truce", true},
		{"a set's phrase", "{place} talks", "Saudi Arabia talks", true},
		{"a gap", "halt ..2 attacks", "halt to all attacks", true},
		{"a gap that is too short", "halt ..1 attacks", "halt to all attacks", false},
		{"a gap crosses no comma", "strikes ..3 ceasefire", "Israel strikes Beirut, rejects ceasefire", false},
		{"a gap crosses no dash", "strikes ..3 ceasefire", "Strikes go on – ceasefire fails", false},
		{"a gap crosses no sentence", "strikes ..3 ceasefire", "He strikes. A ceasefire", false},
		{"quotes are no border", "halt attacks", "Halt “attacks”", true},
		{"a number", "kill # people", "Bombs kill 14 people", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			set := compile(t, fmt.Sprintf("    sets: {place: [kyiv, saudi arabia]}\n    strong: [%q]\n", tt.pattern))
			got := len(set.Match(topic.Doc{Title: tt.title, Language: "en"})) == 1
			if got != tt.want {
				t.Errorf("%q matches %q: %v, want %v", tt.pattern, tt.title, got, tt.want)
			}
		})
	}
}

func TestTopicsDoNotDependOnEachOther(t *testing.T) {
	t.Parallel()
	parse := func(id, body string) topic.File {
		f, err := topic.Parse(id+".yaml", strings.NewReader("id: "+id+"\ntitle: {en: Test}\nstages: [ended]\nlang: {en: {"+body+"}}\n"))
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	set, err := topic.Compile([]topic.File{parse("main-topic", `strong: {truce: 5}`), parse("other-topic", `strong: {embassy: 2.5}`)})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, title, lead, want string
	}{
		{"far weaker and in the lead alone", "Truce holds", "It reopened its embassy", "main-topic other-topic"},
		{"in the title too", "Truce holds, embassy opens", "It reopened its embassy", "main-topic other-topic"},
		{"not weaker", "Leaders meet", "A truce, an embassy", "main-topic other-topic"},
		{"alone", "Leaders meet", "It reopened its embassy", "other-topic"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var got []string
			for _, m := range set.Match(topic.Doc{Title: tt.title, Lead: tt.lead, Language: "en"}) {
				got = append(got, string(m.Topic))
			}
			if diff := cmp.Diff(tt.want, strings.Join(got, " ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestStageIsReadBesideTheOccurrence(t *testing.T) {
	t.Parallel()
	set := compile(t, "    strong: [truce]\n    stages: [{stage: agreed, cues: [agreed]}]\n")
	for lead, want := range map[string]topic.Stage{
		"A truce was agreed": "agreed",
		"A truce in the north of the country, whose two parliaments on Monday also agreed a budget": "",
	} {
		m := set.Match(topic.Doc{Title: "News", Lead: lead, Language: "en"})
		if len(m) != 1 || m[0].Stage != want {
			t.Errorf("%q: %+v, want stage %q", lead, m, want)
		}
	}
}

func TestScoring(t *testing.T) {
	t.Parallel()
	const rules = `
    strong: ["airstrike*"]
    weak: {"strike|strikes": 0.5}
    near: {window: 3, cues: {"army|troops": 1}}
    context: {cap: 0.5, cues: {"war": 0.5, "invasion": 0.5}}
    senses: {labour: {"union|pay": 2}}
    veto: ["strike ..2 deal"]
    stages: [{stage: ended, cues: ["{@} ..2 ends"]}]
    flags: {historical: ["anniversary ..2 {@}"]}
`
	set := compile(t, rules)
	tests := []struct {
		name, title, lead string
		want              bool
	}{
		{"strong alone", "Airstrikes in the north", "", true},
		{"weak alone is not enough", "Strike in the north", "", false},
		{"weak with a near cue", "Army strike in the north", "", true},
		{"a cue outside the window", "Army says it knows nothing of strike", "", false},
		{"context adds up to its cap", "Strike in war and invasion", "", false},
		{"a competing sense wins", "Army strike over pay of union", "", false},
		{"a veto kills its occurrence", "Army strike arms deal", "", false},
		{"a veto spares the others", "Army strike arms deal, then airstrike", "", true},
		{"the lead weighs less", "News", "Army strike in the north", false},
		{"strong in the lead", "News", "Airstrikes in the north", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			doc := topic.Doc{Title: tt.title, Lead: tt.lead, Language: "en"}
			if got := len(set.Match(doc)) == 1; got != tt.want {
				t.Errorf("got %v, want %v: %+v", got, tt.want, set.Explain(doc))
			}
		})
	}
	m := set.Match(topic.Doc{Title: "Anniversary of airstrike that ends war", Language: "en"})
	if len(m) != 1 || m[0].Stage != "ended" || m[0].Flags != topic.Historical || m[0].Alerts() {
		t.Errorf("stage and flags: %+v", m)
	}
}

func TestEvidenceNamesItsPlace(t *testing.T) {
	t.Parallel()
	doc := topic.Doc{Title: "Kyiv: “Ceasefire” agreed", Lead: "The truce, Kremlin says, holds.", Language: "en"}
	found := false
	for _, m := range load(t).Match(doc) {
		for _, e := range m.Evidence {
			field := map[topic.Field]string{topic.Title: doc.Title, topic.Lead: doc.Lead}[e.Field]
			if field[e.Start:e.End] != e.Text {
				t.Errorf("evidence %+v is not at its place", e)
			}
			found = found || m.Topic == "ceasefire" && e.Text == "Ceasefire"
		}
	}
	if !found {
		t.Error("no evidence for ceasefire")
	}
}

func TestMatchIsSafeForConcurrentUse(t *testing.T) {
	t.Parallel()
	set := load(t)
	docs := []topic.Doc{{Title: "Hamas rejects cease-fire offer", Language: "en"}, {Title: "US strikes Houthi targets in Yemen", Language: "en"}, {Title: "Rates rise", Language: "en"}}
	want := make([][]topic.Match, len(docs))
	for i, d := range docs {
		want[i] = set.Match(d)
	}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for i, d := range docs {
				if diff := cmp.Diff(want[i], set.Match(d)); diff != "" {
					t.Errorf("%q: %s", d.Title, diff)
				}
			}
		})
	}
	wg.Wait()
}

func TestBadFilesNameLineAndRemedy(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, src, want string }{
		{"unknown key", "id: x\ntitel: {en: X}\n", `line 2: unknown key "titel"; allowed are id, title`},
		{"unknown key in rules", "id: x\ntitle: {en: X}\nlang:\n  en:\n    stong: [a]\n", `line 5: unknown key "stong"; allowed are sets, strong`},
		{"bad id", "id: My Topic\ntitle: {en: X}\nlang: {en: {strong: [a]}}\n", "lower-case words joined by hyphens"},
		{"no rules", "id: x\ntitle: {en: X}\nlang: {en: {veto: [a]}}\n", "at least one strong or weak pattern"},
		{"unknown set", "id: x\ntitle: {en: X}\nlang:\n  en:\n    strong: [\"{nowhere} talks\"]\n", `bad.yaml:5: pattern "{nowhere} talks": no set "nowhere"`},
		{"set in a circle", "id: x\ntitle: {en: X}\nlang: {en: {sets: {a: [\"{b}\"], b: [\"{a}\"]}, strong: [\"{a}\"]}}\n", "holds itself"},
		{"gap at the end", "id: x\ntitle: {en: X}\nlang: {en: {strong: [\"a ..2\"]}}\n", "a gap must stand between two words"},
		{"wild gap", "id: x\ntitle: {en: X}\nlang: {en: {strong: [\"a ..99 b\"]}}\n", "a number from 1 to"},
		{"star inside", "id: x\ntitle: {en: X}\nlang: {en: {strong: [\"ce*se\"]}}\n", "* may only begin or end a word"},
		{"one letter before a star", "id: x\ntitle: {en: X}\nlang: {en: {strong: [\"a*\"]}}\n", "write 2 to"},
		{"bad weight", "id: x\ntitle: {en: X}\nlang: {en: {strong: {a: heavy}}}\n", "must be a number"},
		{"unknown stage", "id: x\ntitle: {en: X}\nstages: [agreed]\nlang: {en: {strong: [a], stages: [{stage: won, cues: [a]}]}}\n", "not in the list stages"},
		{"unknown sense", "id: x\ntitle: {en: X}\nlang: {en: {strong: [a], against: [sport]}}\n", `no shared senses named "sport"`},
		{"empty", "", "empty; write at least id"},
		{"two documents", "id: x\ntitle: {en: X}\nlang: {en: {strong: [a]}}\n---\nid: y\n", "more than one document"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			f, err := topic.Parse("bad.yaml", strings.NewReader(tt.src))
			if err == nil {
				_, err = topic.Compile([]topic.File{f})
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.Contains(err.Error(), "bad.yaml") {
				t.Errorf("got %v, want it to hold %q", err, tt.want)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("id: x\ntitle: {en: X}\nlang: {en: {strong: [\"a ..2 {b}\"], sets: {b: [c d*]}}}\n"))
	f.Add([]byte("id: x\ntitle: {en: X}\nlang: {en: {strong: {\"=US|*griff #\": 2}}}\n"))
	f.Add([]byte("&a [*a]"))
	f.Fuzz(func(t *testing.T, src []byte) {
		file, err := topic.Parse("fuzz.yaml", bytes.NewReader(src))
		if err != nil {
			return
		}
		set, err := topic.Compile([]topic.File{file})
		if err != nil {
			return
		}
		set.Match(topic.Doc{Title: "US strikes deal on truce, a b c d", Language: "en"})
	})
}

func FuzzMatch(f *testing.F) {
	set := load(f)
	f.Add("US strikes Houthi targets", "The army said 14 were killed.", "")
	f.Add("a\xff truce – “in” Kyiv", "…", "body")
	f.Fuzz(func(t *testing.T, title, lead, body string) {
		doc := topic.Doc{Title: title, Lead: lead, Body: body, Language: "en"}
		for _, v := range set.Explain(doc) {
			for _, e := range v.Evidence {
				field := map[topic.Field]string{topic.Title: title, topic.Lead: lead, topic.Body: body}[e.Field]
				if e.Start < 0 || e.End > len(field) || field[e.Start:e.End] != e.Text {
					t.Fatalf("evidence %+v is not at its place", e)
				}
				if utf8.ValidString(field) && !utf8.ValidString(e.Text) {
					t.Fatalf("evidence %+v splits a character", e)
				}
			}
		}
	})
}

func BenchmarkMatch(b *testing.B) {
	set := load(b)
	docs := []topic.Doc{}
	for _, d := range set.Definitions() {
		for _, e := range append(d.Tests["en"].Wanted, d.Tests["en"].Unwanted...) {
			docs = append(docs, topic.Doc{Title: e.Title, Lead: e.Lead, Language: "en"})
		}
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		set.Match(docs[i%len(docs)])
		i++
	}
}

func BenchmarkMatchRealReports(b *testing.B) {
	set := load(b)
	reports := readLabelled(b, "topics-dev.jsonl")
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		r := reports[i%len(reports)]
		set.Match(topic.Doc{Title: r.Title, Lead: r.Description, Language: "en"})
		i++
	}
}

// BenchmarkMatchLanguages matches the examples of every topic in every language
// against all topics. The floor, measured in the same run, is cutting the same
// texts into tokens.
func BenchmarkMatchLanguages(b *testing.B) {
	set := load(b)
	docs := map[string][]topic.Doc{}
	for _, d := range set.Definitions() {
		for lang, ex := range d.Tests {
			for _, e := range slices.Concat(ex.Wanted, ex.Unwanted) {
				docs[lang] = append(docs[lang], topic.Doc{Title: e.Title, Lead: e.Lead, Language: lang})
			}
		}
	}
	for _, lang := range slices.Sorted(maps.Keys(docs)) {
		b.Run(lang, func(b *testing.B) {
			var floor time.Duration
			var buf []text.Token
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				d := docs[lang][i%len(docs[lang])]
				began := time.Now()
				buf = text.AppendTokens(text.AppendTokens(buf[:0], d.Title), d.Lead)
				floor += time.Since(began)
				set.Match(d)
				i++
			}
			all, low := float64(b.Elapsed())/float64(i), float64(floor)/float64(i)
			b.ReportMetric(low, "floor-ns/op")
			b.ReportMetric((all-low)/low, "ratio")
		})
	}
}
