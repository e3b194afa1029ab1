package fetch

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// Post sends a form, for hubs that bring feeds. It succeeds when the answer is
// any 2xx, and follows only redirects that keep method and body (307 and 308).
// Addresses, redirects and times are held to the rules of [Client.Get]; the
// answer's body is not read. Every error is an [*Error].
func (c *Client) Post(ctx context.Context, rawURL string, form url.Values) error {
	u, err := CheckURL(rawURL)
	if err != nil {
		return err
	}
	limited, cancel := context.WithTimeout(ctx, c.opts.Timeout)
	defer cancel()
	if err := c.post(limited, u, form.Encode()); err != nil {
		e := failure(ctx, err)
		c.log.DebugContext(ctx, "post failed", "host", u.Host, "error", e)
		return e
	}
	return nil
}

func (c *Client) post(ctx context.Context, u *url.URL, body string) error {
	for range maxRedirects + 1 {
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), strings.NewReader(body))
		if err != nil {
			return &Error{Class: ClassBadURL, cause: err}
		}
		r.Header.Set("User-Agent", c.opts.UserAgent)
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		resp, err := c.rt.RoundTrip(r)
		if err != nil {
			return err
		}
		closeBody(resp)
		switch code := resp.StatusCode; {
		case code >= 200 && code <= 299:
			return nil
		case code == http.StatusTemporaryRedirect, code == http.StatusPermanentRedirect:
			if u, err = redirectTarget(u, resp); err != nil {
				return err
			}
		case isRedirect(code):
			return fmt.Errorf("%w: %d would lose the form", errBadRedirect, code)
		default:
			return &Error{
				Class: statusClass(code), Status: code, RetryAfter: retryAfter(resp.Header, c.opts.Now()),
				cause: fmt.Errorf("%w: %d", errStatusUnknown, code),
			}
		}
	}
	return errTooManyHops
}
