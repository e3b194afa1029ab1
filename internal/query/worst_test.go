package query_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/attache-bot/attache/internal/query"
)

// worst are queries of the largest size that are meant to cost much, and reports
// that are meant for them, as long as the parser of feeds lets them be.
func worst() (queries []string, docs []query.Doc) {
	chain := func(join string, n int, parts ...string) string {
		all := make([]string, n)
		for i := range all {
			all[i] = parts[i%len(parts)]
		}
		return strings.Join(all, join)
	}
	queries = []string{
		chain(" NEAR/20 ", 30, "war"),
		chain(" NEAR/20 ", 25, "war*"),
		chain(" NEAR/20 ", 15, `"war war"`),
		chain(" NEAR/30 ", 20, "(war OR sea)"),
		chain(" NEAR/20 ", 10, `(war OR sea OR "war war")`),
		chain(" NEAR/1 ", 25, "war", "sea"),
		"(" + chain(" OR ", 16, "war", `"sea war"`) + ") NEAR/30 (" + chain(" OR ", 10, "sea", `"war war"`) + ")",
		`"` + chain(" ", 39, "war") + ` sea"`,
		chain(" OR ", 13, `"war war sea"`, `"war sea war"`, `"sea sea war"`),
		chain(" OR ", 35, "wara*", "war*", "sea1*"),
		"war NEAR/30 sea",
	}
	rep := strings.Repeat
	docs = []query.Doc{
		{Title: rep("war ", 128), Lead: rep("war ", 2040), Body: rep("war ", 8000)},
		{Title: rep("war sea ", 64), Lead: rep("war sea ", 1020), Body: rep("war sea ", 4000)},
		{Title: "x", Lead: rep("war ", 1020) + rep("sea ", 1020), Body: rep("war ", 8000)},
		{Title: "x", Lead: rep("war x sea ", 900), Body: rep("war x y z sea ", 2000)},
	}
	return queries, docs
}

// TestTheIndexFindsTheSameInTheWorstReports holds both evaluators against each
// other where words stand more often than NEAR looks.
func TestTheIndexFindsTheSameInTheWorstReports(t *testing.T) {
	t.Parallel()
	queries, docs := worst()
	x := query.NewIndex(nil)
	var parsed []query.Query
	for i, s := range queries {
		q, err := query.Parse(s)
		if err != nil {
			t.Fatalf("%s: %v", s, err)
		}
		parsed = append(parsed, q)
		x.Add(query.ID(i), q)
	}
	for i, d := range docs {
		var text query.Text
		text.Read(d)
		found := map[query.ID]bool{}
		for _, id := range x.Match(nil, &text) {
			found[id] = true
		}
		for j, q := range parsed {
			if want := q.Match(&text); found[query.ID(j)] != want {
				t.Errorf("report %d, %.60s: the index finds %v, and the plain evaluator %v", i, queries[j], !want, want)
			}
			if (len(q.Explain(&text)) > 0) != found[query.ID(j)] {
				t.Errorf("report %d, %.60s: explained otherwise than found", i, queries[j])
			}
		}
	}
}

// BenchmarkWorst tells what the worst of these queries takes with the worst of
// these reports: found, and explained.
func BenchmarkWorst(b *testing.B) {
	queries, docs := worst()
	for i, d := range docs {
		var text query.Text
		text.Read(d)
		for j, s := range queries {
			q, err := query.Parse(s)
			if err != nil {
				b.Fatal(err)
			}
			x := query.NewIndex(nil)
			x.Add(1, q)
			b.Run(fmt.Sprintf("report=%d/query=%d/found", i, j), func(b *testing.B) {
				for b.Loop() {
					x.Match(nil, &text)
				}
			})
			b.Run(fmt.Sprintf("report=%d/query=%d/explained", i, j), func(b *testing.B) {
				for b.Loop() {
					q.Explain(&text)
				}
			})
		}
	}
}
