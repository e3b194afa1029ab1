package pipeline_test

import (
	"fmt"
	"log/slog"
	"slices"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/digest"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/topic"
)

// digests makes what is due with the rig's clock and returns how many that were.
func (r *rig) digests() int {
	r.tb.Helper()
	c, err := source.NewCatalogue(outlets())
	must(r.tb, err)
	x := pipeline.Digests{Store: r.store, Topics: r.topics, Sources: c, Now: func() time.Time { return r.now }, Logger: slog.New(slog.DiscardHandler)}
	n, err := x.Make(r.tb.Context())
	must(r.tb, err)
	return n
}

// wantDigest has a channel get a digest at a time of the day in UTC.
func (r *rig) wantDigest(channel string, id topic.ID, minute int) {
	r.tb.Helper()
	d := digest.Digest{
		Guild: "1", Channel: channel, Topic: id, Schedule: digest.Schedule{Days: digest.Daily, Minute: minute, Zone: time.UTC},
		Done: digest.MomentOf(r.now), Until: r.now, CreatedBy: "2", Created: r.now,
	}
	_, err := r.store.AddDigest(r.tb.Context(), d)
	must(r.tb, err)
}

// posted are the digests that were made, each with its headlines.
func (r *rig) posted() (out []string) {
	r.tb.Helper()
	for _, d := range r.alerts() {
		if d.Kind != alert.Digest {
			continue
		}
		s := d.Channel + " " + d.Content.Headline + ":"
		for _, it := range d.Content.Items {
			s += " " + it.Headline + "."
		}
		if d.Content.More > 0 {
			s += fmt.Sprintf(" +%d", d.Content.More)
		}
		out = append(out, s)
	}
	return out
}

func TestADigestTellsOfItsTopicSinceTheLastOne(t *testing.T) {
	r := newRig(t, builtIn(t))
	r.wantDigest("10", "ceasefire", 8*60)
	old, oldText := truce(1)
	r.bring(r.told("wire", old, oldText), r.told("post", "Bakery opens in a village", ""))
	r.place()
	if n := r.digests(); n != 0 {
		t.Errorf("%d digests were made before their time", n)
	}
	r.now = time.Date(2026, 1, 30, 8, 0, 0, 0, time.UTC)
	if n := r.digests(); n != 1 {
		t.Errorf("%d digests were made", n)
	}
	r.digests() // once
	r.now = r.now.Add(3 * time.Hour)
	news, newsText := truce(2)
	r.bring(r.told("wire", news, newsText))
	r.place()
	r.now = r.now.Add(24 * time.Hour)
	r.digests()
	r.now = r.now.Add(24 * time.Hour)
	r.digests() // nothing new: no message
	r.want("digests", r.posted(), "10 Digest: Ceasefire: "+old+".", "10 Digest: Ceasefire: "+news+".")
}

func TestADigestPutsFirstWhatManyTell(t *testing.T) {
	r := newRig(t, builtIn(t))
	r.wantDigest("10", "", 13*60)
	for n := range 14 {
		title, text := truce(n + 10)
		r.bring(r.told("wire", title, text))
	}
	many, text := truce(12)
	r.bring(r.told("post", many, text))
	r.place()
	r.now = r.now.Add(25 * time.Hour)
	r.digests()
	got := r.posted()
	first := r.alerts()[len(r.alerts())-1].Content.Items[0]
	if len(got) != 1 || first.Headline != many || first.Others != 1 || first.Outlet.Name != "Example Wire" || len(first.Topics) == 0 || first.Topics[0].Title != "Ceasefire" {
		t.Errorf("%q begins with %+v", got, first)
	}
	if c := r.alerts()[len(r.alerts())-1].Content; len(c.Items) != alert.MaxItems || c.More != 4 || c.Headline != "Digest: all topics" {
		t.Errorf("%q has %d stories and %d more", c.Headline, len(c.Items), c.More)
	}
}

func TestADigestOfAGuildsOwnTopicHasItsName(t *testing.T) {
	r := newRig(t, builtIn(t))
	own := r.create("Hormuz", "hormuz")
	r.subscribe("11", own.ID, "")
	r.wantDigest("10", own.ID, 8*60)
	r.bring(r.told("wire", "Tanker stopped near Hormuz", ""))
	r.place()
	r.now = r.now.Add(24 * time.Hour)
	r.digests()
	r.want("digests", r.posted(), "10 Digest: Hormuz: Tanker stopped near Hormuz.")
}

// TestAfterAnOutageOneDigestIsMade: those that were missed are not made up for.
func TestAfterAnOutageOneDigestIsMade(t *testing.T) {
	r := newRig(t, builtIn(t))
	r.wantDigest("10", "ceasefire", 8*60)
	title, text := truce(1)
	r.now = r.now.Add(49 * time.Hour)
	r.bring(r.told("wire", title, text))
	r.place()
	r.now = r.now.Add(72 * time.Hour)
	n := r.digests() + r.digests()
	if got := r.posted(); n != 1 || !slices.Equal(got, []string{"10 Digest: Ceasefire: " + title + "."}) {
		t.Errorf("%d digests were made: %q", n, got)
	}
}
