package operator

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/config"
)

// sampleTopics is a folder with two small topics.
func sampleTopics(t *testing.T) config.Config {
	t.Helper()
	dir := t.TempDir()
	for id, words := range map[string]string{"ceasefire": "truce|ceasefire", "summit": "summit"} {
		file := `id: sample-` + id + `
title: {en: Sample}
about: A sample.
stages: [agreed]
lang:
  en:
    strong: ["` + words + `"]
    stages: [{stage: agreed, cues: ["agree|agrees|agreed"]}]
tests:
  en:
    wanted: [{title: "Two sides agree to ` + strings.Split(words, "|")[0] + ` at last", stage: agreed}]
    unwanted: ["Rail workers go home after a long day"]
`
		if err := os.WriteFile(filepath.Join(dir, id+".yaml"), []byte(file), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	c := config.Default()
	c.Topics.Dir = dir
	return c
}

// classifyAll runs Classify and returns the lines of both outputs.
func classifyAll(t *testing.T, o ClassifyOptions, in string) (out []map[string]any, notes []string, err error) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	err = Classify(t.Context(), o, strings.NewReader(in), &stdout, &stderr)
	for line := range strings.Lines(stdout.String()) {
		var m map[string]any
		if e := json.Unmarshal([]byte(line), &m); e != nil {
			t.Fatalf("output is not JSON lines: %v: %s", e, line)
		}
		out = append(out, m)
	}
	for line := range strings.Lines(stderr.String()) {
		notes = append(notes, strings.TrimSpace(line))
	}
	return out, notes, err
}

func TestClassifyAnswersInOrder(t *testing.T) {
	t.Parallel()
	o := ClassifyOptions{Config: sampleTopics(t), Only: []string{"sample-ceasefire"}, Summary: true}
	out, notes, err := classifyAll(t, o, `
{"id": "a", "title": "Two sides agree to &quot;week-long&quot; truce in the north", "description": "<p>Both delegations signed the deal in Geneva on Monday night.</p>", "source": "BBC News", "published": "2023-06-19 00:01:23+00:00", "gold": {}}
{"id": 7, "title": "Leaders meet for summit in the capital of the islands", "published": "Mon, 19 Jun 2023 01:00:00 GMT"}

{"id": "c", "title": "Two sides agree to week-long truce in the north", "source": "https://www.theguardian.com/world/rss", "published": "1687140000"}`)
	if err != nil || len(notes) > 1 {
		t.Fatalf("%v, notes %q", err, notes)
	}
	signed := []any{map[string]any{"text": "Both delegations signed the deal in Geneva on Monday night.", "outlet": "BBC News"}}
	want := []map[string]any{
		{
			"id": "a", "language": "en", "story": "s1", "standing": "reported", "claims": []any{},
			"summary": "Both delegations signed the deal in Geneva on Monday night.", "sentences": signed,
			"topics": []any{map[string]any{"id": "sample-ceasefire", "score": 3.0, "stage": "agreed", "evidence": []any{"truce"}}},
		},
		{"id": 7.0, "language": "en", "story": "s2", "standing": "reported", "claims": []any{}, "summary": "", "topics": []any{}},
		{
			"id": "c", "language": "en", "story": "s1", "standing": "reported", "claims": []any{},
			"summary": "Both delegations signed the deal in Geneva on Monday night.", "sentences": signed,
			"topics": []any{map[string]any{"id": "sample-ceasefire", "score": 3.0, "stage": "agreed", "evidence": []any{"truce"}}},
		},
	}
	if diff := cmp.Diff(want, out); diff != "" {
		t.Errorf("answers (-want +got):\n%s", diff)
	}
}

func TestClassifyTellsWhoSaysWhat(t *testing.T) {
	t.Parallel()
	out, _, err := classifyAll(t, ClassifyOptions{Config: sampleTopics(t)}, `
{"id": "a", "title": "Trump says Putin agreed to “week-long pause” in attacks on Kyiv"}
{"id": "b", "title": "Trump says Putin agreed to “week-long pause” in attacks on Kyiv", "description": "Moscow denies agreeing to it."}
{"id": "c", "title": "Rain in Kyiv", "description": "It was cold. The mayor said the roads were wet."}`)
	if err != nil {
		t.Fatal(err)
	}
	trump := map[string]any{"source": "Trump", "act": "claim", "tone": "", "party": "Putin", "quote": "week-long pause"}
	want := []map[string]any{
		{"standing": "claimed", "claims": []any{trump}},
		{"standing": "denied", "claims": []any{trump, map[string]any{"source": "Moscow", "act": "deny", "tone": "", "party": "", "quote": ""}}},
		{"standing": "reported", "claims": []any{
			map[string]any{"source": "", "act": "none", "tone": "", "party": "", "quote": ""},
			map[string]any{"source": "mayor", "act": "claim", "tone": "", "party": "", "quote": ""},
		}},
	}
	for i, w := range want {
		got := map[string]any{"standing": out[i]["standing"], "claims": out[i]["claims"]}
		if diff := cmp.Diff(w, got); diff != "" {
			t.Errorf("line %d (-want +got):\n%s", i, diff)
		}
	}
}

func TestClassifyTellsBadLinesAndGoesOn(t *testing.T) {
	t.Parallel()
	long := `{"id":"long","title":"` + strings.Repeat("x", maxClassifyLine) + `"}`
	lines := []struct{ in, id, want string }{
		{`{"id":"first","title":"Truce holds"}`, `first`, ""},
		{`{"id":"open","title":"Truce`, "", "this is not JSON, at byte"},
		{`[1,2]`, "", "this is a JSON array: give one JSON object a line"},
		{`{"title":"no id"}`, "", "the id is missing"},
		{`{"id":{"a":1},"title":"x"}`, "", "the id is missing"},
		{`{"id":"kind","title":5}`, "kind", "title is a number: give text in quotes"},
		{`{"id":"empty","title":" "}`, "empty", "title, description and body are empty"},
		{`{"id":"markup","title":"<b></b>"}`, "markup", "nothing is left of the text"},
		{long, "", "the line is longer than 4 MiB"},
		{"\x00\xff", "", "this is not JSON"},
		{`null`, "", "the id is missing"},
		{`{"id":"last","title":"Truce holds","published":"the day after","link":"javascript:alert(1)"}`, "last", ""},
	}
	var in strings.Builder
	for _, l := range lines {
		in.WriteString(l.in + "\n")
	}
	out, notes, err := classifyAll(t, ClassifyOptions{Config: sampleTopics(t)}, in.String())
	if err == nil || err.Error() != "10 of 12 lines could not be classified" {
		t.Errorf("error %v", err)
	}
	if len(out) != len(lines) {
		t.Fatalf("%d answers to %d lines", len(out), len(lines))
	}
	for i, l := range lines {
		id, _ := out[i]["id"].(string)
		text, _ := out[i]["error"].(string)
		if id != l.id || (l.want == "") != (text == "") || !strings.HasPrefix(text, l.want) {
			t.Errorf("line %d: answer %v, want id %q and error %q", i+1, out[i], l.id, l.want)
		}
		if l.want != "" && !strings.Contains(strings.Join(notes, "\n"), fmt.Sprintf("line %d: %s", i+1, l.want)) {
			t.Errorf("line %d is not told on standard error: %q", i+1, notes)
		}
	}
	if want := "line 12: published is not a date that could be read: taken as unknown"; notes[len(notes)-1] != want {
		t.Errorf("last note %q, want %q", notes[len(notes)-1], want)
	}
}

func TestClassifyKnowsItsTopics(t *testing.T) {
	t.Parallel()
	_, _, err := classifyAll(t, ClassifyOptions{Config: sampleTopics(t), Only: []string{"nonsense"}}, "")
	if err == nil || !strings.Contains(err.Error(), `there is no topic "nonsense": use one of`) {
		t.Errorf("got %v", err)
	}
	c := config.Default()
	c.Topics.Dir = filepath.Join(t.TempDir(), "none")
	if _, _, err := classifyAll(t, ClassifyOptions{Config: c}, ""); err == nil || !strings.Contains(err.Error(), "topics.dir") {
		t.Errorf("got %v", err)
	}
}

// endless gives n reports of n stories without holding them.
type endless struct {
	n, given int
	rest     []byte
	when     time.Time
}

func (e *endless) Read(p []byte) (int, error) {
	if len(e.rest) == 0 {
		if e.given == e.n {
			return 0, io.EOF
		}
		e.given++
		when := e.when.Add(time.Duration(e.given) * 20 * time.Minute).Format(time.RFC3339)
		e.rest = fmt.Appendf(nil, `{"id":%d,"title":"Village %d reports harvest%d of potatoes and barn%d fire","published":%q}`+"\n",
			e.given, e.given, e.given*7, e.given*13, when)
	}
	n := copy(p, e.rest)
	e.rest = e.rest[n:]
	return n, nil
}

func TestClassifyKeepsNoMoreThanTheOpenStories(t *testing.T) {
	t.Parallel()
	const reports = 4000 // 55 days; stories stay open for four
	c, err := newClassifier(ClassifyOptions{Config: sampleTopics(t)})
	if err != nil {
		t.Fatal(err)
	}
	src := &endless{n: reports, when: time.Date(2023, 6, 1, 0, 0, 0, 0, time.UTC)}
	lines := lineReader{r: bufio.NewReader(src), limit: maxClassifyLine}
	for {
		line, err := lines.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.classify(t.Context(), line, lines.number, io.Discard); err != nil {
			t.Fatal(err)
		}
	}
	if n := c.index.Len(); lines.number != reports || n > 400 {
		t.Errorf("%d stories are held after %d reports", n, lines.number)
	}
}

func TestStreamClock(t *testing.T) {
	t.Parallel()
	at := func(hours int) time.Time {
		return time.Date(2023, 6, 1, 0, 0, 0, 0, time.UTC).Add(time.Duration(hours) * time.Hour)
	}
	tests := []struct {
		name      string
		published []int // hours; -1 for none
		want      []int
	}{
		{"follows the dates", []int{0, 1, 3}, []int{0, 1, 3}},
		{"never goes back", []int{5, 1, 4, 6}, []int{5, 5, 5, 6}},
		{"stands still without dates", []int{5, -1, 6}, []int{5, 5, 6}},
		{"does not believe one stray date", []int{0, 9000, 1, 2}, []int{0, 0, 1, 2}},
		{"believes two", []int{0, 100, 101, 102}, []int{0, 0, 100, 102}},
		{"believes the earlier of two", []int{0, 9000, 100, 101}, []int{0, 0, 100, 101}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var c streamClock
			var got []int
			for _, p := range tt.published {
				when := time.Time{}
				if p >= 0 {
					when = at(p)
				}
				got = append(got, int(c.next(when).Sub(at(0)).Hours()))
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("clock (-want +got):\n%s", diff)
			}
		})
	}
}

func FuzzClassify(f *testing.F) {
	f.Add(`{"id":"a","title":"Truce","published":"yesterday"}`)
	f.Add("{\"id\":1,\"title\":\"\xff\"}\n\n[]\n{")
	f.Add(`{"id":"a","title":"a","language":"en-GB","link":"http://[::1"}`)
	cfg := config.Default()
	cfg.Topics.Dir = writeTopic(f)
	c, err := newClassifier(ClassifyOptions{Config: cfg})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, in string) {
		var out, notes bytes.Buffer
		err := c.run(t.Context(), strings.NewReader(in), &out, &notes)
		answers, failed := 0, 0
		for line := range strings.Lines(out.String()) {
			answers++
			var m map[string]any
			if e := json.Unmarshal([]byte(line), &m); e != nil {
				t.Fatalf("answer is not JSON: %q", line)
			}
			if _, ok := m["error"]; ok {
				failed++
			}
		}
		if (err != nil) != (failed > 0) {
			t.Fatalf("error %v with %d failed lines", err, failed)
		}
		if want := notBlank(in); answers != want {
			t.Fatalf("%d answers to %d lines", answers, want)
		}
	})
}

func notBlank(in string) int {
	n := 0
	for line := range strings.Lines(in) {
		if len(bytes.TrimSpace([]byte(line))) > 0 {
			n++
		}
	}
	return n
}

func BenchmarkClassify(b *testing.B) {
	c := config.Default()
	c.Topics.Dir = writeTopic(b)
	src := &endless{n: b.N, when: time.Date(2023, 6, 1, 0, 0, 0, 0, time.UTC)}
	if err := Classify(b.Context(), ClassifyOptions{Config: c}, src, io.Discard, io.Discard); err != nil {
		b.Fatal(err)
	}
}

func writeTopic(tb testing.TB) (dir string) {
	tb.Helper()
	dir = tb.TempDir()
	file := "id: sample\ntitle: {en: Sample}\nabout: A sample.\nstages: [agreed]\nlang: {en: {strong: [truce]}}\n"
	if err := os.WriteFile(filepath.Join(dir, "sample.yaml"), []byte(file), 0o600); err != nil {
		tb.Fatal(err)
	}
	return dir
}
