package rest

import (
	"encoding/json"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Scope says whom a 429 concerns.
type Scope string

// The scopes. The first three are Discord's own words for X-RateLimit-Scope,
// https://discord.com/developers/docs/topics/rate-limits#header-format-rate-limit-header-examples.
const (
	// ScopeUser is the bot's own limit on one route.
	ScopeUser Scope = "user"
	// ScopeShared is a limit that all bots share on one resource. It is not
	// counted as an invalid request.
	ScopeShared Scope = "shared"
	// ScopeGlobal is the bot's limit over all routes.
	ScopeGlobal Scope = "global"
	// ScopeCloudflare is a block of this machine's address in front of Discord.
	ScopeCloudflare Scope = "cloudflare"
)

const (
	// maxHold bounds what an answer can make the bot wait; whoever is still refused
	// then waits as long again. No limit on messages is known to last longer, and
	// Cloudflare's blocks last about an hour at most, so that one look in an hour
	// does no harm: a ban is for 10,000 within ten minutes.
	maxHold = time.Hour
	// maxGlobalHold bounds it for Discord's limit over all routes, which is counted
	// by the second: Discord's own example waits for 65 s. In a storm one request
	// looks for all, so that a longer one is asked about twelve times an hour.
	// https://discord.com/developers/docs/topics/rate-limits#exceeding-a-rate-limit
	maxGlobalHold = 5 * time.Minute
	// maxBucketName bounds the bucket hash that an answer may give.
	maxBucketName = 128
	// maxLimit bounds the limit that an answer may claim.
	maxLimit = 1_000_000
	// codeCloudflareBlock is Discord's JSON code for a request that Cloudflare
	// blocked. https://discord.com/developers/docs/topics/opcodes-and-status-codes
	codeCloudflareBlock = 40333
)

// limitInfo is what an answer's headers say about the bucket of its route.
type limitInfo struct {
	// bucket is the hash that names the bucket, empty when not given.
	bucket string
	// known tells that limit, remaining and resetAfter were all readable.
	known      bool
	limit      int
	remaining  int
	resetAfter time.Duration
}

// readLimits reads X-RateLimit-*. Values that make no sense count as missing.
func readLimits(h http.Header) limitInfo {
	var in limitInfo
	if name := h.Get("X-RateLimit-Bucket"); len(name) <= maxBucketName {
		in.bucket = name
	}
	limit, err1 := strconv.Atoi(h.Get("X-RateLimit-Limit"))
	remaining, err2 := strconv.Atoi(h.Get("X-RateLimit-Remaining"))
	reset, ok := seconds(h.Get("X-RateLimit-Reset-After"))
	if err1 != nil || err2 != nil || !ok || limit < 1 || limit > maxLimit || remaining < 0 {
		return in
	}
	in.known = true
	in.limit = limit
	in.remaining = min(remaining, limit)
	in.resetAfter = reset
	return in
}

// answerBody is the part of an error's JSON body that is read.
type answerBody struct {
	Code       json.RawMessage `json:"code"`
	Message    json.RawMessage `json:"message"`
	RetryAfter json.RawMessage `json:"retry_after"`
	Global     json.RawMessage `json:"global"`
}

// verdict is what one unsuccessful answer means.
type verdict struct {
	code       int
	message    string
	scope      Scope
	retryAfter time.Duration
}

// judge reads an unsuccessful answer. Headers and body may disagree or be
// broken: the longer wait and the wider scope win, and a refusal without any
// hint is taken for a Cloudflare block that lasts blockPause.
func judge(status int, h http.Header, body []byte, blockPause time.Duration, now time.Time) verdict {
	var v verdict
	var b answerBody
	isJSON := json.Unmarshal(body, &b) == nil && len(body) > 0 && firstByte(body) == '{'
	if isJSON {
		v.code = jsonInt(b.Code)
		v.message = jsonString(b.Message)
	}
	hint := max(jsonSeconds(b.RetryAfter), retryAfterHeader(h.Get("Retry-After"), now))
	blocked := v.code == codeCloudflareBlock || (!isJSON && (status == http.StatusTooManyRequests || (status == http.StatusForbidden && firstByte(body) == '<')))
	if status == http.StatusTooManyRequests && !blocked {
		reset, _ := seconds(h.Get("X-RateLimit-Reset-After"))
		hint = max(hint, reset)
		blocked = hint == 0
	}
	switch {
	case blocked:
		v.scope = ScopeCloudflare
		v.retryAfter = max(hint, blockPause)
	case status == http.StatusTooManyRequests:
		v.scope = scopeOf(h, string(b.Global) == "true")
		v.retryAfter = hint
		if v.scope == ScopeGlobal {
			v.retryAfter = min(hint, maxGlobalHold)
		}
	default:
		v.retryAfter = hint
	}
	return v
}

func scopeOf(h http.Header, bodyGlobal bool) Scope {
	scope := Scope(strings.ToLower(h.Get("X-RateLimit-Scope")))
	switch {
	case bodyGlobal, scope == ScopeGlobal, strings.EqualFold(h.Get("X-RateLimit-Global"), "true"):
		return ScopeGlobal
	case scope == ScopeShared:
		return ScopeShared
	}
	return ScopeUser
}

// retryAfterHeader reads seconds, with or without a fraction, or a date.
func retryAfterHeader(s string, now time.Time) time.Duration {
	if d, ok := seconds(s); ok {
		return d
	}
	if at, err := http.ParseTime(s); err == nil && at.After(now) {
		return min(at.Sub(now), maxHold)
	}
	return 0
}

// seconds reads a number of seconds, at most maxHold.
func seconds(s string) (time.Duration, bool) {
	f, err := strconv.ParseFloat(strings.TrimSpace(s), 64)
	if err != nil || math.IsNaN(f) || f < 0 {
		return 0, false
	}
	if f >= maxHold.Seconds() {
		return maxHold, true
	}
	return time.Duration(math.Ceil(f*1e3)) * time.Millisecond, true
}

func jsonSeconds(raw json.RawMessage) time.Duration {
	d, _ := seconds(strings.Trim(string(raw), `"`))
	return d
}

func jsonInt(raw json.RawMessage) int {
	n, err := strconv.Atoi(strings.Trim(string(raw), `"`))
	if err != nil {
		return 0
	}
	return n
}

func jsonString(raw json.RawMessage) string {
	var s string
	if json.Unmarshal(raw, &s) != nil {
		return ""
	}
	return s
}

func firstByte(b []byte) byte {
	for _, c := range b {
		if c != ' ' && c != '\n' && c != '\r' && c != '\t' {
			return c
		}
	}
	return 0
}
