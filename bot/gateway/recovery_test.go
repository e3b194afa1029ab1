package gateway

import (
	"testing"
	"time"
)

// normal is Discord's heartbeat interval.
const normal = 41250 * time.Millisecond

// recoveries play what goes wrong on the first connections; the last one is
// healthy, and ops are the identifies (2) and resumes (6) that Discord saw.
var recoveries = []struct {
	name   string
	script func(c *conn) bool // true: played; false: be healthy
	ops    []string
	timing func(*Timing)
}{
	{
		"a cut connection is resumed",
		func(c *conn) bool {
			if c.n == 1 {
				c.accept()
				c.cut()
			}
			return c.n == 1
		},
		[]string{"1:2", "2:6"},
		nil,
	},
	{
		"a session refused on resume is replaced on a new connection",
		func(c *conn) bool {
			switch c.n {
			case 1:
				c.accept()
				c.cut()
			case 2:
				c.hello(normal)
				_, _ = c.next()
				c.send(`{"op":9,"d":false}`)
				c.serve()
			}
			return c.n < 3
		},
		[]string{"1:2", "2:6", "3:2"},
		nil,
	},
	{
		"a session refused for now is resumed again",
		func(c *conn) bool {
			switch c.n {
			case 1:
				c.accept()
				c.cut()
			case 2:
				c.hello(normal)
				_, _ = c.next()
				c.send(`{"op":9,"d":true}`)
				c.serve()
			}
			return c.n < 3
		},
		[]string{"1:2", "2:6", "3:6"},
		nil,
	},
	{
		"an identify that is refused is not repeated on its connection",
		func(c *conn) bool {
			if c.n < 3 {
				c.hello(normal)
				_, _ = c.next()
				c.send(`{"op":9,"d":false}`)
				c.serve()
			}
			return c.n < 3
		},
		[]string{"1:2", "2:2", "3:2"},
		nil,
	},
	{
		"a request to reconnect before READY does not deadlock",
		func(c *conn) bool {
			if c.n == 1 {
				c.hello(normal)
				_, _ = c.next()
				c.send(`{"op":7,"d":null}`)
				c.serve()
			}
			return c.n == 1
		},
		[]string{"1:2", "2:2"},
		nil,
	},
	{
		"a request to reconnect before HELLO does not deadlock",
		func(c *conn) bool {
			if c.n == 1 {
				c.send(`{"op":7,"d":null}`)
				c.serve()
			}
			return c.n == 1
		},
		[]string{"2:2"},
		nil,
	},
	{
		"a request to reconnect is followed by a resume",
		func(c *conn) bool {
			if c.n == 1 {
				c.accept()
				c.send(`{"op":7,"d":null}`)
				c.serve()
			}
			return c.n == 1
		},
		[]string{"1:2", "2:6"},
		nil,
	},
	{
		"a server that never says HELLO is left",
		func(c *conn) bool {
			if c.n == 1 {
				c.serve()
			}
			return c.n == 1
		},
		[]string{"2:2"},
		func(t *Timing) { t.Open = 4 * time.Second },
	},
	{
		"a server that never says READY is left",
		func(c *conn) bool {
			if c.n == 1 {
				c.hello(normal)
				c.serve()
			}
			return c.n == 1
		},
		[]string{"1:2", "2:2"},
		func(t *Timing) { t.Open = 4 * time.Second },
	},
	{
		"a server that falls silent is left and the session resumed",
		func(c *conn) bool {
			if c.n == 1 {
				c.deaf = true
				c.accept()
				c.serve()
			}
			return c.n == 1
		},
		[]string{"1:2", "2:6"},
		func(t *Timing) { t.Silence = 3 * time.Second },
	},
	{
		"a server that answers no heartbeat is left and the session resumed",
		func(c *conn) bool {
			if c.n == 1 {
				c.deaf = true
				c.hello(500 * time.Millisecond)
				_, _ = c.next()
				c.ready()
				c.serve()
			}
			return c.n == 1
		},
		[]string{"1:2", "2:6"},
		nil,
	},
	{
		"a close right after READY is resumed",
		func(c *conn) bool {
			if c.n < 3 {
				c.accept()
				c.closeWith(4002, "Error while decoding payload.")
			}
			return c.n < 3
		},
		[]string{"1:2", "2:6", "3:6"},
		nil,
	},
	{
		"a session that timed out is replaced",
		func(c *conn) bool {
			if c.n == 1 {
				c.accept()
				c.closeWith(4009, "Session timed out.")
			}
			return c.n == 1
		},
		[]string{"1:2", "2:2"},
		nil,
	},
	{
		"resuming is given up after four failures",
		func(c *conn) bool {
			switch {
			case c.n == 1:
				c.accept()
				c.cut()
			case c.n <= 5:
				c.cut()
			}
			return c.n <= 5
		},
		[]string{"1:2", "6:2"},
		nil,
	},
	{
		"a senseless heartbeat interval does not crash",
		func(c *conn) bool {
			if c.n == 1 {
				c.send(`{"op":10,"d":{"heartbeat_interval":0}}`)
				c.serve()
			}
			return c.n == 1
		},
		[]string{"2:2"},
		nil,
	},
	{
		"a message that is null does not crash",
		func(c *conn) bool {
			if c.n == 1 {
				c.accept()
				c.send(`null`)
				c.serve()
			}
			return c.n == 1
		},
		[]string{"1:2", "2:6"},
		nil,
	},
}

func TestRecovery(t *testing.T) {
	t.Parallel()
	for _, tt := range recoveries {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, func(c *conn) {
				if !tt.script(c) {
					c.accept()
					c.send(`{"op":0,"s":20,"t":"GUILD_CREATE","d":{"id":"99"}}`)
					c.serve()
				}
			})
			r := start(t, s, func(o *Options) {
				if tt.timing != nil {
					tt.timing(&o.Timing)
				}
			})
			if g := event[GuildCreate](r); g.ID != "99" {
				t.Errorf("got %+v", g)
			}
			s.expectOps(tt.ops...)
		})
	}
}
