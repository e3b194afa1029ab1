package app

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/feed/parse"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/sandbox"
	"github.com/attache-bot/attache/internal/sandbox/contract"
	"github.com/attache-bot/attache/internal/sharedtest"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// archive serves real feeds as they were captured, one capture after the
// other, and is the clock of the time that they were captured at.
type archive struct {
	t     *testing.T
	dirs  []string
	count int // captures of each feed

	mu      sync.Mutex
	at      int            // the capture that is served
	base    time.Time      // when it was captured
	shown   time.Time      // since when it is served
	asked   map[string]int // requests for each feed since the capture changed
	request chan struct{}
}

func openArchive(t *testing.T, pattern string) *archive {
	t.Helper()
	dirs, err := filepath.Glob(filepath.Join(sharedtest.Path(t, "data", "feeds"), pattern))
	if err != nil || len(dirs) == 0 {
		t.Fatalf("no feeds %s: %v", pattern, err)
	}
	a := &archive{t: t, dirs: dirs, request: make(chan struct{}, 1)}
	captures, err := filepath.Glob(filepath.Join(dirs[0], "*.xml"))
	if err != nil {
		t.Fatal(err)
	}
	a.count = len(captures)
	return a
}

// hint is what asks readers to come back later: the test does not wait that long.
var hint = regexp.MustCompile(`<(ttl|sy:update\w+|skipHours|skipDays)>[\s\S]*?</(ttl|sy:update\w+|skipHours|skipDays)>`)

var dateElement = regexp.MustCompile(`<(?:lastBuildDate|pubDate)>([^<]+)<`)

// show serves the nth capture of every feed, at the time of the newest of them.
func (a *archive) show(n int) {
	a.t.Helper()
	var newest time.Time
	for _, dir := range a.dirs {
		for _, m := range dateElement.FindAllStringSubmatch(string(a.read(dir, n)), -1) {
			if at, ok := parse.Date(m[1]); ok && at.After(newest) && at.Year() < 2027 {
				newest = at
			}
		}
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if now := a.nowLocked(); newest.Before(now) {
		newest = now
	}
	a.at, a.asked = n, map[string]int{}
	a.base, a.shown = newest.Add(time.Minute), time.Now()
}

func (a *archive) read(dir string, n int) []byte {
	a.t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, fmt.Sprintf("%02d.xml", n+1)))
	if err != nil {
		a.t.Fatal(err)
	}
	return hint.ReplaceAll(b, nil)
}

// clock goes on from the time of the capture that is served.
func (a *archive) clock() time.Time {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.nowLocked()
}

func (a *archive) nowLocked() time.Time { return a.base.Add(time.Since(a.shown)) }

func (a *archive) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	i, err := strconv.Atoi(strings.Trim(r.URL.Path, "/"))
	if err != nil || i >= len(a.dirs) {
		http.NotFound(w, r)
		return
	}
	a.mu.Lock()
	n := a.at
	a.asked[r.URL.Path]++
	a.mu.Unlock()
	select {
	case a.request <- struct{}{}:
	default:
	}
	w.Header().Set("Content-Type", "application/rss+xml")
	if _, err := w.Write(a.read(a.dirs[i], n)); err != nil {
		a.t.Logf("serve capture: %v", err)
	}
}

// settled waits until every feed was read twice since the last capture, all
// reports are placed and all deliveries made.
func (a *archive) settled(ctx context.Context, s *store.Store) {
	a.t.Helper()
	for {
		select {
		case <-ctx.Done():
			a.t.Fatalf("capture %d did not settle: %v", a.at+1, ctx.Err())
		case <-a.request:
		}
		a.mu.Lock()
		read := len(a.asked) == len(a.dirs)
		for _, n := range a.asked {
			read = read && n >= 3
		}
		a.mu.Unlock()
		if read && a.quiet(ctx, s) {
			return
		}
	}
}

func (a *archive) quiet(ctx context.Context, s *store.Store) bool {
	a.t.Helper()
	waiting, err := s.Unplaced(ctx, 1)
	if err != nil {
		a.t.Fatal(err)
	}
	ds, err := s.Deliveries(ctx, store.DeliveryQuery{})
	if err != nil {
		a.t.Fatal(err)
	}
	for _, d := range ds {
		if d.State == alert.Pending || d.State == alert.Sending {
			return false
		}
	}
	return len(waiting) == 0
}

// TestRealFeedsAdvance polls real feeds over HTTP while they change, with a
// channel that wants every topic, and goes round once more from the first
// capture: nothing old is posted, nothing twice, and something new is.
func TestRealFeedsAdvance(t *testing.T) {
	t.Parallel()
	if raceEnabled {
		t.Skip("SQLite is twenty times slower under the race detector: .ci/run has a step without it")
	}
	for _, c := range []struct {
		pattern string
		atLeast int
	}{{"*-2026-08", 3}, {"*-2020", 3}} {
		t.Run(c.pattern, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
			defer cancel()
			a := openArchive(t, c.pattern)
			a.show(0)
			discord, channel, bot := a.newsroom(ctx)
			running, stop := context.WithCancel(ctx)
			ended := make(chan error, 1)
			go func() { ended <- bot.Run(running) }()

			a.settled(ctx, bot.store)
			if ms := discord.Messages(channel); len(ms) > 0 {
				t.Errorf("the first import posted %d messages, the first is %q", len(ms), ms[0].Embeds[0].Title)
			}
			for n := 1; n < a.count; n++ {
				a.show(n)
				a.settled(ctx, bot.store)
			}
			told := len(discord.Messages(channel))
			a.show(0) // the feeds go back to what they held at first
			a.settled(ctx, bot.store)
			stop()
			if err := <-ended; err != nil {
				t.Error(err)
			}
			if again := len(discord.Messages(channel)); again != told {
				t.Errorf("%d messages for reports that were known", again-told)
			}
			a.judge(discord.Messages(channel), c.atLeast)
		})
	}
}

// judge checks that no two messages say the same.
func (a *archive) judge(ms []*sandbox.Message, atLeast int) {
	a.t.Helper()
	seen := map[string]bool{}
	alerts := 0
	for _, m := range ms {
		if m.MessageReference != nil {
			a.t.Logf("reply: %s", m.Content)
			continue
		}
		alerts++
		e := m.Embeds[0]
		for _, key := range []string{e.Title, e.URL} {
			if key != "" && seen[key] {
				a.t.Errorf("told twice: %s", key)
			}
			seen[key] = true
		}
		a.t.Logf("%s | %+v", e.Title, e.Fields)
	}
	if alerts < atLeast {
		a.t.Errorf("%d alerts, want at least %d", alerts, atLeast)
	}
}

// newsroom builds a sandbox with one channel that wants every topic, and a bot
// that reads the archive.
func (a *archive) newsroom(ctx context.Context) (discord *sandbox.Server, channel string, bot *App) {
	a.t.Helper()
	must := func(err error) {
		a.t.Helper()
		if err != nil {
			a.t.Fatal(err)
		}
	}
	c, err := contract.Load(sharedtest.Path(a.t, "discord", "openapi.json"))
	must(err)
	discord, err = sandbox.New(sandbox.Options{Observe: c.Watch(func(err error) { a.t.Error(err) })})
	must(err)
	a.t.Cleanup(discord.Close)
	must(discord.Start(ctx, "127.0.0.1:0"))
	g := discord.AddGuild("Newsroom")
	channel, err = discord.AddChannel(g, "everything", sandbox.Text)
	must(err)

	news := httptest.NewServer(a)
	a.t.Cleanup(news.Close)
	u, err := url.Parse(news.URL)
	must(err)
	addr, err := netip.ParseAddrPort(u.Host)
	must(err)
	cfg, err := demoConfig(discord.URL(), filepath.Join(a.t.TempDir(), "attache.db"), addr)
	must(err)
	cfg.Poll.MaxInterval = time.Second                                  // whatever the tempo of captures that are hours apart
	cfg.Alerts.MaxAge, cfg.Alerts.Late = 7*24*time.Hour, 7*24*time.Hour // captures are hours apart
	catalogue, err := config.LoadSources(config.Feeds{})
	must(err)
	var sources []config.Source
	for i, dir := range a.dirs {
		name, _, _ := strings.Cut(filepath.Base(dir), "-")
		sources = append(sources, captured(catalogue, name, news.URL+"/"+strconv.Itoa(i)))
	}
	for _, s := range catalogue {
		if len(s.Feeds) == 0 {
			sources = append(sources, s) // the wires that the others carry
		}
	}
	topics, err := topic.Load(config.BuiltInTopics())
	must(err)
	bot, err = New(ctx, Options{Config: cfg, Token: config.NewSecret(discord.Token()), Sources: sources, Topics: topics, Now: a.clock, Logger: slog.New(slog.DiscardHandler)})
	must(err)
	a.t.Cleanup(func() { must(bot.Close()) })
	must(bot.store.PutGuild(ctx, guild.Guild{ID: g, Name: "Newsroom", Joined: a.clock()}))
	for _, d := range topics.Definitions() {
		_, err := bot.store.Subscribe(ctx, subscription.Subscription{Guild: g, Channel: channel, Topic: d.ID, CreatedBy: "1", Created: a.clock()})
		must(err)
	}
	return discord, channel, bot
}

// captured is the source of the catalogue whose feed was captured under name, with
// a feed at address alone.
func captured(catalogue []config.Source, name, address string) config.Source {
	id := name
	switch name {
	case "aljazeera":
		id = "al-jazeera"
	case "bbc_world":
		id = "bbc"
	}
	feeds := []config.Feed{{URL: address, Every: time.Second, Where: "test"}}
	i := slices.IndexFunc(catalogue, func(s config.Source) bool { return s.ID == id })
	if i < 0 { // CNN's feeds have not been kept up since, so that it has no place there
		return config.Source{ID: id, Name: name, Country: "US", Language: "en", Tier: "national", Where: "test", Feeds: feeds}
	}
	s := catalogue[i]
	s.Feeds = feeds
	return s
}
