//go:build unix

package proof

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/sandbox"
	"github.com/attache-bot/attache/internal/store/storetest"
)

var size = flag.String("size", "short", "short, medium or full")

func TestMain(m *testing.M) {
	flag.Parse()
	if order := os.Getenv(asReader); order != "" {
		if err := readHostile(order); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	// These tests wait for what the dead hold most of their time.
	if f := flag.Lookup("test.parallel"); f.Value.String() == strconv.Itoa(runtime.GOMAXPROCS(0)) {
		_ = f.Value.Set("6") // a number
	}
	code := m.Run()
	removeProgram()
	os.Exit(code)
}

// run does what a plan says, in so many courses side by side, and counts over all
// of them.
func run(t *testing.T, p plan) tally {
	t.Helper()
	file, err := program()
	if err != nil {
		t.Fatalf("build the program: %v", err)
	}
	began := time.Now()
	worlds := make([]*world, p.courses)
	for i := range worlds {
		worlds[i] = newWorld(t, p.course(i))
	}
	var courses sync.WaitGroup
	ends := make([]error, len(worlds))
	for i, w := range worlds {
		courses.Go(func() { ends[i] = w.run(file) })
	}
	courses.Wait()
	if err := errors.Join(ends...); err != nil {
		t.Error(err)
	}
	var y tally
	for i, w := range worlds {
		c := w.count()
		if c.harm() > 0 {
			t.Logf("course %d: %v", i, c)
		}
		y = y.plus(c)
	}
	y.took = time.Since(began)
	t.Log(y)
	return y
}

// course is the share of one of the courses in a plan. The named points are
// divided so that each is died at as often as the plan says.
func (p plan) course(i int) plan {
	share := func(of int) int { return of*(i+1)/p.courses - of*i/p.courses }
	p.random, p.points, p.channels = share(p.random), share(p.points), share(p.channels)
	p.turn = i
	return p
}

// run does one course.
func (w *world) run(file string) error {
	enough := make(chan struct{})
	var lives sync.WaitGroup
	ends := make([]error, w.p.processes)
	for i := range w.p.processes {
		lives.Go(func() { ends[i] = w.live(file, enough) })
	}
	ended := make(chan struct{})
	go func() { lives.Wait(); close(ended) }()
	w.told(ended)
	err := w.together(ended)
	close(enough)
	<-ended
	return errors.Join(append(ends, err)...)
}

// told waits until all deaths are over, no more stories come, and every channel
// has them all; or until no process is left, for a reason of its own.
func (w *world) told(ended <-chan struct{}) {
	for {
		stories, asked := w.outlet.count()
		if stories >= w.p.stories && w.deaths.over() && w.everywhere(stories) {
			return
		}
		select {
		case <-asked:
		case <-ended:
			return
		case <-w.ctx.Done():
			return
		}
	}
}

// together waits until all shards are run by those that are left, or nobody is.
func (w *world) together(ended <-chan struct{}) error {
	ctx, cancel := context.WithCancel(w.ctx)
	defer cancel()
	go func() {
		select {
		case <-ended:
			cancel()
		case <-ctx.Done():
		}
	}()
	return w.WaitShards(ctx, max(w.p.shards, 1))
}

// everywhere says whether every channel has so many stories.
func (w *world) everywhere(stories int) bool {
	for _, c := range w.channels {
		if len(distinct(w.Messages(c))) < stories {
			return false
		}
	}
	return true
}

func distinct(ms []*sandbox.Message) map[int]bool {
	out := map[int]bool{}
	for _, m := range ms {
		if len(m.Embeds) > 0 {
			out[storyOf(m.Embeds[0].Title)] = true
		}
	}
	return out
}

// sized chooses a plan by the form that is asked for.
func sized(t *testing.T, short, medium, full plan) plan {
	t.Helper()
	p, ok := map[string]plan{"short": short, "medium": medium, "full": full}[*size]
	if !ok {
		t.Fatalf("-size %s: use short, medium or full", *size)
	}
	return p
}

// troubled adds the faults of a bad day.
func (p plan) troubled() plan {
	p.lost, p.failed, p.cut, p.limited = 0.03, 0.01, 0.01, 0.005
	return p
}

func (y tally) mustBeClean(t *testing.T) {
	t.Helper()
	if y.harm() > 0 {
		t.Error("something was lost, repeated or out of order")
	}
}

func TestKilledOnSQLite(t *testing.T) {
	t.Parallel()
	p := sized(t,
		plan{courses: 1, random: 4, points: 1, channels: 6, stories: 12},
		plan{courses: 2, random: 100, points: 4, channels: 40, stories: 50},
		plan{courses: 4, random: 500, points: 20, channels: 200, stories: 50})
	p.processes, p.life = 1, 2*time.Second
	run(t, p.troubled()).mustBeClean(t)
}

// onServer makes databases on PostgreSQL.
func onServer(t *testing.T) func(*testing.T) string {
	t.Helper()
	s := storetest.Postgres(t)
	return func(t *testing.T) string { return s.Migrated(t) }
}

// TestKilledOnPostgres lets a process that was killed be followed by another
// one, which has to wait for what the dead one holds. That it takes half a
// minute each time is why so many courses run side by side.
func TestKilledOnPostgres(t *testing.T) {
	t.Parallel()
	p := sized(t,
		plan{courses: 6, random: 6, channels: 6, stories: 3, life: 5 * time.Second},
		plan{courses: 4, random: 40, points: 4, channels: 40, stories: 50},
		plan{courses: 20, random: 500, points: 20, channels: 200, stories: 50})
	p.processes, p.life, p.store = 1, cmp.Or(p.life, 20*time.Second), onServer(t)
	run(t, p.troubled()).mustBeClean(t)
}

// TestKilledTogether kills now this, now that of two processes that share the
// work.
func TestKilledTogether(t *testing.T) {
	t.Parallel()
	p := sized(t,
		plan{courses: 1, random: 2, channels: 6, stories: 6, life: 5 * time.Second},
		plan{courses: 4, random: 40, points: 4, channels: 40, stories: 50},
		plan{courses: 10, random: 500, points: 20, channels: 200, stories: 50})
	p.processes, p.shards, p.life, p.store = 2, 2, cmp.Or(p.life, 10*time.Second), onServer(t)
	run(t, p.troubled()).mustBeClean(t)
}

// TestKilledFourTogether has four of them.
func TestKilledFourTogether(t *testing.T) {
	t.Parallel()
	p := sized(t,
		plan{courses: 1, random: 12, channels: 6, stories: 6, life: 5 * time.Second},
		plan{courses: 1, random: 20, points: 2, channels: 20, stories: 20},
		plan{courses: 10, random: 500, points: 20, channels: 200, stories: 50})
	p.processes, p.shards, p.life, p.store = 4, 4, cmp.Or(p.life, 10*time.Second), onServer(t)
	run(t, p.troubled()).mustBeClean(t)
}

// TestTheCountSeesWhatIsRepeated is the control: where Discord ignores nonces,
// a post whose answer is lost is there twice.
func TestTheCountSeesWhatIsRepeated(t *testing.T) {
	t.Parallel()
	p := sized(t,
		plan{courses: 1, channels: 6, stories: 8, lost: 0.3},
		plan{courses: 1, random: 20, channels: 40, stories: 50, lost: 0.03},
		plan{courses: 2, random: 100, channels: 200, stories: 50, lost: 0.03})
	p.processes, p.life, p.forgetful = 1, 2*time.Second, true
	least := map[string]int{"short": 1, "medium": 20, "full": 100}[*size]
	if y := run(t, p); y.missing > 0 || y.repeated < least {
		t.Errorf("at least %d messages must be repeated, and none missing", least)
	}
}
