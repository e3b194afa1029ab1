package desk

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/suggest"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/text"
)

// MaxQuery is the length of a search in code points: what a button can carry to
// the next page.
const MaxQuery = 78

// List names a list that has pages.
type List string

// The lists. They are part of the custom ids of buttons that are out there.
const (
	RecentList List = "r"
	SearchList List = "s"
	// RelevantList is a search with the most relevant reports first.
	RelevantList      List = "b"
	SubscriptionsList List = "l"
	// WithoutGone is the list of subscriptions from its beginning, after those of
	// deleted channels were removed.
	WithoutGone List = "g"
	TopicsList  List = "t"
	SourcesList List = "o"
	// TrendList is a topic's trend; After is the number of days.
	TrendList List = "d"
	// AuditList is who changed what; Text is the person, empty for all.
	AuditList List = "a"
	// FeedsList are the guild's own feeds.
	FeedsList List = "f"
	// StoryList are the lines that tell one story.
	StoryList List = "y"
)

// Cursor says which list to show and where its page begins. It grants nothing:
// whoever forges one gets what the command would give them.
type Cursor struct {
	List List
	// After is the id of the last report shown, or the number of lines or reports
	// shown; 0 on the first page.
	After int64
	// Text is the query, or says what is shown; empty for all.
	Text string
}

// cursorVersion begins the custom id of every page button.
const cursorVersion = "m1"

// MaxTopicID is the longest id of a topic that a cursor carries.
const MaxTopicID = suggest.MaxValue

// String returns the cursor as a button's custom id, at most
// [message.MaxCustomID] code points.
func (c Cursor) String() string {
	return cursorVersion + ":" + string(c.List) + ":" + strconv.FormatInt(c.After, 36) + ":" + c.Text
}

// ParseCursor reads a custom id, and returns false for whatever [Cursor.String]
// cannot have written. What Text means is for the list to say.
func ParseCursor(id string) (Cursor, bool) {
	if utf8.RuneCountInString(id) > message.MaxCustomID {
		return Cursor{}, false
	}
	parts := strings.SplitN(id, ":", 4)
	if len(parts) != 4 || parts[0] != cursorVersion {
		return Cursor{}, false
	}
	after, err := strconv.ParseInt(parts[2], 36, 64)
	c := Cursor{List: List(parts[1]), After: after, Text: parts[3]}
	if err != nil || after < 0 || c.String() != id || text.Clean(c.Text) != c.Text {
		return Cursor{}, false
	}
	return c, true
}

// Few reports whether a page begins after no more lines than a list can have.
func (c Cursor) Few() bool { return c.After < 1<<20 }

// Turned returns p with the buttons that lead from the page at c: to the one at
// next, if there is more, and to the first, unless this is it.
func (c Cursor) Turned(p message.Payload, next int64, more bool, in wording.Speaker) message.Payload {
	if more && next > 0 {
		after := c
		after.After = next
		p = p.WithButton(in.Plain("lookup.more-button"), after.String())
	}
	if c.After > 0 {
		first := c
		first.After = 0
		p = p.WithButton(in.Plain("lookup.first-button"), first.String())
	}
	return p
}

// Report is the last report that was shown, for lists that go by reports.
func (c Cursor) Report() report.ID { return report.ID(c.After) }
