package guild

import (
	"fmt"
	"slices"
	"time"
)

// Addition is a kind of thing that a guild adds.
type Addition string

// What guilds add.
const (
	AddsFeed         Addition = "feed"
	AddsTopic        Addition = "topic"
	AddsSubscription Addition = "subscription"
	AddsDigest       Addition = "digest"
	// TriesFeed is a look at an address that somebody typed, or that stands in a list
	// of feeds.
	TriesFeed Addition = "feed-try"
)

// PerHour is how many of a kind a guild may add within an hour: enough for a
// busy afternoon of setting up, and no flood. What it removes meanwhile counts.
func (a Addition) PerHour() int {
	switch a {
	case AddsFeed:
		return 30
	case AddsTopic, AddsDigest:
		return 60
	case TriesFeed: // of a list that is sent twice, and of some addresses beside it
		return 120
	}
	return 300
}

// TooSoonError means that a guild has added too many of a kind within an hour.
type TooSoonError struct {
	Kind Addition
	// Again is when it may add the next one.
	Again time.Time
}

// Error implements error.
func (e *TooSoonError) Error() string {
	return fmt.Sprintf("too many additions of a %s within an hour; the next is possible at %s", e.Kind, e.Again.UTC().Format(time.RFC3339))
}

// Admit decides whether a guild that added some of a kind at past times may add n
// more at now, and else when it may. Times ahead of now, which a wrong clock has
// left, do not count.
func Admit(now time.Time, kind Addition, past []time.Time, n int) (again time.Time, ok bool) {
	var recent []time.Time
	for _, t := range past {
		if now.Sub(t) < time.Hour && !t.After(now) {
			recent = append(recent, t)
		}
	}
	over := len(recent) + n - kind.PerHour()
	if over <= 0 {
		return now, true
	}
	slices.SortFunc(recent, time.Time.Compare)
	if over > len(recent) { // more at once than an hour allows
		over = len(recent)
	}
	if over == 0 {
		return now.Add(time.Hour), false
	}
	return recent[over-1].Add(time.Hour), false
}
