package command_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/text"
	"github.com/attache-bot/attache/internal/topic"
)

func TestCursorsSurviveTheButton(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := desk.Cursor{List: desk.SearchList, After: rapid.Int64Range(1, 1<<63-1).Draw(t, "after")}
		c.Text = text.Cut(text.Clean("x"+rapid.String().Draw(t, "query")), desk.MaxQuery)
		id := c.String()
		if n := utf8.RuneCountInString(id); n > message.MaxCustomID {
			t.Fatalf("custom id has %d code points", n)
		}
		if got, ok := desk.ParseCursor(id); !ok || got != c {
			t.Fatalf("%q reads back as %+v (%v), was %+v", id, got, ok, c)
		}
	})
}

func TestForgedCursorsAreRefused(t *testing.T) {
	t.Parallel()
	r := newBench(t).Router
	for name, id := range map[string]string{
		"nothing":                          "",
		"another version":                  "m2:r:1:",
		"another list":                     "m1:x:1:",
		"no position":                      "m1:r::",
		"a position that is none":          "m1:r:-:",
		"position zero in other digits":    "m1:r:00:",
		"a negative position":              "m1:r:-1:",
		"a position that overflows":        "m1:r:" + strings.Repeat("z", 14) + ":",
		"a position in other digits":       "m1:r:A:",
		"a position with a sign":           "m1:r:+1:",
		"a position with zeros":            "m1:r:01:",
		"too few parts":                    "m1:r:1",
		"a search for nothing":             "m1:s:1:",
		"a search that is too long":        "m1:s:1:" + strings.Repeat("a", desk.MaxQuery+1),
		"a text with control characters":   "m1:s:1:a\x00b",
		"a text with a direction override": "m1:s:1:a\u202eb",
		"a text that is no UTF-8":          "m1:s:1:\xff",
		"a topic that is too long":         "m1:r:1:" + strings.Repeat("a", 65),
		"a page of subscriptions far out":  "m1:l:zzzzz:",
		"a page of a search far out":       "m1:b:zzzzz:kyiv",
		"the most relevant of nothing":     "m1:b:1:",
		"subscriptions with a text":        "m1:l:1:x",
		"a removal with a text":            "m1:g:1:ceasefire",
		"a trend over nothing":             "m1:d:0:ceasefire",
		"a removal from somewhere":         "m1:g:2:",
		"a trend over days not offered":    "m1:d:8:ceasefire",
		"a trend over ever":                "m1:d:1y2p0ij32e8e7:ceasefire",
		"a trend in a country":             "m1:d:7:ceasefire;cUA",
		"a story that is none":             "m1:y:1:x1",
		"a story with zeros":               "m1:y:1:s01",
		"an outlet's page of no kind":      "m1:o:1:GB;9",
		"an outlet's page of no country":   "m1:o:1:gb;0",
		"a filter with a sign too many":    "m1:r:1:ceasefire;q1",
		"a filter twice":                   "m1:r:1:ceasefire;cUA;cUA",
		"a filter in another order":        "m1:r:1:;z1;cUA",
		"a filter of no time":              "m1:r:1:;s0",
		"a filter of no standing":          "m1:r:1:;z9",
		"longer than Discord allows":       "m1:s:1:" + strings.Repeat("a", 100),
	} {
		if r.HasPage(id) {
			t.Errorf("%s: %q leads to a page", name, id)
		}
	}
}

func FuzzParseCursor(f *testing.F) {
	for _, s := range []string{"m1:r:1:ceasefire", "m1:s:zz:a b", "m1:l:a:", "m1:r:1:", "::::"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, id string) {
		if c, ok := desk.ParseCursor(id); ok && (c.String() != id || c.After < 0) {
			t.Errorf("%q is read as %+v", id, c)
		}
	})
}

// TestPagesShowEverythingOnce presses More until it is gone.
func TestPagesShowEverythingOnce(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var all []told
	for i := range 25 {
		topic := topic.ID("ceasefire")
		if i%5 == 0 {
			topic = "sanctions"
		}
		all = append(all, told{
			"wire", fmt.Sprintf("Envoys meet in city number %d about the truce", i), fmt.Sprintf("https://wire.example/%d", i), topic, "", 60 - i, nil,
		})
	}
	b.tell(t, all...)
	for _, c := range []struct {
		name  string
		first object
		want  int
		pages int
	}{
		{"all topics", use("recent"), 25, 5},
		{"one topic that fills four pages to the brim", use("recent", about("ceasefire")), 20, 4},
		{"one topic that fits on a page", use("recent", about("sanctions")), 5, 1},
		{"a search", use("search", asking("envoys truce")), 25, 5},
		{"a search for the most relevant", use("search", asking("envoys truce"), option("sort", 3, "relevant")), 25, 5},
		{"a search in quotes", use("search", asking(`"city number 7"`)), 1, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := b.do(t, c.first)
			seen := map[string]int{}
			pages := 1
			for {
				for l := range strings.SplitSeq(s.text(), "\n") {
					if _, link, ok := strings.Cut(l, "]("); ok && strings.HasPrefix(l, "**[") {
						seen[link]++
					}
				}
				next := s.button()
				if next == "" {
					break
				}
				if pages++; pages > 6 {
					t.Fatal("the pages do not end")
				}
				s = b.do(t, press(next))
				if s.typ != interaction.UpdateNow {
					t.Fatalf("page %d has type %d: %s", pages, s.typ, s.text())
				}
			}
			if pages > 1 {
				if s = b.do(t, press(s.labelled("First page"))); s.labelled("First page") != "" || s.button() == "" {
					t.Errorf("the first page has other buttons: %s", s.text())
				}
			}
			if len(seen) != c.want || pages != c.pages {
				t.Errorf("%d reports on %d pages, want %d on %d", len(seen), pages, c.want, c.pages)
			}
			for link, n := range seen {
				if n != 1 {
					t.Errorf("%s is shown %d times", link, n)
				}
			}
		})
	}
}

func TestSubscriptionsOfAFullServerArePaged(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for i := range subscription.MaxPerGuild {
		s := subscription.Subscription{
			Guild: guildID, Channel: fmt.Sprint(200000000000000100 + i/18), Topic: topic.ID(fmt.Sprintf("topic-%02d", i%18)), Role: deskRole, CreatedBy: userID, Created: now.Add(-time.Duration(i/200) * 2 * time.Hour),
		}
		if _, err := b.store.Subscribe(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	shown, s := 0, b.do(t, use("subscriptions"))
	for pages := 1; ; pages++ {
		shown += strings.Count(s.text(), "<@&"+deskRole+">")
		next := s.button()
		if next == "" {
			break
		}
		if pages > 50 {
			t.Fatal("the pages do not end")
		}
		s = b.do(t, press(next))
	}
	if shown != subscription.MaxPerGuild {
		t.Errorf("%d subscriptions shown, want %d", shown, subscription.MaxPerGuild)
	}
	if s := b.do(t, use("subscribe", about("ceasefire"))); !strings.Contains(s.text(), "450 subscriptions, the most it can have") {
		t.Errorf("one more: %s", s.text())
	}
}
