package bot

import (
	"context"
	"strconv"
	"time"

	"github.com/attache-bot/attache/bot/gateway"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
)

// Times of a greeting.
const (
	// greetWithin is how long after it joined a guild the bot greets it: a database
	// that was lost makes no stranger of a guild that knows it.
	greetWithin = 24 * time.Hour
	// greetPatience is how long a greeting waits for the ids of the commands.
	greetPatience = 15 * time.Second
)

// greeting says whether a guild is to be greeted, and why not.
type greeting string

// The decisions.
const (
	greetNow       greeting = "greet"
	greetNowhere   greeting = "no-system-channel"
	greetOutage    greeting = "outage"
	greetNoMoment  greeting = "join-time-unknown"
	greetKnownLong greeting = "joined-long-ago"
)

// decideGreeting looks at what Discord tells of a guild.
func decideGreeting(g gateway.GuildCreate, now time.Time) greeting {
	switch {
	case g.Unavailable:
		return greetOutage
	case !message.Snowflake(g.SystemChannel):
		return greetNowhere
	case g.Joined.IsZero():
		return greetNoMoment
	case now.Sub(g.Joined) > greetWithin:
		return greetKnownLong
	}
	return greetNow
}

// greet tells a guild that the bot has just joined what to do: once, in the
// channel where Discord itself greets. A greeting that is lost is not repeated.
func (b *Bot) greet(ctx context.Context, g gateway.GuildCreate) {
	log := b.log.With("guild", g.ID)
	if why := decideGreeting(g, b.o.Now()); why != greetNow {
		log.DebugContext(ctx, "guild is not greeted", "reason", string(why))
		return
	}
	first, err := b.o.Guilds.Greet(ctx, g.ID, g.Joined)
	if err != nil {
		if ctx.Err() == nil {
			log.ErrorContext(ctx, "greeting could not be noted", "error", err)
		}
		return
	}
	if !first {
		return
	}
	b.awaitCommands(ctx)
	// A shutdown in between takes nothing back.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), greetPatience)
	defer cancel()
	said := wording.In(g.Locale).Knowing(b.o.Command.Interaction.Commands).Say("welcome.hello")
	if _, err := b.rest.CreateMessage(ctx, g.SystemChannel, message.Text(said), nil, greetingNonce(g)); err != nil {
		log.InfoContext(ctx, "guild could not be greeted", "error", err)
		return
	}
	log.InfoContext(ctx, "guild is greeted")
}

// greetingNonce is another one for each time that the bot joins a guild.
func greetingNonce(g gateway.GuildCreate) string {
	id, err := strconv.ParseUint(g.ID, 10, 64)
	if err != nil { // then it is no guild of Discord's, and greeted in vain
		id = 0
	}
	return "g" + strconv.FormatUint(id, 36) + "-" + strconv.FormatInt(g.Joined.UnixMilli(), 36)
}

// awaitCommands waits until Discord has told the ids of the commands, for some
// time.
func (b *Bot) awaitCommands(ctx context.Context) {
	patience := time.NewTimer(greetPatience)
	defer patience.Stop()
	select {
	case <-b.registered:
	case <-patience.C:
	case <-ctx.Done():
	}
}
