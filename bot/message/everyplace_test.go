package message_test

import (
	"encoding/json"
	"flag"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/guild"
	hours "github.com/attache-bot/attache/internal/quiet"
	"github.com/attache-bot/attache/internal/sandbox/contract"
	"github.com/attache-bot/attache/internal/sharedtest"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

// hostileTexts is how many texts are put into every place; the full form has 100,000:
//
//	go test ./bot/message -run EveryPlace -texts 100000 -timeout 1h
var hostileTexts = flag.Int("texts", 600, "how many hostile texts are put into every place")

// pen writes hostile texts, the same for the same seed.
type pen struct{ *rand.Rand }

// write is a nasty text, a mixture of several, or any code points and bytes.
func (p pen) write() string {
	switch p.IntN(4) {
	case 0:
		return nasty[p.IntN(len(nasty))]
	case 1:
		var b strings.Builder
		for range 1 + p.IntN(5) {
			b.WriteString(nasty[p.IntN(len(nasty))])
			b.WriteString([]string{"", " ", "\n", "\\", "a"}[p.IntN(5)])
		}
		return b.String()
	case 2:
		raw := make([]byte, p.IntN(300))
		for i := range raw {
			raw[i] = byte(p.Uint32())
		}
		return string(raw)
	}
	runes := make([]rune, p.IntN(300))
	for i := range runes {
		most := []int32{0x80, 0x250, 0x3000, 0x10FFFF}[p.IntN(4)]
		runes[i] = p.Int32N(most)
	}
	return string(runes)
}

func (p pen) link() string {
	return []string{"https://news.example/a", "https://news.example/", "", "http://"}[p.IntN(4)] + p.write()
}

func (p pen) outlet() alert.Outlet {
	return alert.Outlet{Name: p.write(), Tier: source.Tier(p.write()), Country: p.write(), StateControlled: p.IntN(2) == 0}
}

func (p pen) topics() []alert.Topic {
	return []alert.Topic{{ID: topic.ID(p.write()), Title: p.write(), Stage: topic.Stage(p.write())}, {ID: "ceasefire", Title: p.write()}}
}

func (p pen) said() alert.Said {
	return alert.Said{Speaker: p.write(), Act: claim.Acts()[p.IntN(len(claim.Acts()))], Tone: claim.Welcome, About: p.write()}
}

// content has a hostile text wherever there is one.
func (p pen) content() alert.Content {
	c := alert.Content{
		Story: story.ID(p.Int64()), Headline: p.write(), Summary: p.write(), Link: p.link(), Outlet: p.outlet(), Time: time.Unix(p.Int64N(4e9), 0),
		Topics: p.topics(), Language: p.write(), More: p.IntN(100), Thread: p.write(), Gathered: p.IntN(2) == 0, Held: hours.Reason(p.write()),
		Notice: &alert.NoticeContent{Kind: guild.FeedFails, Subject: p.write(), Name: p.write(), Reason: p.write(), Since: time.Unix(p.Int64N(4e9), 0), Mended: p.IntN(2) == 0},
	}
	if p.IntN(2) == 0 {
		c.Summary = ""
	}
	for range p.IntN(4) {
		c.Sentences = append(c.Sentences, alert.Sentence{Text: p.write(), Outlet: p.outlet(), Link: p.link()})
		c.Said = append(c.Said, p.said())
		c.Voices = append(c.Voices, p.outlet())
		c.Timeline = append(c.Timeline, alert.Moment{At: time.Unix(p.Int64N(4e9), 0), Said: p.said(), Topic: p.write(), Stage: topic.Stage(p.write())})
		c.Items = append(c.Items, alert.Item{Headline: p.write(), Link: p.link(), Outlet: p.outlet(), Topics: p.topics(), Others: p.IntN(9)})
	}
	c.Independent, c.Standing = p.IntN(9), story.Disputed
	return c
}

// TestEveryPlaceTakesHostileTexts puts them into alerts of every kind and form, the
// names of threads and posts, and answers, in every language: no mention, no broken
// limit, nothing hidden, no link under another host's name, and what Discord's file
// asks for.
func TestEveryPlaceTakesHostileTexts(t *testing.T) {
	t.Parallel()
	described, err := contract.Load(sharedtest.Path(t, "discord", "openapi.json"))
	if err != nil {
		t.Fatal(err)
	}
	fits := func(method, path string, body any) {
		t.Helper()
		raw, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		req, err := http.NewRequestWithContext(t.Context(), method, "https://discord.com/api/v10"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		if err := described.Request(req, raw); err != nil {
			t.Errorf("%v: %.600s", err, raw)
		}
	}
	kinds := []alert.Kind{alert.Post, alert.Reply, alert.CatchUp, alert.Digest, alert.WakeUp, alert.Notice}
	roles := []string{"300000000000000001"}
	for i := range *hostileTexts {
		p := pen{rand.New(rand.NewPCG(uint64(i), 7))} //nolint:gosec // repeatable, and no secret
		m := alert.Message{
			Kind: kinds[i%len(kinds)], Form: []alert.Form{alert.Full, alert.Plain}[p.IntN(2)], Roles: roles, To: p.write(),
			Language: wording.Languages()[p.IntN(len(wording.Languages()))], Content: p.content(),
		}
		got := message.Alert(m, nil)
		check(t, got, roles)
		for _, name := range []string{message.PostName(m), message.ThreadName(m)} {
			within(t, "name", name, 100)
			if name == "" || strings.Contains(name, "\n") {
				t.Errorf("name %q", name)
			}
		}
		in := wording.In(m.Language)
		title, _ := message.Panel(p.write(), []message.Markup{message.Format("• **%s** · %s", p.write(), p.write())}, message.Said(p.said(), in))
		answer := title.WithMenu(message.Menu{
			CustomID: message.Action("setup-topics", "1"), Hint: p.write(), Options: []message.MenuOption{{Label: p.write(), Note: p.write(), Value: "1"}},
		}).WithButton(p.write()+"x", message.Action("story", "1"))
		if i%10 == 0 { // which takes longest
			fits(http.MethodPost, "/channels/200000000000000001/messages", got)
			fits(http.MethodPatch, "/channels/200000000000000001/messages/600000000000000001", got.Edit())
			fits(http.MethodPost, "/channels/200000000000000001/messages", answer)
			fits(http.MethodPost, "/channels/200000000000000001/threads", map[string]any{"name": message.PostName(m), "message": got})
		}
		if t.Failed() {
			t.Fatalf("text %d: %+v", i, m)
		}
	}
}
