package bot

import (
	"errors"
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/attache-bot/attache/bot/rest"
	"github.com/attache-bot/attache/internal/alert"
)

func TestWhatARefusalMeansForADelivery(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name  string
		err   error
		want  alert.Reason
		wait  time.Duration
		doubt bool
	}{
		{"a limit", &rest.Error{Status: 429, Scope: rest.ScopeUser, RetryAfter: 2 * time.Second}, alert.ReasonRateLimited, 2 * time.Second, false},
		{"a block by Cloudflare", &rest.Error{Status: 429, Scope: rest.ScopeCloudflare, RetryAfter: time.Minute}, alert.ReasonHeldBack, time.Minute, false},
		{"our own limits", &rest.WaitError{Wait: time.Second, Err: errors.New("deadline")}, alert.ReasonRateLimited, time.Second, false},
		{"our own breaker", &rest.RefusedError{Reason: rest.RefusedInvalid, Wait: time.Minute}, alert.ReasonHeldBack, time.Minute, false},
		{"a refused token", &rest.Error{Status: 401}, alert.ReasonUnauthorized, 0, false},
		{"a token refused earlier", &rest.RefusedError{Reason: rest.RefusedToken}, alert.ReasonUnauthorized, 0, false},
		{"a deleted channel", &rest.Error{Status: 404, Code: 10003}, alert.ReasonNoChannel, 0, false},
		{"a guild that is gone", &rest.Error{Status: 404, Code: 10004}, alert.ReasonNoGuild, 0, false},
		{"a message that people deleted", &rest.Error{Status: 404, Code: 10008}, alert.ReasonDeletedThere, 0, false},
		{"a lost permission", &rest.Error{Status: 403, Code: 50013}, alert.ReasonNoAccess, 0, false},
		{"a person who takes no messages", &rest.Error{Status: 403, Code: 50007}, alert.ReasonUnreachable, 0, false},
		{"a forum", &rest.Error{Status: 400, Code: 40058}, alert.ReasonWrongChannel, 0, false},
		{"content that breaks a rule", &rest.Error{Status: 400, Code: 50035}, alert.ReasonRefused, 0, false},
		{"content that AutoMod blocks", &rest.Error{Status: 403, Code: 200000}, alert.ReasonRefused, 0, false},
		{"a 400 of unknown kind", &rest.Error{Status: 400, Code: 1}, alert.ReasonRefused, 0, false},
		{"a failure of Discord", &rest.Error{Status: 502}, alert.ReasonUnavailable, 0, true},
		{"an unreadable answer", &rest.DecodeError{Status: 200, Err: errors.New("bad JSON")}, alert.ReasonUncertain, 0, true},
		{"what failed before anything was sent", errors.New("?"), alert.ReasonUnavailable, 0, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			err := sendError(fmt.Errorf("call: %w", &url.Error{Op: "Post", URL: "https://discord.com", Err: c.err}))
			var se *alert.SendError
			if !errors.As(err, &se) {
				t.Fatalf("%v is no SendError", err)
			}
			if se.Reason != c.want || se.RetryAfter != c.wait || se.Doubt != c.doubt {
				t.Errorf("got %s, wait %v, doubt %v; want %s, %v, %v", se.Reason, se.RetryAfter, se.Doubt, c.want, c.wait, c.doubt)
			}
			if !errors.Is(err, c.err) {
				t.Error("the cause is lost")
			}
		})
	}
}

func TestSnowflakeOfATime(t *testing.T) {
	t.Parallel()
	// The example of https://discord.com/developers/docs/reference#snowflakes,
	// without the bits that are not time.
	at := time.UnixMilli(1462015105796)
	if got := snowflake(at); got != "175928847298985984" {
		t.Errorf("got %s", got)
	}
	if got := snowflake(time.Time{}); got != "0" {
		t.Errorf("before the epoch: %s", got)
	}
}

func TestAPIBase(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"https://discord.com": "https://discord.com/api/v10", "http://127.0.0.1:8700/": "http://127.0.0.1:8700/api/v10",
		"https://proxy.example/discord/api/v10": "https://proxy.example/discord/api/v10",
	} {
		if got, err := apiBase(in); err != nil || got != want {
			t.Errorf("%s: got %s, %v", in, got, err)
		}
	}
	for _, in := range []string{"", "discord.com", "::"} {
		if _, err := apiBase(in); err == nil {
			t.Errorf("%q: accepted", in)
		}
	}
}
