package gateway

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/attache-bot/attache/bot/rest"
	"github.com/attache-bot/attache/internal/bell"
)

// API makes calls to Discord's REST API; [rest.Client] is one.
type API interface {
	// Do calls method and path below the API version and decodes the answer
	// into out.
	Do(ctx context.Context, method, path string, in, out any) error
}

// Gate spaces the identifies of all processes that share a bot token: Discord
// takes one in five seconds for each key, which is the shard's id modulo
// max_concurrency. https://discord.com/developers/docs/events/gateway#rate-limiting
type Gate interface {
	// Wait returns when the caller may identify, or with the context's error.
	Wait(ctx context.Context, key int) error
}

// identifyEvery is a little more than Discord's five seconds.
const identifyEvery = 5100 * time.Millisecond

// localGate is the Gate of a process that has the bot token to itself.
type localGate struct {
	every time.Duration
	mu    sync.Mutex
	next  map[int]time.Time
}

func (g *localGate) Wait(ctx context.Context, key int) error {
	g.mu.Lock()
	now := time.Now()
	at := now
	if next := g.next[key]; next.After(now) {
		at = next
	}
	g.next[key] = at.Add(g.every)
	g.mu.Unlock()
	return bell.Sleep(ctx, at.Sub(now))
}

// botInfo is the answer to GET /gateway/bot.
// https://discord.com/developers/docs/events/gateway#get-gateway-bot
type botInfo struct {
	URL    string `json:"url"`
	Shards int    `json:"shards"`
	Limit  struct {
		Total          int   `json:"total"`
		Remaining      int   `json:"remaining"`
		ResetAfter     int64 `json:"reset_after"`
		MaxConcurrency int   `json:"max_concurrency"`
	} `json:"session_start_limit"`
}

// maxShards and maxConcurrency bound what an answer may ask for.
const (
	maxShards      = 16_384
	maxConcurrency = 1_024
	// maxReset bounds the wait for a new budget, which is a day at Discord.
	maxReset = 48 * time.Hour
)

func (b botInfo) validate(allowPlain bool) error {
	if err := checkURL(b.URL, allowPlain); err != nil {
		return err
	}
	if b.Shards < 1 || b.Shards > maxShards || b.Limit.MaxConcurrency < 1 || b.Limit.MaxConcurrency > maxConcurrency {
		return errNoConcurrency
	}
	return nil
}

// checkURL refuses addresses that would show the bot token on the way. Loopback
// may be plain: that is the sandbox.
func checkURL(s string, allowPlain bool) error {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		return errBadGatewayURL
	}
	switch u.Scheme {
	case "wss":
		return nil
	case "ws":
		ip, err := netip.ParseAddr(u.Hostname())
		if allowPlain || u.Hostname() == "localhost" || (err == nil && ip.IsLoopback()) {
			return nil
		}
		return errPlainGatewayURL
	}
	return errBadGatewayURL
}

// hold returns how long to wait until an identify fits the budget. As many are
// kept back as may identify at the same moment.
func (b botInfo) hold() time.Duration {
	if b.Limit.Remaining >= b.Limit.MaxConcurrency {
		return 0
	}
	reset := time.Duration(min(max(b.Limit.ResetAfter, 0), maxReset.Milliseconds())) * time.Millisecond
	return reset + time.Second
}

// fetchInfo asks Discord for address and budget.
func fetchInfo(ctx context.Context, api API, limit time.Duration, allowPlain bool) (botInfo, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var info botInfo
	if err := api.Do(ctx, http.MethodGet, "/gateway/bot", nil, &info); err != nil {
		if tokenRefused(err) {
			return botInfo{}, &FatalError{Name: "the bot token was refused", Remedy: tokenRemedy}
		}
		return botInfo{}, fmt.Errorf("ask for the gateway: %w", err)
	}
	if err := info.validate(allowPlain); err != nil {
		return botInfo{}, fmt.Errorf("ask for the gateway: %w", err)
	}
	if !strings.HasSuffix(info.URL, "/") {
		info.URL += "/"
	}
	return info, nil
}

// Recommended asks Discord how many shards the bot should have.
func Recommended(ctx context.Context, api API) (int, error) {
	const limit = 30 * time.Second
	info, err := fetchInfo(ctx, api, limit, true) // the address is not used
	return info.Shards, err
}

func tokenRefused(err error) bool {
	var answer *rest.Error
	var refused *rest.RefusedError
	return (errors.As(err, &answer) && answer.Status == http.StatusUnauthorized) ||
		(errors.As(err, &refused) && refused.Reason == rest.RefusedToken)
}
