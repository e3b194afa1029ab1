package app_test

import (
	"fmt"
	"log/slog"
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/sandbox"
	"github.com/attache-bot/attache/internal/store"
)

// TestProcessesShareTheWork runs two bots on one database, their clocks hours
// apart, ends one without a word, and then both.
func TestProcessesShareTheWork(t *testing.T) {
	t.Parallel()
	n := prepare(t, sandbox.Limits{}, onPostgres)
	first := n.spawn(0)
	n.must(n.WaitOnline(n.ctx))
	n.must(n.WaitCommands(n.ctx, "subscribe"))
	second := n.spawn(3 * time.Hour)
	n.outletsRead()
	n.subscribe(options{"topic": "ceasefire"})
	n.subscribe(options{"topic": "ceasefire", "channel": n.wire})

	wars := []string{"Lebanon", "Sudan", "Colombia", "Yemen", "Myanmar", "Ukraine", "Congo", "Syria", "Kashmir", "Libya"}
	headline := func(i int) string { return fmt.Sprintf("Ceasefire agreed in %s after night of talks", wars[i]) }
	publish := func(from, to int) {
		t.Helper()
		for i := from; i < to; i++ {
			n.outlets.publish(n.sources[i%2].ID, item{title: headline(i), text: "Both armies of " + wars[i] + " signed the ceasefire, mediators said."})
		}
		for i := from; i < to; i++ {
			n.alert(n.general, headline(i))
			n.alert(n.wire, headline(i))
		}
	}
	publish(0, 5)
	first.kill()
	publish(5, 8)
	n.must(n.WaitOnline(n.ctx)) // the other one has taken the shard over
	n.say(n.robin, "status", nil)
	third := n.spawn(-2 * time.Hour)
	n.outletsRead()
	second.end()
	n.must(n.WaitOnline(n.ctx))
	n.say(n.robin, "help", nil)
	publish(8, 10)
	third.end()

	n.answeredOnce()
	for _, channel := range []string{n.general, n.wire} {
		got := n.alerts(channel)
		if diff := cmp.Diff(n.ledgered(channel), got); diff != "" {
			t.Errorf("%s has other alerts, or another order, than the ledger: %s", n.names[channel], diff)
		}
		slices.Sort(got)
		if len(slices.Compact(got)) != len(wars) {
			t.Errorf("%s has %d alerts: %q", n.names[channel], len(got), got)
		}
	}
}

// outletsRead waits until every outlet has been read to the end from now on.
func (n *newsroom) outletsRead() {
	n.t.Helper()
	n.before = n.outlets.totals()
	n.settled()
}

// ledgered are the headlines of a channel's deliveries, in the order of its
// queue.
func (n *newsroom) ledgered(channel string) []string {
	n.t.Helper()
	s, err := store.Open(n.ctx, store.Options{DSN: n.cfg.Store.DSN().Reveal(), Logger: slog.New(slog.DiscardHandler)})
	n.must(err)
	defer s.Close()
	ds, err := s.Deliveries(n.ctx, store.DeliveryQuery{Channel: channel})
	n.must(err)
	var out []string
	for _, d := range ds {
		out = append(out, d.Content.Headline)
	}
	return out
}

var callback = regexp.MustCompile(`/interactions/(\d+)/[^/]+/callback$`)

// answeredOnce fails when any interaction was answered by two processes.
func (n *newsroom) answeredOnce() {
	n.t.Helper()
	answers := map[string]int{}
	for _, x := range n.Requests() {
		if m := callback.FindStringSubmatch(x.Path); m != nil {
			answers[m[1]]++
		}
	}
	for id, count := range answers {
		if count != 1 {
			n.t.Errorf("interaction %s was answered %d times", id, count)
		}
	}
	if len(answers) == 0 {
		n.t.Error("no interaction was answered at all")
	}
}
