package command_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/attache-bot/attache/bot/command"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
	"github.com/attache-bot/attache/internal/trace"
)

// choose makes the interaction of a command in the menu of a message.
func choose(name, target string, edits ...func(object)) object {
	return use(name, append([]func(object){func(in object) {
		data(in)["type"], data(in)["target_id"] = 3, target
		data(in)["resolved"] = object{"messages": object{target: object{"id": target, "content": "x"}}}
	}}, edits...)...)
}

func link(s string) func(object) { return option("link", 3, s) }

// placeOne stores one report and places it in a story of its own, changed by
// edit.
func (b bench) placeOne(t testing.TB, what told, edit func(r *report.Report, p *pipeline.Placed)) {
	t.Helper()
	r := b.poll(t, what)[0]
	p := pipeline.Placed{Placement: story.Placement{Report: r.ID, Opened: true, Reason: story.OpensNew, Story: story.Story{
		ID: story.ID(r.ID), Lead: r.ID, Title: r.Title, Opened: r.Seen, Updated: r.Seen, Reports: 1, Sources: 1, Revision: 1,
	}}}
	if what.topic != "" {
		p.Placement.Matches = []topic.Match{{Topic: what.topic, Score: 3, Stage: what.stage, Evidence: []topic.Evidence{
			{Field: topic.Title, Text: "truce", Weight: 3}, {Field: topic.Lead, Text: "agreed [x](y)", Weight: 1}, {Field: topic.Body, Text: "football", Weight: -1}, {Field: topic.Title, Text: "may"},
		}}}
		p.Placement.Story.Topics = []story.TopicStage{{Topic: what.topic, Stage: what.stage}}
	}
	edit(&r, &p)
	if err := b.store.SavePlacements(t.Context(), now, []pipeline.Placed{p}); err != nil {
		t.Fatal(err)
	}
}

// decided puts every kind of decision into a store that is in trouble, and
// returns the scenes that ask for them.
func (b bench) decided(t testing.TB) []scene {
	t.Helper()
	same := func(*report.Report, *pipeline.Placed) {}
	b.placeOne(t, told{"wire", "A truce without channels", "https://wire.example/nochannel", "trade-dispute", "", 20, nil}, same)
	b.placeOne(t, told{"wire", "No topic at all", "https://wire.example/notopic", "", "", 20, nil}, same)
	b.placeOne(t, told{"wire", "A strike of workers", "https://wire.example/strike", "", "", 20, nil}, same)
	b.placeOne(t, told{"wire", "The truce of 1953", "https://wire.example/1953", "ceasefire", "", 20, nil}, func(_ *report.Report, p *pipeline.Placed) {
		p.Placement.Matches[0].Flags = topic.Historical
	})
	b.placeOne(t, told{"wire", "There may be a truce", "https://wire.example/may", "ceasefire", "proposed", 20, nil}, func(_ *report.Report, p *pipeline.Placed) {
		p.Placement.Matches[0].Flags = topic.Future
		p.Quiet = []pipeline.Quiet{
			{Verdict: alert.Old, Channels: 1, Named: []string{alertsID}},
			{Verdict: "stage-not-wanted", Channels: 2, Named: []string{newsID, foreignCh}},
			{Verdict: "moon-in-wrong-phase", Channels: 1, Named: []string{slowID}},
		}
	})
	b.placeOne(t, told{"state", "A truce that few want to hear of", "https://state.example/few", "ceasefire", "proposed", 20, nil}, func(_ *report.Report, p *pipeline.Placed) {
		for i, v := range []alert.Verdict{alert.OtherCountry, alert.OtherLanguage, alert.OtherTier, alert.StateControlled, alert.Gathered, alert.InDigest} {
			p.Quiet = append(p.Quiet, pipeline.Quiet{Verdict: v, Channels: 1, Named: []string{[]string{alertsID, newsID, goneID, lockedID, strictID, slowID}[i]}})
		}
	})
	b.placeOne(t, told{"wire", "A truce that nobody noted", "https://wire.example/unnoted", "ceasefire", "", 20, nil}, func(_ *report.Report, p *pipeline.Placed) {
		p.Placement.Reason = story.Alike + ": geneva, truce"
	})
	own := func(guildID, name string) topic.ID {
		made, err := b.store.CreateTopic(t.Context(), guild.Topic{Guild: guildID, Name: name, Query: "hormuz", CreatedBy: userID, Created: now})
		if err != nil {
			t.Fatal(err)
		}
		return made.ID
	}
	ours, theirs := own(guildID, "Hormuz"), own(foreignID, "Secret desk")
	b.placeOne(t, told{"wire", "Tanker seized off Hormuz", "https://wire.example/hormuz", "", "", 20, nil}, func(_ *report.Report, p *pipeline.Placed) {
		p.Own = []topic.Match{{Topic: ours, Evidence: []topic.Evidence{{Field: topic.Title, Text: "Hormuz"}}}, {Topic: theirs}}
	})
	b.poll(t, told{"wire", "A report that waits", "https://wire.example/waits", "", "", 0, nil})
	whyNot := func(name, address string, edits ...func(object)) scene {
		return scene{name, use("whynot", append([]func(object){link(address)}, edits...)...)}
	}
	stranger := func(in object) { in["guild_id"] = foreignID }
	return []scene{
		{"why a message was posted", choose("Why this alert?", "900000000000000001", as(reader))},
		{"why a message was posted that is none of mine", choose("Why this alert?", "900000000000000002")},
		{"why a message was posted, asked in another server", choose("Why this alert?", "900000000000000001", stranger)},
		{"why a message was posted that is none", choose("Why this alert?", "1 OR 1=1")},
		{"the menu's command, typed", use("Why this alert?")},
		{"a typed command, in the menu", choose("recent", "900000000000000001")},
		{"why, by words", use("why", option("story", 3, "second day"))},
		{"why, by a link", use("why", option("story", 3, "<https://wire.example/second>"))},
		{"why, by a link that begins large", use("why", option("story", 3, "HTTPS://wire.example/second"))},
		{"why, by the link of the alert", use("why", option("story", 3, "https://discord.com/channels/"+guildID+"/"+alertsID+"/900000000000000001"))},
		{"why, by the link of no alert", use("why", option("story", 3, "https://ptb.discord.com/channels/"+guildID+"/"+alertsID+"/900000000000000009"))},
		{"why, by the link of the alert, asked in another server", use("why", option("story", 3, "https://discord.com/channels/"+guildID+"/"+alertsID+"/900000000000000001"), stranger)},
		{"story, by the link of the alert", use("story", option("story", 3, "https://discord.com/channels/"+guildID+"/"+alertsID+"/900000000000000001"))},
		{"story, by the link of no alert", use("story", option("story", 3, "https://discord.com/channels/"+guildID+"/"+alertsID+"/900000000000000009"))},
		{"story, by the link of the alert, asked in another server", use("story", option("story", 3, "https://discord.com/channels/"+guildID+"/"+alertsID+"/900000000000000001"), stranger)},
		{"why of a story, its number begun large", use("why", option("story", 3, "S1"))},
		{"why of no story", use("why", option("story", 3, "s999"))},
		whyNot("why not: the link of the alert", "https://canary.discord.com/channels/"+guildID+"/"+alertsID+"/900000000000000001"),
		whyNot("why not: another server sees nothing", "https://wire.example/second", stranger),
		whyNot("why not: no channel wants it", "https://wire.example/nochannel"),
		whyNot("why not: no topic", "https://wire.example/notopic"),
		whyNot("why not: a topic came near", "https://wire.example/strike"),
		whyNot("why not: only remembered", "https://wire.example/1953"),
		whyNot("why not: channels had reasons", "https://wire.example/may"),
		whyNot("why not: channels want other reports", "https://state.example/few"),
		whyNot("why not: not noted", "https://wire.example/unnoted"),
		whyNot("why not: a topic of the server's own", "https://wire.example/hormuz"),
		whyNot("why not: it waits", "https://wire.example/waits"),
		whyNot("why not: never read, of a site that is read", "https://news.wire.example/other"),
		whyNot("why not: never read, of a site that is not read", "https://evil.example/<@1>"),
		whyNot("why not: no host", "https://"),
		whyNot("why not: no link", "the truce"),
	}
}

// judged is what the topics make of a report, for those that came near.
func judged(r report.Report) []topic.Verdict {
	if !strings.Contains(r.Title, "strike") {
		return nil
	}
	near := func(id topic.ID, score float64, text string) topic.Verdict {
		return topic.Verdict{Match: topic.Match{Topic: id, Score: score, Evidence: []topic.Evidence{
			{Field: topic.Title, Text: text, Weight: 1}, {Field: topic.Title, Text: "workers", Weight: -1},
		}}, Reason: topic.ReasonScore}
	}
	return []topic.Verdict{near("peace-talks", 0.2, "talks"), near("military-strike", 1.2, "strike"), {Match: topic.Match{Topic: "sanctions"}, Holds: true}}
}

// TestNoWordOfOtherServers asks from a server with nothing about a report that
// another one was alerted to in every way.
func TestNoWordOfOtherServers(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.tell(t, told{"wire", "Truce holds for a second day", "https://wire.example/second", "ceasefire", "in-effect", 0, []string{alertsID, newsID}})
	foreign := func(in object) { in["guild_id"] = foreignID }
	for _, in := range []object{
		use("why", option("story", 3, "s1"), foreign), use("whynot", link("https://wire.example/second"), foreign),
		choose("Why this alert?", "900000000000000001", foreign),
	} {
		if s := b.do(t, in); strings.Contains(s.text(), "<#") || strings.Contains(s.text(), "has an alert") {
			t.Errorf("told: %s", s.text())
		}
	}
}

// crafted is a store with traces that are hard to come by.
type crafted struct {
	command.Store
	records []trace.Record
	subs    []subscription.Subscription
}

func (c crafted) LinkSeenBy(_ context.Context, _, link string) ([]report.ID, bool, error) {
	i := slices.IndexFunc(c.records, func(r trace.Record) bool { return r.Report.Link == link })
	return []report.ID{report.ID(i + 1)}, false, nil
}

func (c crafted) GuildTrace(_ context.Context, _ string, id report.ID) (trace.Record, error) {
	return c.records[id-1], nil
}

func (c crafted) Subscriptions(context.Context, string) ([]subscription.Subscription, error) {
	return c.subs, nil
}

func (c crafted) OwnTopics(context.Context, string) ([]guild.Topic, error) { return nil, nil }

// rare are traces that are hard to come by, with what asks for them.
func rare() (crafted, []scene) {
	c := crafted{subs: []subscription.Subscription{
		{Guild: guildID, Channel: newsID, Topic: "ceasefire", Created: now.Add(2 * time.Hour)}, {Guild: guildID, Channel: alertsID, Topic: "ceasefire", Created: now.Add(time.Hour)},
	}}
	var scenes []scene
	add := func(name string, edit func(r *trace.Record)) {
		id := report.ID(len(c.records) + 1)
		r := trace.Record{
			Report: report.Report{ID: id, Source: "wire", Title: name, Link: fmt.Sprintf("https://wire.example/%d", id), Seen: now, Published: now.Add(-26 * time.Hour)},
			Placed: now, Reason: story.OpensNew, Story: &story.Story{ID: 1, Lead: id, Reports: 2, Sources: 2},
			Matches: []topic.Match{{Topic: "ceasefire", Score: 3}},
		}
		edit(&r)
		c.records = append(c.records, r)
		scenes = append(scenes, scene{"why not: " + name, use("whynot", link(r.Report.Link))})
	}
	add("subscribed later", func(*trace.Record) {})
	add("a first import", func(r *trace.Record) {
		r.Report.Hush, r.Report.Published = report.HushFirstImport, now.Add(-72*time.Hour)
	})
	add("a flood", func(r *trace.Record) { r.Report.Hush, r.Report.Published = report.HushFlood, now.Add(-90*time.Second) })
	add("overdue", func(r *trace.Record) { r.Report.Overdue, r.Report.Published = true, now.Add(-20*time.Second) })
	for _, why := range []story.Reason{story.SameLink, story.SameText, story.NearTitle, story.SameParties, "same-dream"} {
		add("it joined by "+string(why), func(r *trace.Record) {
			r.Reason = why
			r.Story.Lead = 99
			r.Alerts = []trace.Alert{{Alert: alert.Alert{Guild: guildID, Channel: alertsID, Report: 99}}}
		})
	}
	add("an alert of an early release", func(r *trace.Record) {
		r.Story.Lead = 99
		r.Alerts = []trace.Alert{{Alert: alert.Alert{Guild: guildID, Channel: alertsID}}}
	})
	for _, v := range []alert.Verdict{alert.Told, alert.Hushed, alert.Unwanted, "told-as-answer", "standing-not-wanted"} {
		add("it was quiet by "+string(v), func(r *trace.Record) {
			r.Quiet = []pipeline.Quiet{{Verdict: v, Channels: 1, Named: []string{alertsID}}}
		})
	}
	delivered := func(name string, d alert.Delivery) {
		d.Channel, d.Created = alertsID, now
		add(name, func(r *trace.Record) {
			r.Alerts = []trace.Alert{{Alert: alert.Alert{Guild: guildID, Channel: alertsID, Report: r.Report.ID}, Deliveries: []alert.Delivery{d}}}
		})
	}
	delivered("a slow alert", alert.Delivery{State: alert.Sent, Message: "900000000000000001", Waits: now, Settled: now.Add(4250 * time.Millisecond)})
	for _, why := range []alert.Reason{
		alert.ReasonUncertain, alert.ReasonUnavailable, alert.ReasonNoGuild, alert.ReasonTooOld, alert.ReasonCatchUp, alert.ReasonUnauthorized, alert.ReasonHeldBack, alert.ReasonDeletedThere,
	} {
		delivered("a delivery that failed by "+string(why), alert.Delivery{State: alert.Expired, Reason: why})
	}
	return c, scenes
}

// deleted is a store that has deleted what was asked for.
type deleted struct{ command.Store }

func (deleted) LinkSeenBy(context.Context, string, string) ([]report.ID, bool, error) {
	return nil, true, nil
}

func (deleted) AlertedBy(context.Context, string, string) (report.ID, error) { return 7, nil }

func (deleted) GuildTrace(context.Context, string, report.ID) (trace.Record, error) {
	return trace.Record{}, archive.ErrNotFound
}
