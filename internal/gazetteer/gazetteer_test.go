package gazetteer_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/attache-bot/attache/internal/gazetteer"
)

func TestEveryTermNamesOneThing(t *testing.T) {
	t.Parallel()
	g, err := gazetteer.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range g.Languages() {
		side := map[string]string{}
		for _, a := range g.Actors(lang) {
			for _, term := range a.Terms {
				if strings.TrimSpace(term) != term || term == "" {
					t.Errorf("%s %s: term %q has space around it", lang, a.Code, term)
				}
				if was, ok := side[term]; ok && a.Side != "" && was != "" && was != a.Side {
					t.Errorf("%s: %q names both %s and %s", lang, term, was, a.Side)
				}
				side[term] = a.Side
			}
		}
	}
}

func TestLeadersSpeakForKnownParties(t *testing.T) {
	t.Parallel()
	g, err := gazetteer.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range g.Languages() {
		var known []string
		for _, a := range g.Actors(lang) {
			if a.Kind != gazetteer.Leader && a.Kind != gazetteer.Place {
				known = append(known, a.Code)
			}
		}
		for _, a := range g.Actors(lang) {
			if a.Kind == gazetteer.Leader && !slices.Contains(known, a.Code) {
				t.Errorf("%s: leaders of %s, which has no name", lang, a.Code)
			}
		}
	}
}

func TestCodesAreTheSameInEveryLanguage(t *testing.T) {
	t.Parallel()
	g, err := gazetteer.Load()
	if err != nil {
		t.Fatal(err)
	}
	english := map[gazetteer.Kind][]string{}
	for _, a := range g.Actors("en") {
		english[a.Kind] = append(english[a.Kind], a.Code)
	}
	for _, lang := range g.Languages() {
		for _, a := range g.Actors(lang) {
			if !slices.Contains(english[a.Kind], a.Code) {
				t.Errorf("%s: %s %q is no code of the English names", lang, a.Kind, a.Code)
			}
		}
	}
}

func TestGroupsOfAStateAreItsParty(t *testing.T) {
	t.Parallel()
	g, err := gazetteer.Load()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"wagner": "RU", "hamas": "hamas", gazetteer.Any: "", "RU": "RU"}
	for _, a := range g.Actors("en") {
		if side, ok := want[a.Code]; ok && a.Side != side {
			t.Errorf("%s names the party %q, want %q", a.Code, a.Side, side)
		}
	}
}
