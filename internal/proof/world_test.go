//go:build unix

package proof

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/sandbox"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/store/storetest"
	"github.com/attache-bot/attache/internal/subscription"
)

// plan is what one run does.
type plan struct {
	// store makes a database and returns its address; nil means an SQLite file.
	store func(*testing.T) string
	// courses run side by side, each with a Discord, an outlet and a database of
	// its own; what the plan counts is divided among them. turn is the number of
	// one of them.
	courses, turn int
	// processes share the work of a course.
	processes int
	// random is how often one of them is ended at a random moment of at most
	// life, and points how often at each of the named ones.
	random, points int
	life           time.Duration
	// channels subscribe; there are at least so many stories in a course.
	channels, stories int
	// lost, failed, cut and limited are the shares of posts that are taken
	// without an answer or with an error for one, refused with 503, cut off
	// before they are taken, and answered with 429.
	lost, failed, cut, limited float64
	// forgetful says that Discord ignores nonces.
	forgetful bool
	// shards is how many the gateway asks for, each with five seconds between two
	// identifies; 0 means one, without a wait.
	shards int
}

// world is what stands around the program in one run.
type world struct {
	*sandbox.Server
	t        *testing.T
	ctx      context.Context
	p        plan
	outlet   *outlet
	channels []string
	site     string // the outlet's address
	file     string // the configuration
	dsn      string
	deaths   *deaths
	log      *journal
	store    *store.Store // beside the program, as operators look into it
	// readmitted is how often the feed was set aside.
	readmitted atomic.Int64
}

func newWorld(t *testing.T, p plan) *world {
	t.Helper()
	w := &world{t: t, ctx: t.Context(), p: p, deaths: newDeaths(p), log: &journal{}}
	limits := sandbox.Limits{
		IdentifyInterval: -1, SessionStarts: 1 << 20, Global: -1, InvalidRequests: -1,
		Routes: map[string]sandbox.Rate{"POST /channels/{channel_id}/messages": {}, "GET /gateway/bot": {}},
	}
	if p.shards > 0 {
		limits.Shards, limits.IdentifyInterval = p.shards, 0
	}
	if p.forgetful {
		limits.NonceWindow = -1
	}
	var err error
	w.Server, err = sandbox.New(sandbox.Options{Limits: limits, KeepRequests: -1})
	w.must(err)
	t.Cleanup(w.Server.Close)
	w.must(w.Start(w.ctx, "127.0.0.1:0"))
	room := w.AddGuild("Newsroom")
	for i := range p.channels {
		id, err := w.AddChannel(room, fmt.Sprint("news-", i), sandbox.Text)
		w.must(err)
		w.channels = append(w.channels, id)
	}
	w.addFaults()
	w.outlet = &outlet{wanted: w.more, changed: make(chan struct{})}
	site := httptest.NewServer(w.outlet)
	t.Cleanup(site.Close)
	w.site = site.URL
	w.configure(w.site)
	w.subscribe(room)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the last lines of the log:\n%s", w.log)
		}
	})
	return w
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// ahead is how many stories may be waiting for their first channels.
const ahead = 8

// more is how many stories to publish now that there are so many, all stored:
// some while somebody is still to die, since news are what most points wait
// for, and not more than channels take.
func (w *world) more(stories int) int {
	if stories >= w.p.stories && w.deaths.over() {
		return 0
	}
	told := 0
	for _, c := range w.channels[:min(len(w.channels), 4)] {
		told = max(told, len(w.Messages(c)))
	}
	if stories-told >= ahead {
		return 0
	}
	return 1 + stories%3
}

// addFaults lets posts go wrong, each by chance.
func (w *world) addFaults() {
	for _, f := range []struct {
		share float64
		fault sandbox.Fault
	}{
		{w.p.lost / 2, sandbox.Fault{Do: sandbox.CutAfter}},
		{w.p.lost / 2, sandbox.Fault{Do: sandbox.AnswerAfter, Status: http.StatusBadGateway}},
		{w.p.failed, sandbox.Fault{Do: sandbox.Answer, Status: http.StatusServiceUnavailable}},
		{w.p.cut, sandbox.Fault{Do: sandbox.Cut}},
		{w.p.limited, sandbox.Fault{Do: sandbox.LimitUser, RetryAfter: 100 * time.Millisecond}},
	} {
		if f.share > 0 {
			f.fault.Method, f.fault.Route = http.MethodPost, "/channels/{channel_id}/messages"
			f.fault.Match = func(sandbox.Exchange) bool { return rand.Float64() < f.share }
			w.AddFault(f.fault)
		}
	}
}

// configure writes the program's configuration. Nothing of a run may count as
// late or old, however long it takes.
func (w *world) configure(site string) {
	w.t.Helper()
	dir := w.t.TempDir()
	w.dsn = storetest.SQLite(w.t)
	if w.p.store != nil {
		w.dsn = w.p.store(w.t)
	}
	_, port, err := net.SplitHostPort(strings.TrimPrefix(site, "http://"))
	w.must(err)
	w.file = filepath.Join(dir, "attache.yaml")
	w.must(errors.Join(
		os.WriteFile(w.file, fmt.Appendf(nil, `
discord: {base_url: %q}
store: {path: %q}
poll: {tick: 1s, min_interval: 1s, max_interval: 1s, interval: 1s, timeout: 1s, host_gap: 0s}
network: {allow_private: [127.0.0.0/8], allow_ports: [%s]}
alerts: {max_age: 168h, late: 24h}
feeds: {file: feeds.yaml}
listen: off
`, w.URL(), w.dsn, port), 0o600),
		os.WriteFile(filepath.Join(dir, "feeds.yaml"), fmt.Appendf(nil,
			"sources:\n  - {id: wire, name: Example Wire, country: GB, language: en, tier: wire, feeds: [{url: %q, every: 1s}]}\n", site+"/feed"), 0o600),
	))
}

// subscribe makes the store and subscribes every channel.
func (w *world) subscribe(room string) {
	w.t.Helper()
	s, err := store.Open(w.ctx, store.Options{DSN: w.dsn, Logger: slog.New(slog.DiscardHandler)})
	w.must(err)
	w.must(s.Migrate(w.ctx))
	w.must(s.PutGuild(w.ctx, guild.Guild{ID: room, Name: "Newsroom", Joined: time.Now()}))
	for _, c := range w.channels {
		_, err := s.Subscribe(w.ctx, subscription.Subscription{Guild: room, Channel: c, Topic: "ceasefire", CreatedBy: "1", Created: time.Now()})
		w.must(err)
	}
	w.store = s
	ctx, stop := context.WithCancel(w.ctx)
	operator := make(chan struct{})
	go func() {
		defer close(operator)
		w.operate(ctx)
	}()
	w.t.Cleanup(func() {
		stop()
		<-operator
		w.must(s.Close())
	})
}

// operate does what operators do about a feed whose reading has ended the
// program twice in a row, which is then set aside: they readmit it. Here kills
// have done that, and not the feed.
func (w *world) operate(ctx context.Context) {
	look := time.NewTicker(time.Second)
	defer look.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-look.C:
		}
		feeds, err := w.store.FeedStatus(ctx)
		for _, f := range feeds {
			if f.State == feed.Quarantined {
				err = errors.Join(err, w.store.ReadmitFeed(ctx, f.ID, time.Now()))
				w.readmitted.Add(1)
			}
		}
		if err != nil && ctx.Err() == nil {
			w.t.Errorf("look after the feed: %v", err)
		}
	}
}

// tally is what a run came to.
type tally struct {
	random, points, deliveries    int
	readmitted                    int64
	missing, repeated, disordered int
	identifies, early             int
	took                          time.Duration
}

// harm is how often a promise was broken.
func (y tally) harm() int { return y.missing + y.repeated + y.disordered }

func (y tally) plus(o tally) tally {
	y.random, y.points, y.deliveries, y.readmitted = y.random+o.random, y.points+o.points, y.deliveries+o.deliveries, y.readmitted+o.readmitted
	y.identifies, y.early = y.identifies+o.identifies, y.early+o.early
	y.missing, y.repeated, y.disordered = y.missing+o.missing, y.repeated+o.repeated, y.disordered+o.disordered
	return y
}

func (y tally) String() string {
	return fmt.Sprintf("%d kills at random moments and %d at named ones, %d deliveries: %d missing, %d repeated, %d out of order; the feed was set aside %d times; %d identifies, %d of them too early; in %v",
		y.random, y.points, y.deliveries, y.missing, y.repeated, y.disordered, y.readmitted, y.identifies, y.early, y.took.Round(time.Second))
}

// count compares what every channel has got with what was published.
func (w *world) count() tally {
	stories, _ := w.outlet.count()
	y := tally{random: w.deaths.count(false), points: w.deaths.count(true), deliveries: stories * len(w.channels), readmitted: w.readmitted.Load()}
	y.identifies, _ = w.GatewayCounts()
	y.early = w.EarlyIdentifies()
	for _, c := range w.channels {
		times := make([]int, stories)
		latest := -1
		for _, m := range w.Messages(c) {
			i := -1
			if len(m.Embeds) > 0 {
				i = storyOf(m.Embeds[0].Title)
			}
			if i < 0 || i >= stories {
				w.t.Errorf("a message that nobody has ordered: %+v", m)
				continue
			}
			times[i]++
			if times[i] == 1 && i < latest {
				y.disordered++
			}
			latest = max(latest, i)
		}
		for _, n := range times {
			y.repeated += max(n-1, 0)
			if n == 0 {
				y.missing++
			}
		}
	}
	return y
}
