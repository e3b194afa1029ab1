package claim_test

import "testing"

// TestWhatIsSaidBesideAHeadlineIsNotItsClaim: where a headline tells something itself
// and does not name who speaks, what the description begins with is another matter,
// unless the headline may be his words.
func TestWhatIsSaidBesideAHeadlineIsNotItsClaim(t *testing.T) {
	t.Parallel()
	x := extractor(t)
	for _, c := range []struct{ name, title, description, speaker string }{
		{"another matter", "Cod prices climb for third week in northern harbours", "Economists warn that fuel may be short by May.", ""},
		{"the same in other words", "Cod prices climb for third week in northern harbours", "Cod prices have climbed in northern harbours, economists say.", "economists"},
		{"who ends the sentence", "Cod prices climb for third week in northern harbours", "Fuel will be short by May, economists say.", "economists"},
		{"whom the headline names", "Norway sees cod prices climb for third week", "Norwegian officials say fuel may be short by May.", "Norwegian officials"},
		{"whose role it names", "Harbour boss in doubt over new pier and its costs", "Ola Hansen said fuel may be short by May.", "Ola Hansen"},
		{"what it quotes", "‘No one will buy fish at such a price this year’", "Economists warn that fuel may be short by May.", "Economists"},
		{"words behind its colon", "Cod prices in northern harbours: nobody buys", "Economists warn that fuel may be short by May.", "Economists"},
		{"a short headline", "Cod prices climb", "Economists warn that fuel may be short by May.", "Economists"},
		{"no mere assertion", "Cod prices climb for third week in northern harbours", "Economists demand a cap on the price of fuel.", "Economists"},
		{"what is done to another", "Sailors boycott harbour shop over price of rope", "The owner was accused by Norway of theft.", ""},
		{"what the headline says is done to him", "Harbour shop owner accused of theft by sailors' wives", "The man was accused by Norway of theft.", "Norway"},
		{"who investigates", "Four charged with theft of harbour bell", "The four sold the bell in May, prosecutors say.", ""},
		{"who investigates, in the headline", "Four charged with theft of harbour bell, prosecutors say", "", "prosecutors"},
		{"a land's own police", "Norway drops charges against four harbour thieves", "The Norwegian police said the four may go home.", "Norwegian police"},
		{"a party beside a case", "Four charged with theft of harbour bell", "Norway says it has charged four with the theft of its harbour bell.", "Norway"},
		{"beside an event", "Gunman kills three at harbour as Norway warns of raids", "", ""},
		{"behind a dash", "Harbour boss grilled over pier - as Norway warns sailors", "", ""},
		{"beside no event", "Harbour in doubt as Norway warns of raids", "", "Norway"},
	} {
		if got := mainOf(x, english(c.title, c.description)); got.Speaker != c.speaker {
			t.Errorf("%s: got %q (%s), want %q", c.name, got.Speaker, got.Act, c.speaker)
		}
	}
}
