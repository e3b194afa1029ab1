package operator

import (
	"context"
	"errors"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/store"
)

// withStore opens the configured database for f, and closes it afterwards.
func withStore(ctx context.Context, c config.Config, o store.Options, f func(s *store.Store) error) (err error) {
	o.DSN = c.Store.DSN().Reveal()
	s, err := store.Open(ctx, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	return f(s)
}
