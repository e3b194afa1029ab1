package phrase

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/feed/fetch"
	"github.com/attache-bot/attache/internal/story"
)

const (
	// MaxTries is how often the same sentences are tried.
	MaxTries = 3
	// MaxAsked is how often one story is asked for in one language, whatever becomes
	// of its sentences.
	MaxAsked = 8
	// fewest is how many sentences are worth putting together.
	fewest = 2
	// firstWait is the wait after the first failed try; it is five times as long
	// after each further one.
	firstWait = time.Minute
	// longestWait is the longest that a server may ask to wait.
	longestWait = time.Hour
)

// Wanted are sentences that are to be put.
type Wanted struct {
	Story story.ID
	// Tongue is the key of [alert.Living.Tongues], empty for the story's own
	// sentences.
	Tongue string
	// Of names the sentences, Asked counts the tries of the story in the tongue:
	// both fence the outcome.
	Of        string
	Asked     int
	Tries     int
	Sentences []string
}

// LogValue implements [slog.LogValuer].
func (w Wanted) LogValue() slog.Value {
	return slog.GroupValue(slog.Int64("story", int64(w.Story)), slog.String("tongue", w.Tongue), slog.Int("asked", w.Asked))
}

// Settlement is what one try came to, to be recorded.
type Settlement struct {
	Reason Reason
	// Text is what alerts tell; empty for the sentences as they are.
	Text string
	// Due is when it is tried again; zero for never.
	Due time.Time
	// Free says that the try does not count.
	Free bool
}

// Store is the durable record of what is to be put. It stands with what alerts
// tell.
type Store interface {
	// ClaimPhrasing takes up to limit of the newest stories' sentences that [Next]
	// wants, counts the try, and holds them until now+lease.
	ClaimPhrasing(ctx context.Context, now time.Time, limit int, lease time.Duration) ([]Wanted, error)
	// SettlePhrasing records what a try came to, and with a text wishes the story's
	// messages to be edited. It returns [ErrStale] when the sentences are others by
	// now, or were claimed again.
	SettlePhrasing(ctx context.Context, now time.Time, w Wanted, s Settlement) error
}

// ErrStale means that the outcome came too late.
var ErrStale = errors.New("sentences have changed or were claimed again")

// Next is what is to be put of what alerts tell, if anything: first the sentences
// of the story, then those in tongues that somebody is told it in.
func Next(now time.Time, l alert.Living, tongues []string) (Wanted, bool) {
	if w, ok := next(now, l, "", l.Sentences); ok {
		return w, true
	}
	for _, t := range slices.Sorted(maps.Keys(l.Tongues)) {
		if !slices.Contains(tongues, t) {
			continue
		}
		if w, ok := next(now, l, t, l.Tongues[t]); ok {
			return w, true
		}
	}
	return Wanted{}, false
}

func next(now time.Time, l alert.Living, tongue string, sentences []alert.Sentence) (Wanted, bool) {
	if len(sentences) < fewest {
		return Wanted{}, false
	}
	w := Wanted{Tongue: tongue, Of: alert.Of(sentences), Asked: 1, Tries: 1}
	if p, ok := l.Phrasings[tongue]; ok {
		if p.Asked >= MaxAsked || p.Of == w.Of && (p.Due.IsZero() || p.Due.After(now) || p.Tries >= MaxTries) {
			return Wanted{}, false
		}
		w.Asked = p.Asked + 1
		if p.Of == w.Of {
			w.Tries = p.Tries + 1
		}
	}
	for _, s := range sentences {
		w.Sentences = append(w.Sentences, s.Text)
	}
	return w, true
}

// Judge says what to record after a try that ended with an answer that was found
// to be reason, or with err.
func Judge(now time.Time, w Wanted, answer string, reason Reason, err error) Settlement {
	var fe *fetch.Error
	switch {
	case err == nil && reason == Accepted:
		return Settlement{Reason: Accepted, Text: answer}
	case err == nil:
		return Settlement{Reason: reason} // the model would answer the same again
	case errors.Is(err, errBadAnswer):
		return Settlement{Reason: BadAnswer}
	case errors.Is(err, errCutShort):
		return Settlement{Reason: CutShort}
	case !errors.As(err, &fe):
		return Settlement{Reason: Failed}
	}
	switch fe.Class {
	case fetch.ClassCanceled:
		return Settlement{Reason: Stopped, Due: now, Free: true}
	case fetch.ClassRateLimited, fetch.ClassServerError, fetch.ClassTimeout, fetch.ClassTruncated, fetch.ClassDNS,
		fetch.ClassRefused, fetch.ClassTLS:
	default:
		return Settlement{Reason: Failed}
	}
	if w.Tries >= MaxTries || fe.RetryAfter > longestWait {
		return Settlement{Reason: Failed}
	}
	wait := firstWait
	for range w.Tries - 1 {
		wait *= 5
	}
	return Settlement{Reason: Failed, Due: now.Add(max(wait, fe.RetryAfter))}
}
