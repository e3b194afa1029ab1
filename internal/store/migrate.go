package store

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/pressly/goose/v3"

	"github.com/attache-bot/attache/internal/crashpoint"
)

// ErrNewerSchema means that the database was changed by a later release.
var ErrNewerSchema = errors.New("database is newer than this program: run the release that changed it, or a later one")

//go:embed migrations
var migrationFiles embed.FS

func (s *Store) provider() (*goose.Provider, error) {
	files, err := fs.Sub(migrationFiles, s.engine.migrations())
	if err != nil {
		return nil, fmt.Errorf("find migrations: %w", err)
	}
	p, err := goose.NewProvider(s.engine.dialect(), s.pools.write, files,
		goose.WithSlog(slog.New(steps{s.log.Handler()})), goose.WithVerbose(true), goose.WithDisableGlobalRegistry(true), goose.WithTableName("schema_version"))
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return p, nil
}

// steps hears of each statement of a migration before it is run, and leaves all
// that is not a warning to [Store.Migrate] to tell.
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
func (s *Store) Migrate(ctx context.Context) error {
	var done []*goose.MigrationResult
	for try := 1; ; try++ {
		err := s.withSchema(ctx, func(p *goose.Provider) error {
			some, err := p.Up(ctx)
			done = append(done, some...)
			return err
		})
		if err == nil {
			break
		}
		if try == maxTries || ctx.Err() != nil || !s.engine.again(err) {
			return fmt.Errorf("migrate store: %w", err)
		}
	}
	for _, r := range done {
		s.log.InfoContext(ctx, "schema changed", "version", r.Source.Version, "took", r.Duration)
	}
	return nil
}

// Version returns the version of the database's schema and the one that the
// program needs. They differ until [Store.Migrate] has run.
func (s *Store) Version(ctx context.Context) (current, latest int64, err error) {
	err = s.withSchema(ctx, func(p *goose.Provider) (err error) {
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
func (s *Store) withSchema(ctx context.Context, f func(*goose.Provider) error) (err error) {
	unlock, err := s.engine.lockSchema(ctx, s.pools.write)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, unlock()) }()
	p, err := s.provider()
	if err != nil {
		return err
	}
	return f(p)
}

// refuseOther lets only the program's own schema pass, and asks no more of the
// database than to be read.
func (s *Store) refuseOther(ctx context.Context) error {
	latest, err := newest(s.engine.migrations())
	if err != nil {
		return err
	}
	s.latest = latest
	current, _, err := s.Schema(ctx)
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

// newest returns the highest version in a folder of migrations.
func newest(folder string) (int64, error) {
	files, err := fs.ReadDir(migrationFiles, folder)
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

func (s *Store) refuseNewer(ctx context.Context) error {
	current, latest, err := s.Version(ctx)
	if err != nil {
		return err
	}
	s.latest = latest
	if current > latest {
		return fmt.Errorf("schema version %d, program %d: %w", current, latest, ErrNewerSchema)
	}
	return nil
}
