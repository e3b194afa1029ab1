package storetest

import (
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
	"github.com/attache-bot/attache/internal/trace"
)

func testGuildTraces(t *testing.T, open func(t *testing.T) *store.Store) {
	cases{
		{"a guild sees its own alerts, channels and topics, and nobody else's", func(k kit) {
			k.join("g")
			k.join("h")
			k.subscribe("g", "c1", "ceasefire")
			k.subscribe("g", "c2", "ceasefire")
			k.subscribe("h", "x1", "ceasefire")
			create := func(g string) topic.ID {
				return must(k.CreateTopic(k.ctx, guild.Topic{Guild: g, Name: "Ours", Query: "truce", CreatedBy: "u", Created: start()}))(k).ID
			}
			ours, theirs := create("g"), create("h")
			r := k.stored("a")[0]
			p := opens(r, "ceasefire")
			mine, other := alertFor(p, "c1", start().Add(time.Second)), alertFor(p, "x1", start())
			mine.Report, other.Guild = r.ID, "h"
			pl := withAlerts(p, mine, other)
			pl.Own = []topic.Match{{Topic: ours}, {Topic: theirs}}
			pl.Quiet = []pipeline.Quiet{{Verdict: alert.Told, Channels: 70, Named: []string{"x1", "c2"}}, {Verdict: alert.Old, Channels: 1, Named: []string{"x1"}}}
			k.place(start(), pl)
			got := must(k.GuildTrace(k.ctx, "g", r.ID))(k)
			same(k, "channels alerted", ids(got.Alerts, func(a trace.Alert) string { return a.Channel }), []string{"c1"})
			same(k, "its delivery", got.Alerts[0].Deliveries[0].State, alert.Pending)
			same(k, "quiet", got.Quiet, []pipeline.Quiet{{Verdict: alert.Told, Channels: 1, Named: []string{"c2"}}})
			same(k, "topics", ids(got.Matches, func(m topic.Match) topic.ID { return m.Topic }), []topic.ID{"ceasefire", ours})
			same(k, "story", got.Story.ID, p.Story.ID)
			none := must(k.GuildTrace(k.ctx, "nobody", r.ID))(k)
			same(k, "a stranger's alerts", len(none.Alerts)+len(none.Quiet), 0)
			_, err := k.GuildTrace(k.ctx, "g", r.ID+1)
			k.is(err, archive.ErrNotFound)
		}},
		{"a message leads to the report that raised the alert, in its guild only", func(k kit) {
			r := k.stored("a", "b")
			first := opens(r[0], "ceasefire")
			by := alertFor(first, "c1", start())
			by.Report = r[1].ID
			unknown := alertFor(first, "c2", start())
			k.place(start(), placed(first), withAlerts(joins(first, r[1]), by, unknown))
			for _, d := range k.claim(start()) {
				s := sent()
				s.Message = map[string]string{"c1": "901", "c2": "902"}[d.Channel]
				k.settle(start(), d, s)
			}
			same(k, "raised by", must(k.AlertedBy(k.ctx, "g", "901"))(k), r[1].ID)
			same(k, "its lead where that is not known", must(k.AlertedBy(k.ctx, "g", "902"))(k), r[0].ID)
			same(k, "its story", must(k.StoryTold(k.ctx, "g", "901"))(k), story.ID(r[0].ID))
			for _, ask := range [][2]string{{"h", "901"}, {"g", "903"}, {"g", ""}} {
				_, err := k.AlertedBy(k.ctx, ask[0], ask[1])
				k.is(err, archive.ErrNotFound)
				_, err = k.StoryTold(k.ctx, ask[0], ask[1])
				k.is(err, archive.ErrNotFound)
			}
		}},
	}.run(t, open)
}
