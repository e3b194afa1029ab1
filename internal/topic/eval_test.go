package topic_test

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/attache-bot/attache/internal/topic"
)

// The labelled reports are other people's and stay outside the repository. Rules
// were written with all of them before one's eyes, so their figures flatter: they
// tell when a change breaks something, not how good the rules are. The halves
// show how much the figures vary by chance. With ATTACHE_SHOW set, the mistakes
// are printed with their reasons.

type labelled struct {
	ID          string
	Title       string
	Description string
	Language    string
	Gold        struct {
		Topics []topic.ID
		Topic  topic.ID
		Holds  bool
	}
	odd bool
}

// shared returns the path of a file of the measuring data, or skips.
func shared(tb testing.TB, name string) string {
	tb.Helper()
	dir := os.Getenv("ATTACHE_SHARED")
	if dir == "" {
		root, err := os.Getwd()
		for err == nil {
			if _, statErr := os.Stat(filepath.Join(root, "go.mod")); statErr == nil {
				break
			}
			if root == filepath.Dir(root) {
				tb.Fatal("no go.mod above the test")
			}
			root = filepath.Dir(root)
		}
		dir = filepath.Join(root, "..", "shared")
	}
	path := filepath.Join(dir, "data", name)
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("CI") != "" {
			tb.Fatalf("measuring data: %v; set ATTACHE_SHARED", err)
		}
		tb.Skipf("no measuring data: %v", err)
	}
	return path
}

func readLabelled(tb testing.TB, name string) []labelled {
	tb.Helper()
	f, err := os.Open(shared(tb, name))
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	var out []labelled
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		r := labelled{odd: n%2 == 1}
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			tb.Fatalf("%s:%d: %v", name, n, err)
		}
		out = append(out, r)
	}
	if err := lines.Err(); err != nil {
		tb.Fatal(err)
	}
	return out
}

type tally struct{ tp, fp, fn int }

func (t tally) precision() float64 { return share(t.tp, t.tp+t.fp) }
func (t tally) recall() float64    { return share(t.tp, t.tp+t.fn) }
func (t tally) f1() float64 {
	return share(2*t.tp, 2*t.tp+t.fp+t.fn)
}

func share(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}

func (t *tally) count(got, want bool) {
	switch {
	case got && want:
		t.tp++
	case got:
		t.fp++
	case want:
		t.fn++
	}
}

// result gathers the figures of one half.
type result struct {
	all           tally
	per           map[topic.ID]*tally
	quiet, alarms int // reports that bear no topic, and those that got one
}

// TestTopicsOnLabelledReports prints the figures of measure/score.py topics for
// each half and fails when one falls clearly below what the rules reached when
// they were written.
func TestTopicsOnLabelledReports(t *testing.T) {
	t.Parallel()
	set := load(t)
	halves := map[bool]*result{}
	for _, odd := range []bool{false, true} {
		halves[odd] = &result{per: map[topic.ID]*tally{}}
		for _, d := range set.Definitions() {
			halves[odd].per[d.ID] = &tally{}
		}
	}
	for _, r := range readLabelled(t, "topics-dev.jsonl") {
		halves[r.odd].add(set, r)
	}
	for _, odd := range []bool{false, true} {
		r := halves[odd]
		t.Logf("%s: micro P %.3f R %.3f F1 %.3f, macro F1 %.3f, false alarms %d of %d quiet reports",
			halfName(odd), r.all.precision(), r.all.recall(), r.all.f1(), macro(r.per), r.alarms, r.quiet)
		for _, id := range slices.Sorted(maps.Keys(r.per)) {
			p := r.per[id]
			t.Logf("  %-20s n %3d P %.2f R %.2f F1 %.2f  false %d missed %d", id, p.tp+p.fn, p.precision(), p.recall(), p.f1(), p.fp, p.fn)
		}
	}
	for odd, h := range halves {
		if c := h.all; c.precision() < 0.8 || c.recall() < 0.78 {
			t.Errorf("%s: precision %.3f, recall %.3f; they were above 0.85 and 0.82", halfName(odd), c.precision(), c.recall())
		}
	}
}

func halfName(odd bool) string {
	if odd {
		return "odd lines"
	}
	return "even lines"
}

func (h *result) add(set *topic.Set, r labelled) {
	got := map[topic.ID]topic.Match{}
	for _, m := range set.Match(topic.Doc{Title: r.Title, Lead: r.Description, Language: r.Language}) {
		got[m.Topic] = m
	}
	for id, per := range h.per {
		m, holds := got[id]
		want := slices.Contains(r.Gold.Topics, id)
		h.all.count(holds, want)
		per.count(holds, want)
		if holds != want && os.Getenv("ATTACHE_SHOW") != "" {
			fmt.Printf("got %v, want %v: %s %s: %s || %.250s\n   %s\n", holds, want, id, r.ID, r.Title, r.Description, reasons(m))
		}
	}
	if len(r.Gold.Topics) == 0 {
		h.quiet++
		if len(got) > 0 {
			h.alarms++
		}
	}
}

// macro is over the topics with at least five examples in a half.
func macro(per map[topic.ID]*tally) float64 {
	sum, n := 0.0, 0
	for _, p := range per {
		if p.tp+p.fn >= 5 {
			sum += p.f1()
			n++
		}
	}
	return sum / float64(max(n, 1))
}

func reasons(m topic.Match) string {
	var out []string
	for _, e := range m.Evidence {
		out = append(out, fmt.Sprintf("%s %+.2g %q by %.80q", e.Kind, e.Weight, e.Text, e.Rule))
	}
	return fmt.Sprintf("%.2f %s", m.Score, strings.Join(out, "; "))
}

// TestSensesOnLabelledHeadlines prints the figures of measure/score.py senses.
func TestSensesOnLabelledHeadlines(t *testing.T) {
	t.Parallel()
	set := load(t)
	per := map[string]*tally{}
	for _, r := range readLabelled(t, "senses-dev.jsonl") {
		key := string(r.Gold.Topic) + ", " + halfName(r.odd)
		if per[key] == nil {
			per[key] = &tally{}
		}
		var got *topic.Match
		for _, m := range set.Match(topic.Doc{Title: r.Title, Lead: r.Description, Language: r.Language}) {
			if m.Topic == r.Gold.Topic {
				got = &m
			}
		}
		per[key].count(got != nil, r.Gold.Holds)
		if (got != nil) != r.Gold.Holds && os.Getenv("ATTACHE_SHOW") != "" {
			fmt.Printf("SENSE want %v %s: %s\n", r.Gold.Holds, r.Gold.Topic, r.Title)
			for _, v := range set.Explain(topic.Doc{Title: r.Title, Lead: r.Description, Language: r.Language}) {
				if v.Topic == r.Gold.Topic {
					fmt.Printf("   %s against %.2f %s: %s\n", v.Reason, v.Against, v.Sense, reasons(v.Match))
				}
			}
		}
	}
	for _, key := range slices.SortedFunc(maps.Keys(per), cmp.Compare) {
		p := per[key]
		t.Logf("%-36s P %.3f R %.3f  (%d right, %d false, %d missed)", key, p.precision(), p.recall(), p.tp, p.fp, p.fn)
		if p.precision() < 0.85 || p.recall() < 0.85 {
			t.Errorf("%s: precision %.3f, recall %.3f; both were above 0.9", key, p.precision(), p.recall())
		}
	}
}

// TestHostileHeadlines prints how misleading and unusual headlines come out; no
// rule is written for them.
func TestHostileHeadlines(t *testing.T) {
	t.Parallel()
	set := load(t)
	raw, err := os.ReadFile(shared(t, "hostile-headlines.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	count := map[string]int{}
	for line := range strings.Lines(string(raw)) {
		relevant, title, ok := strings.Cut(strings.TrimSpace(line), "\t")
		if !ok || relevant == "relevant" {
			continue
		}
		found := len(set.Match(topic.Doc{Title: title, Language: "en"})) > 0
		count[fmt.Sprintf("relevant %s, found %v", relevant, found)]++
	}
	t.Log(count)
	if count["relevant 0, found true"] > 0 {
		t.Errorf("%d misleading headlines raise an alert", count["relevant 0, found true"])
	}
}
