package rest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestNetworkErrors(t *testing.T) {
	t.Parallel()
	t.Run("a refused connection was certainly not sent", func(t *testing.T) {
		t.Parallel()
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		addr := l.Addr().String()
		_ = l.Close()
		c := newClient(t, nil, func(o *Options) { o.Next, o.BaseURL = nil, "http://"+addr })
		err = post(t.Context(), c, 1)
		var ne *NetworkError
		if !errors.As(err, &ne) || Ambiguous(err) {
			t.Errorf("got %v, ambiguous %v", err, Ambiguous(err))
		}
	})
	t.Run("a connection cut after the request is ambiguous", func(t *testing.T) {
		t.Parallel()
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			conn, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				_ = conn.Close()
			}
		}))
		defer srv.Close()
		c := newClient(t, nil, func(o *Options) { o.Next, o.BaseURL = nil, srv.URL })
		defer c.CloseIdleConnections()
		if err := post(t.Context(), c, 1); !Ambiguous(err) {
			t.Errorf("%v is not ambiguous", err)
		}
	})
	t.Run("a deadline during the request is ambiguous", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			c := newClient(t, &discord{delay: time.Hour})
			err := post(t.Context(), c, 1)
			if !Ambiguous(err) || !errors.Is(err, context.DeadlineExceeded) {
				t.Errorf("%v is not an ambiguous deadline", err)
			}
		})
	})
	t.Run("an unreadable success is ambiguous", func(t *testing.T) {
		t.Parallel()
		for _, body := range []string{"", "{", `{"id":""}`, `{"id":"` + strings.Repeat("1", maxAnswerBody) + `"}`} {
			_, err := newClient(t, always(200, body)).CreateMessage(t.Context(), "1", struct{}{}, nil, "n")
			var de *DecodeError
			if !errors.As(err, &de) || !Ambiguous(err) {
				t.Errorf("got %v", err)
			}
		}
	})
}

func TestNothingLeaksSecrets(t *testing.T) {
	t.Parallel()
	const canary, itoken = "canary-bot-token", "canary-interaction.token"
	var logged bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
	echo := func(status int) *answers {
		return &answers{f: func(_ int, r *http.Request) (*http.Response, error) {
			text := r.URL.String() + " " + r.Header.Get("Authorization")
			return answer(status, `{"code":1,"message":"`+text+`"}`, "X-Echo: "+text), nil
		}}
	}
	fails := &answers{f: func(_ int, r *http.Request) (*http.Response, error) {
		return nil, &url.Error{Op: "Post", URL: r.URL.String(), Err: errors.New("broken " + r.Header.Get("Authorization"))}
	}}
	for _, next := range []*answers{echo(400), echo(401), echo(403), echo(429), echo(500), fails, always(200, "<")} {
		tr := newTransport(t, next, func(o *Options) { o.Logger = logger })
		c, err := NewClient(tr, "Bot "+canary)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		_, err1 := c.CreateMessage(ctx, "1", struct{}{}, nil, "n")
		err2 := c.AnswerInteraction(ctx, "1", itoken, struct{}{}, nil)
		_, err3 := c.EditAnswer(ctx, "1", itoken, struct{}{}, nil)
		cancel()
		for _, err := range []error{err1, err2, err3} {
			fmt.Fprintf(&logged, "%v %+v %#v %s\n", err, err, err, errors.Unwrap(err))
			var e *Error
			if errors.As(err, &e) {
				fmt.Fprintf(&logged, "%s %v\n", e.Body, e.Header)
			}
		}
		fmt.Fprintf(&logged, "%+v %#v %v\n", c, c, tr.Stats())
	}
	for _, secret := range []string{canary, itoken} {
		if i := strings.Index(logged.String(), secret); i >= 0 {
			t.Errorf("leaks %s: …%s…", secret, logged.String()[max(0, i-200):i+len(secret)])
		}
	}
	if !strings.Contains(logged.String(), redacted) {
		t.Error("the servers echoed nothing: this test cannot fail")
	}
}
