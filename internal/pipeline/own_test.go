package pipeline_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// create makes a topic of guild 1.
func (r *rig) create(name, query string) guild.Topic {
	r.tb.Helper()
	t, err := r.store.CreateTopic(r.tb.Context(), guild.Topic{Guild: "1", Name: name, Query: query, CreatedBy: "2", Created: noon})
	must(r.tb, err)
	return t
}

// bearing are the headlines of the stories that bear a topic, newest first.
func (r *rig) bearing(id topic.ID) []string {
	r.tb.Helper()
	ls, err := r.store.Recent(r.tb.Context(), archive.Recent{Topic: id, Limit: 10})
	must(r.tb, err)
	var out []string
	for _, l := range ls {
		out = append(out, l.Report.Title)
	}
	return out
}

func (r *rig) want(what string, got []string, want ...string) {
	r.tb.Helper()
	if !slices.Equal(got, want) {
		r.tb.Errorf("%s: %q, want %q", what, got, want)
	}
}

func TestAGuildsOwnTopicRaisesAlerts(t *testing.T) {
	r := newRig(t, builtIn(t))
	own := r.create("Hormuz", "hormuz (tanker OR ship) -exercise")
	r.subscribe("10", own.ID, "")
	r.bring(r.told("wire", "Tanker stopped near Hormuz", "It carried oil."), r.told("post", "Tanker drill near Hormuz is an exercise", ""), r.told("wire", "Bakery opens", ""))
	r.place()
	r.want("alerts", r.headlines(), "10: Tanker stopped near Hormuz")
	d := r.alerts()[0].Content
	if len(d.Topics) != 1 || d.Topics[0].ID != own.ID || d.Topics[0].Title != "Hormuz" {
		t.Errorf("the alert names %+v", d.Topics)
	}
	r.want("stories", r.bearing(own.ID), "Tanker stopped near Hormuz")
}

func TestOwnTopicsHoldAsSoonAsTheyChange(t *testing.T) {
	r := newRig(t, builtIn(t))
	tell := func(title string) {
		r.bring(r.told("wire", title, ""))
		r.place()
	}
	tell("Dam bursts near Derna")
	own := r.create("Dams", "dam derna")
	r.subscribe("10", own.ID, "")
	tell("Derna: second dam in danger, engineers say")
	own.Query = "bridge derna"
	must(t, r.store.ChangeTopic(t.Context(), own))
	tell("Derna dam: what went wrong over thirty years")
	tell("Bridge reopens between both halves of Derna")
	r.restart()
	tell("Derna mayor arrested on a bridge at night")
	_, err := r.store.DeleteTopic(t.Context(), "1", own.ID, noon)
	must(t, err)
	_, err = r.store.Subscribe(t.Context(), subscription.Subscription{Guild: "1", Channel: "11", Topic: own.ID, CreatedBy: "2", Created: noon})
	if !errors.Is(err, guild.ErrTopicNotFound) {
		t.Errorf("a channel subscribed to a topic that is gone: %v", err)
	}
	tell("Derna bridge closed for repairs until autumn")
	r.want("alerts", r.headlines(),
		"10: Derna: second dam in danger, engineers say",
		"10: Bridge reopens between both halves of Derna",
		"10: Derna mayor arrested on a bridge at night")
}

func TestAChannelGetsOneAlertForBothKindsOfTopic(t *testing.T) {
	r := newRig(t, builtIn(t))
	own := r.create("Region 7", "region NEAR/1 7 topic:ceasefire")
	r.subscribe("10", "ceasefire", "")
	r.subscribe("10", own.ID, "30")
	r.subscribe("11", own.ID, "")
	title, description := truce(7)
	other, otherDescription := truce(8)
	r.bring(r.told("wire", title, description), r.told("post", other, otherDescription))
	r.place()
	r.want("alerts", r.headlines(), "10: "+title, "11: "+title, "10: "+other)
	for i, want := range [][]topic.ID{{"ceasefire", own.ID}, {own.ID}, {"ceasefire"}} {
		var got []topic.ID
		for _, x := range r.alerts()[i].Content.Topics {
			got = append(got, x.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("alert %d names %v, want %v", i, got, want)
		}
	}
}

func TestOwnTopicsThatNobodyWantsLeaveNoTrace(t *testing.T) {
	r := newRig(t, builtIn(t))
	own := r.create("Hormuz", "hormuz")
	r.bring(r.told("wire", "Tanker stopped near Hormuz", ""))
	r.place()
	r.want("alerts", r.headlines())
	r.want("stories", r.bearing(own.ID))
}

func TestHushedReportsBearOwnTopicsButRaiseNothing(t *testing.T) {
	r := newRig(t, builtIn(t))
	own := r.create("Hormuz", "hormuz")
	r.subscribe("10", own.ID, "")
	x := r.told("wire", "Tanker stopped near Hormuz", "")
	x.Hush = report.HushFirstImport
	r.bring(x)
	r.place()
	r.want("alerts", r.headlines())
	r.want("stories", r.bearing(own.ID), "Tanker stopped near Hormuz")
}

// TestAQueryThatIsNotUnderstoodHarmsNoOther: an older version may have let pass
// what this one refuses.
func TestAQueryThatIsNotUnderstoodHarmsNoOther(t *testing.T) {
	r := newRig(t, builtIn(t))
	bad, good := r.create("Bad", "(hormuz"), r.create("Good", "hormuz")
	r.subscribe("10", bad.ID, "")
	r.subscribe("11", good.ID, "")
	r.bring(r.told("wire", "Tanker stopped near Hormuz", ""))
	r.place()
	r.want("alerts", r.headlines(), "11: Tanker stopped near Hormuz")
}
