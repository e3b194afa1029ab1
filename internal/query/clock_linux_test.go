package query_test

import (
	"time"

	"golang.org/x/sys/unix"
)

// worked is the time that the processor has spent on this thread, so that two of them
// tell how long something took without what other programs and threads took meanwhile.
func worked() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		panic(err)
	}
	return time.Duration(t.Nano())
}
