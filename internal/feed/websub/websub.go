package websub

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"strings"
	"time"

	"github.com/attache-bot/attache/internal/feed"
)

// State is where a subscription stands.
type State string

// The states of a subscription.
const (
	// Asked is yet to be confirmed by the hub.
	Asked State = "asked"
	// Active is confirmed, and its lease runs.
	Active State = "active"
	// Refused was denied by the hub, or the hub could not be asked. It is tried
	// again later.
	Refused State = "refused"
	// Leaving is no longer wanted, and goes once the hub has confirmed that.
	Leaving State = "leaving"
)

// Subscription is what was agreed with a hub about one feed.
type Subscription struct {
	Feed feed.ID
	// Hub is the hub's address, Topic the address that it knows the feed by.
	Hub, Topic string
	// Callback is the address that the hub was given to call. Its last element is
	// Path, which nobody else can guess.
	Callback, Path string
	// Secret is what the hub signs with.
	Secret string
	// State is where it stands, Reason why ("" when all is well), Since when it
	// was entered.
	State  State
	Reason string
	Since  time.Time
	// Asked is when the hub was last asked, Next when it is to be asked again.
	Asked, Next time.Time
	// Lease is when the hub forgets the subscription, zero when it never
	// confirmed one.
	Lease time.Time
	// Failures counts requests since the last one that was confirmed.
	Failures int
}

// LogValue implements [slog.LogValuer]; path and secret stay out of logs.
func (s Subscription) LogValue() slog.Value {
	return slog.GroupValue(slog.Int64("feed_id", int64(s.Feed)), slog.String("hub", feed.ShownAddress(s.Hub)), slog.String("state", string(s.State)))
}

// Candidate is a feed that names a hub or has a subscription.
type Candidate struct {
	Feed feed.Feed
	// Wanted says that the feed is still in the catalogue.
	Wanted bool
	// Subscription is nil when there is none.
	Subscription *Subscription
}

// Errors of a [Store].
var (
	// ErrUnknown means that no subscription has the path.
	ErrUnknown = errors.New("no such subscription")
	// ErrUnchanged is returned by the function given to [Store.Change] to leave
	// the subscription as it is.
	ErrUnchanged = errors.New("subscription stays as it is")
)

// Store keeps subscriptions.
type Store interface {
	// Candidates returns the feeds that name a hub or have a subscription.
	Candidates(ctx context.Context) ([]Candidate, error)
	// Begin replaces the subscription of s.Feed, unless it has the same hub, topic
	// and callback address before its path (two processes may begin one at once).
	// The feed counts as not pushed.
	Begin(ctx context.Context, s Subscription) error
	// Subscription returns the one with the path, or [ErrUnknown].
	Subscription(ctx context.Context, path string) (Subscription, error)
	// Change replaces the subscription with the path by what change makes of it,
	// in one transaction, and tells the feed until when it is pushed
	// ([Subscription.Pushed]). When change fails nothing is changed and its error
	// is returned. [ErrUnknown] means that there is none.
	Change(ctx context.Context, path string, change func(Subscription) (Subscription, error)) error
	// Forget removes the subscription with the path, if there is one; its feed is
	// no longer pushed.
	Forget(ctx context.Context, path string) error
}

// Pushed is until when the hub brings the feed, zero when it does not.
func (s Subscription) Pushed() time.Time {
	if s.State == Active {
		return s.Lease
	}
	return time.Time{}
}

// fresh is a subscription that is to be asked for at once.
func fresh(now time.Time, f feed.Feed, base string) Subscription {
	path := strings.ToLower(rand.Text())
	return Subscription{
		Feed: f.ID, Hub: f.Wishes.Hub, Topic: f.Wishes.Self, Callback: base + "/" + path, Path: path,
		// 52 letters of base 32 are 260 bits; the recommendation allows 200 bytes.
		Secret: rand.Text() + rand.Text(), State: Asked, Since: now, Next: now,
	}
}

func (s Subscription) enter(state State, reason string, now time.Time) Subscription {
	if s.State != state {
		s.Since = now
	}
	s.State, s.Reason = state, reason
	return s
}
