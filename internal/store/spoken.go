package store

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/attache-bot/attache/internal/report"
)

// spoken is what one transaction has said to other processes, or will say or
// write at its end: a transaction that does many things at once does each of
// these once.
type spoken struct {
	// turns are the locks that it holds.
	turns []string
	news  []News
	// words are those under which its reports are found afterwards. They are
	// written at its end: SQLite's index writes what it has gathered whenever
	// another table is written in between.
	words map[report.ID]indexed
}

type spokenKey struct{}

// inTurn is [engine.DB.InTurn], once for each name in a transaction.
func (s *Store) inTurn(ctx context.Context, tx querier, name string) error {
	said, _ := ctx.Value(spokenKey{}).(*spoken)
	if said != nil && slices.Contains(said.turns, name) {
		return nil
	}
	if err := s.db.InTurn(ctx, tx, name); err != nil {
		return err
	}
	if said != nil {
		said.turns = append(said.turns, name)
	}
	return nil
}

// tell has news told when the transaction that ctx belongs to is committed.
func tell(ctx context.Context, n News) {
	said, ok := ctx.Value(spokenKey{}).(*spoken)
	if ok && !slices.Contains(said.news, n) {
		said.news = append(said.news, n)
	}
}

// willIndex has the words of reports written when the transaction that ctx
// belongs to ends. The last words of a report count.
func willIndex(ctx context.Context, reports []indexed) error {
	said, ok := ctx.Value(spokenKey{}).(*spoken)
	if !ok {
		return errors.New("reports are indexed outside a transaction")
	}
	if said.words == nil {
		said.words = make(map[report.ID]indexed, len(reports))
	}
	for _, r := range reports {
		r.fresh = r.fresh || said.words[r.id].fresh
		said.words[r.id] = r
	}
	return nil
}

// inOrder are the words to write, by report: SQLite gathers them as long as
// reports ascend.
func (s *spoken) inOrder() []indexed {
	return slices.SortedFunc(maps.Values(s.words), func(a, b indexed) int { return cmp.Compare(a.id, b.id) })
}
