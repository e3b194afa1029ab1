package feed

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"github.com/attache-bot/attache/internal/feed/parse"
)

// Pushed means that a hub brought a document.
const Pushed Result = "pushed"

// A push waits for a poll of the same feed that is under way, but not for long:
// the hub comes again.
const (
	pushTries = 10
	pushWait  = 500 * time.Millisecond
)

// Push reads a document that the feed's hub brought, like a poll but without
// asking for it, and commits what came of it. The feed's validators, health and
// due time stay: what was pushed says nothing of what its address would answer.
//
// It fails when the document should be brought again: with [ErrHeld] when the
// feed is held for long or not polled, or when the store fails or ctx ends. A
// document that cannot be read is an outcome.
func (p *Poller) Push(ctx context.Context, id ID, body []byte, contentType string) error {
	f, err := p.hold(ctx, id)
	if err != nil {
		return err
	}
	o, err := p.pushed(ctx, f, body, contentType)
	if ctx.Err() != nil {
		p.letGo(ctx, f, 0, DueStopped)
		return fmt.Errorf("read pushed document: %w", ctx.Err())
	}
	if err == nil {
		err = p.save(ctx, o)
	}
	if err != nil {
		p.letGo(ctx, f, max(f.Every, p.o.Pace.Min), DueStore)
	}
	return err
}

// hold holds one feed, waiting for whoever holds it.
func (p *Poller) hold(ctx context.Context, id ID) (Feed, error) {
	for try := 1; ; try++ {
		f, err := p.store.Hold(ctx, id, p.o.Now(), p.o.Lease)
		if err == nil || !errors.Is(err, ErrHeld) || try == pushTries {
			return f, err
		}
		select {
		case <-time.After(pushWait):
		case <-ctx.Done():
			return Feed{}, fmt.Errorf("wait for a poll of the pushed feed: %w", ctx.Err())
		}
	}
}

// pushed parses a document that was brought for f.
func (p *Poller) pushed(ctx context.Context, f Feed, body []byte, contentType string) (Outcome, error) {
	began := p.o.Now()
	o := Outcome{Feed: f, Result: Pushed}
	sum := sha256.Sum256(body)
	if err := p.store.MarkParsing(ctx, f.ID, hex.EncodeToString(sum[:])); err != nil {
		return o, fmt.Errorf("mark feed before parsing: %w", err)
	}
	doc, err := p.parser.Parse(ctx, parse.Input{Body: body, ContentType: contentType, BaseURL: f.Address(), Now: began})
	if err != nil {
		p.log.WarnContext(ctx, "pushed document could not be read", "feed", f, "error", err)
		var pe *parse.Error
		if o.Result = "failed"; errors.As(err, &pe) {
			o.Result = Result(pe.Class)
		}
		return o, nil
	}
	h := Heard{Result: Pushed}
	if o.Reports, err = p.read(ctx, f, doc, began, &h); err != nil {
		return o, err
	}
	o.Feed.Tempo = f.Tempo.after(began, h.News > 0)
	if h.Newest.After(f.Newest) {
		o.Feed.Newest = h.Newest
	}
	o.Took = p.o.Now().Sub(began)
	return o, nil
}
