package summary_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"html"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/sharedtest"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/text"
)

// corpus reads at most max reports of the measuring data. They are other
// people's and stay outside the repository.
func corpus(tb testing.TB, file string, max int) []report.Report {
	tb.Helper()
	f, err := os.Open(sharedtest.Path(tb, "data", file))
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	z, err := gzip.NewReader(f)
	if err != nil {
		tb.Fatal(err)
	}
	var out []report.Report
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 4<<20)
	for lines.Scan() && len(out) < max {
		var l struct{ Title, Description, Body, Link, Source, Published string }
		if err := json.Unmarshal(lines.Bytes(), &l); err != nil {
			tb.Fatal(err)
		}
		title, description := text.Clean(html.UnescapeString(l.Title)), text.CleanLines(html.UnescapeString(l.Description))
		at, _ := time.Parse("2006-01-02 15:04:05-07:00", l.Published) // a report without a date is one too
		out = append(out, report.Report{
			ID: report.ID(len(out) + 1), Source: source.ID(l.Source), Title: title, Description: description, Body: text.CleanLines(l.Body),
			Link: l.Link, Language: "en", Published: at, Seen: at,
			Keys: report.Identify([]report.Raw{{Link: l.Link, Title: title, Description: description}})[0],
		})
	}
	if err := lines.Err(); err != nil {
		tb.Fatal(err)
	}
	return out
}

// tally counts what the reader finds. The reader goes by words, and now and then
// takes a sound sentence for a fault, so that one in a thousand is let pass; not
// one that is not verbatim, or linked to another report.
type tally struct {
	t                 *testing.T
	sentences, faults int
}

func (c *tally) add(headline string, faults []string, sentences int) {
	c.t.Helper()
	c.sentences += sentences
	c.faults += len(faults)
	for _, f := range faults {
		c.t.Logf("%s: %s", headline, f)
		for _, grave := range []string{"not verbatim", "from no report", "with another report's link", "half a quotation"} {
			if strings.HasPrefix(f, grave) {
				c.t.Errorf("%s: %s", headline, f)
			}
		}
	}
}

func (c *tally) judge() {
	c.t.Helper()
	c.t.Logf("%d faults in %d sentences", c.faults, c.sentences)
	if c.faults > max(1, c.sentences/1000) {
		c.t.Errorf("%d faults in %d sentences", c.faults, c.sentences)
	}
}

// everything is more reports than any file has.
const everything = 1 << 20

func TestSummariesOfArticlesHaveNoFault(t *testing.T) {
	t.Parallel()
	m := maker(t)
	reports, with, found := corpus(t, "articles-dev.jsonl.gz", everything), 0, tally{t: t}
	for i := range reports {
		got := m.Story(reports[i].Title, reports[i:i+1], "en")
		found.add(reports[i].Title, faults(reports[i].Title, got, reports[i:i+1]), len(got))
		if len(got) > 1 {
			with++
		}
	}
	// A maker that says nothing has no faults either.
	if with*10 < len(reports)*7 {
		t.Errorf("%d of %d articles have two sentences or more", with, len(reports))
	}
	t.Logf("%d articles, %d with two sentences or more", len(reports), with)
	found.judge()
}

func TestSummariesOfTwelveDaysHaveNoFault(t *testing.T) {
	t.Parallel()
	max := everything
	if raceEnabled {
		max = 1_000 // .ci/run has a step without the race detector
	}
	m := maker(t)
	index, stories := story.NewIndex(nil), map[story.ID][]report.Report{}
	found := tally{t: t}
	total, with := 0, 0
	for _, r := range corpus(t, "replay-2023-06.jsonl.gz", max) {
		id := index.Place(r, nil).Story.ID
		stories[id] = append(stories[id], r)
		got := m.Story(r.Title, stories[id], "en")
		found.add(r.Title, faults(r.Title, got, stories[id]), len(got))
		if total++; len(got) > 0 {
			with++
		}
	}
	if with*10 < total*6 {
		t.Errorf("%d of %d reports' stories have a summary", with, total)
	}
	t.Logf("%d reports in %d stories, %d with a summary, of %d sentences", total, len(stories), with, found.sentences)
	found.judge()
}
