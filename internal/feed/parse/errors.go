package parse

import (
	"errors"
	"log/slog"
)

// Class is the coarse reason why a document could not be read. It is stable:
// feed health stores it.
type Class string

// The classes.
const (
	ClassEmpty      Class = "empty"       // nothing, or white space only
	ClassHTMLPage   Class = "html-page"   // a web page where a feed should be
	ClassNotAFeed   Class = "not-a-feed"  // some other kind of document
	ClassMalformed  Class = "malformed"   // a feed that breaks its own syntax
	ClassBadCharset Class = "bad-charset" // in an encoding that is not known
	ClassTooBig     Class = "too-big"     // more bytes or elements than any feed
	ClassTooDeep    Class = "too-deep"    // nested deeper than any feed
	ClassTimeout    Class = "timeout"     // not done before the deadline
	ClassFault      Class = "fault"       // the parser itself failed
	ClassCanceled   Class = "canceled"    // our own context ended
)

// Text is the class in words for people.
func (c Class) Text() string {
	switch c {
	case ClassEmpty:
		return "the feed is empty"
	case ClassHTMLPage:
		return "this is a web page, not a feed; look for its RSS or Atom address"
	case ClassNotAFeed:
		return "this is not an RSS, Atom or JSON feed"
	case ClassMalformed:
		return "the feed is broken and could not be read"
	case ClassBadCharset:
		return "the feed is in a character encoding that is not known"
	case ClassTooBig:
		return "the feed is too large"
	case ClassTooDeep:
		return "the feed is nested too deeply"
	case ClassTimeout:
		return "the feed took too long to read"
	case ClassFault:
		return "the feed could not be read because of a fault in the bot"
	case ClassCanceled:
		return "reading was stopped"
	}
	return "the feed could not be read"
}

// Error is every failure of [Parser.Parse]. Its text holds the class only; the
// cause may quote the document and is for the operator's log.
type Error struct {
	Class Class
	cause error
}

// Error returns text that is safe to show to anyone.
func (e *Error) Error() string { return "parse feed: " + string(e.Class) }

// Unwrap returns the cause; never show its text to users.
func (e *Error) Unwrap() error { return e.cause }

// LogValue logs class and cause.
func (e *Error) LogValue() slog.Value {
	attrs := []slog.Attr{slog.String("class", string(e.Class))}
	if e.cause != nil {
		attrs = append(attrs, slog.String("cause", e.cause.Error()))
	}
	return slog.GroupValue(attrs...)
}

func fail(c Class, why string) *Error { return &Error{Class: c, cause: errors.New(why)} }
