package guild

import "time"

// DraftFor is how long a draft is kept after its last change.
const DraftFor = time.Hour

// MaxDraft is the longest body of a draft, in bytes.
const MaxDraft = 16 << 10

// Draft is what a member is about to set and has not confirmed yet. A member has
// one of a kind in a guild.
type Draft struct {
	Guild, User string
	// Kind says what is about to be set, e.g. "setup".
	Kind string
	// Body is in the words of who keeps it.
	Body string
	// Made is when it was last changed.
	Made time.Time
}
