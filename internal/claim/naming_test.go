package claim_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/claim"
)

// TestWhoSpeaksIsReadWhole: an office without capitals belongs to whose it is, and who
// has more told of him before his verb still speaks.
func TestWhoSpeaksIsReadWhole(t *testing.T) {
	t.Parallel()
	x := extractor(t)
	for _, c := range []struct{ name, title, description, speaker string }{
		{"a body in small letters", "Trawlers collide at night, according to Norwegian coast guard", "", "Norwegian coast guard"},
		{"a body of several words", "Nets cut at night, according to Norwegian state fishing agency", "", "Norwegian state fishing agency"},
		{"who has done something", "Envoy who met sailors says truce is near", "", "Envoy"},
		{"whose kin have", "Mother of sailor dies", "", ""},
		{"whom others speak of", "Sailor who Norway says cut nets has fled", "", "Norway"},
		{"and goes on to speak", "Sailor who cut nets and claimed the harbour has fled", "", ""},
		{"who has done something, in a description", "Boats reach Bergen", "The owner of the fleet who called on sailors to oust Norway's fish minister said on Monday that he had won.", "owner of the fleet"},
		{"what a headline begins with", "Moment top Norwegian admiral tells sailors to row", "", "top Norwegian admiral"},
		{"a study from a land", "Cod swim north, Norwegian study finds", "", "Norwegian study"},
		{"a full name before his words", "Ola Hansen: ‘I will stay on my boat’", "The sailor Ola Hansen has lived at sea for ten years.", "Ola Hansen"},
		{"a full name whom the description calls by what he is", "Ola Hansen: ‘I would do it again’", "The former mayor says he has no regrets.", "Ola Hansen"},
		{"an office abroad", "Norwegian envoy in Kyiv says nets were cut", "Ola Hansen came to Ukraine in May.", "Ola Hansen"},
		{"whose report it is", "Cod stocks fall: report", "Bergen Post report shows how the cod was lost.", "Bergen Post"},
		{"an agency of news", "G7 mulls ban on cod: Kyodo", "", "Kyodo"},
		{"a name that the description has not", "Ola Hansen: ‘I will stay on my boat’", "Ten years at sea.", ""},
		{"the first of two verbs", "Ola Hansen warns of ice, suggests panel to count boats", "", "Ola Hansen"},
		{"a doer whom the description names", "Norwegian diver says nets were cut", "Olympic diver Ola Hansen, 40, saw the nets.", "Ola Hansen"},
		{"a role of somebody's", "Mother of sailor says nets were cut", "Grete Holm said that she saw it.", "Grete Holm"},
		{"a doer for others", "Lawyers for harbour trader say nets were cut", "Ola Hansen, the trader, was held in May.", "Lawyers for harbour trader"},
	} {
		if got := mainOf(x, english(c.title, c.description)); got.Speaker != c.speaker {
			t.Errorf("%s: got %q (%s), want %q", c.name, got.Speaker, got.Act, c.speaker)
		}
	}
}

// TestWhatLooksLikeSpeechIsNone: what is done to somebody, what only shows something,
// and what goes on with a word that makes it no speech.
func TestWhatLooksLikeSpeechIsNone(t *testing.T) {
	t.Parallel()
	x := extractor(t)
	for _, c := range []struct {
		title string
		want  said
	}{
		{"Jurors told sailor cut nets at night", said{"", claim.None}},
		{"Fish market called out for high prices", said{"", claim.None}},
		{"Harbour day proposed in fishing bill", said{"", claim.None}},
		{"Emails show how harbour boss sold nets", said{"", claim.None}},
		{"Texts reveal plan to sell harbour", said{"", claim.None}},
		{"Norway backs down after fish row", said{"", claim.None}},
		{"Norway backs out of harbour deal", said{"Norway", claim.Reject}},
		{"Norway backs harbour deal", said{"Norway", claim.Assert}},
		{"Norway pushed back against charge of delay", said{"Norway", claim.Deny}},
		{"Norway pushes back against harbour plan", said{"Norway", claim.Reject}},
		{"Sailors told not to feed gulls", said{"", claim.None}},
		{"Wave rips through harbour town", said{"", claim.None}},
		{"Sailors top league thanks to late goal", said{"", claim.None}},
		{"Navy Probes Claims Sailors Cut Nets", said{"", claim.None}},
		{"Analysis: How cod fell as Norway proposes ban", said{"", claim.None}},
		{"Norway says quota has not undermined trust", said{"Norway", claim.Assert}},
		{"Norway says quota has undermined trust", said{"Norway", claim.Accuse}},
		{"Sailor Denied Harbour Berth Finds New Port", said{"", claim.None}},
		{"Sailor denied report of theft", said{"Sailor", claim.Deny}},
		{"Harbour boss dismissed by Norway", said{"", claim.None}},
		{"Harbour fears dismissed by Norway", said{"Norway", claim.Deny}},
		{"Harbour boss's plea for calm falls flat", said{"", claim.None}},
		{"Sainsbury's says cod is cheap", said{"Sainsbury", claim.Assert}},
		{"Norway may demand new nets", said{"", claim.None}},
		{"Norway to begin talks on cod", said{"Norway", claim.Announce}},
		{"Cod prices climb for second week in harbours, says Norway", said{"Norway", claim.Assert}},
	} {
		if got := mainOf(x, english(c.title, "")); got != c.want {
			t.Errorf("%s: got %v, want %v", c.title, got, c.want)
		}
	}
}

// TestThoseWhoAreNamedTogetherSpeakTogether: whether a comma or a word stands between.
func TestThoseWhoAreNamedTogetherSpeakTogether(t *testing.T) {
	t.Parallel()
	x := extractor(t)
	for _, title := range []string{"Biden, Modi hail harbour deal", "Biden and Modi hail harbour deal"} {
		got, _ := claim.Main(x.Extract(english(title, "")))
		if diff := cmp.Diff([]string{"IN"}, got.With); diff != "" || got.Side != "US" {
			t.Errorf("%s: side %q (-want +got)\n%s", title, got.Side, diff)
		}
	}
}
