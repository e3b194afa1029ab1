package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
)

// channelName is what processes of one installation listen on: two may be in
// one database, each in a schema of its own.
const channelName = "'attache.' || left(current_schema(), 48)"

func (e *postgresEngine) notify(ctx context.Context, tx querier, news News) error {
	if _, err := tx.ExecContext(ctx, "SELECT pg_notify("+channelName+", $1)", string(news)); err != nil {
		return fmt.Errorf("tell other processes: %w", err)
	}
	return nil
}

// The pauses before listening again after a failure.
const (
	listenRetry    = time.Second
	maxListenRetry = 30 * time.Second
	// listenCheck is how long nothing may be heard before the connection is
	// tried: a dead one is silent too.
	listenCheck = time.Minute
)

func (e *postgresEngine) listen(ctx context.Context, log *slog.Logger, heard func(News)) {
	for wait := listenRetry; ctx.Err() == nil; wait = min(2*wait, maxListenRetry) {
		began := time.Now()
		err := e.listenOnce(ctx, heard)
		if ctx.Err() != nil {
			return
		}
		if time.Since(began) > maxListenRetry {
			wait = listenRetry
		}
		log.WarnContext(ctx, "news of other processes are not heard; listening again", "in", wait, "error", err)
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// listenOnce listens over one connection until that fails. What was told before
// it listened counts as heard.
func (e *postgresEngine) listenOnce(ctx context.Context, heard func(News)) error {
	conn, err := pgx.ConnectConfig(ctx, e.config.Copy())
	if err != nil {
		return fmt.Errorf("connect to listen: %w", err)
	}
	defer func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		_ = conn.Close(ctx) // nothing is under way on it
	}()
	var name string
	if err := conn.QueryRow(ctx, "SELECT "+channelName).Scan(&name); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	if _, err := conn.Exec(ctx, "LISTEN "+pgx.Identifier{name}.Sanitize()); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	heard(NewsReports)
	heard(NewsDeliveries)
	for {
		waiting, cancel := context.WithTimeout(ctx, listenCheck)
		n, err := conn.WaitForNotification(waiting)
		cancel()
		switch {
		case err == nil:
			heard(News(n.Payload))
		case ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) && !conn.IsClosed():
			if err := conn.Ping(ctx); err != nil {
				return fmt.Errorf("listen: %w", err)
			}
		default:
			return fmt.Errorf("listen: %w", err)
		}
	}
}

func (e *postgresEngine) sole() bool { return false }

func (e *postgresEngine) serverTime(ctx context.Context, db *sql.DB) (time.Time, error) {
	var ms int64
	err := db.QueryRowContext(ctx, "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint").Scan(&ms)
	return at(ms), err
}
