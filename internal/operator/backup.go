package operator

import (
	"context"
	"fmt"
	"io"
	"log/slog"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/store"
)

// BackupOptions say what to back up, and how.
type BackupOptions struct {
	Config config.Config
	// File is the backup's name.
	File string
	// VerifyOnly checks a backup that is there, and makes none.
	VerifyOnly bool
	// Force replaces a file that is there. Compact leaves free pages out.
	Force, Compact bool
	// Progress is where people see how far it is; Terminal says that a line can
	// be written over there.
	Progress io.Writer
	Terminal bool
	Logger   *slog.Logger
}

// Backup copies the database while the bot may go on, and checks the copy.
func Backup(ctx context.Context, o BackupOptions, out io.Writer) error {
	if o.VerifyOnly {
		v, err := store.VerifyBackup(ctx, o.File)
		if err != nil {
			return fmt.Errorf("%s is no sound backup: %w", o.File, err)
		}
		return described(out, o.File, v)
	}
	return withStore(ctx, o.Config, store.Options{Logger: o.Logger, ReadOnly: true}, func(s *store.Store) error {
		so := store.BackupOptions{Force: o.Force, Compact: o.Compact}
		if o.Terminal {
			last := -1
			so.Progress = func(done, total int) {
				if percent := 100 * done / max(total, 1); percent != last {
					last = percent
					fmt.Fprintf(o.Progress, "\rcopying %3d %%", percent)
					if done == total {
						fmt.Fprint(o.Progress, ", checking")
					}
				}
			}
			defer fmt.Fprint(o.Progress, "\r\x1b[K")
		}
		v, err := s.Backup(ctx, o.File, so)
		if err != nil {
			return err
		}
		return described(out, o.File, v)
	})
}

// described prints what a backup holds.
func described(out io.Writer, file string, v store.Verified) error {
	rows := make(map[string]int64, len(v.Counts))
	for _, c := range v.Counts {
		rows[c.Table] = c.Rows
	}
	_, err := fmt.Fprintf(out, "%s: sound, %.1f MB, schema %d, %d reports, %d stories, %d subscriptions, %d deliveries\n",
		file, float64(v.Bytes)/1e6, v.Schema, rows["reports"], rows["stories"], rows["subscriptions"], rows["deliveries"])
	return err
}
