package claim_test

import (
	"testing"

	"github.com/attache-bot/attache/internal/claim"
)

// TestWhatAPartyDoesIsItsAnnouncement: a headline tells what a party decides or is
// about to do, in the party's words or without any.
func TestWhatAPartyDoesIsItsAnnouncement(t *testing.T) {
	t.Parallel()
	x := extractor(t)
	for _, c := range []struct {
		name, title, description string
		want                     said
	}{
		{"a measure", "Norway imposes tariffs on cod", "", said{"Norway", claim.Announce}},
		{"a measure agreed", "EU agrees price caps on cod oil", "", said{"EU", claim.Announce}},
		{"sanctions as a verb", "Danish government sanctions 3 shipowners", "", said{"Danish government", claim.Announce}},
		{"sanctions as a noun", "US sanctions bite in harbour towns", "", said{"", claim.None}},
		{"sanctions of somebody's", "US sanctions on shipowners expire", "", said{"", claim.None}},
		{"what is approved by nobody's decision", "Norway approves of the view", "", said{"", claim.None}},
		{"an order", "Norway issues order on cod quotas", "", said{"Norway", claim.Announce}},
		{"a plan", "Norway to tighten harbour checks", "", said{"Norway", claim.Announce}},
		{"a plan, and who tells it", "Norway to tighten harbour checks", "Checks will double by May, Interior Minister Ola Hansen said.", said{"Ola Hansen", claim.Announce}},
		{"a visit", "Norway to host harbour talks", "", said{"", claim.None}},
		{"a plan of nobody's", "Trawlers to leave harbour", "", said{"", claim.None}},
		{"told by an office", "Norway’s king to visit Mali, foreign ministry says", "", said{"foreign ministry", claim.Announce}},
		{"told by another", "Norway’s king to visit Mali, Russia says", "", said{"Russia", claim.Assert}},
		{"readiness", "Fishing group ready to return, says boss", "", said{"boss", claim.Assert}},
		{"readiness of a name", "Nordfisk ready to rejoin fleet, says boss", "", said{"boss", claim.Announce}},
		{"done, saying why", "Consulates shut", "Norway has closed its consulates, saying the roads were not safe.", said{"Norway", claim.Announce}},
		{"happened to it, saying so", "Consulates shut", "Norway has suffered a loss, saying it was a hard day.", said{"Norway", claim.Assert}},
		{"he has ordered it", "Corsair chief says he's ordered a retreat", "", said{"Corsair chief", claim.Announce}},
		{"won ground is a claim", "Norway says it has captured the strait", "", said{"Norway", claim.Assert}},
	} {
		if got := mainOf(x, english(c.title, c.description)); got != c.want {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

// TestWhatIsSaidMayBidWarnOrBlame: what a plain verb does hangs on what is said.
func TestWhatIsSaidMayBidWarnOrBlame(t *testing.T) {
	t.Parallel()
	x := extractor(t)
	for _, c := range []struct {
		title string
		act   claim.Act
	}{
		{"‘Free the trawlers,’ says Hansen", claim.Demand},
		{"‘Trawlers are free to sail,’ says Hansen", claim.Assert},
		{"Norway says harbour should be closed", claim.Demand},
		{"Norway warns harbour should be closed", claim.Assert},
		{"Norway warns Russia against new patrols", claim.Threaten},
		{"Norway warns sailors against thin ice", claim.Assert},
		{"UN warns Russia against new patrols", claim.Assert},
		{"Norway warns all options are open after raid", claim.Threaten},
		{"Norway says Russia won’t permit ships to land", claim.Accuse},
		{"Norway says Mali is stonewalling harbour inquiry", claim.Accuse},
		{"Norway warns spying is widespread", claim.Assert},
		{"Town has fallen, mayor says as Norway jails spies for sabotage", claim.Assert},
		{"Norway reiterates its opposition to whaling", claim.Reject},
	} {
		if got := mainOf(x, english(c.title, "")); got.Act != c.act {
			t.Errorf("%s: got %v, want %s", c.title, got, c.act)
		}
	}
}

// TestAVerbOfSpeechMakesAnyNounSpeak: what opens a clause before a verb that only
// somebody can do is somebody.
func TestAVerbOfSpeechMakesAnyNounSpeak(t *testing.T) {
	t.Parallel()
	x := extractor(t)
	for _, c := range []struct{ title, description, speaker string }{
		{"Roofs lost", "A radio station says the storm took eleven roofs.", "radio station"},
		{"Norway’s warring sides agree to leave harbour", "", "Norway’s warring sides"},
		{"Warring sides agree to leave harbour", "", ""},
		{"Harbour rule is easier said than kept", "", ""},
		{"Harbour row", "The footage says it all.", ""},
		{"What you say about harbours", "", ""},
		{"Row over ‘absurd’ claim on harbour", "", ""},
		{"Hansen in trouble", "Mayor Hansen was mocked on Monday over a letter claiming that boats can fly.", ""},
		{"Harbour sued", "Two sailors filed a lawsuit accusing the harbour of theft.", "sailors"},
	} {
		if got := mainOf(x, english(c.title, c.description)); got.Speaker != c.speaker {
			t.Errorf("%s | %s: got %v, want %q", c.title, c.description, got, c.speaker)
		}
	}
}

// TestASpeakerIsNamedWithHisOffice: readers know an office where they do not know a
// name, so what the headline calls him goes before the name of the description.
func TestASpeakerIsNamedWithHisOffice(t *testing.T) {
	t.Parallel()
	x := extractor(t)
	for _, c := range []struct{ title, description, want string }{
		{"Omani envoy says talks will resume", "The envoy, Salim Harthy, said both sides had asked for more time.", "Omani envoy Salim Harthy"},
		{"Harbours must be shared, says southern leader", "Maj Gen Aidan al-Moradi said on Friday that both coasts need them.", "southern leader Aidan al-Moradi"},
		{"Foreign Minister Ola Hansen says talks will resume", "Ola Hansen said so in Bergen.", "Ola Hansen"},
		{"Talks to resume", "The envoy, Salim Harthy, said both sides had asked for more time.", "Salim Harthy"},
		{"Omani envoy says talks will resume", "Both sides had asked for more time.", "Omani envoy"},
	} {
		got, _ := claim.Main(x.Extract(english(c.title, c.description)))
		if got.Named() != c.want {
			t.Errorf("%s | %s: got %q, want %q", c.title, c.description, got.Named(), c.want)
		}
	}
}
