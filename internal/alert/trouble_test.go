package alert_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/store"
)

func TestAPostInDoubtWhoseContentIsRefusedLaterIsNotRepeated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := &discord{history: true, before: func(try int, m alert.Message) (bool, error) {
			switch {
			case try == 1:
				return true, &alert.SendError{Reason: alert.ReasonUncertain, Doubt: true, Err: errors.New("connection cut")}
			case m.Form == alert.Full:
				return false, &alert.SendError{Reason: alert.ReasonRefused, Err: errors.New("50035")}
			}
			return true, nil
		}}
		deliver(t, ledger(t, 1, "10"), d, 5*time.Minute)
		if diff := cmp.Diff([]string{"1"}, d.said("10")); diff != "" {
			t.Error(diff)
		}
	})
}

func TestAClockThatWentBackRepeatsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, d := ledger(t, 1, "10"), &discord{history: true}
		// A run whose clock was an hour ahead posted, and died before it knew.
		claimed, err := s.Claim(t.Context(), time.Now().Add(time.Hour), 1, 30*time.Second)
		must(t, err)
		c := claimed[0]
		_, err = d.Post(t.Context(), alert.Message{Channel: c.Channel, Content: c.Content, Nonce: alert.Nonce("test", c)})
		must(t, err)
		<-time.After(10 * time.Minute) // virtual; the nonce is forgotten
		deliver(t, s, d, 5*time.Minute)
		if diff := cmp.Diff([]string{"1"}, d.said("10")); diff != "" {
			t.Error(diff)
		}
		settled(t, s, alert.Sent)
	})
}

func TestAChannelThatWasBlocked(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		away time.Duration
		want []string
	}{
		{"for minutes gets everything", 10 * time.Minute, []string{"1", "2", "3"}},
		{"for hours gets nothing that is old by then", 7 * time.Hour, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := ledger(t, 3, "10")
				d := &discord{before: func(int, alert.Message) (bool, error) {
					return false, &alert.SendError{Reason: alert.ReasonNoAccess, Err: errors.New("50013")}
				}}
				deliver(t, s, d, c.away)
				if d.tries != 1 {
					t.Errorf("%d requests to a channel that refuses", d.tries)
				}
				d.before = nil
				must(t, s.UnblockChannel(t.Context(), "1", "10"))
				deliver(t, s, d, time.Minute)
				if diff := cmp.Diff(c.want, d.said("10")); diff != "" {
					t.Error(diff)
				}
				if c.want == nil {
					settled(t, s, alert.Expired)
				}
			})
		})
	}
}

// settled fails unless all deliveries are in a state.
func settled(t *testing.T, s *store.Store, want alert.State) {
	t.Helper()
	all, err := s.Deliveries(t.Context(), store.DeliveryQuery{})
	must(t, err)
	for _, d := range all {
		if d.State != want {
			t.Errorf("delivery of %q is %s (%s), want %s", d.Content.Headline, d.State, d.Reason, want)
		}
	}
}

func newDeliverer(t *testing.T, s alert.Ledger, d *discord, workers int) *alert.Deliverer {
	t.Helper()
	r, err := alert.NewDeliverer(s, d, alert.Options{
		Install: "test", Workers: workers, Lease: 30 * time.Second, Timeout: 20 * time.Second, Sweep: 30 * time.Second,
		Late: alert.DefaultLatePolicy(), Sole: true, Now: time.Now, Logger: slog.New(slog.DiscardHandler),
	})
	must(t, err)
	return r
}

// running runs a deliverer until the returned function is called.
func running(t *testing.T, r *alert.Deliverer) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- r.Run(ctx) }()
	return func() {
		cancel()
		must(t, <-done)
	}
}

func TestBusyWorkersTakeTheNextAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var channels []string
		for i := range 9 {
			channels = append(channels, fmt.Sprint(10+i))
		}
		s := ledger(t, 1, channels...)
		d := &slowly{discord: &discord{}, each: 3 * time.Second}
		r, err := alert.NewDeliverer(s, d, alert.Options{
			Install: "test", Workers: 2, Lease: 30 * time.Second, Timeout: 20 * time.Second, Sweep: 30 * time.Second,
			Late: alert.DefaultLatePolicy(), Now: time.Now, Logger: slog.New(slog.DiscardHandler),
		})
		must(t, err)
		stop := running(t, r)
		<-time.After(15*time.Second + 100*time.Millisecond) // virtual: five rounds of two
		synctest.Wait()
		if n := len(d.posts); n != 9 {
			t.Errorf("%d posts in five rounds of two workers, want 9", n)
		}
		stop()
	})
}

// slowly is a discord that takes its time with each request, side by side.
type slowly struct {
	*discord
	each time.Duration
}

func (d *slowly) Post(ctx context.Context, m alert.Message) (string, error) {
	<-time.After(d.each) // virtual
	return d.discord.Post(ctx, m)
}

func TestAWakeIsNeverLost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, d := ledger(t, 3, "10"), &discord{}
		d.before = func(try int, _ alert.Message) (bool, error) {
			if try == 1 {
				return false, &alert.SendError{Reason: alert.ReasonNoAccess, Err: errors.New("50013")}
			}
			return true, nil
		}
		r := newDeliverer(t, s, d, 2)
		stop := running(t, r)
		synctest.Wait()
		began := time.Now()
		must(t, s.UnblockChannel(t.Context(), "1", "10")) // what was held back is due now
		for range 5 {
			r.Wake()
		}
		synctest.Wait()
		if diff := cmp.Diff([]string{"1", "2", "3"}, d.said("10")); diff != "" || time.Since(began) != 0 {
			t.Errorf("after %v: %s", time.Since(began), diff)
		}
		stop()
	})
}

// failing is a ledger that fails to record outcomes for a while.
type failing struct {
	*store.Store
	left int
}

func (l *failing) Settle(ctx context.Context, now time.Time, d alert.Delivery, s alert.Settlement) error {
	if l.left--; l.left >= 0 {
		return errors.New("disk full")
	}
	return l.Store.Settle(ctx, now, d, s)
}

func TestAnOutcomeThatCannotBeRecordedIsFoundLater(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, d := &failing{Store: ledger(t, 2, "10"), left: 8}, &discord{history: true}
		stop := running(t, newDeliverer(t, s, d, 1))
		<-time.After(20 * time.Minute) // virtual; the nonce is forgotten by then
		stop()
		if diff := cmp.Diff([]string{"1", "2"}, d.said("10")); diff != "" {
			t.Error(diff)
		}
		settled(t, s.Store, alert.Sent)
	})
}

func TestBadOptionsAreRefused(t *testing.T) {
	t.Parallel()
	good := alert.Options{
		Install: "x", Workers: 1, Lease: 30 * time.Second, Timeout: 20 * time.Second, Sweep: time.Second,
		Now: time.Now, Logger: slog.New(slog.DiscardHandler),
	}
	for name, spoil := range map[string]func(*alert.Options){
		"no install":                            func(o *alert.Options) { o.Install = "" },
		"no workers":                            func(o *alert.Options) { o.Workers = 0 },
		"no timeout":                            func(o *alert.Options) { o.Timeout = 0 },
		"a lease that a request can outlast":    func(o *alert.Options) { o.Lease = o.Timeout },
		"a lease that the nonce does not cover": func(o *alert.Options) { o.Lease = alert.NonceWindow },
		"no sweep":                              func(o *alert.Options) { o.Sweep = 0 },
		"no clock":                              func(o *alert.Options) { o.Now = nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := good
			spoil(&o)
			if _, err := alert.NewDeliverer(nil, nil, o); err == nil {
				t.Error("accepted")
			}
		})
	}
}
