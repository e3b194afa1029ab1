package store

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/pipeline"
)

// ErrLostRole means that another process has taken over what this one was
// doing: its lease had ended.
var ErrLostRole = errors.New("another process has taken over")

// Role is what one process at a time does.
type Role string

// The roles.
const (
	// RolePlacer places reports into stories.
	RolePlacer Role = "placer"
	// RoleShard runs one of the bot's shards.
	RoleShard Role = "shard"
)

// Lease is a role that a process holds for a time.
type Lease struct {
	Role Role
	// Number tells the shards apart; 0 for other roles.
	Number int
	Holder string
	// Token rises whenever the role gets another holder. What is written under a
	// lease is refused once the token has risen.
	Token int64
}

// TakeLease gives the role to holder until now+ttl when it is free, or renews
// it when holder has it. It returns false while another process holds it.
func (s *Store) TakeLease(ctx context.Context, now time.Time, l Lease, ttl time.Duration) (Lease, bool, error) {
	held := false
	err := s.write(ctx, "take lease", func(ctx context.Context, tx *sql.Tx) error {
		err := tx.QueryRowContext(ctx, `
			INSERT INTO leases (role, number, holder, token, until_at) VALUES ($1, $2, $3, 1, $4)
			ON CONFLICT (role, number) DO UPDATE SET holder = excluded.holder, until_at = excluded.until_at,
				token = leases.token + CASE WHEN leases.holder = excluded.holder THEN 0 ELSE 1 END
			WHERE leases.holder = excluded.holder OR leases.until_at <= $5 RETURNING token`,
			string(l.Role), l.Number, l.Holder, ms(now.Add(ttl)), ms(now)).Scan(&l.Token)
		held = err == nil
		if errors.Is(err, sql.ErrNoRows) {
			return nil
		}
		return err
	})
	if err != nil {
		return Lease{}, false, err
	}
	return l, held, nil
}

// EndLeases gives back everything of a role that holder has, so that others
// need not wait for its end.
func (s *Store) EndLeases(ctx context.Context, role Role, holder string) error {
	return s.write(ctx, "end leases", func(ctx context.Context, tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE leases SET holder = '', until_at = 0 WHERE role = $1 AND holder = $2", string(role), holder)
		return err
	})
}

// renewLease fails with [ErrLostRole] when the lease has another holder, and
// keeps it from getting one before the transaction ends.
func renewLease(ctx context.Context, tx querier, now time.Time, l Lease, ttl time.Duration) error {
	err := one(tx.ExecContext(ctx, "UPDATE leases SET until_at = $5 WHERE role = $1 AND number = $2 AND holder = $3 AND token = $4",
		string(l.Role), l.Number, l.Holder, l.Token, ms(now.Add(ttl))))
	if errors.Is(err, archive.ErrNotFound) {
		return ErrLostRole
	}
	return err
}

// Seat is the store as one process's placer sees it: what it places is saved
// only while the process has the placer's role. It is a [pipeline.Store]. One
// goroutine at a time may use it. Where the process is the only one, it always
// has the role.
type Seat struct {
	*Store
	lease Lease
	ttl   time.Duration
}

var _ pipeline.Store = (*Seat)(nil)

// Seat returns a place that is not taken yet. The role is held for ttl after
// each save, and holder names the process.
func (s *Store) Seat(holder string, ttl time.Duration) *Seat {
	return &Seat{Store: s, lease: Lease{Role: RolePlacer, Holder: holder}, ttl: ttl}
}

// Take takes the role or renews it. taken says that it was another's before, or
// nobody's, so that others may have placed reports since this process last did.
func (t *Seat) Take(ctx context.Context) (held, taken bool, err error) {
	if t.Sole() {
		return true, false, nil
	}
	before := t.lease.Token
	l, held, err := t.TakeLease(ctx, t.Now(), t.lease, t.ttl)
	if err != nil || !held {
		return false, false, err
	}
	t.lease = l
	return true, l.Token != before, nil
}

// Leave gives the role back.
func (t *Seat) Leave(ctx context.Context) error {
	if t.Sole() {
		return nil
	}
	return t.EndLeases(ctx, RolePlacer, t.lease.Holder)
}

// SavePlacements is [Store.SavePlacements], and fails with [ErrLostRole] when
// another process has the role.
func (t *Seat) SavePlacements(ctx context.Context, now time.Time, placed []pipeline.Placed) error {
	if t.Sole() {
		return t.Store.SavePlacements(ctx, now, placed)
	}
	return t.savePlacements(ctx, now, placed, t.fence)
}

// SaveHeard is [Store.SaveHeard], and fails as SavePlacements does.
func (t *Seat) SaveHeard(ctx context.Context, heard []pipeline.Heard) error {
	if t.Sole() {
		return t.Store.SaveHeard(ctx, heard)
	}
	return t.saveHeard(ctx, heard, t.fence)
}

// SaveChange is [Store.SaveChange], and fails as SavePlacements does.
func (t *Seat) SaveChange(ctx context.Context, now time.Time, c pipeline.StoryChange) error {
	if t.Sole() {
		return t.Store.SaveChange(ctx, now, c)
	}
	return t.saveChange(ctx, now, c, t.fence)
}

// fence begins a transaction that only the holder of the role may make.
func (t *Seat) fence(ctx context.Context, tx querier) error {
	return renewLease(ctx, tx, t.Now(), t.lease, t.ttl)
}

// AgreeShards settles with the other processes how many shards the bot has:
// what was offered to the first of them, as long as any holds one.
func (s *Store) AgreeShards(ctx context.Context, now time.Time, offered int) (count int, err error) {
	err = s.write(ctx, "agree on shards", func(ctx context.Context, tx *sql.Tx) error {
		if err := s.inTurn(ctx, tx, "shards"); err != nil {
			return err
		}
		var held int
		err := tx.QueryRowContext(ctx, "SELECT COUNT(*), COALESCE(SUM(CASE WHEN until_at > $2 THEN 1 ELSE 0 END), 0) FROM leases WHERE role = $1",
			string(RoleShard), ms(now)).Scan(&count, &held)
		if err != nil || held > 0 || count == offered {
			return err
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM leases WHERE role = $1", string(RoleShard)); err != nil {
			return err
		}
		args := make([]any, 0, 2*offered)
		for i := range offered {
			args = append(args, string(RoleShard), i)
		}
		count = offered
		return insert{head: "INSERT INTO leases (role, number) VALUES", cols: 2}.exec(ctx, tx, args)
	})
	return count, err
}

// HoldShards renews the shards that holder has until now+ttl, takes one more if
// any is free, and returns all that it has then. So processes that start
// together share them about evenly.
func (s *Store) HoldShards(ctx context.Context, now time.Time, holder string, ttl time.Duration) (ids []int, err error) {
	err = s.write(ctx, "hold shards", func(ctx context.Context, tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `
			UPDATE leases SET until_at = $3 WHERE role = $1 AND (holder = $2 AND until_at > $4 OR number IN (
				SELECT number FROM leases WHERE role = $1 AND until_at <= $4 ORDER BY number LIMIT 1 `+s.db.SkipLocked()+`))
			RETURNING number`, string(RoleShard), holder, ms(now.Add(ttl)), ms(now))
		if ids, err = collect(rows, err, scanOne[int]); err != nil {
			return err
		}
		return inLists(ids, 3, func(in string, args []any) error {
			_, err := tx.ExecContext(ctx, `
				UPDATE leases SET holder = $2, token = token + 1 WHERE role = $1 AND holder <> $2 AND number IN `+in,
				append([]any{string(RoleShard), holder}, args...)...)
			return err
		})
	})
	return ids, err
}

// TakeTurn reserves the next moment at which something may be done that all
// processes together may do once in a time, and returns it.
func (s *Store) TakeTurn(ctx context.Context, now time.Time, name string, every time.Duration) (time.Time, error) {
	var turn int64
	err := s.write(ctx, "take turn", func(ctx context.Context, tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `
			INSERT INTO turns (name, next_at) VALUES ($1, $2)
			ON CONFLICT (name) DO UPDATE SET
				next_at = CASE WHEN turns.next_at > $3 THEN turns.next_at + $4 ELSE excluded.next_at END
			RETURNING next_at - $4`, name, ms(now.Add(every)), ms(now), every.Milliseconds()).Scan(&turn)
	})
	return at(turn), err
}

// TakeHostTurn implements feed.Store.
func (s *Store) TakeHostTurn(ctx context.Context, host string, now time.Time, gap, patience time.Duration) (time.Time, bool, error) {
	// Moments are kept to a millisecond, and this one must not be in the past.
	first := now.Add(time.Millisecond - 1).Truncate(time.Millisecond)
	var turn int64
	err := s.write(ctx, "take turn at host", func(ctx context.Context, tx *sql.Tx) error {
		return tx.QueryRowContext(ctx, `
			INSERT INTO turns (name, next_at) VALUES ($1, $2)
			ON CONFLICT (name) DO UPDATE SET
				next_at = CASE WHEN turns.next_at > $3 AND turns.next_at < $4 THEN turns.next_at + $5 ELSE excluded.next_at END
			WHERE turns.next_at <= $3 OR turns.next_at < $4 OR turns.next_at > $6
			RETURNING next_at - $5`,
			"host "+storable(host), ms(first.Add(gap)), ms(first), ms(now.Add(patience)), gap.Milliseconds(),
			ms(now.Add(2*feed.MaxHostGap))).Scan(&turn)
	})
	if errors.Is(err, sql.ErrNoRows) {
		return time.Time{}, false, nil
	}
	return at(turn), err == nil, err
}
