package query_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/query"
	"github.com/attache-bot/attache/internal/topic"
)

func parse(t *testing.T, s string) query.Query {
	t.Helper()
	q, err := query.Parse(s)
	if err != nil {
		t.Fatalf("Parse(%q): %v", s, err)
	}
	return q
}

// cut reads a report, whose parts stand apart by " / ".
func cut(s string) *query.Text {
	parts := append(strings.Split(s, " / "), "", "")
	var t query.Text
	t.Read(query.Doc{Title: parts[0], Lead: parts[1], Body: parts[2]})
	return &t
}

func TestWhatQueriesMatch(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, query, report string
		want                bool
	}{
		{"a word in any case", "truce", "TRUCE holds", true},
		{"no part of a word", "mali", "Somali pirates", false},
		{"a word of the description", "truce", "News / A truce holds", true},
		{"a word of the body", "truce", "News / Today / A truce holds", true},
		{"a possessive", "ukraine", "Ukraine’s fight", true},
		{"all words", "truce kyiv", "Kyiv accepts truce", true},
		{"all words, in different parts", "truce kyiv", "Kyiv accepts / A truce", true},
		{"one word is missing", "truce kyiv", "Kyiv refuses", false},
		{"AND is the same", "truce AND kyiv", "Kyiv refuses", false},
		{"either", "truce OR ceasefire", "Ceasefire holds", true},
		{"AND binds closer", "truce kyiv OR ceasefire", "Ceasefire holds", true},
		{"parentheses", "(truce OR ceasefire) kyiv", "Ceasefire holds", false},
		{"left out", "truce -trade", "Trade truce", false},
		{"NOT is the same", "truce NOT trade", "Trade truce", false},
		{"a group left out", "truce -(trade OR tariff)", "Tariff truce", false},
		{"nothing to leave out", "truce -trade", "Truce holds", true},
		{"a phrase", `"prisoner swap"`, "Prisoner swap begins", true},
		{"a phrase in another order", `"prisoner swap"`, "Swap of a prisoner", false},
		{"a phrase over punctuation", `"ends talks"`, "War ends, talks begin", true},
		{"no phrase over parts", `"ends talks"`, "War ends / Talks begin", false},
		{"a phrase of one word again", `"bora bora"`, "Tora Bora bombed", false},
		{"quotes of any style", "„prisoner swap“", "Prisoner swap begins", true},
		{"hyphens are blanks", "cease-fire", "A cease fire", true},
		{"blanks are hyphens", `"cease fire"`, "A cease-fire", true},
		{"a prefix", "missile*", "Missiles fly", true},
		{"a prefix is a word too", "missile*", "A missile flies", true},
		{"a prefix at the end of a phrase", `"prisoner swap*"`, "Prisoner swaps", true},
		{"a prefix in a phrase", `"prison* swap"`, "Prisoner swap", true},
		{"no suffix", "fire*", "Ceasefire", false},
		{"near", "drone NEAR/2 refinery", "Drone hits oil refinery", true},
		{"near, the other way round", "refinery NEAR/2 drone", "Drone hits oil refinery", true},
		{"too far", "drone NEAR/1 refinery", "Drone hits oil refinery", false},
		{"not near over parts", "drone NEAR/9 refinery", "A drone / Refinery burns", false},
		{"one word is not near itself", "bora NEAR/5 bora", "Tora Bora", false},
		{"a word near another of its kind", "bora NEAR/5 bora", "Bora Bora", true},
		{"near phrases", `"oil refinery" NEAR/1 drone*`, "Drones hit oil refinery", true},
		{"near alternatives", "(drone OR missile) NEAR/3 (refinery OR depot)", "Missile hits a depot", true},
		{"a chain of near", "drone NEAR/1 hits NEAR/1 refinery", "Drone hits refinery", true},
		{"a chain that breaks", "drone NEAR/1 refinery NEAR/1 kyiv", "Drone hits refinery far from Kyiv", false},
		{"a chain by other places", "a NEAR/1 drone NEAR/1 b", "drone b x x a drone x b", true},
		{"in the title", "title:truce", "News / A truce", false},
		{"in the title, a phrase", `title:"cease fire"`, "Cease-fire ends", true},
		{"in the title, a group", "title:(truce OR ceasefire) kyiv", "Ceasefire / Kyiv accepts", true},
		{"near in the title", "title:(drone NEAR/2 refinery)", "News / Drone hits refinery", false},
		{"acronyms", "US strikes", "U.S. strikes Iran", true},
		{"acronyms are no pronouns", "US strikes", "Strikes hit us hard", false},
		{"other acronyms", "UN", "U.N. votes", true},
		{"other acronyms are no articles", "UN", "Un accord de paix", false},
		{"stop words in capitals", `"war on terror"`, "WAR ON TERROR", true},
		{"all in capitals", `"WAR ON TERROR"`, "War on terror", true},
		{"numbers", "40 killed", "Blast kills; 40 killed", true},
		{"French elision", "accord", "L’accord de paix", true},
		{"German", "waffenruhe kiew", "Waffenruhe für Kiew", true},
		{"Russian", "перемирие OR прекращ*", "О прекращении огня", true},
		{"Russian without dots", "елка", "Ёлка", true},
		{"Ukrainian apostrophes", "перемир'я", "Перемир’я", true},
		{"Arabic with particles", "هدنة", "والهدنة في غزة", true},
		{"Arabic phrases with particles", `"هدنة غزة"`, "الهدنة بغزة", true},
		{"Chinese", "停火", "俄罗斯宣布停火协议", true},
		{"Chinese, not in a row", "停火", "停电火灾", false},
		{"Japanese beside letters", "NATO首脳", "NATO首脳会議", true},
		{"Korean by prefix", "러시아*", "러시아는 휴전", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			q, text := parse(t, tt.query), cut(tt.report)
			if got := q.Match(text); got != tt.want {
				t.Errorf("%q matches %q: %v, want %v", tt.query, tt.report, got, tt.want)
			}
			x := query.NewIndex(nil)
			x.Add(7, q)
			if got := len(x.Match(nil, text)) == 1; got != tt.want {
				t.Errorf("the index says that %q matches %q: %v, want %v", tt.query, tt.report, got, tt.want)
			}
		})
	}
}

func TestWhatElseQueriesAskFor(t *testing.T) {
	t.Parallel()
	d := query.Doc{
		Title: "Truce holds", Source: "bbc", Country: "GB", Language: "en",
		Topics: []topic.Match{{Topic: "ceasefire", Stage: "in-effect"}},
	}
	for q, want := range map[string]bool{
		"source:bbc":                               true,
		"source:(tass OR bbc)":                     true,
		"truce source:BBC":                         true,
		"truce -source:bbc":                        false,
		"truce country:gb language:en":             true,
		"truce country:ru":                         false,
		"topic:ceasefire":                          true,
		"topic:ceasefire stage:in-effect":          true,
		"topic:ceasefire stage:ended":              false,
		"topic:sanctions OR topic:ceasefire":       true,
		"bbc":                                      false,
		"topic:ceasefire (country:ru OR holds)":    true,
		"topic:ceasefire -stage:(agreed OR ended)": true,
	} {
		var text query.Text
		text.Read(d)
		x := query.NewIndex(nil)
		x.Add(1, parse(t, q))
		if got := parse(t, q).Match(&text); got != want || len(x.Match(nil, &text)) == 1 != want {
			t.Errorf("%s: %v, want %v", q, got, want)
		}
	}
}

func TestMatchesExplainThemselves(t *testing.T) {
	t.Parallel()
	var text query.Text
	text.Read(query.Doc{
		Title: "Drone hits “Afipsky” oil refinery", Lead: "Ukraine’s drones struck again", Source: "tass",
	})
	q := parse(t, `drone* NEAR/4 "oil refinery" (ukraine OR russia) source:tass -exercise`)
	var got []string
	for _, e := range q.Explain(&text) {
		got = append(got, fmt.Sprintf("%s %d-%d %q by %s", e.Field, e.Start, e.End, e.Text, e.Rule))
	}
	want := []string{
		`title 0-5 "Drone" by drone* NEAR/4 "oil refinery"`,
		`title 25-37 "oil refinery" by drone* NEAR/4 "oil refinery"`,
		`lead 0-11 "Ukraine’s" by ukraine`,
		`source 0-0 "tass" by source:tass`,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if e := parse(t, "drone -ukraine").Explain(&text); e != nil {
		t.Errorf("a query that does not hold is explained by %v", e)
	}
}
