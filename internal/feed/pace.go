package feed

import (
	"encoding/binary"
	"hash/fnv"
	"time"
)

// Pace bounds how often feeds are polled.
type Pace struct {
	// Min is the shortest interval, whatever a feed asks for.
	Min time.Duration
	// Max is the longest interval of a feed that answers, unless its entry in the
	// catalogue asks for a longer one.
	Max time.Duration
	// MaxBackoff is the longest interval of a feed that cannot be read.
	MaxBackoff time.Duration
}

const (
	// MaxRetryAfter bounds what a server can ask for with Retry-After.
	MaxRetryAfter = 24 * time.Hour
	// maxHint bounds what ttl, update period and freshness can ask for. Most long
	// ones are defaults that nobody chose (every WordPress says hourly), and an
	// alert must not wait for them.
	maxHint = 10 * time.Minute
	// pushTrust is for how long a hub that missed something is not relied on.
	pushTrust = 24 * time.Hour
)

// MaxWait is the longest that a feed can ever have to wait for its next poll: a
// week of days to skip, a day of Retry-After, and what is added to spread them. A
// due time further away was set by a clock that ran ahead.
const MaxWait = 9 * 24 * time.Hour

// MaxAhead is how far in the future a last poll may seem to lie, because clocks
// differ a little. One further ahead was made by a clock that ran ahead, and the
// due time that it set means nothing.
const MaxAhead = time.Minute

// MaxLease is the longest that a feed may be held. A hold that lasts longer was
// begun by a clock that ran ahead.
const MaxLease = time.Hour

// DueReason names why a feed is due when it is.
type DueReason string

// The reasons for a due time.
const (
	DueNew        DueReason = "new"           // never tried
	DueEvery      DueReason = "every"         // the catalogue's interval, or the usual one
	DueTempo      DueReason = "tempo"         // how often it brings something new
	DueMin        DueReason = "min-interval"  // the operator's shortest interval
	DueMax        DueReason = "max-interval"  // the operator's longest interval
	DueTTL        DueReason = "ttl"           // its <ttl>
	DueUpdate     DueReason = "update-period" // its sy:updatePeriod
	DueFresh      DueReason = "fresh"         // the server's Cache-Control or Expires
	DuePushed     DueReason = "pushed"        // its hub brings what is new; a poll is only for safety
	DueOtherFeed  DueReason = "another-feed"  // another feed brings its reports
	DueRetryAfter DueReason = "retry-after"   // the server's Retry-After
	DueBackOff    DueReason = "back-off"      // it could not be read
	DueSkipHours  DueReason = "skip-hours"    // its <skipHours>
	DueSkipDays   DueReason = "skip-days"     // its <skipDays>
	DueNever      DueReason = "gone"          // it is gone
	DueHostBusy   DueReason = "host-busy"     // its host had no place
	DueStopped    DueReason = "stopped"       // the bot stopped while it was polled
	DueStore      DueReason = "store-failed"  // its poll could not be recorded
)

// Text is the reason in words that go on from "due then, because".
func (r DueReason) Text() string {
	switch r {
	case DueNew:
		return "it has not been tried yet"
	case DueEvery:
		return "that is its interval"
	case DueTempo:
		return "that is how often it brings something new"
	case DueMin:
		return "no feed is asked more often (poll.min_interval)"
	case DueMax:
		return "no feed is asked less often (poll.max_interval)"
	case DueTTL, DueUpdate:
		return "the feed asks for it"
	case DueFresh, DueRetryAfter:
		return "its server asks for it"
	case DuePushed:
		return "its hub brings what is new, and a poll is only for safety"
	case DueOtherFeed:
		return "another feed brings its reports"
	case DueBackOff:
		return "it could not be read"
	case DueSkipHours, DueSkipDays:
		return "the feed names hours or days in which it brings nothing"
	case DueNever:
		return "its publisher took it down"
	case DueHostBusy:
		return "its server was busy with other feeds"
	case DueStopped:
		return "the bot stopped while it was polled"
	case DueStore:
		return "the database could not record its last poll"
	}
	return "no reason was recorded"
}

// Heard is what one poll learned about its feed.
type Heard struct {
	// Result is [Changed], [NotModified], [SameBody], or the class of a failure.
	Result Result
	// ETag, LastModified and BodyHash replace the stored ones when Result is
	// Changed or SameBody.
	ETag, LastModified, BodyHash string
	// Wishes replace the stored ones when Result is Changed.
	Wishes Wishes
	// News is how many reports were new to its source, and Newest when the newest
	// of them appeared. Missed says that its hub should have brought one of them.
	News   int
	Newest time.Time
	Missed bool
	// RetryAfter is the server's wish, and Fresh for how long it says that the
	// document stays as it is; zero when it does not say.
	RetryAfter, Fresh time.Duration
	// MovedTo is where a permanent redirect led, "" when there was none;
	// MovedInside says that this is a private address behind a public one, and
	// OtherFeed that another feed is polled there.
	MovedTo                string
	MovedInside, OtherFeed bool
	// Final says that asking again soon will not mend it: the address is wrong,
	// forbidden to us, or gone.
	Final bool
}

// resultGone is the class of an answer that ends a feed.
const resultGone Result = "gone"

func (r Result) failed() bool { return r != Changed && r != NotModified && r != SameBody }

// After returns f as it stands after a poll at now: its validators, its address,
// its tempo, its health, and when it is due again and why.
func After(now time.Time, f Feed, h Heard, p Pace) Feed {
	f.Polled = now
	f.Move = f.Move.after(now, f, h)
	if h.Result.failed() {
		f.Failures++
	} else {
		f.Failures = 0
		f.Succeeded = now
		if h.Result != NotModified {
			f.ETag, f.LastModified, f.BodyHash = h.ETag, h.LastModified, h.BodyHash
		}
	}
	if h.Result == Changed {
		f.Read, f.Wishes = now, h.Wishes
		f.Tempo = f.Tempo.after(now, h.News > 0)
	}
	if h.Newest.After(f.Newest) {
		f.Newest = h.Newest
	}
	if h.Missed {
		f.PushMissed = now
	}
	state, reason := health(now, f, h)
	f = f.enter(state, reason, now)
	f.Next, f.NextReason = due(now, f, h, p)
	return f
}

// due decides when f, as it stands after a poll at now, is polled again.
func due(now time.Time, f Feed, h Heard, p Pace) (time.Time, DueReason) {
	if f.State == Gone {
		return now, DueNever
	}
	w := usual(now, f, p)
	if h.Result.failed() {
		w = w.backOff(f, h, p)
	} else {
		w = w.hints(now, f, h, p)
	}
	w = w.atLeast(min(h.RetryAfter, MaxRetryAfter), DueRetryAfter)
	next := now.Add(spread(f, w.length))
	if at, why := f.Wishes.skip(next); why != "" {
		return at.Add(spread(f, skipSpread) - skipSpread), why
	}
	return next, w.why
}

// wait is how long a feed is left alone, and the reason that made it so long.
type wait struct {
	length time.Duration
	why    DueReason
}

// atLeast lengthens w to d, if d is longer.
func (w wait) atLeast(d time.Duration, why DueReason) wait {
	if d > w.length {
		return wait{d, why}
	}
	return w
}

// usual is the interval of a feed that answers: the catalogue's until it is known
// how often it changes, and then as often as that is worth, within the operator's
// bounds.
func usual(now time.Time, f Feed, p Pace) wait {
	w := wait{f.Every, DueEvery}
	if f.Tempo.known() {
		w = wait{f.Tempo.interval(now), DueTempo}
		if longest := max(p.Max, f.Every); w.length > longest {
			w = wait{longest, DueMax}
		}
	}
	return w.atLeast(p.Min, DueMin)
}

// hints lengthens the interval of a feed that answers by what it and its server
// say, and where something else brings its reports.
func (w wait) hints(now time.Time, f Feed, h Heard, p Pace) wait {
	w = w.atLeast(min(f.Wishes.TTL, maxHint), DueTTL)
	w = w.atLeast(min(f.Wishes.Update, maxHint), DueUpdate)
	w = w.atLeast(min(h.Fresh, maxHint), DueFresh)
	if f.State == Moved {
		w = w.atLeast(p.Max, DueOtherFeed)
	}
	if now.Before(f.PushedUntil) && now.Sub(f.PushMissed) > pushTrust {
		w = w.atLeast(p.Max, DuePushed)
	}
	return w
}

// backOff lengthens the interval of a feed that fails. It is asked again at its
// usual interval twice, since most failures pass; then ever more seldom, doubling
// up to MaxBackoff, but never more often than while it answers. It is never given
// up.
func (w wait) backOff(f Feed, h Heard, p Pace) wait {
	if h.Final {
		return w.atLeast(p.MaxBackoff, DueBackOff)
	}
	length := w.length
	for times := f.Failures - 2; times > 0 && length < p.MaxBackoff; times-- {
		length = min(2*length, p.MaxBackoff)
	}
	return w.atLeast(length, DueBackOff)
}

// skipSpread is the tenth of it over which the feeds are spread that come back at
// the same full hour.
const skipSpread = 20 * time.Minute

// spread lengthens a wait by up to a tenth, so that feeds added together do not
// stay together. It depends on the feed and the poll alone.
func spread(f Feed, wait time.Duration) time.Duration {
	if wait < 30*time.Second {
		return wait
	}
	h := fnv.New32a()
	var b [16]byte
	binary.LittleEndian.PutUint64(b[:8], uint64(f.ID))
	binary.LittleEndian.PutUint64(b[8:], uint64(f.Polled.Unix()))
	_, _ = h.Write(b[:]) // never fails
	return wait + time.Duration(float64(wait)*0.1*float64(h.Sum32())/float64(1<<32))
}
