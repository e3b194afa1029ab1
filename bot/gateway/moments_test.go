package gateway

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"
)

// juncture is a place between two steps of a connection: of the first one, which
// identifies, or of the second one, which resumes what the first began.
type juncture struct {
	name    string
	resumes bool
	// play takes the steps before it.
	play func(c *conn)
	// known says that the bot has a session by then, and unsure that nobody knows
	// whether the connection's own identify or resume has gone out.
	known, unsure bool
}

var moments = []juncture{
	{name: "before HELLO", play: func(*conn) {}},
	{name: "after HELLO", play: func(c *conn) { c.hello(normal) }, unsure: true},
	{name: "after the identify", play: func(c *conn) { c.hello(normal); _, _ = c.next() }},
	{name: "after READY", play: func(c *conn) { c.accept() }, known: true},
	{name: "after an event", play: func(c *conn) { c.accept(); c.send(guildEvent(2)) }, known: true},
	{name: "before HELLO of a resume", resumes: true, play: func(*conn) {}, known: true},
	{name: "after HELLO of a resume", resumes: true, play: func(c *conn) { c.hello(normal) }, known: true, unsure: true},
	{name: "after the resume", resumes: true, play: func(c *conn) { c.hello(normal); _, _ = c.next() }, known: true},
	{name: "while events are replayed", resumes: true, play: func(c *conn) { c.hello(normal); _, _ = c.next(); c.send(guildEvent(3)) }, known: true},
	{name: "after RESUMED", resumes: true, play: func(c *conn) { c.accept() }, known: true},
	{name: "after an event that follows it", resumes: true, play: func(c *conn) { c.accept(); c.send(guildEvent(10)) }, known: true},
}

func guildEvent(seq int) string {
	return fmt.Sprintf(`{"op":0,"s":%d,"t":"GUILD_CREATE","d":{"id":"7"}}`, seq)
}

// deeds are what Discord does at a moment; ends says that the session is over.
var deeds = []struct {
	name string
	do   func(c *conn)
	ends bool
}{
	{"a request to reconnect", func(c *conn) { c.send(`{"op":7,"d":null}`); c.serve() }, false},
	{"two of them", func(c *conn) { c.send(`{"op":7,"d":null}`); c.send(`{"op":7,"d":null}`); c.serve() }, false},
	{"a session that is invalid", func(c *conn) { c.send(`{"op":9,"d":false}`); c.serve() }, true},
	{"a session that can be resumed", func(c *conn) { c.send(`{"op":9,"d":true}`); c.serve() }, false},
	{"both, the invalid one last", func(c *conn) { c.send(`{"op":7,"d":null}`); c.send(`{"op":9,"d":false}`); c.serve() }, false},
	{"an error of its own", func(c *conn) { c.closeWith(4000, "Unknown error.") }, false},
	{"a cut", func(c *conn) { c.cut() }, false},
}

// until plays a course up to a moment and does the deed; false when the
// connection is a later one.
func (m juncture) until(c *conn, do func(c *conn)) bool {
	switch {
	case m.resumes && c.n == 1:
		c.accept()
		c.cut()
		return true
	case !m.resumes && c.n == 1, m.resumes && c.n == 2:
		m.play(c)
		do(c)
		return true
	}
	return false
}

// ops are the identifies (2) and resumes (6) that the server got, in order.
func (s *server) opsUntil(last string) []string {
	s.t.Helper()
	var out []string
	for {
		select {
		case op := <-s.ops:
			if out = append(out, op); op == last {
				return out
			}
		case <-time.After(patience):
			s.t.Fatalf("the server got %v and not %s", out, last)
		}
	}
}

// TestEveryMoment has Discord ask for a new connection, end the session, or go
// away at each moment. Where the bot has a session it resumes it, unless that is
// over; else it identifies, once a connection.
func TestEveryMoment(t *testing.T) {
	t.Parallel()
	for _, m := range moments {
		for _, d := range deeds {
			t.Run(d.name+" "+m.name, func(t *testing.T) {
				t.Parallel()
				s := newServer(t, func(c *conn) {
					if !m.until(c, d.do) {
						c.accept()
						c.send(`{"op":0,"s":20,"t":"GUILD_CREATE","d":{"id":"99"}}`)
						c.serve()
					}
				})
				r := start(t, s)
				for event[GuildCreate](r).ID != "99" { // events before it
				}
				n, next := 2, opIdentify
				if m.resumes {
					n = 3
				}
				if m.known && !d.ends {
					next = 6
				}
				var want []string
				if n == 3 {
					want = append(want, "1:2")
				}
				own := fmt.Sprintf("%d:%d", n-1, map[bool]int{false: opIdentify, true: 6}[m.resumes])
				if !strings.HasPrefix(m.name, "before") {
					want = append(want, own)
				}
				want = append(want, fmt.Sprintf("%d:%d", n, next))
				got := s.opsUntil(want[len(want)-1])
				without := func(ops []string) (out []string) {
					for _, op := range ops {
						if !m.unsure || op != own {
							out = append(out, op)
						}
					}
					return out
				}
				if fmt.Sprint(without(got)) != fmt.Sprint(without(want)) {
					t.Errorf("the server got %v, want %v", got, want)
				}
			})
		}
		t.Run("a refusal for good "+m.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, func(c *conn) {
				if !m.until(c, func(c *conn) { c.closeWith(4004, "Authentication failed.") }) {
					t.Error("it connects again")
				}
			})
			var fatal *FatalError
			if err := start(t, s).result(); !errors.As(err, &fatal) || fatal.Code != 4004 {
				t.Errorf("Run returns %v", err)
			}
		})
	}
}

// TestIdentifiesEndWithTheirBudget has Discord refuse each identify, in one way
// after the other. There are never more than it has granted, and then the bot
// waits for the next day.
func TestIdentifiesEndWithTheirBudget(t *testing.T) {
	t.Parallel()
	const granted = 12
	s := newServer(t, func(c *conn) {
		c.hello(normal)
		_, _ = c.next()
		deeds[c.n%len(deeds)].do(c)
	})
	spent := 0
	s.answer = func(int) (string, error) {
		for len(s.ops) > 0 { // of the connections so far
			<-s.ops
			spent++
		}
		return fmt.Sprintf(`{"url":"ws%s","shards":1,"session_start_limit":{"total":1000,"remaining":%d,"reset_after":14400000,"max_concurrency":1}}`,
			strings.TrimPrefix(s.http.URL, "http"), granted-spent), nil
	}
	logged := lockedBuffer{line: make(chan string, 256)}
	r := start(t, s, func(o *Options) { o.Logger = slog.New(slog.NewTextHandler(&logged, nil)) })
	logged.wait(t, "gateway waits")
	if st := r.g.Status().Shards[0]; st.State != Waiting || !strings.Contains(st.Reason, "budget") {
		t.Errorf("%s because of %q", st.State, st.Reason)
	}
	r.cancel()
	r.result()
	if spent > granted || len(s.ops) > 0 {
		t.Errorf("%d identifies of %d, and %d more", spent, granted, len(s.ops))
	}
	if spent == 0 {
		t.Error("no identify")
	}
}
