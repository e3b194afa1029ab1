package websub

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/attache-bot/attache/internal/feed"
)

// Poster sends forms to hubs; [github.com/attache-bot/attache/internal/feed/fetch.Client]
// is one.
type Poster interface {
	Post(ctx context.Context, address string, form url.Values) error
}

// Options tune a [Manager].
type Options struct {
	// Callback is the public address under which the [Server] is reached, https,
	// without a slash at its end.
	Callback string
	Now      func() time.Time
	Logger   *slog.Logger
}

// hubsAtOnce is how many hubs are asked at once.
const hubsAtOnce = 4

// Manager keeps the subscriptions that the feeds name hubs for.
type Manager struct {
	store Store
	hubs  Poster
	o     Options
	log   *slog.Logger
}

// NewManager returns a manager that does nothing until [Manager.Tick].
func NewManager(s Store, p Poster, o Options) (*Manager, error) {
	if o.Now == nil || o.Logger == nil || o.Callback == "" || strings.HasSuffix(o.Callback, "/") {
		return nil, errors.New("websub options: clock, logger and an address without a slash at its end are required")
	}
	return &Manager{store: s, hubs: p, o: o, log: o.Logger.With("component", "websub")}, nil
}

// Tick does what is to be done about each candidate, and waits for the hubs that
// it asks.
func (m *Manager) Tick(ctx context.Context) {
	all, err := m.store.Candidates(ctx)
	if err != nil {
		if ctx.Err() == nil {
			m.log.ErrorContext(ctx, "feeds with hubs could not be read", "error", err)
		}
		return
	}
	var g errgroup.Group
	g.SetLimit(hubsAtOnce)
	for _, c := range all {
		action, reason := Decide(m.o.Now(), c, m.o.Callback)
		if action == Nothing {
			continue
		}
		g.Go(func() error {
			if err := m.do(ctx, c, action); err != nil && ctx.Err() == nil {
				m.log.WarnContext(ctx, "hub could not be asked; it is tried again", "feed", c.Feed,
					"hub", feed.ShownAddress(c.Feed.Wishes.Hub), "action", action, "reason", reason, "error", err)
			}
			return nil
		})
	}
	_ = g.Wait() // every error is logged above
}

func (m *Manager) do(ctx context.Context, c Candidate, a Action) error {
	switch a {
	case Begin:
		s := fresh(m.o.Now(), c.Feed, m.o.Callback)
		if err := m.store.Begin(ctx, s); err != nil {
			return fmt.Errorf("begin subscription: %w", err)
		}
		return m.ask(ctx, s.Path, Asked)
	case Ask:
		return m.ask(ctx, c.Subscription.Path, Asked)
	case Leave:
		return m.ask(ctx, c.Subscription.Path, Leaving)
	case Forget:
		return m.store.Forget(ctx, c.Subscription.Path)
	}
	return nil
}

// ask records that the hub is asked, and then asks it: a hub may confirm before
// it answers, and a process that ends between the two asks again.
func (m *Manager) ask(ctx context.Context, path string, state State) error {
	var s Subscription
	// The request is known again by its time, which a store keeps to the millisecond.
	now := m.o.Now().Truncate(time.Millisecond)
	err := m.store.Change(ctx, path, func(old Subscription) (Subscription, error) {
		if now.Before(old.Next) && (state == Asked || old.State == Leaving) {
			return old, ErrUnchanged // another process has asked
		}
		s = old.asked(now, state)
		return s, nil
	})
	switch {
	case errors.Is(err, ErrUnchanged) || errors.Is(err, ErrUnknown):
		return nil
	case err != nil:
		return fmt.Errorf("record request to hub: %w", err)
	}
	failure := m.hubs.Post(ctx, s.Hub, s.form(state))
	if failure == nil || ctx.Err() != nil {
		return nil // a request that the stop cut off is made again when it is due
	}
	err = m.store.Change(context.WithoutCancel(ctx), path, func(now Subscription) (Subscription, error) {
		return now.failed(m.o.Now(), s.Asked, failure)
	})
	if errors.Is(err, ErrUnchanged) || errors.Is(err, ErrUnknown) {
		err = nil
	}
	return errors.Join(failure, err)
}

// form is the request, https://www.w3.org/TR/websub/#subscriber-sends-subscription-request.
func (s Subscription) form(state State) url.Values {
	out := url.Values{"hub.callback": {s.Callback}, "hub.topic": {s.Topic}}
	if state == Leaving {
		out.Set("hub.mode", "unsubscribe")
		return out
	}
	out.Set("hub.mode", "subscribe")
	out.Set("hub.secret", s.Secret)
	out.Set("hub.lease_seconds", strconv.Itoa(int(wishedLease/time.Second)))
	return out
}
