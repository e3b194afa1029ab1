package article_test

import (
	"testing"
	"time"

	"go.uber.org/goleak"
)

// testTimeout is a deadline that no slow machine misses: the bounds are counts.
const testTimeout = 10 * time.Minute

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
