package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3/database"
)

// minPostgres is the oldest release that PostgreSQL's makers still mended when
// this was written, as server_version_num.
const minPostgres = 140000

// The limits of a session, in the form of the server's settings.
const (
	// postgresConnections is how many one process opens at most.
	postgresConnections = 12
	// idleInTransaction ends the transaction of a process that stopped in the
	// middle of it, so that its locks do not hold up the others.
	idleInTransaction = "15s"
	// postgresPatience bounds one transaction of ours.
	postgresPatience = 30 * time.Second
	connectPatience  = 10 * time.Second
)

// postgresKind keeps everything on a server, for any number of processes.
type postgresKind struct{ config *pgx.ConnConfig }

func newPostgres(address string, readOnly bool) (kind, error) {
	c, err := pgx.ParseConfig(address)
	if err != nil {
		// The parser's error repeats the address, and with it the password.
		return nil, errors.New("store address cannot be read: write it as postgres://user:password@host:5432/database, with %XX for special characters")
	}
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = connectPatience
	}
	for name, value := range map[string]string{
		"application_name":                    "attache",
		"idle_in_transaction_session_timeout": idleInTransaction,
		// Every statement of ours finds few rows by an index. A plan made while the
		// tables are nearly empty is kept, and would read them whole for hours.
		"enable_seqscan": "off", "enable_hashjoin": "off", "enable_mergejoin": "off",
		// Compiling a statement takes longer than running it.
		"jit": "off",
	} {
		if _, ok := c.RuntimeParams[name]; !ok {
			c.RuntimeParams[name] = value
		}
	}
	if readOnly {
		c.RuntimeParams["default_transaction_read_only"] = "on"
	}
	return &postgresKind{config: c}, nil
}

func (e *postgresKind) dialect() database.Dialect { return database.DialectPostgres }
func (e *postgresKind) name() Name                { return Postgres }
func (e *postgresKind) forUpdate() string         { return "FOR UPDATE" }
func (e *postgresKind) skipLocked() string        { return "FOR UPDATE SKIP LOCKED" }

func (e *postgresKind) skipLockedOf(table string) string {
	return "FOR UPDATE OF " + table + " SKIP LOCKED"
}

// A server looks after its own files.

func (e *postgresKind) inspect(context.Context, *slog.Logger, pools) error { return nil }
func (e *postgresKind) advise(err error) error                             { return err }
func (e *postgresKind) keep(context.Context, pools) error                  { return nil }
func (e *postgresKind) release(context.Context, pools) error               { return nil }

func (e *postgresKind) open(ctx context.Context) (pools, error) {
	db := stdlib.OpenDB(*e.config, stdlib.OptionAfterConnect(durable))
	db.SetMaxOpenConns(postgresConnections)
	db.SetMaxIdleConns(postgresConnections)
	db.SetConnMaxIdleTime(5 * time.Minute)
	p := pools{write: db, read: db}
	if err := e.check(ctx, db); err != nil {
		return pools{}, errors.Join(err, p.close())
	}
	return p, nil
}

// durable makes commits outlive a crash of the server where it is set up not
// to: an alert that was sent would be sent again.
func durable(ctx context.Context, c *pgx.Conn) error {
	_, err := c.Exec(ctx, `SELECT set_config('synchronous_commit', 'on', false)
		WHERE current_setting('synchronous_commit') = 'off'`)
	if err != nil {
		return fmt.Errorf("make commits durable: %w", err)
	}
	return nil
}

func (e *postgresKind) check(ctx context.Context, db *sql.DB) error {
	var version int
	var encoding, schema string
	var standby bool
	err := db.QueryRowContext(ctx, `
		SELECT current_setting('server_version_num')::int, current_setting('server_encoding'),
			COALESCE(current_schema(), ''), pg_is_in_recovery()`).
		Scan(&version, &encoding, &schema, &standby)
	switch {
	case err != nil:
		return fmt.Errorf("connect to PostgreSQL at %s: %w", e.place(), err)
	case version < minPostgres:
		return fmt.Errorf("PostgreSQL %d at %s is too old: version %d or later is needed", version/10000, e.place(), minPostgres/10000)
	case encoding != "UTF8":
		return fmt.Errorf("database at %s has encoding %s: create it with ENCODING 'UTF8' TEMPLATE template0", e.place(), encoding)
	case schema == "":
		return fmt.Errorf("no schema at %s to keep tables in: create one, and name it in search_path", e.place())
	case standby:
		return fmt.Errorf("PostgreSQL at %s is a standby: name its primary", e.place())
	}
	return nil
}

// place is where the database is, without the password.
func (e *postgresKind) place() string {
	return fmt.Sprintf("%s:%d/%s", e.config.Host, e.config.Port, e.config.Database)
}

// bound limits what a transaction may take: a network can swallow an answer.
func (e *postgresKind) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, postgresPatience)
}

// again reports a deadlock, which the server ends by refusing one of those in
// it; and a transaction that the server ended since nothing came for long, as it
// does when this machine stood still.
func (e *postgresKind) again(err error) bool {
	const serialisation, deadlockDetected, idle = "40001", "40P01", "25P03"
	var pe *pgconn.PgError
	return errors.As(err, &pe) && (pe.Code == serialisation || pe.Code == deadlockDetected || pe.Code == idle)
}

// lockKey is an advisory lock's, which are the database's: two installations
// may be in one, each in a schema of its own.
const lockKey = "hashtextextended('attache.' || current_schema() || '.' || $1::text, 0)"

func (e *postgresKind) inTurn(ctx context.Context, tx Querier, name string) error {
	if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock("+lockKey+")", name); err != nil {
		return fmt.Errorf("wait for others in %s: %w", name, err)
	}
	return nil
}

func (e *postgresKind) lockSchema(ctx context.Context, db *sql.DB) (unlock func() error, err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("lock schema: %w", err)
	}
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock("+lockKey+")", "schema"); err != nil {
		return nil, errors.Join(fmt.Errorf("lock schema: %w", err), conn.Close())
	}
	return func() error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), connectPatience)
		defer cancel()
		_, err := conn.ExecContext(ctx, "SELECT pg_advisory_unlock("+lockKey+")", "schema")
		if err != nil {
			err = fmt.Errorf("unlock schema: %w", err)
		}
		return errors.Join(err, conn.Close())
	}, nil
}

// size is that of this installation's tables: the database may hold others.
func (e *postgresKind) size(ctx context.Context, db Querier) (data, log int64, err error) {
	err = db.QueryRowContext(ctx, `
		SELECT COALESCE(SUM(pg_total_relation_size(c.oid)), 0)::bigint FROM pg_class c
		JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() AND c.relkind = 'r'`).Scan(&data)
	return data, 0, err
}

// isPostgres reports whether a store's name is a server's address.
func isPostgres(dsn string) bool {
	return strings.HasPrefix(dsn, "postgres://") || strings.HasPrefix(dsn, "postgresql://")
}

// tidy is left to the server's autovacuum.
func (e *postgresKind) tidy(context.Context, *sql.DB) error { return nil }
