package query_test

import (
	"flag"
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/query"
	"github.com/attache-bot/attache/internal/text"
)

var mostRules = flag.Int("rules", 1_000_000, "how many rules the largest benchmark of the index has")

// writeRules writes n rules.
func writeRules(w *writer, n int) []string {
	out := make([]string, 0, n)
	for len(out) < n {
		s := w.rule()
		if _, err := query.Parse(s); err == nil {
			out = append(out, s)
		}
	}
	return out
}

// additions are how long additions took, in order of time: own is the work on the
// adding thread alone, wall what passed meanwhile. Calm are the own times of those that
// met no page of memory for the first time and gave way to no other thread. Interrupts
// and what a virtual machine's host takes still count as the thread's work; how often
// they come tells floor, the own times of work of the same size that only computes.
type additions struct{ own, wall, calm, floor []time.Duration }

func newAdditions(n int) additions {
	return additions{
		own:   make([]time.Duration, 0, n),
		wall:  make([]time.Duration, 0, n),
		calm:  make([]time.Duration, 0, n),
		floor: make([]time.Duration, 0, n),
	}
}

// time adds how long one addition takes.
func (a *additions) time(add func()) {
	times, began, busy := disturbed(), time.Now(), worked()
	add()
	own, wall := worked()-busy, time.Since(began)
	a.own, a.wall = append(a.own, own), append(a.wall, wall)
	if disturbed() == times {
		a.calm = append(a.calm, own)
	}
	times, busy = disturbed(), worked()
	compute()
	if own = worked() - busy; disturbed() == times {
		a.floor = append(a.floor, own)
	}
}

// compute takes about as long as most additions, and needs no memory.
func compute() {
	const rounds = 500
	for range rounds {
		computed = text.Hash(work)
	}
}

var (
	computed uint64 // keeps the compiler from leaving the computing out
	work     = []byte("armistice")
)

// late is the time below which an addition is to stay, at any size of the index.
const late = 100 * time.Microsecond

func (a *additions) report(b *testing.B) {
	for _, of := range []struct {
		what  string
		times []time.Duration
	}{{"", a.wall}, {"own-", a.own}, {"calm-", a.calm}, {"floor-", a.floor}} {
		n := len(of.times)
		if n == 0 {
			continue
		}
		slices.Sort(of.times)
		µs := func(i int) float64 { return float64(of.times[i].Nanoseconds()) / 1e3 }
		b.ReportMetric(µs(n/2), of.what+"add-µs")
		b.ReportMetric(µs(n*999/1000), "slow-"+of.what+"add-µs")
		b.ReportMetric(µs(n-1), "slowest-"+of.what+"add-µs")
		first, _ := slices.BinarySearch(of.times, late)
		b.ReportMetric(float64(n-first), "late-"+of.what+"adds")
	}
}

// standing makes an index of the rules and returns it with the bytes that it
// takes and how long the additions took.
func standing(b *testing.B, sample []query.Doc, rules []string) (x *query.Index, bytes int64, took additions) {
	b.Helper()
	runtime.LockOSThread() // worked counts a thread's time
	defer runtime.UnlockOSThread()
	heap := func() int64 {
		runtime.GC()
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	frequencies := query.Count(slices.Values(sample))
	took = newAdditions(len(rules))
	before := heap()
	x = query.NewIndex(frequencies)
	for i, s := range rules {
		q, err := query.Parse(s)
		if err != nil {
			b.Fatal(err)
		}
		took.time(func() { x.Add(query.ID(i), q) })
	}
	bytes = heap() - before
	return x, bytes, took
}

// plain is how long the plain evaluator takes for a report, over all rules and a
// few reports. Rules are parsed some at a time: as trees they take much memory.
func plain(b *testing.B, rules []string, docs []query.Doc) time.Duration {
	b.Helper()
	texts := make([]query.Text, len(docs))
	for i, d := range docs {
		texts[i].Read(d)
	}
	var sum time.Duration
	var some []query.Query
	for part := range slices.Chunk(rules, 5000) {
		some = some[:0]
		for _, s := range part {
			q, err := query.Parse(s)
			if err != nil {
				b.Fatal(err)
			}
			some = append(some, q)
		}
		began := time.Now()
		for i := range texts {
			for _, q := range some {
				q.Match(&texts[i])
			}
		}
		sum += time.Since(began)
	}
	return sum / time.Duration(len(docs))
}

// BenchmarkIndex matches real reports against 1 to 1,000,000 rules that were
// written from the same news. The floor, measured in turns with it, is cutting the
// same reports into tokens.
func BenchmarkIndex(b *testing.B) {
	docs := replay(b, "replay-2023-06.jsonl.gz")
	w := newWriter(docs, 42)
	var rules []string
	for n := 1; n <= *mostRules; n *= 10 {
		rules = append(rules, writeRules(w, n-len(rules))...)
		b.Run(fmt.Sprintf("rules=%d", n), func(b *testing.B) { benchmarkIndex(b, docs, rules[:n:n]) })
	}
}

// pace is how long some reports took at best: to be cut into tokens, and to be
// read and matched.
type pace struct{ floor, full time.Duration }

func (p *pace) keep(floor, full time.Duration) {
	if p.full == 0 {
		p.floor, p.full = floor, full
	}
	p.floor, p.full = min(p.floor, floor), min(p.full, full)
}

func benchmarkIndex(b *testing.B, docs []query.Doc, rules []string) {
	x, bytes, took := standing(b, docs[:1000], rules)
	naive := plain(b, rules, docs[len(docs)-3:])
	const turn = 4 * query.Together // reports: so few that other work seldom comes between
	var (
		cut   text.Cutting
		m     query.Matches
		least = make([]pace, len(docs)/turn) // of each turn, since others use the machine too
		found int
		n     int
	)
	b.ReportAllocs()
	for b.Loop() {
		some := docs[n%len(least)*turn:][:turn]
		p := &least[n%len(least)]
		n++
		began := time.Now()
		for i := range some {
			cut.Cut(some[i].Title)
			cut.Cut(some[i].Lead)
		}
		middle := time.Now()
		x.MatchAll(&m, some)
		p.keep(middle.Sub(began), time.Since(middle))
		for i := range some {
			found += len(m.Of(i))
		}
	}
	var sum pace
	for _, p := range least {
		sum.floor, sum.full = sum.floor+p.floor, sum.full+p.full
	}
	reports := float64(n * turn)
	measured := float64(min(n, len(least)) * turn)
	each := float64(sum.full) / measured
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(each, "ns/report")
	b.ReportMetric(float64(sum.floor)/measured, "floor")
	b.ReportMetric(float64(sum.full)/float64(sum.floor), "ratio")
	b.ReportMetric(float64(naive)/each, "times-plain")
	b.ReportMetric(float64(found)/reports, "matches/report")
	if found > n*turn { // else most of the time goes to reports that match nothing
		b.ReportMetric(float64(sum.full-sum.floor)/measured/(float64(found)/reports), "ns/match")
	}
	b.ReportMetric(float64(bytes)/float64(len(rules)), "B/rule")
	took.report(b)
}
