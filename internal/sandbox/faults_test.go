package sandbox_test

import (
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/sandbox"
)

func TestRESTFaults(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		fault  sandbox.Fault
		status int // 0: no answer
		stored int
	}{
		{"a failure that does nothing", sandbox.Fault{Do: sandbox.Answer, Status: 503}, 503, 0},
		{"a failure after the message stands", sandbox.Fault{Do: sandbox.AnswerAfter, Status: 502}, 502, 1},
		{"a cut before", sandbox.Fault{Do: sandbox.Cut}, 0, 0},
		{"a cut after the message stands", sandbox.Fault{Do: sandbox.CutAfter}, 0, 1},
		{"a slow answer", sandbox.Fault{Do: sandbox.Slow, Delay: time.Millisecond}, 200, 1},
		{"a limit", sandbox.Fault{Do: sandbox.LimitUser, RetryAfter: time.Second}, 429, 0},
		{"the global limit", sandbox.Fault{Do: sandbox.LimitGlobal, RetryAfter: time.Second}, 429, 0},
		{"a shared limit", sandbox.Fault{Do: sandbox.LimitShared, RetryAfter: time.Second}, 429, 0},
		{"Cloudflare's page", sandbox.Fault{Do: sandbox.BlockHTML}, 429, 0},
		{"Cloudflare's JSON", sandbox.Fault{Do: sandbox.BlockJSON}, 429, 0},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, sandbox.Options{})
			tc.fault.Method, tc.fault.Channel, tc.fault.Times, tc.fault.After = "POST", b.alerts, 1, 1
			h := b.AddFault(tc.fault)
			b.expect(b.post(b.alerts, `{"content":"unharmed"}`), 200, 0)
			r, err := b.try("POST", "/channels/"+b.alerts+"/messages", `{"content":"harmed"}`)
			if (err != nil) != (tc.status == 0) || r.status != tc.status {
				t.Errorf("answer %d, error %v", r.status, err)
			}
			if n := len(b.Messages(b.alerts)) - 1; n != tc.stored {
				t.Errorf("%d messages stored, want %d", n, tc.stored)
			}
			b.expect(b.post(b.alerts, `{"content":"unharmed again"}`), 200, 0)
			if h.Count() != 1 {
				t.Errorf("the fault acted %d times", h.Count())
			}
		})
	}
	t.Run("a silent server ends with Close", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, sandbox.Options{})
		h := b.AddFault(sandbox.Fault{Do: sandbox.Silent})
		failed := make(chan error, 1)
		go func() {
			_, err := b.try("GET", "/users/@me", "")
			failed <- err
		}()
		b.must(h.Wait(b.ctx, 1)) // the request is under way
		b.Close()
		if err := <-failed; err == nil {
			t.Error("the silent server answered")
		}
	})
	t.Run("shared limits are no invalid requests", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, sandbox.Options{})
		b.AddFault(sandbox.Fault{Do: sandbox.LimitShared, Times: 1})
		b.AddFault(sandbox.Fault{Do: sandbox.LimitUser, Times: 1})
		b.call("GET", "/users/@me", "")
		b.call("GET", "/users/@me", "")
		if n := b.InvalidRequests(); n != 1 {
			t.Errorf("%d invalid requests, want 1", n)
		}
	})
}

func TestFaultsEnd(t *testing.T) {
	t.Parallel()
	b := newBench(t, sandbox.Options{})
	h := b.AddFault(sandbox.Fault{Route: "/users/@me", Status: 503, Match: func(x sandbox.Exchange) bool { return x.Version == 10 }})
	b.expect(b.call("GET", "/users/@me", ""), 503, 0)
	b.expect(b.call("GET", "/gateway", ""), 200, 0)
	h.Remove()
	b.expect(b.call("GET", "/users/@me", ""), 200, 0)
	b.AddFault(sandbox.Fault{Status: 503})
	b.ClearFaults()
	b.expect(b.call("GET", "/users/@me", ""), 200, 0)
	n := 0
	for _, x := range b.Requests() {
		if x.Faulty {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d exchanges were faulty, want 1", n)
	}
}
