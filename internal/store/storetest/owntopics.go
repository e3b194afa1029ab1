package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/query"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

func (k kit) create(guildID, name, query string) guild.Topic {
	k.t.Helper()
	return must(k.CreateTopic(k.ctx, guild.Topic{Guild: guildID, Name: name, Query: query, CreatedBy: "7", Created: start()}))(k)
}

// changes are what became of topics after a revision, in short words.
func (k kit) changes(after int64) (out []string, revision int64) {
	k.t.Helper()
	all, revision, err := k.ChangedTopics(k.ctx, after)
	k.ok(err)
	for _, c := range all {
		s := fmt.Sprintf("%s %s %s=%s", c.Guild, c.ID, c.Name, c.Query)
		if c.Gone {
			s = fmt.Sprintf("%s %s gone", c.Guild, c.ID)
		}
		out = append(out, s)
	}
	return out, revision
}

func testOwnTopics(t *testing.T, open func(t *testing.T) *store.Store) {
	cases{
		{"a topic comes back as it was saved, to its guild alone", func(k kit) {
			want := k.create("g", "Hormuz", "hormuz OR tanker*")
			if _, ok := guild.TopicNumber(want.ID); !ok {
				k.t.Fatalf("id %q", want.ID)
			}
			same(k, "list", must(k.OwnTopics(k.ctx, "g"))(k), []guild.Topic{want})
			same(k, "another's list", must(k.OwnTopics(k.ctx, "h"))(k), nil)
		}},
		{"only the guild that has a topic subscribes to it", func(k kit) {
			own := k.create("g", "Hormuz", "hormuz")
			wish := subscription.Subscription{Guild: "h", Channel: "1", Topic: own.ID, Created: start()}
			_, err := k.Subscribe(k.ctx, wish)
			k.is(err, guild.ErrTopicNotFound)
			wish.Guild = "g"
			_, err = k.Subscribe(k.ctx, wish)
			k.ok(err)
			_, err = k.DeleteTopic(k.ctx, "g", own.ID, start())
			k.ok(err)
			wish.Channel = "2"
			_, err = k.Subscribe(k.ctx, wish)
			k.is(err, guild.ErrTopicNotFound)
		}},
		{"lists are by name", func(k kit) {
			b, a := k.create("g", "beirut", "beirut"), k.create("g", "Aleppo", "aleppo")
			same(k, "list", must(k.OwnTopics(k.ctx, "g"))(k), []guild.Topic{a, b})
		}},
		{"a guild has one topic of a name, whatever its case", func(k kit) {
			a := k.create("g", "Hormuz", "hormuz")
			_, err := k.CreateTopic(k.ctx, guild.Topic{Guild: "g", Name: "HORMUZ", Query: "x"})
			k.is(err, guild.ErrTopicExists)
			b := k.create("g", "Aden", "aden")
			b.Name = "hormuz"
			k.is(k.ChangeTopic(k.ctx, b), guild.ErrTopicExists)
			a.Name = "hormuz"
			k.ok(k.ChangeTopic(k.ctx, a))
			k.create("h", "Hormuz", "hormuz")
		}},
		{"a guild has a quota", func(k kit) {
			for i := range guild.MaxTopics {
				k.create("g", fmt.Sprint("t", i), "x")
			}
			_, err := k.CreateTopic(k.ctx, guild.Topic{Guild: "g", Name: "more", Query: "x"})
			k.is(err, guild.ErrTopicQuota)
			k.create("h", "more", "x")
			first := must(k.OwnTopics(k.ctx, "g"))(k)[0]
			must(k.DeleteTopic(k.ctx, "g", first.ID, start()))(k)
			k.create("g", "more", "x")
		}},
		{"a guild changes and deletes only its own", func(k kit) {
			a := k.create("g", "Hormuz", "hormuz")
			foreign := a
			foreign.Guild, foreign.Query = "h", "other"
			k.is(k.ChangeTopic(k.ctx, foreign), guild.ErrTopicNotFound)
			_, err := k.DeleteTopic(k.ctx, "h", a.ID, start())
			k.is(err, guild.ErrTopicNotFound)
			for _, id := range []topic.ID{"ceasefire", "own-999", "own-x"} {
				_, err = k.DeleteTopic(k.ctx, "g", id, start())
				k.is(err, guild.ErrTopicNotFound)
				k.is(k.ChangeTopic(k.ctx, guild.Topic{ID: id, Guild: "g", Name: "n", Query: "q"}), guild.ErrTopicNotFound)
			}
			same(k, "list", must(k.OwnTopics(k.ctx, "g"))(k), []guild.Topic{a})
		}},
		{"deleting ends its subscriptions and forgets its matches", func(k kit) {
			a, b := k.create("g", "Hormuz", "hormuz"), k.create("g", "Aden", "aden")
			k.subscribe("g", "c1", a.ID)
			k.subscribe("g", "c2", a.ID)
			kept := k.subscribe("g", "c1", b.ID)
			r := k.stored("one")[0]
			k.place(start(), pipeline.Placed{Placement: opens(r), Own: []topic.Match{{Topic: a.ID}, {Topic: b.ID}}})
			same(k, "channels", len(must(k.DeleteTopic(k.ctx, "g", a.ID, start()))(k)), 2)
			same(k, "subscriptions", must(k.Subscriptions(k.ctx, "g"))(k), []subscription.Subscription{kept})
			same(k, "bear it", k.bearing(a.ID), nil)
			same(k, "bear the other", k.bearing(b.ID), []string{"one"})
			_, err := k.DeleteTopic(k.ctx, "g", a.ID, start())
			k.is(err, guild.ErrTopicNotFound)
		}},
		{"a deleted topic is revived with its subscriptions", func(k kit) {
			a := k.create("g", "Hormuz", "hormuz")
			k.subscribe("g", "c1", a.ID)
			second := k.subscribe("g", "c2", a.ID)
			second.Role, second.PerHour, second.Countries = "77", 4, []string{"UA"}
			k.ok(k.ChangeSubscription(k.ctx, second))
			before := must(k.Subscriptions(k.ctx, "g"))(k)
			_, revision := k.changes(0)
			ended := must(k.DeleteTopic(k.ctx, "g", a.ID, start()))(k)
			foreign := a
			foreign.Guild = "h"
			k.is(k.ReviveTopic(k.ctx, foreign, ended), guild.ErrTopicNotFound)
			k.ok(k.ReviveTopic(k.ctx, a, ended))
			k.is(k.ReviveTopic(k.ctx, a, ended), guild.ErrTopicNotFound)
			k.is(k.ReviveTopic(k.ctx, guild.Topic{ID: "ceasefire", Guild: "g", Name: "n", Query: "q"}, nil), guild.ErrTopicNotFound)
			same(k, "topics", must(k.OwnTopics(k.ctx, "g"))(k), []guild.Topic{a})
			after := must(k.Subscriptions(k.ctx, "g"))(k)
			for i := range after {
				after[i].ID = before[i].ID
			}
			same(k, "subscriptions", after, before)
			got, _ := k.changes(revision)
			same(k, "changed", got, []string{"g " + string(a.ID) + " Hormuz=hormuz"})
		}},
		{"a deleted topic is not revived where there is no room for it", func(k kit) {
			a := k.create("g", "Hormuz", "hormuz")
			k.subscribe("g", "c1", a.ID)
			ended := must(k.DeleteTopic(k.ctx, "g", a.ID, start()))(k)
			k.create("g", "hormuz", "other")
			k.is(k.ReviveTopic(k.ctx, a, ended), guild.ErrTopicExists)
			a.Name = "Strait"
			many := make([]subscription.Subscription, subscription.MaxPerGuild+1)
			k.is(k.ReviveTopic(k.ctx, a, many), subscription.ErrQuota)
			same(k, "topics", len(must(k.OwnTopics(k.ctx, "g"))(k)), 1)
			same(k, "subscriptions", must(k.Subscriptions(k.ctx, "g"))(k), nil)
		}},
		{"changes come in their order and once", func(k kit) {
			none, zero := k.changes(0)
			same(k, "at first", none, nil)
			same(k, "revision at first", zero, int64(0))
			a, b := k.create("g", "A", "aa"), k.create("h", "B", "bb")
			got, first := k.changes(0)
			same(k, "created", got, []string{"g " + string(a.ID) + " A=aa", "h " + string(b.ID) + " B=bb"})
			a.Query = "cc"
			k.ok(k.ChangeTopic(k.ctx, a))
			must(k.DeleteTopic(k.ctx, "h", b.ID, start()))(k)
			got, second := k.changes(first)
			same(k, "changed", got, []string{"g " + string(a.ID) + " A=cc", "h " + string(b.ID) + " gone"})
			got, third := k.changes(second)
			same(k, "nothing more", got, nil)
			same(k, "revision", third, second)
		}},
		{"a deleted topic is forgotten after a day", func(k kit) {
			a, b := k.create("g", "A", "aa"), k.create("g", "B", "bb")
			must(k.DeleteTopic(k.ctx, "g", a.ID, start()))(k)
			must(k.DeleteTopic(k.ctx, "g", b.ID, start().Add(25*time.Hour)))(k)
			got, _ := k.changes(0)
			same(k, "remembered", got, []string{"g " + string(b.ID) + " gone"})
			if c := k.create("g", "C", "cc"); c.ID == a.ID || c.ID == b.ID {
				k.t.Fatalf("the id %s was given twice", c.ID)
			}
		}},
		{"the latest reports come with their topics", func(k kit) {
			rs := k.stored("one", "two", "three")
			k.place(start(), pipeline.Placed{Placement: opens(rs[0], "ceasefire", "coup")}, pipeline.Placed{Placement: opens(rs[1])})
			var got []string
			for _, r := range must(k.Latest(k.ctx, "g", 5))(k) {
				s := r.Report.Title
				for _, m := range r.Matches {
					s += fmt.Sprintf(" %s:%s", m.Topic, m.Stage)
				}
				got = append(got, s)
			}
			same(k, "latest", got, []string{"two", "one ceasefire:agreed coup:agreed"})
			same(k, "one of them", len(must(k.Latest(k.ctx, "g", 1))(k)), 1)
			same(k, "none", must(k.Latest(k.ctx, "g", 0))(k), []query.Read{})
		}},
		{"reports are chosen by what holds in them", func(k kit) {
			rs := k.stored("one", "two", "three", "four")
			k.place(start(), pipeline.Placed{Placement: opens(rs[0], "ceasefire")}, pipeline.Placed{Placement: opens(rs[1])}, pipeline.Placed{Placement: opens(rs[2], "ceasefire")})
			search := func(before report.ID, limit int) (out []string) {
				for _, l := range must(k.Search(k.ctx, archive.Search{
					Holds: func(r query.Read) bool { return len(r.Matches) > 0 && r.Matches[0].Stage == "agreed" }, Before: before, Limit: limit,
				}))(k) {
					out = append(out, l.Report.Title)
				}
				return out
			}
			same(k, "all", search(0, 5), []string{"three", "one"})
			same(k, "a page", search(0, 1), []string{"three"})
			same(k, "the next", search(rs[2].ID, 1), []string{"one"})
			same(k, "none is left", search(rs[0].ID, 1), nil)
		}},
		{"what bears an own topic is found by it alone", func(k kit) {
			a := k.create("g", "Hormuz", "hormuz")
			rs := k.stored("one", "two")
			first := opens(rs[0])
			k.place(start(), pipeline.Placed{Placement: first, Own: []topic.Match{{Topic: a.ID, Score: 1, Evidence: []topic.Evidence{{Field: topic.Title, Kind: topic.Asked, Text: "one"}}}}})
			k.place(start(), pipeline.Placed{Placement: joins(first, rs[1]), Own: []topic.Match{{Topic: a.ID}}})
			same(k, "by the topic", k.bearing(a.ID), []string{"one"})
			same(k, "on any topic", k.bearing(""), nil)
			r := must(k.Trace(k.ctx, rs[0].ID))(k)
			same(k, "trace", r.Matches, []topic.Match{{Topic: a.ID, Score: 1, Evidence: []topic.Evidence{{Field: topic.Title, Kind: topic.Asked, Text: "one"}}}})
		}},
	}.run(t, open)
}

// bearing are the headlines of the stories that bear a topic, newest first.
func (k kit) bearing(id topic.ID) []string {
	k.t.Helper()
	var out []string
	for _, l := range must(k.Recent(k.ctx, archive.Recent{Topic: id, Limit: 10}))(k) {
		out = append(out, l.Report.Title)
	}
	return out
}
