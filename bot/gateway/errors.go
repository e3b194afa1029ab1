package gateway

import (
	"errors"
	"fmt"
	"time"
)

// FatalError ends [Gateway.Run]: Discord refuses the bot for a reason that
// only its operator can mend.
type FatalError struct {
	// Code is the gateway's close code, 0 when the REST API refused.
	// https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes
	Code int
	// Name is Discord's name for it, Remedy what to do.
	Name, Remedy string
}

// Error names the refusal and its remedy.
func (e *FatalError) Error() string {
	if e.Code == 0 {
		return fmt.Sprintf("Discord gateway: %s: %s", e.Name, e.Remedy)
	}
	return fmt.Sprintf("Discord gateway: %s (close code %d): %s", e.Name, e.Code, e.Remedy)
}

const tokenRemedy = "copy the bot token again from the Discord Developer Portal, page Bot, and start the bot with it"

// fatalCodes lists the close codes after which no new attempt may be made.
var fatalCodes = map[int]FatalError{
	4004: {4004, "the bot token was refused", tokenRemedy},
	4010: {4010, "this shard does not exist", "set shard ids below the shard count"},
	4011: {4011, "the bot is in too many servers for its shards", "raise the shard count, or leave it unset to use Discord's own figure"},
	4012: {4012, "the gateway version is not served any more", "install a newer release of the bot"},
	4013: {4013, "the intents are invalid", "install a newer release of the bot"},
	4014: {4014, "the intents are not allowed", "open the Discord Developer Portal, page Bot, and check that the bot is not disabled or under review"},
}

// endedCodes lists the close codes after which the session cannot be resumed.
var endedCodes = map[int]bool{
	4003: true, // not authenticated
	4007: true, // invalid sequence
	4009: true, // session timed out
}

// closeError is a close frame that Discord sent.
type closeError struct {
	code int
	text string
}

// Error describes the close frame.
func (e *closeError) Error() string {
	if e.text == "" {
		return fmt.Sprintf("Discord closed the connection with code %d", e.code)
	}
	return fmt.Sprintf("Discord closed the connection with code %d: %s", e.code, e.text)
}

// Why a connection ended, besides a closeError and the network's own errors.
var (
	errReconnect       = errors.New("Discord asked to reconnect")
	errInvalidSession  = errors.New("Discord gave up the session")
	errResumeLater     = errors.New("Discord refused the session for now")
	errSilent          = errors.New("nothing was received for too long")
	errNoAck           = errors.New("a heartbeat was not answered")
	errProtocol        = errors.New("the gateway does not speak Discord's protocol")
	errHollow          = errors.New("an event lacks what it is about")
	errUnpaidIdentify  = errors.New("an identify without a place in the budget was held back")
	errOpenTooLong     = errors.New("connecting took too long")
	errNotReady        = errors.New("no READY or RESUMED came")
	errDropped         = errors.New("the connection was given up")
	errShutdown        = errors.New("shutting down")
	errBadGatewayURL   = errors.New("the gateway's address is not usable")
	errNoConcurrency   = errors.New("the identify limits make no sense")
	errPlainGatewayURL = errors.New("the gateway's address is not encrypted; the bot token would be readable on the way")
)

// ending is how one connection went.
type ending struct {
	// cause is why it ended.
	cause error
	// identified tells a fresh session from an attempt to resume.
	identified bool
	// established tells that READY or RESUMED came; uptime counts from there.
	established bool
	uptime      time.Duration
	// stuck tells that the session cannot be used again.
	stuck bool
}

// plan is what to do after an ending.
type plan struct {
	fatal *FatalError
	// fresh asks for a new session instead of resuming.
	fresh bool
	// failures is the number of endings in a row to back off by; 0 means to
	// connect again at once.
	failures int
	// resumes is the number of attempts to resume in a row that failed.
	resumes int
}

// maxResumes is how often resuming is tried before the session is given up.
const maxResumes = 4

// decide says what to do after an ending; before holds the counts so far.
func decide(e ending, before plan, stable time.Duration) plan {
	var closed *closeError
	if errors.As(e.cause, &closed) {
		if f, ok := fatalCodes[closed.code]; ok {
			return plan{fatal: &f}
		}
	}
	p := plan{failures: before.failures + 1}
	if e.established && e.uptime >= stable {
		p.failures = 0
	}
	resuming := !e.identified && !e.established
	if resuming {
		p.resumes = before.resumes + 1
	}
	switch {
	case e.stuck, errors.Is(e.cause, errInvalidSession), errors.Is(e.cause, errUnpaidIdentify),
		errors.Is(e.cause, errHollow): // a resumed session would get the event again
		p.fresh = true
	case closed != nil && endedCodes[closed.code]:
		p.fresh = true
	case e.identified && !e.established:
		p.fresh = true
	case p.resumes >= maxResumes:
		p.fresh = true
	}
	if p.fresh {
		p.resumes = 0
		p.failures = max(p.failures, 1)
	}
	return p
}

// backoff returns the pause before the next attempt: from low, doubling, to at
// most high, shortened by up to a quarter by jitter, a number in [0, 1).
func backoff(failures int, low, high time.Duration, jitter float64) time.Duration {
	if failures <= 0 {
		return 0
	}
	d := high
	if shift := failures - 1; shift < 32 && low<<shift < high && low<<shift > 0 {
		d = low << shift
	}
	return d - time.Duration(jitter*float64(d)/4)
}
