package storetest

import (
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/digest"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/schedule"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/topic"
)

// daily is a digest of a channel of guild g at a time of the day in UTC.
func daily(channel string, minute int) digest.Digest {
	return digest.Digest{
		Guild: "g", Channel: channel, Topic: "ceasefire", Schedule: digest.Schedule{Days: digest.Daily, Minute: minute, Zone: time.UTC},
		Done: digest.MomentOf(start()), Until: start(), CreatedBy: "7", Created: start(),
	}
}

// byCron is daily by a cron expression.
func byCron(channel string, e schedule.Expression) digest.Digest {
	d := daily(channel, 0)
	d.Days, d.Cron = 0, e
	return d
}

// zoned gives zones their names, which is what counts.
func zoned(ds []digest.Digest) (out []digest.Digest, names []string) {
	for _, d := range ds {
		names = append(names, d.Zone.String())
		d.Zone = nil
		out = append(out, d)
	}
	return out, names
}

func testDigests(t *testing.T, open func(t *testing.T) *store.Store) {
	made := func(d digest.Digest, at time.Time, headlines ...string) pipeline.Made {
		d.Done, d.Until = digest.MomentOf(at), at
		c := alert.Content{Headline: "Digest", Time: at}
		for _, h := range headlines {
			c.Items = append(c.Items, alert.Item{Headline: h})
		}
		return pipeline.Made{Digest: d, Content: c}
	}
	tomorrow := start().Add(24 * time.Hour)
	cases{
		{"a digest comes back as it was saved, to its guild alone", func(k kit) {
			want := daily("c1", 480)
			want.Zone, _ = digest.Zone("Europe/Kyiv")
			want = must(k.AddDigest(k.ctx, want))(k)
			got, names := zoned(must(k.Digests(k.ctx, "g"))(k))
			wanted, wantedNames := zoned([]digest.Digest{want})
			same(k, "list", got, wanted)
			same(k, "zones", names, wantedNames)
			same(k, "another's list", len(must(k.Digests(k.ctx, "h"))(k)), 0)
		}},
		{"a channel has a digest once", func(k kit) {
			must(k.AddDigest(k.ctx, daily("c1", 480)))(k)
			_, err := k.AddDigest(k.ctx, daily("c1", 480))
			k.is(err, digest.ErrExists)
			must(k.AddDigest(k.ctx, daily("c1", 481)))(k)
			must(k.AddDigest(k.ctx, daily("c2", 480)))(k)
		}},
		{"a guild has a quota", func(k kit) {
			for i := range digest.MaxPerGuild {
				must(k.AddDigest(k.ctx, daily("c1", i)))(k)
			}
			_, err := k.AddDigest(k.ctx, daily("c1", 600))
			k.is(err, digest.ErrQuota)
		}},
		{"a channel of another guild is refused", func(k kit) {
			k.subscribe("h", "c1", "ceasefire")
			_, err := k.AddDigest(k.ctx, daily("c1", 480))
			k.is(err, guild.ErrForeignChannel)
		}},
		{"a schedule that never comes is refused", func(k kit) {
			d := daily("c1", 480)
			d.Days = 0
			_, err := k.AddDigest(k.ctx, d)
			k.is(err, digest.ErrSchedule)
			_, err = k.AddDigest(k.ctx, byCron("c1", "0 8 30 2 *"))
			k.is(err, digest.ErrSchedule)
		}},
		{"a digest by a cron expression comes back, is due and done like the others", func(k kit) {
			k.join("g")
			want := must(k.AddDigest(k.ctx, byCron("c1", "0 */6 * * *")))(k)
			_, err := k.AddDigest(k.ctx, byCron("c1", "0 */6 * * *"))
			k.is(err, digest.ErrExists)
			must(k.AddDigest(k.ctx, byCron("c1", "0 8 1 * *")))(k)
			got := must(k.Digests(k.ctx, "g"))(k)
			same(k, "expressions", []schedule.Expression{got[0].Cron, got[1].Cron}, []schedule.Expression{"0 */6 * * *", "0 8 1 * *"})
			same(k, "done", got[0].Done, want.Done)
			at := want.Next(start())
			same(k, "before", len(must(k.DigestsDue(k.ctx, at.Add(-time.Minute), 10))(k)), 0)
			same(k, "due", len(must(k.DigestsDue(k.ctx, at, 10))(k)), 1)
			same(k, "first", must(k.SaveDigest(k.ctx, at, made(want, at, "Truce")))(k), true)
			same(k, "second", must(k.SaveDigest(k.ctx, at, made(want, at, "Truce")))(k), false)
			later := at.Add(6 * time.Hour) // the same day
			same(k, "due again", len(must(k.DigestsDue(k.ctx, later, 10))(k)), 1)
			same(k, "the next", must(k.SaveDigest(k.ctx, later, made(want, later, "Talks")))(k), true)
		}},
		{"a guild removes only its own", func(k kit) {
			d := must(k.AddDigest(k.ctx, daily("c1", 480)))(k)
			k.is(k.RemoveDigest(k.ctx, "h", d.ID), digest.ErrNotFound)
			k.ok(k.RemoveDigest(k.ctx, "g", d.ID))
			k.is(k.RemoveDigest(k.ctx, "g", d.ID), digest.ErrNotFound)
		}},
		{"what is due comes in its order, and not for guilds that were left", func(k kit) {
			k.join("g")
			late, early := must(k.AddDigest(k.ctx, daily("c1", 600)))(k), must(k.AddDigest(k.ctx, daily("c1", 480)))(k)
			due := func(now time.Time) (ids []digest.ID) {
				for _, d := range must(k.DigestsDue(k.ctx, now, 10))(k) {
					ids = append(ids, d.ID)
				}
				return ids
			}
			same(k, "today", due(start()), nil)
			same(k, "in the morning", due(tomorrow.Add(-3*time.Hour)), []digest.ID{early.ID})
			same(k, "by noon", due(tomorrow), []digest.ID{early.ID, late.ID})
			same(k, "one of them", len(must(k.DigestsDue(k.ctx, tomorrow, 1))(k)), 1)
			k.ok(k.LeaveGuild(k.ctx, "g", tomorrow))
			same(k, "left", due(tomorrow), nil)
		}},
		{"a digest is made once for a date, whoever makes it", func(k kit) {
			k.join("g")
			d := must(k.AddDigest(k.ctx, daily("c1", 480)))(k)
			same(k, "first", must(k.SaveDigest(k.ctx, tomorrow, made(d, tomorrow, "Truce")))(k), true)
			same(k, "second", must(k.SaveDigest(k.ctx, tomorrow, made(d, tomorrow, "Truce")))(k), false)
			same(k, "earlier date", must(k.SaveDigest(k.ctx, tomorrow, made(d, start(), "Truce")))(k), false)
			same(k, "states", k.states("c1"), []string{"digest pending"})
			same(k, "due again", len(must(k.DigestsDue(k.ctx, tomorrow, 10))(k)), 0)
			same(k, "due the next day", len(must(k.DigestsDue(k.ctx, tomorrow.Add(24*time.Hour), 10))(k)), 1)
			sent := k.claimOne(tomorrow)
			same(k, "content", sent.Content.Items, []alert.Item{{Headline: "Truce"}})
			same(k, "kind", sent.Kind, alert.Digest)
		}},
		{"a digest with nothing to tell is done without a message", func(k kit) {
			k.join("g")
			d := must(k.AddDigest(k.ctx, daily("c1", 480)))(k)
			same(k, "saved", must(k.SaveDigest(k.ctx, tomorrow, made(d, tomorrow)))(k), true)
			same(k, "states", k.states("c1"), nil)
			same(k, "until", must(k.Digests(k.ctx, "g"))(k)[0].Until, tomorrow)
		}},
		{"a digest that was removed meanwhile is not posted", func(k kit) {
			d := must(k.AddDigest(k.ctx, daily("c1", 480)))(k)
			k.ok(k.RemoveDigest(k.ctx, "g", d.ID))
			same(k, "saved", must(k.SaveDigest(k.ctx, tomorrow, made(d, tomorrow, "Truce")))(k), false)
		}},
		{"a digest takes its turn in its channel's queue", func(k kit) {
			k.join("g")
			d := must(k.AddDigest(k.ctx, daily("c1", 480)))(k)
			k.alerts("c1", start())
			must(k.SaveDigest(k.ctx, tomorrow, made(d, tomorrow, "Truce")))(k)
			first := k.claimOne(tomorrow)
			same(k, "first", first.Kind, alert.Post)
			k.settle(tomorrow, first, sent())
			same(k, "then", k.claimOne(tomorrow).Kind, alert.Digest)
		}},
		{"its stories are those since a time that bear its topic", func(k kit) {
			rs := k.stored("one", "two", "three")
			first := opens(rs[0], "ceasefire")
			second := opens(rs[1], "coup")
			k.place(start(), pipeline.Placed{Placement: first}, pipeline.Placed{Placement: second}, pipeline.Placed{Placement: joins(first, rs[2])})
			stories := func(id topic.ID, since time.Time) (out []string) {
				for _, s := range must(k.DigestStories(k.ctx, "g", id, since, 10))(k) {
					out = append(out, s.Report.Title)
				}
				return out
			}
			same(k, "ceasefire", stories("ceasefire", start().Add(-time.Hour)), []string{"one"})
			same(k, "all", stories("", start().Add(-time.Hour)), []string{"two", "one"})
			same(k, "later", stories("", start().Add(time.Hour)), nil)
			same(k, "counts", must(k.DigestStories(k.ctx, "g", "ceasefire", start().Add(-time.Hour), 10))(k)[0].Reports, 2)
		}},
	}.run(t, open)
}
