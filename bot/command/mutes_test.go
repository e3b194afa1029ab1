package command_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// placing is a bench whose reports are placed as the bot does, at a time of its own.
type placing struct {
	bench
	placer *pipeline.Placer
	at     *time.Time
}

func newPlacing(t *testing.T) placing {
	t.Helper()
	known, err := topic.Load(config.BuiltInTopics())
	if err != nil {
		t.Fatal(err)
	}
	at := now
	p := placing{bench: newBench(t), at: &at}
	p.placer, err = pipeline.New(p.store, known, sources(t), pipeline.Options{Batch: 10, MaxAge: 6 * time.Hour, Now: func() time.Time { return at }, Logger: quietLog()})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// news has one report come and be placed.
func (p placing) news(t *testing.T, what told) {
	t.Helper()
	p.poll(t, what)
	if _, err := p.placer.Place(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// later lets time go on, for commands too.
func (p *placing) later(t *testing.T, d time.Duration) {
	t.Helper()
	*p.at = p.at.Add(d)
	p.Router = newRouterAt(t, *p.at, p.store, p.discord)
}

// told are the headlines that channels were told.
func (p placing) told(t *testing.T) (out []string) {
	t.Helper()
	all, err := p.store.Deliveries(t.Context(), store.DeliveryQuery{})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		out = append(out, fmt.Sprintf("%s: %s", d.Kind, d.Content.Headline))
	}
	return out
}

// TestWhatIsMutedIsSilentUntilTheMuteEnds mutes a topic and a story by command and has
// the placer place reports of them: nobody is alerted, /why says so, and once the mute
// is over they are told again.
func TestWhatIsMutedIsSilentUntilTheMuteEnds(t *testing.T) {
	t.Parallel()
	const headline = "Ceasefire agreed in region 1 after talks between both armies"
	for _, c := range []struct {
		name string
		mute object
		why  string
	}{
		{"a topic", use("mute", within("topic", "topic", "truce", "for", "1 hour")), "the topic is muted"},
		{"a story", use("mute", within("story", "story", "s1", "for", "1 hour")), "the story is muted"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			p := newPlacing(t)
			p.news(t, told{source: "wire", title: headline, link: "https://wire.example/1"}) // nobody wants it yet
			s := subscription.Subscription{Guild: guildID, Channel: alertsID, Topic: "ceasefire", CreatedBy: userID, Created: now}
			if _, err := p.store.Subscribe(t.Context(), s); err != nil {
				t.Fatal(err)
			}
			if did := p.do(t, c.mute); did.labelled("Unmute") == "" {
				t.Fatalf("not muted: %s", did.text())
			}
			p.news(t, told{source: "daily", title: headline, link: "https://daily.example/1"})
			if got := p.told(t); len(got) != 0 {
				t.Errorf("while it is muted there is %q", got)
			}
			if got := p.do(t, use("whynot", link("https://daily.example/1"))).text(); !strings.Contains(got, c.why) {
				t.Errorf("/whynot does not say that %s: %s", c.why, got)
			}
			p.later(t, time.Hour)
			p.news(t, told{source: "state", title: headline, link: "https://state.example/1"})
			if diff := cmp.Diff([]string{"post: " + headline}, p.told(t)); diff != "" {
				t.Errorf("after the mute (-want +got):\n%s", diff)
			}
			if got := p.do(t, use("whynot", link("https://state.example/1"))).text(); strings.Contains(got, "muted") {
				t.Errorf("after the mute /whynot says: %s", got)
			}
		})
	}
}
