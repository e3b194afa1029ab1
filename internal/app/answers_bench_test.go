package app_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/sandbox"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// The world of [BenchmarkFirstAnswer].
const (
	manyGuilds   = 1_000
	simultaneous = 100
)

// crowd is a sandbox with many guilds, whose managers all use commands at once.
type crowd struct {
	*benched
	manager string
	// rooms are one channel of each guild.
	rooms []string
}

// newCrowd makes the guilds with two subscriptions each, and reports to look up.
func newCrowd(b *testing.B, guilds int) *crowd {
	b.Helper()
	c := &crowd{benched: newBenched(b, 1)}
	c.manager = c.AddUser("Mara")
	c.owe(b, 1)
	s := c.ledger(b)
	defer func() { must(b, s.Close()) }()
	for i := range guilds {
		g := c.AddGuild(fmt.Sprint("Guild ", i))
		room, err := c.AddChannel(g, "alerts", sandbox.Text)
		must(b, err)
		staff, err := c.AddRole(g, sandbox.Role{Name: "Staff", Permissions: sandbox.ManageGuild})
		must(b, err)
		must(b, c.AddMember(g, c.manager, staff))
		c.rooms = append(c.rooms, room)
		if i%20 == 0 { // a guild's subscriptions are found by its id, however many others have some
			for _, t := range []topic.ID{"ceasefire", "sanctions"} {
				_, err := s.Subscribe(b.Context(), subscription.Subscription{Guild: g, Channel: room, Topic: t, CreatedBy: c.manager, Created: time.Now()})
				must(b, err)
			}
		}
	}
	return c
}

// commonly are commands that read, and one that writes.
var commonly = []struct {
	command string
	options map[string]any
}{
	{"recent", nil},
	{"setup", nil},
	{"subscriptions", nil},
	{"help", nil},
	{"status", nil},
	{"search", map[string]any{"query": "truce"}},
	{"topics", nil},
	{"subscribe", map[string]any{"topic": "treaty"}},
}

// round lets managers of different guilds use commands at once, and returns how
// long each waited for a first answer.
func (c *crowd) round(b *testing.B, from, n int) []time.Duration {
	b.Helper()
	took := make([]time.Duration, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			ask := commonly[(from+i)%len(commonly)]
			out, err := c.Interact(b.Context(), sandbox.Invocation{
				User: c.manager, Channel: c.rooms[(from+i)%len(c.rooms)], Command: ask.command, Options: ask.options,
			})
			if err != nil {
				b.Errorf("/%s: %v", ask.command, err)
			}
			if took[i] = out.First; out.State == sandbox.Failed {
				took[i] = unanswered
			}
		})
	}
	all.Wait()
	return took
}

// unanswered stands for an answer that did not come in Discord's 3 seconds.
const unanswered = 3 * time.Second

// settle waits until the bot has read of every guild, which it does at its start
// and before it reads of commands.
func (c *crowd) settle(b *testing.B) {
	b.Helper()
	for c.round(b, 0, 1)[0] == unanswered {
	}
}

// bare does as many requests to the sandbox at once, with nothing of the bot
// between.
func (c *crowd) bare(b *testing.B, n int) []time.Duration {
	b.Helper()
	took := make([]time.Duration, n)
	var all sync.WaitGroup
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: n}}
	defer client.CloseIdleConnections()
	for i := range n {
		all.Go(func() {
			began := time.Now()
			answer, err := client.Get(c.URL() + "/api/v10/gateway")
			if err != nil {
				b.Error(err)
				return
			}
			defer answer.Body.Close()
			if _, err := io.Copy(io.Discard, answer.Body); err != nil {
				b.Error(err)
			}
			took[i] = time.Since(began)
		})
	}
	all.Wait()
	return took
}

// BenchmarkFirstAnswer tells how long people wait for the first answer to a
// command when a hundred in a thousand guilds use commands at the same moment,
// with a store in SQLite. The floor is as many bare requests at once.
func BenchmarkFirstAnswer(b *testing.B) {
	c := newCrowd(b, manyGuilds)
	stop := c.run(b)
	must(b, c.WaitOnline(b.Context()))
	must(b, c.WaitCommands(b.Context(), "setup", "help"))
	c.settle(b)
	var took, floor []time.Duration
	b.ResetTimer()
	for i := range b.N {
		floor = append(floor, c.bare(b, simultaneous)...)
		took = append(took, c.round(b, i*simultaneous, simultaneous)...)
	}
	b.StopTimer()
	stop()
	tellWaits(b, took, floor)
}

// BenchmarkFirstAnswerMeanwhile is [BenchmarkFirstAnswer] at the moment when a new
// session begins and Discord tells of all thousand guilds.
func BenchmarkFirstAnswerMeanwhile(b *testing.B) {
	c := newCrowd(b, manyGuilds)
	stop := c.run(b)
	must(b, c.WaitOnline(b.Context()))
	must(b, c.WaitCommands(b.Context(), "setup", "help"))
	c.settle(b)
	var took, floor []time.Duration
	b.ResetTimer()
	for i := range b.N {
		b.StopTimer()
		begun, _ := c.GatewayCounts()
		c.Invalidate(false)
		must(b, c.WaitSessions(b.Context(), func(identifies, _ int) bool { return identifies > begun }))
		must(b, c.WaitOnline(b.Context()))
		b.StartTimer()
		took = append(took, c.round(b, i*simultaneous, simultaneous)...)
		floor = append(floor, c.bare(b, simultaneous)...)
	}
	b.StopTimer()
	stop()
	tellWaits(b, took, floor)
}

// tellWaits tells of waiting times, and of those of bare requests.
func tellWaits(b *testing.B, took, floor []time.Duration) {
	b.Helper()
	slices.Sort(took)
	slices.Sort(floor)
	ms := func(all []time.Duration, per100 int) float64 {
		return float64(all[(len(all)-1)*per100/100]) / float64(time.Millisecond)
	}
	b.ReportMetric(ms(took, 50), "p50-ms")
	b.ReportMetric(ms(took, 99), "p99-ms")
	b.ReportMetric(ms(floor, 99), "floor-ms")
	b.ReportMetric(ms(took, 99)/ms(floor, 99), "ratio")
}
