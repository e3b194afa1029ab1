package feed

import (
	"log/slog"
	"net/url"
	"strings"
	"time"

	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
)

// ID is a feed's number in the store.
type ID int64

// Feed is one address of a source, and what is known of reading it.
type Feed struct {
	ID     ID
	URL    string
	Source source.ID
	// Own says that guilds have added it for themselves, and Title what it calls
	// itself; the catalogue's have none.
	Own   bool
	Title string
	// Every is how often it is polled until it is known how often it changes.
	Every time.Duration
	// ETag and LastModified are the validators of the last full answer
	// (RFC 9110 section 8.8), sent back as they came.
	ETag, LastModified string
	// BodyHash is the SHA-256 in hex of the last body that was parsed with
	// success; an equal body is not parsed again.
	BodyHash string
	// Polled is when it was last tried, Succeeded when it was last read; zero
	// when never.
	Polled, Succeeded time.Time
	// Read is when a document of it was last read to its end; answers that it has
	// not changed do not count. Newest is when the newest report that it brought
	// appeared. Both are zero when never.
	Read, Newest time.Time
	// Next is when it is due, and NextReason why then.
	Next       time.Time
	NextReason DueReason
	// Failures counts failed polls in a row.
	Failures int
	// State and Reason are its health: the reason is a fixed class such as
	// "timeout" or "not-a-feed", empty when all is well.
	State  State
	Reason string
	// Since is when State was entered.
	Since time.Time
	// Wishes are what it asked for when it was last read.
	Wishes Wishes
	// Tempo is how often it brings something new.
	Tempo Tempo
	// Move is where it went for good.
	Move Move
	// PushedUntil is when the lease of its WebSub subscription ends, zero when its
	// hub brings nothing. PushMissed is when a poll last found what the hub should
	// have brought.
	PushedUntil, PushMissed time.Time
}

// Shown is its address as logs and traces tell it, which are read by more people
// than may poll it: see [ShownAddress]. Of a guild's own feed it is the host alone,
// since the path of an address that somebody was given may be the key to it.
func (f Feed) Shown() string {
	if !f.Own {
		return ShownAddress(f.URL)
	}
	u, err := url.Parse(f.URL)
	if err != nil {
		return "…"
	}
	return u.Host
}

// ShownAddress is an address without its query and its user, which may hold a key.
func ShownAddress(address string) string {
	before, _, query := strings.Cut(address, "?")
	if scheme, rest, ok := strings.Cut(before, "://"); ok {
		host, path, slash := strings.Cut(rest, "/")
		if at := strings.LastIndexByte(host, '@'); at >= 0 {
			before = scheme + "://…@" + host[at+1:]
			if slash {
				before += "/" + path
			}
		}
	}
	if query {
		before += "?…"
	}
	return before
}

// Origin is who wants feeds to be polled.
type Origin bool

// Catalogue feeds are the operator's, GuildFeeds what guilds have added for
// themselves.
const (
	Catalogue  Origin = false
	GuildFeeds Origin = true
)

// LogValue implements [slog.LogValuer].
func (f Feed) LogValue() slog.Value {
	return slog.GroupValue(slog.Int64("id", int64(f.ID)), slog.String("url", f.Shown()), slog.String("source", string(f.Source)))
}

// Outcome is what one poll of one feed amounts to. The store writes it in one
// transaction.
type Outcome struct {
	// Feed is the feed's record after the poll.
	Feed Feed
	// Result is the poll's named result, for logs and metrics.
	Result Result
	// Reports are the document's items in document order. The store keeps those
	// whose keys it does not know yet.
	Reports []report.Report
	// Took is how long fetching and reading took, for metrics; zero when neither
	// was begun.
	Took time.Duration
}

// Result names what a poll came to.
type Result string

// The results of a poll. Any other value is the class of the error that made
// the poll fail.
const (
	// Changed means that a new document was read.
	Changed Result = "changed"
	// NotModified means that the server answered 304.
	NotModified Result = "not-modified"
	// SameBody means that the body was the one read before.
	SameBody Result = "same-body"
	// Stopped means that the bot stopped meanwhile; the feed is as it was.
	Stopped Result = "stopped"
	// Postponed means that the feed's host was busy with other feeds, or that
	// the store failed; the feed is as it was, and due a little later.
	Postponed Result = "postponed"
)
