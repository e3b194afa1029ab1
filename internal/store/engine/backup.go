package engine

import (
	"context"
	"crypto/rand"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"modernc.org/sqlite"
)

// BackupOptions tune a backup.
type BackupOptions struct {
	// Force replaces a file that is there.
	Force bool
	// Compact leaves out what the database keeps free for later, which takes
	// longer.
	Compact bool
	// Progress, if set, is told how many of how many pages are copied.
	Progress func(done, total int)
}

// Count is how many rows a table has.
type Count struct {
	Table string
	Rows  int64
}

// Verified is what was found in a backup that is sound.
type Verified struct {
	// Schema is its version; a database that is behind is brought up at the next
	// start.
	Schema int64
	// Bytes is its size.
	Bytes int64
	// Counts are the rows of each table, by name.
	Counts []Count
}

// backupStep is how many pages are copied at a time, of 4 KiB each.
const backupStep = 1024

// Backup copies the database, as it is at one moment, into a file that did not
// exist, while others go on using it, and checks the copy. Nothing is left
// behind when it fails. PostgreSQL is refused, with the command to use instead.
func (d *DB) Backup(ctx context.Context, file string, o BackupOptions) (Verified, error) {
	v, err := d.kind.backup(ctx, d, file, o)
	if err != nil {
		return Verified{}, fmt.Errorf("back up to %s: %w", file, err)
	}
	return v, nil
}

// backup is pg_dump's business. Its command names no password.
func (e *postgresKind) backup(_ context.Context, _ *DB, file string, _ BackupOptions) (Verified, error) {
	place := fmt.Sprintf("--host=%s --port=%d --username=%s", e.config.Host, e.config.Port, e.config.User)
	schema := ""
	if name := e.config.RuntimeParams["search_path"]; name != "" {
		schema = " --schema=" + name
	}
	return Verified{}, fmt.Errorf("PostgreSQL has its own tool for this. Run\n  pg_dump --format=custom %s%s --file=%q %s\nand restore with\n  pg_restore --clean --if-exists %s --dbname=%s %q",
		place, schema, file, e.config.Database, place, e.config.Database, file)
}

func (e *sqliteKind) backup(ctx context.Context, d *DB, file string, o BackupOptions) (_ Verified, err error) {
	if err := e.mayWrite(file, o.Force); err != nil {
		return Verified{}, err
	}
	// A random name in the same folder, so that the last step is one rename.
	temp := filepath.Join(filepath.Dir(file), "."+filepath.Base(file)+"."+rand.Text()[:8]+".part")
	f, err := os.OpenFile(temp, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return Verified{}, fmt.Errorf("make file: %w", err)
	}
	defer func() {
		err = errors.Join(err, f.Close())
		for _, tail := range []string{"", "-journal", "-wal", "-shm"} {
			if e := os.Remove(temp + tail); e != nil && !errors.Is(e, fs.ErrNotExist) {
				err = errors.Join(err, e)
			}
		}
	}()
	counts, err := copyPages(ctx, d.pools.read, temp, o.Progress)
	if err != nil {
		return Verified{}, err
	}
	if err := settleCopy(ctx, temp, o.Compact); err != nil {
		return Verified{}, err
	}
	v, err := VerifyBackup(ctx, temp, d.schema)
	if err != nil {
		return Verified{}, fmt.Errorf("the copy is not sound: %w", err)
	}
	if !slices.Equal(counts, v.Counts) {
		return Verified{}, fmt.Errorf("the copy is not sound: it has rows %v, the database has %v", v.Counts, counts)
	}
	return v, publish(f, temp, file, o.Force)
}

// mayWrite refuses to replace a file unasked, and the database itself always.
func (e *sqliteKind) mayWrite(file string, force bool) error {
	info, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return err
	case !info.Mode().IsRegular():
		return errors.New("that is not a regular file: name one that is not there yet")
	}
	for _, tail := range []string{"", "-wal", "-shm"} {
		if own, err := os.Stat(e.path + tail); err == nil && os.SameFile(own, info) {
			return errors.New("that is the database itself: name another file")
		}
	}
	if !force {
		return errors.New("that file is there already: name another one, or replace it with --force")
	}
	return nil
}

// copyPages copies one state of the database and returns its rows.
func copyPages(ctx context.Context, db *sql.DB, temp string, progress func(done, total int)) (_ []Count, err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	// The transaction keeps the state that the rows are counted in and the pages
	// copied from, whatever is committed meanwhile.
	if _, err := conn.ExecContext(ctx, "BEGIN"); err != nil {
		return nil, err
	}
	defer func() {
		_, e := conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
		err = errors.Join(err, e)
	}()
	counts, err := countRows(ctx, conn)
	if err != nil {
		return nil, err
	}
	err = conn.Raw(func(dc any) error { return stepThrough(ctx, dc, temp, progress) })
	return counts, err
}

// backuper is the driver's connection.
type backuper interface {
	NewBackup(dstURI string) (*sqlite.Backup, error)
}

func stepThrough(ctx context.Context, dc any, temp string, progress func(done, total int)) (err error) {
	if c, ok := dc.(*cachingConn); ok {
		dc = driver.Conn(c.fullConn)
	}
	src, ok := dc.(backuper)
	if !ok {
		return fmt.Errorf("connection %T cannot copy", dc)
	}
	b, err := src.NewBackup(sqliteURI(temp, url.Values{"_pragma": {"journal_mode(OFF)", "synchronous(OFF)"}}))
	if err != nil {
		return fmt.Errorf("open copy: %w", err)
	}
	defer func() { err = errors.Join(err, b.Finish()) }()
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return err
		}
		if more, err = b.Step(backupStep); err != nil {
			return fmt.Errorf("copy: %w", err)
		}
		if progress != nil {
			progress(b.PageCount()-b.Remaining(), b.PageCount())
		}
	}
	return nil
}

// settleCopy makes the copy one file that nobody uses, without a log beside it.
func settleCopy(ctx context.Context, temp string, compact bool) error {
	db, err := openFile(temp, url.Values{"_pragma": {"journal_mode(DELETE)", "synchronous(FULL)"}})
	if err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", atPeace))
	if err == nil && compact {
		_, err = db.ExecContext(ctx, "VACUUM")
	}
	if err = errors.Join(err, db.Close()); err != nil {
		return fmt.Errorf("settle copy: %w", err)
	}
	return nil
}

// publish gives the copy its name, once all of it is on the disk.
func publish(f *os.File, temp, file string, force bool) error {
	if err := f.Sync(); err != nil {
		return err
	}
	move := os.Rename
	if !force {
		move = renameAnew
	}
	if err := move(temp, file); err != nil {
		return err
	}
	dir, err := os.Open(filepath.Dir(file))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// renameAnew renames a file and replaces none. A link refuses what came
// meanwhile; file systems without links are looked at before.
func renameAnew(from, to string) error {
	err := os.Link(from, to)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: %w", to, fs.ErrExist)
	}
	return os.Rename(from, to)
}

// VerifyBackup checks that a file is a sound database of this program, or of an
// earlier release, by the steps of its schema. It changes nothing, not even
// beside the file.
func VerifyBackup(ctx context.Context, file string, schema fs.FS) (Verified, error) {
	info, err := os.Stat(file)
	if err != nil {
		return Verified{}, err
	}
	if !info.Mode().IsRegular() {
		return Verified{}, fmt.Errorf("%s is not a regular file", file)
	}
	if wal, err := os.Stat(file + "-wal"); err == nil && wal.Size() > 0 {
		return Verified{}, fmt.Errorf("%s-wal lies beside it: this is a database in use, or was copied from under one; make backups with attache backup", file)
	}
	db, err := openFile(file, url.Values{"mode": {"ro"}, "immutable": {"1"}, "_pragma": {"query_only(1)", "trusted_schema(0)"}})
	if err != nil {
		return Verified{}, err
	}
	v, err := verify(ctx, db, schema)
	v.Bytes = info.Size()
	if err = errors.Join(err, db.Close()); err != nil {
		return Verified{}, err
	}
	return v, nil
}

func verify(ctx context.Context, db *sql.DB, schema fs.FS) (v Verified, err error) {
	if err := sound(ctx, db); err != nil {
		return v, err
	}
	var version sql.NullInt64
	if err := db.QueryRowContext(ctx, "SELECT MAX(version_id) FROM schema_version").Scan(&version); err != nil || version.Int64 == 0 {
		return v, errors.Join(errors.New("this is no database of attache"), err)
	}
	latest, err := newest(schema, SQLite)
	if err != nil {
		return v, err
	}
	if v.Schema = version.Int64; v.Schema > latest {
		return v, fmt.Errorf("schema version %d, program %d: %w", v.Schema, latest, ErrNewerSchema)
	}
	v.Counts, err = countRows(ctx, db)
	return v, err
}

// countRows counts the rows of every table.
func countRows(ctx context.Context, db Querier) ([]Count, error) {
	rows, err := db.QueryContext(ctx, "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name")
	tables, err := texts(rows, err)
	if err != nil {
		return nil, fmt.Errorf("list tables: %w", err)
	}
	out := make([]Count, len(tables))
	for i, t := range tables {
		out[i].Table = t
		if err := db.QueryRowContext(ctx, `SELECT COUNT(*) FROM "`+strings.ReplaceAll(t, `"`, `""`)+`"`).Scan(&out[i].Rows); err != nil {
			return nil, fmt.Errorf("count %s: %w", t, err)
		}
	}
	return out, nil
}

func openFile(file string, params url.Values) (*sql.DB, error) {
	c, err := sqlite.NewConnector(sqliteURI(file, params))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", file, err)
	}
	db := sql.OpenDB(c)
	db.SetMaxOpenConns(1)
	return db, nil
}

func sqliteURI(file string, params url.Values) string {
	if abs, err := filepath.Abs(file); err == nil {
		file = abs
	}
	u := url.URL{Scheme: "file", Path: filepath.ToSlash(file), RawQuery: params.Encode()}
	return u.String()
}
