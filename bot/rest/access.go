package rest

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"
)

// How many requests may be refused for want of a permission. In no ten minutes
// are there more than accessRefusals and what comes back in that time, which
// together is under a hundred.
const (
	accessRefusals = 50
	// accessBack is how often one more refusal can be afforded.
	accessBack = 20 * time.Second
	// accessDebt is how far those that were trusted may go beyond.
	accessDebt = 10
	// accessSpare is kept for guilds of which nothing bad is known; those that
	// refuse are tried again with what is beyond it.
	accessSpare = 10

	// shutAfter refusals of a guild in a row are one lost role and not so many
	// accidents. From then on it is tried once in shutProbe, twice as long after
	// each refusal, up to shutLongest.
	shutAfter   = 5
	shutProbe   = 30 * time.Second
	shutLongest = 5 * time.Minute
	// suspectWait is the least that others of a guild that refused wait for, once
	// little is left.
	suspectWait = time.Minute
	// accessCrowd is how many requests may be under way whose guilds have not
	// answered yet, when none has refused.
	accessCrowd = 80
)

// access keeps the requests that Discord refuses for want of a permission within
// a budget. Each counts towards a ban of this machine's address, and a role that
// is taken away makes all channels of a guild refuse at once. What is read is
// counted apart from what is written, each kind of it, since one may be closed
// where the other is not; the budget is one.
//
// A request to a guild that has not answered lately holds a place in the budget
// while it is under way, and gives it back unless it is refused. Guilds that
// take messages need none: once the budget is used up they are asked again, one
// after the other, and go on as soon as they have answered.
type access struct {
	mu sync.Mutex
	// left is what may still be refused, at the time at.
	left float64
	at   time.Time
	// underWay are those that hold a place.
	underWay int
	// epoch is when the budget was used up last; what guilds have answered before
	// counts no more. plenty says that it has filled again since.
	epoch  time.Time
	plenty bool
	guilds map[string]*guildAccess
}

// guildAccess is what is known of one guild.
type guildAccess struct {
	// took is when it last took a request, row how many it has refused since.
	took time.Time
	row  int
	// probe is when it may be tried again, and wait how long that was, once it
	// counts as shut.
	probe time.Time
	wait  time.Duration
}

func newAccess(now time.Time) access {
	return access{left: accessRefusals, at: now, plenty: true, guilds: map[string]*guildAccess{}}
}

// ticket is the right to send one request to a guild; nil is that of a request
// to none.
type ticket struct {
	guild string
	// held says that it has a place in the budget.
	held bool
}

// refill adds what came back since, by a clock that may be set.
func (a *access) refill(now time.Time) {
	if d := now.Sub(a.at); d > 0 {
		a.left = min(accessRefusals, a.left+float64(d)/float64(accessBack))
	}
	a.at = now
	if a.left >= accessSpare {
		a.plenty = true
	}
}

// ask says for how long a request to a guild must wait; zero for one that may go
// now. It takes nothing.
func (a *access) ask(guild string, now time.Time) time.Duration {
	a.mu.Lock()
	defer a.mu.Unlock()
	wait, _ := a.decide(guild, now)
	return wait
}

// enter lets a request go, or says for how long it must wait.
func (a *access) enter(guild string, now time.Time) (*ticket, time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	wait, held := a.decide(guild, now)
	if wait > 0 {
		return nil, wait
	}
	g := a.guilds[guild]
	if g == nil {
		g = &guildAccess{}
		a.guilds[guild] = g
	}
	if g.row >= shutAfter {
		g.probe = now.Add(g.wait)
	}
	if held {
		a.underWay++
	}
	return &ticket{guild: guild, held: held}, 0
}

// decide says how long a request must wait, and whether it needs a place.
func (a *access) decide(guild string, now time.Time) (wait time.Duration, held bool) {
	a.refill(now)
	g := a.guilds[guild]
	if g == nil {
		g = &guildAccess{}
	}
	need, least := 1.0, time.Second
	switch {
	case g.row == 0 && g.took.After(a.epoch):
		return 0, false
	case g.row >= shutAfter && now.Before(g.probe) && g.probe.Sub(now) <= shutLongest:
		return max(g.probe.Sub(now), time.Second), true
	case g.row > 0:
		need, least = need+accessSpare, suspectWait
	}
	free := a.left - float64(a.underWay)
	switch {
	case free >= need:
		return 0, true
	case a.left >= accessRefusals && a.underWay < accessCrowd:
		return 0, true // nobody has refused
	case a.left >= need:
		return time.Second, true // which those under way will tell
	}
	return max(least, time.Duration((need-a.left)*float64(accessBack))), true
}

// leave ends a request. refused says that it lacked a permission, and took that
// it did not.
func (a *access) leave(t *ticket, now time.Time, refused, took bool) {
	if t == nil && !refused {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.refill(now)
	if t == nil { // of no guild: it is counted, but nothing is learnt
		a.spend(now)
		return
	}
	if t.held {
		a.underWay--
	}
	g := a.guilds[t.guild]
	switch {
	case took:
		*g = guildAccess{took: now}
	case refused:
		g.row++
		if g.row >= shutAfter {
			g.wait = min(max(2*g.wait, shutProbe), shutLongest)
			g.probe = now.Add(g.wait)
		}
		a.spend(now)
	}
}

// spend takes a refusal out of the budget.
func (a *access) spend(now time.Time) {
	a.left = max(a.left-1, -2*accessDebt)
	if a.left < 1 && a.plenty || a.left <= -accessDebt {
		a.epoch, a.plenty = now, false
	}
}

// shut reports whether a guild has refused so many in a row that it counts as
// shut.
func (a *access) shut(guild string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	g := a.guilds[guild]
	return g != nil && g.row >= shutAfter
}

// guildKey is where a context names the guild of a request.
type guildKey struct{}

// ForGuild names the guild that a call is for. When a guild refuses many of them
// for want of a permission, further ones are not sent, but end with a
// [RefusedError]: see [RefusedAccess] and [RefusedReading].
func ForGuild(ctx context.Context, guild string) context.Context {
	return context.WithValue(ctx, guildKey{}, guild)
}

// guildOf is the guild that a request is for, with the route of one that reads,
// which may be closed where writing is not. Answers to interactions need none.
func guildOf(r *http.Request, rt route) string {
	guild, _ := r.Context().Value(guildKey{}).(string)
	switch {
	case guild == "", rt.class != classBot:
		return ""
	case reads(rt):
		return guild + " " + rt.name
	}
	return guild
}

func reads(rt route) bool { return strings.HasPrefix(rt.name, http.MethodGet+" ") }
