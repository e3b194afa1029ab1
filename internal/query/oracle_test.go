package query_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/attache-bot/attache/internal/query"
	"github.com/attache-bot/attache/internal/sharedtest"
	"github.com/attache-bot/attache/internal/topic"
)

// found is what an index finds, in order.
func found(x *query.Index, t *query.Text) []query.ID {
	out := x.Match(nil, t)
	slices.Sort(out)
	return out
}

// together is what an index finds in several reports at once, in order.
func together(x *query.Index, docs []query.Doc) (out [][]query.ID) {
	var m query.Matches
	x.MatchAll(&m, docs)
	for i := range docs {
		out = append(out, slices.Sorted(slices.Values(m.Of(i))))
	}
	return out
}

// plainly is what an index of these queries must find.
func plainly(queries map[query.ID]query.Query, t *query.Text) []query.ID {
	var out []query.ID
	for id, q := range queries {
		if q.Match(t) {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}

var (
	// Some ids share half of their bits with others.
	someIDs  = []query.ID{1, 2, 3, 4, 5, 6, 7, 8, 9, 1<<32 + 1, 1<<40 + 2, -3}
	fewWords = []string{"truce", "cease-fire", "cease", "fire", "fires", "kyiv", "US", "us", "U.S.", "bora", "14", "the", "a", "停火", "停", "الهدنة", "هدنة", "перемирие", "перемир’я", "l’accord", "accord", "negotiations", "negotiator"}
	someTerm = rapid.OneOf(
		rapid.SampledFrom(fewWords),
		rapid.SampledFrom([]string{"fir*", "cea*", "пере*", "kyiv*", `"cease fir*"`, "accor*", "negotiat*", "negotiati*", "переми*", `"fir* kyiv"`, `"negotiati* fir*"`, "source:bbc", "source:tass", "topic:coup", "stage:agreed", "language:uk", "country:ru"}),
		rapid.Map(rapid.SliceOfN(rapid.SampledFrom(fewWords), 1, 3), func(w []string) string { return `"` + strings.Join(w, " ") + `"` }),
	)
	someReport = rapid.Custom(func(t *rapid.T) query.Doc {
		some := func(label string, max int) string {
			return strings.Join(rapid.SliceOfN(rapid.SampledFrom(append([]string{",", "–"}, fewWords...)), 0, max).Draw(t, label), " ")
		}
		d := query.Doc{Title: some("title", 8), Lead: some("lead", 12), Body: some("body", 12)}
		d.Source = rapid.SampledFrom([]string{"", "bbc", "tass"}).Draw(t, "source")
		d.Country = rapid.SampledFrom([]string{"", "GB", "RU"}).Draw(t, "country")
		d.Language = rapid.SampledFrom([]string{"en", "uk"}).Draw(t, "language")
		for _, id := range rapid.SliceOfN(rapid.SampledFrom([]topic.ID{"coup", "treaty"}), 0, 2).Draw(t, "topics") {
			d.Topics = append(d.Topics, topic.Match{Topic: id, Stage: "agreed"})
		}
		return d
	})
)

func drawQuery(t *rapid.T, depth int) string {
	kind := rapid.IntRange(0, 9).Draw(t, "kind")
	if depth == 0 {
		kind = 0
	}
	switch kind {
	case 1, 2:
		return "(" + drawQuery(t, depth-1) + " " + drawQuery(t, depth-1) + ")"
	case 3, 4:
		return "(" + drawQuery(t, depth-1) + " OR " + drawQuery(t, depth-1) + ")"
	case 5:
		return "(" + drawQuery(t, depth-1) + " -" + drawQuery(t, depth-1) + ")"
	case 6:
		return "title:(" + drawQuery(t, 0) + ")"
	case 7, 8:
		side := func() string {
			if rapid.Bool().Draw(t, "alternatives") {
				return "(" + someTerm.Draw(t, "term") + " OR " + someTerm.Draw(t, "term") + ")"
			}
			return someTerm.Draw(t, "term")
		}
		out := side()
		for range rapid.IntRange(1, 2).Draw(t, "links") {
			out += fmt.Sprintf(" NEAR/%d ", rapid.IntRange(1, 4).Draw(t, "gap")) + side()
		}
		return "(" + out + ")"
	}
	return someTerm.Draw(t, "term")
}

// TestTheIndexEqualsThePlainEvaluator changes an index at random and holds what it
// finds against each query by itself.
func TestTheIndexEqualsThePlainEvaluator(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var frequencies *query.Frequencies
		if rapid.Bool().Draw(t, "counted") {
			frequencies = query.Count(slices.Values(rapid.SliceOfN(someReport, 1, 5).Draw(t, "sample")))
		}
		x := query.NewIndex(frequencies)
		stand := map[query.ID]query.Query{}
		var text query.Text
		for range rapid.IntRange(1, 6).Draw(t, "rounds") {
			for range rapid.IntRange(1, 10).Draw(t, "changes") {
				id := rapid.SampledFrom(someIDs).Draw(t, "id")
				if rapid.IntRange(0, 3).Draw(t, "change") == 0 {
					if _, had := stand[id]; x.Remove(id) != had {
						t.Fatalf("Remove(%d) is wrong about whether it stood", id)
					}
					delete(stand, id)
					continue
				}
				if q, err := query.Parse(drawQuery(t, 3)); err == nil {
					x.Add(id, q)
					stand[id] = q
				}
			}
			docs := rapid.SliceOfN(someReport, 1, 3).Draw(t, "reports")
			several := together(x, docs)
			for i, d := range docs {
				text.Read(d)
				got, want := found(x, &text), plainly(stand, &text)
				if !slices.Equal(got, want) || !slices.Equal(several[i], want) || x.Len() != len(stand) {
					t.Fatalf("the index of %v finds %v, among several reports %v, plainly %v", stand, got, several[i], want)
				}
			}
		}
	})
}

// examples are those of the built-in topics, by language.
func examples(t *testing.T) map[string][]query.Doc {
	t.Helper()
	set, err := topic.Load(os.DirFS("../../config/topics"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]query.Doc{}
	for _, d := range set.Definitions() {
		for lang, tests := range d.Tests {
			for _, e := range slices.Concat(tests.Wanted, tests.Unwanted) {
				out[lang] = append(out[lang], query.Doc{Title: e.Title, Lead: e.Lead, Language: lang})
			}
		}
	}
	return out
}

// TestTheIndexEqualsThePlainEvaluatorOnNews does the same with rules written from
// real reports, in every language that the data have.
func TestTheIndexEqualsThePlainEvaluatorOnNews(t *testing.T) {
	t.Parallel()
	corpora := examples(t)
	for _, name := range []string{"replay-2023-06.jsonl.gz", "replay-pl-2023-06.jsonl.gz", "sentences-de.txt.gz", "sentences-fr.txt.gz", "sentences-ru.txt.gz", "sentences-uk.txt.gz"} {
		if _, ok := sharedtest.Find(t, "data", name); !ok {
			continue // the examples remain
		}
		corpora[name] = replay(t, name)
	}
	for name, docs := range corpora {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWriter(docs, 7)
			x := query.NewIndex(query.Count(slices.Values(docs[:min(len(docs), 1000)])))
			stand := map[query.ID]query.Query{}
			for id := range query.ID(1500) {
				q := w.query()
				x.Add(id, q)
				stand[id] = q
				if id%3 == 0 { // some go again
					x.Remove(id / 2)
					delete(stand, id/2)
				}
			}
			var text query.Text
			total := 0
			var some []query.Doc
			for i := 0; i < len(docs); i += 1 + len(docs)/200 {
				some = append(some, docs[i])
			}
			several := together(x, some)
			for i, d := range some {
				text.Read(d)
				got, want := found(x, &text), plainly(stand, &text)
				if !slices.Equal(got, want) || !slices.Equal(several[i], want) {
					t.Errorf("%+v: the index finds %v, among several reports %v, plainly %v", d, got, several[i], want)
				}
				total += len(want)
			}
			if total == 0 {
				t.Error("nothing was found, so that nothing was compared")
			}
		})
	}
}

// TestTheIndexWhileItChanges matches reports while queries come and go: what
// stands all the time is always found, what never stood never.
func TestTheIndexWhileItChanges(t *testing.T) {
	t.Parallel()
	x := query.NewIndex(nil)
	x.Add(1, parse(t, "truce kyiv"))
	var changing sync.WaitGroup
	for n := range 2 {
		changing.Go(func() {
			for i := range 500 {
				id := query.ID(10 + 100*n + i%50)
				x.Add(id, parse(t, fmt.Sprintf("truce word%d*", i)))
				if i%3 == 0 {
					x.Remove(id)
				}
			}
		})
	}
	for range 2 {
		changing.Go(func() {
			var text query.Text
			text.Read(query.Doc{Title: "Kyiv accepts truce"})
			for range 500 {
				if got := x.Match(nil, &text); !slices.Equal(got, []query.ID{1}) {
					t.Errorf("found %v", got)
					return
				}
			}
		})
	}
	changing.Wait()
}

// TestReportsThatMatchNothingCostNoMemory keeps the bulk of reports off the
// garbage collector.
func TestReportsThatMatchNothingCostNoMemory(t *testing.T) {
	if raceEnabled {
		t.Skip("under the race detector pools forget at random; .ci/run has a step without it")
	}
	for name, title := range map[string]string{
		"English": "Israel’s U.S. envoy — in Kyiv", "Russian": "Киев: Ёлка и переговоры", "Arabic": "والهدنة في غزة", "Chinese": "俄罗斯宣布停火协议",
	} {
		x := query.NewIndex(nil)
		x.Add(1, parse(t, "kyiv truce"))
		x.Add(2, parse(t, `"киев переговоры"`))
		x.Add(3, parse(t, "الهدنة OR 停战"))
		x.Remove(3)
		x.Add(3, parse(t, "停火 NEAR/1 俄罗斯 truce"))
		var text query.Text
		var ids []query.ID
		docs := []query.Doc{{Title: title, Source: "bbc", Country: "GB", Language: "en"}}
		var several query.Matches
		allocs := testing.AllocsPerRun(100, func() {
			text.Read(docs[0])
			ids = x.Match(ids[:0], &text)
			x.MatchAll(&several, docs)
		})
		if allocs > 0 || len(ids) > 0 || len(several.Of(0)) > 0 {
			t.Errorf("%s: %v allocations, found %v", name, allocs, ids)
		}
	}
}
