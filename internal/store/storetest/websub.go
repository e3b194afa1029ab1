package storetest

import (
	"errors"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/feed/websub"
	"github.com/attache-bot/attache/internal/store"
)

// hubbed is a feed that names a hub, and a subscription for it.
func (k kit) hubbed(url string) (feed.Feed, websub.Subscription) {
	k.t.Helper()
	f := k.feed(url, "wire")
	f.Wishes = feed.Wishes{Hub: "https://hub.example/", Self: url}
	k.poll(f)
	return f, websub.Subscription{
		Feed: f.ID, Hub: f.Wishes.Hub, Topic: url, Callback: "https://bot.example/abc", Path: "abc", Secret: "secret",
		State: websub.Asked, Reason: "r", Since: start(), Asked: start().Add(minute), Next: start().Add(2 * minute), Failures: 1,
	}
}

// pushed is until when the only feed is pushed.
func (k kit) pushed() time.Time {
	k.t.Helper()
	return must(k.FeedStatus(k.ctx))(k)[0].PushedUntil
}

func testWebSub(t *testing.T, open func(t *testing.T) *store.Store) {
	const url = "https://wire.example/feed"
	lease := start().Add(5 * time.Hour)
	activate := func(s websub.Subscription) (websub.Subscription, error) {
		s.State, s.Reason, s.Lease, s.Failures = websub.Active, "", lease, 0
		return s, nil
	}
	cases{
		{"a subscription comes back as it was begun", func(k kit) {
			_, s := k.hubbed(url)
			w := store.WebSub{Store: k.Store}
			k.ok(w.Begin(k.ctx, s))
			same(k, "by path", must(w.Subscription(k.ctx, "abc"))(k), s)
			_, err := w.Subscription(k.ctx, "abd")
			k.is(err, websub.ErrUnknown)
		}},
		{"the same begun twice stays the first", func(k kit) {
			_, s := k.hubbed(url)
			w := store.WebSub{Store: k.Store}
			k.ok(w.Begin(k.ctx, s))
			again := s
			again.Callback, again.Path, again.Secret = "https://bot.example/def", "def", "other"
			k.ok(w.Begin(k.ctx, again))
			same(k, "first", must(w.Subscription(k.ctx, "abc"))(k), s)
			_, err := w.Subscription(k.ctx, "def")
			k.is(err, websub.ErrUnknown)
		}},
		{"another hub, topic or callback address replaces it", func(k kit) {
			_, s := k.hubbed(url)
			w := store.WebSub{Store: k.Store}
			k.ok(w.Begin(k.ctx, s))
			for i, spoil := range []func(*websub.Subscription){
				func(s *websub.Subscription) { s.Hub = "https://other.example/" },
				func(s *websub.Subscription) { s.Topic = "https://wire.example/other" },
				func(s *websub.Subscription) { s.Callback = "https://new.example/abc" },
			} {
				k.ok(w.Change(k.ctx, s.Path, activate))
				spoil(&s)
				s.Path = string(rune('d' + i))
				k.ok(w.Begin(k.ctx, s))
				same(k, "new", must(w.Subscription(k.ctx, s.Path))(k), s)
				same(k, "pushed", k.pushed(), time.Time{})
			}
		}},
		{"a change tells the feed until when it is pushed", func(k kit) {
			f, s := k.hubbed(url)
			w := store.WebSub{Store: k.Store}
			k.ok(w.Begin(k.ctx, s))
			k.ok(w.Change(k.ctx, "abc", activate))
			same(k, "pushed", k.pushed(), lease)
			k.poll(f) // which was claimed before
			same(k, "pushed after a poll", k.pushed(), lease)
			k.ok(w.Change(k.ctx, "abc", func(s websub.Subscription) (websub.Subscription, error) {
				s.State = websub.Refused
				return s, nil
			}))
			same(k, "pushed", k.pushed(), time.Time{})
			k.is(w.Change(k.ctx, "abd", activate), websub.ErrUnknown)
		}},
		{"a change that fails changes nothing", func(k kit) {
			_, s := k.hubbed(url)
			w := store.WebSub{Store: k.Store}
			k.ok(w.Begin(k.ctx, s))
			no := errors.New("no")
			k.is(w.Change(k.ctx, "abc", func(websub.Subscription) (websub.Subscription, error) { return websub.Subscription{}, no }), no)
			same(k, "as before", must(w.Subscription(k.ctx, "abc"))(k), s)
		}},
		{"one that is forgotten is gone, with its pushes", func(k kit) {
			_, s := k.hubbed(url)
			w := store.WebSub{Store: k.Store}
			k.ok(w.Begin(k.ctx, s))
			k.ok(w.Change(k.ctx, "abc", activate))
			k.ok(w.Forget(k.ctx, "abc"))
			k.ok(w.Forget(k.ctx, "abc"))
			_, err := w.Subscription(k.ctx, "abc")
			k.is(err, websub.ErrUnknown)
			same(k, "pushed", k.pushed(), time.Time{})
		}},
		{"candidates are feeds that name a hub or have a subscription", func(k kit) {
			k.feed("https://plain.example/", "plain")
			f, s := k.hubbed(url)
			w := store.WebSub{Store: k.Store}
			got := must(w.Candidates(k.ctx))(k)
			if len(got) != 1 || got[0].Feed.ID != f.ID || !got[0].Wanted || got[0].Subscription != nil {
				k.t.Fatalf("candidates: %+v", got)
			}
			k.ok(w.Begin(k.ctx, s))
			same(k, "subscription", *must(w.Candidates(k.ctx))(k)[0].Subscription, s)
			k.ok(k.SyncFeeds(k.ctx, start(), nil))
			got = must(w.Candidates(k.ctx))(k)
			if len(got) != 1 || got[0].Wanted || got[0].Subscription == nil {
				k.t.Fatalf("candidates once the feed is not wanted: %+v", got)
			}
			k.ok(w.Forget(k.ctx, "abc"))
			same(k, "none", len(must(w.Candidates(k.ctx))(k)), 0)
		}},
		{"pushes are forgotten at a start without WebSub", func(k kit) {
			_, s := k.hubbed(url)
			w := store.WebSub{Store: k.Store}
			k.ok(w.Begin(k.ctx, s))
			k.ok(w.Change(k.ctx, "abc", activate))
			k.ok(k.ForgetPushes(k.ctx))
			same(k, "pushed", k.pushed(), time.Time{})
		}},
	}.run(t, open)
}
