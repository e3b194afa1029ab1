package parse

import (
	"slices"
	"strings"
	"time"
)

// Document is a feed as read, cleaned and bounded.
type Document struct {
	// Title is plain text on one line.
	Title string
	// Language is the tag that the feed claims, as it wrote it; often wrong.
	Language string
	// Link is the site, absolute; empty when the feed names none.
	Link string
	// Hub is the address of its WebSub hub, https://www.w3.org/TR/websub/, and
	// Self the address that the feed gives as its own; absolute, empty when it
	// names none.
	Hub, Self string
	// TTL is how long the feed asks to be left alone, and Update how often it says
	// that it changes (the syndication module of RSS 1.0,
	// https://web.resource.org/rss/1.0/modules/syndication/); at most a week, 0
	// when it does not say.
	TTL, Update time.Duration
	// SkipHours are hours of the day in UTC (0 to 23) and SkipDays the days in
	// which the feed does not change, https://www.rssboard.org/rss-specification.
	SkipHours []int
	SkipDays  []time.Weekday
	// Items are in document order. Above the limit the newest were kept.
	Items []Item
	// Notes tell what was odd, by reason; empty for a clean feed.
	Notes []Note
}

// Item is one entry of a feed.
type Item struct {
	// GUID is the feed's id for it, or the hash of one that is too long; empty
	// when it has none. It is bytes to compare, not text to show.
	GUID string
	// Link is absolute, http or https; empty when there is none that is usable.
	Link string
	// Title is on one line. Where the feed gives none it is the beginning of
	// the text.
	Title string
	// Summary is the description, or the beginning of the content where there
	// is no description; paragraphs are lines.
	Summary string
	// Content is the full text where the feed carries one that says more than
	// the summary; paragraphs are lines.
	Content string
	// Language is a BCP 47 base tag found in the text with the feed's claim as
	// a hint, or "und".
	Language string
	// Published is in UTC, never after Input.Now; zero when not given or not
	// to be believed.
	Published  time.Time
	Author     string
	Categories []string
	// Image is an https address, or empty.
	Image string
}

// Reason names something odd about a document.
type Reason string

// The reasons.
const (
	NoteCharsetGuessed  Reason = "charset-guessed"   // none declared, not UTF-8
	NoteCharsetMismatch Reason = "charset-mismatch"  // declared another than it is in
	NoteBadBytes        Reason = "bad-bytes"         // bytes or characters that had to be replaced or dropped
	NoteLeadingJunk     Reason = "leading-junk"      // text in front of the document
	NoteItemsDropped    Reason = "items-dropped"     // more items than are kept
	NoteEmptyItem       Reason = "empty-item"        // neither title nor text; dropped
	NoteMissingTitle    Reason = "missing-title"     // title made from the text
	NoteMissingLink     Reason = "missing-link"      // no link at all
	NoteBadLink         Reason = "bad-link"          // a link that is not http or https, or too long; dropped
	NoteMissingDate     Reason = "missing-date"      // no date
	NoteBadDate         Reason = "bad-date"          // unreadable, ambiguous or before 1990; dropped
	NoteFutureDate      Reason = "future-date"       // more than an hour ahead; set to now
	NoteTextCut         Reason = "text-cut"          // a text over its limit
	NoteGUIDHashed      Reason = "guid-hashed"       // an id over its limit
	NoteDuplicateItem   Reason = "duplicate-item"    // an exact repeat within the document; dropped
	NoteBadDocumentLink Reason = "bad-document-link" // the site's, the hub's or its own address is not usable
)

// Note is a reason and how often it applied.
type Note struct {
	Reason Reason
	Count  int
}

// notes counts reasons while a document is read.
type notes map[Reason]int

func (n notes) add(r Reason) { n[r]++ }

func (n notes) list() []Note {
	if len(n) == 0 {
		return nil
	}
	out := make([]Note, 0, len(n))
	for r, c := range n {
		out = append(out, Note{r, c})
	}
	slices.SortFunc(out, func(a, b Note) int { return strings.Compare(string(a.Reason), string(b.Reason)) })
	return out
}
