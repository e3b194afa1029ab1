package command_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/feedback"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/quiet"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// act is the press of a button with an action.
func act(name string, args []string, edits ...func(object)) object {
	return press(message.ActionID{Name: name, Args: args}.String(), edits...)
}

// TestLivingWithAlerts mutes, pauses, quiets and complains in every way there is,
// and compares all that people read with testdata/living.txtar.
func TestLivingWithAlerts(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	got := newScript(t)
	sub := func(name, cmd, sub string, texts ...string) scene {
		return scene{name, use(cmd, within(sub, texts...))}
	}
	got.say(b,
		sub("nothing is muted", "mute", "list"),
		sub("unmute while nothing is", "mute", "end", "what", "ceasefire"),
		sub("no channel is quiet", "quiet", "show"),
		scene{"resume what is not paused", use("resume")},
		sub("end hours that there are not", "quiet", "off"),
		scene{"no feedback yet", use("feedback")},
		scene{"mute without the permission", use("mute", within("topic", "topic", "ceasefire"), as(writer))},
		scene{"pause without the permission", use("pause", as(writer))},
	)
	b.tell(t,
		told{"wire", "EU freezes assets of 12 firms", "https://wire.example/eu", "sanctions", "decided", 60, []string{alertsID}},
		told{"wire", "Trump says Putin agreed to a week-long pause in attacks on Kyiv", "https://wire.example/pause", "ceasefire", "agreed", 5, []string{alertsID}},
	)
	got.say(b,
		sub("mute a topic", "mute", "topic", "topic", "truce", "for", "2 hours"),
		sub("until tomorrow", "mute", "topic", "topic", "sanctions", "for", "tomorrow 8:00"),
		sub("a time that is none", "mute", "topic", "topic", "sanctions", "for", "soon"),
		sub("a time that is past", "mute", "topic", "topic", "sanctions", "for", "2020-01-30"),
		sub("a topic that is none", "mute", "topic", "topic", "football"),
		sub("mute a story", "mute", "story", "story", "freezes assets"),
		sub("what is muted", "mute", "list"),
		scene{"choices of what to unmute", typingWithin("mute", "end", "what", "")},
		scene{"choices of times", typingWithin("mute", "topic", "for", "1")},
		scene{"choices of what was typed", typingWithin("mute", "topic", "for", "5 h")},
		sub("unmute what is meant", "mute", "end", "what", "Ceasefire"),
		scene{"undo what is long ago", act("undo", []string{"pause", "x"})},
		sub("unmute what is not", "mute", "end", "what", "hormuz"),
		scene{"another server has nothing muted", use("mute", within("list"), with("guild_id", foreignID))},
		scene{"pause", use("pause", option("for", 3, "until 20:00"))},
		scene{"pause until somebody ends it", use("pause", into(newsID))},
		sub("quiet hours", "quiet", "set", "from", "22:00", "to", "7:00", "zone", "Europe/Kyiv", "through", "truce, sanctions, ceasefire"),
		sub("on weekdays", "quiet", "set", "from", "10 pm", "to", "6:30", "days", "weekdays"),
		sub("on days that are none", "quiet", "set", "from", "10 pm", "to", "6:30", "days", "sometimes"),
		sub("without a length", "quiet", "set", "from", "7:00", "to", "7:00"),
		sub("at a time that is none", "quiet", "set", "from", "late", "to", "7:00"),
		sub("in a zone that is none", "quiet", "set", "from", "22:00", "to", "7:00", "zone", "Mars/Olympus"),
		scene{"which channels are quiet", use("quiet", within("show"))},
		scene{"status when channels are paused or have quiet hours", use("status", as(reader))},
		scene{"choices of topics that come through", typingWithin("quiet", "set", "through", "ceasefire, sanc")},
		scene{"choices of zones", typingWithin("quiet", "set", "zone", "kyiv")},
		sub("end quiet hours", "quiet", "off"),
		scene{"resume", use("resume")},
	)
	night := bench{Router: newRouterAt(t, time.Date(2026, 1, 30, 22, 30, 0, 0, time.UTC), b.store, b.discord), store: b.store, discord: b.discord}
	got.say(night, scene{"quiet hours again", use("quiet", within("set", "from", "22:00", "to", "7:00", "zone", "UTC"))})
	got.say(b, scene{"status before quiet hours", use("status", as(reader))})
	got.say(night, scene{"status in quiet hours", use("status", as(reader))}, scene{"no quiet hours again", use("quiet", within("off"))})
	b.wait(t)
	got.say(b, scene{"why one waits until a time", use("why", option("story", 3, "s5"))})
	got.say(b, scene{"resume what has waited", use("resume", into(newsID))},
		scene{"why one waited that was told", use("why", option("story", 3, "s3"))}, scene{"why one was not told", use("why", option("story", 3, "s4"))},
		scene{"why one waits for the morning", use("why", option("story", 3, "s5"))}, scene{"why one waits for the end of a pause", use("why", option("story", 3, "s6"))})
	got.say(b, buttons()...)
	b.complain(t)
	got.say(b,
		scene{"feedback", use("feedback")},
		scene{"dismiss without the permission", act("dismiss", []string{alertsID, "ceasefire"}, as(writer))},
		scene{"leave out what cannot be", act("leave-out", []string{alertsID, "ceasefire", "stage", "carried out"})},
		scene{"of a channel that does not get it", act("leave-out", []string{newsID, "sanctions", "stage", "decided"})},
		scene{"leave it out", act("leave-out", []string{alertsID, "ceasefire", "stage", "called-for"})},
		scene{"dismiss", act("dismiss", []string{alertsID, "ceasefire"})},
		scene{"what the channel wants now", use("subscriptions")},
	)
	for i := range quiet.MaxMutes {
		m := quiet.Mute{Guild: guildID, Topic: topic.ID(fmt.Sprint("t", i)), Until: quiet.Forever, Created: now}
		if err := b.store.Mute(t.Context(), m); err != nil {
			break // the guild has some already
		}
	}
	got.say(b, sub("mute one too many", "mute", "topic", "topic", "truce"))
	compare(t, "testdata/living.txtar", &got.Archive)
}

// buttons are what people press below an alert.
func buttons() []scene {
	of := func(name, story string, edits ...func(object)) object { return act(name, []string{story}, edits...) }
	return []scene{
		{"timeline", of(message.ActTimeline, "s2", as(reader))},
		{"sources", of(message.ActSources, "s2", as(reader))},
		{"why", of(message.ActWhy, "s2", as(reader))},
		{"mute without the permission, by a button", of(message.ActMute, "s2", as(reader))},
		{"mute by a button", of(message.ActMute, "s2")},
		{"mute again", of(message.ActMute, "s2")},
		{"unmute by the button", of("unmute", "s2")},
		{"unmute again", of("unmute", "s2")},
		{"not relevant", of(message.ActNotRelevant, "s2", as(reader))},
		{"not relevant again", of(message.ActNotRelevant, "s2", as(reader))},
		{"not relevant in a server that was not alerted", of(message.ActNotRelevant, "s2", with("guild_id", foreignID))},
		{"a story that is not kept", of(message.ActTimeline, "s999", as(reader))},
		{"a story that is none", of(message.ActTimeline, "s2; DROP", as(reader))},
		{"in Ukrainian", of(message.ActNotRelevant, "s1", as(reader), with("locale", "uk"))},
	}
}

// hold has an alert of a new story wait in a channel, for a reason.
func (b bench) hold(t testing.TB, title string, why quiet.Reason) story.ID {
	t.Helper()
	r := b.poll(t, told{"wire", title, "https://wire.example/" + title[:3], "peace-talks", "", 1, nil})[0]
	p := story.Placement{Report: r.ID, Opened: true, Reason: story.OpensNew, Story: story.Story{
		ID: story.ID(r.ID), Lead: r.ID, Title: r.Title, Language: "en", Opened: r.Seen, Updated: r.Seen, Reports: 1, Sources: 1, Revision: 1,
		Topics: []story.TopicStage{{Topic: "peace-talks"}},
	}}
	a := alert.Alert{
		Guild: guildID, Channel: newsID, Story: p.Story.ID, Report: r.ID, Planned: now, Revision: 1,
		Held: quiet.Held{Reason: why, Until: now.Add(8 * time.Hour)},
	}
	if err := b.store.SavePlacements(t.Context(), now, []pipeline.Placed{{Placement: p, Alerts: []alert.Alert{a}}}); err != nil {
		t.Fatal(err)
	}
	return p.Story.ID
}

// wait has alerts wait in a channel: one that a summary has told, one whose story
// was muted, and two that wait on.
func (b bench) wait(t testing.TB) {
	t.Helper()
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	b.hold(t, "Envoys meet in Geneva", quiet.Paused)
	held, err := b.store.Held(ctx, newsID)
	must(err)
	_, err = b.store.SaveWake(ctx, now, pipeline.Wake{Guild: guildID, Channel: newsID, Alerts: held.Alerts, Content: alert.Content{Time: now, More: 1}})
	must(err)
	claimed, err := b.store.Claim(ctx, now, 10, time.Minute)
	must(err)
	for _, d := range claimed {
		must(b.store.Settle(ctx, now, d, alert.Settlement{State: alert.Sent, Message: "90000000000000000" + d.Channel[len(d.Channel)-1:]}))
	}
	m := quiet.Mute{Guild: guildID, Story: b.hold(t, "Talks resume in Doha", quiet.QuietHours), Until: quiet.Forever, Created: now}
	must(b.store.Mute(ctx, m))
	must(b.store.Unmute(ctx, now, m))
	b.hold(t, "Ministers fly to Oman", quiet.QuietHours)
	b.hold(t, "Mediators see a way out", quiet.Paused)
}

// complain has people call two of four more alerts not relevant, which are at
// another stage than the others.
func (b bench) complain(t testing.TB) {
	t.Helper()
	if _, err := b.store.Subscribe(t.Context(), subscription.Subscription{Guild: guildID, Channel: alertsID, Topic: "ceasefire", CreatedBy: userID, Created: now}); err != nil {
		t.Fatal(err)
	}
	to := []string{alertsID}
	b.tell(t,
		told{"wire", "Truce called for in the north", "https://wire.example/north", "ceasefire", "called-for", 4, to},
		told{"wire", "Truce called for in the south", "https://wire.example/south", "ceasefire", "called-for", 3, to},
		told{"wire", "Truce violated in the east", "https://wire.example/east", "ceasefire", "violated", 2, to},
		told{"wire", "Truce violated in the west", "https://wire.example/west", "ceasefire", "violated", 1, to},
	)
	for _, c := range []struct {
		id     story.ID
		person string
	}{{7, "71"}, {7, "72"}, {8, "71"}} {
		fresh, err := b.store.NotRelevant(t.Context(), feedback.Complaint{Guild: guildID, Channel: alertsID, Story: c.id, Person: c.person, At: now})
		if err != nil || !fresh {
			t.Fatal(fresh, err)
		}
	}
}
