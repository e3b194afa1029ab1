// Package crashpoint owns the moments at which the tests of internal/proof end
// a bot as kill -9 does: between the steps that are committed one after the
// other. In a program that was built as usual [Hit] is empty and costs nothing;
// with the build tag crashpoints it ends the process when the environment asks
// for it:
//
//	ATTACHE_CRASHPOINT=deliver-answered:3
//
// ends it the third time that it gets there.
package crashpoint

// Point is a moment, by the name of the step that has just been taken.
type Point string

// The points, in the order of the flow.
const (
	// StoreOpened is before anything is polled, placed or delivered.
	StoreOpened Point = "store-opened"
	// PollClaimed has a feed in hand, and has asked nobody.
	PollClaimed Point = "poll-claimed"
	// PollRead has read the document and stored nothing of it. A death there
	// counts as one that the feed has caused.
	PollRead Point = "poll-read"
	// PollSaved has stored the reports.
	PollSaved Point = "poll-saved"
	// PlaceDecided has decided on stories and alerts, and stored neither.
	PlaceDecided Point = "place-decided"
	// PlaceSaved has stored them, and told nobody.
	PlaceSaved Point = "place-saved"
	// DeliverClaimed has noted that it is about to post.
	DeliverClaimed Point = "deliver-claimed"
	// DeliverAnswered has Discord's answer, and has not stored it.
	DeliverAnswered Point = "deliver-answered"
	// DeliverSettled has stored it.
	DeliverSettled Point = "deliver-settled"
	// Stopping has been told to end, and is ending its parts.
	Stopping Point = "stopping"
)

// Migrating is about to run one more statement of the migrations: not in the
// flow, but before it.
const Migrating Point = "migrating"

// Points returns those of the flow.
func Points() []Point {
	return []Point{
		StoreOpened, PollClaimed, PollRead, PollSaved, PlaceDecided, PlaceSaved, DeliverClaimed, DeliverAnswered, DeliverSettled, Stopping,
	}
}
