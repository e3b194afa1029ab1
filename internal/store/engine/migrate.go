package engine

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/pressly/goose/v3"

	"github.com/attache-bot/attache/internal/crashpoint"
)

// ErrNewerSchema means that the database was changed by a later release.
var ErrNewerSchema = errors.New("database is newer than this program: run the release that changed it, or a later one")

func (d *DB) provider() (*goose.Provider, error) {
	files, err := fs.Sub(d.schema, string(d.kind.name()))
	if err != nil {
		return nil, fmt.Errorf("find migrations: %w", err)
	}
	p, err := goose.NewProvider(d.kind.dialect(), d.pools.write, files,
		goose.WithSlog(slog.New(steps{d.log.Handler()})), goose.WithVerbose(true), goose.WithDisableGlobalRegistry(true), goose.WithTableName("schema_version"))
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return p, nil
}

// steps hears of each statement of a migration before it is run, and leaves all
// that is not a warning to [DB.Migrate] to tell.
type steps struct{ slog.Handler }

func (steps) Enabled(context.Context, slog.Level) bool { return true }

func (h steps) Handle(ctx context.Context, r slog.Record) error {
	if r.Message == "executing statement" {
		crashpoint.Hit(crashpoint.Migrating)
	}
	if r.Level < slog.LevelWarn {
		return nil
	}
	return h.Handler.Handle(ctx, r)
}

// Migrate brings the schema to the program's version, one transaction a step.
// Run again, or after a crash half-way, it does what is left. Processes that
// start at once take turns.
func (d *DB) Migrate(ctx context.Context) error {
	var done []*goose.MigrationResult
	for try := 1; ; try++ {
		err := d.withSchema(ctx, func(p *goose.Provider) error {
			some, err := p.Up(ctx)
			done = append(done, some...)
			return err
		})
		if err == nil {
			break
		}
		if try == maxTries || ctx.Err() != nil || !d.kind.again(err) {
			return err
		}
	}
	for _, r := range done {
		d.log.InfoContext(ctx, "schema changed", "version", r.Source.Version, "took", r.Duration)
	}
	return nil
}

// Version returns the version of the database's schema and the one that the
// program needs. They differ until [DB.Migrate] has run.
func (d *DB) Version(ctx context.Context) (current, latest int64, err error) {
	err = d.withSchema(ctx, func(p *goose.Provider) (err error) {
		current, latest, err = p.GetVersions(ctx)
		return err
	})
	if err != nil {
		return 0, 0, fmt.Errorf("read schema version: %w", err)
	}
	return current, latest, nil
}

// withSchema runs f while no other process looks at the schema: even reading
// its version makes the table of versions when it is missing.
func (d *DB) withSchema(ctx context.Context, f func(*goose.Provider) error) (err error) {
	unlock, err := d.kind.lockSchema(ctx, d.pools.write)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	p, err := d.provider()
	if err != nil {
		return err
	}
	return f(p)
}

// refuseOther lets only the program's own schema pass, and asks no more of the
// database than to be read.
func (d *DB) refuseOther(ctx context.Context) error {
	latest, err := newest(d.schema, d.kind.name())
	if err != nil {
		return err
	}
	d.latest = latest
	current, _, err := d.Schema(ctx)
	switch {
	case err != nil:
		return fmt.Errorf("this is no database of attache, or one that cannot be read: %w", err)
	case current > latest:
		return fmt.Errorf("schema version %d, program %d: %w", current, latest, ErrNewerSchema)
	case current < latest:
		return fmt.Errorf("schema version %d, program %d: run attache migrate first, or the release that made it", current, latest)
	}
	return nil
}

// newest returns the highest version among the migrations of a kind.
func newest(schema fs.FS, kind Name) (int64, error) {
	files, err := fs.ReadDir(schema, string(kind))
	if err != nil {
		return 0, fmt.Errorf("find migrations: %w", err)
	}
	var latest int64
	for _, f := range files {
		v, err := goose.NumericComponent(f.Name())
		if err != nil {
			return 0, fmt.Errorf("read name of migration: %w", err)
		}
		latest = max(latest, v)
	}
	return latest, nil
}

func (d *DB) refuseNewer(ctx context.Context) error {
	current, latest, err := d.Version(ctx)
	if err != nil {
		return err
	}
	d.latest = latest
	if current > latest {
		return fmt.Errorf("schema version %d, program %d: %w", current, latest, ErrNewerSchema)
	}
	return nil
}

// Schema returns the version of the database's schema, as it is now, and the one
// that the program needs. It writes nothing and waits for no writer.
func (d *DB) Schema(ctx context.Context) (current, needed int64, err error) {
	var v sql.NullInt64
	err = d.pools.read.QueryRowContext(ctx, "SELECT MAX(version_id) FROM schema_version").Scan(&v)
	if err != nil {
		return 0, 0, fmt.Errorf("read schema version: %w", err)
	}
	return v.Int64, d.latest, nil
}
