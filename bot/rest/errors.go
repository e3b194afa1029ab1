package rest

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"
)

// Error is an answer of Discord other than success.
type Error struct {
	// Status is the HTTP status, Code Discord's own code in the body or 0.
	// https://discord.com/developers/docs/topics/opcodes-and-status-codes#json
	Status int
	Code   int
	// Message is Discord's text, one line of at most 300 characters.
	Message string
	// Scope is set on a 429 and on a Cloudflare block.
	Scope Scope
	// RetryAfter is how long to leave the route alone, or every route when
	// Scope is global or cloudflare. Zero when nothing was said.
	RetryAfter time.Duration
	// Header and Body are the answer's, the body up to 64 KiB, both without
	// the secrets of the request.
	Header http.Header
	Body   []byte
	// Route is the method and the path's template.
	Route string
}

// Error describes the answer without ids or secrets.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "discord %s: HTTP %d", e.Route, e.Status)
	if e.Code != 0 {
		fmt.Fprintf(&b, " code %d", e.Code)
	}
	if e.Scope != "" {
		fmt.Fprintf(&b, " (%s limit)", e.Scope)
	}
	if e.Message != "" {
		b.WriteString(": ")
		b.WriteString(e.Message)
	}
	if e.RetryAfter > 0 {
		fmt.Fprintf(&b, ", retry after %s", e.RetryAfter)
	}
	return b.String()
}

// WaitReason names the limit that holds a request.
type WaitReason string

// The reasons for waiting.
const (
	WaitRoute      WaitReason = "route limit"
	WaitGlobal     WaitReason = "global limit"
	WaitCloudflare WaitReason = "Cloudflare block"
)

// WaitError says that a request was not sent because the limits would have held
// it beyond its context. Unwrap gives the context's error.
type WaitError struct {
	Route  string
	Reason WaitReason
	// Wait is how long the limit still holds; zero when it is not known.
	Wait time.Duration
	Err  error
}

// Error describes what the request waited for.
func (e *WaitError) Error() string {
	if e.Wait > 0 {
		return fmt.Sprintf("discord %s: not sent, %s holds for %s: %v", e.Route, e.Reason, e.Wait, e.Err)
	}
	return fmt.Sprintf("discord %s: not sent, waiting for the %s: %v", e.Route, e.Reason, e.Err)
}

// Unwrap returns the context's error.
func (e *WaitError) Unwrap() error { return e.Err }

// Refusal names why the bot itself does not send.
type Refusal string

// The refusals.
const (
	// RefusedToken holds until another token is used: Discord answered 401.
	RefusedToken Refusal = "Discord refused the bot token; set a valid token and start again"
	// RefusedInvalid holds until older invalid requests leave the count.
	RefusedInvalid Refusal = "too many invalid requests in ten minutes; Discord would ban this address"
	// RefusedAccess holds for a guild that refuses request after request for want
	// of a permission, or while so many of them do that others must be asked one
	// after the other.
	RefusedAccess Refusal = "servers refuse the bot for want of a permission; they are asked again one by one"
	// RefusedReading holds for a guild that lately has refused every time to let the
	// bot read what was asked for.
	RefusedReading Refusal = "the server does not let the bot read this"
)

// RefusedError says that a request was not sent to keep the bot from harm.
type RefusedError struct {
	Route  string
	Reason Refusal
	// Wait is how long the refusal holds; zero for RefusedToken.
	Wait time.Duration
}

// Error describes the refusal and what to do.
func (e *RefusedError) Error() string {
	if e.Wait > 0 {
		return fmt.Sprintf("discord %s: not sent: %s; retry after %s", e.Route, e.Reason, e.Wait.Round(time.Second))
	}
	return fmt.Sprintf("discord %s: not sent: %s", e.Route, e.Reason)
}

// NetworkError says that no answer came.
type NetworkError struct {
	Route string
	// MaybeSent is false only when it is certain that nothing reached Discord.
	MaybeSent bool
	Err       error
}

// Error describes the failure without the request's address.
func (e *NetworkError) Error() string {
	return fmt.Sprintf("discord %s: no answer: %v", e.Route, e.Err)
}

// Unwrap returns the network's error.
func (e *NetworkError) Unwrap() error { return e.Err }

// DecodeError says that Discord accepted a request and that its answer is
// unreadable.
type DecodeError struct {
	Route  string
	Status int
	Err    error
}

// Error describes the failure.
func (e *DecodeError) Error() string {
	return fmt.Sprintf("discord %s: HTTP %d with an unreadable answer: %v", e.Route, e.Status, e.Err)
}

// Unwrap returns the reading error.
func (e *DecodeError) Unwrap() error { return e.Err }

// Ambiguous reports whether Discord may have processed the request although err
// came back: no answer after sending, an answer of 5xx or 408, or an accepted
// request with an unreadable answer. An error that this package did not make is
// not ambiguous.
func Ambiguous(err error) bool {
	var (
		re *Error
		ne *NetworkError
		de *DecodeError
	)
	switch {
	case errors.As(err, &re):
		return re.Status >= 500 || re.Status == http.StatusRequestTimeout
	case errors.As(err, &ne):
		return ne.MaybeSent
	}
	return errors.As(err, &de)
}

// RetryAfter returns how long to wait before trying again, when err says so.
func RetryAfter(err error) (time.Duration, bool) {
	var (
		re *Error
		we *WaitError
		fe *RefusedError
	)
	var d time.Duration
	switch {
	case errors.As(err, &re):
		d = re.RetryAfter
	case errors.As(err, &we):
		d = we.Wait
	case errors.As(err, &fe):
		d = fe.Wait
	}
	return d, d > 0
}

// Strip takes the request's address, which may hold an interaction's token, off
// an error of an http.Client.
func Strip(err error) error {
	var ue *url.Error
	if errors.As(err, &ue) && ue.Err != nil {
		return ue.Err
	}
	return err
}

// networkError wraps err unless it says by itself that nothing was sent.
func networkError(rt route, auth string, err error, neverConnected bool) *NetworkError {
	var op *net.OpError
	var dns *net.DNSError
	unsent := neverConnected || errors.As(err, &dns) || (errors.As(err, &op) && op.Op == "dial")
	return &NetworkError{Route: rt.name, MaybeSent: !unsent, Err: clean(err, secretsOf(rt, auth)...)}
}

// cleanError is an error whose text held a secret.
type cleanError struct {
	text string
	err  error
}

func (e *cleanError) Error() string { return e.text }

// Is lets the context's errors and the like be recognised; the error itself is
// kept out of reach because printing it would show the secret.
func (e *cleanError) Is(target error) bool { return errors.Is(e.err, target) }

// Timeout keeps net.Error's meaning.
func (e *cleanError) Timeout() bool {
	var ne net.Error
	return errors.As(e.err, &ne) && ne.Timeout()
}

// clean returns err, or a copy without the secrets when its text has any.
func clean(err error, secrets ...string) error {
	text := err.Error()
	if cleaned := redact(text, secrets...); cleaned != text {
		return &cleanError{cleaned, err}
	}
	return err
}

const redacted = "<secret>"

// redact replaces secrets, also as they appear escaped in a URL.
func redact(s string, secrets ...string) string {
	for _, secret := range secrets {
		if secret == "" {
			continue
		}
		s = strings.ReplaceAll(s, secret, redacted)
		if esc := url.PathEscape(secret); esc != secret {
			s = strings.ReplaceAll(s, esc, redacted)
		}
	}
	return s
}

// maxMessage bounds Discord's text inside an error, in characters.
const maxMessage = 300

// oneLine makes foreign text fit for a log line.
func oneLine(s string) string {
	var b strings.Builder
	n := 0
	for _, r := range s {
		if n == maxMessage {
			b.WriteString("…")
			break
		}
		if !unicode.IsGraphic(r) {
			r = ' '
		}
		b.WriteRune(r)
		n++
	}
	return strings.TrimSpace(b.String())
}
