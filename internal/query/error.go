package query

import "fmt"

// Reason says why a query is refused.
type Reason string

// The reasons.
const (
	ReasonEmpty     Reason = "empty"
	ReasonTooLong   Reason = "too-long"
	ReasonTooMany   Reason = "too-many-words"
	ReasonTooDeep   Reason = "too-deep"
	ReasonSyntax    Reason = "syntax"
	ReasonNoWord    Reason = "no-word"
	ReasonOneLetter Reason = "one-letter"
	ReasonStopWord  Reason = "stop-word"
	ReasonBroad     Reason = "too-broad" // holds by a language or the like alone
	ReasonNegative  Reason = "only-negative"
	ReasonUnknown   Reason = "unknown-value"
	ReasonFlood     Reason = "flood"
)

// Error says what is wrong with a query, where, and what to do.
type Error struct {
	Reason Reason
	// At is the character at which the fault stands, from 1; 0 concerns the whole
	// query.
	At int
	// Remedy is a sentence that names the fault and what to do.
	Remedy string
}

func (e *Error) Error() string {
	if e.At == 0 {
		return e.Remedy
	}
	return fmt.Sprintf("Character %d: %s", e.At, e.Remedy)
}
