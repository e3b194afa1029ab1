package wording

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/feed/fetch"
	"github.com/attache-bot/attache/internal/feed/parse"
	"github.com/attache-bot/attache/internal/query"
	"github.com/attache-bot/attache/internal/topic"
)

// TestTopicsAndStagesHaveTheirNames holds the vocabularies against the built-in
// topics.
func TestTopicsAndStagesHaveTheirNames(t *testing.T) {
	t.Parallel()
	set, err := topic.Load(config.BuiltInTopics())
	if err != nil {
		t.Fatal(err)
	}
	want := map[ID]map[string]string{}
	for _, d := range set.Definitions() {
		want[ID("topic."+d.ID)] = d.Title
		want[ID("topic-about."+d.ID)] = map[string]string{"en": d.About}
		for _, s := range d.Stages {
			want[ID("stage."+s)] = nil
		}
	}
	for _, lang := range Languages() {
		have := builtIn().entries[lang]
		for _, id := range slices.Sorted(maps.Keys(want)) {
			m := have[id]
			if m == nil {
				t.Errorf("%s lacks %s", lang, id)
				continue
			}
			if title, ok := want[id][lang]; ok && title != m.Other {
				t.Errorf("%s in %s is %q, and in config/topics %q", id, lang, m.Other, title)
			}
		}
		for id := range have {
			if _, ok := want[id]; !ok && slices.Contains([]string{"topic", "topic-about", "stage"}, area(id)) {
				t.Errorf("%s: there is no %s", lang, id)
			}
		}
	}
}

// TestReasonsHaveTheirWords holds the words for reasons against the packages that
// give them, which say them in English.
func TestReasonsHaveTheirWords(t *testing.T) {
	t.Parallel()
	want := map[ID]string{}
	for _, c := range []fetch.Class{
		fetch.ClassBadURL, fetch.ClassBlockedAddress, fetch.ClassBlockedPort, fetch.ClassDNS, fetch.ClassRefused, fetch.ClassTLS,
		fetch.ClassTimeout, fetch.ClassTruncated, fetch.ClassBadResponse, fetch.ClassTooLarge, fetch.ClassBadEncoding,
		fetch.ClassRedirectLoop, fetch.ClassBadRedirect, fetch.ClassNotFound, fetch.ClassGone, fetch.ClassForbidden,
		fetch.ClassRateLimited, fetch.ClassServerError, fetch.ClassBadStatus, fetch.ClassCanceled,
	} {
		want[ID("feed-reason."+c)] = c.Text()
	}
	for _, c := range []parse.Class{
		parse.ClassEmpty, parse.ClassHTMLPage, parse.ClassNotAFeed, parse.ClassMalformed, parse.ClassBadCharset,
		parse.ClassTooBig, parse.ClassTooDeep, parse.ClassFault,
	} {
		want[ID("feed-reason."+c)] = c.Text()
	}
	for _, r := range []string{feed.ReasonMoved, feed.ReasonOtherFeed, feed.ReasonQuiet, feed.ReasonCrashed} {
		want[ID("feed-reason."+r)] = feed.ReasonText(r)
	}
	for _, r := range []string{topic.ReasonHolds, topic.ReasonVetoed, topic.ReasonScore, topic.ReasonSense, topic.ReasonNothing} {
		want[ID("topic-reason."+strings.ReplaceAll(r, " ", "-"))] = r
	}
	for f := topic.Flags(1); f.String() != ""; f <<= 1 {
		want[ID("topic-flag."+f.String())] = f.String()
	}
	for id, english := range want {
		if m := builtIn().entries["en"][id]; m == nil || m.Other != english {
			t.Errorf("%s is %v, and said %q", id, m, english)
		}
	}
	for id := range builtIn().entries["en"] {
		if _, ok := want[id]; !ok && slices.Contains([]string{"feed-reason", "topic-reason", "topic-flag"}, area(id)) {
			t.Errorf("there is no %s", id)
		}
	}
}

// TestQueryFaultsHaveTheirWords holds the words for what is wrong with a query
// against the package that finds it, which says them in English.
func TestQueryFaultsHaveTheirWords(t *testing.T) {
	t.Parallel()
	want := map[ID]string{"query.at": "Character {at}: {what}"}
	for fault, says := range query.Faults() {
		want[ID("query."+fault)] = says
	}
	for id, english := range want {
		m := builtIn().entries["en"][id]
		if m == nil || strings.NewReplacer("{{.", "{", "}}", "}").Replace(m.Other) != english {
			t.Errorf("%s is %v, and said %q", id, m, english)
		}
	}
	for id := range builtIn().entries["en"] {
		if _, ok := want[id]; !ok && area(id) == "query" {
			t.Errorf("there is no %s", id)
		}
	}
}
