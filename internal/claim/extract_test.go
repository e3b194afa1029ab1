package claim_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/gazetteer"
	"github.com/attache-bot/attache/internal/report"
)

func extractor(tb testing.TB) *claim.Extractor {
	tb.Helper()
	g, err := gazetteer.Load()
	if err != nil {
		tb.Fatal(err)
	}
	x, err := claim.New(g)
	if err != nil {
		tb.Fatal(err)
	}
	return x
}

func english(title, description string) report.Report {
	return report.Report{Title: title, Description: description, Language: "en"}
}

// said is what the tables compare of a claim.
type said struct {
	Speaker string
	Act     claim.Act
}

// mainOf is the main claim of a report, or none.
func mainOf(x *claim.Extractor, r report.Report) said {
	c, ok := claim.Main(x.Extract(r))
	if !ok {
		return said{"", claim.None}
	}
	return said{c.Speaker, c.Act}
}

func TestMainClaimOfAHeadline(t *testing.T) {
	t.Parallel()
	x := extractor(t)
	for _, c := range []struct {
		title   string
		speaker string
		act     claim.Act
	}{
		// A party tells of its own decision or action.
		{"Norway announces new patrols in the Barents Sea", "Norway", claim.Announce},
		{"Turkey says it will reopen its embassy in Damascus", "Turkey", claim.Announce},
		{"Army says it has shot down three drones over the capital", "Army", claim.Announce},
		{"Rutte vows to double artillery output", "Rutte", claim.Announce},
		{"Kenya and Uganda agree to joint border patrols", "Kenya and Uganda", claim.Announce},

		// A party asserts something about the world or another party.
		{"Trump says Putin agreed to a week-long pause in attacks", "Trump", claim.Assert},
		{"Sudan's army says rebels left the city", "Sudan's army", claim.Assert},
		{"Rebels left the city overnight, army says", "army", claim.Assert},
		{"Rebels left the city overnight, says Prime Minister Anna Keller", "Anna Keller", claim.Assert},
		{"Grain exports fell by half in May - UN", "UN", claim.Assert},
		{"Eleven dead after shelling of market: officials", "officials", claim.Assert},
		{"IAEA chief warns of growing risk at nuclear plant", "IAEA chief", claim.Assert},
		{"UN report highlights hunger in border camps", "UN", claim.Assert},
		{"Talks were constructive, according to Omani mediators", "Omani mediators", claim.Assert},
		{"China’s ambassador to London says ties can recover", "China’s ambassador", claim.Assert},

		// A party affirms what was in doubt.
		{"Kremlin confirms prisoner exchange with Kyiv", "Kremlin", claim.Confirm},
		{"Pyongyang admits satellite launch failed", "Pyongyang", claim.Confirm},
		{"Group claims responsibility for attack on tanker", "Group", claim.Confirm},
		{"Defence Secretary John Moss acknowledges delays to tank deliveries", "John Moss", claim.Confirm},

		// A party denies, or refuses: it hangs on the object.
		{"Serbia denies sending weapons to either side", "Serbia", claim.Deny},
		{"Beijing rejects claims of cyber attack on Dutch port", "Beijing", claim.Deny},
		{"White House dismisses reports of secret talks", "White House", claim.Deny},
		{"Pentagon shoots down rumours of troop withdrawal", "Pentagon", claim.Deny},
		{"Rwanda ‘flatly rejects’ UN report on border raids", "Rwanda", claim.Deny},
		{"Moscow says reports of a missile failure are false", "Moscow", claim.Deny},
		{"Kyiv rejects ceasefire proposal as an ultimatum", "Kyiv", claim.Reject},
		{"Hamas turns down truce offer", "Hamas", claim.Reject},
		{"Judge denies bail request of former general", "Judge", claim.Reject},
		{"Poland says it won't accept any deal made without Kyiv", "Poland", claim.Reject},

		// A party says nothing.
		{"Kremlin declines to comment on reports of truce", "Kremlin", claim.NoComment},
		{"Ministry refuses to confirm general's dismissal", "Ministry", claim.NoComment},
		{"Russia has not confirmed agreement on pause", "Russia", claim.NoComment},

		// A party blames, threatens, demands.
		{"Armenia accuses Azerbaijan of shelling border village", "Armenia", claim.Accuse},
		{"Ethiopia blames rebels for collapse of talks", "Ethiopia", claim.Accuse},
		{"Iran vows revenge after strike on consulate", "Iran", claim.Threaten},
		{"Mali threatens to expel UN mission", "Mali", claim.Threaten},
		{"Germany pledges to punish attackers of airport", "Germany", claim.Threaten},
		{"UN chief urges both sides to hold fire", "UN chief", claim.Demand},
		{"Greece calls for emergency summit on migration", "Greece", claim.Demand},
		{"Vietnam says ships must leave its waters", "Vietnam", claim.Demand},

		// Nobody's speech is the point.
		{"Ceasefire takes effect along the Lebanese border", "", claim.None},
		{"Ex-minister accused of selling secrets goes on trial", "", claim.None},
		{"Reporters denied access to prison camp", "", claim.None},
		{"What is behind North Korea's latest missile claim?", "", claim.None},
		{"Ukraine war live: Zelensky says more weapons on the way", "", claim.None},
		{"Why the truce will not hold | Maria Olsen", "", claim.None},
		{"Jets shot down over northern Syria", "", claim.None},
		{"Rising demand for grain strains ports", "", claim.None},
		{"Twelve aid workers confirmed dead after strike on convoy", "", claim.None},
		{"Sunak visit to Kyiv confirmed, with more aid to follow", "", claim.None},
		{"Ankara poised to reject Swedish offer", "", claim.None},

		// What a party has does not speak; whoever does something for it may.
		{"Maduro’s programme claims the oil of its neighbour", "", claim.None},
		{"Navalny biographer says prison has changed him", "Navalny biographer", claim.Assert},
		{"Tory backbenchers demand tougher sanctions on Iran", "Tory backbenchers", claim.Demand},
		{"Family of captured Dutch journalist Anna Visser slam ministry", "Family of captured Dutch journalist Anna Visser", claim.Accuse},
		{"Governor calls for calm after coal gas blast kills nine", "Governor", claim.Demand},
		{"Safety rules changed after coal gas blast kills nine", "", claim.None},
		{"Nuri dismisses Lamb and Root in one over", "", claim.None},
		{"Nuri dismisses Lamb as a figure of the past", "Nuri", claim.Deny},
		{"Wreck of the Olga holds gold, and claims divers", "", claim.None},
		{"Navalny on mutiny: ‘I kept waiting for the joke’", "Navalny", claim.Assert},
		{"Navalny: the man and his enemies", "", claim.None},
		{"Norway reprimands ambassador over remarks", "Norway", claim.Accuse},
		{"Farmers must be paid in full: EU envoy", "EU envoy", claim.Demand},
		{"Minister calls off visit to Minsk", "", claim.None},
		{"Half of Danes say they would pay more for milk", "", claim.None},
	} {
		if got := mainOf(x, english(c.title, "")); got != (said{c.speaker, c.act}) {
			t.Errorf("%s\n got %q %s, want %q %s", c.title, got.Speaker, got.Act, c.speaker, c.act)
		}
	}
}

func TestSpeakersAreNamedByTheDescription(t *testing.T) {
	t.Parallel()
	x := extractor(t)
	for _, c := range []struct{ name, title, description, speaker string }{
		{"a role", "Swiss minister warns of energy shortage", "Karin Keller said on Friday that reserves would last six weeks.", "Karin Keller"},
		{"a name between commas", "Omani envoy says talks will resume", "The envoy, Salim Harthy, said both sides had asked for more time.", "Salim Harthy"},
		{"a name behind a title", "Wagner commander admits losses", "The fighters' commander Oleg Marin said that forty had died.", "Oleg Marin"},
		{"not somebody else's name", "Chadian soldier denies looting", "The looting was reported by businessman Idris Mahamat last week.", "Chadian soldier"},
		{"not for several people", "Baltic leaders vow closer ties", "President Alar Tamm hosted the meeting in Tallinn.", "Baltic leaders"},
		{"not who plays another part", "Oslo witness claims rival sold weapons", "The woman told a court that suspect Jonas Lund had confessed to her.", "Oslo witness"},
		{"a new sentence without a stop", "Reef is dying faster", "Corals are bleaching, according to scientists Warm water has killed most of them.", "scientists"},
		{"a name between commas behind the verb", "Talks will go on", "“We have time”, said the foreign minister, Elsa Brandt, in Bern.", "Elsa Brandt"},
		{"a paper's maker", "Army lost a third of its tanks, report says", "Satellite images were studied, according to a new report by the Oslo Institute.", "Oslo Institute"},
		{"nobody in the title", "Nine dead in shelling of market", "Nine people died in the shelling, the regional governor said.", "regional governor"},
	} {
		if got := mainOf(x, english(c.title, c.description)); got.Speaker != c.speaker {
			t.Errorf("%s: got %q (%s), want %q", c.name, got.Speaker, got.Act, c.speaker)
		}
	}
}

func TestAllClaimsOfAReport(t *testing.T) {
	t.Parallel()
	r := english(
		"Trump says Putin agreed to week-long pause in attacks on Kyiv",
		"The US president said Vladimir Putin had agreed not to strike Kyiv for a week during “extraordinary cold”. "+
			"The Kremlin has not confirmed the pause, and its spokesman Dmitry Peskov declined to comment. "+
			"Ukraine's president Volodymyr Zelensky thanked Mr Trump and said he expects the promise to be carried out.",
	)
	type row struct {
		Speaker string
		Side    string
		Act     claim.Act
		Tone    claim.Tone
		Parties []string
	}
	var got []row
	for _, c := range extractor(t).Extract(r) {
		got = append(got, row{c.Speaker, c.Side, c.Act, c.Tone, c.Parties})
	}
	want := []row{
		{"Trump", "US", claim.Assert, "", []string{"RU"}},
		{"US president", "US", claim.Assert, "", []string{"RU"}},
		{"Kremlin", "RU", claim.NoComment, "", nil},
		{"Dmitry Peskov", "RU", claim.NoComment, "", nil},
		{"Volodymyr Zelensky", "UA", claim.Assert, claim.Welcome, nil},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestWhatIsAskedOrReportedOfAPartyIsNotItsWord(t *testing.T) {
	t.Parallel()
	x := extractor(t)
	for _, description := range []string{
		"Kremlin spokesman Dmitry Peskov said he could not comment for now when asked whether Russia had agreed to a pause.",
		"Dmitry Peskov declined to comment on reports that Russia had agreed to a pause.",
		"The Kremlin did not comment. It is not known if Moscow agreed to a pause.",
	} {
		for _, c := range x.Extract(english("Fighting goes on near Kyiv", description)) {
			if c.Act != claim.NoComment {
				t.Errorf("%s\n%s: %s", description, c.Speaker, c.Act)
			}
		}
	}
}

func TestWhatAPartySaysOfAnotherIsNotTheOthersWord(t *testing.T) {
	t.Parallel()
	x := extractor(t)
	for _, c := range []struct {
		title string
		want  []string // the speakers
	}{
		{"Putin agreed to week-long pause, says Trump", []string{"Trump"}},
		{"Putin agreed to week-long pause, according to Trump", []string{"Trump"}},
		{"According to Trump, Putin agreed to a pause", []string{"Trump"}},
		{"Putin agrees to pause - White House", []string{"White House"}},
		{"Kyiv rejects plan; talks will go on, says Orban", []string{"Orban", "Kyiv"}},
		{"Serbia denies it sent weapons, leaked document says", []string{"Serbia"}},
	} {
		var got []string
		for _, cl := range x.Extract(english(c.title, "")) {
			got = append(got, cl.Speaker)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", c.title, diff)
		}
	}
}

func TestQuotesAreVerbatim(t *testing.T) {
	t.Parallel()
	x := extractor(t)
	for _, c := range []struct{ title, want string }{
		{"Erdogan calls strike “an act of blind revenge” on radio", "an act of blind revenge"},
		{"Strike was “an act of blind revenge”", ""},
		{"Erdogan says strike was “an act of blind revenge”", "an act of blind revenge"},
		{"‘We are ready for peace’, says Petro", "We are ready for peace"},
		{"Kremlin says claims of 'secret deal' are false", "secret deal"},
		{"Kremlin says nothing", ""},
	} {
		got, _ := claim.Main(x.Extract(english(c.title, "")))
		if got.Quote != c.want {
			t.Errorf("%s: quote %q, want %q", c.title, got.Quote, c.want)
		}
	}
}

func TestPartiesAreThoseWhoAreBoundOrBlamed(t *testing.T) {
	t.Parallel()
	x := extractor(t)
	for _, c := range []struct {
		title, side string
		want        []string
	}{
		{"Qatar says Israel and Hamas agreed to extend truce", "QA", []string{"IL", "hamas"}},
		{"Blinken says Ethiopia will withdraw troops", "US", []string{"ET"}},
		{"Kyiv confirms prisoner exchange with Moscow", "UA", []string{"RU"}},
		{"Armenia accuses Azerbaijan of shelling village", "AM", []string{"AZ"}},
		{"Army says Northern Front rebels agreed to leave", "", []string{"northern front rebels"}},
		{"Putin says Russia will not attack", "RU", nil},
		{"Putin agreed to week-long pause, says Trump", "US", []string{"RU"}},
		{"Hamas accepts truce, according to Blinken", "US", []string{"hamas"}},
		{"Kyiv agrees to prisoner swap: Kremlin", "RU", []string{"UA"}},
		{"Norway announces new patrols", "NO", nil},
	} {
		got, _ := claim.Main(x.Extract(english(c.title, "")))
		if diff := cmp.Diff(c.want, got.Parties, cmpopts.EquateEmpty()); diff != "" || got.Side != c.side {
			t.Errorf("%s: side %q, want %q; parties (-want +got)\n%s", c.title, got.Side, c.side, diff)
		}
	}
}

func TestALanguageWithoutALexiconHasNoClaims(t *testing.T) {
	t.Parallel()
	r := report.Report{Title: "Trump says Putin agreed", Language: "xx"}
	if got := extractor(t).Extract(r); got != nil {
		t.Errorf("got %v", got)
	}
}
