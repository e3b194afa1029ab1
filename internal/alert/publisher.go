package alert

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/attache-bot/attache/internal/bell"
)

// PublisherOptions tune a [Publisher].
type PublisherOptions struct {
	// Workers is how many requests may be under way at once.
	Workers int
	// Lease is how long a claimed publication is held; Timeout bounds one request
	// and must be shorter.
	Lease, Timeout time.Duration
	// Sweep is how often publications are looked for when nothing else happens.
	Sweep  time.Duration
	Now    func() time.Time
	Logger *slog.Logger
	// Settled, if set, is told every outcome after it was recorded.
	Settled func(Publication, PublishSettlement)
}

// Publisher publishes the alerts of announcement channels.
type Publisher struct {
	publications Publications
	announcer    Announcer
	o            PublisherOptions
	log          *slog.Logger
	rounds       rounds[Publication]
}

// NewPublisher returns a publisher that does nothing until [Publisher.Run].
func NewPublisher(p Publications, a Announcer, o PublisherOptions) (*Publisher, error) {
	if err := validPace(o.Workers, o.Lease, o.Timeout, o.Sweep, o.Now, o.Logger); err != nil {
		return nil, fmt.Errorf("publisher options: %w", err)
	}
	x := &Publisher{publications: p, announcer: a, o: o, log: o.Logger.With("component", "publisher")}
	x.rounds = rounds[Publication]{
		what: "publications", workers: o.Workers, sweep: o.Sweep, now: o.Now, log: x.log, wake: bell.New(),
		claim: func(ctx context.Context) ([]Publication, error) {
			return p.ClaimPublications(ctx, o.Now(), o.Workers, o.Lease)
		},
		try: x.try, next: p.NextPublication,
	}
	return x, nil
}

// Wake tells the publisher that there may be something to publish. It never
// blocks.
func (x *Publisher) Wake() { x.rounds.wake.Ring() }

// Run publishes until ctx ends. It then claims no more, lets the requests under
// way finish within their timeout, records them, and returns nil.
func (x *Publisher) Run(ctx context.Context) error {
	x.rounds.run(ctx)
	return nil
}

// try makes one attempt and records what it came to.
func (x *Publisher) try(ctx context.Context, p Publication) {
	s := x.attempt(ctx, p)
	if err := x.publications.SettlePublication(ctx, x.o.Now(), p, s); err != nil {
		// The lease ends unsettled. What is published already stays so, and Discord
		// says that it is when it is asked again.
		x.log.ErrorContext(ctx, "outcome of a publication could not be recorded", "publication", p, "error", err)
		return
	}
	level := slog.LevelInfo
	if s.Outcome == PublishWaits {
		level = slog.LevelDebug
	}
	x.log.Log(ctx, level, "publication of an alert", "publication", p, "outcome", s.Outcome, "reason", s.Reason, "due", s.Due)
	if x.o.Settled != nil {
		x.o.Settled(p, s)
	}
}

func (x *Publisher) attempt(ctx context.Context, p Publication) PublishSettlement {
	now := x.o.Now()
	switch at, why := DecidePublish(now, p); {
	case at.IsZero():
		return PublishSettlement{Outcome: Unpublished, Due: now, Failures: p.Failures, Reason: string(why)}
	case at.After(now):
		return PublishSettlement{Outcome: PublishWaits, Due: at, Failures: p.Failures, Reason: string(why)}
	}
	ctx, cancel := context.WithTimeout(ctx, x.o.Timeout)
	defer cancel()
	err := x.announcer.Publish(ctx, p.Channel, p.Message)
	return JudgePublish(x.o.Now(), p, err)
}
