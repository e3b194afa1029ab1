package ops_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"github.com/attache-bot/attache/internal/logging"
	"github.com/attache-bot/attache/internal/ops"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// desk is a handler with a clock of its own and two loggers.
type desk struct {
	http.Handler
	now    time.Time
	pulse  *ops.Pulse
	levels *logging.Levels
}

func newDesk(change ...func(*ops.Options)) *desk {
	d := &desk{now: time.Unix(1_000_000, 0), levels: logging.New(slog.LevelInfo)}
	d.pulse = ops.NewPulse(func() time.Time { return d.now })
	log := slog.New(d.levels.Handler(slog.DiscardHandler))
	log.With("component", "poller")
	o := ops.Options{
		Pulse: d.pulse, Levels: d.levels, Loopback: true, Logger: log,
		Metrics: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "metrics") }),
	}
	for _, f := range change {
		f(&o)
	}
	d.Handler = ops.Handler(o)
	return d
}

func (d *desk) ask(method, path, body string) (int, string) {
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Host = "127.0.0.1:8077"
	return d.do(r)
}

func (d *desk) do(r *http.Request) (int, string) {
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

func TestHealth(t *testing.T) {
	t.Parallel()
	d := newDesk()
	poll, place := d.pulse.Part("poll", time.Minute), d.pulse.Part("place", 10*time.Second)
	step := func(name string, status int, want ...string) {
		t.Helper()
		code, body := d.ask(http.MethodGet, "/healthz", "")
		if code != status {
			t.Errorf("%s: status %d, want %d", name, code, status)
		}
		for _, w := range want {
			if !strings.Contains(body, w) {
				t.Errorf("%s: %s lacks %s", name, body, w)
			}
		}
	}
	d.now = d.now.Add(time.Hour)
	step("before the loops began", 200, `"ok": true`, `"name": "poll"`, `"name": "place"`)
	poll.Beat()
	place.Beat()
	d.now = d.now.Add(10 * time.Second)
	step("just within the bound", 200, `"turned_seconds_ago": 10`)
	d.now = d.now.Add(time.Second)
	step("one loop hangs", 503, `"ok": false`, "has not turned for 11s, where 10s is the most: it hangs")
	place.Beat()
	step("it turns again", 200, `"ok": true`)
	d.now = d.now.Add(-time.Hour)
	step("the clock went back", 200, `"turned_seconds_ago": 0`)
	d.now = d.now.Add(3 * time.Hour)
	step("both hang", 503)
	d.pulse.Stop()
	step("loops may end when the bot is stopped", 200, `"stopping": true`)
	if code, body := d.ask(http.MethodGet, "/readyz", ""); code != 503 || !strings.Contains(body, "the bot is being stopped") {
		t.Errorf("ready while stopping: %d %s", code, body)
	}
}

func TestReadiness(t *testing.T) {
	t.Parallel()
	fine := ops.Check{Name: "store", Do: func(context.Context) (string, error) { return "schema 3", nil }}
	away := ops.Check{Name: "discord", Do: func(context.Context) (string, error) { return "waiting", errors.New("the network is down") }}
	deaf := ops.Check{Name: "deaf", Do: func(context.Context) (string, error) { <-time.After(time.Minute); return "", nil }}
	for _, c := range []struct {
		name   string
		checks []ops.Check
		status int
		want   ops.Readiness
	}{
		{"nothing is needed", nil, 200, ops.Readiness{Ready: true}},
		{"all is well", []ops.Check{fine}, 200, ops.Readiness{Ready: true, Checks: []ops.Result{{Name: "store", OK: true, State: "schema 3"}}}},
		{"one is not", []ops.Check{fine, away}, 503, ops.Readiness{Checks: []ops.Result{
			{Name: "store", OK: true, State: "schema 3"}, {Name: "discord", State: "waiting", Reason: "the network is down"},
		}}},
		{"one does not answer", []ops.Check{deaf, fine}, 503, ops.Readiness{Checks: []ops.Result{
			{Name: "deaf", Reason: "does not answer within 2s"}, {Name: "store", OK: true, State: "schema 3"},
		}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := newDesk(func(o *ops.Options) { o.Checks = c.checks })
				code, body := d.ask(http.MethodGet, "/readyz", "")
				want, err := json.Marshal(c.want)
				if err != nil {
					t.Fatal(err)
				}
				var got ops.Readiness
				if err := json.Unmarshal([]byte(body), &got); err != nil {
					t.Fatal(err)
				}
				if len(got.Checks) == 0 {
					got.Checks = nil
				}
				if strings.Contains(c.name, "not answer") {
					began := time.Now()
					d.ask(http.MethodGet, "/readyz", "")
					if time.Since(began) != 0 {
						t.Error("what has not answered was asked again")
					}
					<-time.After(time.Minute)
				}
				back, err := json.Marshal(got)
				if err != nil {
					t.Fatal(err)
				}
				if code != c.status || string(back) != string(want) {
					t.Errorf("%d %s\nwant %d %s", code, back, c.status, want)
				}
			})
		})
	}
}

func TestLevelsAreChangedForAWhile(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := newDesk()
		code, body := d.ask(http.MethodPut, "/loglevel", `{"level":"debug","component":"poller","for":"10m"}`)
		if code != 200 || !strings.Contains(body, `"level": "DEBUG"`) {
			t.Fatalf("%d %s", code, body)
		}
		if _, body := d.ask(http.MethodGet, "/loglevel", ""); !strings.Contains(body, `"own": true`) {
			t.Errorf("not shown: %s", body)
		}
		<-time.After(10*time.Minute + 1)
		synctest.Wait()
		if _, body := d.ask(http.MethodGet, "/loglevel", ""); strings.Contains(body, "DEBUG") {
			t.Errorf("still holds: %s", body)
		}
		d.ask(http.MethodPut, "/loglevel", `{"level":"error"}`)
		if _, body := d.ask(http.MethodPut, "/loglevel", `{"level":"configured"}`); strings.Contains(body, "ERROR") {
			t.Errorf("not taken back: %s", body)
		}
	})
}

func TestLevelsThatCannotBeChanged(t *testing.T) {
	t.Parallel()
	const good = `{"level":"debug"}`
	for _, c := range []struct {
		name, host, body string
		loopback         bool
		status           int
		want             string
	}{
		{"by name of the machine", "localhost:8077", good, true, 200, "DEBUG"},
		{"by IPv6", "[::1]:8077", good, true, 200, "DEBUG"},
		{"without a port", "127.0.0.1", good, true, 200, "DEBUG"},
		{"on a public address", "127.0.0.1:8077", good, false, 403, "on the machine itself only"},
		{"by a name that a web page made up", "rebound.example:8077", good, true, 403, "on the machine itself only"},
		{"no JSON", "127.0.0.1:8077", "debug", true, 400, "send JSON such as"},
		{"nothing", "127.0.0.1:8077", "", true, 400, "send JSON such as"},
		{"an unknown field", "127.0.0.1:8077", `{"lvl":"debug"}`, true, 400, "send JSON such as"},
		{"much", "127.0.0.1:8077", `{"level":"` + strings.Repeat("x", 1<<20), true, 400, "send JSON such as"},
		{"no level", "127.0.0.1:8077", `{"level":"loud"}`, true, 400, `\"loud\" is no level: use debug, info, warn, error`},
		{"no component", "127.0.0.1:8077", `{"level":"debug","component":"x"}`, true, 400, "choose one of ops, poller"},
		{"no duration", "127.0.0.1:8077", `{"level":"debug","for":"soon"}`, true, 400, "such as 10m"},
		{"too long", "127.0.0.1:8077", `{"level":"debug","for":"1000h"}`, true, 400, "at most"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(func(o *ops.Options) { o.Loopback = c.loopback })
			r := httptest.NewRequest(http.MethodPut, "/loglevel", strings.NewReader(c.body))
			r.Host = c.host
			code, body := d.do(r)
			if code != c.status || !strings.Contains(body, c.want) {
				t.Errorf("%d %s; want %d %s", code, body, c.status, c.want)
			}
		})
	}
}

func TestOtherRequests(t *testing.T) {
	t.Parallel()
	d := newDesk()
	for _, c := range []struct {
		method, path string
		status       int
		want         string
	}{
		{http.MethodGet, "/", 200, "GET /readyz"},
		{http.MethodGet, "/metrics", 200, "metrics"},
		{http.MethodGet, "/nothing", 404, ""},
		{http.MethodPost, "/loglevel", 405, ""},
		{http.MethodDelete, "/healthz", 405, ""},
	} {
		if code, body := d.ask(c.method, c.path, ""); code != c.status || !strings.Contains(body, c.want) {
			t.Errorf("%s %s: %d %s", c.method, c.path, code, body)
		}
	}
}

func TestLoopback(t *testing.T) {
	t.Parallel()
	for address, want := range map[string]bool{
		"127.0.0.1:8077": true, "127.3.2.1:1": true, "[::1]:8077": true, "localhost:8077": true,
		":8077": false, "0.0.0.0:8077": false, "[::]:8077": false, "192.168.0.2:8077": false, "example.org:80": false, "": false,
	} {
		if got := ops.Loopback(address); got != want {
			t.Errorf("%q: %v, want %v", address, got, want)
		}
	}
}
