package rest

import (
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// TestAccess walks through the life of a guild whose channels refuse.
func TestAccess(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 29, 12, 0, 0, 0, time.UTC)
	a := newAccess(at)
	try := func(guild string, refused bool) bool {
		t.Helper()
		k, wait := a.enter(guild, at)
		if (k == nil) != (wait > 0) || wait != 0 && a.ask(guild, at) != wait {
			t.Fatalf("a ticket %v, and a wait of %v", k, wait)
		}
		a.leave(k, at, refused, !refused)
		return k != nil
	}
	tries := func(guild string, refused, want bool, why string) {
		t.Helper()
		if got := try(guild, refused); got != want {
			t.Errorf("%s: a channel is tried: %v", why, got)
		}
	}
	for range shutAfter {
		tries("1", true, true, "few have refused")
	}
	tries("1", true, false, "as many as are needed have refused in a row")
	tries("2", false, true, "another guild")
	for _, wait := range []time.Duration{shutProbe, 2 * shutProbe, 4 * shutProbe, 8 * shutProbe, shutLongest, shutLongest} {
		at = at.Add(wait - time.Second)
		tries("1", true, false, "it is too early to look again")
		at = at.Add(time.Second)
		tries("1", true, true, "it is time to look again")
	}
	at = at.Add(-72 * time.Hour)
	tries("1", true, true, "a clock that was set back holds nobody up")
	at = at.Add(shutLongest)
	tries("1", false, true, "the next look")
	for range shutAfter {
		tries("1", true, true, "what was before is forgotten")
	}
}

// TestAccessIsKeptWithinItsBudget has over a hundred guilds refuse at once, and
// some of them not.
func TestAccessIsKeptWithinItsBudget(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 29, 12, 0, 0, 0, time.UTC)
	a := newAccess(at)
	good := func(g int) bool { return g%7 == 0 }
	var refusals []time.Time
	for g := range 150 { // all of them took messages until now
		k, _ := a.enter(string(rune(g)), at)
		a.leave(k, at, false, true)
	}
	told := map[int]bool{}
	for range 40 * 60 {
		at = at.Add(time.Second)
		var busy []*ticket
		for g := range 150 {
			if told[g] || len(busy) == 40 {
				continue
			}
			if k, _ := a.enter(string(rune(g)), at); k != nil {
				busy = append(busy, k)
				told[g] = good(g)
			}
		}
		for _, k := range busy {
			refused := !good(int([]rune(k.guild)[0]))
			if refused {
				refusals = append(refusals, at)
			}
			a.leave(k, at, refused, !refused)
		}
	}
	most, from := 0, 0
	for i, r := range refusals {
		for r.Sub(refusals[from]) >= invalidSpan {
			from++
		}
		most = max(most, i-from+1)
	}
	if most >= 100 {
		t.Errorf("%d refusals within ten minutes", most)
	}
	for g := range 150 {
		if good(g) && !told[g] {
			t.Errorf("guild %d, which takes messages, waits for the others", g)
		}
	}
	if a.underWay != 0 {
		t.Errorf("%d are under way in the end", a.underWay)
	}
}

// TestWhatIsReadIsCountedApart has a guild refuse to let its history be read, while
// it takes messages, and has it asked without end.
func TestWhatIsReadIsCountedApart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		refused := 0
		tr := newTransport(t, roundTripFunc(func(r *http.Request) (*http.Response, error) {
			if r.Method == http.MethodGet {
				refused++
				return answer(403, `{"code":50001,"message":"Missing Access"}`), nil
			}
			return answer(204, ""), nil
		}))
		c, err := NewClient(tr, "token")
		if err != nil {
			t.Fatal(err)
		}
		reading := 0
		for n := range 600 {
			ctx := ForGuild(t.Context(), "7")
			err := c.Do(ctx, http.MethodGet, fmt.Sprintf("/channels/%d/messages", n+1), nil, nil)
			var re *RefusedError
			switch {
			case err == nil:
				t.Fatal("the history was read")
			case errors.As(err, &re) && re.Reason == RefusedReading:
				reading++
			}
			if err := post(ctx, c, n+1); err != nil {
				t.Fatalf("post %d: %v", n, err)
			}
			<-time.After(time.Second)
		}
		if refused > 15 || reading != 600-refused {
			t.Errorf("%d were refused by Discord, %d here", refused, reading)
		}
	})
}

// TestRefusalsOfNoGuildCount spends the budget with requests that name no guild:
// one that was not heard of waits for it.
func TestRefusalsOfNoGuildCount(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 1, 29, 12, 0, 0, 0, time.UTC)
	a := newAccess(at)
	for range 1000 {
		a.leave(nil, at, true, false)
	}
	if k, _ := a.enter("1", at); k != nil {
		t.Error("a guild is asked though nothing may be refused any more")
	}
	if k, _ := a.enter("1", at.Add(30*accessBack)); k == nil {
		t.Error("nothing came back in ten minutes")
	}
}
