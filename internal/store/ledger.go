package store

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/archive"
)

const deliveryColumns = `id, COALESCE(alert, 0), kind, guild, channel, roles, content, form, state, attempt, failures,
	series, doubt, created_at, first_at, due_at, message, reason, waits_at, settled_at, revision,
	CASE WHEN revision = 0 THEN '' ELSE COALESCE(
		(SELECT p.message FROM deliveries p WHERE p.alert = deliveries.alert AND p.kind = 'post'),
		(SELECT w.message FROM held h JOIN deliveries w ON w.id = h.told WHERE h.alert = deliveries.alert), '') END,
	COALESCE((SELECT c.kind FROM channels c WHERE c.id = deliveries.channel), ''),
	COALESCE((SELECT ` + guildLanguage + ` FROM guilds g WHERE g.id = deliveries.guild), '')`

// guildLanguage is the locale in which a guild is spoken to: what it has set, or
// what it has in Discord.
const guildLanguage = "CASE WHEN g.language <> '' THEN g.language ELSE g.locale END"

func scanDelivery(s scanner) (alert.Delivery, error) {
	var d alert.Delivery
	var roles, content string
	var doubt, created, first, due, waits, settled int64
	err := s.Scan(&d.ID, &d.Alert, &d.Kind, &d.Guild, &d.Channel, &roles, &content, &d.Form, &d.State, &d.Attempt,
		&d.Failures, &d.Series, &doubt, &created, &first, &due, &d.Message, &d.Reason, &waits, &settled, &d.Revision, &d.To, &d.In, &d.Language)
	if err != nil {
		return d, err
	}
	d.Doubt = doubt != 0
	d.Created, d.First, d.Due = at(created), at(first), at(due)
	d.Waits, d.Settled = at(waits), at(settled)
	err = errors.Join(fromJSON(roles, &d.Roles), fromJSON(content, &d.Content))
	return d, err
}

// reseat sets the heads of channels again after their queues changed. The text
// goes on with a condition on channels; $1 is now. A head that could have been
// claimed long ago queues behind those that are ready already.
const reseat = `
	UPDATE channels SET (head, ready_at) = (
		SELECT d.id, CASE WHEN d.due_at > $1 THEN d.due_at ELSE $1 END FROM deliveries d
		WHERE d.channel = channels.id AND d.settled_at = 0 ORDER BY d.id LIMIT 1)
	WHERE `

// Recover implements alert.Ledger.
func (s *Store) Recover(ctx context.Context, now time.Time) (int, error) {
	var n int
	err := s.write(ctx, "recover deliveries", func(ctx context.Context, tx *sql.Tx) error {
		err := lockChannels(ctx, tx, s.db, "id IN (SELECT channel FROM deliveries WHERE settled_at = 0 AND state = 'sending')")
		if err != nil {
			return err
		}
		rows, err := tx.QueryContext(ctx, `
			UPDATE deliveries SET state = 'pending', doubt = 1, due_at = $1
			WHERE settled_at = 0 AND state = 'sending' RETURNING channel`, ms(now))
		channels, err := collect(rows, err, scanOne[string])
		if err != nil {
			return err
		}
		n = len(channels)
		return reseatChannels(ctx, tx, now, channels)
	})
	return n, err
}

func reseatChannels(ctx context.Context, tx querier, now time.Time, channels []string) error {
	err := inLists(channels, 2, func(in string, args []any) error {
		_, err := tx.ExecContext(ctx, reseat+"id IN "+in, append([]any{ms(now)}, args...)...)
		return err
	})
	if err != nil {
		return fmt.Errorf("set heads of channels: %w", err)
	}
	return nil
}

// Guilds take turns in a claim: among how many of the channels that are ready they
// do, and how many of a guild's deliveries may be on their way at once, so that the
// others find a place, and few before them.
const (
	claimAmong    = 4000
	claimPerGuild = 32
)

// Claim implements alert.Ledger. Of each guild the channel that has waited longest
// comes first, and of several guilds that one of which most turns are over: none
// waits for another's flood.
func (s *Store) Claim(ctx context.Context, now time.Time, limit int, lease time.Duration) ([]alert.Delivery, error) {
	if limit <= 0 {
		return nil, nil
	}
	var out []alert.Delivery
	until := ms(now.Add(lease))
	err := s.write(ctx, "claim deliveries", func(ctx context.Context, tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `
			SELECT c.id, c.head FROM (
				SELECT r.id, ROW_NUMBER() OVER (PARTITION BY r.guild ORDER BY r.ready_at, r.id) + COALESCE((
					SELECT COUNT(*) FROM deliveries d WHERE d.guild = r.guild AND d.settled_at = 0 AND d.state = 'sending' AND d.due_at > $1), 0) AS turn
				FROM (SELECT id, guild, ready_at FROM channels WHERE head IS NOT NULL AND blocked_at = 0 AND ready_at <= $1
					ORDER BY ready_at LIMIT $3) r) t
			JOIN channels c ON c.id = t.id
			WHERE t.turn <= $4 AND c.head IS NOT NULL AND c.blocked_at = 0 AND c.ready_at <= $1
			ORDER BY t.turn, c.ready_at, c.id LIMIT $2 `+s.db.SkipLockedOf("c"), ms(now), limit, claimAmong, claimPerGuild)
		var heads []int64
		channels, err := collect(rows, err, func(s scanner) (id string, err error) {
			var head int64
			err = s.Scan(&id, &head)
			heads = append(heads, head)
			return id, err
		})
		if err != nil {
			return err
		}
		if out, err = claimHeads(ctx, tx, now, until, heads); err != nil {
			return err
		}
		return inLists(channels, 2, func(in string, args []any) error {
			_, err := tx.ExecContext(ctx, "UPDATE channels SET ready_at = $1 WHERE id IN "+in, append([]any{until}, args...)...)
			return err
		})
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// claimHeads marks the deliveries and returns them in the order of heads.
func claimHeads(ctx context.Context, tx querier, now time.Time, until int64, heads []int64) ([]alert.Delivery, error) {
	var out []alert.Delivery
	err := inLists(heads, 3, func(in string, args []any) error {
		rows, err := tx.QueryContext(ctx, `
			UPDATE deliveries SET attempt = attempt + 1, due_at = $1,
				first_at = CASE WHEN first_at = 0 THEN $2 ELSE first_at END,
				doubt = CASE WHEN state = 'sending' THEN 1 ELSE doubt END, state = 'sending'
			WHERE settled_at = 0 AND id IN `+in+" RETURNING "+deliveryColumns, append([]any{until, ms(now)}, args...)...)
		more, err := collect(rows, err, scanDelivery)
		out = append(out, more...)
		return err
	})
	if err != nil {
		return nil, err
	}
	rank := make(map[int64]int, len(heads))
	for i, id := range heads {
		rank[id] = i
	}
	slices.SortFunc(out, func(a, b alert.Delivery) int { return cmp.Compare(rank[a.ID], rank[b.ID]) })
	return out, nil
}

// Settle implements alert.Ledger. A delivery of a guild that the bot has left
// meanwhile expires instead of waiting for another try.
func (s *Store) Settle(ctx context.Context, now time.Time, d alert.Delivery, st alert.Settlement) error {
	switch st.State {
	case alert.Sent, alert.Dead, alert.Expired, alert.Pending:
	default:
		return fmt.Errorf("settle delivery %d: state %q is none of an outcome", d.ID, st.State)
	}
	return s.write(ctx, fmt.Sprintf("settle delivery %d", d.ID), func(ctx context.Context, tx *sql.Tx) error {
		if err := s.lockQueue(ctx, tx, d, st); err != nil {
			return err
		}
		if err := settle(ctx, tx, now, d, st); err != nil {
			return err
		}
		if d.Kind == alert.Post && st.State == alert.Sent {
			if err := posted(ctx, tx, now, d, st.Message); err != nil {
				return err
			}
			if err := wishPublication(ctx, tx, now, d, st.Message); err != nil {
				return err
			}
		}
		if st.BlockChannel {
			_, err := tx.ExecContext(ctx, "UPDATE channels SET blocked_at = $2, reason = $3 WHERE id = $1 AND blocked_at = 0",
				d.Channel, ms(now), string(st.Reason))
			if err != nil {
				return fmt.Errorf("block channel: %w", err)
			}
		}
		if err := noteTrouble(ctx, tx, now, d, st); err != nil {
			return err
		}
		if st.LeftGuild {
			if err := leave(ctx, tx, s.db, d.Guild, now); err != nil {
				return err
			}
		} else if st.State == alert.Pending {
			if err := waitAgain(ctx, tx, now, d); err != nil {
				return err
			}
		}
		_, err := tx.ExecContext(ctx, reseat+"id = $2", ms(now), d.Channel)
		return err
	})
}

// lockQueue takes the channels whose queues a settlement changes.
func (s *Store) lockQueue(ctx context.Context, tx querier, d alert.Delivery, st alert.Settlement) error {
	if st.LeftGuild {
		if err := lockGuild(ctx, tx, s.db, d.Guild); err != nil {
			return err
		}
		return lockChannels(ctx, tx, s.db, "guild = $1 OR id = $2", d.Guild, d.Channel)
	}
	return lockChannels(ctx, tx, s.db, "id = $1", d.Channel)
}

func settle(ctx context.Context, tx querier, now time.Time, d alert.Delivery, st alert.Settlement) error {
	var settled int64
	due := ms(st.Due)
	if st.State != alert.Pending {
		settled, due = ms(now), ms(now)
	}
	failures := st.Failures
	if st.State == alert.Sent {
		failures = d.Failures // an acceptance says nothing of earlier tries
	}
	form := cmp.Or(st.Form, d.Form)
	err := one(tx.ExecContext(ctx, `
		UPDATE deliveries SET state = $3, due_at = $4, settled_at = $5, message = $6, reason = $7, form = $8, failures = $9,
			series = series + $10, first_at = CASE WHEN $10 = 1 THEN 0 ELSE first_at END,
			doubt = CASE WHEN $10 = 1 THEN 0 WHEN $11 = 1 THEN 1 ELSE doubt END
		WHERE id = $1 AND attempt = $2 AND state = 'sending'`,
		d.ID, d.Attempt, string(st.State), due, settled, storable(st.Message), string(st.Reason), string(form), failures,
		flag(st.NewSeries), flag(st.Doubt)))
	if errors.Is(err, archive.ErrNotFound) {
		return alert.ErrStale
	}
	return err
}

// waitAgain looks after a delivery that is to be tried again.
func waitAgain(ctx context.Context, tx querier, now time.Time, d alert.Delivery) error {
	if err := expireIfLeft(ctx, tx, now, d); err != nil {
		return err
	}
	if d.Kind != alert.CatchUp {
		return nil
	}
	return joinLines(ctx, tx, d.Channel)
}

func expireIfLeft(ctx context.Context, tx querier, now time.Time, d alert.Delivery) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE deliveries SET state = 'expired', reason = $3, settled_at = $2, due_at = $2
		WHERE id = $1 AND EXISTS (SELECT 1 FROM guilds g WHERE g.id = deliveries.guild AND g.left_at <> 0)`,
		d.ID, ms(now), string(alert.ReasonNoGuild))
	return err
}

// NextDue implements alert.Ledger.
func (s *Store) NextDue(ctx context.Context) (time.Time, bool, error) {
	var next sql.NullInt64
	err := s.read.QueryRowContext(ctx,
		"SELECT MIN(ready_at) FROM channels WHERE head IS NOT NULL AND blocked_at = 0").Scan(&next)
	if err != nil {
		return time.Time{}, false, fmt.Errorf("read next due delivery: %w", err)
	}
	return at(next.Int64), next.Valid, nil
}

// DeliveryQuery selects deliveries; empty fields select all.
type DeliveryQuery struct {
	Alert   alert.ID
	Channel string
	Guild   string
}

// Deliveries returns deliveries in every state, in the order of their queues.
func (s *Store) Deliveries(ctx context.Context, q DeliveryQuery) ([]alert.Delivery, error) {
	query, args := "SELECT "+deliveryColumns+" FROM deliveries WHERE 1 = 1", []any{}
	where := func(column string, value any) {
		args = append(args, value)
		query += fmt.Sprintf(" AND %s = $%d", column, len(args))
	}
	if q.Alert != 0 {
		where("alert", int64(q.Alert))
	}
	if q.Channel != "" {
		where("channel", q.Channel)
	}
	if q.Guild != "" {
		where("guild", q.Guild)
	}
	rows, err := s.read.QueryContext(ctx, query+" ORDER BY id", args...)
	out, err := collect(rows, err, scanDelivery)
	if err != nil {
		return nil, fmt.Errorf("read deliveries: %w", err)
	}
	return out, nil
}
