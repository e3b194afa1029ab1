package feed

import (
	"hash/fnv"
	"strconv"
	"time"
)

// Pace bounds how often feeds are polled.
type Pace struct {
	// Min is the shortest interval, whatever a feed asks for.
	Min time.Duration
	// MaxBackoff is the longest interval of a feed that cannot be read.
	MaxBackoff time.Duration
}

// MaxRetryAfter bounds what a server can ask for with Retry-After.
const MaxRetryAfter = 24 * time.Hour

// Heard is what one poll learned about its feed.
type Heard struct {
	// Result is [Changed], [NotModified], [SameBody], or the class of a failure.
	Result Result
	// ETag, LastModified and BodyHash replace the stored ones when Result is
	// Changed or SameBody.
	ETag, LastModified, BodyHash string
	// RetryAfter is the server's wish, zero when it had none.
	RetryAfter time.Duration
	// Final says that asking again soon will not mend it: the address is wrong,
	// forbidden to us, or gone.
	Final bool
}

func (r Result) failed() bool { return r != Changed && r != NotModified && r != SameBody }

// After returns f as it stands after a poll at now: its validators, its health,
// and when it is due again.
//
// A feed that fails is asked again at its usual interval twice, since most
// failures pass; then ever more seldom, doubling up to MaxBackoff, but never
// more often than while it answers. It is never given up. Retry-After counts
// whenever it is longer.
func After(now time.Time, f Feed, h Heard, p Pace) Feed {
	f.Polled = now
	wait := max(f.Every, p.Min)
	if h.Result.failed() {
		f.Failures++
		f = f.enter(Failing, string(h.Result), now)
		if h.Final {
			wait = max(wait, p.MaxBackoff)
		} else {
			wait = backOff(wait, f.Failures-2, p.MaxBackoff)
		}
	} else {
		f.Failures = 0
		f.Succeeded = now
		f = f.enter(OK, "", now)
		if h.Result == Changed {
			f.Read = now
		}
		if h.Result != NotModified {
			f.ETag, f.LastModified, f.BodyHash = h.ETag, h.LastModified, h.BodyHash
		}
	}
	wait = max(wait, min(h.RetryAfter, MaxRetryAfter))
	f.Next = now.Add(jitter(f, wait))
	return f
}

// backOff doubles wait so many times, up to limit; a wait beyond it stays.
func backOff(wait time.Duration, times int, limit time.Duration) time.Duration {
	for ; times > 0 && wait < limit; times-- {
		wait = min(2*wait, limit)
	}
	return wait
}

func (f Feed) enter(s State, reason string, now time.Time) Feed {
	if f.State != s {
		f.Since = now
	}
	f.State, f.Reason = s, reason
	return f
}

// jitter spreads feeds over up to a tenth of their interval, so that those
// added together do not stay together. It depends on the feed and the poll
// alone.
func jitter(f Feed, wait time.Duration) time.Duration {
	if wait < 30*time.Second {
		return wait
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(f.URL + strconv.FormatInt(f.Polled.Unix(), 10))) // never fails
	return wait + time.Duration(float64(wait)*0.1*float64(h.Sum32())/float64(1<<32))
}
