package command_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/attache-bot/attache/bot/command"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/internal/guild"
)

// unset is a store of guilds that have set nothing, and of nothing else.
type unset struct{ command.Store }

func (unset) Settings(context.Context, string) (guild.Settings, error) { return guild.Settings{}, nil }

// TestNobodyWaitsForASlowStore does everything that the tree knows while the store
// takes 2.8 seconds, or never answers, and sometimes does not even listen: Discord
// has a first answer well within its three seconds, and the person the reply in
// the end, or words that say that it took too long.
func TestNobodyWaitsForASlowStore(t *testing.T) {
	t.Parallel()
	const (
		first   = 2500 * time.Millisecond
		tooLong = "That took too long"
	)
	for _, c := range []struct {
		name string
		wait func(context.Context) error
		// told is what a command comes to, and by when; choices are for those that
		// cannot be promised.
		told, choices string
		within        time.Duration
	}{
		{"slow", func(context.Context) error { <-time.After(2800 * time.Millisecond); return nil }, "done", "", 3 * time.Second},
		{"quick enough", func(context.Context) error { <-time.After(time.Second); return nil }, "done", "done", first},
		{"slow and then failing", func(context.Context) error { <-time.After(4 * time.Second); return errors.New("disk is full") }, "Something went wrong", "", 5 * time.Second},
		{"without an answer", func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }, tooLong, "", interaction.DefaultLimit},
		{"without an answer, and deaf", func(context.Context) error { <-time.After(time.Hour); return nil }, tooLong, "", interaction.DefaultLimit},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := &discord{}
				r := newRouter(t, unset{}, d)
				r.Slow(c.wait)
				for _, a := range actions(r) {
					in := a.make()
					if id, _ := data(in)["custom_id"].(string); strings.HasPrefix(id, "m1:") {
						continue // pages: see TestTheStoreIsAskedBehindThePromiseOnly
					}
					raw, err := json.Marshal(in)
					if err != nil {
						t.Fatal(err)
					}
					before, began := d.count(), time.Now()
					r.Handle(t.Context(), raw)
					got := d.all()[before:]
					if len(got) == 0 || got[0].at.Sub(began) > first {
						t.Fatalf("%s: %v", a.name, steps(began, got))
					}
					last, want := got[len(got)-1], c.told
					if a.choices {
						want = c.choices
					}
					if said := last.text(); !strings.HasPrefix(said, want) || (said == "") != (want == "") || last.at.Sub(began) > c.within {
						t.Errorf("%s: %v, want %q", a.name, steps(began, got), want)
					}
				}
				r.Wait()
			})
		})
	}
}

// TestTheStoreIsAskedBehindThePromiseOnly does everything without any store: what
// asks it within a handler is a fault that is told, and what asked it before would
// end the program here, and make Discord wait with a slow one.
func TestTheStoreIsAskedBehindThePromiseOnly(t *testing.T) {
	t.Parallel()
	d := &discord{}
	r := newRouter(t, nil, d)
	faults := 0
	for _, a := range actions(r) {
		for _, edit := range []func(object){func(object) {}, as(none), with("locale", "")} {
			in := a.make()
			edit(in)
			got := requests(t, r, d, in)
			if len(got) == 0 {
				t.Errorf("%s is not answered", a.name)
			}
			for _, s := range got {
				if strings.Contains(s.text(), "Something went wrong") {
					faults++
				}
			}
		}
	}
	if faults < 20 {
		t.Errorf("only %d asked the store", faults)
	}
}

// step is what was sent, and when after the interaction came.
type step struct {
	After time.Duration
	What  string
}

func steps(began time.Time, all []sent) []step {
	var out []step
	for _, s := range all {
		what := fmt.Sprintf("type %d", s.typ)
		if s.edit {
			what = "edit"
		}
		if said := strings.TrimSpace(s.text()); said != "" {
			what += ": " + said
		}
		out = append(out, step{s.at.Sub(began), what})
	}
	return out
}
