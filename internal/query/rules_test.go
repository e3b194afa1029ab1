package query_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/attache-bot/attache/internal/query"
	"github.com/attache-bot/attache/internal/sharedtest"
	"github.com/attache-bot/attache/internal/text"
	"github.com/attache-bot/attache/internal/topic"
)

// replay reads the real reports of a file; of one of plain sentences, each is a
// report's title.
func replay(tb testing.TB, name string) []query.Doc {
	tb.Helper()
	f, err := os.Open(sharedtest.Path(tb, "data", name))
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		tb.Fatal(err)
	}
	var out []query.Doc
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if !strings.Contains(name, ".jsonl") {
			out = append(out, query.Doc{Title: lines.Text()})
			continue
		}
		var r struct{ Title, Description, Source, Language string }
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			tb.Fatal(err)
		}
		d := query.Doc{Title: r.Title, Lead: r.Description, Source: host(r.Source), Language: r.Language, Country: "gb"}
		if strings.Contains(r.Title, "Wagner") {
			d.Topics = []topic.Match{{Topic: "coup", Stage: "attempted"}}
		}
		out = append(out, d)
	}
	if err := lines.Err(); err != nil {
		tb.Fatal(err)
	}
	return out
}

func host(address string) string {
	_, rest, _ := strings.Cut(address, "://")
	h, _, _ := strings.Cut(rest, "/")
	return strings.ReplaceAll(h, ".", "-")
}

// writer makes rules as people might write them for the news at hand: named
// people, places and things, rather than words that all reports share. It is
// seeded, so that it writes the same each time.
type writer struct {
	rand *rand.Rand
	docs []query.Doc
	// common are words of several reports, and of more than one in a thousand.
	common map[string]bool
}

func newWriter(docs []query.Doc, seed uint64) *writer {
	w := &writer{rand: rand.New(rand.NewPCG(seed, 1)), docs: docs, common: map[string]bool{}}
	counts := map[string]int{}
	for _, d := range docs {
		seen := map[string]bool{}
		for _, word := range text.Words(d.Title + "\n" + d.Lead) {
			if !seen[word] {
				seen[word] = true
				counts[word]++
			}
		}
	}
	for word, n := range counts {
		w.common[word] = n > 3 && n*1000 > len(docs)
	}
	return w
}

// rule writes one rule about one report. It may be refused, as people's are.
func (w *writer) rule() string {
	d := w.docs[w.rand.IntN(len(w.docs))]
	src := d.Title
	if d.Lead != "" && w.rand.IntN(2) == 0 {
		src = d.Lead
	}
	var words []text.Token // in order, without marks
	var telling []int      // those that are seldom
	for _, t := range text.Tokens(src) {
		if t.Kind != text.Word && t.Kind != text.Number || strings.ContainsAny(t.Text, `"*()'’.`) {
			continue
		}
		if len(t.Fold) > 3 && !w.common[t.Fold] && t.Content(false) {
			telling = append(telling, len(words))
		}
		words = append(words, t)
	}
	if len(telling) == 0 {
		return w.rule()
	}
	pick := func() int { return telling[w.rand.IntN(len(telling))] }
	i := pick()
	a := words[i].Text
	b := words[pick()].Text
	next := words[min(i+1, len(words)-1)].Text
	any := words[w.rand.IntN(len(words))].Text
	switch n := w.rand.IntN(100); {
	case n < 15:
		return a
	case n < 40:
		return fmt.Sprintf(`"%s %s"`, a, next)
	case n < 60:
		return a + " " + b
	case n < 68:
		return fmt.Sprintf("%s %s -%s", a, any, w.words())
	case n < 80:
		return fmt.Sprintf("%s NEAR/%d %s", a, 1+w.rand.IntN(10), b)
	case n < 88:
		return fmt.Sprintf("%s* %s", prefixOf(a), b)
	case n < 93:
		return fmt.Sprintf("(%s OR %s) %s", a, w.words(), b)
	case n < 96:
		return fmt.Sprintf(`title:%s "%s %s"`, a, any, next)
	case n < 98:
		return fmt.Sprintf("(%s OR \"%s %s\") NEAR/8 %s", a, b, next, any)
	}
	return fmt.Sprintf("%s source:%s", a, or(d.Source, "bbc"))
}

func or(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

// words is a word of some other report.
func (w *writer) words() string {
	d := w.docs[w.rand.IntN(len(w.docs))]
	for _, word := range text.Words(d.Title) {
		if len(word) > 4 && !strings.ContainsAny(word, `"*()'.`) {
			return word
		}
	}
	return "exercise"
}

func prefixOf(s string) string {
	r := []rune(s)
	return string(r[:min(len(r), 4+len(r)/3)])
}

// query writes a rule that is accepted.
func (w *writer) query() query.Query {
	for {
		if q, err := query.Parse(w.rule()); err == nil {
			return q
		}
	}
}
