package app

import (
	"slices"
	"testing"
	"time"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/topic"
)

func TestCountriesAreNamedAndFoundInReports(t *testing.T) {
	t.Parallel()
	c, err := newCountries()
	if err != nil {
		t.Fatal(err)
	}
	all := c.Countries()
	i := slices.IndexFunc(all, func(s desk.Country) bool { return s.Code == "UA" })
	if i < 0 || all[i].Name != "Ukraine" || !slices.Contains(all[i].Aliases, "kyiv") || !slices.Contains(all[i].Aliases, "київ") {
		t.Errorf("Ukraine is %+v", all[max(i, 0)])
	}
	if !slices.IsSortedFunc(all, compareNames) || len(all) < 100 {
		t.Errorf("%d countries, not in order", len(all))
	}
	r := report.Report{Language: "en", Title: "Putin agrees to a pause", Description: "Attacks on Kyiv end for a week."}
	for code, want := range map[string]bool{"RU": true, "UA": true, "US": false, "": false} {
		if got := c.Names(r, code); got != want {
			t.Errorf("%q is named: %v", code, got)
		}
	}
}

func TestTopicsHaveOtherWordsInEveryLanguage(t *testing.T) {
	t.Parallel()
	set, err := topic.Load(config.BuiltInTopics())
	if err != nil {
		t.Fatal(err)
	}
	for _, info := range (catalogue{set}).Topics() {
		if info.ID != "ceasefire" {
			continue
		}
		for _, word := range []string{"truce", "armistice", "перемирие", "перемир'я", "Waffenruhe", "trêve", "tregua", "rozejm", "هدنة"} {
			if !slices.Contains(info.Aliases, word) {
				t.Errorf("%s does not lead to %s: %q", word, info.ID, info.Aliases)
			}
		}
		return
	}
	t.Error("there is no topic ceasefire")
}

func TestCapitalsAreTimeZonesInAnyLanguage(t *testing.T) {
	t.Parallel()
	c, err := newCountries()
	if err != nil {
		t.Fatal(err)
	}
	d := desk.New(nil, desk.Options{Countries: c})
	q := interaction.Request{Now: time.Date(2026, 1, 30, 12, 0, 0, 0, time.UTC)}
	for typed, want := range map[string]string{
		"Київ": "Europe/Kyiv", "Kyiv": "Europe/Kyiv", "Kiev": "Europe/Kiev", "Warszawa": "Europe/Warsaw", "Moskau": "Europe/Moscow", "Londres": "Europe/London", "Germany": "Europe/Berlin", "New York": "America/New_York",
	} {
		if got, ok := d.PickZone(q, typed); !ok || got.String() != want {
			t.Errorf("%s: %v, want %s", typed, got, want)
		}
	}
}
