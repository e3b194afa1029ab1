package fetch

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// maxWait bounds what a server's Retry-After and max-age can ask for.
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

// maxAge reads max-age of Cache-Control,
// https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.1; 0 when absent,
// unreadable or overruled by no-cache or no-store.
func maxAge(h http.Header) time.Duration {
	var age time.Duration
	for directive := range strings.SplitSeq(strings.Join(h.Values("Cache-Control"), ","), ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(directive), "=")
		switch strings.ToLower(name) {
		case "no-cache", "no-store":
			return 0
		case "max-age":
			age, _ = seconds(strings.Trim(value, `"`))
		}
	}
	return age
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
