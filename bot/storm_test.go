package bot

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/attache-bot/attache/bot/rest"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/sandbox"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/store/storetest"
	"github.com/attache-bot/attache/internal/story"
)

// edge is everything between the ledger and Discord, in virtual time: a store,
// the deliverer, the sender, the limits, and a sandbox without a network.
type edge struct {
	*sandbox.Server
	t        *testing.T
	store    *store.Store
	sender   *Sender
	guilds   []string
	channels []string // each guild's, one guild after the other
	each     int      // channels of a guild
	log      bytes.Buffer
	logMu    sync.Mutex

	// observe, if set, is told of every request with its answer.
	observe func(sandbox.Exchange)

	mu sync.Mutex
	// fate, if set, decides a request when it arrives: an answer or an error
	// instead of Discord's, and whether Discord does what was asked. It is called
	// for one request at a time.
	fate func(n int, r *http.Request) (resp *http.Response, done bool, err error)
	// n counts requests, and invalid when one was answered that Discord counts
	// towards a ban.
	n       int
	invalid []time.Time
}

const latency = 100 * time.Millisecond

// mostChannels is how many channels a guild can have.
// https://support.discord.com/hc/en-us/articles/33694251638295
const mostChannels = 500

// Write takes the log.
func (e *edge) Write(p []byte) (int, error) {
	e.logMu.Lock()
	defer e.logMu.Unlock()
	return e.log.Write(p)
}

func (e *edge) logged(what string) int {
	e.logMu.Lock()
	defer e.logMu.Unlock()
	return strings.Count(e.log.String(), what)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// newEdge makes one whose channels are owed so many alerts each, in as few guilds
// as can hold them. It is to be called in a bubble of virtual time.
func newEdge(t *testing.T, channels, alerts int) *edge {
	t.Helper()
	return newEdgeOf(t, channels, mostChannels, alerts)
}

// newEdgeOf is newEdge with so many channels in each guild.
func newEdgeOf(t *testing.T, channels, each, alerts int) *edge {
	t.Helper()
	e := &edge{t: t, each: each}
	var err error
	e.Server, err = sandbox.New(sandbox.Options{PublicURL: "http://discord.example", KeepRequests: -1, Observe: func(x sandbox.Exchange) {
		if e.observe != nil {
			e.observe(x)
		}
	}})
	must(t, err)
	t.Cleanup(e.Server.Close)
	for i := range channels {
		if i%each == 0 {
			e.guilds = append(e.guilds, e.AddGuild(fmt.Sprint("Newsroom ", i/each)))
		}
		id, err := e.AddChannel(e.guilds[i/each], fmt.Sprint("news-", i), sandbox.Text)
		must(t, err)
		e.channels = append(e.channels, id)
	}
	tr, err := rest.New(rest.Options{BaseURL: "http://discord.example/api/v10", Next: e, Logger: slog.New(slog.NewTextHandler(e, nil))})
	must(t, err)
	client, err := rest.NewClient(tr, e.Token())
	must(t, err)
	e.sender = &Sender{rest: client, self: func(context.Context) (string, error) { return e.BotID(), nil }, forums: &forums{rest: client, now: time.Now}}
	e.store, err = store.Open(t.Context(), store.Options{DSN: storetest.SQLite(t), Logger: slog.New(slog.DiscardHandler)})
	must(t, err)
	t.Cleanup(func() { must(t, e.store.Close()) })
	must(t, e.store.Migrate(t.Context()))
	for _, g := range e.guilds {
		must(t, e.store.PutGuild(t.Context(), guild.Guild{ID: g, Name: "Newsroom", Joined: time.Now()}))
	}
	e.owe(alerts)
	return e
}

// owe puts so many alerts for every channel into the ledger.
func (e *edge) owe(alerts int) {
	e.t.Helper()
	ctx := e.t.Context()
	must(e.t, e.store.SyncFeeds(ctx, time.Now(), []feed.Feed{{URL: "https://a.example/feed", Source: "a", Every: time.Hour}}))
	feeds, err := e.store.ClaimDue(ctx, feed.Catalogue, time.Now(), 1, time.Minute)
	must(e.t, err)
	o := feed.Outcome{Feed: feeds[0], Result: feed.Changed}
	for i := range alerts {
		o.Reports = append(o.Reports, report.Report{
			Source: "a", Title: fmt.Sprint("Story ", i+1), Link: fmt.Sprint("https://a.example/", i+1), Language: "en", Seen: time.Now(),
			Keys: []report.Key{report.Key(fmt.Sprint("id:", i))},
		})
	}
	_, err = e.store.SavePoll(ctx, o)
	must(e.t, err)
	reports, err := e.store.Unplaced(ctx, alerts)
	must(e.t, err)
	var placed []pipeline.Placed
	for _, r := range reports {
		st := story.Story{ID: story.ID(r.ID), Lead: r.ID, Title: r.Title, Opened: r.Seen, Updated: r.Seen, Reports: 1, Sources: 1, Revision: 1}
		p := pipeline.Placed{Placement: story.Placement{Report: r.ID, Story: st, Opened: true, Reason: story.OpensNew}}
		for i, c := range e.channels {
			p.Alerts = append(p.Alerts, alert.Alert{Guild: e.guilds[i/e.each], Channel: c, Story: st.ID, Planned: r.Seen, Content: alert.Content{
				Story: st.ID, Headline: r.Title, Link: r.Link, Time: r.Seen, Outlet: alert.Outlet{Name: "Example Wire"},
				Topics: []alert.Topic{{ID: "ceasefire", Title: "Ceasefire"}},
			}})
		}
		placed = append(placed, p)
	}
	must(e.t, e.store.SavePlacements(ctx, time.Now(), placed))
}

// RoundTrip implements [http.RoundTripper]: it is the network, and Discord
// behind it.
func (e *edge) RoundTrip(r *http.Request) (*http.Response, error) {
	body := []byte{}
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(r.Body); err != nil {
			return nil, err
		}
		_ = r.Body.Close()
	}
	e.mu.Lock()
	n := e.n
	e.n++
	e.mu.Unlock()
	select {
	case <-time.After(latency):
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	resp, done, err := e.decide(n, r)
	if done {
		in := httptest.NewRequest(r.Method, r.URL.String(), bytes.NewReader(body)).WithContext(r.Context())
		in.Header = r.Header.Clone()
		w := httptest.NewRecorder()
		e.Handler().ServeHTTP(w, in)
		if resp == nil && err == nil {
			resp = w.Result()
		}
	}
	if err != nil {
		return nil, err
	}
	resp.Request = r
	if s := resp.StatusCode; s == 401 || s == 403 || s == 429 && resp.Header.Get("X-RateLimit-Scope") != "shared" {
		e.mu.Lock()
		e.invalid = append(e.invalid, time.Now())
		e.mu.Unlock()
	}
	return resp, nil
}

// decide asks for a request's fate.
func (e *edge) decide(n int, r *http.Request) (resp *http.Response, done bool, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.fate == nil {
		return nil, true, nil
	}
	return e.fate(n, r)
}

func (e *edge) setFate(f func(n int, r *http.Request) (*http.Response, bool, error)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.fate = f
}

// mostInvalid is the most invalid requests within any span.
func (e *edge) mostInvalid(span time.Duration) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	most, from := 0, 0
	for i, at := range e.invalid {
		for at.Sub(e.invalid[from]) >= span {
			from++
		}
		most = max(most, i-from+1)
	}
	return most
}

// deliver delivers as the bot does, for a while of virtual time.
func (e *edge) deliver(during time.Duration) {
	e.t.Helper()
	d, err := alert.NewDeliverer(e.store, e.sender, alert.Options{
		Install: "test", Workers: 64, Lease: 30 * time.Second, Timeout: 20 * time.Second, Sweep: 30 * time.Second,
		Late: alert.DefaultLatePolicy(), Sole: true, Now: time.Now, Logger: slog.New(slog.NewTextHandler(e, nil)),
	})
	must(e.t, err)
	ctx, cancel := context.WithTimeout(e.t.Context(), during)
	defer cancel()
	must(e.t, d.Run(ctx))
}

// told counts, over all channels, what is missing and what is there twice.
func (e *edge) told(alerts int) (missing, repeated int) {
	for _, c := range e.channels {
		seen := map[string]int{}
		for _, m := range e.Messages(c) {
			if len(m.Embeds) > 0 {
				seen[m.Embeds[0].Title]++
			}
		}
		for i := range alerts {
			n := seen[fmt.Sprint("Story ", i+1)]
			repeated += max(n-1, 0)
			if n == 0 {
				missing++
			}
		}
	}
	return missing, repeated
}

func said(status int, body string, header ...string) *http.Response {
	r := &http.Response{StatusCode: status, Status: fmt.Sprint(status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
	for _, h := range header {
		k, v, _ := strings.Cut(h, ": ")
		r.Header.Set(k, v)
	}
	return r
}

var storming = flag.Int("channels", 40, "how many channels a storm meets; the full form has 1000")

// TestStorms lets Discord refuse everything for five minutes, to many channels that
// are owed an alert, in each of the ways in which it refuses.
func TestStorms(t *testing.T) {
	t.Parallel()
	const most = 100 // invalid requests within ten minutes
	html, json := "Content-Type: text/html", "Content-Type: application/json"
	for _, c := range []struct {
		name  string
		storm func() *http.Response
		// lost says that nothing comes until the token is another one.
		lost bool
	}{
		{name: "429, global", storm: func() *http.Response {
			return said(429, `{"message":"limited","retry_after":2,"global":true}`, json, "Retry-After: 2", "X-RateLimit-Global: true", "X-RateLimit-Scope: global")
		}},
		{name: "429, of the route", storm: func() *http.Response {
			return said(429, `{"message":"limited","retry_after":5,"global":false}`, json, "Retry-After: 5", "X-RateLimit-Scope: user")
		}},
		{name: "429, of a shared resource", storm: func() *http.Response {
			return said(429, `{"message":"limited","retry_after":5,"global":false}`, json, "Retry-After: 5", "X-RateLimit-Scope: shared")
		}},
		{name: "429 in HTML, with a hint", storm: func() *http.Response { return said(429, "<html>error code: 1015</html>", html, "Retry-After: 60") }},
		{name: "429 in HTML, without one", storm: func() *http.Response { return said(429, "<html>error code: 1015</html>", html) }},
		{name: "429 in JSON, without a hint", storm: func() *http.Response { return said(429, `{"message":"blocked","code":0}`, json) }},
		{name: "403 in HTML", storm: func() *http.Response { return said(403, "<html>blocked</html>", html) }},
		{name: "500", storm: func() *http.Response { return said(500, `{"message":"500: Internal Server Error","code":0}`, json) }},
		{name: "502 in HTML", storm: func() *http.Response { return said(502, "<html>Bad Gateway</html>", html) }},
		{name: "503", storm: func() *http.Response { return said(503, "upstream") }},
		{name: "401", storm: func() *http.Response { return said(401, `{"message":"401: Unauthorized","code":0}`, json) }, lost: true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				e := newEdge(t, *storming, 1)
				began := time.Now()
				e.setFate(func(int, *http.Request) (*http.Response, bool, error) {
					if time.Since(began) < 5*time.Minute {
						return c.storm(), false, nil
					}
					return nil, true, nil
				})
				e.deliver(25 * time.Minute)
				missing, repeated := e.told(1)
				got := e.mostInvalid(10 * time.Minute)
				t.Logf("%d channels, %d requests, %d of them invalid within ten minutes; %d missing, %d repeated", len(e.channels), e.n, got, missing, repeated)
				if got >= most {
					t.Errorf("%d invalid requests within ten minutes, want fewer than %d", got, most)
				}
				want := 0
				if c.lost {
					want = len(e.channels)
				}
				if missing != want || repeated > 0 {
					t.Errorf("%d missing, want %d; %d repeated", missing, want, repeated)
				}
			})
		})
	}
}

// TestPostsWithoutAnAnswerBeforeALongOutage has Discord take the first post of
// 200 channels without a word, and then be away for an hour: longer than it
// remembers a nonce.
func TestPostsWithoutAnAnswerBeforeALongOutage(t *testing.T) {
	t.Parallel()
	lost := errors.New("connection reset by peer")
	for _, c := range []struct {
		name   string
		closed bool // the bot may not read what it has posted
	}{
		{"where the history is open, nothing is repeated", false},
		{"where it is closed, each is there once more at most, and the log counts them", true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				const channels, alerts = 200 / fewer, 2
				e := newEdge(t, channels, alerts)
				began, taken := time.Now(), map[string]bool{}
				e.setFate(func(_ int, r *http.Request) (*http.Response, bool, error) {
					away := time.Since(began) < time.Hour
					switch {
					case r.Method == http.MethodPost && !taken[r.URL.Path]:
						taken[r.URL.Path] = true
						return nil, true, lost
					case away:
						return nil, false, lost
					case c.closed && r.Method == http.MethodGet:
						return said(403, `{"message":"Missing Access","code":50001}`, "Content-Type: application/json"), false, nil
					}
					return nil, true, nil
				})
				e.deliver(90 * time.Minute)
				missing, repeated := e.told(alerts)
				if most := e.mostInvalid(10 * time.Minute); most >= 100 {
					t.Errorf("%d invalid requests within ten minutes", most)
				}
				unsure := e.logged("posting again without knowing")
				t.Logf("%d posts taken without an answer: %d missing, %d repeated, %d posted again without knowing", len(taken), missing, repeated, unsure)
				if len(taken) != channels || missing > 0 {
					t.Errorf("%d posts were taken without an answer, %d are missing", len(taken), missing)
				}
				if !c.closed && repeated+unsure > 0 || c.closed && (repeated == 0 || repeated > unsure || repeated > channels) {
					t.Errorf("%d repeated, %d times posted again without knowing", repeated, unsure)
				}
			})
		})
	}
}
