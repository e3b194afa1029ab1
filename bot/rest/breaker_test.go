package rest

import (
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// smallBreaker reacts to few invalid requests.
func smallBreaker(o *Options) {
	o.Breaker = BreakerOptions{Warn: 2, Essential: 4, Interactions: 6}
}

func TestBreakerRefusesByWhatARequestIsWorth(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		next := always(403, `{"code":50001,"message":"Missing Access"}`)
		tr := newTransport(t, next, smallBreaker)
		c, err := NewClient(tr, "token")
		if err != nil {
			t.Fatal(err)
		}
		ctx := t.Context()
		others := func() error { return c.Do(ctx, "GET", "/channels/1/messages", nil, nil) }
		essential := func() error { return post(ctx, c, 2) }
		interaction := func() error { return c.AnswerInteraction(ctx, "3", "tok", struct{}{}, nil) }
		sends := func(call func() error) bool {
			n := next.count()
			err := call()
			var re *RefusedError
			if sent := next.count() > n; sent == errors.As(err, &re) {
				t.Fatalf("sent %v with %v", sent, err)
			}
			return next.count() > n
		}
		expect := func(level Level, other, ess, inter bool) {
			t.Helper()
			if got := tr.Stats().Level; got != level {
				t.Fatalf("level is %q, want %q", got, level)
			}
			if got := [3]bool{other && sends(others), ess && sends(essential), inter}; got != [3]bool{other, ess, inter} {
				t.Fatalf("at %q: other, essential, interaction sent: %v", level, got)
			}
		}
		expect(LevelOpen, true, true, true)       // 2 invalid
		expect(LevelWarning, true, true, true)    // 4
		expect(LevelEssential, false, true, true) // 5
		expect(LevelEssential, false, true, true) // 6
		expect(LevelInteractions, false, false, true)
		if sends(others) || sends(essential) || !sends(interaction) {
			t.Fatal("at the last level something else than interactions is sent")
		}
		err = essential()
		wait, ok := RetryAfter(err)
		if !ok || wait > invalidSpan+invalidStep {
			t.Fatalf("says to wait %s, %v: %v", wait, ok, err)
		}
		<-time.After(wait)
		if !sends(essential) {
			t.Fatal("does not recover after the time that it named")
		}
	})
}

func TestBreakerCountsOnlyWhatDiscordCounts(t *testing.T) {
	t.Parallel()
	t.Run("shared limits and other errors are not counted", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			next := &answers{f: func(n int, _ *http.Request) (*http.Response, error) {
				if n%2 == 0 {
					return answer(429, `{"retry_after":1}`, "X-RateLimit-Scope: shared"), nil
				}
				return answer(404, `{"code":10003}`), nil
			}}
			tr := newTransport(t, next, smallBreaker)
			c, _ := NewClient(tr, "token")
			for range 20 {
				_ = post(t.Context(), c, 1)
			}
			if s := tr.Stats(); s.Invalid != 0 || s.Limited[ScopeShared] != 10 {
				t.Errorf("stats %+v", s)
			}
		})
	})
}

func TestRefusedToken(t *testing.T) {
	t.Parallel()
	t.Run("a refused token stops everything that carries it", func(t *testing.T) {
		t.Parallel()
		next := always(401, `{"message":"401: Unauthorized","code":0}`)
		tr := newTransport(t, next)
		c, _ := NewClient(tr, "old")
		_ = post(t.Context(), c, 1)
		err := post(t.Context(), c, 2)
		var re *RefusedError
		if !errors.As(err, &re) || re.Reason != RefusedToken || next.count() != 1 || !tr.Stats().TokenRefused {
			t.Fatalf("sent %d, %v", next.count(), err)
		}
		if _, ok := RetryAfter(err); ok {
			t.Error("a refused token asks for a retry")
		}
		next.f = func(int, *http.Request) (*http.Response, error) { return answer(204, ""), nil }
		if err := c.AnswerInteraction(t.Context(), "3", "tok", struct{}{}, nil); err != nil {
			t.Errorf("an interaction, which has its own token, is refused: %v", err)
		}
		if !tr.Stats().TokenRefused {
			t.Error("an answered interaction clears the refused token")
		}
		renewed, _ := NewClient(tr, "new")
		if err := post(t.Context(), renewed, 1); err != nil || tr.Stats().TokenRefused {
			t.Errorf("a new token is refused: %v", err)
		}
	})
	t.Run("an interaction's 401 leaves the bot's token alone", func(t *testing.T) {
		t.Parallel()
		tr := newTransport(t, always(401, `{"code":50027}`))
		c, _ := NewClient(tr, "token")
		_ = c.AnswerInteraction(t.Context(), "3", "tok", struct{}{}, nil)
		if tr.Stats().TokenRefused {
			t.Error("the bot's token is held for refused")
		}
	})
}

func TestBreakerCountsASlidingSpan(t *testing.T) {
	t.Parallel()
	b := breaker{opts: BreakerOptions{Warn: 1, Essential: 2, Interactions: 3}}
	start := time.Unix(1_700_000_000, 0)
	for i := range 100 {
		b.invalid(start.Add(time.Duration(i) * 6 * time.Second))
	}
	if n, _, _ := b.state(start.Add(invalidSpan - 6*time.Second)); n != 100 {
		t.Errorf("%d counted within ten minutes, want 100", n)
	}
	half, _, _ := b.state(start.Add(invalidSpan + 5*time.Minute))
	if half < 48 || half > 54 {
		t.Errorf("%d counted five minutes later, want about half", half)
	}
	if n, level, _ := b.state(start.Add(time.Hour)); n != 0 || level != LevelOpen {
		t.Errorf("%d counted an hour later, level %s", n, level)
	}
}
