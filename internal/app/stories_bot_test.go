package app_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/operator"
	"github.com/attache-bot/attache/internal/store"
)

// change has an operator change stories while the bot runs.
func (n *newsroom) change(do func(context.Context, operator.StoriesOptions, io.Writer) error, stories []string, reports ...string) string {
	n.t.Helper()
	var out bytes.Buffer
	err := do(n.ctx, operator.StoriesOptions{
		Config: n.cfg, Stories: stories, Reports: reports, Wait: limit, Now: time.Now, Logger: slog.New(slog.DiscardHandler),
	}, &out)
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(out.String())
}

func TestAnOperatorMergesAndSplitsStories(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.subscribe(options{"topic": "ceasefire"})
	for _, title := range truces[:2] {
		n.outlets.publish("example-wire", item{title: title})
		n.alert(n.general, title)
	}
	s, err := store.Open(n.ctx, store.Options{DSN: n.cfg.Store.DSN().Reveal(), Logger: slog.New(slog.DiscardHandler)})
	n.must(err)
	t.Cleanup(func() { n.must(s.Close()) })
	open, err := s.OpenStories(n.ctx, time.Time{})
	n.must(err)
	if len(open) != 2 {
		t.Fatalf("%d stories, want 2", len(open))
	}
	a, b, part := fmt.Sprint("s", open[0].Story.ID), fmt.Sprint("s", open[1].Story.ID), fmt.Sprint(open[1].Story.Lead)
	for _, c := range []struct{ got, want string }{
		{n.change(operator.MergeStories, []string{b, a}), b + " is a part of " + a + "; nobody is alerted again"},
		{n.change(operator.SplitStory, []string{b}, part), b + " is a story of its own; nobody is alerted again"},
		{n.change(operator.MergeStories, []string{a, "x"}), `"x" is no story: give its number with an s before it, such as s812`},
		{n.change(operator.SplitStory, []string{a}, "x"), `"x" is no report: give its number, as attache trace prints it`},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
	var out bytes.Buffer
	n.must(operator.Trace(n.ctx, operator.TraceOptions{Config: n.cfg, What: part, Logger: slog.New(slog.DiscardHandler)}, &out))
	for _, want := range []string{"merge of " + a + " and " + b + " (operator): done", "split of " + a + " and " + b + " (operator): done"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the trace lacks %q:\n%s", want, &out)
		}
	}
	if got := n.alerts(n.general); len(got) != 2 {
		t.Errorf("the channel has %q", got)
	}
	if err := n.stop(); err != nil && !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	n.app = nil
	var noted bytes.Buffer
	n.must(operator.MergeStories(n.ctx, operator.StoriesOptions{
		Config: n.cfg, Stories: []string{a, b}, Now: time.Now, Logger: slog.New(slog.DiscardHandler),
	}, &noted))
	if got := noted.String(); got != "noted; it is done when the bot runs\n" {
		t.Errorf("without a bot: %q", got)
	}
}
