package pipeline_test

import (
	"slices"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// wishesToCompare are one subscription for each channel, from "10" on.
func wishesToCompare() []subscription.Subscription {
	return []subscription.Subscription{
		{},
		{Role: "5"},
		{Role: "5", Mention: subscription.TwoVoices},
		{Role: "5", Mention: subscription.WhenConfirmed},
		{Independent: true},
		{Tiers: []source.Tier{source.Wire}, Role: "5"},
		{Languages: []string{"de"}},
		{PerHour: 1, Role: "5"},
		{Way: subscription.Digest},
		{Stages: []topic.Stage{"agreed"}},
		{Standings: []story.Standing{story.Claimed}},
	}
}

// TestARehearsalAgreesWithWhatHappened lets channels live through an afternoon, and
// asks afterwards what each of their subscriptions would have done in it.
func TestARehearsalAgreesWithWhatHappened(t *testing.T) {
	r := newRig(t, builtIn(t))
	title, text := truce(3333)
	later, _ := truce(44444)
	r.claims = saying{
		title: {{Speaker: "Trump", Side: "US", Act: claim.Assert, Party: "Putin", Parties: []string{"RU"}, Field: claim.Title}},
		later: {{Speaker: "Peskov", Side: "RU", Act: claim.Confirm, Field: claim.Title}},
	}
	r.restart()
	subs := wishesToCompare()
	for i, s := range subs {
		s.Guild, s.Channel, s.Topic, s.CreatedBy, s.Created = "1", string(rune('A'+i)), "ceasefire", "2", noon
		saved, err := r.store.Subscribe(t.Context(), s)
		must(t, err)
		subs[i] = saved
	}
	r.truces("state", 11, 222)
	r.truces("wire", 222, 3333)
	r.bring(r.told("post", title, text))
	r.place()
	r.truces("post", 44444, 3333)
	for range 2 * 60 {
		r.now = r.now.Add(time.Minute)
		r.gather()
	}
	r.truces("wire", 11, 555555)

	c, err := source.NewCatalogue(outlets())
	must(t, err)
	x := pipeline.Rehearser{Store: r.store, Sources: c, MaxAge: 6 * time.Hour}
	for _, s := range subs {
		got, err := x.Rehearse(t.Context(), r.now.Add(time.Minute), s, nil)
		must(t, err)
		alerts, mentions := 0, 0
		ds, err := r.store.Deliveries(t.Context(), store.DeliveryQuery{Channel: s.Channel})
		must(t, err)
		for _, d := range ds {
			if d.Kind == alert.Post {
				alerts++
			}
			if len(d.Roles) > 0 {
				mentions++
			}
		}
		if got.Alerts != alerts || got.Mentions != mentions {
			t.Errorf("%+v: rehearsed %d alerts and %d mentions, there were %d and %d", s, got.Alerts, got.Mentions, alerts, mentions)
		}
		if got.Stories() != len(got.Told) {
			t.Errorf("%+v: %d stories by %d reports", s, got.Stories(), len(got.Told))
		}
		together := 0
		for _, st := range r.stories() {
			to, err := r.store.Alerted(t.Context(), st.Story.ID)
			must(t, err)
			together += len(slices.DeleteFunc(to, func(to alert.Recipient) bool { return to.Channel != s.Channel || !to.Gathered }))
		}
		if got.Gathered+got.InDigest != together {
			t.Errorf("%+v: rehearsed %d stories told together, there were %d", s, got.Gathered+got.InDigest, together)
		}
	}
}
