package gateway

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/gorilla/websocket"

	"github.com/attache-bot/attache/bot/rest"
)

func TestEventsArriveInOrder(t *testing.T) {
	t.Parallel()
	s := newServer(t, func(c *conn) {
		if c.query != "v=10&encoding=json" {
			t.Errorf("connected with %q", c.query)
		}
		c.accept()
		c.send(`{"op":0,"s":2,"t":"GUILD_CREATE","d":{"id":"7","name":"Desk","preferred_locale":"de"}}`)
		c.send(`{"op":0,"s":3,"t":"SOMETHING_NEW","d":{"id":"7"}}`)
		c.send(`{"op":0,"s":4,"t":"CHANNEL_DELETE","d":{"id":"8","guild_id":"7"}}`)
		c.send(`{"op":0,"s":5,"t":"GUILD_DELETE","d":{"id":"7","unavailable":true}}`)
		c.serve()
	})
	logged := lockedBuffer{line: make(chan string, 64)}
	r := start(t, s, func(o *Options) { o.Logger = slog.New(slog.NewTextHandler(&logged, nil)) })
	want := []any{
		Ready{UserID: "42", Username: "attache", ApplicationID: "43", Guilds: []string{"7"}},
		GuildCreate{ID: "7", Name: "Desk", Locale: "de"},
		ChannelDelete{ID: "8", GuildID: "7"},
		GuildDelete{ID: "7", Unavailable: true},
	}
	for _, w := range want {
		select {
		case e := <-r.events:
			if diff := cmp.Diff(w, e.Data); diff != "" {
				t.Errorf("wrong event (-want +got):\n%s", diff)
			}
		case <-time.After(patience):
			t.Fatalf("no %T", w)
		}
	}
	logged.wait(t, "gateway ready")
	if st := r.g.Status(); !st.Ready() || st.ShardCount != 1 || st.Shards[0].Identified != 1 {
		t.Errorf("status %+v", st)
	}
	r.cancel()
	if err := r.result(); err != nil {
		t.Errorf("Run returns %v after its context ended", err)
	}
	if st := r.g.Status().Shards[0]; st.State != Stopped {
		t.Errorf("status %+v", st)
	}
}

func TestOnlyTheEndClosesTheSession(t *testing.T) {
	t.Parallel()
	s := newServer(t, func(c *conn) {
		c.accept()
		if c.n == 1 {
			c.send(`{"op":7,"d":null}`)
		}
		c.serve()
	})
	logged := lockedBuffer{line: make(chan string, 64)}
	r := start(t, s, func(o *Options) { o.Logger = slog.New(slog.NewTextHandler(&logged, nil)) })
	logged.wait(t, "resumed=true")
	if code := <-s.closes; code == websocket.CloseNormalClosure || code == websocket.CloseGoingAway {
		t.Errorf("a connection to be resumed was closed with %d, which ends the session", code)
	}
	r.cancel()
	r.result()
	if code := <-s.closes; code != websocket.CloseNormalClosure {
		t.Errorf("the end was closed with %d, so that the bot stays online for a while", code)
	}
}

func TestAPanickingHandlerIsSurvived(t *testing.T) {
	t.Parallel()
	s := newServer(t, func(c *conn) {
		c.accept()
		c.send(`{"op":0,"s":2,"t":"GUILD_CREATE","d":{"id":"7"}}`)
		c.serve()
	})
	got := make(chan Event, 8)
	start(t, s, func(o *Options) {
		o.Handler = func(_ context.Context, e Event) {
			got <- e
			panic("handler")
		}
	})
	for range 2 {
		select {
		case <-got:
		case <-time.After(patience):
			t.Fatal("no further event after the panic")
		}
	}
}

func TestFatalCloseCodesStop(t *testing.T) {
	t.Parallel()
	for code, f := range fatalCodes {
		t.Run(f.Name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, func(c *conn) {
				c.hello(41250 * time.Millisecond)
				_, _ = c.next()
				if code == 4014 { // also when it comes late
					c.ready()
				}
				c.closeWith(code, "no")
			})
			r := start(t, s)
			var fatal *FatalError
			if err := r.result(); !errors.As(err, &fatal) || fatal.Code != code || !strings.Contains(err.Error(), f.Remedy) {
				t.Errorf("Run returns %v", err)
			}
			s.expectOps("1:2")
			if st := r.g.Status().Shards[0]; st.State != Stopped {
				t.Errorf("status %+v", st)
			}
		})
	}
	t.Run("a token that REST refuses", func(t *testing.T) {
		t.Parallel()
		s := newServer(t, func(*conn) {})
		s.answer = func(int) (string, error) { return "", &rest.Error{Status: 401} }
		var fatal *FatalError
		if err := start(t, s).result(); !errors.As(err, &fatal) {
			t.Errorf("Run returns %v", err)
		}
	})
}

func TestIdentifyWaitsForItsBudget(t *testing.T) {
	t.Parallel()
	s := newServer(t, func(c *conn) {
		c.accept()
		c.serve()
	})
	const used = `{"url":"ws://127.0.0.1:1","shards":1,"session_start_limit":{"remaining":0,"reset_after":14400000,"max_concurrency":1}}`
	s.answer = func(int) (string, error) { return used, nil }
	logged := lockedBuffer{line: make(chan string, 64)}
	r := start(t, s, func(o *Options) { o.Logger = slog.New(slog.NewTextHandler(&logged, nil)) })
	logged.wait(t, "gateway waits")
	st := r.g.Status().Shards[0]
	if left := time.Until(st.Until); st.State != Waiting || left < 3*time.Hour || !strings.Contains(st.Reason, "budget") {
		t.Errorf("waits %s because of %q", left, st.Reason)
	}
	s.expectOps()
	r.cancel()
	if err := r.result(); err != nil {
		t.Errorf("Run returns %v", err)
	}
}

func TestUnusableGatewaysAreTriedAgain(t *testing.T) {
	t.Parallel()
	bad := map[string]string{
		"broken":           `{`,
		"no address":       `{"url":"","shards":1,"session_start_limit":{"remaining":9,"max_concurrency":1}}`,
		"unencrypted":      `{"url":"ws://gateway.example","shards":1,"session_start_limit":{"remaining":9,"max_concurrency":1}}`,
		"another scheme":   `{"url":"ftp://gateway.example","shards":1,"session_start_limit":{"remaining":9,"max_concurrency":1}}`,
		"no concurrency":   `{"url":"wss://gateway.example","shards":1,"session_start_limit":{"remaining":9,"max_concurrency":0}}`,
		"countless shards": `{"url":"wss://gateway.example","shards":1000000,"session_start_limit":{"remaining":9,"max_concurrency":1}}`,
	}
	for name, body := range bad {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t, func(c *conn) {
				c.accept()
				c.serve()
			})
			s.answer = func(n int) (string, error) {
				if n == 1 {
					return body, nil
				}
				return "", nil
			}
			r := start(t, s)
			event[Ready](r)
		})
	}
}

type apiFunc func(ctx context.Context, method, path string, in, out any) error

func (f apiFunc) Do(ctx context.Context, method, path string, in, out any) error {
	return f(ctx, method, path, in, out)
}

func TestSeveralShardsTakeTurns(t *testing.T) {
	t.Parallel()
	s := newServer(t, func(c *conn) {
		c.accept()
		c.serve()
	})
	turns := make(chan int, 8)
	r := start(t, s, func(o *Options) {
		o.ShardCount, o.Shards = 3, []int{0, 2}
		o.Gate = gateFunc(func(_ context.Context, key int) error {
			turns <- key
			return nil
		})
	})
	event[Ready](r)
	event[Ready](r)
	for range 2 {
		if key := <-turns; key != 0 {
			t.Errorf("key %d, want 0 for a concurrency of 1", key)
		}
	}
}

type gateFunc func(ctx context.Context, key int) error

func (f gateFunc) Wait(ctx context.Context, key int) error { return f(ctx, key) }

func TestOptions(t *testing.T) {
	t.Parallel()
	good := func() Options {
		return Options{Token: "t", API: apiFunc(nil), Handler: func(context.Context, Event) {}}
	}
	tests := map[string]func(*Options){
		"no token":         func(o *Options) { o.Token = "" },
		"no API":           func(o *Options) { o.API = nil },
		"no handler":       func(o *Options) { o.Handler = nil },
		"shards uncounted": func(o *Options) { o.Shards = []int{0} },
		"a shard too many": func(o *Options) { o.Shards, o.ShardCount = []int{2}, 2 },
		"a shard twice":    func(o *Options) { o.Shards, o.ShardCount = []int{1, 1}, 2 },
		"a negative time":  func(o *Options) { o.Timing.Open = -1 },
		"countless shards": func(o *Options) { o.ShardCount = maxShards + 1 },
	}
	for name, change := range tests {
		t.Run(name+" is refused", func(t *testing.T) {
			t.Parallel()
			o := good()
			change(&o)
			if _, err := New(o); err == nil {
				t.Error("New accepts it")
			}
		})
	}
	if _, err := New(good()); err != nil {
		t.Error(err)
	}
}

func TestEncryptedGateway(t *testing.T) {
	t.Parallel()
	script := func(c *conn) {
		c.accept()
		c.serve()
	}
	t.Run("the guard stands above TLS", func(t *testing.T) {
		t.Parallel()
		s := serveWith(t, httptest.NewTLSServer, func(c *conn) {
			c.accept()
			if c.n == 1 {
				c.send(`{"op":7,"d":null}`)
			}
			c.serve()
		})
		roots := x509.NewCertPool()
		roots.AddCert(s.http.Certificate())
		r := start(t, s, func(o *Options) { o.TLS = &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12} })
		event[Resumed](r)
		s.expectOps("1:2", "2:6")
	})
	t.Run("an unknown certificate gets no token", func(t *testing.T) {
		t.Parallel()
		s := serveWith(t, httptest.NewTLSServer, script)
		s.http.Config.ErrorLog = log.New(io.Discard, "", 0)
		asked := make(chan int, 16)
		s.answer = func(n int) (string, error) {
			asked <- n
			return "", nil
		}
		r := start(t, s)
		for n := range asked {
			if n == 4 {
				break
			}
		}
		s.expectOps()
		r.cancel()
		r.result()
	})
}

func TestNothingLeaksTheToken(t *testing.T) {
	t.Parallel()
	var logged lockedBuffer
	logger := slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
	s := newServer(t, func(c *conn) {
		c.accept()
		if c.n < 3 {
			c.closeWith(4000, "unknown error")
		} else {
			c.closeWith(4004, "canary is refused")
		}
	})
	r := start(t, s, func(o *Options) { o.Logger = logger })
	err := r.result()
	text := logged.String() + fmt.Sprintf("%v %+v %#v %+v", err, err, err, r.g.Status())
	if strings.Contains(text, "canary") {
		t.Errorf("shows the token: %s", text)
	}
	if !strings.Contains(text, "4000") {
		t.Error("nothing was logged: this test cannot fail")
	}
}

// lockedBuffer is a log for several goroutines; line gets each line when set.
type lockedBuffer struct {
	mu   sync.Mutex
	b    bytes.Buffer
	line chan string
}

// wait waits for a line with text.
func (b *lockedBuffer) wait(t *testing.T, text string) {
	t.Helper()
	timeout := time.After(patience)
	for {
		select {
		case line := <-b.line:
			if strings.Contains(line, text) {
				return
			}
		case <-timeout:
			t.Fatalf("%q was not logged: %s", text, b)
		}
	}
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	if b.line != nil {
		b.line <- string(p)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
