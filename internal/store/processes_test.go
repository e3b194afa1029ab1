package store_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/store/storetest"
	"github.com/attache-bot/attache/internal/story"
)

// process opens one more store of a database, as a process whose clock is off
// does.
func process(t *testing.T, dsn string, off time.Duration) *store.Store {
	t.Helper()
	s, err := store.Open(t.Context(), store.Options{
		DSN: dsn, Logger: slog.New(slog.DiscardHandler), Now: func() time.Time { return time.Now().Add(off) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := s.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestProcessesWithWrongClocksStealNothing has processes whose clocks are hours
// apart work on one database.
func TestProcessesWithWrongClocksStealNothing(t *testing.T) {
	t.Parallel()
	dsn := storetest.Postgres(t).Schema(t)
	right, ahead, behind := process(t, dsn, 0), process(t, dsn, 5*time.Hour), process(t, dsn, -5*time.Hour)
	ctx := t.Context()
	if a, b := ahead.Now(), behind.Now(); a.Sub(b).Abs() > time.Minute {
		t.Errorf("the clocks of two processes are %v apart", a.Sub(b))
	}
	feeds := []feed.Feed{{URL: "https://wire.example/feed", Source: "wire", Every: time.Hour}}
	for _, s := range []*store.Store{ahead, behind, right} {
		if err := s.SyncFeeds(ctx, s.Now(), feeds); err != nil {
			t.Fatal(err)
		}
	}
	claimed, err := right.ClaimDue(ctx, feed.Catalogue, right.Now(), 10, time.Minute)
	if err != nil || len(claimed) != 1 {
		t.Fatalf("claimed %d feeds, error %v", len(claimed), err)
	}
	for name, s := range map[string]*store.Store{"ahead": ahead, "behind": behind} {
		if stolen, err := s.ClaimDue(ctx, feed.Catalogue, s.Now(), 10, time.Minute); err != nil || len(stolen) != 0 {
			t.Errorf("the process %s took %d feeds of another, error %v", name, len(stolen), err)
		}
	}
	alerted(t, right, claimed[0])
	sending, err := behind.Claim(ctx, behind.Now(), 10, 30*time.Second)
	if err != nil || len(sending) != 1 {
		t.Fatalf("claimed %d deliveries, error %v", len(sending), err)
	}
	for name, s := range map[string]*store.Store{"ahead": ahead, "right": right} {
		if stolen, err := s.Claim(ctx, s.Now(), 10, 30*time.Second); err != nil || len(stolen) != 0 {
			t.Errorf("the process that is %s took %d deliveries of another, error %v", name, len(stolen), err)
		}
	}
	seat := behind.Seat("behind", time.Minute)
	if held, _, err := seat.Take(ctx); !held || err != nil {
		t.Fatalf("the free role was not taken, error %v", err)
	}
	if held, _, err := ahead.Seat("ahead", time.Minute).Take(ctx); held || err != nil {
		t.Errorf("the process ahead took the role of another, error %v", err)
	}
}

// alerted stores a report, its story and an alert that is due.
func alerted(t *testing.T, s *store.Store, f feed.Feed) {
	t.Helper()
	if _, err := s.SavePoll(t.Context(), document(f, 0, 1)); err != nil {
		t.Fatal(err)
	}
	if err := s.SavePlacements(t.Context(), s.Now(), placements(t, s)); err != nil {
		t.Fatal(err)
	}
}

// placements opens a story for each unplaced report and alerts a channel to it.
func placements(t *testing.T, s *store.Store) []pipeline.Placed {
	t.Helper()
	reports, err := s.Unplaced(t.Context(), 1000)
	if err != nil {
		t.Fatal(err)
	}
	out := openAll(reports)
	for i, r := range reports {
		out[i].Alerts = []alert.Alert{{Guild: "g", Channel: "c", Story: story.ID(r.ID), Planned: s.Now(), Content: alert.Content{Time: s.Now()}}}
	}
	return out
}

// TestAPlacerThatWasReplacedSavesNothing pauses a placer between its decision
// and its saving until another one has taken over.
func TestAPlacerThatWasReplacedSavesNothing(t *testing.T) {
	t.Parallel()
	dsn := storetest.Postgres(t).Schema(t)
	a, b := process(t, dsn, 0), process(t, dsn, 0)
	ctx := t.Context()
	if _, err := a.SavePoll(ctx, document(oneFeed(t, a), 0, 3)); err != nil {
		t.Fatal(err)
	}
	const instant = time.Millisecond
	first, second := a.Seat("a", instant), b.Seat("b", time.Minute)
	if held, taken, err := first.Take(ctx); !held || !taken || err != nil {
		t.Fatalf("held %v, taken %v, error %v", held, taken, err)
	}
	decided := placements(t, a)
	for held := false; !held; { // a's lease of a millisecond has ended soon
		var err error
		if held, _, err = second.Take(ctx); err != nil {
			t.Fatal(err)
		}
	}
	if err := first.SavePlacements(ctx, a.Now(), decided); !errors.Is(err, store.ErrLostRole) {
		t.Fatalf("the placer that was replaced got error %v", err)
	}
	if left, err := b.Unplaced(ctx, 10); err != nil || len(left) != 3 {
		t.Fatalf("%d reports are unplaced, error %v", len(left), err)
	}
	if err := second.SavePlacements(ctx, b.Now(), decided); err != nil {
		t.Fatal(err)
	}
	if held, _, err := first.Take(ctx); held || err != nil {
		t.Errorf("the role was taken back, error %v", err)
	}
	if err := second.Leave(ctx); err != nil {
		t.Fatal(err)
	}
	if held, taken, err := first.Take(ctx); !held || !taken || err != nil {
		t.Errorf("after it was given back: held %v, taken %v, error %v", held, taken, err)
	}
}

// TestAProcessThatStopsInATransactionHoldsNobodyUp leaves a transaction open
// that holds what others need, as a process does that is stopped.
func TestAProcessThatStopsInATransactionHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	dsn := storetest.Postgres(t).Schema(t)
	s := process(t, dsn, 0)
	ctx := t.Context()
	if held, _, err := s.Seat("a", time.Millisecond).Take(ctx); !held || err != nil {
		t.Fatalf("held %v, error %v", held, err)
	}
	db, err := sql.Open("pgx", withParameter(t, dsn, "idle_in_transaction_session_timeout", "200ms"))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(ctx, "UPDATE leases SET until_at = until_at"); err != nil {
		t.Fatal(err)
	}
	if held, _, err := s.Seat("b", time.Minute).Take(ctx); !held || err != nil {
		t.Fatalf("held %v, error %v", held, err)
	}
}

func withParameter(t *testing.T, dsn, name, value string) string {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set(name, value)
	u.RawQuery = q.Encode()
	return u.String()
}

func TestProcessesTellEachOtherNews(t *testing.T) {
	t.Parallel()
	dsn := storetest.Postgres(t).Schema(t)
	a, b := process(t, dsn, 0), process(t, dsn, 0)
	ctx, cancel := context.WithCancel(t.Context())
	news := make(chan store.News)
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		b.Listen(ctx, func(n store.News) {
			select {
			case news <- n:
			case <-ctx.Done():
			}
		})
	}()
	defer func() {
		cancel()
		<-ended
	}()
	hear := func(want store.News) {
		t.Helper()
		if got := <-news; got != want {
			t.Fatalf("heard %q, want %q", got, want)
		}
	}
	hear(store.NewsReports) // what may have been told before
	hear(store.NewsDeliveries)
	f := oneFeed(t, a)
	if _, err := a.SavePoll(ctx, feed.Outcome{Feed: f}); err != nil { // nothing new
		t.Fatal(err)
	}
	if _, err := a.SavePoll(ctx, document(f, 0, 1)); err != nil {
		t.Fatal(err)
	}
	hear(store.NewsReports)
	if err := a.SavePlacements(ctx, a.Now(), placements(t, a)); err != nil {
		t.Fatal(err)
	}
	hear(store.NewsDeliveries)
	t.Run("after its connection broke", func(t *testing.T) {
		endListeners(t, dsn)
		hear(store.NewsReports)
		hear(store.NewsDeliveries)
		if _, err := a.SavePoll(ctx, document(f, 1, 1)); err != nil {
			t.Fatal(err)
		}
		hear(store.NewsReports)
	})
}

// endListeners ends the connections that listen on behalf of a schema.
func endListeners(t *testing.T, dsn string) {
	t.Helper()
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var schema string
	if err := db.QueryRowContext(t.Context(), "SELECT current_schema()").Scan(&schema); err != nil {
		t.Fatal(err)
	}
	res, err := db.ExecContext(t.Context(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query = $1",
		fmt.Sprintf(`LISTEN "attache.%s"`, schema))
	if err != nil {
		t.Fatal(err)
	}
	if n, err := res.RowsAffected(); n != 1 || err != nil {
		t.Fatalf("%d listeners were ended, error %v", n, err)
	}
}

// TestProcessesOpenAnEmptyDatabaseAtOnce starts several on one schema.
func TestProcessesOpenAnEmptyDatabaseAtOnce(t *testing.T) {
	t.Parallel()
	dsn := storetest.Postgres(t).Schema(t)
	errs := make(chan error)
	const processes = 5
	for range processes {
		go func() {
			s, err := store.Open(t.Context(), store.Options{DSN: dsn, Logger: slog.New(slog.DiscardHandler)})
			if err == nil {
				err = errors.Join(s.Migrate(t.Context()), s.Close())
			}
			errs <- err
		}()
	}
	for range processes {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
}
