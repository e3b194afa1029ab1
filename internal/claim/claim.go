package claim

// Act is what a speaker does by speaking. The definitions stand in the
// catalogue of topics.
type Act string

// The acts, as the classification's format names them.
const (
	Announce  Act = "announce"   // tells of an own decision or action
	Assert    Act = "claim"      // asserts a fact about the world or another party
	Confirm   Act = "confirm"    // affirms what was reported, or is in doubt about itself
	Deny      Act = "deny"       // calls untrue
	Reject    Act = "reject"     // refuses a proposal or demand
	NoComment Act = "no-comment" // declines to comment, or cannot confirm
	Accuse    Act = "accuse"     // blames another party for a wrong
	Threaten  Act = "threaten"   // warns of consequences by the own hand
	Demand    Act = "demand"     // calls for, urges, asks
	// None means that no party's act of speech is the point. No claim has it.
	None Act = "none"
)

// Acts lists every act that a claim can have.
func Acts() []Act {
	return []Act{Announce, Assert, Confirm, Deny, Reject, NoComment, Accuse, Threaten, Demand}
}

// Tone is how a speaker takes what he speaks of; mostly empty.
type Tone string

// The tones.
const (
	Welcome Tone = "welcome"
	Doubt   Tone = "doubt"
)

// Field is the part of a report in which a claim stands.
type Field string

// The fields.
const (
	Title Field = "title"
	Lead  Field = "lead"
)

// Claim is one act of speech.
type Claim struct {
	// Speaker is who says it, as written in the report: "Trump", "Ukraine's air
	// force". It is never empty.
	Speaker string
	// Office is what the headline calls a speaker whom only the description names:
	// "Omani envoy" of "Salim Harthy". It is empty where his own words tell it.
	Office string
	Act    Act
	Tone   Tone
	// Party is who is bound by what is said, as written: in "Trump says Putin
	// agreed", Putin. Empty when it is the speaker or nobody.
	Party string
	// Side is the code of the party that the speaker speaks for, as the gazetteer
	// has it; empty when that is not known.
	Side string
	// Voice is who of the side speaks, in folded words: "army", "foreign ministry". It
	// is empty when only the side is named: "Turkey", "Kyiv". Before them stands, with
	// an @, the office that the speaker holds: "Zelensky" and "Ukrainian president".
	Voice string
	// Common says that the speaker is named by a common noun alone: critics, officials.
	Common bool
	// Outlet says that the speaker is an outlet, which is no party to anything.
	Outlet bool
	// With are the codes of others who speak jointly with it: "Armenia and
	// Azerbaijan announce".
	With []string
	// Parties are those who are bound by what is said, or blamed by it: codes of
	// the gazetteer, or folded words where it knows none. They are never the
	// speaker's own.
	Parties []string
	// Quote is what the speaker says in quotation marks, verbatim and without
	// them; empty when nothing is quoted.
	Quote string
	// Cue is the word or phrase that shows the act, as written, Field where it
	// stands, and At its byte offset there.
	Cue   string
	Field Field
	At    int
	// Aloof says that what is denied is that the speaker had a part in it.
	Aloof bool
	// Waves says that what is denied is waved away, as fears and criticism are, rather
	// than called untrue.
	Waves bool
	// Condemns says that who blames only says what he thinks of a deed, and tells of
	// none: "condemns", "criticises".
	Condemns bool
	// Informs says that the speaker only tells of an incident, or weighs what others
	// do, and is no party to it: police, medics, critics.
	Informs bool
	// Incident says that what is asserted is of an incident: a strike, people killed.
	Incident bool
	// Retells says that a description begins with the claim of a party that is known,
	// and that the headline retells it: then the headline is the speaker's word, and
	// not the outlet's. No claim of an incident does.
	Retells bool
	// OfRefusal says that what is asserted is that those who are bound refuse: "Xi
	// rejects the offer, says Blinken".
	OfRefusal bool
	// OfDeal says that what is asserted or announced is of a deal, a truce or talks, and
	// not negated: "the truce holds".
	OfDeal bool
	// Told says that the party's own words are not told, but only by an outlet what it
	// is to do: "Poland to raise security".
	Told bool
	// Aside says that the claim stands in the background: behind "after", "as" or
	// "who". It cannot be what the report is about.
	Aside bool
}

// Named is the speaker with the office by which a reader knows him: "Omani envoy
// Salim Harthy".
func (c Claim) Named() string {
	if c.Office == "" {
		return c.Speaker
	}
	return c.Office + " " + c.Speaker
}

// Main returns the claim that a report is about, if there is one.
func Main(claims []Claim) (Claim, bool) {
	if len(claims) == 0 || claims[0].Aside {
		return Claim{}, false
	}
	return claims[0], true
}
