// Package desk owns what the handlers of all rooms share: how people name topics,
// countries, outlets, stories, times and time zones; which channels can take alerts;
// and the pages of lists.
package desk

// Options are what a [Desk] knows. Topics and Sources must be given.
type Options struct {
	Topics  Catalogue
	Sources Sources
	// Countries are those that stories may be asked for; nil means none.
	Countries Countries
	// Forums, if set, tells what forums ask of posts.
	Forums Forums
	// Names, if set, tells what channels are called.
	Names Names
	// FeedReason gives a feed's trouble in words, "" when it knows none; nil is one
	// that knows none.
	FeedReason func(reason string) string
}

// Desk answers what handlers ask about the words that people typed. It is safe for
// concurrent use.
type Desk struct {
	// Topics, Sources and Countries are what there is to name.
	Topics    Catalogue
	Sources   Sources
	Countries Countries

	store      Store
	forums     Forums
	names      Names
	feedReason func(reason string) string
}

// New returns a desk.
func New(s Store, o Options) *Desk {
	if o.Countries == nil {
		o.Countries = noCountries{}
	}
	if o.FeedReason == nil {
		o.FeedReason = func(string) string { return "" }
	}
	return &Desk{store: s, Topics: o.Topics, Sources: o.Sources, Countries: o.Countries, forums: o.Forums, names: o.Names, feedReason: o.FeedReason}
}
