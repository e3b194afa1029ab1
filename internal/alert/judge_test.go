package alert_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/guild"
)

func TestJudge(t *testing.T) {
	t.Parallel()
	fail := func(r alert.Reason, wait time.Duration) error {
		return fmt.Errorf("post: %w", &alert.SendError{Reason: r, RetryAfter: wait, Err: errors.New("x")})
	}
	unanswered := func(r alert.Reason) error { return &alert.SendError{Reason: r, Doubt: true, Err: errors.New("x")} }
	pending := func(r alert.Reason, wait time.Duration, failures int) alert.Settlement {
		return alert.Settlement{State: alert.Pending, Reason: r, Due: noon.Add(wait), Form: alert.Full, Failures: failures}
	}
	with := func(s alert.Settlement, change func(*alert.Settlement)) alert.Settlement {
		change(&s)
		return s
	}
	doubt := func(s *alert.Settlement) { s.Doubt = true }
	fresh := alert.Delivery{Form: alert.Full}
	for _, c := range []struct {
		name string
		d    alert.Delivery
		err  error
		want alert.Settlement
	}{
		{"success", fresh, nil, alert.Settlement{State: alert.Sent, Message: "77"}},
		{"a limit is waited out and counts as no failure", fresh, fail(alert.ReasonRateLimited, 3*time.Second), pending(alert.ReasonRateLimited, 3*time.Second, 0)},
		{"a block without a hint is left alone for ten minutes", fresh, fail(alert.ReasonHeldBack, 0), pending(alert.ReasonHeldBack, 10*time.Minute, 0)},
		{"no answer leaves doubt and is tried again soon", fresh, unanswered(alert.ReasonUncertain), with(pending(alert.ReasonUncertain, time.Second, 1), doubt)},
		{"an error of unknown kind leaves doubt too", fresh, errors.New("?"), with(pending(alert.ReasonUncertain, time.Second, 1), doubt)},
		{"what never reached Discord leaves no doubt", fresh, fail(alert.ReasonUnavailable, 0), pending(alert.ReasonUnavailable, time.Second, 1)},
		{"the back-off grows", alert.Delivery{Form: alert.Full, Failures: 4}, unanswered(alert.ReasonUnavailable), with(pending(alert.ReasonUnavailable, 16*time.Second, 5), doubt)},
		{"and has a bound", alert.Delivery{Form: alert.Full, Failures: 30}, unanswered(alert.ReasonUnavailable), with(pending(alert.ReasonUnavailable, 5*time.Minute, 31), doubt)},
		{"at last it is given up", alert.Delivery{Form: alert.Full, Failures: alert.MaxFailures - 1}, unanswered(alert.ReasonUnavailable), alert.Settlement{State: alert.Dead, Reason: alert.ReasonUnavailable, Form: alert.Full, Failures: alert.MaxFailures, Doubt: true}},
		{"refused content is tried plainer under a new nonce", fresh, fail(alert.ReasonRefused, 0), with(pending(alert.ReasonRefused, 0, 1), func(s *alert.Settlement) { s.Form, s.NewSeries = alert.Plain, true })},
		{"but under the same one while an earlier try is in doubt", alert.Delivery{Form: alert.Full, Doubt: true}, fail(alert.ReasonRefused, 0), with(pending(alert.ReasonRefused, 0, 1), func(s *alert.Settlement) { s.Form = alert.Plain })},
		{"plain content that is refused is dead", alert.Delivery{Form: alert.Plain}, fail(alert.ReasonRefused, 0), alert.Settlement{State: alert.Dead, Reason: alert.ReasonRefused, Form: alert.Plain, Failures: 1}},
		{"a lost permission blocks the channel and keeps the delivery", fresh, fail(alert.ReasonNoAccess, 0), with(pending(alert.ReasonNoAccess, 0, 0), func(s *alert.Settlement) { s.BlockChannel = true })},
		{"so does a channel that is gone", fresh, fail(alert.ReasonNoChannel, 0), with(pending(alert.ReasonNoChannel, 0, 0), func(s *alert.Settlement) { s.BlockChannel = true })},
		{"a guild that is gone ends its deliveries", fresh, fail(alert.ReasonNoGuild, 0), alert.Settlement{State: alert.Expired, Reason: alert.ReasonNoGuild, Form: alert.Full, LeftGuild: true}},
		{"a refused token stops everything and loses nothing", fresh, fail(alert.ReasonUnauthorized, 0), pending(alert.ReasonUnauthorized, 10*time.Minute, 0)},
		{"what people deleted does not come back", fresh, fail(alert.ReasonDeletedThere, 0), alert.Settlement{State: alert.Sent, Reason: alert.ReasonDeletedThere, Form: alert.Full}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, alert.Judge(noon, c.d, "77", c.err)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestNext(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		age  time.Duration
		d    alert.Delivery
		want alert.Step
	}{
		{"a first try posts", 0, alert.Delivery{}, alert.StepPost},
		{"a retry inside the nonce's window posts", 59 * time.Second, alert.Delivery{Doubt: true}, alert.StepPost},
		{"after it, a post in doubt is looked for", time.Minute, alert.Delivery{Doubt: true}, alert.StepFind},
		{"so is one whose time is not known, since the clock went back", -time.Hour, alert.Delivery{Doubt: true}, alert.StepFind},
		{"after it, what was surely not posted gets a new nonce", time.Minute, alert.Delivery{}, alert.StepRenew},
		{"a post of a forum, which has no nonce, is posted", 0, alert.Delivery{In: guild.Forum}, alert.StepPost},
		{"and looked for in any doubt", 0, alert.Delivery{In: guild.Forum, Doubt: true}, alert.StepFind},
		{"a reply in it has a nonce", 0, alert.Delivery{In: guild.Forum, Kind: alert.Reply, Doubt: true}, alert.StepPost},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.d.First = noon.Add(-c.age)
			if got := alert.Next(noon, c.d); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestAPostWithoutAnAnswerIsLookedForWhenItCanBeThere(t *testing.T) {
	t.Parallel()
	lost := &alert.SendError{Reason: alert.ReasonUncertain, Doubt: true}
	for d, least := range map[*alert.Delivery]time.Duration{
		{In: guild.Forum}:                    15 * time.Second,
		{In: guild.Forum, Kind: alert.Reply}: time.Second,
		{}:                                   time.Second,
	} {
		if s := alert.Judge(noon, *d, "", lost); s.Due.Sub(noon) != least || !s.Doubt {
			t.Errorf("%+v: tried again at %v", d, s.Due)
		}
	}
	closed := &alert.SendError{Reason: alert.ReasonNoFirst}
	if s := alert.Judge(noon, alert.Delivery{In: guild.Forum, Kind: alert.Reply}, "", closed); s.State != alert.Expired || s.BlockChannel {
		t.Errorf("a reply to a closed post: %+v", s)
	}
}

func TestNonce(t *testing.T) {
	t.Parallel()
	base := alert.Delivery{ID: 1, Channel: "10"}
	n := alert.Nonce("install", base)
	if len(n) != 24 {
		t.Errorf("%d characters, want 24", len(n))
	}
	retry := base
	retry.Attempt, retry.Form = 3, alert.Plain
	if alert.Nonce("install", retry) != n {
		t.Error("a retry has another nonce")
	}
	for name, d := range map[string]alert.Delivery{
		"another delivery": {ID: 2, Channel: "10"}, "another channel": {ID: 1, Channel: "11"}, "a new series": {ID: 1, Channel: "10", Series: 1},
	} {
		if alert.Nonce("install", d) == n {
			t.Errorf("%s has the same nonce", name)
		}
	}
	if alert.Nonce("other", base) == n {
		t.Error("another installation has the same nonce")
	}
}
