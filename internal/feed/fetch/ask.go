package fetch

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
)

// Question is a request with a body of JSON.
type Question struct {
	// URL is where it goes; see [CheckURL].
	URL string
	// Authorization is the header of that name; empty for none. It appears in no
	// error and no log.
	Authorization string
	Body          []byte
}

// Ask posts JSON and returns the answer's body, which is JSON too if the server
// means well. It follows no redirect, so that neither body nor authorization goes
// anywhere else. Addresses, sizes and times are held to the rules of [Client.Get].
// Every error is an [*Error].
func (c *Client) Ask(ctx context.Context, q Question) ([]byte, error) {
	u, err := CheckURL(q.URL)
	if err != nil {
		return nil, err
	}
	limited, cancel := context.WithTimeout(ctx, c.opts.Timeout)
	defer cancel()
	body, err := c.question(limited, u.String(), q)
	if err != nil {
		e := failure(ctx, err)
		c.log.DebugContext(ctx, "question failed", "host", u.Host, "error", e)
		return nil, e
	}
	return body, nil
}

func (c *Client) question(ctx context.Context, to string, q Question) ([]byte, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(q.Body))
	if err != nil {
		return nil, &Error{Class: ClassBadURL, cause: err}
	}
	r.Header.Set("User-Agent", c.opts.UserAgent)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Accept-Encoding", acceptedEncoding)
	if q.Authorization != "" {
		r.Header.Set("Authorization", q.Authorization)
	}
	resp, err := c.rt.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	defer closeBody(resp)
	if resp.StatusCode != http.StatusOK {
		return nil, &Error{
			Class: statusClass(resp.StatusCode), Status: resp.StatusCode, RetryAfter: retryAfter(resp.Header, c.opts.Now()),
			cause: fmt.Errorf("%w: %d", errStatusUnknown, resp.StatusCode),
		}
	}
	answer, _, err := readBody(resp, c.opts.MaxWire, c.opts.MaxBody)
	return answer, err
}
