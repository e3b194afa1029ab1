package query_test

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/attache-bot/attache/internal/query"
)

func TestQueriesHaveOneForm(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"truce":                             "truce",
		"  truce   AND  kyiv ":              "truce kyiv",
		"(truce)":                           "truce",
		"((truce OR (ceasefire OR pause)))": "truce OR ceasefire OR pause",
		"(a* OR truce":                      "",
		"truce kyiv OR pause":               "truce kyiv OR pause",
		"truce (kyiv OR pause)":             "truce (kyiv OR pause)",
		"truce NOT trade":                   "truce -trade",
		"truce NOT NOT trade":               "truce trade",
		"truce -(trade tariff)":             "truce -(trade tariff)",
		"„prisoner   swap“":                 `"prisoner swap"`,
		"title:(truce OR ceasefire)":        "title:truce OR title:ceasefire",
		"Country:UA truce":                  "country:ua truce",
		"drone NEAR refinery":               "drone NEAR/5 refinery",
		"drone NEAR 100 refinery":           "drone NEAR/5 100 refinery",
		`drone NEAR "5" refinery`:           `drone NEAR/5 "5" refinery`,
		"near NEARBY":                       "near NEARBY",
		"«prisoner swap» “cease fire”":      `"prisoner swap" "cease fire"`,
		`‟Kyiv” ″truce″`:                    `"Kyiv" "truce"`,
		"(drone OR missile) NEAR/3 depot":   "(drone OR missile) NEAR/3 depot",
		"-drone NEAR/3 depot fire":          "-drone NEAR/3 depot fire",
		`"AND" truce`:                       `"AND" truce`,
	} {
		q, err := query.Parse(in)
		if want == "" {
			if err == nil {
				t.Errorf("Parse(%q) is accepted as %s", in, q)
			}
			continue
		}
		if err != nil || q.String() != want {
			t.Errorf("Parse(%q) = %q, %v, want %q", in, q, err, want)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, query string
		reason      query.Reason
		at          int
		says        string
	}{
		{"nothing", " ", query.ReasonEmpty, 0, "Give words to look for"},
		{"too long", strings.Repeat("truce ", 90), query.ReasonTooLong, 0, "500 are possible"},
		{"too many words", strings.Repeat("abc ", 60), query.ReasonTooMany, 0, "40 are possible"},
		{"too deep", strings.Repeat("(", 9) + "truce" + strings.Repeat(")", 9), query.ReasonTooDeep, 9, "Take some away"},
		{"too many dashes", "truce " + strings.Repeat("-", 20) + "trade", query.ReasonTooDeep, 15, "Take some away"},
		{"one letter", "a", query.ReasonOneLetter, 1, "single letter"},
		{"a stop word", "the", query.ReasonStopWord, 1, "nearly every report"},
		{"stop words", "of the", query.ReasonStopWord, 1, "nearly every report"},
		{"a phrase of stop words", `"of the"`, query.ReasonStopWord, 1, "nearly every report"},
		{"a stop word as alternative", "truce OR the", query.ReasonStopWord, 10, "“the” stands in nearly every report"},
		{"only negative", "-trade", query.ReasonNegative, 1, "what to leave out"},
		{"negative as alternative", "truce OR -trade", query.ReasonNegative, 10, "what to leave out"},
		{"a language alone", "language:en", query.ReasonBroad, 1, "finds too much"},
		{"a short prefix", "ab*", query.ReasonOneLetter, 1, "at least 3 letters"},
		{"a star alone", "truce *", query.ReasonSyntax, 7, "right behind"},
		{"a star before", "*fire", query.ReasonSyntax, 1, "at the end of a word"},
		{"a regular expression", "/tru.*ce/", query.ReasonSyntax, 1, "no regular expressions"},
		{"or in small letters", "truce or ceasefire", query.ReasonSyntax, 7, "OR in capitals"},
		{"near in small letters", "drone near/5 refinery", query.ReasonSyntax, 7, "NEAR in capitals"},
		{"near without its number", "tanker NEAR/ russia", query.ReasonSyntax, 8, "then a slash and a number from 1 to 30"},
		{"near with a word as number", "tanker NEAR/x russia", query.ReasonSyntax, 8, "then a slash and a number"},
		{"near without its slash", "tanker NEAR5 russia", query.ReasonSyntax, 8, "then a slash and a number"},
		{"near with a colon", "tanker NEAR:5 russia", query.ReasonSyntax, 8, "then a slash and a number"},
		{"near with a blank", "tanker NEAR 5 russia", query.ReasonSyntax, 8, "then a slash and a number"},
		{"near nothing", "tanker NEAR/0 russia", query.ReasonSyntax, 8, "1 to 30"},
		{"a bar", "truce | ceasefire", query.ReasonSyntax, 7, "write OR"},
		{"near too far", "drone NEAR/500 refinery", query.ReasonSyntax, 7, "1 to 30"},
		{"near and", "drone NEAR/5 (refinery depot)", query.ReasonSyntax, 15, "cannot stand beside NEAR"},
		{"near in near", "drone NEAR/5 (refinery NEAR/3 depot)", query.ReasonSyntax, 15, "cannot stand beside NEAR"},
		{"near not", "drone NEAR/5 -refinery", query.ReasonSyntax, 14, "NEAR takes no NOT"},
		{"near a source", "drone NEAR/5 source:bbc", query.ReasonSyntax, 14, "cannot stand beside NEAR"},
		{"an operator first", "OR truce", query.ReasonSyntax, 1, "missing before this operator"},
		{"an operator last", "truce OR", query.ReasonSyntax, 9, "missing at the end"},
		{"an open parenthesis", "truce (kyiv OR x", query.ReasonSyntax, 7, "not closed"},
		{"a closed parenthesis", "truce) kyiv", query.ReasonSyntax, 6, "never opened"},
		{"empty parentheses", "truce ()", query.ReasonSyntax, 8, "missing before this parenthesis"},
		{"an open phrase", `truce "prisoner swap`, query.ReasonSyntax, 7, "no partner"},
		{"an empty phrase", `truce ""`, query.ReasonNoWord, 7, "no word"},
		{"no word", "truce %", query.ReasonNoWord, 7, "no word"},
		{"a dash alone", "truce - trade", query.ReasonSyntax, 7, "right before a word"},
		{"an unknown field", "titel:truce", query.ReasonSyntax, 1, "There are title:, source:"},
		{"an address", "https://example.org", query.ReasonSyntax, 1, "quotation marks"},
		{"a blank behind a field", "title: truce", query.ReasonSyntax, 7, "without a blank"},
		{"a blank before a colon", "Title : truce", query.ReasonSyntax, 6, "right behind title:, without a blank"},
		{"a field in a field", "title:(source:bbc)", query.ReasonSyntax, 8, "within the parentheses of title:"},
		{"no country", "truce country:xx", query.ReasonUnknown, 15, "two letters"},
		{"no language", "truce language:english", query.ReasonUnknown, 16, "two letters"},
		{"no source", "truce source:b_b", query.ReasonUnknown, 14, "Use its id"},
		{"positions count characters", "перемирие *", query.ReasonSyntax, 11, "right behind"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := query.Parse(tt.query)
			var e *query.Error
			if !errors.As(err, &e) {
				t.Fatalf("%q: error %v", tt.query, err)
			}
			if e.Reason != tt.reason || e.At != tt.at || !strings.Contains(e.Error(), tt.says) {
				t.Errorf("%q: %s at %d: %s; want %s at %d with %q", tt.query, e.Reason, e.At, e, tt.reason, tt.at, tt.says)
			}
		})
	}
}

type vocabulary map[string][]string

func (v vocabulary) Values(field string) []string { return v[field] }

func TestUnknownValues(t *testing.T) {
	t.Parallel()
	v := vocabulary{"topic": {"ceasefire", "sanctions"}, "source": {"bbc"}}
	for in, want := range map[string]string{
		"topic:ceasefire stage:agreed": "",
		"topic:sanction":               "Character 1: there is no topic “sanction”. Did you mean topic:sanctions?",
		"truce -source:xyz":            "Character 8: there is no source “xyz”. There are, for example, bbc.",
	} {
		got := ""
		if err := parse(t, in).Check(v); err != nil {
			got = err.Error()
		}
		if got != want {
			t.Errorf("%s: %q, want %q", in, got, want)
		}
	}
}

// asWords are the faults of texts that are plain: what any search box takes for words.
var asWords = map[query.Fault]bool{query.FaultSmallOperator: true, query.FaultLoneDash: true, query.FaultAndSign: true, query.FaultNoField: true}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`(truce OR "cease fire") kyiv -trade`, `title:(drone* NEAR/5 "oil refinery") source:bbc`, "NOT NOT a b*", "停火 OR هدنة", "U.S. ﷺ ½ c'est",
		"a NEAR/5 b NEAR/3 c", "-(-(x", "„a“ OR 'b'", "topic:x stage:(y OR z) truce", "*", "\xff(", "x\u0338 \"\u0338\"", "\"\u0338 \"\u0338x", "truce \u0338AND \u0301(\"x \u0338yz\" -\u0338b) title:\u0338c", "country:ua \u200d", "ab\"c\"d:e",
		"a NEAR/ b", "a NEAR 5 b", "NEAR:5", "title : a", "https://a.b/c/ or d", "or - & a: b",
	} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, s, report string) {
		q, err := query.Parse(s)
		if err != nil {
			var e *query.Error
			if errors.As(err, &e) && query.Plain(s) && !asWords[e.Fault] && e.Reason == query.ReasonSyntax {
				t.Fatalf("%q is plain, and Parse says %v", s, err)
			}
			if !errors.As(err, &e) || e.Remedy == "" || e.At > utf8.RuneCountInString(s)+1 {
				t.Fatalf("Parse(%q): %#v", s, err)
			}
			return
		}
		again, err := query.Parse(q.String())
		if err != nil || again.String() != q.String() {
			t.Fatalf("Parse(%q) prints %q, which reads as %q, %v", s, q, again, err)
		}
		var text query.Text
		text.Read(query.Doc{Title: report, Lead: s})
		x := query.NewIndex(nil)
		x.Add(1, q)
		x.Add(2, again)
		want := 0
		if q.Match(&text) {
			want = 2
		}
		if got := x.Match(nil, &text); len(got) != want || again.Match(&text) != q.Match(&text) {
			t.Fatalf("%q over %q and %q: the index finds %v, plainly %d", q, report, s, got, want)
		}
		if q.Match(&text) && len(q.Explain(&text)) == 0 {
			t.Fatalf("%q over %q and %q: no evidence", q, report, s)
		}
		if !x.Remove(1) || !x.Remove(2) || len(x.Match(nil, &text)) > 0 {
			t.Fatalf("%q is found after it was removed", q)
		}
	})
}
