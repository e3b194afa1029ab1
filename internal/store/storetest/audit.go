package storetest

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// as is the context of somebody who asks a number of minutes after the start.
func (k kit) as(user string, minutes int) context.Context {
	return guild.By(k.ctx, guild.Actor{User: user, At: start().Add(time.Duration(minutes) * minute)})
}

// noted are the changes of guild g, without their ids.
func (k kit) noted(q guild.ChangeQuery) []guild.Change {
	k.t.Helper()
	if q.Guild == "" {
		q.Guild = "g"
	}
	if q.Limit == 0 {
		q.Limit = 100
	}
	out := must(k.Changes(k.ctx, q))(k)
	for i := range out {
		out[i].ID = 0
	}
	return out
}

func wants(channel string, t topic.ID) subscription.Subscription {
	return subscription.Subscription{Guild: "g", Channel: channel, Topic: t, CreatedBy: "7", Created: start()}
}

func testAudit(t *testing.T, open func(t *testing.T) *store.Store) {
	made := func(user string, minutes int, act guild.Act, channel string, about topic.ID, detail string) guild.Change {
		return guild.Change{Guild: "g", User: user, At: start().Add(time.Duration(minutes) * minute), Act: act, Channel: channel, Topic: about, Detail: detail}
	}
	cases{
		{"what members change is noted, the newest first", func(k kit) {
			must(k.Subscribe(k.as("7", 1), wants("c1", "ceasefire")))(k)
			k.ok(k.Unsubscribe(k.as("8", 2), "g", "c1", "ceasefire"))
			own := must(k.CreateTopic(k.as("7", 3), guild.Topic{Guild: "g", Name: "Hormuz", Query: "hormuz", Created: start()}))(k)
			own.Name = "Strait"
			k.ok(k.ChangeTopic(k.as("7", 4), own))
			must(k.DeleteTopic(k.as("8", 5), "g", own.ID, start()))(k)
			d := must(k.AddDigest(k.as("7", 6), daily("c2", 480)))(k)
			k.ok(k.RemoveDigest(k.as("9", 7), "g", d.ID))
			same(k, "changes", k.noted(guild.ChangeQuery{}), []guild.Change{
				made("9", 7, guild.ActDigestRemove, "c2", "ceasefire", ""),
				made("7", 6, guild.ActDigestAdd, "c2", "ceasefire", ""),
				made("8", 5, guild.ActTopicDelete, "", own.ID, "Strait"),
				made("7", 4, guild.ActTopicChange, "", own.ID, "Strait"),
				made("7", 3, guild.ActTopicCreate, "", own.ID, "Hormuz"),
				made("8", 2, guild.ActUnsubscribe, "c1", "ceasefire", ""),
				made("7", 1, guild.ActSubscribe, "c1", "ceasefire", ""),
			})
		}},
		{"what fails, and what nobody asked for, is not", func(k kit) {
			must(k.Subscribe(k.ctx, wants("c1", "ceasefire")))(k)
			_, err := k.Subscribe(k.as("7", 1), wants("c1", "ceasefire"))
			k.is(err, subscription.ErrExists)
			k.is(k.Unsubscribe(k.as("7", 1), "g", "c1", "sanctions"), subscription.ErrNotFound)
			_, err = k.DeleteTopic(k.as("7", 1), "g", "own-99", start())
			k.is(err, guild.ErrTopicNotFound)
			same(k, "changes", k.noted(guild.ChangeQuery{}), nil)
		}},
		{"a change that is rolled back leaves no note", func(k kit) {
			ctx, cancel := context.WithCancel(k.as("7", 1))
			cancel()
			if _, err := k.Subscribe(ctx, wants("c1", "ceasefire")); err == nil {
				k.t.Fatal("no error")
			}
			same(k, "changes", k.noted(guild.ChangeQuery{}), nil)
		}},
		{"pages, one person's, and no other guild's", func(k kit) {
			for i := range 5 {
				must(k.Subscribe(k.as([]string{"7", "8"}[i%2], i), wants("c1", topic.ID(rune('a'+i)))))(k)
			}
			foreign := wants("x", "ceasefire")
			foreign.Guild = "h"
			must(k.Subscribe(k.as("7", 9), foreign))(k)
			page := must(k.Changes(k.ctx, guild.ChangeQuery{Guild: "g", Limit: 2}))(k)
			same(k, "first page", []topic.ID{page[0].Topic, page[1].Topic}, []topic.ID{"e", "d"})
			page = must(k.Changes(k.ctx, guild.ChangeQuery{Guild: "g", Limit: 5, Before: page[1].ID}))(k)
			same(k, "the rest", len(page), 3)
			mine := must(k.Changes(k.ctx, guild.ChangeQuery{Guild: "g", User: "8", Limit: 5}))(k)
			same(k, "one person's", []topic.ID{mine[0].Topic, mine[1].Topic}, []topic.ID{"d", "b"})
			same(k, "how many", len(mine), 2)
		}},
		{"details are bounded and plain", func(k kit) {
			name := strings.Repeat("ж", 300) + "\x00\u202e\xff"
			must(k.CreateTopic(k.as("7", 1), guild.Topic{Guild: "g", Name: name, Query: "q", Created: start()}))(k)
			got := k.noted(guild.ChangeQuery{})[0].Detail
			if n := len([]rune(got)); n > guild.MaxDetail || strings.ContainsAny(got, "\x00\u202e") {
				k.t.Fatalf("detail of %d characters: %q", n, got)
			}
		}},
		{"old ones are deleted, a few at a time", func(k kit) {
			for i := range 5 {
				must(k.Subscribe(k.as("7", i), wants("c1", topic.ID(rune('a'+i)))))(k)
			}
			before := start().Add(3 * minute)
			same(k, "first", must(k.DeleteChanges(k.ctx, before, 2))(k).Changes, 2)
			same(k, "second", must(k.DeleteChanges(k.ctx, before, 2))(k).Changes, 1)
			same(k, "third", must(k.DeleteChanges(k.ctx, before, 2))(k).Changes, 0)
			same(k, "left", len(k.noted(guild.ChangeQuery{})), 2)
		}},
	}.run(t, open)
}
