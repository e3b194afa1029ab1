package alert

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/attache-bot/attache/internal/bell"
	"github.com/attache-bot/attache/internal/crashpoint"
)

// Options tune a [Deliverer].
type Options struct {
	// Install is this installation's random name. It keeps the nonces of two
	// installations that share a Discord account apart.
	Install string
	// Workers is how many requests may be under way at once.
	Workers int
	// Lease is how long a claimed delivery is held; Timeout bounds one request
	// and must be shorter, so that a delivery is never tried twice at once.
	Lease, Timeout time.Duration
	// Sweep is how often late deliveries are folded when nothing else happens.
	Sweep time.Duration
	Late  LatePolicy
	// Sole says that no other process uses the database: what a former run left
	// unsettled is taken up at once instead of at its lease's end.
	Sole   bool
	Now    func() time.Time
	Logger *slog.Logger
	// Settled, if set, is told every outcome after it was recorded.
	Settled func(Delivery, Settlement)
	// Folded, if set, is told how many late alerts were held back.
	Folded func(alerts int)
	// Turned, if set, is called whenever the loop turns: at least once a sweep.
	Turned func()
}

func (o Options) validate() error {
	switch {
	case o.Install == "":
		return errors.New("install name is empty")
	case o.Workers < 1:
		return errors.New("workers must be at least 1")
	case o.Timeout <= 0 || o.Lease <= o.Timeout:
		return errors.New("lease must be longer than timeout, and both positive")
	case o.Lease >= NonceWindow:
		return fmt.Errorf("lease must be shorter than the nonce window of %v", NonceWindow)
	case o.Sweep <= 0:
		return errors.New("sweep must be positive")
	case o.Now == nil || o.Logger == nil:
		return errors.New("now and logger are required")
	}
	return nil
}

// Deliverer brings deliveries from the ledger to Discord.
type Deliverer struct {
	ledger Ledger
	sender Sender
	o      Options
	log    *slog.Logger
	wake   bell.Bell
}

// NewDeliverer returns a deliverer that does nothing until [Deliverer.Run].
func NewDeliverer(l Ledger, s Sender, o Options) (*Deliverer, error) {
	if err := o.validate(); err != nil {
		return nil, fmt.Errorf("deliverer options: %w", err)
	}
	return &Deliverer{
		ledger: l, sender: s, o: o,
		log:  o.Logger.With("component", "deliverer"),
		wake: bell.New(),
	}, nil
}

// Wake tells the deliverer that there may be new deliveries. It never blocks.
func (d *Deliverer) Wake() { d.wake.Ring() }

// Run delivers until ctx ends. It then claims no more, lets the requests under
// way finish within their timeout, records them, and returns nil.
func (d *Deliverer) Run(ctx context.Context) error {
	if d.o.Sole {
		n, err := d.ledger.Recover(ctx, d.o.Now())
		if ctx.Err() != nil {
			return nil // the next start recovers them
		}
		if err != nil {
			return fmt.Errorf("recover deliveries: %w", err)
		}
		if n > 0 {
			d.log.InfoContext(ctx, "took up deliveries of a former run", "count", n)
		}
	}
	var busy sync.WaitGroup
	defer busy.Wait()
	slots := make(chan struct{}, d.o.Workers)
	done := make(chan struct{}, 1) // those that end during one claim are replaced by the next
	for {
		if d.o.Turned != nil {
			d.o.Turned()
		}
		if err := d.fold(ctx); err != nil && ctx.Err() == nil {
			d.log.ErrorContext(ctx, "late deliveries could not be folded", "error", err)
		}
		sweep := time.NewTimer(d.o.Sweep)
		d.until(ctx, sweep.C, slots, done, &busy)
		sweep.Stop()
		if ctx.Err() != nil {
			return nil
		}
	}
}

// until claims and starts deliveries until it is woken, the sweep is due, or ctx
// ends.
func (d *Deliverer) until(ctx context.Context, sweep <-chan time.Time, slots, done chan struct{}, busy *sync.WaitGroup) {
	for ctx.Err() == nil {
		started, err := d.start(ctx, slots, done, busy)
		if err != nil && ctx.Err() == nil {
			d.log.ErrorContext(ctx, "deliveries could not be claimed", "error", err)
		}
		due := time.NewTimer(d.pause(ctx, started, err))
		select {
		case <-ctx.Done():
		case <-done:
		case <-due.C:
		case <-d.wake.Rung():
			due.Stop()
			return
		case <-sweep:
			due.Stop()
			return
		}
		due.Stop()
	}
}

const (
	// breath is the shortest pause between two claims that nothing prompted.
	breath = 250 * time.Millisecond
	// storeRetry is the pause after the store failed.
	storeRetry = 2 * time.Second
)

// pause is how long to wait for the next due delivery.
func (d *Deliverer) pause(ctx context.Context, started int, err error) time.Duration {
	if err != nil {
		return storeRetry
	}
	if started == d.o.Workers {
		return d.o.Sweep
	}
	at, ok, err := d.ledger.NextDue(ctx)
	switch {
	case err != nil:
		return storeRetry
	case !ok:
		return d.o.Sweep
	}
	return min(max(at.Sub(d.o.Now()), breath), d.o.Sweep)
}

// start claims as many deliveries as there are free slots and begins them.
func (d *Deliverer) start(ctx context.Context, slots, done chan struct{}, busy *sync.WaitGroup) (int, error) {
	free := cap(slots) - len(slots)
	if free == 0 {
		return d.o.Workers, nil
	}
	claimed, err := d.ledger.Claim(ctx, d.o.Now(), free, d.o.Lease)
	if err != nil {
		return 0, fmt.Errorf("claim deliveries: %w", err)
	}
	for _, c := range claimed {
		slots <- struct{}{}
		busy.Go(func() {
			d.try(context.WithoutCancel(ctx), c)
			<-slots
			select {
			case done <- struct{}{}:
			default:
			}
		})
	}
	return len(claimed), nil
}

// try makes one attempt and records what it came to.
func (d *Deliverer) try(ctx context.Context, c Delivery) {
	ctx, cancel := context.WithTimeout(ctx, d.o.Timeout)
	crashpoint.Hit(crashpoint.DeliverClaimed)
	s := d.attempt(ctx, c)
	cancel()
	crashpoint.Hit(crashpoint.DeliverAnswered)
	if err := d.ledger.Settle(context.WithoutCancel(ctx), d.o.Now(), c, s); err != nil {
		// The lease ends unsettled: the delivery comes back in doubt, and its
		// nonce or the channel's history tells whether it was posted.
		d.log.ErrorContext(ctx, "outcome could not be recorded", "delivery", c, "error", err)
		return
	}
	crashpoint.Hit(crashpoint.DeliverSettled)
	d.report(ctx, c, s)
	if d.o.Settled != nil {
		d.o.Settled(c, s)
	}
}

func (d *Deliverer) attempt(ctx context.Context, c Delivery) Settlement {
	m := Message{
		Guild: c.Guild, Channel: c.Channel, Language: c.Language, In: c.In, Kind: c.Kind, Form: c.Form, Roles: c.Roles, Content: c.Content,
		To: c.To, Nonce: Nonce(d.o.Install, c),
	}
	if c.Kind == Reply && c.To == "" {
		return Settlement{State: Expired, Reason: ReasonNoFirst, Form: c.Form, Failures: c.Failures}
	}
	renew := Settlement{State: Pending, Due: d.o.Now(), Reason: c.Reason, Form: c.Form, Failures: c.Failures, NewSeries: true}
	switch Next(d.o.Now(), c) {
	case StepRenew:
		return renew
	case StepFind:
		id, err := d.sender.Find(ctx, m, searchSince(d.o.Now(), c.First))
		var se *SendError
		switch {
		case err == nil && id != "":
			return Settlement{State: Sent, Message: id}
		case err == nil:
			return renew
		case errors.As(err, &se) && se.Reason == ReasonNoAccess:
			// The history is closed to us. A second message is the lesser harm.
			d.log.WarnContext(ctx, "posting again without knowing whether the first try arrived", "delivery", c)
			return renew
		}
		return Judge(d.o.Now(), c, "", err)
	}
	id, err := d.sender.Post(ctx, m)
	return Judge(d.o.Now(), c, id, err)
}

// The margins of a search for an earlier try: searchMargin for clocks that are a
// little apart, clockDoubt where the clock went back since, so that the first
// try's time is not known.
const (
	searchMargin = 30 * time.Second
	clockDoubt   = time.Hour
)

func searchSince(now, first time.Time) time.Time {
	if now.Before(first) {
		first = now.Add(-clockDoubt)
	}
	return first.Add(-searchMargin)
}

func (d *Deliverer) fold(ctx context.Context) error {
	n, err := d.ledger.FoldLate(ctx, d.o.Now(), d.o.Late)
	if err != nil {
		return fmt.Errorf("fold late deliveries: %w", err)
	}
	if n > 0 {
		d.log.InfoContext(ctx, "held back late alerts", "count", n)
		if d.o.Folded != nil {
			d.o.Folded(n)
		}
	}
	return nil
}

func (d *Deliverer) report(ctx context.Context, c Delivery, s Settlement) {
	switch {
	case s.State == Sent:
		d.log.InfoContext(ctx, "alert delivered", "delivery", c, "message", s.Message)
	case s.State == Dead || s.BlockChannel || s.LeftGuild:
		d.log.WarnContext(ctx, "alert not delivered", "delivery", c, "state", s.State, "reason", s.Reason)
	default:
		d.log.DebugContext(ctx, "alert waits", "delivery", c, "reason", s.Reason, "due", s.Due)
	}
}

// Nonce names one series of tries: 24 characters, the same for every try, and
// different for any two posts. Discord's uniqueness is by author, not by
// channel, so the channel is part of it. So is the time of the delivery: where a
// backup is restored numbers are given again, and what has another's nonce would
// be taken for posted.
func Nonce(install string, d Delivery) string {
	sum := sha256.Sum256([]byte(install + "|" + d.Channel + "|" + strconv.FormatInt(d.ID, 10) + "|" + strconv.Itoa(d.Series) + "|" + strconv.FormatInt(d.Created.UnixMilli(), 10)))
	return base32.StdEncoding.EncodeToString(sum[:15])
}
