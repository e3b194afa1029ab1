package fetch

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxWait bounds what a server's Retry-After, max-age and Expires can ask for.
const maxWait = 7 * 24 * time.Hour

// retryAfter reads Retry-After in seconds or as a date,
// https://www.rfc-editor.org/rfc/rfc9110#field.retry-after. It is never
// negative and at most a week; 0 when absent or unreadable.
func retryAfter(h http.Header, now time.Time) time.Duration {
	v := strings.TrimSpace(h.Get("Retry-After"))
	if v == "" {
		return 0
	}
	if d, ok := seconds(v); ok {
		return d
	}
	at, err := http.ParseTime(v)
	if err != nil {
		return 0
	}
	return min(max(at.Sub(now), 0), maxWait)
}

// fresh is for how long the answer says that it will stay as it is: max-age or
// Expires, less the time that it has spent in caches on its way,
// https://www.rfc-editor.org/rfc/rfc9111#section-4.2. Asking again earlier would
// bring the same. It is never negative and at most a week; 0 when the answer does
// not say, contradicts itself, or asks not to be kept.
func fresh(h http.Header, now time.Time) time.Duration {
	age, _ := seconds(strings.TrimSpace(h.Get("Age")))
	lifetime, told := maxAge(h.Values("Cache-Control"))
	if !told {
		lifetime = untilExpiry(h, now)
	}
	return min(max(lifetime-age, 0), maxWait)
}

// maxAge reads max-age of Cache-Control,
// https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2. It is told, and 0, also
// when it is unreadable or overruled by no-cache or no-store. Where it stands
// twice, the first counts.
func maxAge(values []string) (age time.Duration, told bool) {
	for rest := strings.Join(values, ","); rest != ""; {
		var directive string
		directive, rest = cutList(rest, ',')
		name, value, _ := strings.Cut(strings.TrimSpace(directive), "=")
		switch strings.ToLower(name) {
		case "no-cache", "no-store":
			return 0, true
		case "max-age":
			if !told {
				age, _ = seconds(unquote(value))
				told = true
			}
		}
	}
	return age, told
}

// untilExpiry is the time from the answer's own date to its expiry, so that a
// server's wrong clock does no harm; 0 when it has expired, however long ago.
func untilExpiry(h http.Header, now time.Time) time.Duration {
	expiry, err := http.ParseTime(h.Get("Expires"))
	if err != nil {
		return 0 // also for 0 and -1, which mean that it has expired
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return max(expiry.Sub(now), 0)
}

// seconds reads a run of digits, however long.
func seconds(s string) (time.Duration, bool) {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n > int64(maxWait/time.Second) {
		return maxWait, true
	}
	return time.Duration(n) * time.Second, true
}

// maxValidator bounds an ETag or Last-Modified that is kept and sent back.
const maxValidator = 1024

// validator returns a header value that may be stored and sent back, or "".
func validator(v string) string {
	if len(v) > maxValidator {
		return ""
	}
	for i := range len(v) {
		if v[i] < ' ' || v[i] == 0x7f {
			return ""
		}
	}
	return strings.TrimSpace(v)
}
