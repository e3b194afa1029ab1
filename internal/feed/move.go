package feed

import (
	"time"

	"github.com/attache-bot/attache/internal/feed/fetch"
)

// Move is what is known of a feed's new address. The configured address stays
// what it is: it names the feed, and a sync of the catalogue finds it by that.
type Move struct {
	// To is where the feed is polled instead of its configured address, "" when
	// there.
	To string
	// Target is the permanent redirect that the last polls agreed on, Agreed how
	// many, and Counted when the last of them was.
	Target  string
	Agreed  int
	Counted time.Time
}

// A permanent redirect is believed once so many polls agree on it, each a while
// after the one before: a misconfigured server or a captive portal says 301, too,
// and is mended within hours. Until then the redirect is followed each time.
const (
	moveAgreed = 3
	moveGap    = 12 * time.Hour
)

// Address is where f is to be fetched. A feed that fails at its new address is
// asked at the configured one every second time.
func (f Feed) Address() string {
	if f.Move.To == "" || f.Failures > 0 && f.Failures%2 == 0 {
		return f.URL
	}
	return f.Move.To
}

// after is the move of f once a poll at now heard h at f.Address().
func (m Move) after(now time.Time, f Feed, h Heard) Move {
	switch {
	case h.Result.failed():
		return m // a failure tells nothing of the address
	case h.MovedTo == "" || h.MovedTo == f.Address():
		if f.Address() == f.URL {
			return Move{} // it is back where it was
		}
		return Move{To: m.To}
	case h.MovedTo == m.To:
		return Move{To: m.To} // the configured address still leads there
	case !movable(h):
		return Move{To: m.To}
	case h.MovedTo != m.Target:
		return Move{To: m.To, Target: h.MovedTo, Agreed: 1, Counted: now}
	case now.Sub(m.Counted) < moveGap && !now.Before(m.Counted):
		return m
	}
	m.Agreed, m.Counted = m.Agreed+1, now
	if m.Agreed < moveAgreed {
		return m
	}
	if h.MovedTo == f.URL {
		return Move{}
	}
	return Move{To: h.MovedTo}
}

// movable tells whether an address may ever be stored as a feed's new one: not
// that of another feed, no private one behind a public one, and nothing that is
// not http or https.
func movable(h Heard) bool {
	_, err := fetch.CheckURL(h.MovedTo)
	return err == nil && !h.OtherFeed && !h.MovedInside
}
