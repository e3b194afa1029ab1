package feed_test

import (
	"context"
	"crypto/tls"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"path/filepath"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/feed/fetch"
	"github.com/attache-bot/attache/internal/feed/parse"
	"github.com/attache-bot/attache/internal/sharedtest"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/store"
)

var benchFeeds = flag.Int("feeds", 1000, "how many feeds BenchmarkPoll polls, each of a host of its own")

// benchPlaces is how many feeds are polled at once, as the settings have it.
const benchPlaces = 16

// maxBareIdle is how many idle connections the bare client keeps.
const maxBareIdle = 64

// BenchmarkPoll polls feeds once, each of a host of its own, through the real
// poller, fetcher, parser and store, and reports feeds/s beside those of a bare
// net/http client ("floor") which asks the same server for the same documents,
// as many at once, and reads them. The server is a process of its own on the
// same machine; peak-MB is the most memory that the polling process held. A
// first import also stores ten reports a feed, which the floor does not. In full:
//
//	go test ./internal/feed -run '^$' -bench Poll -benchtime 1x -feeds 10000
func BenchmarkPoll(b *testing.B) {
	for _, encrypted := range []bool{false, true} {
		name := "plain"
		if encrypted {
			name = "tls"
		}
		b.Run(name, func(b *testing.B) {
			hosts := *benchFeeds
			server := startServer(b, hosts, encrypted)
			p := &benchPoller{dir: b.TempDir(), server: server, hosts: hosts, clock: &clock{now: noon}}
			b.Cleanup(func() { p.close(b) })
			for _, phase := range []struct {
				name        string
				conditional bool
				want        feed.Result
			}{
				{"first", false, feed.Changed},
				{"unchanged", false, feed.SameBody},
				{"304", true, feed.NotModified},
			} {
				b.Run(phase.name, func(b *testing.B) {
					if phase.want != feed.Changed && p.poller == nil {
						server.honour(b, false)
						p.renew(b)
						p.round(b, feed.Changed)
					}
					server.honour(b, phase.conditional)
					b.ResetTimer()
					floor, figure := time.Duration(0), time.Duration(0)
					peak := 0.0
					for range b.N {
						if phase.want == feed.Changed {
							p.renew(b)
						}
						b.StopTimer()
						floor += bareRead(b, server, hosts, phase.conditional)
						debug.FreeOSMemory() // the peak is the polling's
						sharedtest.ResetPeak()
						b.StartTimer()
						figure += p.round(b, phase.want)
						peak = max(peak, sharedtest.Peak())
					}
					n := float64(b.N * hosts)
					b.ReportMetric(n/figure.Seconds(), "feeds/s")
					b.ReportMetric(n/floor.Seconds(), "floor")
					b.ReportMetric(floor.Seconds()/figure.Seconds(), "ratio")
					b.ReportMetric(peak, "peak-MB")
					b.ReportMetric(0, "ns/op")
				})
			}
		})
	}
}

// countedConn tells when it is closed.
type countedConn struct {
	net.Conn
	closed func()
}

func (c countedConn) Close() error {
	defer c.closed()
	return c.Conn.Close()
}

// bareRead reads every feed with net/http alone. Its connections are closed when
// it returns.
func bareRead(b *testing.B, s *benchServer, hosts int, conditional bool) time.Duration {
	b.Helper()
	var open sync.WaitGroup
	defer open.Wait()
	var rt *http.Transport
	var dialled atomic.Int64
	dial := func(ctx context.Context, network, addr string) (net.Conn, error) {
		c, err := (&net.Dialer{}).DialContext(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		open.Add(1)
		// MaxIdleConns does not hold for HTTP/2: each host's connection would stay. With
		// HTTP/1 it does, and a connection that is just taken up again would be closed.
		if s.roots != nil && dialled.Add(1)%maxBareIdle == 0 {
			rt.CloseIdleConnections()
		}
		return countedConn{c, sync.OnceFunc(open.Done)}, nil
	}
	rt = &http.Transport{
		DialContext:     dial,
		TLSClientConfig: &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: s.roots},
		MaxIdleConns:    maxBareIdle, MaxIdleConnsPerHost: 1, ForceAttemptHTTP2: true,
	}
	defer rt.CloseIdleConnections()
	client := &http.Client{Transport: rt}
	var next atomic.Int64
	var all sync.WaitGroup
	start := time.Now()
	for range benchPlaces {
		all.Go(func() {
			for i := next.Add(1) - 1; i < int64(hosts); i = next.Add(1) - 1 {
				if err := bareGet(b.Context(), client, s.url(int(i)), conditional); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	all.Wait()
	return time.Since(start)
}

func bareGet(ctx context.Context, c *http.Client, url string, conditional bool) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	if conditional {
		r.Header.Set("If-None-Match", `"1"`)
	}
	resp, err := c.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.ReadAll(resp.Body)
	return err
}

// benchPoller is a poller on a clock that goes from one round to the next.
type benchPoller struct {
	// dir outlives the benchmarks that share its store.
	dir    string
	stores int
	server *benchServer
	hosts  int
	store  *store.Store
	client *fetch.Client
	poller *feed.Poller
	clock  *clock
	counts [4]atomic.Int64
	other  atomic.Pointer[feed.Outcome]
}

func (p *benchPoller) close(b *testing.B) {
	b.Helper()
	if p.store != nil {
		p.client.Close()
		check(b, p.store.Close())
	}
}

// renew begins with an empty store.
func (p *benchPoller) renew(b *testing.B) {
	b.Helper()
	b.StopTimer()
	defer b.StartTimer()
	p.stores++
	dsn := filepath.Join(p.dir, fmt.Sprint(p.stores, ".db"))
	s, err := store.Open(b.Context(), store.Options{DSN: dsn, Logger: slog.New(slog.DiscardHandler)})
	check(b, err)
	check(b, s.Migrate(b.Context()))
	p.close(b)
	p.store = s
	feeds := make([]feed.Feed, p.hosts)
	for i := range feeds {
		feeds[i] = feed.Feed{URL: p.server.url(i), Source: source.ID(fmt.Sprint("s", i)), Every: every}
	}
	check(b, p.store.SyncFeeds(b.Context(), p.clock.Now(), feeds))
	p.client, err = fetch.New(fetch.Options{
		UserAgent: "benchmark", AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")},
		AllowPorts: []uint16{p.server.port}, RootCAs: p.server.roots, Logger: slog.New(slog.DiscardHandler),
	})
	check(b, err)
	parser, err := parse.New(parse.Options{})
	check(b, err)
	p.poller, err = feed.NewPoller(s, p.client, parser, feed.Options{
		Pace: feed.Pace{Min: time.Minute, Max: every, MaxBackoff: 6 * time.Hour}, Concurrency: benchPlaces, PerHost: 1, Lease: 5 * time.Minute,
		Now: p.clock.Now, Logger: slog.New(slog.DiscardHandler), Language: func(source.ID) string { return "en" },
		Polled: p.count,
	})
	check(b, err)
}

var benchResults = [...]feed.Result{feed.Changed, feed.SameBody, feed.NotModified}

func (p *benchPoller) count(o feed.Outcome) {
	for i, r := range benchResults {
		if o.Result == r {
			p.counts[i].Add(1)
			return
		}
	}
	p.other.Store(&o)
}

// round polls every feed once.
func (p *benchPoller) round(b *testing.B, want feed.Result) time.Duration {
	b.Helper()
	p.clock.advance(2 * every)
	for i := range p.counts {
		p.counts[i].Store(0)
	}
	start := time.Now()
	p.poller.Tick(b.Context())
	p.poller.Wait()
	took := time.Since(start)
	for i, r := range benchResults {
		if r == want && p.counts[i].Load() != int64(p.hosts) {
			b.Fatalf("%d of %d feeds came to %s; another outcome: %+v", p.counts[i].Load(), p.hosts, want, p.other.Load())
		}
	}
	return took
}
