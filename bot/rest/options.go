package rest

import (
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

const (
	// DefaultBaseURL is Discord's API. Version 10 is the one that is spoken.
	// https://discord.com/developers/docs/reference#api-versioning
	DefaultBaseURL = "https://discord.com/api/v10"
	// DefaultGlobalRate stays below Discord's 50 requests a second.
	// https://discord.com/developers/docs/topics/rate-limits#global-rate-limit
	DefaultGlobalRate = 49
	// DefaultBlockPause follows a refusal that names no end.
	DefaultBlockPause = 10 * time.Minute

	apiVersion = "v10"
	maxRate    = 10_000
	// maxErrorBody bounds what is read of an unsuccessful answer.
	maxErrorBody = 64 << 10
	// maxAnswerBody bounds what may be read of a successful answer.
	maxAnswerBody = 8 << 20
)

// Options configure a Transport. The zero value talks to Discord, with a user
// agent that names no address and no version.
type Options struct {
	// BaseURL replaces scheme, host and version of every request: Discord, a
	// proxy in front of it, or a sandbox. Without a path /api/v10 is added.
	// Default DefaultBaseURL.
	BaseURL string
	// UserAgent must have the form "DiscordBot (url, version)", otherwise
	// Cloudflare may block it.
	// https://discord.com/developers/docs/reference#user-agent
	UserAgent string
	// GlobalRate bounds the requests that Discord may count within any second,
	// over all routes, answers to interactions not counted. Several processes with one token
	// share Discord's 50. Default DefaultGlobalRate.
	GlobalRate int
	// BlockPause is how long everything waits after a Cloudflare block, or a
	// 429 that names no time. Default DefaultBlockPause.
	BlockPause time.Duration
	// Breaker sets when invalid requests stop what.
	Breaker BreakerOptions
	// Answered, if set, is told of every attempt: its route as the errors name it,
	// free of ids and secrets, the status, 0 for no answer, and how long it took.
	Answered func(route string, status int, took time.Duration)
	// Next sends the requests. Default: a transport with time limits.
	Next http.RoundTripper
	// Now is the clock of limits and counts. Default time.Now.
	Now func() time.Time
	// Logger gets refusals. Default: none.
	Logger *slog.Logger
}

var userAgentForm = regexp.MustCompile(`^DiscordBot \([^(),\s]+, [^()\s]+\)`)

func (o *Options) validate() (*url.URL, error) {
	setDefault(&o.BaseURL, DefaultBaseURL)
	setDefault(&o.UserAgent, "DiscordBot (https://example.invalid, 0)")
	setDefault(&o.GlobalRate, DefaultGlobalRate)
	setDefault(&o.BlockPause, DefaultBlockPause)
	setDefault(&o.Breaker.Warn, 500)
	setDefault(&o.Breaker.Essential, 2_000)
	setDefault(&o.Breaker.Interactions, 5_000)
	if o.Next == nil {
		o.Next = defaultNext()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if !userAgentForm.MatchString(o.UserAgent) {
		return nil, fmt.Errorf(`user agent %q: write it as "DiscordBot (url, version)"`, o.UserAgent)
	}
	if o.GlobalRate < 1 || o.GlobalRate > maxRate {
		return nil, fmt.Errorf("global rate %d: choose 1 to %d requests a second", o.GlobalRate, maxRate)
	}
	if o.BlockPause < 0 {
		return nil, fmt.Errorf("block pause %s: must not be negative", o.BlockPause)
	}
	if b := o.Breaker; b.Warn < 1 || b.Essential < b.Warn || b.Interactions < b.Essential {
		return nil, fmt.Errorf("breaker %d, %d, %d: choose rising numbers above 0", b.Warn, b.Essential, b.Interactions)
	}
	return parseBase(o.BaseURL)
}

var versionPart = regexp.MustCompile(`/v([0-9]+)$`)

// parseBase reads the base address and completes its path.
func parseBase(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil {
		return nil, fmt.Errorf("base address %q: not a URL", s)
	}
	switch {
	case u.Scheme != "https" && u.Scheme != "http", u.Host == "":
		return nil, fmt.Errorf("base address %q: must begin with https:// or http:// and name a host", s)
	case u.User != nil, u.RawQuery != "", u.Fragment != "":
		return nil, fmt.Errorf("base address of %s: leave out user, query and fragment", u.Host)
	}
	path := strings.TrimSuffix(u.Path, "/")
	switch m := versionPart.FindStringSubmatch(path); {
	case path == "":
		path = "/api/" + apiVersion
	case m == nil:
		path += "/" + apiVersion
	case m[0] != "/"+apiVersion:
		return nil, fmt.Errorf("base address %q: only API version 10 is spoken, write /%s", s, apiVersion)
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host, Path: path}, nil
}

// defaultNext is http.DefaultTransport with a limit for each phase that a
// request's context would otherwise bound alone.
func defaultNext() http.RoundTripper {
	return &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:      true,
		MaxIdleConns:           128,
		MaxIdleConnsPerHost:    64,
		IdleConnTimeout:        90 * time.Second,
		TLSHandshakeTimeout:    5 * time.Second,
		ResponseHeaderTimeout:  20 * time.Second,
		MaxResponseHeaderBytes: 64 << 10,
	}
}

func setDefault[T comparable](v *T, d T) {
	var zero T
	if *v == zero {
		*v = d
	}
}
