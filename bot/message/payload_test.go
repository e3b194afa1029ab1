package message_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
	"pgregory.net/rapid"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// Each golden file holds an alert.Message as JSON and the payload for it.
func TestAlertGolden(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("testdata/alert-*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no golden files: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			a, err := txtar.ParseFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if a.Files[0].Name != "message.json" {
				t.Fatalf("first file is %s", a.Files[0].Name)
			}
			var m alert.Message
			if err := json.Unmarshal(a.Files[0].Data, &m); err != nil {
				t.Fatal(err)
			}
			p := message.Alert(m, nil)
			check(t, p, m.Roles)
			var got bytes.Buffer
			e := json.NewEncoder(&got)
			e.SetEscapeHTML(false)
			e.SetIndent("", "  ")
			if err := e.Encode(p); err != nil {
				t.Fatal(err)
			}
			if *update {
				a.Files = append(a.Files[:1], txtar.File{Name: "payload.json", Data: got.Bytes()})
				if err := os.WriteFile(file, txtar.Format(a), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if len(a.Files) != 2 {
				t.Fatal("no payload: run the test with -update and read what it writes")
			}
			if diff := cmp.Diff(string(a.Files[1].Data), got.String()); diff != "" {
				t.Errorf("payload differs (-want +got):\n%s", diff)
			}
		})
	}
}

// links draws addresses, hostile ones among them.
func links() *rapid.Generator[string] {
	return rapid.OneOf(
		texts(),
		rapid.Map(texts(), func(s string) string { return "https://news.example/" + s }),
		rapid.Map(rapid.IntRange(0, 2100), func(n int) string { return "https://news.example/" + strings.Repeat("a", n) }),
		rapid.Just("https://news.example/a"),
	)
}

func outlets() *rapid.Generator[alert.Outlet] {
	return rapid.Custom(func(t *rapid.T) alert.Outlet {
		return alert.Outlet{
			Name: texts().Draw(t, "outlet"), Tier: rapid.SampledFrom(append(source.Tiers(), "", "@here")).Draw(t, "tier"),
			Country: rapid.SampledFrom([]string{"", "GB", "INT", "@everyone"}).Draw(t, "country"), StateControlled: rapid.Bool().Draw(t, "state"),
		}
	})
}

func topics() *rapid.Generator[[]alert.Topic] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) alert.Topic {
		return alert.Topic{
			ID:    topic.ID(rapid.SampledFrom([]string{"ceasefire", "military-strike", "x"}).Draw(t, "id")),
			Title: texts().Draw(t, "title"), Stage: topic.Stage(texts().Draw(t, "stage")),
		}
	}), 0, 30)
}

func sentences() *rapid.Generator[[]alert.Sentence] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) alert.Sentence {
		return alert.Sentence{
			Text: texts().Draw(t, "sentence"), Outlet: outlets().Draw(t, "sentence's outlet"), Link: links().Draw(t, "sentence's link"),
		}
	}), 0, 5)
}

func saids() *rapid.Generator[[]alert.Said] {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) alert.Said {
		return alert.Said{
			Speaker: texts().Draw(t, "speaker"), Act: rapid.SampledFrom(append(claim.Acts(), "", "@here")).Draw(t, "act"),
			Tone: rapid.SampledFrom([]claim.Tone{"", claim.Welcome, "@everyone"}).Draw(t, "tone"), About: texts().Draw(t, "about"),
		}
	}), 0, 9)
}

func standings() *rapid.Generator[story.Standing] {
	return rapid.SampledFrom([]story.Standing{"", story.Reported, story.Claimed, story.PartlyConfirmed, story.Confirmed, story.Disputed, story.Denied, "@here"})
}

func livings() *rapid.Generator[alert.Living] {
	said := rapid.Custom(func(t *rapid.T) alert.Said {
		return append(saids().Draw(t, "said"), alert.Said{})[0]
	})
	return rapid.Custom(func(t *rapid.T) alert.Living {
		return alert.Living{
			Sentences: sentences().Draw(t, "sentences"),
			Standing:  standings().Draw(t, "standing"), Said: saids().Draw(t, "said"),
			Voices:      rapid.SliceOfN(outlets(), 0, 9).Draw(t, "voices"),
			Independent: rapid.IntRange(-1, 300).Draw(t, "independent"), Repeats: rapid.IntRange(-1, 300).Draw(t, "repeats"),
			Timeline: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) alert.Moment {
				m := alert.Moment{At: times().Draw(t, "at"), Said: said.Draw(t, "said"), Standing: standings().Draw(t, "standing")}
				if rapid.Bool().Draw(t, "stage") {
					m.Topic, m.Stage = texts().Draw(t, "topic"), topic.Stage(texts().Draw(t, "stage"))
				}
				return m
			}), 0, 9).Draw(t, "timeline"),
		}
	})
}

func times() *rapid.Generator[time.Time] {
	return rapid.OneOf(
		rapid.Just(time.Time{}),
		rapid.Map(rapid.Int64(), func(n int64) time.Time { return time.Unix(n, 0) }),
		rapid.Map(rapid.Int64Range(0, 4e9), func(n int64) time.Time { return time.Unix(n, 0) }),
	)
}

func roleIDs() *rapid.Generator[[]string] {
	return rapid.SliceOfN(rapid.OneOf(
		rapid.StringMatching(`[1-9][0-9]{16,18}`), rapid.Just("18446744073709551615"),
		rapid.SampledFrom([]string{"", "0", "-1", "everyone", "1>", "99999999999999999999"}),
	), 0, 120)
}

func TestAlertProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := alert.Message{
			Language: rapid.SampledFrom(wording.Languages()).Draw(t, "language"),
			Kind:     rapid.SampledFrom([]alert.Kind{alert.Post, alert.Reply, alert.CatchUp}).Draw(t, "kind"),
			To:       rapid.SampledFrom([]string{"", "1", "@everyone"}).Draw(t, "to"),
			Form:     rapid.SampledFrom([]alert.Form{alert.Full, alert.Plain}).Draw(t, "form"),
			Roles:    roleIDs().Draw(t, "roles"),
			Content: alert.Content{
				Headline: texts().Draw(t, "headline"), Summary: rapid.OneOf(rapid.Just(""), texts()).Draw(t, "summary"),
				Link:   links().Draw(t, "link"),
				Outlet: outlets().Draw(t, "outlet"), Time: times().Draw(t, "time"), Topics: topics().Draw(t, "topics"),
				Living: livings().Draw(t, "living"), More: rapid.Int().Draw(t, "more"),
			},
		}
		p := message.Alert(m, nil)
		check(t, p, m.Roles)
		for _, r := range p.AllowedMentions.Roles {
			if !strings.Contains(p.Content, "<@&"+r+">") {
				t.Errorf("role %s is allowed but not mentioned", r)
			}
		}
		if m.Form == alert.Plain && p.Flags&discordgo.MessageFlagsSuppressEmbeds == 0 && m.Kind == alert.Post {
			t.Error("a plain alert lets Discord add embeds of its own")
		}
	})
}

func TestListingProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		items := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) message.Item {
			return message.Item{
				Headline: texts().Draw(t, "headline"), Link: links().Draw(t, "link"), Outlet: outlets().Draw(t, "outlet"),
				Time: times().Draw(t, "time"), Topics: topics().Draw(t, "topics"),
			}
		}), 0, 12).Draw(t, "items")
		p := message.Listing("Recent: "+texts().Draw(t, "title"), items, "A note.", wording.In(rapid.SampledFrom(wording.Languages()).Draw(t, "language")))
		lines := strings.Split(p.Embeds[0].Description, "\n")
		if want := 3*min(len(items), message.MaxItems) + 1; len(items) > 0 && len(lines) != want { // the note after a blank line
			t.Fatalf("%d lines with the note, want %d:\n%s", len(lines), want, p.Embeds[0].Description)
		}
		for i := 1; i < len(lines)-1; i += 3 {
			small, ok := strings.CutPrefix(lines[i], "-# ")
			if !ok || !strings.HasPrefix(lines[i-1], "**") || !strings.HasSuffix(lines[i-1], "**") {
				t.Errorf("no headline above small print:\n%s\n%s", lines[i-1], lines[i])
			}
			lines[i] = small
		}
		// The small print's mark is ours; no other may be live.
		p.Embeds[0].Description = strings.Join(lines, "\n")
		check(t, p, nil)
	})
}

func TestFormatEscapesWhatIsNotOurs(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := texts().Draw(t, "text")
		p := message.Text(message.Format("I don't know %s. Type %s.", in, message.Markup("/help")))
		check(t, p, nil)
		if !strings.HasSuffix(p.Content, ". Type /help.") {
			t.Errorf("the sentence lost its end: %q", p.Content)
		}
	})
}

func TestPanelTakesWholeLinesOnly(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var lines []message.Markup
		for _, s := range rapid.SliceOfN(texts(), 0, 40).Draw(t, "lines") {
			lines = append(lines, message.Format("line %s end", s))
		}
		p, shown := message.Panel(texts().Draw(t, "title")+"x", lines, "note")
		check(t, p, nil)
		if got := strings.Count(p.Embeds[0].Description, "end\n"); got != shown {
			t.Errorf("%d whole lines, said %d", got, shown)
		}
	})
}

func TestPrivateIsForTheFirstAnswerOnly(t *testing.T) {
	t.Parallel()
	p := message.Text("x").Private()
	if p.Flags != 64 || p.Edit().Flags != 0 {
		t.Errorf("flags %d, edited %d", p.Flags, p.Edit().Flags)
	}
	if slices.Contains([]bool{message.Snowflake("1"), !message.Snowflake("0"), !message.Snowflake("18446744073709551616")}, false) {
		t.Error("snowflakes are told wrongly")
	}
}

// TestAHeadlineIsALinkWhereNothingInItMeansAnything holds that no escape is needed in the
// label of a link, where Discord honours none, and that no label names an address.
func TestAHeadlineIsALinkWhereNothingInItMeansAnything(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		"Kyiv: truce holds (again), U.S. says “yes”", "Перемир’я тримається другий день", "Trade up 5.3% – $2bn – in the north-east",
	} {
		if got := string(message.Line(message.Item{Headline: s, Link: "https://wire.example/1"}, 400, wording.Speaker{})); !strings.HasPrefix(got, "**["+s+"](https://wire.example/1)**\n") {
			t.Errorf("%q is no link: %s", s, got)
		}
	}
	for _, s := range []string{
		"Truce [video]", "See bbc.com for more", "Truce at https://bbc.com now", "A *bold* truce", "Truce | BBC", "Truce :smile: holds", "bbc", "@everyone wakes up",
		"1. Truce holds", "- truce holds", "Truce #1 holds", "A `truce` holds",
	} {
		got := string(message.Line(message.Item{Headline: s, Link: "https://wire.example/1"}, 400, wording.Speaker{}))
		if want := "**" + message.Escape(s, 400) + "**\n-# "; !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "[read](https://wire.example/1)") {
			t.Errorf("%q is shown as %s, want %s", s, got, want)
		}
	}
}
