package article_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/article"
	"github.com/attache-bot/attache/internal/feed/fetch"
)

var noon = time.Date(2026, 1, 29, 12, 0, 0, 0, time.UTC)

func TestJudge(t *testing.T) {
	t.Parallel()
	after := func(d time.Duration) time.Time { return noon.Add(d) }
	for name, c := range map[string]struct {
		failures int
		err      error
		want     article.Settlement
	}{
		"a text": {0, nil, article.Settlement{State: article.Read, Reason: article.Done, Text: "text"}},
		"who is refused does not ask again": {
			0, &fetch.Error{Class: fetch.ClassForbidden, Status: 403},
			article.Settlement{State: article.GivenUp, Reason: "forbidden"},
		},
		"a page that costs money": {
			0, &fetch.Error{Class: fetch.ClassBadStatus, Status: 402},
			article.Settlement{State: article.GivenUp, Reason: "bad-status"},
		},
		"a page inside the network": {
			0, &fetch.Error{Class: fetch.ClassBlockedAddress},
			article.Settlement{State: article.GivenUp, Reason: "blocked-address"},
		},
		"a server with a fault is asked again": {
			0, &fetch.Error{Class: fetch.ClassServerError},
			article.Settlement{State: article.Waits, Reason: "server-error", Due: after(time.Minute), Failures: 1},
		},
		"ever more seldom": {
			1, &fetch.Error{Class: fetch.ClassTimeout},
			article.Settlement{State: article.Waits, Reason: "timeout", Due: after(5 * time.Minute), Failures: 2},
		},
		"and not for ever": {
			2, &fetch.Error{Class: fetch.ClassTimeout},
			article.Settlement{State: article.GivenUp, Reason: "timeout", Failures: 3},
		},
		"when the server asks to": {
			0, &fetch.Error{Class: fetch.ClassRateLimited, RetryAfter: 10 * time.Minute},
			article.Settlement{State: article.Waits, Reason: "rate-limited", Due: after(10 * time.Minute), Failures: 1},
		},
		"but not tomorrow": {
			0, &fetch.Error{Class: fetch.ClassRateLimited, RetryAfter: 24 * time.Hour},
			article.Settlement{State: article.GivenUp, Reason: "rate-limited", Failures: 1},
		},
		"our own end counts for nothing": {
			1, &fetch.Error{Class: fetch.ClassCanceled},
			article.Settlement{State: article.Waits, Reason: article.Stopped, Due: noon, Failures: 1},
		},
		"a page that says that it is not free": {
			0, &article.Error{Reason: article.Paywall},
			article.Settlement{State: article.GivenUp, Reason: article.Paywall},
		},
		"reading that was broken off": {
			0, &article.Error{Reason: article.Stopped},
			article.Settlement{State: article.Waits, Reason: article.Stopped, Due: noon},
		},
		"a store that fails": {
			0, errors.New("disk full"),
			article.Settlement{State: article.Waits, Reason: article.Fault, Due: after(time.Minute), Failures: 1},
		},
	} {
		text := "text"
		if c.err != nil {
			text = ""
		}
		got := article.Judge(noon, article.Wanted{Failures: c.failures}, text, c.err)
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
