package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/phrase"
	"github.com/attache-bot/attache/internal/story"
)

// newestTold is how many of the newest stories are looked through for sentences to
// be put: what is older is no news any more.
const newestTold = 100

// phrasedMark stands in the JSON of what a story's alerts tell where sentences were
// put. Text of reports cannot hold it: its quotation marks are escaped there.
const phrasedMark = `%"phrased":"%`

// ClaimPhrasing implements phrase.Store.
func (s *Store) ClaimPhrasing(ctx context.Context, now time.Time, limit int, lease time.Duration) ([]phrase.Wanted, error) {
	if limit <= 0 {
		return nil, nil
	}
	ids, err := s.unphrased(ctx, now)
	if err != nil {
		return nil, s.failedRead("look for sentences to be put", err)
	}
	var out []phrase.Wanted
	for _, id := range ids {
		tongues, err := s.tongues(ctx, id)
		if err != nil {
			return nil, s.failedRead("read whom a story is told", err)
		}
		var w phrase.Wanted
		err = s.changeLiving(ctx, "claim sentences", id, func(l *alert.Living) error {
			var ok bool
			if w, ok = phrase.Next(now, *l, tongues); !ok {
				return phrase.ErrStale
			}
			w.Story = id
			keepPhrasing(l, w.Tongue, alert.Phrasing{Of: w.Of, Tries: w.Tries, Asked: w.Asked, Due: now.Add(lease)})
			return nil
		}, nil)
		if errors.Is(err, phrase.ErrStale) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if out = append(out, w); len(out) == limit {
			break
		}
	}
	return out, nil
}

// unphrased are the newest stories that may have sentences to be put.
func (s *Store) unphrased(ctx context.Context, now time.Time) ([]story.ID, error) {
	rows, err := s.read.QueryContext(ctx, "SELECT story, living FROM tellings ORDER BY story DESC LIMIT $1", newestTold)
	var out []story.ID
	_, err = collect(rows, err, func(r scanner) (id story.ID, err error) {
		var living string
		if err := r.Scan(&id, &living); err != nil {
			return 0, err
		}
		var l alert.Living
		if err := fromJSON(living, &l); err != nil {
			return 0, err
		}
		if _, ok := phrase.Next(now, l, slices.Collect(maps.Keys(l.Tongues))); ok {
			out = append(out, id)
		}
		return id, nil
	})
	return out, err
}

// tongues are the languages of the servers that have an alert of a story.
func (s *Store) tongues(ctx context.Context, id story.ID) ([]string, error) {
	rows, err := s.read.QueryContext(ctx, `
		SELECT DISTINCT `+guildLanguage+` FROM guilds g WHERE g.id IN (SELECT a.guild FROM alerts a WHERE a.story = $1)`, int64(id))
	return collect(rows, err, scanOne[string])
}

// SettlePhrasing implements phrase.Store.
func (s *Store) SettlePhrasing(ctx context.Context, now time.Time, w phrase.Wanted, st phrase.Settlement) error {
	var wish func(ctx context.Context, tx *sql.Tx) error
	if st.Text != "" {
		wish = func(ctx context.Context, tx *sql.Tx) error {
			if err := retell(ctx, tx, now, w.Story); err != nil {
				return err
			}
			tell(ctx, NewsDeliveries)
			return nil
		}
	}
	return s.changeLiving(ctx, "settle sentences", w.Story, func(l *alert.Living) error {
		sentences := l.Sentences
		if w.Tongue != "" {
			sentences = l.Tongues[w.Tongue]
		}
		p := l.Phrasings[w.Tongue]
		if p.Of != w.Of || p.Asked != w.Asked || alert.Of(sentences) != w.Of {
			return phrase.ErrStale
		}
		p.Text, p.Due, p.Reason = storable(st.Text), st.Due, string(st.Reason)
		if st.Free {
			p.Tries--
		}
		keepPhrasing(l, w.Tongue, p)
		return nil
	}, wish)
}

func keepPhrasing(l *alert.Living, tongue string, p alert.Phrasing) {
	if l.Phrasings == nil {
		l.Phrasings = map[string]alert.Phrasing{}
	}
	l.Phrasings[tongue] = p
}

// changeLiving changes what the alerts of one story tell, without a new revision,
// and does then in the same transaction.
func (s *Store) changeLiving(ctx context.Context, op string, id story.ID, change func(*alert.Living) error, then func(context.Context, *sql.Tx) error) error {
	return s.write(ctx, op, func(ctx context.Context, tx *sql.Tx) error {
		var living string
		err := tx.QueryRowContext(ctx, "SELECT living FROM tellings WHERE story = $1 "+s.db.ForUpdate(), int64(id)).Scan(&living)
		if errors.Is(err, sql.ErrNoRows) {
			return phrase.ErrStale
		}
		if err != nil {
			return fmt.Errorf("read what alerts tell: %w", err)
		}
		var l alert.Living
		if err := fromJSON(living, &l); err != nil {
			return err
		}
		if err := change(&l); err != nil {
			return err
		}
		if living, err = toJSON(l); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "UPDATE tellings SET living = $2 WHERE story = $1", int64(id), living); err != nil {
			return fmt.Errorf("change what alerts tell: %w", err)
		}
		if then == nil {
			return nil
		}
		return then(ctx, tx)
	})
}

// retell wishes all messages of a story to be edited once more at the revision that
// they tell. An edit under way does not know of it: its outcome comes too late.
func retell(ctx context.Context, tx querier, now time.Time, id story.ID) error {
	_, err := tx.ExecContext(ctx, `
		UPDATE edits SET attempt = attempt + 1, told = CASE WHEN told >= wanted THEN wanted - 1 ELSE told END
		WHERE alert IN (SELECT a.id FROM alerts a WHERE a.story = $1
			AND NOT EXISTS (SELECT 1 FROM mutes m WHERE m.guild = a.guild AND m.story = a.story AND m.topic = '' AND m.until_at > $2))`,
		int64(id), ms(now))
	if err != nil {
		return fmt.Errorf("wish edits of what was put: %w", err)
	}
	return nil
}

// keepPhrasings hands on to new tellings how the sentences of those before them
// were put.
func (s *Store) keepPhrasings(ctx context.Context, tx querier, tellings map[story.ID]alert.Telling) error {
	return inLists(slices.Sorted(maps.Keys(tellings)), 1, func(in string, args []any) error {
		rows, err := tx.QueryContext(ctx, `SELECT story, living FROM tellings WHERE living LIKE '%"phrasings":{%' AND story IN `+in+" ORDER BY story "+s.db.ForUpdate(), args...)
		_, err = collect(rows, err, func(r scanner) (id story.ID, err error) {
			var living string
			if err := r.Scan(&id, &living); err != nil {
				return 0, err
			}
			var before alert.Living
			if err := fromJSON(living, &before); err != nil {
				return 0, err
			}
			t := tellings[id]
			t.Living.Phrasings = before.Phrasings
			tellings[id] = t
			return id, nil
		})
		if err != nil {
			return fmt.Errorf("read how sentences were put: %w", err)
		}
		return nil
	})
}

// editPhrased has new alerts, by their stories, edited once they are posted, where
// what their first message tells was put in other words.
func editPhrased(ctx context.Context, tx querier, alerts map[story.ID][]int64) error {
	var phrased []story.ID
	err := inLists(slices.Sorted(maps.Keys(alerts)), 1, func(in string, args []any) error {
		rows, err := tx.QueryContext(ctx, "SELECT story FROM tellings WHERE living LIKE '"+phrasedMark+"' AND story IN "+in, args...)
		some, err := collect(rows, err, scanOne[story.ID])
		phrased = append(phrased, some...)
		return err
	})
	if err != nil {
		return fmt.Errorf("read which stories were put: %w", err)
	}
	for _, id := range phrased {
		err := inLists(alerts[id], 1, func(in string, args []any) error {
			_, err := tx.ExecContext(ctx, "UPDATE edits SET told = wanted - 1 WHERE alert IN "+in, args...)
			return err
		})
		if err != nil {
			return fmt.Errorf("wish edits of what was put: %w", err)
		}
	}
	return nil
}
