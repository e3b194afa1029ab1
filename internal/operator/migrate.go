package operator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/store"
)

// Migrate brings the database to the schema that this program needs, or with
// statusOnly just tells how far it is.
func Migrate(ctx context.Context, c config.Config, statusOnly bool, log *slog.Logger, out io.Writer) error {
	if _, statErr := os.Stat(c.Store.Path); statusOnly && c.Store.Server.IsZero() && errors.Is(statErr, fs.ErrNotExist) {
		_, err := fmt.Fprintf(out, "%s: not there yet; attache run or attache migrate makes it\n", c.Store.Path)
		return err
	}
	return withStore(ctx, c, store.Options{Logger: log}, func(s *store.Store) error {
		before, latest, err := s.Version(ctx)
		if err != nil {
			return err
		}
		switch {
		case before == latest:
			_, err = fmt.Fprintf(out, "%s: schema %d, up to date\n", c.Store.Name(), latest)
			return err
		case statusOnly:
			_, err = fmt.Fprintf(out, "%s: schema %d, behind %d; attache run or attache migrate changes it\n", c.Store.Name(), before, latest)
			return err
		}
		if err := s.Migrate(ctx); err != nil {
			return err
		}
		_, err = fmt.Fprintf(out, "%s: schema %d, was %d\n", c.Store.Name(), latest, before)
		return err
	})
}
