package message_test

import (
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"
	"pgregory.net/rapid"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/internal/alert"
)

// TestDigestProperties: whatever feeds call their stories, a digest keeps
// Discord's limits, mentions nobody and tells every story that has room.
func TestDigestProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		items := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) alert.Item {
			return alert.Item{
				Headline: texts().Draw(t, "headline"), Link: links().Draw(t, "link"), Outlet: outlets().Draw(t, "outlet"),
				Time: times().Draw(t, "time"), Topics: topics().Draw(t, "topics"), Standing: standings().Draw(t, "standing"),
				Others: rapid.IntRange(-1, 1e6).Draw(t, "others"),
			}
		}), 0, 2*alert.MaxItems).Draw(t, "items")
		m := alert.Message{
			Kind: alert.Digest, Form: rapid.SampledFrom([]alert.Form{alert.Full, alert.Plain}).Draw(t, "form"), Roles: roleIDs().Draw(t, "roles"),
			Content: alert.Content{Headline: "Digest: " + texts().Draw(t, "title"), Items: items, More: rapid.Int().Draw(t, "more")},
		}
		p := message.Alert(m, nil)
		check(t, p, nil)
		if len(p.AllowedMentions.Roles) > 0 {
			t.Error("a digest mentions a role")
		}
		n := min(len(items), alert.MaxItems)
		switch {
		case m.Form == alert.Plain && strings.Count(p.Content, "\n• ") != n:
			t.Errorf("%d of %d stories are told: %q", strings.Count(p.Content, "\n• "), n, p.Content)
		case m.Form == alert.Full && strings.Count("\n"+p.Embeds[0].Description, "\n**") != n:
			t.Errorf("%d stories are not all told: %q", n, p.Embeds[0].Description)
		}
	})
}

func TestAWakeUpSaysWhyAndHowMany(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		language string
		c        alert.Content
		items    int
		want     string
	}{
		{"en", alert.Content{Held: "quiet-hours"}, 1, "In the quiet hours: 1 story"},
		{"en", alert.Content{Held: "paused", More: 2}, 10, "While paused: 12 stories"},
		{"uk", alert.Content{Held: "paused"}, 3, "Під час паузи: 3 події"},
	} {
		c.c.Items = make([]alert.Item, c.items)
		m := alert.Message{Kind: alert.WakeUp, Language: c.language, Content: c.c}
		if p := message.Alert(m, nil); len(p.Embeds) != 1 || p.Embeds[0].Title != c.want || len(p.AllowedMentions.Roles) > 0 {
			t.Errorf("%+v, want %q", p, c.want)
		}
		m.Form = alert.Plain
		if p := message.Alert(m, nil); !strings.HasPrefix(p.Content, "**"+c.want+"**") {
			t.Errorf("plain: %q, want %q", p.Content, c.want)
		}
	}
}

func TestWhatIsGatheredIsCountedInTheGuildsLanguage(t *testing.T) {
	t.Parallel()
	for locale, want := range map[string]string{"": "Ceasefire: 2 stories", "uk": "Припинення вогню: 2 події"} {
		p := message.Alert(alert.Message{Kind: alert.Digest, Form: alert.Full, Language: locale, Content: alert.Content{
			Gathered: true, Silent: true, Topics: []alert.Topic{{ID: "ceasefire", Title: "Ceasefire"}}, Items: []alert.Item{{Headline: "One"}, {Headline: "Two"}},
		}}, nil)
		if p.Embeds[0].Title != want {
			t.Errorf("%q: %s", locale, p.Embeds[0].Title)
		}
		if p.Flags&discordgo.MessageFlagsSuppressNotifications == 0 {
			t.Error("it makes a sound")
		}
	}
}
