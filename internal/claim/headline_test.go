package claim_test

import (
	"testing"

	"github.com/attache-bot/attache/internal/claim"
)

// TestAHeadlineTellsWhoSpeaksWithoutAVerbOfSpeech: by whom it begins with, whose words
// it ends with, and what it only calls by what it is.
func TestAHeadlineTellsWhoSpeaksWithoutAVerbOfSpeech(t *testing.T) {
	t.Parallel()
	x := extractor(t)
	for _, c := range []struct {
		name, title, description string
		want                     said
	}{
		{"a remark at the end", "Ola Hansen reacts to ban: 'The cod will not come back'", "Skipper Ola Hansen spoke in Bergen.", said{"Ola Hansen", claim.Assert}},
		{"a remark of another", "Ola Hansen fired over ban: 'We thank him'", "Skipper Ola Hansen spoke in Bergen.", said{"", claim.None}},
		{"a remark on a thing", "Bergen boat wins race: 'What a day for us'", "The boat was the first.", said{"", claim.None}},
		{"a verb behind a quoted word", "Ola Hansen 'sad' about trawler sale, says he read of it in a letter", "", said{"Ola Hansen", claim.Assert}},
		{"a firm that does two things", "Trawlco fires deckhands, says nets were cut", "", said{"Trawlco", claim.Assert}},
		{"those who work for it", "Trawlco workers strike, say nets are old", "", said{"Trawlco workers", claim.Assert}},
		{"a person behind a state and a role", "Norwegian skipper Jane Hansen cuts nets, calls for a ban", "", said{"Jane Hansen", claim.Demand}},
		{"a thing's word as a name", "Bill Hansen urges fleet to rest", "", said{"Bill Hansen", claim.Demand}},
		{"a person with his role before a quotation", "Fleet candidate Ola Hansen: ‘We want more cod than ice’", "", said{"Ola Hansen", claim.Assert}},
		{"who closes it without a comma", "Cod bars sold off after 93 years says Trawlco", "", said{"Trawlco", claim.Assert}},
		{"what is said begins with what cannot speak", "Trawlco sues minister, says prices of nets, ropes ‘are too high’", "", said{"Trawlco", claim.Assert}},
		{"whose kin, after more", "Parents whose son drowned after being lost say navy hides the log", "", said{"Parents", claim.Assert}},
		{"a firm behind its verb of speech", "Trawlco calls it quits in France", "The Norwegian fish company, which owns boats, announced that it will leave.", said{"Trawlco", claim.Announce}},
		{"a long name for an office", "‘Cod was dry,’ Norway's president complains", "Ola Inge Hansen da Silva's complaints were heard in Bergen.", said{"Ola Inge Hansen da Silva", claim.Assert}},
		{"a firm's person before a colon", "Trawlco's Jane Hansen: Fleet is being 'left to rot'", "Captain Jane Hansen spoke in Bergen.", said{"Trawlco's Jane Hansen", claim.Assert}},
		{"behind a label", "Live news: Trawlco upbeat on cod but warns on impact of ban", "", said{"Trawlco", claim.Assert}},
		{"a firm by what it is", "TrawlCo expands fleet in Mali", "The company says it will buy two boats.", said{"TrawlCo", claim.Announce}},
		{"a firm with things of its own", "Nets sold", "The Norwegian fish company, which owns the Cod and Herring brands, among others, announced that it will leave.", said{"Norwegian fish company", claim.Announce}},
		{"an answer to a question", "Tired of cod? Eat herring and smile, says Biden", "", said{"Biden", claim.Assert}},
		{"one of many", "One of Norway's top judges calls for tougher fishing laws", "", said{"Norway's top judges", claim.Demand}},
		{"whose kin", "Parents whose son died at sea say navy hides the log", "", said{"Parents", claim.Assert}},
		{"an agency beside a speaker", "Norway minister says cod trade will grow: Kyodo", "", said{"Norway minister", claim.Assert}},
		{"a paper on whom it begins with", "Trawlco may have misled dozens of skippers - report", "Trawlco has said the claims are wrong.", said{"report", claim.Accuse}},
		{"a poll on whom it begins with", "Biden widens lead in Bergen: poll", "President Biden widened his lead, according to a Bergen Post poll.", said{"Bergen Post", claim.Assert}},
		{"a call to watch", "Cod final – highlights", "Watch highlights from day two of the final.", said{"", claim.None}},
		{"a quotation before what explains", "‘No hope’: Why sailors leave the coast", "Authorities in Norway say 12 boats have left.", said{"", claim.None}},
		{"what is offered", "Trawlco Raises Offer to Buy Rival's Fleet", "", said{"", claim.None}},
		{"those who plan", "Norway authorities to prosecute skippers", "", said{"Norway authorities", claim.Announce}},
	} {
		if got := mainOf(x, english(c.title, c.description)); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}
