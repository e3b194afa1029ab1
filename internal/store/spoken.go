package store

import (
	"context"
	"slices"
)

// spoken is what one transaction has said to other processes, or will say at its
// end: a transaction that does many things at once says each thing once.
type spoken struct {
	// turns are the locks that it holds.
	turns []string
	news  []News
}

type spokenKey struct{}

// inTurn is engine.inTurn, once for each name in a transaction.
func (s *Store) inTurn(ctx context.Context, tx querier, name string) error {
	said, _ := ctx.Value(spokenKey{}).(*spoken)
	if said != nil && slices.Contains(said.turns, name) {
		return nil
	}
	if err := s.engine.inTurn(ctx, tx, name); err != nil {
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
