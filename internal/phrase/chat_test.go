package phrase_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/attache-bot/attache/internal/phrase"
	"github.com/attache-bot/attache/internal/text"
)

func TestAnswersAreReadOutOfAChat(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		body, want string
		fault      bool
	}{
		"an answer":           {body: `{"choices":[{"message":{"role":"assistant","content":"  One,\nand two. "},"finish_reason":"stop"}]}`, want: "One, and two."},
		"nothing to change":   {body: `{"choices":[{"message":{"content":"KEEP."}}]}`},
		"cut short":           {body: `{"choices":[{"message":{"content":"One, and"},"finish_reason":"length"}]}`, fault: true},
		"no choices":          {body: `{"choices":[]}`, fault: true},
		"no content":          {body: `{"choices":[{"message":{"content":null}}]}`, fault: true},
		"content of parts":    {body: `{"choices":[{"message":{"content":[{"type":"text"}]}}]}`, fault: true},
		"an error":            {body: `{"error":{"message":"no such model"}}`, fault: true},
		"a page":              {body: `<html>`, fault: true},
		"nothing":             {body: ``, fault: true},
		"half an answer":      {body: `{"choices":[{"message":{"content":"One`, fault: true},
		"marks that are none": {body: `{"choices":[{"message":{"content":"\u200b\u200b"}}]}`, fault: true},
		"nested without end":  {body: strings.Repeat(`{"choices":[`, 5000), fault: true},
		"too large":           {body: `{"choices":[{"message":{"content":"` + strings.Repeat("a", phrase.MaxAnswer) + `"}}]}`, fault: true},
	} {
		got, err := phrase.Answer([]byte(tt.body))
		if got != tt.want || (err != nil) != tt.fault {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

// FuzzAnswer: whatever a server sends is one line of text or a fault, and what is
// taken of it has nothing that the sentences have not.
func FuzzAnswer(f *testing.F) {
	f.Add([]byte(`{"choices":[{"message":{"content":"Trump said Putin agreed to halt attacks on Kyiv for 7 days, but Russia has not confirmed the \"one-week pause\"."}}]}`))
	f.Add([]byte(`{"choices":[{"message":{"content":"KEEP"},"finish_reason":"stop"}]}`))
	f.Add([]byte(`{"choices":[{"message":{"content":"a\u0000\ud800 b"}}]}`))
	c := checker(f)
	known := map[string]bool{}
	for _, w := range text.Tokens(strings.Join(pause, " ") + " and but while say says said the that") {
		known[w.Fold] = true
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		got, err := phrase.Answer(body)
		if err != nil {
			if got != "" {
				t.Fatalf("a fault with %q", got)
			}
			return
		}
		if strings.ContainsAny(got, "\n\r\t") || !utf8.ValidString(got) {
			t.Fatalf("%q is not one line", got)
		}
		if c.Check("en", pause, got) != phrase.Accepted {
			return
		}
		for _, w := range text.Tokens(got) {
			if w.Kind <= text.Number && !known[w.Fold] {
				t.Fatalf("%q has %q", got, w.Text)
			}
		}
	})
}
