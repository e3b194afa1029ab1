package fetch

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/netip"
	"net/url"
	"sync/atomic"
	"time"
)

// Limits that are not the operator's to change.
const (
	maxRedirects     = 5
	maxHeaderBytes   = 64 << 10
	idleConnTimeout  = 10 * time.Second
	maxIdleConns     = 64
	maxIdlePerHost   = 1
	maxContentType   = 256
	acceptedTypes    = "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml, application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1"
	acceptedEncoding = "gzip"
)

// Options say how far a fetch may go. Zero values mean the defaults named at
// each field; UserAgent and Logger have none.
type Options struct {
	// UserAgent names the bot to the servers it polls, best with an address
	// where its operator can be reached.
	UserAgent string

	DialTimeout   time.Duration // name resolution and connection; 5 s
	TLSTimeout    time.Duration // handshake; 5 s
	HeaderTimeout time.Duration // from request to the end of the headers; 10 s
	Timeout       time.Duration // everything, redirects and body included; 20 s

	MaxWire int64 // bytes of body as sent; 2 MiB
	MaxBody int64 // bytes of body after decompression; 5 MiB

	// AllowPrivate opens networks that are closed to feeds, for operators with
	// feeds inside. It never opens metadata services.
	AllowPrivate []netip.Prefix
	// AllowPorts are open besides 80 and 443.
	AllowPorts []uint16
	// RootCAs replaces the system's certificate authorities when not nil.
	RootCAs *x509.CertPool
	// Resolver looks up names; nil for the system's.
	Resolver *net.Resolver
	// Now is the clock against which dates in Retry-After are read; time.Now.
	Now func() time.Time

	Logger *slog.Logger
}

func (o Options) withDefaults() (Options, error) {
	if validator(o.UserAgent) == "" {
		return o, errors.New("fetch options: user agent is empty, too long or holds control characters")
	}
	if o.Logger == nil {
		return o, errors.New("fetch options: logger is missing")
	}
	for _, d := range []*time.Duration{&o.DialTimeout, &o.TLSTimeout, &o.HeaderTimeout, &o.Timeout} {
		if *d < 0 {
			return o, fmt.Errorf("fetch options: timeout %s is negative", *d)
		}
	}
	if o.MaxWire < 0 || o.MaxBody < 0 {
		return o, errors.New("fetch options: size limit is negative")
	}
	for _, p := range o.AllowPrivate {
		if !p.IsValid() {
			return o, errors.New("fetch options: allowed private network is not valid")
		}
	}
	o.DialTimeout = orDefault(o.DialTimeout, 5*time.Second)
	o.TLSTimeout = orDefault(o.TLSTimeout, 5*time.Second)
	o.HeaderTimeout = orDefault(o.HeaderTimeout, 10*time.Second)
	o.Timeout = orDefault(o.Timeout, 20*time.Second)
	o.MaxWire = orDefault(o.MaxWire, 2<<20)
	o.MaxBody = orDefault(o.MaxBody, 5<<20)
	if o.Now == nil {
		o.Now = time.Now
	}
	return o, nil
}

func orDefault[T comparable](v, def T) T {
	var zero T
	if v == zero {
		return def
	}
	return v
}

// Client fetches. It is safe for concurrent use; how many fetches run at once
// is its caller's business.
type Client struct {
	opts   Options
	log    *slog.Logger
	dialer *net.Dialer
	guard  guard
	rt     *http.Transport
	// dialled counts connections.
	dialled atomic.Int64
}

// New returns a client, or says which option is wrong.
func New(o Options) (*Client, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	g := newGuard(o.AllowPrivate, append([]uint16{80, 443}, o.AllowPorts...))
	dialer := &net.Dialer{Timeout: o.DialTimeout, Control: g.control, Resolver: o.Resolver}
	transport := &http.Transport{
		// With a proxy the guard would only ever see the proxy's address.
		Proxy:                  nil,
		ForceAttemptHTTP2:      true,
		TLSClientConfig:        &tls.Config{MinVersion: tls.VersionTLS12, RootCAs: o.RootCAs},
		TLSHandshakeTimeout:    o.TLSTimeout,
		ResponseHeaderTimeout:  o.HeaderTimeout,
		MaxResponseHeaderBytes: maxHeaderBytes,
		MaxIdleConns:           maxIdleConns,
		MaxIdleConnsPerHost:    maxIdlePerHost,
		IdleConnTimeout:        idleConnTimeout,
		DisableCompression:     true,
	}
	c := &Client{
		opts:   o,
		log:    o.Logger.With("component", "fetch"),
		dialer: dialer,
		guard:  g,
		rt:     transport,
	}
	transport.DialContext = c.dial
	return c, nil
}

// dial opens a connection. Now and then it drops those that are idle: net/http
// itself bounds only the ones of HTTP/1, and each poll is of another host.
func (c *Client) dial(ctx context.Context, network, address string) (net.Conn, error) {
	if c.dialled.Add(1)%maxIdleConns == 0 {
		c.rt.CloseIdleConnections()
	}
	return c.dialer.DialContext(ctx, network, address)
}

// Close drops idle connections. Fetches under way go on.
func (c *Client) Close() { c.rt.CloseIdleConnections() }

// Request asks for one document.
type Request struct {
	// URL is the feed's address; see [CheckURL].
	URL string
	// ETag and LastModified are those of the last [Response], verbatim; empty
	// to get the document whatever its state.
	ETag, LastModified string
	// Accept is the header of that name; empty for that of feeds.
	Accept string
}

// Status says whether there is a document.
type Status int

// The two good outcomes.
const (
	// Modified means that Body holds the whole document.
	Modified Status = iota + 1
	// NotModified means that the document is still the one of the validators
	// in the request; Body is empty.
	NotModified
)

// Response is a complete answer.
type Response struct {
	Status Status
	// Body is decompressed; at most Options.MaxBody bytes.
	Body []byte
	// ETag and LastModified are to be stored and sent with the next request.
	// After NotModified they repeat the request's where the server left them out.
	ETag, LastModified string
	ContentType        string
	// FinalURL is where the document was found, after redirects.
	FinalURL string
	// Redirects were followed in this order, so that a permanent one can be
	// learnt once it has lasted.
	Redirects []Redirect
	// Private says that the document came from an address that is only open
	// because of Options.AllowPrivate.
	Private bool
	// RetryAfter is how long the server asks us to wait, Fresh for how long it
	// says that the document will stay as it is (Cache-Control, Expires, Age); at
	// most a week, 0 when it does not say.
	RetryAfter, Fresh time.Duration
	// Hub and Self are the addresses that the Link header names for WebSub,
	// https://www.w3.org/TR/websub/#discovery; absolute, empty when it names none.
	Hub, Self string
	// WireBytes is the size of the body as sent.
	WireBytes int64
}

// Redirect is one step: the status (301, 302, 303, 307, 308), the absolute URL
// that it led to, and whether a private address answered so (see
// [Response.Private]).
type Redirect struct {
	Status  int
	URL     string
	Private bool
}

// Permanent reports whether the server said that the step is for good.
func (r Redirect) Permanent() bool {
	return r.Status == http.StatusMovedPermanently || r.Status == http.StatusPermanentRedirect
}

// MovedTo is the address at the end of the permanent redirects that an answer
// began with, "" when the first step was none. What comes after a temporary
// redirect may be another tomorrow.
func (r Response) MovedTo() string {
	to := ""
	for _, step := range r.Redirects {
		if !step.Permanent() {
			break
		}
		to = step.URL
	}
	return to
}

// Get fetches one document. Every error is an [*Error].
func (c *Client) Get(ctx context.Context, req Request) (Response, error) {
	u, err := CheckURL(req.URL)
	if err != nil {
		return Response{}, err
	}
	limited, cancel := context.WithTimeout(ctx, c.opts.Timeout)
	defer cancel()
	start := c.opts.Now()
	resp, err := c.follow(limited, u, req)
	if err != nil {
		e := failure(ctx, err)
		c.log.DebugContext(ctx, "fetch failed", "host", u.Host, "error", e)
		return Response{}, e
	}
	c.log.DebugContext(ctx, "fetched", "host", u.Host, "modified", resp.Status == Modified,
		"wire_bytes", resp.WireBytes, "redirects", len(resp.Redirects), "took", c.opts.Now().Sub(start))
	return resp, nil
}

// follow asks for u and for whatever it redirects to.
func (c *Client) follow(ctx context.Context, u *url.URL, req Request) (Response, error) {
	var redirects []Redirect
	seen := map[string]bool{u.String(): true}
	for {
		resp, private, err := c.ask(ctx, u, req)
		if err != nil {
			return Response{}, err
		}
		if !isRedirect(resp.StatusCode) {
			out, err := c.answer(resp, req)
			out.FinalURL, out.Redirects, out.Private = u.String(), redirects, private
			out.Hub, out.Self = webSubLinks(resp.Header.Values("Link"), u)
			return out, err
		}
		next, err := redirectTarget(u, resp)
		closeBody(resp)
		switch {
		case err != nil:
			return Response{}, err
		case seen[next.String()]:
			return Response{}, errRedirectLoop
		case len(redirects) == maxRedirects:
			return Response{}, errTooManyHops
		}
		seen[next.String()] = true
		redirects = append(redirects, Redirect{Status: resp.StatusCode, URL: next.String(), Private: private})
		u = next
	}
}

// ask makes one request. private says that what answered is not on the public
// internet.
func (c *Client) ask(ctx context.Context, u *url.URL, req Request) (resp *http.Response, private bool, err error) {
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{GotConn: func(i httptrace.GotConnInfo) {
		private = !c.guard.public(i.Conn.RemoteAddr())
	}})
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, false, &Error{Class: ClassBadURL, cause: err}
	}
	r.Header.Set("User-Agent", c.opts.UserAgent)
	r.Header.Set("Accept", orDefault(req.Accept, acceptedTypes))
	r.Header.Set("Accept-Encoding", acceptedEncoding)
	if v := validator(req.ETag); v != "" {
		r.Header.Set("If-None-Match", v)
	}
	if v := validator(req.LastModified); v != "" {
		r.Header.Set("If-Modified-Since", v)
	}
	// The transport itself, not an http.Client: redirects are followed above,
	// and nothing here may keep cookies or carry credentials along.
	resp, err = c.rt.RoundTrip(r)
	return resp, private, err
}

// answer turns the last response into ours.
func (c *Client) answer(resp *http.Response, req Request) (Response, error) {
	defer closeBody(resp)
	out := Response{
		ETag:         validator(resp.Header.Get("ETag")),
		LastModified: validator(resp.Header.Get("Last-Modified")),
		RetryAfter:   retryAfter(resp.Header, c.opts.Now()),
		Fresh:        fresh(resp.Header, c.opts.Now()),
	}
	switch resp.StatusCode {
	case http.StatusOK, http.StatusNonAuthoritativeInfo:
		body, n, err := readBody(resp, c.opts.MaxWire, c.opts.MaxBody)
		if err != nil {
			e := failure(resp.Request.Context(), err)
			e.Status = resp.StatusCode
			return Response{}, e
		}
		out.Status, out.Body, out.WireBytes = Modified, body, n
		if ct := validator(resp.Header.Get("Content-Type")); len(ct) <= maxContentType {
			out.ContentType = ct
		}
		return out, nil
	case http.StatusNotModified:
		if validator(req.ETag) == "" && validator(req.LastModified) == "" {
			return Response{}, &Error{Class: ClassBadStatus, Status: resp.StatusCode, cause: errNotAsked}
		}
		out.Status = NotModified
		out.ETag = orDefault(out.ETag, req.ETag)
		out.LastModified = orDefault(out.LastModified, req.LastModified)
		return out, nil
	}
	return Response{}, &Error{
		Class:      statusClass(resp.StatusCode),
		Status:     resp.StatusCode,
		RetryAfter: out.RetryAfter,
		cause:      fmt.Errorf("%w: %d", errStatusUnknown, resp.StatusCode),
	}
}

func statusClass(code int) Class {
	switch code {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusUnavailableForLegalReasons:
		return ClassForbidden
	case http.StatusNotFound:
		return ClassNotFound
	case http.StatusGone:
		return ClassGone
	case http.StatusRequestTimeout:
		return ClassTimeout
	case http.StatusTooManyRequests:
		return ClassRateLimited
	case http.StatusPartialContent:
		return ClassTruncated
	}
	if code >= 500 && code <= 599 {
		return ClassServerError
	}
	return ClassBadStatus
}

func isRedirect(code int) bool {
	switch code {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// redirectTarget resolves Location against the URL it came from and holds it
// to the same rules as a feed's own address.
func redirectTarget(from *url.URL, resp *http.Response) (*url.URL, error) {
	to, err := resp.Location()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errBadRedirect, withoutURL(err))
	}
	next, err := parseURL(to.String())
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errBadRedirect, err)
	}
	if from.Scheme == "https" && next.Scheme == "http" {
		return nil, errDowngrade
	}
	return next, nil
}

// closeBody does not drain what is left: an error page may be endless, and
// a body that was wanted has been read to its end already.
func closeBody(resp *http.Response) { _ = resp.Body.Close() }
