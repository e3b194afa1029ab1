package feed

import "time"

// State is a feed's health in one word.
type State string

// The states of a feed.
const (
	// New has never been read with success.
	New State = "new"
	// OK was read at the last poll.
	OK State = "ok"
	// Stale was read at the last poll, but has brought nothing new for much longer
	// than usual.
	Stale State = "stale"
	// Moved answers with a redirect to the address of another feed, which brings
	// its reports.
	Moved State = "moved"
	// Failing could not be read at the last poll and is tried again, ever more
	// seldom.
	Failing State = "failing"
	// Gone was taken down by its publisher (410) and is left alone until its entry
	// in the catalogue changes, or an operator sets it to [New].
	Gone State = "gone"
	// Quarantined brought the process down while it was parsed, and is left
	// alone until an operator releases it.
	Quarantined State = "quarantined"
)

// Answers reports whether a feed in this state was read at its last poll.
func (s State) Answers() bool { return s == OK || s == Stale || s == Moved }

// Polled reports whether a feed in this state is polled.
func (s State) Polled() bool { return s != Gone && s != Quarantined }

// The reasons of states that are no classes of failures.
const (
	// ReasonMoved stands with [OK]: the feed is read at another address than its
	// configured one, for good.
	ReasonMoved = "moved"
	// ReasonOtherFeed stands with [Moved].
	ReasonOtherFeed = "another-feed"
	// ReasonQuiet stands with [Stale].
	ReasonQuiet = "quiet"
	// ReasonCrashed stands with [Quarantined].
	ReasonCrashed = "crashed-the-bot"
)

// ReasonText gives a reason that is no class of a failure in words, "" for any
// other.
func ReasonText(reason string) string {
	switch reason {
	case ReasonMoved:
		return "it has a new address, which is used; the catalogue should name it"
	case ReasonOtherFeed:
		return "its address now leads to another feed in the catalogue, which is read instead"
	case ReasonQuiet:
		return "it answers, but has brought nothing new for much longer than usual"
	case ReasonCrashed:
		return "reading it made the bot crash, so it is set aside"
	}
	return ""
}

// The bounds of being quiet: a feed whose tempo is known may be silent for ten
// usual gaps, and any for some days, since outlets rest at weekends.
const (
	quietGaps    = 10
	quietAtLeast = 3 * 24 * time.Hour
	quietUnknown = 14 * 24 * time.Hour
)

// quietAfter is how long f may bring nothing new before it is [Stale].
func quietAfter(f Feed) time.Duration {
	if !f.Tempo.known() {
		return quietUnknown
	}
	return max(quietGaps*f.Tempo.Gap, quietAtLeast)
}

// health is the transition of a feed's state: what a poll at now, which is
// already in f but for its state, makes of it.
func health(now time.Time, f Feed, h Heard) (State, string) {
	switch {
	case h.Result == resultGone:
		return Gone, string(h.Result)
	case h.Result.failed():
		return Failing, string(h.Result)
	case h.OtherFeed:
		return Moved, ReasonOtherFeed
	case !f.Newest.IsZero() && now.Sub(f.Newest) > quietAfter(f):
		return Stale, ReasonQuiet
	case f.Move.To != "":
		return OK, ReasonMoved
	}
	return OK, ""
}

// enter sets f's state; the time of entering stays while the state does.
func (f Feed) enter(s State, reason string, now time.Time) Feed {
	if f.State != s {
		f.Since = now
	}
	f.State, f.Reason = s, reason
	return f
}
