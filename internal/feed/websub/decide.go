package websub

import (
	"errors"
	"hash/fnv"
	"strings"
	"time"

	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/feed/fetch"
)

// Action is what is to be done about a candidate.
type Action string

// The actions.
const (
	// Nothing is to be done now.
	Nothing Action = "nothing"
	// Begin makes a new subscription and asks the hub for it.
	Begin Action = "begin"
	// Ask asks the hub for the subscription that there is, again.
	Ask Action = "ask"
	// Leave asks the hub to end it.
	Leave Action = "leave"
	// Forget drops it without asking.
	Forget Action = "forget"
)

// Reason names why an action was decided.
type Reason string

// The reasons.
const (
	NoHub        Reason = "no-hub"         // it names no hub, or not itself
	UnsafeHub    Reason = "hub-not-https"  // the secret would go over the wire in the clear
	NotRead      Reason = "feed-not-read"  // it does not answer, so it is not known what it names now
	NewHub       Reason = "new-hub"        // it names a hub, and there is no subscription
	Changed      Reason = "changed"        // hub, topic or our address changed
	NotYet       Reason = "not-yet"        // it stands, or the next try is later
	Renewal      Reason = "renewal"        // its lease ends soon
	Unconfirmed  Reason = "unconfirmed"    // the hub did not confirm it in time
	TryAgain     Reason = "try-again"      // the hub refused it a while ago
	NotWanted    Reason = "not-wanted"     // its feed is not polled any more
	LeftUnheard  Reason = "left-unheard"   // the hub does not confirm the end; it may let it run out
	HubForgotten Reason = "no-longer-told" // there is nothing to end at the hub
)

// leaveTries is how often a hub is asked to end a subscription.
const leaveTries = 3

// Decide tells what to do about a candidate at now. base is our public address
// without a path.
func Decide(now time.Time, c Candidate, base string) (Action, Reason) {
	w, s := c.Feed.Wishes, c.Subscription
	wanted := c.Wanted && c.Feed.State.Polled() && c.Feed.State != feed.Moved
	usable := wanted && w.Hub != "" && w.Self != ""
	safe := strings.HasPrefix(w.Hub, "https://")
	switch {
	case s == nil && !usable:
		return Nothing, NoHub
	case s == nil && !safe:
		return Nothing, UnsafeHub
	case s == nil && !c.Feed.State.Answers():
		return Nothing, NotRead
	case s == nil:
		return Begin, NewHub
	case !usable || !safe:
		return leave(now, *s)
	case s.State == Leaving || s.Hub != w.Hub || s.Topic != w.Self || s.Callback != base+"/"+s.Path:
		return Begin, Changed
	case now.Before(s.Next):
		return Nothing, NotYet
	case s.State == Active:
		return Ask, Renewal
	case s.State == Asked:
		return Ask, Unconfirmed
	}
	return Ask, TryAgain
}

// leave decides how to end a subscription that is no longer wanted.
func leave(now time.Time, s Subscription) (Action, Reason) {
	switch {
	case s.Lease.IsZero() || !now.Before(s.Lease):
		return Forget, HubForgotten
	case s.State != Leaving:
		return Leave, NotWanted
	case s.Failures >= leaveTries:
		return Forget, LeftUnheard
	case now.Before(s.Next):
		return Nothing, NotYet
	}
	return Leave, NotWanted
}

// The times of asking.
const (
	// wishedLease is the lease that hubs are asked for.
	wishedLease = 5 * 24 * time.Hour
	// maxLease bounds what they grant, minRenewal how soon they are asked again.
	maxLease   = 30 * 24 * time.Hour
	minRenewal = time.Minute
	// firstRetry doubles with each failure up to lastRetry.
	firstRetry = 5 * time.Minute
	lastRetry  = 12 * time.Hour
	// deniedRetry is when a hub that said no is asked again.
	deniedRetry = 24 * time.Hour
	// confirmWithin is for how long after a request the hub may confirm it.
	confirmWithin = 24 * time.Hour
)

// asked is s as the hub is about to be asked for state, which is Asked or
// Leaving. A subscription that is active stays so while it is renewed.
func (s Subscription) asked(now time.Time, state State) Subscription {
	s.Asked = now
	s.Next = now.Add(retry(s.Failures))
	s.Failures++
	if s.State == Active && state == Asked && now.Before(s.Lease) {
		return s
	}
	return s.enter(state, s.Reason, now)
}

// failed is s once a request made at asked has failed. It is unchanged when
// something newer is known, such as that the hub has confirmed all the same.
func (s Subscription) failed(now, asked time.Time, err error) (Subscription, error) {
	if !s.Asked.Equal(asked) || s.Failures == 0 {
		return s, ErrUnchanged
	}
	reason := "failed"
	var fe *fetch.Error
	if errors.As(err, &fe) {
		reason = string(fe.Class)
		s.Next = later(s.Next, now.Add(min(fe.RetryAfter, feed.MaxRetryAfter)))
	}
	if s.State == Asked {
		return s.enter(Refused, reason, now), nil
	}
	s.Reason = reason
	return s, nil
}

// confirmed is s once the hub has confirmed a subscription with a lease; zero
// means that it named none.
func (s Subscription) confirmed(now time.Time, lease time.Duration) Subscription {
	if lease <= 0 {
		lease = wishedLease
	}
	lease = min(lease, maxLease)
	s.Lease, s.Failures = now.Add(lease), 0
	// Two thirds of a lease leave time for several tries; the spread keeps
	// subscriptions that were made together from being renewed together.
	s.Next = now.Add(max(lease*2/3-share(s.Path, lease/6), minRenewal))
	return s.enter(Active, "", now)
}

// denied is s once the hub has said that there is no subscription, or no more.
func (s Subscription) denied(now time.Time) Subscription {
	s.Next, s.Lease = now.Add(deniedRetry), time.Time{}
	return s.enter(Refused, "denied", now)
}

func retry(failures int) time.Duration {
	wait := firstRetry
	for ; failures > 0 && wait < lastRetry; failures-- {
		wait *= 2
	}
	return min(wait, lastRetry)
}

// share is a part of d that depends on the name alone.
func share(name string, d time.Duration) time.Duration {
	h := fnv.New32a()
	_, _ = h.Write([]byte(name)) // never fails
	return time.Duration(float64(d) * float64(h.Sum32()) / float64(1<<32))
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
