package interaction

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
)

// call is one interaction on its way to an answer.
type call struct {
	*Router
	ticket Ticket
	log    *slog.Logger
	// now and later are how a handler's reply is given at once and how it is
	// promised: as a message of its own, or by changing the one with the button.
	now, later ResponseType
	// open says that everybody is to see the reply.
	open bool
	// speaker speaks to the person alone.
	speaker wording.Speaker
}

// answer runs the work and answers with its reply: at once when it is ready by
// DeferAfter, else after a promise.
func (c *call) answer(ctx context.Context, w work) {
	began := c.o.Now()
	hctx, cancel := context.WithTimeout(ctx, c.o.Limit)
	defer cancel()
	done := make(chan outcome, 1)
	c.running.Go(func() { done <- guarded(hctx, w) })

	wait := time.NewTimer(c.o.DeferAfter)
	defer wait.Stop()
	promised := false
	var out outcome
	select {
	case out = <-done:
	case <-hctx.Done():
		out = cutOff(ctx, done)
	case <-wait.C:
		promised = true
		c.promise(ctx)
		select {
		case out = <-done:
		case <-hctx.Done():
			out = cutOff(ctx, done)
		}
	}
	if out.err == nil && out.reply.Form != nil && promised {
		out = outcome{err: errLate}
	}
	p, ok := c.present(ctx, out)
	switch {
	case promised && !ok && c.later == UpdateLater:
		c.follow(ctx, p)
	case promised:
		c.edit(ctx, p)
	case ok && out.reply.Form != nil:
		c.respond(ctx, Response{Type: OpenForm, Data: out.reply.Form.Modal()})
	case ok && c.now == UpdateNow:
		c.respond(ctx, Response{Type: c.now, Data: p.Edit()})
	case ok:
		c.respond(ctx, Response{Type: c.now, Data: p})
	default:
		// A refusal leaves the message with the button as it is.
		c.respond(ctx, Response{Type: AnswerNow, Data: p})
	}
	c.log.InfoContext(ctx, "interaction handled", "outcome", name(out.err), "promised", promised, "took", c.o.Now().Sub(began))
}

// cutOff is the outcome of work that ran out of time or of the bot's own; what
// was ready at the last moment counts.
func cutOff(ctx context.Context, done <-chan outcome) outcome {
	select {
	case out := <-done:
		return out
	default:
	}
	if ctx.Err() != nil {
		return outcome{err: errStopping}
	}
	return outcome{err: errSlow}
}

// present is what to show for an outcome, and whether it is the reply.
func (c *call) present(ctx context.Context, out outcome) (message.Payload, bool) {
	if out.err == nil {
		return out.reply.payload(), true
	}
	var e *Error
	switch {
	case errors.As(out.err, &e):
	case ctx.Err() != nil:
		e = errStopping
	case errors.Is(out.err, context.DeadlineExceeded):
		e = errSlow
	default:
		ref := c.o.Reference()
		c.log.ErrorContext(ctx, "command failed", "reference", ref, "error", out.err)
		return message.Text(fault(ref).Told(c.speaker)).Private(), false
	}
	return message.Text(e.Told(c.speaker)).Private(), false
}

// refuse answers with a refusal.
func (c *call) Refuse(ctx context.Context, e *Error) {
	c.respond(ctx, Response{Type: AnswerNow, Data: message.Text(e.Told(c.speaker)).Private()})
	c.log.InfoContext(ctx, "interaction handled", "outcome", string(e.Code))
}

// promise tells Discord that an answer will come. A promised message is private
// unless a public one was asked for: that cannot be changed later.
func (c *call) promise(ctx context.Context) {
	r := Response{Type: c.later}
	if c.later == AnswerLater && !c.open {
		r.Data = promise{Flags: int(discordgo.MessageFlagsEphemeral)}
	}
	c.respond(ctx, r)
}

// offer answers an option that is being typed. Whatever goes wrong, people can
// type on: there are no choices then.
func (c *call) offer(ctx context.Context, in interaction) {
	hctx, cancel := context.WithTimeout(ctx, completeWithin)
	defer cancel()
	type result struct {
		choices []Choice
		err     error
	}
	done := make(chan result, 1)
	c.running.Go(func() {
		var found []Choice
		out := guarded(hctx, func(ctx context.Context) (_ Reply, err error) {
			found, err = c.choices(ctx, in)
			return Reply{}, err
		})
		done <- result{found, out.err}
	})
	var got result
	select {
	case got = <-done:
	case <-hctx.Done():
		got.err = hctx.Err()
	}
	if got.err != nil {
		got.choices = nil
		c.log.WarnContext(ctx, "choices could not be offered", "error", got.err)
	}
	c.respond(ctx, Response{Type: Complete, Data: Choices{Choices: got.choices}})
}

// choices finds the choices for the option that is being typed. Who may not use
// the command gets none.
func (c *call) choices(ctx context.Context, in interaction) ([]Choice, error) {
	q := c.request(in)
	e, ok := c.handlers.Commands[q.Command]
	if !ok || e.Complete == nil || !inGuild(in) {
		return nil, nil
	}
	if e.Manage {
		if err := MayManage(ctx, c.guilds, q); errors.Is(err, ErrManage) {
			return nil, nil
		} else if err != nil {
			return nil, err
		}
	}
	option, typed := q.focused()
	return e.Complete(ctx, q, option, typed)
}

// respond gives the first answer. It outlives ctx: a person who asked just
// before a shutdown is answered.
func (c *call) respond(ctx context.Context, r Response) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendWithin)
	defer cancel()
	if err := c.responder.Respond(ctx, c.ticket, r); err != nil {
		c.log.WarnContext(ctx, "interaction could not be answered", "type", int(r.Type), "error", err)
	}
}

// edit replaces what was promised.
func (c *call) edit(ctx context.Context, p message.Payload) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendWithin)
	defer cancel()
	if err := c.responder.Edit(ctx, c.ticket, p.Edit()); err != nil {
		c.log.WarnContext(ctx, "promised answer could not be sent", "error", err)
	}
}

// follow adds a message to what was promised.
func (c *call) follow(ctx context.Context, p message.Payload) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendWithin)
	defer cancel()
	if err := c.responder.Follow(ctx, c.ticket, p); err != nil {
		c.log.WarnContext(ctx, "refusal could not be sent", "error", err)
	}
}

// name is an outcome in one word, for the log.
func name(err error) string {
	var e *Error
	switch {
	case err == nil:
		return "done"
	case errors.As(err, &e):
		return string(e.Code)
	}
	return "failed"
}
