package suggest_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/suggest"
)

// thing is something with names.
type thing suggest.Names

func (t thing) Names() suggest.Names { return suggest.Names(t) }

var things = []thing{
	{ID: "ceasefire", Title: "Ceasefire", Description: "Truces, pauses and their breach", Aliases: []string{"truce", "armistice", "перемир'я", "cessez-le-feu"}},
	{ID: "peace-talks", Title: "Peace talks", Description: "Negotiations between the parties", Aliases: []string{"negotiations"}},
	{ID: "nuclear", Title: "Nuclear", Description: "Weapons and power plants", Aliases: []string{"atomic"}},
	{ID: "weapons-test", Title: "Weapons test", Aliases: []string{"missile test"}},
}

func titles(found []thing) string {
	var all []string
	for _, t := range found {
		all = append(all, t.Title)
	}
	return strings.Join(all, ", ")
}

func TestWhatPeopleTypeFindsWhatTheyMean(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"":              "Ceasefire, Peace talks, Nuclear, Weapons test",
		"cease":         "Ceasefire",
		"TRUCE":         "Ceasefire",
		"перемир":       "Ceasefire",
		"Cessez le feu": "Ceasefire",
		"negotiation":   "Peace talks",
		"talks":         "Peace talks",
		"test miss":     "Weapons test",
		"ceasfire":      "Ceasefire", // a slip of the keyboard
		"armistcie":     "Ceasefire",
		"weapons":       "Weapons test, Nuclear", // a title goes before a description
		"football":      "",
	} {
		if found, _ := suggest.Fitting(things, typed); titles(found) != want {
			t.Errorf("%q finds %q, want %q", typed, titles(found), want)
		}
	}
}

func TestOnlyOneClearMeaningIsTaken(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"ceasefire": "Ceasefire", "Truce": "Ceasefire", "nuclear": "Nuclear",
		"cease": "", // near, but not said
		"tests": "",
		"":      "", // all of them
	} {
		one, _, ok := suggest.Meant(things, typed)
		if one.Title != want || ok != (want != "") {
			t.Errorf("%q means %q (%t), want %q", typed, one.Title, ok, want)
		}
	}
}

// TestOffersFitDiscord offers whatever names there are.
func TestOffersFitDiscord(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) thing {
			return thing{ID: rapid.String().Draw(t, "id"), Title: rapid.String().Draw(t, "title")}
		}), 0, 40).Draw(t, "all")
		found, _ := suggest.Fitting(all, rapid.String().Draw(t, "typed"))
		offers := suggest.Offers(found)
		if len(offers) > interaction.MaxChoices {
			t.Fatalf("%d choices", len(offers))
		}
		for _, o := range offers {
			if o.Value == "" || o.Name == "" || utf8.RuneCountInString(o.Name) > interaction.MaxChoice || len(o.Value) > suggest.MaxValue {
				t.Fatalf("offers %+v", o)
			}
			if !slices.ContainsFunc(all, func(a thing) bool { return a.ID == o.Value }) {
				t.Fatalf("offers %q, which there is not", o.Value)
			}
		}
	})
}
