package alert

import (
	"sync"
	"time"
)

// When a guild counts as shut, and how it is tried then.
const (
	// shutAfter channels of one guild that refuse for want of permission, with no
	// other answer of the guild between them, are one lost role and not so many
	// accidents.
	shutAfter = 5
	// shutProbe is how often one more channel of such a guild is tried, and
	// shutWait for how long the others wait before they look again.
	shutProbe = 30 * time.Second
	shutWait  = time.Minute
)

// shutGuilds remembers which guilds refuse the bot in channel after channel. A
// refusal counts towards a ban of the address, and each channel would add its
// own; a channel that refused is blocked in the ledger and not tried again.
type shutGuilds struct {
	mu     sync.Mutex
	guilds map[string]shut
}

// shut is a guild that refuses: how many times in a row, and when another
// channel of it may be tried.
type shut struct {
	row   int
	probe time.Time
}

// wait returns for how long a delivery to a guild must wait; zero for one that
// may be tried, which in a shut guild is the probe.
func (g *shutGuilds) wait(now time.Time, guild string) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	s, ok := g.guilds[guild]
	if !ok || s.row < shutAfter {
		return 0
	}
	if now.Before(s.probe) {
		return shutWait
	}
	s.probe = now.Add(shutProbe)
	g.guilds[guild] = s
	return 0
}

// observe takes in what a try came to. Whatever shows that the guild takes
// messages opens it.
func (g *shutGuilds) observe(now time.Time, guild string, s Settlement) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case s.State == Sent, s.Reason == ReasonRefused, s.LeftGuild:
		delete(g.guilds, guild)
	case s.Reason == ReasonNoAccess && s.BlockChannel:
		if g.guilds == nil {
			g.guilds = map[string]shut{}
		}
		was := g.guilds[guild]
		g.guilds[guild] = shut{row: was.row + 1, probe: now.Add(shutProbe)}
	}
}
