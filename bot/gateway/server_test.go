package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// patience bounds what a test waits for; it fails when it runs out.
const patience = 2 * time.Minute

// server is a Discord gateway and its GET /gateway/bot, played by a script.
type server struct {
	t    *testing.T
	http *httptest.Server
	// script plays connection n, from 1 on; it returns to end the connection.
	script func(c *conn)
	// ops gets "n:op" for each identify and resume that arrives, closes the
	// close code with which each connection ends, 1006 being none.
	ops    chan string
	closes chan int

	mu        sync.Mutex
	n         int
	remaining int
	asked     int
	// answer replaces the n-th answer to GET /gateway/bot unless it is empty.
	answer func(n int) (string, error)
}

func newServer(t *testing.T, script func(c *conn)) *server {
	t.Helper()
	return serveWith(t, httptest.NewServer, script)
}

// serveWith is newServer with a choice of plain or TLS.
func serveWith(t *testing.T, begin func(http.Handler) *httptest.Server, script func(c *conn)) *server {
	t.Helper()
	s := &server{t: t, script: script, ops: make(chan string, 64), closes: make(chan int, 64), remaining: 1000}
	var conns sync.WaitGroup
	s.http = begin(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conns.Add(1)
		defer conns.Done()
		ws, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer func() { _ = ws.Close() }()
		s.mu.Lock()
		s.n++
		c := &conn{s: s, ws: ws, n: s.n, query: r.URL.RawQuery}
		s.mu.Unlock()
		s.script(c)
	}))
	t.Cleanup(func() {
		s.http.Close()
		conns.Wait()
	})
	return s
}

// Do answers GET /gateway/bot.
func (s *server) Do(ctx context.Context, method, path string, _, out any) error {
	if method != http.MethodGet || path != "/gateway/bot" {
		return fmt.Errorf("unexpected call %s %s", method, path)
	}
	s.mu.Lock()
	s.asked++
	n, remaining, answer := s.asked, s.remaining, s.answer
	s.mu.Unlock()
	if err := ctx.Err(); err != nil {
		return err
	}
	body := fmt.Sprintf(`{"url":"ws%s","shards":1,"session_start_limit":{"total":1000,"remaining":%d,"reset_after":14400000,"max_concurrency":1}}`,
		strings.TrimPrefix(s.http.URL, "http"), remaining)
	if answer != nil {
		other, err := answer(n)
		if err != nil {
			return err
		}
		if other != "" {
			body = other
		}
	}
	return json.Unmarshal([]byte(body), out)
}

// conn is one connection as the server sees it.
type conn struct {
	s     *server
	ws    *websocket.Conn
	n     int
	query string
	// deaf leaves heartbeats without an answer.
	deaf bool
}

// errGone says that the client left.
var errGone = errors.New("the client left")

func (c *conn) send(text string) { _ = c.ws.WriteMessage(websocket.TextMessage, []byte(text)) }

func (c *conn) hello(interval time.Duration) {
	c.send(fmt.Sprintf(`{"t":null,"s":null,"op":10,"d":{"heartbeat_interval":%d,"_trace":["x"]}}`, interval.Milliseconds()))
}

func (c *conn) ready() {
	c.send(`{"op":0,"s":1,"t":"READY","d":{"v":10,"session_id":"s1","resume_gateway_url":"wss://x","user":{"id":"42","username":"attache"},"application":{"id":"43"},"guilds":[{"id":"7","unavailable":true}]}}`)
}

func (c *conn) resumed() { c.send(`{"op":0,"s":9,"t":"RESUMED","d":{}}`) }

func (c *conn) closeWith(code int, text string) {
	_ = c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, text), time.Now().Add(time.Second))
	_, _ = c.next()
}

// cut ends the connection without a word.
func (c *conn) cut() { _ = c.ws.UnderlyingConn().Close() }

// next returns the next opcode that is not a heartbeat.
func (c *conn) next() (int, error) {
	for {
		_, data, err := c.ws.ReadMessage()
		if err != nil {
			code := websocket.CloseAbnormalClosure
			var closed *websocket.CloseError
			if errors.As(err, &closed) {
				code = closed.Code
			}
			c.s.closes <- code
			return 0, errGone
		}
		var m struct {
			Op int             `json:"op"`
			D  json.RawMessage `json:"d"`
		}
		if err := json.Unmarshal(data, &m); err != nil {
			return 0, err
		}
		if m.Op != opHeartbeat {
			c.s.ops <- fmt.Sprintf("%d:%d", c.n, m.Op)
			return m.Op, nil
		}
		if !c.deaf {
			c.send(`{"t":null,"s":null,"op":11,"d":null}`)
		}
	}
}

// serve answers heartbeats until the client leaves.
func (c *conn) serve() {
	for {
		if _, err := c.next(); err != nil {
			return
		}
	}
}

// accept plays a healthy start: hello, then READY or RESUMED.
func (c *conn) accept() {
	c.hello(41250 * time.Millisecond)
	switch op, _ := c.next(); op {
	case opIdentify:
		c.ready()
	case 6:
		c.resumed()
	}
}

// run is a Gateway under test.
type run struct {
	t      *testing.T
	g      *Gateway
	events chan Event
	cancel context.CancelFunc
	done   chan error
}

func start(t *testing.T, s *server, change ...func(*Options)) *run {
	t.Helper()
	r := &run{t: t, events: make(chan Event, 256), done: make(chan error, 1)}
	o := Options{
		Token:   "canary",
		API:     s,
		Handler: func(_ context.Context, e Event) { r.events <- e },
		Gate:    &localGate{next: map[int]time.Time{}},
		Timing:  Timing{Open: 20 * time.Second, BackoffMin: time.Millisecond, BackoffMax: 10 * time.Millisecond},
	}
	for _, f := range change {
		f(&o)
	}
	var err error
	if r.g, err = New(o); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	r.cancel = cancel
	go func() { r.done <- r.g.Run(ctx) }()
	t.Cleanup(func() {
		cancel()
		if r.done != nil {
			r.result()
		}
	})
	return r
}

// result waits for Run to return.
func (r *run) result() error {
	r.t.Helper()
	select {
	case err := <-r.done:
		r.done = nil
		return err
	case <-time.After(patience):
		r.t.Error("Run does not return")
		r.done = nil
		return nil
	}
}

// event waits for an event of type T and skips others.
func event[T any](r *run) T {
	r.t.Helper()
	timeout := time.After(patience)
	for {
		select {
		case e := <-r.events:
			if v, ok := e.Data.(T); ok {
				return v
			}
		case <-timeout:
			var v T
			r.t.Fatalf("no %T came; %+v", v, r.g.Status())
		}
	}
}

// expectOps checks the identifies and resumes that arrived so far.
func (s *server) expectOps(want ...string) {
	s.t.Helper()
	for _, w := range want {
		select {
		case got := <-s.ops:
			if got != w {
				s.t.Fatalf("the server got %s, want %s", got, w)
			}
		case <-time.After(patience):
			s.t.Fatalf("the server did not get %s", w)
		}
	}
	select {
	case got := <-s.ops:
		s.t.Fatalf("the server got %s besides", got)
	default:
	}
}
