package feed

import (
	"slices"
	"time"

	"github.com/attache-bot/attache/internal/feed/parse"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/text"
)

// Reports makes reports of a document's items, oldest first, so that what one
// poll brings is told in the order in which it happened. language is the
// source's usual one, "" when it is not known; it decides where an item's own
// text does not.
func Reports(f Feed, doc parse.Document, language string, now time.Time) []report.Report {
	raw := make([]report.Raw, len(doc.Items))
	for i, it := range doc.Items {
		raw[i] = report.Raw{GUID: it.GUID, Link: it.Link, Title: it.Title, Description: it.Summary}
	}
	keys := report.Identify(raw)
	out := make([]report.Report, len(doc.Items))
	for i, it := range doc.Items {
		out[i] = report.Report{
			Feed: int64(f.ID), Source: f.Source, Keys: keys[i],
			Title: it.Title, Description: it.Summary, Body: it.Content, Link: report.ShownLink(it.Link),
			Language: languageOf(it, language), Published: it.Published, Seen: now,
		}
	}
	inOrder(out)
	return out
}

// inOrder sorts a document's reports oldest first. Feeds begin with their newest
// item; a report without a date stands with the older one beside it.
func inOrder(reports []report.Report) {
	slices.Reverse(reports)
	type dated struct {
		report.Report
		at time.Time
	}
	var at time.Time
	list := make([]dated, len(reports))
	for i, r := range reports {
		if !r.Published.IsZero() {
			at = r.Published
		}
		list[i] = dated{r, at}
	}
	slices.SortStableFunc(list, func(a, b dated) int { return a.at.Compare(b.at) })
	for i, d := range list {
		reports[i] = d.Report
	}
}

// hubDelay is how long a hub may take to bring what its feed has published.
const hubDelay = 5 * time.Minute

// note counts what is new among the reports of a poll of f, and tells whether a
// hub that brings f's reports has missed one.
func (h *Heard) note(now time.Time, f Feed, reports []report.Report, known []bool) {
	for i, r := range reports {
		if known[i] {
			continue
		}
		h.News++
		if at := r.Time(); at.After(h.Newest) {
			h.Newest = at
		}
		late := !r.Published.IsZero() && now.Sub(r.Published) > hubDelay
		h.Missed = h.Missed || late && now.Before(f.PushedUntil)
	}
}

func languageOf(it parse.Item, usual string) string {
	if usual == "" {
		return it.Language
	}
	return text.Language(it.Title+"\n"+it.Summary, usual)
}
