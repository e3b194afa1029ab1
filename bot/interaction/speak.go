package interaction

import (
	"context"
	"errors"

	"github.com/attache-bot/attache/bot/wording"
)

// speaking is a handler at work in the language of those who see its reply: what
// everybody sees is in the guild's, and what the asker alone sees, refusals among
// it, in the asker's, if the bot speaks that.
func (c *call) speaking(q Request, run Handler) work {
	return func(ctx context.Context) (Reply, error) {
		asker := c.tongue(ctx, q, false)
		q.Speaker = asker
		if c.open {
			q.Speaker = c.tongue(ctx, q, true)
		}
		r, err := run(ctx, q)
		var e *Error
		if errors.As(err, &e) {
			err = &Error{Code: e.Code, Message: e.Told(asker)}
		}
		return r, err
	}
}

// tongue is the speaker for the asker, or for everybody. Only where Discord's word
// is not enough it looks into the guild's settings; without them it goes on.
func (c *call) tongue(ctx context.Context, q Request, everybody bool) wording.Speaker {
	if !everybody && wording.Spoken(q.Locale) {
		return c.Router.speaker(q.Locale)
	}
	set, err := c.guilds.Settings(ctx, q.Guild)
	if err != nil {
		c.log.WarnContext(ctx, "guild's language is not known", "error", err)
	}
	if everybody {
		return c.Router.speaker(set.Language, q.GuildLocale, q.Locale)
	}
	return c.Router.speaker(set.Language, q.GuildLocale)
}

// speaker speaks the first of the locales that the bot speaks.
func (r *Router) speaker(locales ...string) wording.Speaker {
	return wording.In(locales...).Knowing(r.o.Commands)
}

// request is what an interaction asks, with a speaker for the person alone.
func (r *Router) request(in interaction) Request {
	q := newRequest(in, r.o.Now())
	q.Speaker = r.speaker(in.Locale, in.GuildLocale)
	return q
}
