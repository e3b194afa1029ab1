package engine

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
func (d *DB) Now() time.Time {
	r := d.reading.Load()
	if r == nil {
		return d.now()
	}
	return r.server.Add(time.Since(r.local)) // by the monotonic clock
}

// KeepTime follows the server's clock until ctx ends.
func (d *DB) KeepTime(ctx context.Context) {
	t := time.NewTicker(timeEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		if err := d.readTime(ctx); err != nil && ctx.Err() == nil {
			d.log.WarnContext(ctx, "the server's time could not be read", "error", err)
		}
	}
}

func (d *DB) readTime(ctx context.Context) error {
	if d.kind.sole() {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, connectPatience)
	defer cancel()
	began := time.Now()
	server, err := d.kind.serverTime(ctx, d.pools.read)
	if err != nil {
		return fmt.Errorf("read time: %w", err)
	}
	took := time.Since(began)
	d.reading.Store(&reading{server: server, local: began.Add(took / 2)})
	return nil
}
