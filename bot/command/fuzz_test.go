package command_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/attache-bot/attache/bot/interaction"
)

// FuzzRouter gives the router any bytes. It must not panic, must answer at most
// once at once and never mention anyone; and whatever is answered must fit.
func FuzzRouter(f *testing.F) {
	b := newBench(f)
	b.tellFor(f)
	for _, s := range slices.Concat(emptyServer(), liveServer(), lookups()) {
		raw, err := json.Marshal(s.in)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	for _, s := range []string{
		"", "null", `{"id":"1","token":"t","type":2,"data":{"options":[null]}}`, `{"id":"1","token":"t","type":4,"data":null,"member":null}`,
		`{"id":"1","token":"t","type":2,"guild_id":"1","member":{"user":{"id":"1"},"permissions":"8"},"data":{"name":"subscribe","resolved":{"channels":{"1":null},"roles":null}}}`,
		`{"id":"1","token":"t","type":3,"guild_id":"1","member":{"user":{"id":"1"}},"data":{"custom_id":"m1:s:1:\u0000"}}`,
	} {
		f.Add([]byte(s))
	}
	d := &discord{}
	r := newRouter(f, b.store, d) // one for all: to make it takes most of the time
	f.Fuzz(func(t *testing.T, raw []byte) {
		r.Handle(t.Context(), raw)
		r.Wait()
		got := d.taken()
		if len(got) > 2 || len(got) == 2 && got[0].typ != interaction.AnswerLater && got[0].typ != interaction.UpdateLater {
			t.Fatalf("%d answers", len(got))
		}
		for _, s := range got {
			body, _ := s.body["data"].(object)
			if s.edit {
				body = s.body
			}
			if c, _ := body["content"].(string); utf8.RuneCountInString(c) > 2000 || strings.Contains(c, "@everyone") && !strings.Contains(c, `\@everyone`) {
				t.Errorf("content: %q", c)
			}
			if m, ok := body["allowed_mentions"].(object); ok && (m["parse"] == nil || len(m["parse"].([]any)) != 0 || m["roles"] != nil) {
				t.Errorf("allowed_mentions: %v", m)
			}
			if c, ok := body["choices"].([]any); ok && len(c) > 25 {
				t.Errorf("%d choices", len(c))
			}
		}
	})
}

// tellFor puts a few reports into the store.
func (b bench) tellFor(t testing.TB) {
	b.tell(t,
		told{"wire", "EU freezes assets of 12 firms", "https://wire.example/1", "sanctions", "decided", 60, nil},
		told{"state", "@everyone [Kyiv](https://evil.example) agrees", "https://state.example/1", "ceasefire", "", 30, nil},
	)
}
