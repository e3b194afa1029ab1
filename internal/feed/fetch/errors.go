package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
)

// Class is the coarse reason why a feed could not be fetched. It is all that
// users are told, and it is stable: feed health stores it.
type Class string

// The classes. Those marked (final) will not mend by asking again soon.
const (
	ClassBadURL         Class = "bad-url"         // not an address that can be polled (final)
	ClassBlockedAddress Class = "blocked-address" // not a public address (final)
	ClassBlockedPort    Class = "blocked-port"    // a port that is not allowed (final)
	ClassDNS            Class = "dns"             // the name does not resolve
	ClassRefused        Class = "refused"         // nothing listens there, or no route
	ClassTLS            Class = "tls"             // certificate or handshake
	ClassTimeout        Class = "timeout"         // too slow at any step
	ClassTruncated      Class = "truncated"       // the answer broke off
	ClassBadResponse    Class = "bad-response"    // not HTTP
	ClassTooLarge       Class = "too-large"       // headers or body over the limit
	ClassBadEncoding    Class = "bad-encoding"    // unknown or broken Content-Encoding
	ClassRedirectLoop   Class = "redirect-loop"   // in a circle, or more than five
	ClassBadRedirect    Class = "bad-redirect"    // to nowhere, or from https to http
	ClassNotFound       Class = "not-found"       // 404
	ClassGone           Class = "gone"            // 410 (final)
	ClassForbidden      Class = "forbidden"       // 401, 403, 451
	ClassRateLimited    Class = "rate-limited"    // 429
	ClassServerError    Class = "server-error"    // 5xx
	ClassBadStatus      Class = "bad-status"      // any other status
	ClassCanceled       Class = "canceled"        // our own context ended; says nothing of the feed
)

// Text is the class in words for people: what happened and, where they can do
// something, what.
func (c Class) Text() string {
	switch c {
	case ClassBadURL:
		return "this is not a web address that can be polled; use http:// or https:// without a password in it"
	case ClassBlockedAddress:
		return "the address is not on the public internet; only the operator can allow it"
	case ClassBlockedPort:
		return "the port is not allowed; only the operator can allow it"
	case ClassDNS:
		return "the server's name was not found; check the spelling"
	case ClassRefused:
		return "the server could not be reached"
	case ClassTLS:
		return "the server's certificate or encryption was not accepted"
	case ClassTimeout:
		return "the server took too long to answer"
	case ClassTruncated:
		return "the answer broke off before its end"
	case ClassBadResponse:
		return "the server did not answer in HTTP"
	case ClassTooLarge:
		return "the answer is too large for a feed"
	case ClassBadEncoding:
		return "the answer is compressed in a way that could not be read"
	case ClassRedirectLoop:
		return "the address redirects too often"
	case ClassBadRedirect:
		return "the address redirects to a place that cannot be followed"
	case ClassNotFound:
		return "there is no feed at this address; check it, or look for a newer one"
	case ClassGone:
		return "the feed was removed by its publisher"
	case ClassForbidden:
		return "the server does not let the bot read this feed"
	case ClassRateLimited:
		return "the server asks to come back later"
	case ClassServerError:
		return "the server has a fault of its own"
	case ClassBadStatus:
		return "the server answered in an unexpected way"
	case ClassCanceled:
		return "the fetch was stopped"
	}
	return "the feed could not be fetched"
}

// Error is every failure of [Client.Get]. Its text holds the class only; the
// cause may hold addresses and is for the operator's log.
type Error struct {
	Class Class
	// Status is the HTTP status, 0 when there was no answer.
	Status int
	// RetryAfter is what the server asked for, 0 when it asked nothing.
	RetryAfter time.Duration

	cause error
}

// Error returns text that is safe to show to anyone.
func (e *Error) Error() string { return "fetch feed: " + string(e.Class) }

// Unwrap returns the cause, for [errors.Is] and the log; never show its text
// to users.
func (e *Error) Unwrap() error { return e.cause }

// LogValue logs class, status and cause.
func (e *Error) LogValue() slog.Value {
	attrs := []slog.Attr{slog.String("class", string(e.Class))}
	if e.Status != 0 {
		attrs = append(attrs, slog.Int("status", e.Status))
	}
	if e.RetryAfter != 0 {
		attrs = append(attrs, slog.Duration("retry_after", e.RetryAfter))
	}
	if e.cause != nil {
		attrs = append(attrs, slog.String("cause", e.cause.Error()))
	}
	return slog.GroupValue(attrs...)
}

// Reasons that are found here rather than in the standard library.
var (
	errTooLarge      = errors.New("answer exceeds its limit")
	errEncoding      = errors.New("content encoding not supported")
	errCorrupt       = errors.New("content encoding corrupt")
	errRedirectLoop  = errors.New("redirect loop")
	errTooManyHops   = errors.New("too many redirects")
	errBadRedirect   = errors.New("redirect target not allowed")
	errDowngrade     = errors.New("redirect from https to http")
	errNotAsked      = errors.New("not modified, though not asked")
	errStatusUnknown = errors.New("unexpected status")
)

// failure wraps a cause in its class. The caller's own context goes first: a
// fetch that we stopped says nothing about the feed.
func failure(caller context.Context, cause error) *Error {
	var done *Error
	if errors.As(cause, &done) {
		return done
	}
	if errors.Is(caller.Err(), context.Canceled) {
		return &Error{Class: ClassCanceled, cause: caller.Err()}
	}
	return &Error{Class: classify(cause), cause: cause}
}

func classify(err error) Class {
	switch {
	case errors.Is(err, ssrf.ErrProhibitedPort):
		return ClassBlockedPort
	case errors.Is(err, ssrf.ErrProhibitedIP),
		errors.Is(err, ssrf.ErrProhibitedNetwork),
		errors.Is(err, ssrf.ErrInvalidHostPort):
		return ClassBlockedAddress
	case errors.Is(err, errTooLarge), headersTooLarge(err):
		return ClassTooLarge
	case errors.Is(err, errEncoding), errors.Is(err, errCorrupt):
		return ClassBadEncoding
	case errors.Is(err, errRedirectLoop), errors.Is(err, errTooManyHops):
		return ClassRedirectLoop
	case errors.Is(err, errBadRedirect), errors.Is(err, errDowngrade):
		return ClassBadRedirect
	}
	return classifyNetwork(err)
}

func classifyNetwork(err error) Class {
	var dns *net.DNSError
	var timeout net.Error
	switch {
	case errors.As(err, &dns):
		return ClassDNS
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return ClassTimeout
	case isTLS(err):
		return ClassTLS
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, syscall.EHOSTUNREACH),
		errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EADDRNOTAVAIL):
		return ClassRefused
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE),
		errors.Is(err, net.ErrClosed):
		return ClassTruncated
	}
	return ClassBadResponse
}

func isTLS(err error) bool {
	var (
		cert   *tls.CertificateVerificationError
		record tls.RecordHeaderError
		alert  tls.AlertError
		auth   x509.UnknownAuthorityError
		host   x509.HostnameError
		inval  x509.CertificateInvalidError
	)
	return errors.As(err, &cert) || errors.As(err, &record) || errors.As(err, &alert) ||
		errors.As(err, &auth) || errors.As(err, &host) || errors.As(err, &inval) ||
		errors.Is(err, http.ErrSchemeMismatch) ||
		// Most handshake failures of crypto/tls have no type, only this prefix.
		strings.Contains(err.Error(), "tls: ")
}

// headersTooLarge recognises the two errors, both untyped, with which
// net/http refuses headers over MaxResponseHeaderBytes.
func headersTooLarge(err error) bool {
	text := err.Error()
	return strings.Contains(text, "server response headers exceeded") ||
		strings.Contains(text, "response header list larger than advertised limit")
}
