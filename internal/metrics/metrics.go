package metrics

import (
	"cmp"
	"log/slog"
	"net/http"
	"runtime"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/phrase"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/report"
)

const namespace = "attache"

// Options are what metrics are made from.
type Options struct {
	// Version and Commit name the build.
	Version, Commit string
	// Sources are asked when Prometheus asks.
	Sources Sources
	Now     func() time.Time
	Logger  *slog.Logger
}

// Metrics count what happens. It is safe for concurrent use.
type Metrics struct {
	now      func() time.Time
	log      *slog.Logger
	registry *prometheus.Registry

	polls        *prometheus.CounterVec
	pollTime     prometheus.Histogram
	reports      prometheus.Counter
	lag          prometheus.Histogram
	matches      *prometheus.CounterVec
	placements   *prometheus.CounterVec
	decisions    *prometheus.CounterVec
	delay        prometheus.Histogram
	deliveries   *prometheus.CounterVec
	folded       prometheus.Counter
	publications *prometheus.CounterVec
	phrasings    *prometheus.CounterVec
	requests     *prometheus.CounterVec
	requestTime  prometheus.Histogram
	deleted      *prometheus.CounterVec
	upkeepFailed prometheus.Counter
	upkept       prometheus.Gauge
}

// The steps of the histograms, in seconds. Reports wait for the next poll, so
// their lag is a matter of minutes; an alert should be out within seconds.
var (
	requestSteps = []float64{.05, .1, .25, .5, 1, 2.5, 5, 10, 20}
	delaySteps   = []float64{.25, .5, 1, 2, 5, 10, 30, 60, 300, 1800, 3600, 21600}
	lagSteps     = []float64{10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 21600, 86400}
)

// New returns metrics with a registry of their own.
func New(o Options) *Metrics {
	m := &Metrics{
		now: o.Now, log: o.Logger.With("component", "metrics"), registry: prometheus.NewRegistry(),

		polls:        counters("polls_total", "Polls of feeds, by result: changed, not-modified, same-body, postponed, stopped, or why they failed.", "result"),
		pollTime:     histogram("poll_duration_seconds", "How long fetching and reading a feed took.", requestSteps),
		reports:      counter("reports_stored_total", "New reports that polls brought."),
		lag:          histogram("report_lag_seconds", "From a report's date to when the bot read it, without first imports.", lagSteps),
		matches:      counters("matches_total", "Topics recognised in reports.", "topic"),
		placements:   counters("reports_placed_total", "Reports placed into stories, by reason: new opened a story, the others joined one.", "reason"),
		decisions:    counters("alert_decisions_total", "Decisions for channels that wanted a report, by verdict: first-of-story is an alert, the others stay quiet.", "verdict"),
		delay:        histogram("alert_delay_seconds", "From when the bot read a report (after a gap: from its date) to when its alert was posted.", delaySteps),
		deliveries:   counters("deliveries_total", "Tries of deliveries, by outcome and reason; pending ones are tried again.", "outcome", "reason"),
		publications: counters("publications_total", "Tries of publishing alerts of announcement channels, by outcome and reason; waits ones are tried again.", "outcome", "reason"),
		phrasings:    counters("phrasings_total", "Tries of having a summary put by a language model, by reason: accepted is told, kept changed nothing, the others were refused or failed.", "reason"),
		folded:       counter("alerts_folded_total", "Late alerts that a catch-up line stands for."),
		requests:     counters("discord_requests_total", "Requests to Discord by route and status; status 0 is no answer.", "route", "status"),
		requestTime:  histogram("discord_request_duration_seconds", "How long Discord took to answer.", requestSteps),
		deleted:      counters("upkeep_deleted_total", "Old rows that upkeep deleted, by kind.", "kind"),
		upkeepFailed: counter("upkeep_failures_total", "Runs of upkeep that failed."),
		upkept: prometheus.NewGauge(prometheus.GaugeOpts{
			Namespace: namespace, Name: "upkeep_last_success_timestamp_seconds", Help: "When upkeep last finished; 0 before the first time.",
		}),
	}
	m.registry.MustRegister(
		m.polls, m.pollTime, m.reports, m.lag, m.matches, m.placements, m.decisions, m.delay, m.deliveries, m.folded, m.publications, m.phrasings,
		m.requests, m.requestTime, m.deleted, m.upkeepFailed, m.upkept,
		buildInfo(o), collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		stateCollector{metrics: m, sources: o.Sources, descs: newDescs()},
	)
	return m
}

// Handler answers Prometheus.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		ErrorHandling: promhttp.ContinueOnError, Registry: m.registry,
		MaxRequestsInFlight: 2, Timeout: collectTimeout + time.Second,
	})
}

// Polled counts a poll.
func (m *Metrics) Polled(o feed.Outcome) {
	m.polls.WithLabelValues(string(o.Result)).Inc()
	if o.Took > 0 {
		m.pollTime.Observe(o.Took.Seconds())
	}
}

// Added counts new reports.
func (m *Metrics) Added(reports int) { m.reports.Add(float64(reports)) }

// Placed counts a report that was placed.
func (m *Metrics) Placed(r report.Report, p pipeline.Placed) {
	m.placements.WithLabelValues(string(p.Placement.Reason.Rule())).Inc()
	if !r.Published.IsZero() && r.Hush == "" {
		m.lag.Observe(max(r.Seen.Sub(r.Published), 0).Seconds())
	}
	for _, t := range p.Placement.Matches {
		m.matches.WithLabelValues(string(t.Topic)).Inc()
	}
	if len(p.Alerts) > 0 {
		m.decisions.WithLabelValues(string(alert.Alerts)).Add(float64(len(p.Alerts)))
	}
	for _, q := range p.Quiet {
		m.decisions.WithLabelValues(string(q.Verdict)).Add(float64(q.Channels))
	}
}

// Settled counts a try of a delivery.
func (m *Metrics) Settled(d alert.Delivery, s alert.Settlement) {
	m.deliveries.WithLabelValues(string(s.State), string(cmp.Or(s.Reason, "none"))).Inc()
	if s.State == alert.Sent && d.Kind == alert.Post && !d.Waits.IsZero() {
		m.delay.Observe(max(m.now().Sub(d.Waits), 0).Seconds())
	}
}

// Folded counts late alerts that were held back.
func (m *Metrics) Folded(alerts int) { m.folded.Add(float64(alerts)) }

// Published counts a try of publishing an alert.
func (m *Metrics) Published(_ alert.Publication, s alert.PublishSettlement) {
	m.publications.WithLabelValues(string(s.Outcome), s.Reason).Inc()
}

// Phrased counts a try of having a summary put by a language model.
func (m *Metrics) Phrased(s phrase.Settlement) { m.phrasings.WithLabelValues(string(s.Reason)).Inc() }

// Answered counts a request to Discord. The route is a template.
func (m *Metrics) Answered(route string, status int, took time.Duration) {
	label := strconv.Itoa(status)
	if status != 0 && http.StatusText(status) == "" && (status < 520 || status > 530) { // Cloudflare's own
		label = "other"
	}
	m.requests.WithLabelValues(route, label).Inc()
	m.requestTime.Observe(max(took, 0).Seconds())
}

// Deleted counts rows that upkeep deleted.
func (m *Metrics) Deleted(kind string, rows int) { m.deleted.WithLabelValues(kind).Add(float64(rows)) }

// Upkept notes the end of a run of upkeep.
func (m *Metrics) Upkept(err error) {
	if err != nil {
		m.upkeepFailed.Inc()
		return
	}
	m.upkept.Set(float64(m.now().Unix()))
}

func counter(name, help string) prometheus.Counter {
	return prometheus.NewCounter(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help})
}

func counters(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: namespace, Name: name, Help: help}, labels)
}

func histogram(name, help string, steps []float64) prometheus.Histogram {
	return prometheus.NewHistogram(prometheus.HistogramOpts{Namespace: namespace, Name: name, Help: help, Buckets: steps})
}

func buildInfo(o Options) prometheus.Collector {
	g := prometheus.NewGauge(prometheus.GaugeOpts{
		Namespace: namespace, Name: "build_info", Help: "What runs; always 1.",
		ConstLabels: prometheus.Labels{"version": o.Version, "commit": o.Commit, "go_version": runtime.Version()},
	})
	g.Set(1)
	return g
}
