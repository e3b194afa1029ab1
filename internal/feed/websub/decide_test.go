package websub_test

import (
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/feed/websub"
)

func TestDecide(t *testing.T) {
	t.Parallel()
	const hub, self, base = "https://hub.example/", "https://a.example/feed", "https://bot.example/push"
	names := feed.Wishes{Hub: hub, Self: self}
	with := func(state websub.State, next, lease time.Duration, failures int) *websub.Subscription {
		s := &websub.Subscription{
			Hub: hub, Topic: self, Callback: base + "/p", Path: "p", State: state, Next: noon.Add(next), Failures: failures,
		}
		if lease != 0 {
			s.Lease = noon.Add(lease)
		}
		return s
	}
	other := func(spoil func(*websub.Subscription)) *websub.Subscription {
		s := with(websub.Active, time.Hour, 2*time.Hour, 0)
		spoil(s)
		return s
	}
	const h = time.Hour
	for _, c := range []struct {
		name   string
		wishes feed.Wishes
		state  feed.State
		gone   bool // from the catalogue
		s      *websub.Subscription
		action websub.Action
		reason websub.Reason
	}{
		{"a feed without a hub", feed.Wishes{Self: self}, feed.OK, false, nil, websub.Nothing, websub.NoHub},
		{"a feed that does not name itself", feed.Wishes{Hub: hub}, feed.OK, false, nil, websub.Nothing, websub.NoHub},
		{"a hub without encryption", feed.Wishes{Hub: "http://hub.example/", Self: self}, feed.OK, false, nil, websub.Nothing, websub.UnsafeHub},
		{"a feed that does not answer", names, feed.Failing, false, nil, websub.Nothing, websub.NotRead},
		{"a feed that is not in the catalogue", names, feed.OK, true, nil, websub.Nothing, websub.NoHub},
		{"a feed that leads to another", names, feed.Moved, false, nil, websub.Nothing, websub.NoHub},
		{"a feed with a hub", names, feed.OK, false, nil, websub.Begin, websub.NewHub},
		{"one that is quiet", names, feed.Stale, false, nil, websub.Begin, websub.NewHub},

		{"a subscription that stands", names, feed.OK, false, with(websub.Active, h, 2*h, 0), websub.Nothing, websub.NotYet},
		{"also while the feed fails", names, feed.Failing, false, with(websub.Active, h, 2*h, 0), websub.Nothing, websub.NotYet},
		{"one whose lease ends soon", names, feed.OK, false, with(websub.Active, 0, h, 0), websub.Ask, websub.Renewal},
		{"one that waits to be confirmed", names, feed.OK, false, with(websub.Asked, h, 0, 1), websub.Nothing, websub.NotYet},
		{"and waited long enough", names, feed.OK, false, with(websub.Asked, 0, 0, 1), websub.Ask, websub.Unconfirmed},
		{"one that was refused", names, feed.OK, false, with(websub.Refused, h, 0, 1), websub.Nothing, websub.NotYet},
		{"and long ago", names, feed.OK, false, with(websub.Refused, 0, 0, 1), websub.Ask, websub.TryAgain},
		{"another hub", names, feed.OK, false, other(func(s *websub.Subscription) { s.Hub = "https://old.example/" }), websub.Begin, websub.Changed},
		{"another topic", names, feed.OK, false, other(func(s *websub.Subscription) { s.Topic = "https://old.example/" }), websub.Begin, websub.Changed},
		{"another public address", names, feed.OK, false, other(func(s *websub.Subscription) { s.Callback = "https://old.example/p" }), websub.Begin, websub.Changed},
		{"one that was to end and is wanted again", names, feed.OK, false, with(websub.Leaving, h, 2*h, 1), websub.Begin, websub.Changed},

		{"one whose feed left the catalogue", names, feed.OK, true, with(websub.Active, h, 2*h, 0), websub.Leave, websub.NotWanted},
		{"one whose feed is gone", names, feed.Gone, false, with(websub.Active, h, 2*h, 0), websub.Leave, websub.NotWanted},
		{"one whose feed names no hub any more", feed.Wishes{}, feed.OK, false, with(websub.Active, h, 2*h, 0), websub.Leave, websub.NotWanted},
		{"one whose hub lost its encryption", feed.Wishes{Hub: "http://hub.example/", Self: self}, feed.OK, false, with(websub.Active, h, 2*h, 0), websub.Leave, websub.NotWanted},
		{"one that is being ended", names, feed.OK, true, with(websub.Leaving, h, 2*h, 1), websub.Nothing, websub.NotYet},
		{"and not confirmed", names, feed.OK, true, with(websub.Leaving, 0, 2*h, 1), websub.Leave, websub.NotWanted},
		{"three times", names, feed.OK, true, with(websub.Leaving, 0, 2*h, 3), websub.Forget, websub.LeftUnheard},
		{"one whose lease ended by itself", names, feed.OK, true, with(websub.Active, h, -h, 0), websub.Forget, websub.HubForgotten},
		{"one that was never confirmed", names, feed.OK, true, with(websub.Asked, h, 0, 1), websub.Forget, websub.HubForgotten},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			candidate := websub.Candidate{Feed: feed.Feed{State: c.state, Wishes: c.wishes}, Wanted: !c.gone, Subscription: c.s}
			if action, reason := websub.Decide(noon, candidate, base); action != c.action || reason != c.reason {
				t.Errorf("got %s (%s), want %s (%s)", action, reason, c.action, c.reason)
			}
		})
	}
}
