package sandbox

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Rate is so many requests in a window, which begins with the first one.
type Rate struct {
	Limit int
	Per   time.Duration
}

// window counts requests in a fixed window.
type window struct {
	start time.Time
	used  int
}

// take counts a request; when there is no room it tells how long to wait.
func (w *window) take(now time.Time, r Rate) (remaining int, reset time.Duration, ok bool) {
	if w.used == 0 || now.Sub(w.start) >= r.Per || now.Before(w.start) {
		w.start, w.used = now, 0
	}
	reset = r.Per - now.Sub(w.start)
	if w.used >= r.Limit {
		return 0, reset, false
	}
	w.used++
	return r.Limit - w.used, reset, true
}

// rates are the limits of routes. Discord publishes none and asks to read the
// headers; the numbers for messages are from public logs.
// https://docs.discord.com/developers/topics/rate-limits
func rates(route string) Rate {
	switch {
	case strings.HasSuffix(route, "/crosspost"):
		return Rate{5, 5 * time.Second}
	case route == "POST /channels/{channel_id}/messages",
		route == "PATCH /channels/{channel_id}/messages/{message_id}",
		route == "DELETE /channels/{channel_id}/messages/{message_id}",
		route == "GET /channels/{channel_id}/messages",
		route == "POST /channels/{channel_id}/typing":
		return Rate{5, 5 * time.Second}
	case strings.Contains(route, "/threads"):
		return Rate{10, 15 * time.Second}
	case strings.HasPrefix(route, "PUT /applications/"), strings.HasPrefix(route, "POST /applications/"):
		return Rate{5, 20 * time.Second}
	case strings.Contains(route, " /applications/"):
		return Rate{20, 20 * time.Second}
	case route == "GET /gateway/bot":
		return Rate{2, 5 * time.Second}
	case strings.Contains(route, " /webhooks/"):
		return Rate{5, 2 * time.Second}
	}
	return Rate{50, time.Second}
}

// major are the parameters that have buckets of their own.
var major = [...]string{"channel_id", "guild_id", "webhook_id", "webhook_token"}

// limit counts a request against the global limit and its route's. headers are
// for the answer; limited tells that a 429 goes back. Called with the lock held.
func (s *Server) limit(now time.Time, c *call) (headers http.Header, a answer, limited bool) {
	h := http.Header{}
	callback := strings.HasPrefix(c.route.path, "/interactions/")
	interaction := callback || strings.HasPrefix(c.route.path, "/webhooks/")
	if s.o.Limits.Global > 0 && !interaction {
		if _, wait, ok := s.rest.global.take(now, Rate{s.o.Limits.Global, time.Second}); !ok {
			return nil, globalLimit(wait), true
		}
	}
	name := c.route.method + " " + c.route.path
	rate, set := s.o.Limits.Routes[name]
	if !set {
		rate = rates(name)
	}
	if rate.Limit <= 0 || callback { // a callback is made once; Discord names no limit
		return h, answer{}, false
	}
	sum := sha256.Sum256([]byte(name))
	bucket := hex.EncodeToString(sum[:16])
	key := bucket
	for _, p := range major {
		key += "/" + c.params[p]
	}
	w := s.rest.buckets[key]
	if w == nil {
		s.dropOldBuckets(now)
		w = &window{}
		s.rest.buckets[key] = w
	}
	remaining, reset, ok := w.take(now, rate)
	h.Set("X-RateLimit-Limit", strconv.Itoa(rate.Limit))
	h.Set("X-RateLimit-Remaining", strconv.Itoa(remaining))
	h.Set("X-RateLimit-Reset", seconds(time.Duration(now.Add(reset).UnixMilli())*time.Millisecond))
	h.Set("X-RateLimit-Reset-After", seconds(reset))
	h.Set("X-RateLimit-Bucket", bucket)
	if ok {
		return h, answer{}, false
	}
	a = limitAnswer(reset, "user")
	maps.Copy(a.header, h)
	return h, a, true
}

// dropOldBuckets keeps the map from growing with interaction tokens.
func (s *Server) dropOldBuckets(now time.Time) {
	if len(s.rest.buckets) < 4096 {
		return
	}
	for k, w := range s.rest.buckets {
		if now.Sub(w.start) > time.Minute {
			delete(s.rest.buckets, k)
		}
	}
}

func seconds(d time.Duration) string {
	return strconv.FormatFloat(d.Seconds(), 'f', 3, 64)
}

// limitAnswer is the 429 of a bucket; scope is "user" or "shared".
func limitAnswer(wait time.Duration, scope string) answer {
	a := jsonAnswer(http.StatusTooManyRequests, object{
		"message": "You are being rate limited.", "retry_after": round(wait), "global": false,
	})
	a.header.Set("Retry-After", wholeSeconds(wait))
	a.header.Set("X-RateLimit-Scope", scope)
	return a
}

// globalLimit is the 429 of the global limit. It has no Reset-After.
// https://docs.discord.com/developers/topics/rate-limits#exceeding-a-rate-limit
func globalLimit(wait time.Duration) answer {
	a := jsonAnswer(http.StatusTooManyRequests, object{
		"message": "You are being rate limited.", "retry_after": round(wait), "global": true,
	})
	a.header.Set("Retry-After", wholeSeconds(wait))
	a.header.Set("X-RateLimit-Global", "true")
	a.header.Set("X-RateLimit-Scope", "global")
	return a
}

func round(d time.Duration) float64 { return math.Round(d.Seconds()*1000) / 1000 }

func wholeSeconds(d time.Duration) string {
	return strconv.Itoa(int(math.Ceil(d.Seconds())))
}

// cloudflareHTML is the block of Cloudflare, which stands before Discord.
func cloudflareHTML(wait time.Duration) answer {
	a := answer{status: http.StatusTooManyRequests, header: http.Header{}, body: []byte(
		"<!DOCTYPE html><html><head><title>Access denied</title></head><body>error code: 1015</body></html>")}
	a.header.Set("Content-Type", "text/html; charset=UTF-8")
	a.header.Set("Server", "cloudflare")
	if wait > 0 {
		a.header.Set("Retry-After", wholeSeconds(wait))
	}
	return a
}

// invalidWindow is Discord's for invalid requests.
const invalidWindow = 10 * time.Minute

// countInvalid counts 401, 403 and 429 answers, those of shared limits not.
// Called with the lock held.
func (s *Server) countInvalid(now time.Time, a answer) answer {
	switch a.status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusTooManyRequests:
		if a.header.Get("X-RateLimit-Scope") != "shared" {
			s.rest.invalid = append(s.rest.invalid, now)
		}
	}
	return a
}

// recentInvalid is called with the lock held.
func (s *Server) recentInvalid(now time.Time) int {
	i := 0
	for i < len(s.rest.invalid) && now.Sub(s.rest.invalid[i]) >= invalidWindow {
		i++
	}
	s.rest.invalid = s.rest.invalid[i:]
	return len(s.rest.invalid)
}

// blocked tells whether too many invalid requests closed the door.
func (s *Server) blocked(now time.Time) (answer, bool) {
	n := s.recentInvalid(now)
	if s.o.Limits.InvalidRequests <= 0 || n < s.o.Limits.InvalidRequests {
		return answer{}, false
	}
	return cloudflareHTML(invalidWindow - now.Sub(s.rest.invalid[0])), true
}

// InvalidRequests is how many answers of the last ten minutes count towards a
// block: 401, 403 and 429 except those of shared limits.
func (s *Server) InvalidRequests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.recentInvalid(s.o.Now())
}
