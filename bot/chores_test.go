package bot

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/attache-bot/attache/bot/gateway"
	"github.com/attache-bot/attache/internal/guild"
)

// slowGuilds notes guilds when it is let to.
type slowGuilds struct {
	Guilds
	let  chan struct{}
	mu   sync.Mutex
	left []string
}

func (s *slowGuilds) LeaveGuild(_ context.Context, id string, _ time.Time) error {
	<-s.let
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.left = append(s.left, id); id == "panics" {
		panic("no such guild")
	}
	return nil
}

func (s *slowGuilds) PutGuild(context.Context, guild.Guild) error { panic("is not asked") }

// TestEventsAreWrittenDownInOrderBesideTheReading has a store that takes nothing: the
// events are taken all the same, and are written down one after the other once it
// does, but for those of a shard that was lost meanwhile, or has ended.
func TestEventsAreWrittenDownInOrderBesideTheReading(t *testing.T) {
	t.Parallel()
	s := &slowGuilds{let: make(chan struct{})}
	b := quietBot(s)
	gone := func(id string) gateway.Event { return gateway.Event{Data: gateway.GuildDelete{ID: id}} }
	var want []string
	for i := range 100 {
		id := fmt.Sprint(i)
		b.handle(t.Context(), gone(id), always)
		want = append(want, id)
	}
	b.handle(t.Context(), gone("panics"), always)
	b.handle(t.Context(), gone("lost"), func() bool { return false })
	ended, end := context.WithCancel(t.Context())
	end()
	b.handle(ended, gone("ended"), always)
	b.handle(t.Context(), gone("last"), always)
	close(s.let)
	b.busy.Wait()
	if want = append(want, "panics", "last"); !slices.Equal(s.left, want) {
		t.Errorf("written down: %v", s.left)
	}
	b.handle(t.Context(), gone("another"), always)
	b.busy.Wait()
	if s.left[len(s.left)-1] != "another" {
		t.Error("what comes after all is done is not written down")
	}
}

// TestNotAllThatComesWaits bounds what waits for the store.
func TestNotAllThatComesWaits(t *testing.T) {
	t.Parallel()
	var c chores
	for range maxChores {
		if _, ok := c.add(chore{}); !ok {
			t.Fatal("refused too early")
		}
	}
	if begin, ok := c.add(chore{}); ok || begin {
		t.Error("there is no bound")
	}
	if _, ok := c.next(); !ok {
		t.Error("nothing waits")
	}
	if _, ok := c.add(chore{}); !ok {
		t.Error("refused though there is room")
	}
}

// keptGuilds keeps what it is told of guilds.
type keptGuilds struct {
	Guilds
	name, system string
	roles        []string
}

func (k *keptGuilds) PutGuild(_ context.Context, g guild.Guild) error {
	k.name = g.Name
	return nil
}

func (k *keptGuilds) NoteSystemChannel(_ context.Context, _, channel string) error {
	k.system = channel
	return nil
}

func (*keptGuilds) NoteKinds(context.Context, string, map[string]guild.ChannelKind) error { return nil }

func (k *keptGuilds) LoseRoles(_ context.Context, _ string, _ time.Time, gone func(string) bool) error {
	k.roles = slices.DeleteFunc(k.roles, gone)
	return nil
}

func (*keptGuilds) UnblockGuild(context.Context, string) error { return nil }

// TestAnOutageForgetsNothingOfAGuild has Discord tell of a guild in an outage, of which
// it says its id alone.
func TestAnOutageForgetsNothingOfAGuild(t *testing.T) {
	t.Parallel()
	k := &keptGuilds{}
	b := quietBot(k)
	for _, d := range []gateway.GuildCreate{{ID: "1", Name: "Newsroom", SystemChannel: "6"}, {ID: "1", Unavailable: true}} {
		b.handle(t.Context(), gateway.Event{Data: d}, always)
	}
	b.busy.Wait()
	if k.name != "Newsroom" || k.system != "6" {
		t.Errorf("called %q, system channel %q", k.name, k.system)
	}
}

func (*keptGuilds) Greet(context.Context, string, time.Time) (bool, error) { return false, nil }

// TestRolesThatAreGoneAreMissed has Discord tell that a role is deleted, and list the
// roles of a guild after an absence, once without any and once before one was made.
func TestRolesThatAreGoneAreMissed(t *testing.T) {
	t.Parallel()
	told := time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)
	role := func(before time.Duration, n uint64) string {
		const epoch = 1420070400000 // of snowflakes, in milliseconds
		return strconv.FormatUint(uint64(told.Add(-before).UnixMilli()-epoch)<<22|n, 10)
	}
	desk, night, fresh := role(time.Hour, 1), role(time.Hour, 2), role(-time.Second, 3)
	k := &keptGuilds{roles: []string{desk, night, fresh, "no number"}}
	b := quietBot(k)
	for _, step := range []struct {
		event any
		want  []string
	}{
		{gateway.GuildCreate{ID: "1"}, []string{desk, night, fresh, "no number"}},
		{gateway.GuildCreate{ID: "1", Roles: []string{"1", night}}, []string{night, fresh, "no number"}},
		{gateway.RoleDelete{ID: desk, GuildID: "1"}, []string{night, fresh, "no number"}},
		{gateway.RoleDelete{ID: fresh, GuildID: "1"}, []string{night, "no number"}},
	} {
		b.handle(t.Context(), gateway.Event{Data: step.event, Received: told}, always)
		b.busy.Wait()
		if !slices.Equal(k.roles, step.want) {
			t.Errorf("after %+v there are %v, want %v", step.event, k.roles, step.want)
		}
	}
}

// quietBot is a bot without connections that notes guilds.
func quietBot(g Guilds) *Bot {
	return &Bot{o: Options{Guilds: g, Now: time.Now}, log: slog.New(slog.DiscardHandler)}
}

// calledGuilds is told of channels that may be reachable again, when it is let to.
type calledGuilds struct {
	Guilds
	let chan struct{}
}

func (c calledGuilds) UnblockGuild(context.Context, string) error {
	<-c.let
	return nil
}

// TestOneLookDoesForManyEvents has events of many guilds wait: the deliverer is woken
// once for all that are written down together, not for each.
func TestOneLookDoesForManyEvents(t *testing.T) {
	t.Parallel()
	c := calledGuilds{let: make(chan struct{})}
	b := quietBot(c)
	woken := 0
	b.o.Changed = func() { woken++ }
	for range 2*choresPerWake + 1 {
		b.handle(t.Context(), gateway.Event{Data: gateway.ThreadUpdate{ID: "1", GuildID: "2"}}, always)
	}
	close(c.let)
	b.busy.Wait()
	if woken != 3 {
		t.Errorf("woken %d times, want 3", woken)
	}
}

// TestPeopleGoFirst has somebody use a command that never ends while events are written
// down: each waits a moment, and is written down then all the same.
func TestPeopleGoFirst(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &slowGuilds{let: make(chan struct{})}
		close(s.let)
		b := quietBot(s)
		b.asking.Add(1)
		began := time.Now()
		for _, id := range []string{"1", "2", "3"} {
			b.handle(t.Context(), gateway.Event{Data: gateway.GuildDelete{ID: id}}, always)
		}
		b.busy.Wait()
		if took := time.Since(began); took != 3*giveWayFor || len(s.left) != 3 {
			t.Errorf("%d are written down after %v", len(s.left), took)
		}
	})
}
