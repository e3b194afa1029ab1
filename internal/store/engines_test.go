package store_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/sharedtest"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/store/storetest"
)

// engines are two stores of different kinds that are told the same.
type engines struct {
	stores []*store.Store
	feed   feed.Feed
	count  int
}

func bothEngines(tb testing.TB) *engines {
	tb.Helper()
	e := &engines{stores: []*store.Store{openSQLite(tb), openAt(tb, storetest.Postgres(tb).Migrated(tb))}}
	for _, s := range e.stores {
		e.feed = oneFeed(tb, s)
	}
	return e
}

// fataler is what *testing.T and *rapid.T have in common.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// tell saves reports, given as title and description.
func (e *engines) tell(tb testing.TB, t fataler, texts ...[2]string) {
	t.Helper()
	o := feed.Outcome{Feed: e.feed, Result: feed.Changed}
	for _, text := range texts {
		e.count++
		o.Reports = append(o.Reports, report.Report{
			Source: "wire", Keys: []report.Key{report.Key(fmt.Sprint("g:", e.count))},
			Title: text[0], Description: text[1], Language: "und", Seen: now(),
		})
	}
	for _, s := range e.stores {
		if _, err := s.SavePoll(tb.Context(), o); err != nil {
			t.Fatalf("save: %v", err)
		}
	}
}

// find searches both, in both orders, and returns how many reports they agree
// on.
func (e *engines) find(tb testing.TB, t fataler, text string) int {
	t.Helper()
	const most = 200
	var found [2][]report.ID
	for i, s := range e.stores {
		found[i] = ids(tb, t, s, archive.Search{Text: text, Limit: most})
		ranked := ids(tb, t, s, archive.Search{Text: text, Limit: most, Order: archive.Relevant})
		if len(found[i]) < most {
			slices.Sort(ranked)
			slices.Reverse(ranked)
			if !slices.Equal(found[i], ranked) {
				t.Fatalf("search for %q: newest first %v are found, the most relevant first %v", text, found[i], ranked)
			}
		}
	}
	if !slices.Equal(found[0], found[1]) {
		t.Fatalf("search for %q: SQLite finds %v, PostgreSQL %v", text, found[0], found[1])
	}
	return len(found[0])
}

func ids(tb testing.TB, t fataler, s *store.Store, q archive.Search) []report.ID {
	t.Helper()
	listings, err := s.Search(tb.Context(), q)
	if err != nil && !errors.Is(err, archive.ErrNoWords) {
		t.Fatalf("search for %q: %v", q.Text, err)
	}
	var out []report.ID
	for _, l := range listings {
		out = append(out, l.Report.ID)
	}
	return out
}

func TestEnginesFindTheSame(t *testing.T) {
	t.Parallel()
	e := bothEngines(t)
	word := rapid.OneOf(
		rapid.SampledFrom([]string{
			"truce", "Truce", "the", "a", "U.S.", "US", "1,000.5", "3", "o’brien", "cessez-le-feu", "Jürgen", "jurgen", "ﬁre", "½", "㎧",
			"Зеленський", "ЗЕЛЕНСЬКИЙ", "هدنة", "הפסקת־אש", "停火", "停火协议", "ガザ", "สงบศึก", "정전", "İstanbul", "ǅ", "e\u0301", "👩‍👩‍👧",
			"¶", "'", `\`, "''", "&", "|", "!", "<->", ":*", "(", ")", "*", "\x00", "\xff", "\u00a0", "\u2028", "a'b", `a\b`, "a:b",
		}),
		rapid.StringN(1, 6, 24), rapid.StringMatching(`[a-c]{1,2}`), rapid.StringMatching(`[0-9][0-9.,]{0,4}`),
	)
	words := rapid.Custom(func(t *rapid.T) string {
		return strings.Join(rapid.SliceOfN(word, 0, 8).Draw(t, "words"), rapid.SampledFrom([]string{" ", " ", "", "-", ", "}).Draw(t, "between"))
	})
	rapid.Check(t, func(rt *rapid.T) {
		title, description := words.Draw(rt, "title"), words.Draw(rt, "description")
		e.tell(t, rt, [2]string{title, description})
		e.find(t, rt, title)
		e.find(t, rt, `"`+description+`"`)
		e.find(t, rt, words.Draw(rt, "query"))
		e.find(t, rt, `"`+words.Draw(rt, "phrase")+`"`+word.Draw(rt, "word"))
	})
}

// TestEnginesFindTheSameInLongTexts goes over what a server can keep of one
// text: places of a word, words of a text, bytes of a word.
func TestEnginesFindTheSameInLongTexts(t *testing.T) {
	t.Parallel()
	e := bothEngines(t)
	long := strings.Repeat("ж", 3000)
	e.tell(
		t, t,
		[2]string{"often", strings.Repeat("war and peace ", 400) + "war and truce"},
		[2]string{"far", strings.Repeat("filler ", 20_000) + "war and truce"},
		[2]string{"word", long + "a"},
		[2]string{"other word", long + "b " + long},
	)
	for query, want := range map[string]int{
		`"war and truce"`: 2, `"peace war and truce"`: 1, `"truce war"`: 0,
		long: 1, long + "a": 1, long + "b": 1, long + "c": 0, `"` + long + "b " + long + `"`: 1,
	} {
		if got := e.find(t, t, query); got != want {
			t.Errorf("search for %.40q finds %d, want %d", query, got, want)
		}
	}
}

// TestEnginesFindTheSameInNews searches real reports, and sentences of other
// languages, for what stands in them.
func TestEnginesFindTheSameInNews(t *testing.T) {
	t.Parallel()
	if raceEnabled {
		t.Skip("SQLite is twenty times slower under the race detector: .ci/run has a step without it")
	}
	texts := newsTexts(t)
	e := bothEngines(t)
	for part := range slices.Chunk(texts, 500) {
		e.tell(t, t, part...)
	}
	r := rand.New(rand.NewPCG(5, 6))
	some := func(from []string, n int) string {
		if len(from) == 0 {
			return ""
		}
		i := r.IntN(len(from))
		return strings.Join(from[i:min(len(from), i+n)], " ")
	}
	const searches = 1500
	found := 0
	for i := range searches {
		text := texts[r.IntN(len(texts))]
		title, all := strings.Fields(text[0]), strings.Fields(text[0]+" "+text[1])
		query := []string{
			some(all, 1), some(title, 2), `"` + some(all, 2) + `"`, `"` + some(all, 1+r.IntN(5)) + `" ` + some(all, 1),
			some(all, 1) + " " + some(all, 1) + " " + some(all, 1),
		}[i%5]
		if e.find(t, t, query) > 0 {
			found++
		}
	}
	t.Logf("%d texts, %d searches, %d found something", len(texts), searches, found)
	if found < searches*9/10 {
		t.Errorf("only %d of %d searches found anything", found, searches)
	}
}

func newsTexts(tb testing.TB) [][2]string {
	tb.Helper()
	var out [][2]string
	eachLine(tb, "replay-2023-06.jsonl.gz", func(line []byte) {
		var l struct{ Title, Description string }
		if err := json.Unmarshal(line, &l); err != nil {
			tb.Fatal(err)
		}
		out = append(out, [2]string{l.Title, l.Description})
	})
	for _, language := range []string{"de", "fr", "ru", "uk"} {
		eachLine(tb, "sentences-"+language+".txt.gz", func(line []byte) {
			out = append(out, [2]string{string(line)})
		})
	}
	return out
}

func eachLine(tb testing.TB, name string, f func(line []byte)) {
	tb.Helper()
	file, err := os.Open(sharedtest.Path(tb, "data", name))
	if err != nil {
		tb.Fatal(err)
	}
	defer file.Close()
	z, err := gzip.NewReader(file)
	if err != nil {
		tb.Fatal(err)
	}
	sc := bufio.NewScanner(z)
	sc.Buffer(nil, 1<<20)
	for sc.Scan() {
		f(sc.Bytes())
	}
	if err := sc.Err(); err != nil {
		tb.Fatal(err)
	}
}
