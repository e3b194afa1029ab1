package bot

import (
	"context"
	"errors"
	"time"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/rest"
	"github.com/attache-bot/attache/internal/bell"
)

const (
	// firstAnswerFor is for how long a first answer is tried again: Discord waits no
	// longer for it
	// (https://discord.com/developers/docs/interactions/receiving-and-responding#responding-to-an-interaction).
	firstAnswerFor = 3 * time.Second
	// answerGap is between the first tries, and twice as long after each.
	answerGap = 150 * time.Millisecond
)

// codeAnswered is Discord's code for a first answer that comes a second time.
const codeAnswered = 40060

// responder answers interactions over REST. What Discord fails to take, it tries again
// for as long as the answer is of use, and so that no message comes twice.
type responder struct{ rest *rest.Client }

// Respond implements [interaction.Responder]. A second try is harmless: Discord takes
// one first answer.
func (r responder) Respond(ctx context.Context, t interaction.Ticket, a interaction.Response) error {
	var attached []rest.File
	if p, ok := a.Data.(message.Payload); ok {
		attached = files(p)
	}
	tries := 0
	return persist(ctx, firstAnswerFor, failedThere, func() error {
		err := r.rest.AnswerInteraction(ctx, t.ID, t.Token, a, attached)
		if tries++; tries > 1 && codeOf(err) == codeAnswered {
			return nil // an earlier try has arrived
		}
		return err
	})
}

// Edit implements [interaction.Responder]. A second try changes nothing.
func (r responder) Edit(ctx context.Context, t interaction.Ticket, p message.Payload) error {
	return persist(ctx, 0, failedThere, func() error {
		_, err := r.rest.EditAnswer(ctx, t.Application, t.Token, p, files(p))
		return err
	})
}

// Follow implements [interaction.Responder]. It tries again only what Discord cannot
// have taken.
func (r responder) Follow(ctx context.Context, t interaction.Ticket, p message.Payload) error {
	return persist(ctx, 0, func(err error) bool { return failedThere(err) && !rest.Ambiguous(err) }, func() error {
		_, err := r.rest.FollowAnswer(ctx, t.Application, t.Token, p, files(p))
		return err
	})
}

// failedThere reports whether a request failed for a reason that may be over soon: at
// Discord, on the way there, or for a limit.
func failedThere(err error) bool {
	var failed *rest.NetworkError
	_, limited := rest.RetryAfter(err)
	return limited || rest.Ambiguous(err) || errors.As(err, &failed)
}

// persist tries something until it succeeds, fails for good, or the time is up: that of
// ctx, and within, if it is not 0.
func persist(ctx context.Context, within time.Duration, again func(error) bool, try func() error) error {
	began := time.Now()
	for gap := answerGap; ; gap *= 2 {
		err := try()
		if err == nil || !again(err) {
			return err
		}
		wait := gap
		if told, ok := rest.RetryAfter(err); ok {
			wait = max(wait, told)
		}
		deadline, bounded := ctx.Deadline()
		if within > 0 && time.Since(began)+wait >= within || bounded && time.Until(deadline) <= wait {
			return err
		}
		if bell.Sleep(ctx, wait) != nil {
			return err
		}
	}
}
