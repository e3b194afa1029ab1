package alert_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/store/storetest"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

// window is how long the discord of these tests remembers a nonce.
const window = 3 * time.Minute

// discord is what a channel of Discord does with posts: it keeps each nonce's
// message once while it remembers the nonce. before, when set, decides a
// request's fate: whether it is stored, and the error that the bot sees.
type discord struct {
	mu      sync.Mutex
	before  func(try int, m alert.Message) (stored bool, err error)
	history bool // whether the bot may read it
	tries   int
	posts   []post
}

type post struct {
	channel, headline, nonce string
	form                     alert.Form
	at                       time.Time
}

func (d *discord) Post(_ context.Context, m alert.Message) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tries++
	stored, err := true, error(nil)
	if d.before != nil {
		stored, err = d.before(d.tries, m)
	}
	if !stored {
		return "", err
	}
	for i, p := range d.posts {
		if p.nonce == m.Nonce && time.Since(p.at) < window {
			return strconv.Itoa(i), err
		}
	}
	d.posts = append(d.posts, post{m.Channel, m.Content.Headline, m.Nonce, m.Form, time.Now()})
	return strconv.Itoa(len(d.posts) - 1), err
}

func (d *discord) Find(_ context.Context, m alert.Message, since time.Time) (string, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.history {
		return "", &alert.SendError{Reason: alert.ReasonNoAccess, Err: errors.New("no history")}
	}
	for i, p := range d.posts {
		if p.channel == m.Channel && p.headline == m.Content.Headline && !p.at.Before(since) {
			return strconv.Itoa(i), nil
		}
	}
	return "", nil
}

// said returns the headlines of a channel in order.
func (d *discord) said(channel string) []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var out []string
	for _, p := range d.posts {
		if p.channel == channel {
			out = append(out, p.headline)
		}
	}
	return out
}

// ledger opens a store in which each channel has n alerts, told "1" to "n".
func ledger(t *testing.T, n int, channels ...string) *store.Store {
	t.Helper()
	return ledgerSince(t, time.Time{}, n, channels...)
}

// ledgerSince is ledger with alerts that the channels wait for since a time, as
// when the bot was away meanwhile.
func ledgerSince(t *testing.T, since time.Time, n int, channels ...string) *store.Store {
	t.Helper()
	ctx := t.Context()
	s, err := store.Open(ctx, store.Options{DSN: storetest.SQLite(t), Logger: slog.New(slog.DiscardHandler)})
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	must(t, s.Migrate(ctx))
	must(t, s.PutGuild(ctx, guild.Guild{ID: "1", Name: "Newsroom", Joined: time.Now()}))
	must(t, s.SyncFeeds(ctx, time.Now(), []feed.Feed{{URL: "https://a.example/feed", Source: "a", Every: time.Hour}}))
	feeds, err := s.ClaimDue(ctx, feed.Catalogue, time.Now(), 1, time.Minute)
	must(t, err)
	o := feed.Outcome{Feed: feeds[0], Result: feed.Changed}
	for i := range n {
		o.Reports = append(o.Reports, report.Report{
			Feed: int64(feeds[0].ID), Source: "a", Title: strconv.Itoa(i + 1), Language: "en", Seen: time.Now(),
			Keys: report.Identify([]report.Raw{{GUID: strconv.Itoa(i)}})[0],
		})
	}
	_, err = s.SavePoll(ctx, o)
	must(t, err)
	reports, err := s.Unplaced(ctx, n)
	must(t, err)
	var placed []pipeline.Placed
	for _, r := range reports {
		st := story.Story{ID: story.ID(r.ID), Lead: r.ID, Title: r.Title, Opened: r.Seen, Updated: r.Seen, Reports: 1, Sources: 1, Revision: 1}
		p := pipeline.Placed{Placement: story.Placement{Report: r.ID, Story: st, Opened: true, Reason: story.OpensNew, Matches: []topic.Match{{Topic: "ceasefire"}}}}
		for _, c := range channels {
			p.Alerts = append(p.Alerts, alert.Alert{Guild: "1", Channel: c, Story: st.ID, Planned: r.Seen, Since: since, Content: alert.Content{Story: st.ID, Headline: r.Title, Time: r.Seen}})
		}
		placed = append(placed, p)
	}
	must(t, s.SavePlacements(ctx, time.Now(), placed))
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// deliver runs a deliverer for a while of virtual time.
func deliver(t *testing.T, s *store.Store, d *discord, during time.Duration) {
	t.Helper()
	r, err := alert.NewDeliverer(s, d, alert.Options{
		Install: "test", Workers: 4, Lease: 30 * time.Second, Timeout: 20 * time.Second, Sweep: 30 * time.Second,
		Late: alert.DefaultLatePolicy(), Sole: true, Now: time.Now, Logger: slog.New(slog.DiscardHandler),
	})
	must(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), during)
	defer cancel()
	must(t, r.Run(ctx))
}

func TestADelivererThatIsStoppedAtOnceEndsWell(t *testing.T) {
	t.Parallel()
	d := &discord{}
	deliver(t, ledger(t, 1, "10"), d, 0)
	if d.tries != 0 {
		t.Errorf("%d requests after the end", d.tries)
	}
}

func TestDelivererBringsEachAlertOnceAndInOrder(t *testing.T) {
	t.Parallel()
	refuse := func(r alert.Reason, wait time.Duration) error {
		return fmt.Errorf("post: %w", &alert.SendError{Reason: r, RetryAfter: wait, Err: errors.New("x")})
	}
	lost := &alert.SendError{Reason: alert.ReasonUncertain, Doubt: true, Err: errors.New("connection cut")}
	for _, c := range []struct {
		name    string
		history bool
		before  func(try int, m alert.Message) (bool, error)
		want    []string // in channel 10
		form    alert.Form
	}{
		{"where all goes well", true, nil, []string{"1", "2", "3"}, alert.Full},
		{"where every first answer is lost", true, func(try int, _ alert.Message) (bool, error) {
			if try%2 == 1 {
				return true, lost
			}
			return true, nil
		}, []string{"1", "2", "3"}, alert.Full},
		{"where a post was stored, its answer lost, and Discord was away beyond the nonce's window", true, func(try int, _ alert.Message) (bool, error) {
			switch {
			case try == 1:
				return true, lost
			case try < 14:
				return false, &alert.SendError{Reason: alert.ReasonUnavailable, Err: errors.New("503")}
			}
			return true, nil
		}, []string{"1", "2", "3"}, alert.Full},
		{"the same where the history is closed: once more, not never", false, func(try int, _ alert.Message) (bool, error) {
			switch {
			case try == 1:
				return true, lost
			case try < 14:
				return false, &alert.SendError{Reason: alert.ReasonUnavailable, Err: errors.New("503")}
			}
			return true, nil
		}, []string{"1", "1", "2", "3"}, alert.Full},
		{"where limits are met", true, func(try int, _ alert.Message) (bool, error) {
			if try%3 == 1 {
				return false, refuse(alert.ReasonRateLimited, 5*time.Second)
			}
			return true, nil
		}, []string{"1", "2", "3"}, alert.Full},
		{"where embeds are refused", true, func(_ int, m alert.Message) (bool, error) {
			if m.Form == alert.Full {
				return false, refuse(alert.ReasonRefused, 0)
			}
			return true, nil
		}, []string{"1", "2", "3"}, alert.Plain},
		{"where one message is refused in every form, the others go on", true, func(_ int, m alert.Message) (bool, error) {
			if m.Content.Headline == "2" {
				return false, refuse(alert.ReasonRefused, 0)
			}
			return true, nil
		}, []string{"1", "3"}, alert.Full},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := &discord{before: c.before, history: c.history}
				deliver(t, ledger(t, 3, "10"), d, 29*time.Minute)
				if diff := cmp.Diff(c.want, d.said("10")); diff != "" {
					t.Error(diff)
				}
				for _, p := range d.posts {
					if p.form != c.form {
						t.Errorf("posted in form %s, want %s", p.form, c.form)
					}
				}
			})
		})
	}
}

func TestOneChannelsTroubleStopsNoOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := ledger(t, 3, "10", "11")
		d := &discord{before: func(_ int, m alert.Message) (bool, error) {
			if m.Channel == "10" {
				return false, &alert.SendError{Reason: alert.ReasonNoAccess, Err: errors.New("50001")}
			}
			return true, nil
		}}
		deliver(t, s, d, time.Minute)
		if diff := cmp.Diff([]string{"1", "2", "3"}, d.said("11")); diff != "" {
			t.Error(diff)
		}
		if d.tries != 4 {
			t.Errorf("%d requests, want 3 for the open channel and 1 for the closed one", d.tries)
		}
		blocked, err := s.Blocked(t.Context(), "1")
		must(t, err)
		if len(blocked) != 1 || blocked[0].ID != "10" || blocked[0].Reason != string(alert.ReasonNoAccess) {
			t.Fatalf("blocked channels: %+v", blocked)
		}
		d.before = nil
		must(t, s.UnblockChannel(t.Context(), "1", "10"))
		deliver(t, s, d, time.Minute)
		if diff := cmp.Diff([]string{"1", "2", "3"}, d.said("10")); diff != "" {
			t.Errorf("after the permission is back: %s", diff)
		}
	})
}

func TestAStopLosesAndRepeatsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := ledger(t, 5, "10")
		d := &discord{}
		d.before = func(int, alert.Message) (bool, error) {
			<-time.After(3 * time.Second) // a slow answer, under way when the stop comes
			return true, nil
		}
		for range 5 {
			deliver(t, s, d, 2*time.Second)
		}
		if diff := cmp.Diff([]string{"1", "2", "3", "4", "5"}, d.said("10")); diff != "" {
			t.Error(diff)
		}
		if d.tries != 5 {
			t.Errorf("%d requests for 5 alerts", d.tries)
		}
	})
}

func TestAfterAnOutageFewAlertsAndOneLine(t *testing.T) {
	t.Parallel()
	t.Run("of Discord", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			s := ledger(t, 42, "10")
			<-time.After(2 * time.Hour)
			fewAlertsAndOneLine(t, s)
		})
	})
	t.Run("of the bot", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			fewAlertsAndOneLine(t, ledgerSince(t, time.Now().Add(-2*time.Hour), 42, "10"))
		})
	})
}

// fewAlertsAndOneLine delivers 42 late alerts of channel 10.
func fewAlertsAndOneLine(t *testing.T, s *store.Store) {
	t.Helper()
	d := &discord{}
	deliver(t, s, d, 10*time.Minute)
	said := d.said("10")
	if len(said) != 6 {
		t.Fatalf("posted %d messages %q, want 5 alerts and one line", len(said), said)
	}
	if diff := cmp.Diff([]string{"38", "39", "40", "41", "42"}, said[:5]); diff != "" {
		t.Errorf("not the newest five in order: %s", diff)
	}
	done, err := s.Deliveries(t.Context(), store.DeliveryQuery{Channel: "10"})
	must(t, err)
	folded := 0
	for _, x := range done {
		if x.Kind == alert.CatchUp {
			folded = x.Content.More
		}
	}
	if folded != 37 {
		t.Errorf("the line stands for %d stories, want 37", folded)
	}
}
