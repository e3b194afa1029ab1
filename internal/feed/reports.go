package feed

import (
	"time"

	"github.com/attache-bot/attache/internal/feed/parse"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/text"
)

// Reports makes reports of a document's items, in document order. language is
// the source's usual one, "" when it is not known; it decides where an item's
// own text does not.
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
			Title: it.Title, Description: it.Summary, Body: it.Content, Link: it.Link,
			Language: languageOf(it, language), Published: it.Published, Seen: now,
		}
	}
	return out
}

func languageOf(it parse.Item, usual string) string {
	if usual == "" {
		return it.Language
	}
	return text.Language(it.Title+"\n"+it.Summary, usual)
}
