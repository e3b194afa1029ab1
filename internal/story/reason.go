package story

// Reason names why a report opened or joined a story.
type Reason string

// The reasons.
const (
	// OpensNew means that no open story tells of the same development.
	OpensNew Reason = "new"
	// SameLink means that the story has a report with the same canonical link.
	SameLink Reason = "same-link"
	// SameText means that the story has a report with the same title and text.
	SameText Reason = "same-text"
	// NearTitle means that the story has a report in the same language whose
	// title says nearly the same in the same words.
	NearTitle Reason = "near-title"
	// SameParties means that the story has a report in another language whose
	// title names the same parties, at the same stage of the same topic.
	SameParties Reason = "same-parties"
)
