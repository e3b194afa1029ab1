package story

import (
	"slices"

	"github.com/attache-bot/attache/internal/claim"
)

// Stance is the latest word of a party that is bound by a development.
type Stance string

// The stances.
const (
	// Silent means that others have spoken of the party, and it has not.
	Silent  Stance = "silent"
	Affirms Stance = "affirms"
	Denies  Stance = "denies"
	// Refused means that others say that the party refuses, and it has not spoken.
	Refused Stance = "refused"
	// Refuses means that the party's refusal is itself the development.
	Refuses Stance = "refuses"
)

// Spoken reports whether the party has said anything.
func (s Stance) Spoken() bool { return s != Silent && s != Refused }

// opposite reports whether one stance takes back the other.
func opposite(a, b Stance) bool { return a == Affirms && b == Denies || a == Denies && b == Affirms }

// decidedAlone reports whether the story is what one party has decided for itself, so
// far as anybody has said: what it adds of others binds nobody to that.
func (t *Testimony) decidedAlone(by string) bool {
	own := t.Bound[by] == Refuses || t.Bound[by] == Affirms
	return own && len(t.Bound) == 1 && !slices.ContainsFunc(t.Claimants, func(p string) bool { return p != by })
}

// holds reports whether a claim only says what its speaker holds already: he welcomes
// what he tells himself, or refuses and waves away once more what he contradicts.
func (t *Testimony) holds(by string, c claim.Claim) bool {
	no := c.Act == claim.Deny || c.Act == claim.Reject
	switch claims := slices.Contains(t.Claimants, by); {
	case c.Tone == claim.Welcome:
		return claims || t.Bound[by] == Affirms
	case c.Tone != "":
		return false
	default:
		return no && slices.Contains(t.Contradictors, by) || claims && c.Act == claim.Deny && c.Waves
	}
}
