package store

import (
	"context"
	"fmt"
	"time"

	"github.com/attache-bot/attache/internal/store/engine"
)

// What is asked of the database itself, whatever is in it.

// The errors of a database that is not fit for use.
var (
	// ErrDamaged means that the database's file is damaged. Its text says what to do.
	ErrDamaged = engine.ErrDamaged
	// ErrNewerSchema means that the database was changed by a later release.
	ErrNewerSchema = engine.ErrNewerSchema
)

// BackupOptions tune a backup.
type BackupOptions = engine.BackupOptions

// Verified is what was found in a backup that is sound.
type Verified = engine.Verified

// Count is how many rows a table has.
type Count = engine.Count

// Migrate brings the schema to the program's version, one transaction a step.
// Run again, or after a crash half-way, it does what is left. Processes that
// start at once take turns.
func (s *Store) Migrate(ctx context.Context) error {
	if err := s.db.Migrate(ctx); err != nil {
		return fmt.Errorf("migrate store: %w", err)
	}
	return nil
}

// Version returns the version of the database's schema and the one that the
// program needs. They differ until [Store.Migrate] has run.
func (s *Store) Version(ctx context.Context) (current, latest int64, err error) {
	return s.db.Version(ctx)
}

// Schema is [Store.Version], but writes nothing and waits for no writer.
func (s *Store) Schema(ctx context.Context) (current, needed int64, err error) {
	current, needed, err = s.db.Schema(ctx)
	if err != nil {
		s.failedReads.Add(1)
	}
	return current, needed, err
}

// Now is the time that everything in the database goes by: on a server its own,
// so that processes whose clocks differ agree on what is due and whose lease
// has ended, and do not notice when a clock is set; otherwise the process's.
func (s *Store) Now() time.Time { return s.db.Now() }

// KeepTime follows the server's clock until ctx ends.
func (s *Store) KeepTime(ctx context.Context) { s.db.KeepTime(ctx) }

// Sole reports whether no other process can use the database.
func (s *Store) Sole() bool { return s.db.Sole() }

// Ping tells whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.db.Ping(ctx); err != nil {
		s.failedReads.Add(1)
		return fmt.Errorf("ping store: %w", err)
	}
	return nil
}

// Size returns how many bytes the database takes on disk, and how many of them
// the log of changes that are not yet in the data takes, where that is known.
func (s *Store) Size(ctx context.Context) (data, log int64, err error) {
	data, log, err = s.db.Size(ctx)
	if err != nil {
		return 0, 0, fmt.Errorf("measure store: %w", err)
	}
	return data, log, nil
}

// Tidy implements upkeep.Store.
func (s *Store) Tidy(ctx context.Context) error {
	if err := s.db.Tidy(ctx); err != nil {
		return fmt.Errorf("tidy store: %w", err)
	}
	return nil
}

// Backup copies the database, as it is at one moment, into a file that did not
// exist, while others go on using it, and checks the copy. Nothing is left
// behind when it fails. PostgreSQL is refused, with the command to use instead.
func (s *Store) Backup(ctx context.Context, file string, o BackupOptions) (Verified, error) {
	return s.db.Backup(ctx, file, o)
}

// VerifyBackup checks that a file is a sound database of this program, or of an
// earlier release. It changes nothing, not even beside the file.
func VerifyBackup(ctx context.Context, file string) (Verified, error) {
	steps, err := schema()
	if err != nil {
		return Verified{}, err
	}
	return engine.VerifyBackup(ctx, file, steps)
}

// News is what processes tell each other, so that none has to look all the time.
type News string

// The news.
const (
	// NewsReports: there are reports to place.
	NewsReports News = "reports"
	// NewsDeliveries: there are deliveries to make.
	NewsDeliveries News = "deliveries"
)

// Listen calls heard with what other processes and this one tell, until ctx
// ends. Some news may come twice, or for nothing; where one process at most
// uses the database there are none.
func (s *Store) Listen(ctx context.Context, heard func(News)) {
	all := []string{string(NewsReports), string(NewsDeliveries)}
	s.db.Listen(ctx, all, func(n string) { heard(News(n)) })
}
