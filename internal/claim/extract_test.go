package claim_test

import (
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/gazetteer"
	"github.com/attache-bot/attache/internal/report"
)

// loaded is the extractor of all tests, which is safe for concurrent use: loading it takes
// longer than most tests do with it.
var loaded = sync.OnceValues(func() (*claim.Extractor, error) {
	g, err := gazetteer.Load()
	if err != nil {
		return nil, err
	}
	return claim.New(g)
})

func extractor(tb testing.TB) *claim.Extractor {
	tb.Helper()
	x, err := loaded()
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

// described are reports whose headline names its speaker by an office or not at all.
var described = []struct{ name, title, description, speaker string }{
	{"a role", "Swiss minister warns of energy shortage", "Karin Keller said on Friday that reserves would last six weeks.", "Karin Keller"},
	{"a name between commas", "Omani envoy says talks will resume", "The envoy, Salim Harthy, said both sides had asked for more time.", "Salim Harthy"},
	{"a name behind a title", "Wagner commander admits losses", "The fighters' commander Oleg Marin said that forty had died.", "Oleg Marin"},
	{"a paper by its maker", "Army lost half its boats, study finds", "The Lagos Institute for Naval Studies said the losses began in spring.", "Lagos Institute for Naval Studies"},
	{"a paper by itself", "Army lost half its boats, study finds", "Researchers warn that the coast is open.", "study"},
	{"a surname", "Budget for tanks is 'a bad joke': Almeida", "Former senator Rui Almeida spoke on the radio.", "Almeida"},
	{"an office in other words", "Separatists hold the port, leader says", "Ousmane Diop, the exiled head of the movement, sent a film from the quay.", "Ousmane Diop"},
	{"who does what is told of another", "Norwegian PM condemns burning of boats", "The burning was condemned by Prime Minister Ada Lindqvist.", "Ada Lindqvist"},
	{"the caption of a picture", "Icelandic premier refuses to resign", "Icelandic Premier Ada Lindqvist speaks in Reykjavik, Iceland. (Jon Berg/Harbour Pictures)", "Ada Lindqvist"},
	{"who tells an inquiry", "Captain slept through the storm, inquiry told", "Ada Lindqvist says nobody was at the wheel.", "Ada Lindqvist"},
	{"no outlet that has it from others", "Two ferries collide in fog", "A steward had left the bridge, Coastal News reported.", ""},
	{"no statesman for an expert", "Ferries will be late, fisheries expert warns", "Transport Secretary Jon Berg said on Monday that crews are short.", "fisheries expert"},
	{"nobody to whom it is done", "Net was cut by hand, fisheries expert says", "Jon Berg, 41, was accused of piracy on Monday.", "fisheries expert"},
	{"not the one who has done it", "Gunman wanted to be seen, psychologist says", "Peter Holm, the man who shot at the envoys, kept a diary.", "psychologist"},
	{"a name behind the place of a post", "Truce will not last: expert", "Former ambassador to Chad Lena Moreau said the north was lost.", "Lena Moreau"},
	{"not somebody else's name", "Chadian soldier denies looting", "The looting was reported by businessman Idris Mahamat last week.", "Chadian soldier"},
	{"not for several people", "Baltic leaders vow closer ties", "President Alar Tamm hosted the meeting in Tallinn.", "Baltic leaders"},
	{"not who plays another part", "Oslo witness claims rival sold weapons", "The woman told a court that suspect Jonas Lund had confessed to her.", "Oslo witness"},
	{"a new sentence without a stop", "Reef is dying faster", "Corals are bleaching, according to scientists Warm water has killed most of them.", "scientists"},
	{"a name between commas behind the verb", "Talks will go on", "“We have time”, said the foreign minister, Elsa Brandt, in Bern.", "Elsa Brandt"},
	{"a paper's maker", "Army lost a third of its tanks, report says", "Satellite images were studied, according to a new report by the Oslo Institute.", "Oslo Institute"},
	{"a name between commas and a helping verb", "Security tightened before summit", "The prime minister, Fumio Kishida, has vowed to ensure safety.", "Fumio Kishida"},
	{"not a leader of others", "Australian PM Calls Out Harbour Raid", "Yevgeny Prigozhin, the owner of the Wagner Group, shakes hands.", "Australian PM"},
	{"not one in office for one who is not", "Raid was a bluff: Retired admiral", "Wagner Group leader Yevgeny Prigozhin struck a deal with Minsk.", "Retired admiral"},
	{"not of another side", "Revolt is a sign of weakness: EU minister", "Russia's President Vladimir Putin delivers an address in Moscow.", "EU minister"},
	{"a role with its body", "Taliban supreme leader: Schools to ‘open soon’", "The supreme leader of the Taliban, Hibatullah Akhundzada, said it on Sunday.", "Hibatullah Akhundzada"},
	{"without whose he is", "Norway’s Hansen says quotas will stay", "Fishing will go on as before.", "Hansen"},
	{"without whose minister he is", "Quotas to stay", "Foreign Minister Ola B. Hansen of Norway warned that boats would be held.", "Ola B. Hansen"},
	{"not his state's body", "Norway’s Supreme Court says quotas are lawful", "", "Norway’s Supreme Court"},
	{"without his body", "Editor hanged at dawn", "An editor was hanged at dawn, the judiciary's news agency Fajr reported.", "Fajr"},
	{"before a colon, introduced below", "Hansen: rival ‘looks weak’ after revolt", "Senator Ola Hansen described him as weak in an interview.", "Hansen"},
	{"not an official's, but his chief's name", "Corsairs may sail on, Norway official says", "The Corsairs may sail on even after their chief Jan Rood gave up his revolt.", "Norway official"},
	{"several of different kinds", "Old town wakes to smoke", "The shelling hit a market in the old town, police and witnesses said.", "police and witnesses"},
	{"a party and a word of its own", "Norway calls failed landing the ‘worst’ setback", "Norway will land again.", "Norway"},
	{"small words within a name", "Harbours must be shared, says southern leader", "Maj Gen Aidan al-Moradi said on Friday that both coasts need them.", "Aidan al-Moradi"},
	{"a surname alone", "Corsair chief says raid was a lesson", "Speaking on a web channel, Rood said he had turned back.", "Rood"},
	{"two roles of one person", "Stark outlook for corsairs", "They will be hunted, according to navy expert and former captain Jan Hest.", "Jan Hest"},
	{"those who know it, in a headline", "Harbour loomed large in the talks, people briefed on the matter said", "", "people briefed on the matter"},
	{"not an outlet's own scoop", "Norway weighs sale of harbour", "Norway weighs a sale, a person familiar with the matter said.", ""},
	{"whose a paper is", "Children taken over the border", "Hundreds are missing, says the watchdog's report.", "watchdog"},
	{"a study of nobody's", "Most Norwegians want a new harbour: poll", "", "poll"},
	{"not a paper of nobody's", "Harbour sold in secret, document shows", "", ""},
	{"state media by their own name", "Harbour chief charged, State Media Reports", "Norway and its navy have rejected the charge.", "State Media"},
	{"not what people only belong to", "Group slams Norway, alleges cruel arrests of refugees", "", "Group"},
	{"many of them", "Thousands of Norwegians call for new harbour", "", "Thousands of Norwegians"},
	{"the subject of a second verb", "Norway opens harbour summit, calls for calm", "", "Norway"},
	{"who has done something, saying why", "Consulates shut", "Norway has shut its consulates, saying the roads were not safe.", "Norway"},
	{"not who is blamed for saying it", "Hansen faces anger for saying Norway opposes the deal", "", ""},
	{"a live report's headline", "Harbour war live: Norway blocking ships, says UN", "", "UN"},
	{"not a thing that threatens", "Tensions between coasts threaten fish trade", "", ""},
	{"not what was said before", "Harbour talks end", "The Norwegian government had threatened to leave.", ""},
	{"a role behind a colon", "Move to island could be a ruse to hold the strait: expert", "", "expert"},
	{"adjectives that speak", "Norway furious after Danes call it a ‘pirate’", "", "Norway"},
	{"not who is spoken of", "Rood accuses rival of theft, suggests Jan Aker lured him into it", "", "Rood"},
	{"not what a deed is for", "Norway to hand out home tests to confirm flu cases", "", ""},
	{"not what a group only has", "Inner workings of Harbour militia revealed amid row", "", ""},
	{"not who is pressed", "Foreign Firms in Norway Squeezed by Danish Disclosure Demands", "", ""},
	{"not what has people in it", "Settler Blockade of Hebron Homes Highlights Rising Anger", "", ""},
	{"not a leak's victim", "Harbour may fall within weeks, apparent Pentagon leak suggests", "", ""},
	{"not a picture", "Drone images reveal how the harbour burned", "", ""},
	{"not what went before, with several", "Court frees two sailors following US, EU demands that they go home", "", ""},
	{"not a word of a name", "Prisons guarded", "Members of the Military Police of Public Order watch the yard of an old prison near the northern border.", ""},
	{"not who is meant", "Trawler turned back", "A man claiming to be the owner went to the harbour on Monday.", ""},
	{"not a place before a colon", "West Bank: US ‘troubled’ by new roads", "", ""},
	{"not those whom it speaks of", "Norway Bars Two Russian Sailors It Says Mapped Cables", "", ""},
	{"reports of nobody", "Harbour chief to leave – reports", "Norway says the harbour is safe.", "Norway"},
	{"the first of two verbs", "New Zealand PM disagrees with Danes, says Iran's Khamenei has no plan", "", "New Zealand PM"},
	{"who blames, far behind the verb", "Harbour bill", "The bill was criticised on social media by Norway.", "Norway"},
	{"a body without a name", "Norway must tie aid to reform, thinktank says", "German Marshall Fund says oligarchs bide their time.", "German Marshall Fund"},
	{"not a ministry for a watchdog", "Norway must tie aid to reform, watchdog says", "The Health Ministry said it had no plans.", "watchdog"},
	{"not what was said before something else", "Mayor slammed after wrongly saying Norway leaves", "", ""},
	{"a role and a name behind a dash", "Norway sold rifles to Mali - Swiss ambassador Rosa Keller", "", "Rosa Keller"},
	{"a name without what adorns it", "‘No mercy for traitors,’ defiant Putin warns after drone raid", "", "Putin"},
	{"two offices", "Harbour closed", "The port shut on Monday, according to the Latvian and Lithuanian foreign ministers.", "Latvian and Lithuanian foreign ministers"},
	{"nobody in the title", "Nine dead in shelling of market", "Nine people died in the shelling, the regional governor said.", "regional governor"},
}

func TestSpeakersAreNamedByTheDescription(t *testing.T) {
	t.Parallel()
	x := extractor(t)
	for _, c := range described {
		if got := mainOf(x, english(c.title, c.description)); got.Speaker != c.speaker {
			t.Errorf("%s: got %q (%s), want %q", c.name, got.Speaker, got.Act, c.speaker)
		}
	}
}

// TestWhoOnlyTellsWhatHasHappenedIsNoMainClaim: where the headline tells an incident
// itself, those who count the dead below it are no party, and what they say is not
// what the report is about.
func TestWhoOnlyTellsWhatHasHappenedIsNoMainClaim(t *testing.T) {
	t.Parallel()
	x := extractor(t)
	for _, c := range []struct{ language, title, description, speaker string }{
		{"en", "Nine dead in shelling of market", "Nine people died in the shelling, police said.", ""},
		{"en", "Drone attack sets depot on fire", "Nobody was hurt, according to authorities.", ""},
		{"en", "Nine dead in shelling of market: police", "", "police"},
		{"en", "Drone attack sets depot on fire", "Ukraine's defence ministry said the drone came from the sea.", "Ukraine's defence ministry"},
		{"en", "Norway executes two spies", "Rights groups say their trials were a farce.", ""},
		{"en", "Norway executes two spies", "The two spies were hanged at dawn, rights groups say.", "rights groups"},
		{"en", "Harbour to be dredged", "Work begins in May, police said.", "police"},
		{"uk", "Удар по порту: двоє загиблих", "Пожежу загасили, повідомили рятувальники.", ""},
		{"ru", "Взрыв на складе в порту", "Погибли двое, сообщила полиция.", ""},
		{"fr", "Une explosion fait deux morts au port", "Le feu est éteint, a indiqué la police.", ""},
		{"de", "Zwei Tote nach Explosion im Hafen", "Der Brand ist gelöscht, teilte die Polizei mit.", ""},
		{"es", "Una explosión deja dos muertos en el puerto", "El fuego está apagado, informó la policía.", ""},
	} {
		r := english(c.title, c.description)
		r.Language = c.language
		if got := mainOf(x, r); got.Speaker != c.speaker {
			t.Errorf("%s | %s: got %q (%s), want %q", c.title, c.description, got.Speaker, got.Act, c.speaker)
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
