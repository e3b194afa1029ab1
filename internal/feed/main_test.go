package feed_test

import (
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if how := os.Getenv(serverVariable); how != "" {
		if err := serveFeeds(how); err != nil {
			fmt.Fprintln(os.Stderr, "serve feeds:", err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}
