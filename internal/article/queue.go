package article

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/attache-bot/attache/internal/feed/fetch"
	"github.com/attache-bot/attache/internal/report"
)

const (
	// MaxFailures is how many tries of one page may fail.
	MaxFailures = 3
	// MaxCrashes is how many processes may end over a page.
	MaxCrashes = 2
	// firstWait is the wait after the first failed try; it is five times as long
	// after each further one.
	firstWait = time.Minute
	// longestWait is the longest that a server may ask to wait.
	longestWait = time.Hour
)

// Reason names why a page was given up, or is tried again: one of those below, or
// the [fetch.Class] of a failed request.
type Reason string

// The reasons.
const (
	// NotAllowed: the operator does not allow pages of the feed.
	NotAllowed Reason = "not-allowed"
	// TooOld: the report is no news any more.
	TooOld Reason = "too-old"
	// NotAPage: what is there is no HTML.
	NotAPage Reason = "not-a-page"
	// Paywall: the page says that it is for subscribers.
	Paywall Reason = "paywall"
	// TooComplex: the page exceeds a limit of size, nesting or number.
	TooComplex Reason = "too-complex"
	// TooSlow: reading the page took too long.
	TooSlow Reason = "too-slow"
	// NoText: there is no article on the page.
	NoText Reason = "no-text"
	// Unrelated: the page has hardly a word of the headline.
	Unrelated Reason = "unrelated"
	// Fault: a library failed at the page.
	Fault Reason = "fault"
	// Crashed: processes ended while they read the page.
	Crashed Reason = "crashed"
	// HostBusy: the host has other requests to answer.
	HostBusy Reason = "host-busy"
	// Stopped: our own process ends.
	Stopped Reason = "stopped"
	// Done: the text is there.
	Done Reason = "read"
)

// Error is every failure of [Extractor.Extract].
type Error struct {
	Reason Reason
	cause  error
}

// Error returns the reason, and nothing of the page.
func (e *Error) Error() string { return "read article: " + string(e.Reason) }

// Unwrap returns the cause, for the log.
func (e *Error) Unwrap() error { return e.cause }

// LogValue logs reason and cause.
func (e *Error) LogValue() slog.Value {
	if e.cause == nil {
		return slog.StringValue(string(e.Reason))
	}
	return slog.StringValue(string(e.Reason) + ": " + e.cause.Error())
}

// Wanted is a page that is to be read.
type Wanted struct {
	Report report.ID
	// Feed is the feed that brought the report.
	Feed int64
	// Link and Title are the report's, Told is when it appeared.
	Link, Title string
	Told        time.Time
	// Attempt fences the outcome: only who made this attempt may settle it.
	Attempt int
	// Failures counts failed tries, Crashes the processes that ended over it.
	Failures, Crashes int
}

// LogValue implements [slog.LogValuer].
func (w Wanted) LogValue() slog.Value {
	return slog.GroupValue(slog.Int64("report", int64(w.Report)), slog.String("link", w.Link), slog.Int("attempt", w.Attempt))
}

// State is what became of a page.
type State string

// The states.
const (
	// Waits: it is tried at Due.
	Waits State = "waits"
	// Read: its text is there, and nobody has used it.
	Read State = "read"
	// Used: its text has been read for claims.
	Used State = "used"
	// GivenUp: it is never tried again.
	GivenUp State = "given-up"
)

// Settlement is what one try came to, to be recorded.
type Settlement struct {
	State  State
	Reason Reason
	// Due is when it is tried again, for [Waits].
	Due      time.Time
	Failures int
	// Text is for [Read].
	Text string
}

// Store is the durable queue of pages.
type Store interface {
	// ClaimArticles takes up to limit pages that are due until now+lease, counts the
	// attempt, and returns them, the longest waiting first. One whose lease ran out
	// while it was marked counts one more crash.
	ClaimArticles(ctx context.Context, now time.Time, limit int, lease time.Duration) ([]Wanted, error)
	// MarkArticle notes that the page is about to be read, until it is settled. It
	// returns [ErrStale] when it was claimed again.
	MarkArticle(ctx context.Context, w Wanted) error
	// SettleArticle records what a try came to, and takes the mark away. It returns
	// [ErrStale] when the page was claimed again, or its report is gone.
	SettleArticle(ctx context.Context, w Wanted, s Settlement) error
}

// ErrStale means that another process has the page now.
var ErrStale = errors.New("page was claimed again")

// Judge says what to record after a try that ended with text or err.
func Judge(now time.Time, w Wanted, text string, err error) Settlement {
	if err == nil {
		return Settlement{State: Read, Reason: Done, Text: text, Failures: w.Failures}
	}
	var fe *fetch.Error
	var ae *Error
	switch {
	case errors.As(err, &ae):
		if ae.Reason == Stopped {
			return Settlement{State: Waits, Reason: Stopped, Due: now, Failures: w.Failures}
		}
		return Settlement{State: GivenUp, Reason: ae.Reason, Failures: w.Failures}
	case errors.As(err, &fe):
		return judgeFetch(now, w, fe)
	}
	return again(now, w, Fault, 0)
}

// judgeFetch is Judge for a request that failed. Who is refused does not ask again.
func judgeFetch(now time.Time, w Wanted, e *fetch.Error) Settlement {
	switch e.Class {
	case fetch.ClassCanceled:
		return Settlement{State: Waits, Reason: Stopped, Due: now, Failures: w.Failures}
	case fetch.ClassRateLimited, fetch.ClassServerError, fetch.ClassTimeout, fetch.ClassTruncated, fetch.ClassDNS,
		fetch.ClassRefused, fetch.ClassTLS:
		return again(now, w, Reason(e.Class), e.RetryAfter)
	}
	return Settlement{State: GivenUp, Reason: Reason(e.Class), Failures: w.Failures}
}

// again has a page tried once more, unless it was tried often enough.
func again(now time.Time, w Wanted, why Reason, asked time.Duration) Settlement {
	failures := w.Failures + 1
	if failures >= MaxFailures || asked > longestWait {
		return Settlement{State: GivenUp, Reason: why, Failures: failures}
	}
	wait := firstWait
	for range w.Failures {
		wait *= 5
	}
	return Settlement{State: Waits, Reason: why, Due: now.Add(max(wait, asked)), Failures: failures}
}
