package summary_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/summary"
)

// What follows reads a summary as a reader does who knows nothing else, and
// finds what must not be in it. It shares no code and no list of words with what
// makes summaries.
var (
	speech      = regexp.MustCompile(`(?i)\b(?:said|says|told|tells|claimed|insisted|insists|argued|argues|denied|denies|alleged|accused|accuses|warned|warns|vowed|vows|announced|confirmed|according to|added|wrote|writes|tweeted|posted|calls?|called|describe[sd]?|dubbed|urged|urging|stated|stressed|explained|admit|admitted|acknowledged|asked|condemned|proclaims?|reveal(?:s|ed)?|reads|responded|replied|suggest|suggests|suggested|pledged|promised|demanded|blamed|declared|concludes?|concluded|termed|branded|criticized|criticised|slam|slammed|blasted|ripped|hailed|praised|dismissed|rejected|boasted|predicted|threatened|threatens|recalled|touted|signalled|cited|complained|lament|lamented|noted|joked|quipped|tell|say|argue|warn|expressed|voiced|expects?|believes?|thinks?)\b|, (?:\w+ly )?(?:saying|cautioning|telling|adding|asking|accusing|claiming|calling|warning|insisting|suggesting|arguing|citing|describing)\b`)
	passive     = regexp.MustCompile(`\b(?:is|are|was|were|be|been|being) (?:\w+ly |not |also )?(?:\w+ed|told|said)\b|\b(?:to|their|his|her|its|the|a|might|could) (?:say|tell|stated|calls?|ask|describe|reads?|argue|expect)\b`)
	byWhom      = regexp.MustCompile(`\b(?:described|called|dubbed|labelled|branded|hailed|praised|condemned)\b.* by \p{L}`)
	accused     = regexp.MustCompile(`\b(?:is|are|was|were|been|being) (?:also )?accused\b`)
	accuser     = regexp.MustCompile(`\b(?:who|that) (?:is|are|was|were|has been) accused\b|\b(?:by|said|says|say|according to)\b`)
	nameless    = regexp.MustCompile(`(?i)(?:^|[,;"”] )(?:he|she|they|it) (?:also |then |later |further )?(?:said|says|added|told|claimed|insisted|argued|warned|wrote|tweeted|denied|vowed)\b|\b(?:said|added|says|explained|insisted) (?:he|she|they)[,.]`)
	definite    = regexp.MustCompile(`^(?:[Tt]he|[Tt]his|[Tt]hat) (?:official|officials|spokesman|spokeswoman|statement|minister|ministry|group|man|woman|report|document|letter|network|company) (?:also |has |have )?(?:said|says|added|told|claimed|insisted|denied|warned)\b`)
	leaning     = regexp.MustCompile(`^(?:But|And|However|So|Yet|It|This|These|Those|That|Meanwhile|Then|Still|Also|Instead|Therefore|The (?:move|incident|pair|decision|two|couple|latter|former|statement|announcement) (?:is|was|has|had|will|would|came|comes|are|were|have|\w+ed))\b`)
	personal    = regexp.MustCompile(`^(?:He|She|They|His|Her|Their|Him|Them)\b`)
	hearsay     = regexp.MustCompile(`(?i)\b(?:allegedly|reportedly|supposedly)\b|\bit is (?:believed|understood|thought|alleged|estimated|said|claimed)\b|\b(?:is|are|was|were) (?:said|believed|alleged|understood) to\b`)
	boilerplate = regexp.MustCompile(`(?i)\b(?:read more|continue reading|sign up|click here|subscribe|newsletter|getty images|all rights reserved|file photo|appeared first on)\b|^\(|…|\.\.\.`)
	name        = regexp.MustCompile(`\p{Lu}[\p{L}'’.-]+|\b(?:police|people|[Aa]|[Aa]n|[Oo]ne|[Tt]wo|\p{Ll}{3,}s (?:have |had |also |now )*(?:say|said|told|warn|warned|fear|argue|slammed|call|called|believe|describe|described|report|reported|criticized|predict|expect|think|reveal|revealed)|by \p{Ll}+s\b|according to (?:\p{Ll}+ )*\p{Ll}+)\b`)
	atFirst     = regexp.MustCompile(`^["“‘']?(?:The|In|On|At|As|After|Before|When|While|For|With|By|If|But|And|It|He|She|They|This|That|These|Those|His|Her|Their|Its|Since|During|Despite|Although|From|To|Of|Under|Over|About|More|Most|Some|Many|All|Last|Earlier|Late|Early|Speaking|Asked|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)\b`)
)

// pairs are quotation marks that part when they open and close.
var pairs = [][2]string{{`“`, `”`}, {`«`, `»`}}

// unquoted is s without its quotations in double marks, and how many words the
// longest of them has.
func unquoted(s string) (rest string, longest int) {
	for _, p := range pairs {
		s = strings.NewReplacer(p[0], `"`, p[1], `"`).Replace(s)
	}
	var out strings.Builder
	for i, part := range strings.Split(s, `"`) {
		if i%2 == 0 {
			out.WriteString(part + ` " `)
			continue
		}
		longest = max(longest, len(strings.Fields(part)))
	}
	return strings.TrimSuffix(out.String(), ` " `), longest
}

// somebody reports whether a text outside of quotations names or introduces
// somebody.
func somebody(rest string) bool {
	return name.MatchString(strings.TrimSpace(atFirst.ReplaceAllString(strings.TrimSpace(rest), "")))
}

// faults are what a summary must not have, a line each.
func faults(headline string, sentences []summary.Sentence, reports []report.Report) []string {
	var out []string
	fault := func(what string, s summary.Sentence) { out = append(out, what+": "+s.Text) }
	for i, s := range sentences {
		at := slices.IndexFunc(reports, func(r report.Report) bool { return r.ID == s.Report })
		if at < 0 {
			fault("from no report", s)
			continue
		}
		r := reports[at]
		if s.Link != r.Link || s.Source != r.Source {
			fault("with another report's link", s)
		}
		if !strings.Contains(r.Description, s.Text) && !strings.Contains(r.Body, s.Text) {
			fault("not verbatim", s)
		}
		follows := i > 0 && sentences[i-1].Report == s.Report && directlyBehind(r, sentences[i-1].Text, s.Text)
		rest, quoted := unquoted(s.Text)
		speaks := speech.MatchString(passive.ReplaceAllString(rest, "is")) || byWhom.MatchString(rest)
		switch {
		case strings.Count(s.Text, `"`)%2 == 1 || strings.Count(s.Text, "“") != strings.Count(s.Text, "”"):
			fault("half a quotation", s)
		case quoted > 4 && (!speaks || !somebody(rest)):
			fault("orphan quote", s)
		case accused.MatchString(rest) && !accuser.MatchString(rest):
			fault("accused by nobody", s)
		case speaks && !somebody(rest):
			fault("unattributed claim", s)
		case nameless.MatchString(rest) && !somebody(rest[:nameless.FindStringIndex(rest)[0]]), definite.MatchString(rest):
			fault("claim by nobody", s)
		case personal.MatchString(s.Text):
			fault("orphan pronoun", s)
		case leaning.MatchString(s.Text) && !follows && !explains(headline, leaning.FindString(s.Text)):
			fault("leans on nothing", s)
		case hearsay.MatchString(rest):
			fault("hearsay", s)
		case boilerplate.MatchString(rest):
			fault("no sentence of a report", s)
		}
	}
	return out
}

// explains reports whether a headline tells of the thing that a sentence begins
// with: "The move is".
func explains(headline, beginning string) bool {
	words := strings.Fields(strings.ToLower(beginning))
	return len(words) > 2 && strings.Contains(strings.ToLower(headline), words[1])
}

// directlyBehind reports whether one text follows the other in a report.
func directlyBehind(r report.Report, first, second string) bool {
	for _, field := range []string{r.Description, r.Body} {
		if _, rest, ok := strings.Cut(field, first); ok && strings.HasPrefix(strings.TrimSpace(rest), second) {
			return true
		}
	}
	return false
}

// TestTheCheckFinds has the reader find every kind of fault, so that a silent
// corpus means something.
func TestTheCheckFinds(t *testing.T) {
	t.Parallel()
	const first = "Ships left Oslo."
	for want, text := range map[string]string{
		"half a quotation":        `Støre said the "deal was off.`,
		"orphan quote":            `"There will be no deal without guarantees."`,
		"unattributed claim":      "Some said so in the hall.",
		"accused by nobody":       "Norway was accused of hiding ships.",
		"claim by nobody":         "The spokesman said Norway would wait.",
		"orphan pronoun":          "They left Oslo by night.",
		"leans on nothing":        "But Norway waits.",
		"hearsay":                 "The general allegedly left Oslo.",
		"no sentence of a report": "Read more about Norway here.",
	} {
		r := told("en", [2]string{"", first + " And so on. " + text})
		got := faults("News", []summary.Sentence{{Text: first, Report: 1, Source: "a", Link: r[0].Link}, {Text: text, Report: 1, Source: "a", Link: r[0].Link}}, r)
		if len(got) != 1 || !strings.HasPrefix(got[0], want+":") {
			t.Errorf("%s: found %q", want, got)
		}
	}
	r := told("en", [2]string{"", first})
	for want, s := range map[string]summary.Sentence{
		"not verbatim":               {Text: "Ships left Oslo!", Report: 1, Source: "a", Link: r[0].Link},
		"from no report":             {Text: first, Report: 7},
		"with another report's link": {Text: first, Report: 1, Source: "a", Link: "https://b.example/1"},
	} {
		if got := faults("News", []summary.Sentence{s}, r); len(got) != 1 || !strings.HasPrefix(got[0], want+":") {
			t.Errorf("%s: found %q", want, got)
		}
	}
}
