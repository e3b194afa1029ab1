package alert

import (
	"errors"
	"time"

	"github.com/attache-bot/attache/internal/guild"
)

// Limits of a delivery's life.
const (
	// NonceWindow is how long after a series' first try its nonce is trusted.
	// Discord says "the past few minutes"; a minute is well inside.
	NonceWindow = time.Minute
	// MaxFailures is how many tries may fail before a delivery is given up, where
	// only Discord's good will is lacking. With the back-off it spans hours, and
	// the age limit of a story usually ends it earlier.
	MaxFailures = 40

	// postSettles is how long Discord is given to finish a post of which it has not
	// told, before it is looked for: posts have no nonce.
	postSettles = 15 * time.Second

	firstRetry = time.Second
	maxRetry   = 5 * time.Minute
	// idleAfterBlock is the wait when Discord held everything back and gave no
	// hint (research: a Cloudflare block lasts about ten minutes).
	idleAfterBlock = 10 * time.Minute
)

// Judge says what to record after a try of d ended with err, nil for success.
// It takes the id that Discord gave the message.
func Judge(now time.Time, d Delivery, id string, err error) Settlement {
	if err == nil {
		return Settlement{State: Sent, Message: id}
	}
	var se *SendError
	if !errors.As(err, &se) {
		se = &SendError{Reason: ReasonUncertain, Doubt: true, Err: err}
	}
	s := Settlement{State: Pending, Reason: se.Reason, Form: d.Form, Failures: d.Failures, Doubt: se.Doubt}
	switch se.Reason {
	case ReasonRateLimited, ReasonHeldBack:
		s.Due = now.Add(waitOr(se.RetryAfter, d.Failures, se.Reason))
		return s
	case ReasonUnauthorized:
		// Nothing of this process goes out until an operator acts; the delivery
		// keeps its place.
		s.Due = now.Add(idleAfterBlock)
		return s
	case ReasonRefused:
		return plainer(now, s, d)
	case ReasonNoAccess, ReasonNoChannel, ReasonWrongChannel, ReasonTagRequired, ReasonUnreachable:
		s.Due = now
		s.BlockChannel = true
		return s
	case ReasonNoGuild:
		s.State, s.LeftGuild = Expired, true
		return s
	case ReasonNoFirst:
		// What it was to stand below was deleted, or closed by people.
		s.State = Expired
		return s
	case ReasonDeletedThere:
		// The nonce was known, its message was deleted by people: it was
		// delivered, and must not come back.
		s.State = Sent
		return s
	}
	s = again(now, s, se)
	if settles := now.Add(postSettles); se.Doubt && d.opensPost() && s.Due.Before(settles) {
		s.Due = settles
	}
	return s
}

func again(now time.Time, s Settlement, se *SendError) Settlement {
	s.Failures++
	if s.Failures >= MaxFailures {
		s.State = Dead
		return s
	}
	s.Due = now.Add(waitOr(se.RetryAfter, s.Failures-1, se.Reason))
	return s
}

// plainer moves a refused message to its next form, or gives it up. A refusal
// means that nothing was posted, so that a new nonce is safe and needed: the
// old one might answer with the refusal's memory.
func plainer(now time.Time, s Settlement, d Delivery) Settlement {
	s.Failures++
	if d.Form == Plain {
		s.State = Dead
		return s
	}
	s.Form = Plain
	s.NewSeries = !d.Doubt
	s.Due = now
	return s
}

func waitOr(hint time.Duration, failures int, r Reason) time.Duration {
	if hint > 0 {
		return hint
	}
	if r == ReasonHeldBack {
		return idleAfterBlock
	}
	return min(firstRetry<<min(failures, 16), maxRetry)
}

// opensPost reports whether the delivery opens a post in a forum.
func (d Delivery) opensPost() bool { return d.In == guild.Forum && d.Kind != Reply }

// Step says how to try a claimed delivery.
type Step string

// The steps.
const (
	// StepPost posts under the series' nonce.
	StepPost Step = "post"
	// StepFind looks for an earlier try's message first, since the nonce may be
	// forgotten by now.
	StepFind Step = "find"
	// StepRenew asks for a new series: the nonce is too old to be used, and no
	// try of it can have been accepted.
	StepRenew Step = "renew"
)

// Next says how to try d. First is set by the claim, so a first try is always
// within the window. Where the clock went back since then, nobody knows how long
// ago it was, and the window counts as over.
//
// Posts in forums have no nonce: whatever may have arrived is looked for.
func Next(now time.Time, d Delivery) Step {
	if d.opensPost() && d.Doubt {
		return StepFind
	}
	age := now.Sub(d.First)
	switch {
	case age >= 0 && age < NonceWindow:
		return StepPost
	case d.Doubt:
		return StepFind
	}
	return StepRenew
}
