package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/url"
	"runtime/debug"
	"strings"
	"time"
	"unicode"

	"github.com/attache-bot/attache/bot/rest"
	"github.com/attache-bot/attache/internal/bell"
)

// shard keeps one shard connected.
type shard struct {
	o     *Options
	id    int
	count int
	// concurrency is Discord's max_concurrency; 0 until it is known.
	concurrency int
	// heard is told what Discord says of the budget of identifies.
	heard func(botInfo)
	log   *slog.Logger
	board board
	queue chan Event
}

// run connects again and again until the context ends or Discord refuses for
// good.
func (s *shard) run(ctx context.Context) error {
	defer func() { s.board.set(s.o.Now(), Stopped, "", time.Time{}) }()
	var (
		sess *session
		p    plan
		why  string
		err  error
	)
	for {
		if err := s.pause(ctx, p.failures, why); err != nil {
			return nil //nolint:nilerr // the end of the context is the normal end
		}
		if sess == nil {
			if sess, err = s.begin(ctx); ctx.Err() != nil {
				return nil
			}
			if err != nil {
				var fatal *FatalError
				if errors.As(err, &fatal) {
					return fatal
				}
				p.failures++
				why = plain(err)
				s.log.Warn("gateway not reachable", "error", err)
				s.hint(ctx, err)
				continue
			}
		} else {
			s.board.set(s.o.Now(), Resuming, why, time.Time{})
		}
		e := s.connect(ctx, sess)
		if ctx.Err() != nil {
			return nil
		}
		if p = decide(e, p, s.o.Timing.Stable); p.fatal != nil {
			return p.fatal
		}
		why = plain(e.cause)
		s.log.Info("gateway connection ended", "reason", why, "up", e.uptime.Round(time.Millisecond), "resume", !p.fresh)
		if p.fresh {
			sess = nil
		}
	}
}

// worthALine is the shortest wait that is logged.
const worthALine = time.Minute

// pause backs off by the number of failures in a row.
func (s *shard) pause(ctx context.Context, failures int, why string) error {
	t := s.o.Timing
	return s.wait(ctx, backoff(failures, t.BackoffMin, t.BackoffMax, rand.Float64()), why)
}

// hint waits as long as Discord's REST API asked for.
func (s *shard) hint(ctx context.Context, err error) {
	if d, ok := rest.RetryAfter(err); ok {
		_ = s.wait(ctx, d, plain(err)) // the caller looks at the context
	}
}

func (s *shard) wait(ctx context.Context, d time.Duration, why string) error {
	if d > 0 {
		now := s.o.Now()
		s.board.set(now, Waiting, why, now.Add(d))
		if d >= worthALine {
			s.log.Warn("gateway waits", "reason", why, "wait", d.Round(time.Second))
		}
	}
	return bell.Sleep(ctx, d)
}

// begin makes a new session with one identify paid for: its turn among the
// shards, and a place in the day's budget.
func (s *shard) begin(ctx context.Context) (*session, error) {
	s.board.set(s.o.Now(), Connecting, "", time.Time{})
	for {
		if s.concurrency > 0 {
			if err := s.o.Gate.Wait(ctx, s.id%s.concurrency); err != nil {
				return nil, err
			}
		}
		info, err := fetchInfo(ctx, s.o.API, s.o.Timing.Open, s.o.AllowPlain)
		if err != nil {
			return nil, err
		}
		s.heard(info)
		known := s.concurrency
		s.concurrency = info.Limit.MaxConcurrency
		d := info.hold()
		if d == 0 && known != s.concurrency {
			continue // the turn was for another key, or there was none
		}
		if d == 0 {
			return s.session(info.URL)
		}
		const why = "Discord's daily budget of identifies is used up"
		if err := s.wait(ctx, d, why); err != nil {
			return nil, err
		}
		s.board.set(s.o.Now(), Connecting, "", time.Time{})
	}
}

func (s *shard) session(url string) (*session, error) {
	sess, err := newSession(sessionOptions{
		token: s.o.Token, url: url, shard: s.id, count: s.count,
		timing: s.o.Timing, dial: s.o.Dial, tls: s.o.TLS, event: s.enqueue,
	})
	if err != nil {
		return nil, err
	}
	sess.permit.Store(true)
	return sess, nil
}

// connect opens the session and stays until its connection ends.
func (s *shard) connect(ctx context.Context, sess *session) ending {
	e := ending{identified: !sess.began.Load()}
	g, stuck, err := sess.open(ctx, s.o.Timing)
	if err != nil {
		e.cause, e.stuck = err, stuck
		return e
	}
	e.established = true
	start := time.Now()
	s.board.connection(g)
	s.board.set(s.o.Now(), ReadyState, "", time.Time{})
	s.board.change(func(st *ShardStatus) {
		if e.identified {
			st.Identified++
		} else {
			st.Resumed++
		}
	})
	s.log.Info("gateway ready", "resumed", !e.identified)
	select {
	case <-ctx.Done():
		sess.leave(g, s.o.Timing)
	case <-g.dead:
		e.cause = g.reason()
		e.stuck = !sess.drop(g, s.o.Timing, e.cause)
	}
	e.uptime = time.Since(start)
	return e
}

// enqueue hands an event to the dispatcher. It is called by discordgo while it
// reads, so it neither blocks nor panics.
func (s *shard) enqueue(kind string, raw json.RawMessage) {
	defer s.recovered("read event", kind)
	data, err := decode(kind, raw)
	if err != nil {
		s.log.Warn("event not readable", "event", kind, "error", err)
		return
	}
	if data == nil {
		return
	}
	select {
	case s.queue <- Event{Shard: s.id, Received: s.o.Now(), Data: data}:
	default:
		s.board.change(func(st *ShardStatus) { st.Dropped++ })
		s.log.Warn("event dropped, the queue is full", "event", kind)
	}
}

// dispatch calls the handler for one event after the other.
func (s *shard) dispatch(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case e := <-s.queue:
			s.handle(ctx, e)
		}
	}
}

func (s *shard) handle(ctx context.Context, e Event) {
	defer s.recovered("handle event", "")
	s.o.Handler(ctx, e)
}

func (s *shard) recovered(doing, kind string) {
	if r := recover(); r != nil {
		s.log.Error("panic recovered", "doing", doing, "event", kind, "panic", r, "stack", string(debug.Stack()))
	}
}

// plain puts an error into one short line for people, without addresses.
func plain(err error) string {
	if err == nil {
		return ""
	}
	var ue *url.Error
	if errors.As(err, &ue) {
		err = ue.Err
	}
	var op *net.OpError
	if errors.As(err, &op) && op.Err != nil {
		return printable("network: " + op.Op + ": " + op.Err.Error())
	}
	return printable(err.Error())
}

// maxReason bounds a reason, in characters.
const maxReason = 200

func printable(s string) string {
	runes := []rune(s)
	if len(runes) > maxReason {
		runes = append(runes[:maxReason], '…')
	}
	return strings.Map(func(r rune) rune {
		if unicode.IsGraphic(r) {
			return r
		}
		return ' '
	}, string(runes))
}
