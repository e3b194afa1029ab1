package engine

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

func (e *postgresKind) notify(ctx context.Context, tx Querier, news string) error {
	if _, err := tx.ExecContext(ctx, "SELECT pg_notify("+channelName+", $1)", news); err != nil {
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

func (e *postgresKind) listen(ctx context.Context, log *slog.Logger, news []string, heard func(string)) {
	for wait := listenRetry; ctx.Err() == nil; wait = min(2*wait, maxListenRetry) {
		began := time.Now()
		err := e.listenOnce(ctx, news, heard)
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
func (e *postgresKind) listenOnce(ctx context.Context, news []string, heard func(string)) error {
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
	for _, n := range news {
		heard(n)
	}
	for {
		waiting, cancel := context.WithTimeout(ctx, listenCheck)
		n, err := conn.WaitForNotification(waiting)
		cancel()
		switch {
		case err == nil:
			heard(n.Payload)
		case ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) && !conn.IsClosed():
			if err := conn.Ping(ctx); err != nil {
				return fmt.Errorf("listen: %w", err)
			}
		default:
			return fmt.Errorf("listen: %w", err)
		}
	}
}

func (e *postgresKind) sole() bool { return false }

func (e *postgresKind) serverTime(ctx context.Context, db *sql.DB) (time.Time, error) {
	var ms int64
	err := db.QueryRowContext(ctx, "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint").Scan(&ms)
	return time.UnixMilli(ms).UTC(), err
}
