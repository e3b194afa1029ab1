package websub_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // hubs may sign with it
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/hex"
	"fmt"
	"hash"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/feed/fetch"
	"github.com/attache-bot/attache/internal/feed/parse"
	"github.com/attache-bot/attache/internal/feed/websub"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/store/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var noon = time.Date(2026, 1, 29, 12, 0, 0, 0, time.UTC)

// rig is a bot's whole path from a feed's hub to its reports: a publisher and a
// hub over real HTTP, and between them the real fetcher, poller, store, manager
// and callback server, on a clock that the test turns.
type rig struct {
	t         *testing.T
	store     *store.Store
	poller    *feed.Poller
	manager   *websub.Manager
	server    *websub.Server
	hub       *hub
	publisher *publisher
	callback  *httptest.Server
	mu        sync.Mutex
	now       time.Time
	log       bytes.Buffer
}

// Write takes the log.
func (r *rig) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.log.Write(p)
}

func (r *rig) logged() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.log.String()
}

func (r *rig) Now() time.Time {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.now
}

func (r *rig) advance(d time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.now = r.now.Add(d)
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{t: t, now: noon, hub: &hub{t: t, lease: 24 * time.Hour}, publisher: &publisher{}}
	hubServer, site := httptest.NewTLSServer(r.hub), httptest.NewServer(r.publisher)
	t.Cleanup(hubServer.Close)
	t.Cleanup(site.Close)
	r.hub.url, r.publisher.url = hubServer.URL, site.URL
	r.publisher.hub = hubServer.URL + "/hub"
	var err error
	log := slog.New(slog.NewTextHandler(r, &slog.HandlerOptions{Level: slog.LevelDebug}))
	r.store, err = store.Open(t.Context(), store.Options{DSN: storetest.SQLite(t), Logger: slog.New(slog.DiscardHandler)})
	must(t, err)
	t.Cleanup(func() { must(t, r.store.Close()) })
	must(t, r.store.Migrate(t.Context()))
	must(t, r.store.SyncFeeds(t.Context(), noon, []feed.Feed{{URL: site.URL + "/feed", Source: "wire", Every: 5 * time.Minute}}))

	client := r.client(hubServer, site)
	parser, err := parse.New(parse.Options{})
	must(t, err)
	r.poller, err = feed.NewPoller(r.store, client, parser, feed.Options{
		Pace:        feed.Pace{Min: time.Minute, Max: 30 * time.Minute, MaxBackoff: 6 * time.Hour},
		Concurrency: 4, PerHost: 4, Lease: 5 * time.Minute, Own: client, Now: r.Now, Logger: log,
		Language: func(source.ID) string { return "en" },
	})
	must(t, err)
	r.server, err = websub.NewServer(store.WebSub{Store: r.store}, r.poller, websub.ServerOptions{
		MaxBody: 64 << 10, Now: r.Now, Logger: log,
	})
	must(t, err)
	r.callback = httptest.NewServer(r.server)
	t.Cleanup(r.callback.Close)
	r.manager, err = websub.NewManager(store.WebSub{Store: r.store}, client, websub.Options{
		Callback: r.callback.URL + "/push", Now: r.Now, Logger: log,
	})
	must(t, err)
	return r
}

// client is the guarded fetcher, with the two servers allowed.
func (r *rig) client(hubServer, site *httptest.Server) *fetch.Client {
	r.t.Helper()
	roots := x509.NewCertPool()
	roots.AddCert(hubServer.Certificate())
	var ports []uint16
	for _, s := range []*httptest.Server{hubServer, site} {
		u, err := url.Parse(s.URL)
		must(r.t, err)
		port, err := strconv.ParseUint(u.Port(), 10, 16)
		must(r.t, err)
		ports = append(ports, uint16(port))
	}
	c, err := fetch.New(fetch.Options{
		UserAgent: "test", AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, AllowPorts: ports,
		RootCAs: roots, Now: r.Now, Logger: slog.New(slog.DiscardHandler),
	})
	must(r.t, err)
	r.t.Cleanup(c.Close)
	return c
}

// poll polls what is due, and tick lets the manager ask hubs and the hub confirm.
func (r *rig) poll() {
	r.poller.Tick(r.t.Context())
	r.poller.Wait()
}

func (r *rig) tick() {
	r.manager.Tick(r.t.Context())
	r.hub.pending.Wait()
}

// subscribed reads the feed and subscribes to its hub.
func (r *rig) subscribed() {
	r.t.Helper()
	r.publisher.show("Envoys meet in Geneva")
	r.poll()
	r.tick()
	if s := r.subscription(); s == nil || s.State != websub.Active {
		r.t.Fatalf("subscription: %+v", s)
	}
}

func (r *rig) feed() feed.Feed {
	r.t.Helper()
	all, err := r.store.FeedStatus(r.t.Context())
	must(r.t, err)
	return all[0]
}

// subscription is the feed's, nil when there is none.
func (r *rig) subscription() *websub.Subscription {
	r.t.Helper()
	all, err := store.WebSub{Store: r.store}.Candidates(r.t.Context())
	must(r.t, err)
	if len(all) == 0 {
		return nil
	}
	return all[0].Subscription
}

// reports are the titles of all reports.
func (r *rig) reports() []string {
	r.t.Helper()
	all, err := r.store.Unplaced(r.t.Context(), 100)
	must(r.t, err)
	var out []string
	for _, x := range all {
		out = append(out, x.Title)
	}
	return out
}

// publisher serves the feed, which names the hub.
type publisher struct {
	url, hub, self string
	mu             sync.Mutex
	titles         []string
}

// show makes a title the newest of the feed.
func (p *publisher) show(title string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.titles = append([]string{title}, p.titles...)
}

// document is the feed as it stands.
func (p *publisher) document() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	var b bytes.Buffer
	b.WriteString(`<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>Wire</title>`)
	self := p.self
	if self == "" {
		self = p.url + "/feed"
	}
	fmt.Fprintf(&b, `<atom:link rel="hub" href=%q/><atom:link rel="self" href=%q/>`, p.hub, self)
	for _, title := range p.titles {
		fmt.Fprintf(&b, `<item><title>%s</title><guid isPermaLink="false">%s</guid></item>`, title, title)
	}
	b.WriteString(`</channel></rss>`)
	return b.Bytes()
}

func (p *publisher) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/rss+xml")
	_, _ = w.Write(p.document())
}

// hub is a hub as the recommendation describes it, with the faults that a test
// gives it.
type hub struct {
	t     *testing.T
	url   string
	lease time.Duration
	// sync verifies before it answers a request; status answers it so, without
	// verifying; deny denies it; mute never verifies; at redirects with a status.
	sync, deny, mute bool
	status, at       int

	mu      sync.Mutex
	pending sync.WaitGroup
	asked   []url.Values
	// answers are what callbacks said to verifications.
	answers []string
}

func (h *hub) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if h.at != 0 && r.URL.Path == "/hub" {
		http.Redirect(w, r, "/moved", h.at)
		return
	}
	must(h.t, r.ParseForm())
	h.mu.Lock()
	h.asked = append(h.asked, r.PostForm)
	h.mu.Unlock()
	if h.status != 0 {
		w.WriteHeader(h.status)
		return
	}
	form := r.PostForm
	switch {
	case h.mute:
	case h.sync:
		h.verify(form)
	default:
		h.pending.Go(func() { h.verify(form) })
	}
	w.WriteHeader(http.StatusAccepted)
}

// requests are the modes of the requests so far.
func (h *hub) requests() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var out []string
	for _, f := range h.asked {
		out = append(out, f.Get("hub.mode"))
	}
	return out
}

func (h *hub) last() url.Values {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.asked) == 0 {
		h.t.Fatal("the hub was not asked")
	}
	return h.asked[len(h.asked)-1]
}

// verify asks the callback whether it meant the request, or denies it.
func (h *hub) verify(form url.Values) {
	q := url.Values{"hub.mode": {form.Get("hub.mode")}, "hub.topic": {form.Get("hub.topic")}, "hub.challenge": {"c/h&a=l"}}
	if h.lease > 0 {
		q.Set("hub.lease_seconds", strconv.Itoa(int(h.lease/time.Second)))
	}
	if h.deny {
		q = url.Values{"hub.mode": {"denied"}, "hub.topic": {form.Get("hub.topic")}, "hub.reason": {"no"}}
	}
	status, body := h.call(http.MethodGet, form.Get("hub.callback")+"?"+q.Encode(), nil, "")
	h.mu.Lock()
	defer h.mu.Unlock()
	h.answers = append(h.answers, fmt.Sprint(status, " ", body))
}

// publish brings a document to the callback of the last request, signed with a
// hash.
func (h *hub) publish(body []byte, method string) int {
	form := h.last()
	status, _ := h.call(http.MethodPost, form.Get("hub.callback"), body, sign(method, form.Get("hub.secret"), body))
	return status
}

func (h *hub) call(method, address string, body []byte, signature string) (int, string) {
	req, err := http.NewRequestWithContext(h.t.Context(), method, address, bytes.NewReader(body))
	if err != nil {
		h.t.Error(err)
		return 0, ""
	}
	req.Header.Set("Content-Type", "application/rss+xml")
	if signature != "" {
		req.Header.Set("X-Hub-Signature", signature)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		h.t.Error(err)
		return 0, ""
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		h.t.Error(err)
	}
	return resp.StatusCode, string(answer)
}

func sign(method, secret string, body []byte) string {
	hashes := map[string]func() hash.Hash{"sha1": sha1.New, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New}
	mac := hmac.New(hashes[method], []byte(secret))
	mac.Write(body)
	return method + "=" + hex.EncodeToString(mac.Sum(nil))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
