package story

import (
	"testing"

	"github.com/attache-bot/attache/internal/text"
)

func TestGenres(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		title, language string
		want            genre
	}{
		{"Rebels seize airport of Port Selam in dawn raid", "en", 0},
		{"Port Selam airport: rebels seize runway in dawn raid", "en", 0},
		{"Live updates: The rebels say they hold Port Selam airport", "en", 0},
		{"Rebels leave Port Selam airport: what we know so far", "en", asks},
		{"Who leads the rebels of Port Selam", "en", explains},
		{"Will the rebels of Port Selam hold their airport?", "en", explains},
		{"Werden die Rebellen den Flughafen halten?", "de", explains},
		{"What der Minister sagt", "de", 0},
		{"Marc Selam: the warlord who took an airport", "en", explains},
		{"Marc Selam: The president says war is over", "en", 0},
		{"Has the siege begun? Rebels enter the gates of Selam", "en", 0},
		{"Has the siege begun? Not quite", "en", explains},
		{"Who is Marc Selam? The warlord behind the siege of the port", "en", explains},
		{"Rebellion in Selam: How the revolt unfolded", "en", explains | asks},
		{"Five lessons from the siege of Port Selam", "en", explains | asks},
		{"Selam may send more troops to the border", "en", asks},
		{"As Selam counts its dead, allies wait", "en", muses},
		{"Failed siege exposes army of Selam", "en", muses},
		{"Minister says failed siege exposes army of Selam", "en", 0},
		{"Selam Recap: rebels seize airport", "en", 0},
		{"Selam Weekly: rebels seize airport", "en", gathers},
		{"", "en", 0},
	} {
		if got := lineOf(text.Tokens(c.title)).genre(c.language); got != c.want {
			t.Errorf("%q: got %04b, want %04b", c.title, got, c.want)
		}
	}
}

func TestCaptionsAreNoText(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{
		"The premier at a press conference in Selam on June 15. (Mara Tull/Selam Press)": true,
		"The premier speaks in Selam. (Photo by Mara Tull)":                              true,
		"The premier spoke of peace (and of war).":                                       false,
		"The premier spoke of peace (and of war)":                                        false,
		"The premier spoke of peace.":                                                    false,
		")":                                                                              false, "": false, "(": false,
	} {
		if got := isCaption(s); got != want {
			t.Errorf("%q: got %v", s, got)
		}
	}
}

func TestWhoDismissesAConcernAnswersNoClaim(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]answer{
		"Premier dismisses concern over squatter at embassy": 0,
		"Premier dismisses claim of squatter at embassy":     denies,
		"Court dismisses bid of squatter to stay at embassy": 0,
		"Squatter's appeal denied by court":                  0,
		"Premier's appeal for truce rejected by rebels":      denies,
		"Truce appeal rejected by rebels":                    denies,
		"Premier rejects ruling of court on squatter":        denies,
		"Premier denies":                   denies,
		"Zelensky doubts pause in attacks": doubts,
	} {
		if got := answersIn(text.Tokens(s)); got != want {
			t.Errorf("%q: got %04b, want %04b", s, got, want)
		}
	}
}
