package storetest

import (
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/digest"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/quiet"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/topic"
)

// nightly are quiet hours from 22:00 to 7:00 in Kyiv.
func nightly() quiet.Hours {
	z, _ := digest.Zone("Europe/Kyiv")
	return quiet.Hours{From: 22 * 60, To: 7 * 60, Days: digest.Daily, Zone: z, Through: []topic.ID{"military-strike"}, By: "7", Set: start()}
}

// holdOne stores a story and an alert of it for the channel that waits.
func (k kit) holdOne(name, channel string, until time.Time) pipeline.Placed {
	k.t.Helper()
	r := k.stored(name)
	p := opens(r[len(r)-1], "ceasefire")
	a := alertFor(p, channel, start())
	a.Held, a.Revision = quiet.Held{Reason: quiet.QuietHours, Until: until}, 1
	placed := withAlerts(p, a)
	k.place(start(), placed)
	return placed
}

// wakes are the channels to wake.
func (k kit) wakes(now time.Time) []string {
	k.t.Helper()
	return ids(must(k.HeldDue(k.ctx, now, 10))(k), func(c quiet.Channel) string { return c.ID })
}

// wake saves the summary of what waits in a channel.
func (k kit) wake(now time.Time, held pipeline.Held, channel string) bool {
	k.t.Helper()
	w := pipeline.Wake{Guild: "g", Channel: channel, Alerts: held.Alerts, Content: alert.Content{Time: now, Held: held.Reason, More: len(held.Alerts)}}
	return must(k.SaveWake(k.ctx, now, w))(k)
}

func testQuiet(t *testing.T, open func(t *testing.T) *store.Store) {
	morning := start().Add(17 * time.Hour)
	mute := quiet.Mute{Guild: "g", Topic: "ceasefire", Until: morning, CreatedBy: "7", Created: start()}
	cases{
		{"what is muted and quiet comes back, to its guild alone", func(k kit) {
			k.join("g")
			k.subscribe("g", "c1", "ceasefire")
			k.ok(k.Mute(k.ctx, mute))
			k.ok(k.SetHours(k.ctx, "g", "c1", nightly()))
			pause := quiet.Pause{Since: start(), Until: morning, By: "8"}
			k.ok(k.Pause(k.ctx, "g", "c1", pause))
			same(k, "mutes", must(k.Mutes(k.ctx, start(), "g"))(k), []quiet.Mute{mute})
			same(k, "mutes that are over", len(must(k.Mutes(k.ctx, morning, "g"))(k)), 0)
			same(k, "another's mutes", len(must(k.Mutes(k.ctx, start(), "h"))(k)), 0)
			got := must(k.QuietChannels(k.ctx, "g"))(k)
			same(k, "channels", len(got), 1)
			same(k, "zone", got[0].Hours.Zone.String(), "Europe/Kyiv")
			want := nightly()
			want.Zone, got[0].Hours.Zone = nil, nil
			same(k, "channel", got[0], quiet.Channel{Guild: "g", ID: "c1", Pause: pause, Hours: want})
			same(k, "another's channels", len(must(k.QuietChannels(k.ctx, "h"))(k)), 0)
			r := must(k.Quiet(k.ctx, start(), []topic.ID{"ceasefire"}))(k)
			same(k, "muted", r.Muted("g", 1, "ceasefire"), quiet.MutedTopic)
			same(k, "held", r.Hold("c1", nil).Reason, quiet.Paused)
			r = must(k.Quiet(k.ctx, start(), []topic.ID{"sanctions"}))(k)
			same(k, "what nobody there wants is not read", r.Hold("c1", nil).Reason, quiet.None)
			same(k, "of the channel", must(k.QuietChannel(k.ctx, "c1"))(k).Pause, pause)
			same(k, "of another", must(k.QuietChannel(k.ctx, "c2"))(k), quiet.Channel{ID: "c2"})
		}},
		{"a guild ends only its own", func(k kit) {
			k.join("g")
			k.ok(k.Mute(k.ctx, mute))
			k.ok(k.SetHours(k.ctx, "g", "c1", nightly()))
			k.ok(k.Pause(k.ctx, "g", "c1", quiet.Pause{Since: start(), Until: morning}))
			other := mute
			other.Guild = "h"
			k.is(k.Unmute(k.ctx, start(), other), quiet.ErrNotFound)
			_, err := k.Resume(k.ctx, start(), "h", "c1")
			k.is(err, quiet.ErrNotFound)
			_, err = k.ClearHours(k.ctx, start(), "h", "c1")
			k.is(err, quiet.ErrNotFound)
			k.is(k.Pause(k.ctx, "h", "c1", quiet.Pause{Since: start(), Until: morning}), guild.ErrForeignChannel)
			k.is(k.SetHours(k.ctx, "h", "c1", nightly()), guild.ErrForeignChannel)
			k.is(k.SetHours(k.ctx, "g", "c1", quiet.Hours{}), quiet.ErrHours)
			k.ok(k.Unmute(k.ctx, start(), mute))
			must(k.Resume(k.ctx, start(), "g", "c1"))(k)
			must(k.ClearHours(k.ctx, start(), "g", "c1"))(k)
			k.is(k.Unmute(k.ctx, start(), mute), quiet.ErrNotFound)
			_, err = k.Resume(k.ctx, start(), "g", "c1")
			k.is(err, quiet.ErrNotFound)
			_, err = k.ClearHours(k.ctx, start(), "g", "c1")
			k.is(err, quiet.ErrNotFound)
		}},
		{"a guild has a quota of mutes, and muting again is no further one", func(k kit) {
			k.join("g")
			m := mute
			for i := range quiet.MaxMutes {
				m.Topic = numbered(i)
				k.ok(k.Mute(k.ctx, m))
			}
			k.ok(k.Mute(k.ctx, m))
			m.Topic = "one-more"
			k.is(k.Mute(k.ctx, m), quiet.ErrQuota)
			m.Created, m.Until = morning, morning.Add(time.Hour)
			k.ok(k.Mute(k.ctx, m)) // the others are over
		}},
		{"what is held is told once, by one message, whoever tells it", func(k kit) {
			k.join("g")
			first := k.holdOne("a", "c1", morning)
			k.holdOne("b", "c1", morning)
			k.place(start(), first) // saved twice
			same(k, "messages", k.states("c1"), nil)
			same(k, "too early", k.wakes(morning.Add(-time.Second)), nil)
			same(k, "in time", k.wakes(morning), []string{"c1"})
			held := must(k.Held(k.ctx, "c1"))(k)
			same(k, "alerts", len(held.Alerts), 2)
			same(k, "stories", ids(held.Stories, func(s digest.Story) string { return s.Report.Title }), []string{"b", "a"})
			same(k, "reason", held.Reason, quiet.QuietHours)
			same(k, "first", k.wake(morning, held, "c1"), true)
			same(k, "second", k.wake(morning, held, "c1"), false)
			same(k, "messages", k.states("c1"), []string{"wake-up pending"})
			same(k, "woken", k.wakes(morning.Add(time.Hour)), nil)
			k.place(start(), first)
			same(k, "saved again", k.wakes(morning.Add(time.Hour)), nil)
			same(k, "kind", k.claimOne(morning).Kind, alert.WakeUp)
		}},
		{"what comes while a summary is made waits for the next", func(k kit) {
			k.join("g")
			k.holdOne("a", "c1", morning)
			held := must(k.Held(k.ctx, "c1"))(k)
			k.holdOne("b", "c1", morning)
			same(k, "saved", k.wake(morning, held, "c1"), true)
			same(k, "waiting", len(must(k.Held(k.ctx, "c1"))(k).Alerts), 1)
		}},
		{"what still has to wait is looked at later, and at once when the wishes change", func(k kit) {
			k.join("g")
			k.holdOne("a", "c1", start())
			k.ok(k.PutOff(k.ctx, "c1", morning))
			same(k, "put off", k.wakes(morning.Add(-time.Second)), nil)
			k.ok(k.Pause(k.ctx, "g", "c1", quiet.Pause{Since: start(), Until: morning}))
			same(k, "changed", k.wakes(start()), []string{"c1"})
			k.ok(k.PutOff(k.ctx, "c1", morning))
			same(k, "held", must(k.Resume(k.ctx, start().Add(time.Hour), "g", "c1"))(k), 1)
			same(k, "resumed", k.wakes(start().Add(time.Hour)), []string{"c1"})
			k.ok(k.LeaveGuild(k.ctx, "g", start()))
			same(k, "left", k.wakes(morning), nil)
		}},
		{"a reply follows the summary that told its story", func(k kit) {
			k.join("g")
			p := k.holdOne("a", "c1", morning)
			k.wake(morning, must(k.Held(k.ctx, "c1"))(k), "c1")
			k.settle(morning, k.claimOne(morning), alert.Settlement{State: alert.Sent, Message: "900"})
			p.Alerts, p.Placement.Story.Revision = nil, 2
			u := alert.Update{Guild: "g", Channel: "c1", Story: p.Placement.Story.ID, Revision: 2, Planned: morning, Content: alert.Content{Time: morning}}
			p.Updates = []alert.Update{u}
			k.place(morning, p)
			same(k, "to", k.claimOne(morning.Add(time.Minute)).To, "900")
			p.Placement.Story.Revision = 3
			u.Revision, u.Held = 3, quiet.Held{Reason: quiet.Paused, Until: morning.Add(time.Hour)}
			p.Updates = []alert.Update{u}
			k.place(morning, p)
			same(k, "states", k.states("c1"), []string{"wake-up sent", "reply sending"})
			same(k, "waits again", k.wakes(morning.Add(time.Hour)), []string{"c1"})
		}},
		{"a muted story is told no more, by no way, until it is unmuted", func(k kit) {
			k.join("g")
			p := k.holdOne("a", "c1", morning)
			a := alertFor(p.Placement, "c2", start())
			a.Revision = 1
			p.Alerts = []alert.Alert{a}
			k.place(start(), p)
			k.settle(start(), k.claimOne(start()), alert.Settlement{State: alert.Sent, Message: "900"})
			p.Alerts, p.Placement.Story.Revision = nil, 2
			p.Updates = []alert.Update{{Guild: "g", Channel: "c2", Story: p.Placement.Story.ID, Revision: 2, Planned: start(), Content: alert.Content{Time: start()}}}
			p.Tellings = []alert.Telling{{Story: p.Placement.Story.ID, Revision: 2, Living: alert.Living{Independent: 2}}}
			k.place(start(), p)
			edits := func(now time.Time) int { return len(must(k.ClaimEdits(k.ctx, now, 10, time.Second))(k)) }
			m := quiet.Mute{Guild: "g", Story: p.Placement.Story.ID, Until: morning, CreatedBy: "7", Created: start()}
			k.ok(k.Mute(k.ctx, m))
			same(k, "states", k.states("c2"), []string{"post sent", "reply expired story-muted"})
			same(k, "summaries", k.wakes(morning), nil)
			same(k, "edits", edits(start().Add(time.Minute)), 0)
			p.Updates, p.Placement.Story.Revision = nil, 3
			p.Tellings = []alert.Telling{{Story: p.Placement.Story.ID, Revision: 3, Living: alert.Living{Independent: 3}}}
			k.place(start().Add(time.Minute), p)
			same(k, "later edits", edits(start().Add(2*time.Minute)), 0)
			k.ok(k.Unmute(k.ctx, start().Add(time.Hour), m))
			same(k, "edits afterwards", edits(start().Add(time.Hour)), 1)
		}},
	}.run(t, open)
}
