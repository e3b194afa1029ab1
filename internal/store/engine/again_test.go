package engine

import (
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
)

// TestWhatIsRunAgain names the errors after which nothing of a transaction is left,
// so that it may be run again.
func TestWhatIsRunAgain(t *testing.T) {
	t.Parallel()
	for code, want := range map[string]bool{
		"40001": true,  // could not be serialised
		"40P01": true,  // a deadlock
		"25P03": true,  // ended by the server, since the process stood still
		"23505": false, // a row that is there already
		"53100": false, // a full disk
		"08006": false, // a connection that broke: the commit may have gone through
	} {
		err := fmt.Errorf("save: %w", &pgconn.PgError{Code: code})
		if got := (&postgresKind{}).again(err); got != want {
			t.Errorf("%s: %v, want %v", code, got, want)
		}
	}
}
