package store_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/store/storetest"
)

// TestVirtualTime shows that a store can live in a bubble of virtual time, as
// the tests of the whole bot need it to.
func TestVirtualTime(t *testing.T) {
	t.Parallel()
	path := storetest.SQLite(t)
	synctest.Test(t, func(t *testing.T) {
		s := openAt(t, path)
		f := oneFeed(t, s)
		for round := range 100 {
			<-time.After(time.Hour) // virtual
			if _, err := s.SavePoll(t.Context(), document(f, round, 2)); err != nil {
				t.Fatal(err)
			}
			if _, err := s.FoldLate(t.Context(), time.Now(), alert.DefaultLatePolicy()); err != nil {
				t.Fatal(err)
			}
		}
		got, err := s.Unplaced(t.Context(), 1000)
		if err != nil || len(got) != 200 {
			t.Fatalf("%d reports, error %v", len(got), err)
		}
	})
}
