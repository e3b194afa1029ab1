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

// disturbed counts how often this thread has been made to wait: for memory that it had
// not used before, or for other threads.
func disturbed() int64 {
	var u unix.Rusage
	if err := unix.Getrusage(unix.RUSAGE_THREAD, &u); err != nil {
		panic(err)
	}
	return u.Minflt + u.Majflt + u.Nvcsw + u.Nivcsw
}
