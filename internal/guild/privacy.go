package guild

// Kept counts what is kept about one person and about one guild.
type Kept struct {
	// Made counts the subscriptions, digests and topics, of all guilds, that the
	// person made and that are there; Changes what they changed, as the audits have
	// it; Drafts what they have begun.
	Made, Changes, Drafts int
	// Subscriptions, Digests, Topics and Channels count what the guild wants and
	// where; Messages what was delivered to it; Notes the notes of its audit.
	Subscriptions, Digests, Topics, Channels, Messages, Notes int
}
