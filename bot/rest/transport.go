package rest

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"regexp"
	"strings"
	"sync/atomic"
	"time"
)

// Transport is the http.RoundTripper that every request to Discord passes. Make
// it with New. It is safe for concurrent use.
//
// Unlike other round trippers it returns an error for every answer that is not
// 2xx, so that no library between it and the caller can mistake or repeat one.
type Transport struct {
	opts    Options
	base    *url.URL
	log     *slog.Logger
	limiter *limiter
	breaker breaker
	access  access
	counts  counters
}

type counters struct {
	requests, network, server    atomic.Int64
	user, shared, global, blocks atomic.Int64
	held, refused                atomic.Int64
}

// New makes a Transport. It fails when an option makes no sense.
func New(o Options) (*Transport, error) {
	base, err := o.validate()
	if err != nil {
		return nil, fmt.Errorf("set up Discord transport: %w", err)
	}
	return &Transport{
		opts:    o,
		base:    base,
		log:     o.Logger.With("component", "rest"),
		limiter: newLimiter(o.GlobalRate, o.Now),
		breaker: breaker{opts: o.Breaker},
		access:  newAccess(o.Now()),
	}, nil
}

// RoundTrip sends one request once, as soon as the limits allow. The answer is
// 2xx; everything else is an error of this package.
func (t *Transport) RoundTrip(r *http.Request) (*http.Response, error) {
	out, rt, err := t.prepare(r)
	if err != nil {
		closeBody(r)
		return nil, err
	}
	auth := out.Header.Get("Authorization")
	guild := guildOf(r, rt)
	if err := t.admit(rt, auth, guild); err != nil {
		closeBody(r)
		return nil, err
	}
	s, err := t.limiter.acquire(r.Context(), rt)
	if err != nil {
		t.counts.held.Add(1)
		closeBody(r)
		return nil, err
	}
	// The wait may have been long enough for others to meet a refusal.
	err = t.admit(rt, auth, "")
	if err == nil && guild != "" {
		s.ticket, err = t.enter(rt, guild)
	}
	if err != nil {
		t.limiter.cancel(s)
		closeBody(r)
		return nil, err
	}
	return t.send(out, s, auth)
}

// send uses a slot for the one attempt.
func (t *Transport) send(r *http.Request, s slot, auth string) (*http.Response, error) {
	t.counts.requests.Add(1)
	var asked, got atomic.Bool
	trace := &httptrace.ClientTrace{
		GetConn: func(string) { asked.Store(true) },
		GotConn: func(httptrace.GotConnInfo) { got.Store(true) },
	}
	began := t.opts.Now()
	resp, err := t.opts.Next.RoundTrip(r.WithContext(httptrace.WithClientTrace(r.Context(), trace)))
	if t.opts.Answered != nil {
		status := 0
		if err == nil {
			status = resp.StatusCode
		}
		t.opts.Answered(s.rt.name, status, t.opts.Now().Sub(began))
	}
	if err != nil {
		t.access.leave(s.ticket, t.opts.Now(), false, false)
		t.limiter.observe(s, outcome{})
		t.counts.network.Add(1)
		return nil, networkError(s.rt, auth, err, asked.Load() && !got.Load())
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return nil, t.refusal(s, auth, resp)
	}
	t.access.leave(s.ticket, t.opts.Now(), false, true)
	t.limiter.observe(s, outcome{limits: readLimits(resp.Header), answered: true, success: true})
	if s.rt.class == classBot {
		t.breaker.accept(auth)
	}
	resp.Body = &cappedBody{ReadCloser: resp.Body, left: maxAnswerBody}
	return resp, nil
}

// CloseIdleConnections lets go of kept connections, if Next can.
func (t *Transport) CloseIdleConnections() {
	if c, ok := t.opts.Next.(interface{ CloseIdleConnections() }); ok {
		c.CloseIdleConnections()
	}
}

var apiPrefix = regexp.MustCompile(`^/api(/v[0-9]+)?(/|$)`)

// prepare copies the request, points it at the base address and gives it the
// right headers.
func (t *Transport) prepare(r *http.Request) (*http.Request, route, error) {
	path, ok := t.below(r.URL)
	if !ok {
		return nil, route{}, errors.New("discord: not an API address; nothing was sent")
	}
	rt := parseRoute(r.Method, path)
	out := r.Clone(r.Context())
	u := *t.base
	u.Path += path
	if raw := r.URL.EscapedPath(); raw != r.URL.Path {
		u.RawPath = t.base.Path + strings.TrimPrefix(raw, strings.TrimSuffix(r.URL.Path, path))
	}
	u.RawQuery = r.URL.RawQuery
	out.URL = &u
	out.Host = u.Host
	out.Header.Set("User-Agent", t.opts.UserAgent)
	if rt.class == classInteraction {
		// With a token these were seen to count on the bot's global limit.
		// https://github.com/discord/discord-api-docs/issues/4142
		out.Header.Del("Authorization")
	}
	return out, rt, nil
}

// below returns the part of the path below the API version.
func (t *Transport) below(u *url.URL) (string, bool) {
	if u.Host == t.base.Host && strings.HasPrefix(u.Path, t.base.Path+"/") {
		return strings.TrimPrefix(u.Path, t.base.Path), true
	}
	prefix := strings.TrimSuffix(apiPrefix.FindString(u.Path), "/")
	if prefix == "" || len(prefix) == len(u.Path) {
		return "", false
	}
	return u.Path[len(prefix):], true
}

// admit says whether a request may go, as far as is known now.
func (t *Transport) admit(rt route, auth, guild string) error {
	now := t.opts.Now()
	if err := t.breaker.admit(rt, auth, now); err != nil {
		t.counts.refused.Add(1)
		return err
	}
	if guild == "" {
		return nil
	}
	if wait := t.access.ask(guild, now); wait > 0 {
		return t.refusedAccess(rt, guild, wait)
	}
	return nil
}

// enter lets a request to a guild go now, or not.
func (t *Transport) enter(rt route, guild string) (*ticket, error) {
	k, wait := t.access.enter(guild, t.opts.Now())
	if k == nil {
		return nil, t.refusedAccess(rt, guild, wait)
	}
	return k, nil
}

func (t *Transport) refusedAccess(rt route, guild string, wait time.Duration) error {
	t.counts.refused.Add(1)
	reason := RefusedAccess
	if reads(rt) && t.access.shut(guild) {
		reason = RefusedReading
	}
	return &RefusedError{Route: rt.name, Reason: reason, Wait: wait}
}

// refusal turns an unsuccessful answer into an *Error and lets limiter and
// breaker learn from it.
func (t *Transport) refusal(s slot, auth string, resp *http.Response) error {
	now := t.opts.Now()
	body, _ := io.ReadAll(io.LimitReader(resp.Body, maxErrorBody))
	_ = resp.Body.Close()
	v := judge(resp.StatusCode, resp.Header, body, t.opts.BlockPause, now)
	refused := resp.StatusCode == http.StatusForbidden && v.scope == ""
	t.access.leave(s.ticket, now, refused, !refused && resp.StatusCode == http.StatusBadRequest)
	t.limiter.observe(s, outcome{limits: readLimits(resp.Header), answered: true, scope: v.scope, retryAfter: v.retryAfter})
	t.record(s.rt, auth, resp.StatusCode, v, now)
	return newError(s.rt, auth, resp, body, v)
}

// record counts and logs a refusal, and trips the breaker.
func (t *Transport) record(rt route, auth string, status int, v verdict, now time.Time) {
	switch v.scope {
	case ScopeUser:
		t.counts.user.Add(1)
	case ScopeShared:
		t.counts.shared.Add(1)
	case ScopeGlobal:
		t.counts.global.Add(1)
	case ScopeCloudflare:
		t.counts.blocks.Add(1)
	}
	if v.scope != "" {
		t.log.Warn("limited by Discord", "route", rt.name, "scope", string(v.scope), "status", status, "retry_after", v.retryAfter)
	}
	if status >= 500 {
		t.counts.server.Add(1)
	}
	if status == http.StatusUnauthorized && rt.class == classBot {
		t.breaker.refuse(auth)
		t.log.Error("bot token refused, requests stopped", "route", rt.name)
	}
	if !invalid(status, v.scope) {
		return
	}
	if level, n, rose := t.breaker.invalid(now); rose {
		t.log.Warn("many invalid requests", "allowed", level.String(), "count", n)
	}
}

// invalid reports whether Discord counts the answer towards a ban.
func invalid(status int, scope Scope) bool {
	switch status {
	case http.StatusUnauthorized, http.StatusForbidden:
		return true
	case http.StatusTooManyRequests:
		return scope != ScopeShared
	}
	return false
}

func newError(rt route, auth string, resp *http.Response, body []byte, v verdict) *Error {
	secrets := secretsOf(rt, auth)
	header := resp.Header.Clone()
	for _, values := range header {
		for i := range values {
			values[i] = redact(values[i], secrets...)
		}
	}
	return &Error{
		Status:     resp.StatusCode,
		Code:       v.code,
		Message:    oneLine(redact(v.message, secrets...)),
		Scope:      v.scope,
		RetryAfter: v.retryAfter,
		Header:     header,
		Body:       []byte(redact(string(body), secrets...)),
		Route:      rt.name,
	}
}

func secretsOf(rt route, auth string) []string {
	return []string{strings.TrimPrefix(auth, "Bot "), rt.secret}
}

func closeBody(r *http.Request) {
	if r.Body != nil {
		_ = r.Body.Close()
	}
}

// errTooLong ends an answer that is longer than any of Discord's.
var errTooLong = errors.New("the answer is too long")

// cappedBody fails instead of delivering more than an answer may have.
type cappedBody struct {
	io.ReadCloser
	left int
}

func (b *cappedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if b.left -= n; b.left < 0 {
		return 0, errTooLong
	}
	return n, err
}
