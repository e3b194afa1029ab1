package app_test

import (
	"context"
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/app"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/sandbox"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// globalLimit is Discord's: so many requests a second over all channels.
// https://docs.discord.com/developers/topics/rate-limits#global-rate-limit
const globalLimit = 50

// post is a message that the sandbox has taken.
type post struct {
	at      time.Time
	channel string
}

// postbox notes the posts to a sandbox, and the refusals for being too many.
type postbox struct {
	mu      sync.Mutex
	posts   []post
	limited int
	changed chan struct{}
}

func (p *postbox) observe(x sandbox.Exchange) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case x.Status == http.StatusTooManyRequests && !x.Faulty:
		p.limited++
	case x.Method == http.MethodPost && x.Route == "/channels/{channel_id}/messages" && x.Status == http.StatusOK:
		p.posts = append(p.posts, post{x.Time, strings.Split(x.Path, "/")[2]})
	default:
		return
	}
	close(p.changed)
	p.changed = make(chan struct{})
}

// wait waits until enough posts were taken.
func (p *postbox) wait(b *testing.B, enough func([]post) bool) []post {
	b.Helper()
	for {
		p.mu.Lock()
		posts, changed := slices.Clone(p.posts), p.changed
		p.mu.Unlock()
		if enough(posts) {
			return posts
		}
		select {
		case <-changed:
		case <-time.After(limit):
			b.Fatalf("nothing was posted for %v, after %d posts", limit, len(posts))
		}
	}
}

// benched is a sandbox with its real limits, and what a whole bot needs to run
// against it.
type benched struct {
	*sandbox.Server
	postbox  *postbox
	cfg      config.Config
	guild    string
	channels []string
}

func newBenched(b *testing.B, channels int) *benched {
	b.Helper()
	n := &benched{postbox: &postbox{changed: make(chan struct{})}, cfg: config.Default()}
	var err error
	n.Server, err = sandbox.New(sandbox.Options{KeepRequests: -1, Observe: n.postbox.observe})
	must(b, err)
	b.Cleanup(n.Close)
	must(b, n.Start(b.Context(), "127.0.0.1:0"))
	n.guild = n.AddGuild("Newsroom")
	for i := range channels {
		id, err := n.AddChannel(n.guild, fmt.Sprint("news-", i), sandbox.Text)
		must(b, err)
		n.channels = append(n.channels, id)
	}
	n.cfg.Discord.BaseURL = n.URL()
	n.cfg.Store.Path = filepath.Join(b.TempDir(), "attache.db")
	n.cfg.Listen = ""
	return n
}

// run runs a bot until the benchmark ends.
func (n *benched) run(b *testing.B, sources ...config.Source) (stop func()) {
	b.Helper()
	topics, err := builtInTopics()
	must(b, err)
	a, err := app.New(b.Context(), app.Options{
		Config: n.cfg, Token: config.NewSecret(n.Token()), Sources: sources, Topics: topics,
		Now: time.Now, Logger: slog.New(slog.DiscardHandler),
	})
	must(b, err)
	ctx, cancel := context.WithCancel(b.Context())
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	return func() {
		b.Helper()
		cancel()
		must(b, <-ended)
		must(b, a.Close())
	}
}

// ledger opens the bot's store beside it.
func (n *benched) ledger(b *testing.B) *store.Store {
	b.Helper()
	s, err := store.Open(b.Context(), store.Options{DSN: n.cfg.Store.Path, Logger: slog.New(slog.DiscardHandler)})
	must(b, err)
	must(b, s.Migrate(b.Context()))
	must(b, s.PutGuild(b.Context(), guild.Guild{ID: n.guild, Name: "Newsroom", Joined: time.Now()}))
	return s
}

// owe puts so many alerts into the ledger, one after the other for each channel
// in turn.
func (n *benched) owe(b *testing.B, alerts int) {
	b.Helper()
	ctx := b.Context()
	s := n.ledger(b)
	defer func() { must(b, s.Close()) }()
	now := time.Now()
	must(b, s.SyncFeeds(ctx, now, []feed.Feed{{URL: "https://wire.example/feed", Source: "wire", Every: time.Hour}}))
	feeds, err := s.ClaimDue(ctx, feed.Catalogue, now, 1, time.Hour)
	must(b, err)
	for round := 0; alerts > 0; round++ {
		told := report.Report{
			Source: "wire", Title: fmt.Sprintf("Truce number %d was signed in the harbour city", round), Link: fmt.Sprint("https://wire.example/", round),
			Language: "en", Published: now, Seen: now, Keys: []report.Key{report.Key(fmt.Sprint("id:", round))},
		}
		_, err := s.SavePoll(ctx, feed.Outcome{Feed: feeds[0], Result: feed.Changed, Reports: []report.Report{told}})
		must(b, err)
		unplaced, err := s.Unplaced(ctx, 1)
		must(b, err)
		here := n.channels[:min(alerts, len(n.channels))]
		must(b, s.SavePlacements(ctx, now, []pipeline.Placed{n.planned(unplaced[0], here)}))
		alerts -= len(here)
	}
}

// planned decides that a report opens a story that is told to channels.
func (n *benched) planned(r report.Report, channels []string) pipeline.Placed {
	st := story.Story{
		ID: story.ID(r.ID), Lead: r.ID, Title: r.Title, Language: r.Language,
		Opened: r.Seen, Updated: r.Seen, Reports: 1, Sources: 1, Revision: 1,
	}
	out := pipeline.Placed{Placement: story.Placement{Report: r.ID, Story: st, Opened: true, Reason: story.OpensNew}}
	for _, c := range channels {
		out.Alerts = append(out.Alerts, alert.Alert{Guild: n.guild, Channel: c, Story: st.ID, Planned: r.Seen, Content: alert.Content{
			Story: st.ID, Headline: r.Title, Summary: "Envoys of both sides put their names to it.", Link: r.Link, Time: r.Seen,
			Language: "en", Outlet: alert.Outlet{Name: "Example Wire"}, Topics: []alert.Topic{{ID: "ceasefire", Title: "Ceasefire", Stage: "agreed"}},
		}})
	}
	return out
}

// BenchmarkDeliveries brings alerts for a thousand channels to a Discord with
// its real limits, ten seconds' worth for each run: -benchtime 6x holds it for a
// minute. The floor is Discord's limit. No request may be refused for being one
// too many.
func BenchmarkDeliveries(b *testing.B) {
	const slice = 10 * globalLimit
	n := newBenched(b, 1_000)
	n.owe(b, slice*b.N)
	stop := n.run(b)
	posts := n.postbox.wait(b, func(p []post) bool { return len(p) >= slice*b.N })
	stop()
	rate := float64(len(posts)-1) / posts[len(posts)-1].at.Sub(posts[0].at).Seconds()
	b.ReportMetric(rate, "posts/s")
	b.ReportMetric(globalLimit, "floor")
	b.ReportMetric(rate/globalLimit, "ratio")
	b.ReportMetric(float64(n.postbox.limited), "429s")
	b.ReportMetric(0, "ns/op")
	if n.postbox.limited > 0 {
		b.Errorf("%d requests of %d a second were refused as too many", n.postbox.limited, int(rate))
	}
}

// BenchmarkSlowChannels brings the same alerts twice: to a hundred channels that
// all answer at once, and with troubled ones among them, which answer after five
// seconds, are limited for a minute or fail again and again. It prints how much
// later than in the quiet run the last and the most delayed of the others came.
func BenchmarkSlowChannels(b *testing.B) {
	for _, troubled := range []int{1, 20} {
		b.Run(fmt.Sprint("troubled=", troubled), func(b *testing.B) {
			const alerts = 300
			var worst, last time.Duration
			for range b.N {
				quiet := takings(b, alerts, troubled, false)
				slow := takings(b, alerts, troubled, true)
				for i := range quiet {
					worst = max(worst, slow[i]-quiet[i])
				}
				last = slow[len(slow)-1] - quiet[len(quiet)-1]
			}
			b.ReportMetric(worst.Seconds()*1e3, "worst-ms")
			b.ReportMetric(last.Seconds()*1e3, "last-ms")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// trouble makes the first few channels ones that others could wait for.
func (n *benched) trouble(channels int) {
	kinds := []sandbox.Fault{
		{Do: sandbox.Slow, Delay: 5 * time.Second},
		{Do: sandbox.LimitUser, RetryAfter: time.Minute},
		{Do: sandbox.Answer, Status: http.StatusBadGateway},
	}
	for i, id := range n.channels[:channels] {
		f := kinds[i%len(kinds)]
		f.Method, f.Route, f.Channel = http.MethodPost, "/channels/{channel_id}/messages", id
		n.AddFault(f)
	}
}

// takings are the times after the first at which the alerts of all channels but
// the first few were posted.
func takings(b *testing.B, alerts, except int, trouble bool) []time.Duration {
	b.Helper()
	n := newBenched(b, 100)
	n.owe(b, alerts)
	if trouble {
		n.trouble(except)
	}
	others := func(p []post) []post {
		return slices.DeleteFunc(slices.Clone(p), func(p post) bool { return slices.Contains(n.channels[:except], p.channel) })
	}
	want := alerts - alerts/len(n.channels)*except
	stop := n.run(b)
	posts := others(n.postbox.wait(b, func(p []post) bool { return len(others(p)) >= want }))
	stop()
	out := make([]time.Duration, len(posts))
	for i, p := range posts {
		out[i] = p.at.Sub(posts[0].at)
	}
	return out
}

// BenchmarkFeedToPost publishes news at an outlet that is polled every second
// and measures, for each, the time from the answer that brought it to the bot
// until Discord has the post; the poll itself is part of it.
func BenchmarkFeedToPost(b *testing.B) {
	const news = 20
	n := newBenched(b, 3)
	o := openOutlets(b)
	sources := n.pollEverySecond(o)
	n.subscribe(b, "ceasefire")
	stop := n.run(b, sources...)
	must(b, n.WaitOnline(b.Context()))
	o.waitTotal(b.Context(), b, "wire", 2)
	var times []time.Duration
	for i := range news * b.N {
		times = append(times, n.tell(b, o, i)...)
	}
	stop()
	slices.Sort(times)
	quantile := func(q float64) float64 {
		return times[int(math.Ceil(q*float64(len(times))))-1].Seconds() * 1e3
	}
	b.ReportMetric(quantile(0.5), "p50-ms")
	b.ReportMetric(quantile(0.99), "p99-ms")
	b.ReportMetric(0, "ns/op")
}

// pollEverySecond lets the bot read an outlet every second.
func (n *benched) pollEverySecond(o *outlets) []config.Source {
	news := o.address()
	n.cfg.Poll.Tick = time.Second
	n.cfg.Poll.MinInterval, n.cfg.Poll.Interval = time.Second/2, time.Second/2
	n.cfg.Network.AllowPrivate = append(n.cfg.Network.AllowPrivate, netip.PrefixFrom(news.Addr(), news.Addr().BitLen()))
	n.cfg.Network.AllowPorts = append(n.cfg.Network.AllowPorts, news.Port())
	o.add("wire")
	return []config.Source{{
		ID: "wire", Name: "Example Wire", Country: "GB", Language: "en", Tier: "wire", Where: "bench",
		Feeds: []config.Feed{{URL: "http://" + news.String() + "/wire", Every: time.Second / 2, Where: "bench"}},
	}}
}

// subscribe subscribes every channel to a topic.
func (n *benched) subscribe(b *testing.B, id topic.ID) {
	b.Helper()
	s := n.ledger(b)
	for _, c := range n.channels {
		_, err := s.Subscribe(b.Context(), subscription.Subscription{Guild: n.guild, Channel: c, Topic: id, CreatedBy: "1", Created: time.Now()})
		must(b, err)
	}
	must(b, s.Close())
}

// tell publishes one piece of news and returns how long each channel waited for
// it once it was handed out.
func (n *benched) tell(b *testing.B, o *outlets, i int) []time.Duration {
	b.Helper()
	// Titles that differ in their numbers only are different stories, however few
	// reports there are to compare with.
	o.publish("wire", item{
		title: fmt.Sprintf("Ceasefire agreed after %d rounds of talks between the armies", 13+i),
		text:  fmt.Sprintf("Both armies signed the ceasefire on day %d of the war.", 13+i),
	})
	before := i * len(n.channels)
	posts := n.postbox.wait(b, func(p []post) bool { return len(p) >= before+len(n.channels) })
	var out []time.Duration
	for _, p := range posts[before:] {
		out = append(out, p.at.Sub(o.firstServed("wire")))
	}
	return out
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}
