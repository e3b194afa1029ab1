package guild

// Kept counts what is kept about one person and about one guild.
type Kept struct {
	// Made counts what the person set up and what is there, in all guilds; Changes
	// what they changed, as the audits have it; Drafts what they have begun;
	// Complaints the alerts that they called not relevant.
	Made, Changes, Drafts, Complaints int
	// Subscriptions, Digests, Topics and Channels count what the guild wants and
	// where; Messages what was delivered to it; Notes the notes of its audit.
	Subscriptions, Digests, Topics, Channels, Messages, Notes int
}
