package store

import (
	"context"
	"fmt"
	"time"
)

// timeEvery is how often the server is asked for its time.
const timeEvery = 30 * time.Second

// reading is the server's time at a moment of this process.
type reading struct{ server, local time.Time }

// Now is the time that everything in the database goes by: on a server its own,
// so that processes whose clocks differ agree on what is due and whose lease
// has ended, and do not notice when a clock is set; otherwise the process's.
func (s *Store) Now() time.Time {
	r := s.reading.Load()
	if r == nil {
		return s.now()
	}
	return r.server.Add(time.Since(r.local)) // by the monotonic clock
}

// KeepTime follows the server's clock until ctx ends.
func (s *Store) KeepTime(ctx context.Context) {
	t := time.NewTicker(timeEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		if err := s.readTime(ctx); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "the server's time could not be read", "error", err)
		}
	}
}

func (s *Store) readTime(ctx context.Context) error {
	if s.engine.sole() {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, connectPatience)
	defer cancel()
	began := time.Now()
	server, err := s.engine.serverTime(ctx, s.pools.read)
	if err != nil {
		return fmt.Errorf("read time: %w", err)
	}
	took := time.Since(began)
	s.reading.Store(&reading{server: server, local: began.Add(took / 2)})
	return nil
}

// Sole reports whether no other process can use the database.
func (s *Store) Sole() bool { return s.engine.sole() }
