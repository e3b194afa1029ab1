package query_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/attache-bot/attache/internal/query"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/topic"
)

func TestFloodingQueriesAreRefused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		matched, of int
		refused     bool
	}{
		{0, 1000, false},
		{50, 1000, false},
		{51, 1000, true},
		{1000, 1000, true},
		{99, 99, false}, // too few to tell
		{6, 100, true},
		{0, 0, false},
	} {
		err := query.Flood(c.matched, c.of)
		var e *query.Error
		if got := errors.As(err, &e); got != c.refused {
			t.Errorf("%d of %d: %v", c.matched, c.of, err)
		}
		if c.refused && (e.Reason != query.ReasonFlood || !strings.Contains(e.Remedy, "of the last")) {
			t.Errorf("%d of %d: %+v", c.matched, c.of, e)
		}
	}
}

func TestAReportIsSeenWithItsOutletAndTopics(t *testing.T) {
	t.Parallel()
	r := query.Read{
		Report:  report.Report{Title: "Truce", Description: "Guns fall silent.", Body: "In full.", Source: "bbc", Language: "en"},
		Matches: []topic.Match{{Topic: "ceasefire", Stage: "agreed"}},
	}
	var text query.Text
	text.Read(r.Doc(source.Source{ID: "bbc", Country: "GB"}))
	for _, s := range []string{"title:truce", "silent", "full", "truce source:bbc", "truce country:gb", "truce language:en", "topic:ceasefire stage:agreed"} {
		if !parse(t, s).Match(&text) {
			t.Errorf("%s does not match", s)
		}
	}
}
