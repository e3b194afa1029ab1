package metrics

import (
	"context"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/attache-bot/attache/bot/gateway"
	"github.com/attache-bot/attache/bot/rest"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/feed"
)

// collectTimeout bounds the questions to the store of one request.
const collectTimeout = 5 * time.Second

// Store is what the store knows of itself.
type Store interface {
	// FeedStatus returns the feeds that are polled.
	FeedStatus(ctx context.Context) ([]feed.Feed, error)
	// Backlog returns what waits to be delivered.
	Backlog(ctx context.Context) (alert.Backlog, error)
	// Size returns the bytes on disk, and those of them in the log of changes.
	Size(ctx context.Context) (data, log int64, err error)
	// Failures counts failed transactions.
	Failures() (reads, writes int64)
}

// Discord is what the bot knows of its dealings with Discord.
type Discord interface {
	Gateway() gateway.Status
	REST() rest.Stats
}

// Sources are asked for what has a state.
type Sources struct {
	Store   Store
	Discord Discord
	// Loops returns how many seconds ago each loop turned, by name.
	Loops func() map[string]float64
	// Hubs returns how many requests of WebSub hubs there were, by what came of
	// them. It may be nil, and return nil where no hub can call.
	Hubs func() map[string]int64
	// LeftOut counts the lines of the log that were left out; it may be nil.
	LeftOut func() int64
}

// descs are the descriptions of what has a state.
type descs struct {
	feedUp, feedSuccess, feedReport, feeds *prometheus.Desc
	guildFeeds                             *prometheus.Desc
	waiting, oldest                        *prometheus.Desc
	size, storeErrors                      *prometheus.Desc
	shard, latency, sessions, dropped      *prometheus.Desc
	identifies, global, invalid            *prometheus.Desc
	limited, withheld, paused              *prometheus.Desc
	loops, hubs, leftOut                   *prometheus.Desc
}

func newDescs() descs {
	d := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(prometheus.BuildFQName(namespace, "", name), help, labels, nil)
	}
	return descs{
		feedUp:      d("feed_up", "Whether the last poll of a feed succeeded.", "source", "feed"),
		feedSuccess: d("feed_success_age_seconds", "How long ago a feed was last read.", "source", "feed"),
		feedReport:  d("feed_report_age_seconds", "How long ago the newest report of a feed appeared.", "source", "feed"),
		feeds:       d("feeds", "Feeds of the catalogue that are polled, by state.", "state"),
		guildFeeds:  d("guild_feeds", "Feeds that guilds have added for themselves, of all guilds together, by state.", "state"),
		waiting:     d("deliveries_open", "Deliveries that are not settled: they wait to be tried, or for their channel to be reachable.", "state"),
		oldest:      d("deliveries_oldest_age_seconds", "How long ago the oldest waiting delivery was decided; 0 when none waits."),
		size:        d("store_size_bytes", "Bytes on disk: data, and the log of changes where it is apart.", "part"),
		storeErrors: d("store_errors_total", "Transactions that the database failed.", "operation"),
		shard:       d("gateway_shard_state", "1 for the state that a shard is in.", "shard", "state"),
		latency:     d("gateway_heartbeat_seconds", "A shard's last heartbeat, there and back.", "shard"),
		sessions:    d("gateway_sessions_total", "Sessions that a shard began or resumed.", "shard", "kind"),
		dropped:     d("gateway_events_dropped_total", "Events of a shard that found its queue full.", "shard"),
		identifies:  d("discord_identifies_left", "Sessions that Discord lets the bot begin today, as it said last."),
		global:      d("discord_global_requests_left", "Requests that the global limit lets go at once."),
		invalid:     d("discord_invalid_requests_left", "Invalid requests that remain before Discord bans the address, of 10,000 in ten minutes."),
		limited:     d("discord_limited_total", "Answers 429 and blocks, by scope.", "scope"),
		withheld:    d("discord_withheld_total", "Requests that were not sent: limits would have held them too long, or too many were invalid.", "reason"),
		paused:      d("discord_pause_seconds", "How long all requests wait yet; 0 when they do not."),
		hubs:        d("hub_requests_total", "Requests of WebSub hubs, and of strangers at their address, by what came of them.", "outcome"),
		leftOut:     d("log_lines_left_out_total", "Warnings that the log left out, since one source brought the same about again and again."),
		loops:       d("loop_age_seconds", "How long ago a loop of the bot last turned.", "loop"),
	}
}

// stateCollector asks the sources at each scrape.
type stateCollector struct {
	metrics *Metrics
	sources Sources
	descs   descs
}

// Describe implements [prometheus.Collector].
func (c stateCollector) Describe(ch chan<- *prometheus.Desc) {
	d := c.descs
	for _, x := range []*prometheus.Desc{
		d.feedUp, d.feedSuccess, d.feedReport, d.feeds, d.guildFeeds, d.waiting, d.oldest, d.size, d.storeErrors, d.shard, d.latency,
		d.sessions, d.dropped, d.identifies, d.global, d.invalid, d.limited, d.withheld, d.paused, d.hubs, d.loops, d.leftOut,
	} {
		ch <- x
	}
}

// Collect implements [prometheus.Collector]. What cannot be read is left out:
// its absence says so, and the rest is told.
func (c stateCollector) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), collectTimeout)
	defer cancel()
	now := c.metrics.now()
	for what, f := range map[string]func(context.Context, time.Time, chan<- prometheus.Metric) error{
		"feeds": c.feeds, "backlog": c.backlog, "size": c.size,
	} {
		if err := f(ctx, now, ch); err != nil {
			c.metrics.log.WarnContext(ctx, "metrics are incomplete", "without", what, "error", err)
		}
	}
	reads, writes := c.sources.Store.Failures()
	ch <- prometheus.MustNewConstMetric(c.descs.storeErrors, prometheus.CounterValue, float64(reads), "read")
	ch <- prometheus.MustNewConstMetric(c.descs.storeErrors, prometheus.CounterValue, float64(writes), "write")
	c.gateway(ch)
	c.rest(now, ch)
	if c.sources.Hubs != nil {
		for outcome, n := range c.sources.Hubs() {
			ch <- prometheus.MustNewConstMetric(c.descs.hubs, prometheus.CounterValue, float64(n), outcome)
		}
	}
	if c.sources.LeftOut != nil {
		ch <- prometheus.MustNewConstMetric(c.descs.leftOut, prometheus.CounterValue, float64(c.sources.LeftOut()))
	}
	for name, age := range c.sources.Loops() {
		ch <- gauge(c.descs.loops, age, name)
	}
}

func gauge(d *prometheus.Desc, v float64, labels ...string) prometheus.Metric {
	return prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
}

func flag(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

func (c stateCollector) feeds(ctx context.Context, now time.Time, ch chan<- prometheus.Metric) error {
	feeds, err := c.sources.Store.FeedStatus(ctx)
	if err != nil {
		return err
	}
	states, guilds := map[feed.State]int{}, map[feed.State]int{}
	for _, f := range feeds {
		if f.Own { // who reads what is the guild's business, and there may be many
			guilds[f.State]++
			continue
		}
		states[f.State]++
		labels := []string{string(f.Source), strconv.FormatInt(int64(f.ID), 10)}
		ch <- gauge(c.descs.feedUp, flag(f.State.Answers()), labels...)
		if !f.Succeeded.IsZero() {
			ch <- gauge(c.descs.feedSuccess, max(now.Sub(f.Succeeded), 0).Seconds(), labels...)
		}
		if !f.Newest.IsZero() {
			ch <- gauge(c.descs.feedReport, max(now.Sub(f.Newest), 0).Seconds(), labels...)
		}
	}
	for _, s := range []feed.State{feed.New, feed.OK, feed.Stale, feed.Moved, feed.Failing, feed.Gone, feed.Quarantined} {
		ch <- gauge(c.descs.feeds, float64(states[s]), string(s))
		ch <- gauge(c.descs.guildFeeds, float64(guilds[s]), string(s))
	}
	return nil
}

func (c stateCollector) backlog(ctx context.Context, now time.Time, ch chan<- prometheus.Metric) error {
	b, err := c.sources.Store.Backlog(ctx)
	if err != nil {
		return err
	}
	ch <- gauge(c.descs.waiting, float64(b.Waiting), "waiting")
	ch <- gauge(c.descs.waiting, float64(b.Blocked), "blocked")
	age := 0.0
	if !b.Oldest.IsZero() {
		age = max(now.Sub(b.Oldest), 0).Seconds()
	}
	ch <- gauge(c.descs.oldest, age)
	return nil
}

func (c stateCollector) size(ctx context.Context, _ time.Time, ch chan<- prometheus.Metric) error {
	data, log, err := c.sources.Store.Size(ctx)
	if err != nil {
		return err
	}
	ch <- gauge(c.descs.size, float64(data-log), "data")
	ch <- gauge(c.descs.size, float64(log), "log")
	return nil
}

func (c stateCollector) gateway(ch chan<- prometheus.Metric) {
	st := c.sources.Discord.Gateway()
	if st.IdentifyLimit > 0 {
		ch <- gauge(c.descs.identifies, float64(st.Identifies))
	}
	for _, s := range st.Shards {
		shard := strconv.Itoa(s.Shard)
		for _, state := range []gateway.State{gateway.Connecting, gateway.Resuming, gateway.ReadyState, gateway.Waiting, gateway.Stopped} {
			ch <- gauge(c.descs.shard, flag(s.State == state), shard, string(state))
		}
		if s.Latency > 0 {
			ch <- gauge(c.descs.latency, s.Latency.Seconds(), shard)
		}
		ch <- prometheus.MustNewConstMetric(c.descs.sessions, prometheus.CounterValue, float64(s.Identified), shard, "identified")
		ch <- prometheus.MustNewConstMetric(c.descs.sessions, prometheus.CounterValue, float64(s.Resumed), shard, "resumed")
		ch <- prometheus.MustNewConstMetric(c.descs.dropped, prometheus.CounterValue, float64(s.Dropped), shard)
	}
}

func (c stateCollector) rest(now time.Time, ch chan<- prometheus.Metric) {
	s := c.sources.Discord.REST()
	ch <- gauge(c.descs.global, float64(s.GlobalLeft))
	ch <- gauge(c.descs.invalid, float64(max(rest.InvalidLimit-s.Invalid, 0)))
	ch <- gauge(c.descs.paused, max(s.PausedUntil.Sub(now), 0).Seconds())
	for scope, n := range s.Limited {
		ch <- prometheus.MustNewConstMetric(c.descs.limited, prometheus.CounterValue, float64(n), string(scope))
	}
	ch <- prometheus.MustNewConstMetric(c.descs.withheld, prometheus.CounterValue, float64(s.Held), "limit")
	ch <- prometheus.MustNewConstMetric(c.descs.withheld, prometheus.CounterValue, float64(s.Refused), "invalid-requests")
}
