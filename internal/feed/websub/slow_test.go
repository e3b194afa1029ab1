package websub_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/feed/websub"
)

// agreed are subscriptions by their paths.
type agreed struct {
	websub.Store
	with map[string]websub.Subscription
}

func (a agreed) Subscription(_ context.Context, path string) (websub.Subscription, error) {
	return a.with[path], nil
}

// taken counts the documents that were handed on.
type taken struct{ n int }

func (p *taken) Push(context.Context, feed.ID, []byte, string) error {
	p.n++
	return nil
}

// TestAHubThatIsSlowHoldsUpNoOther has a hub begin many documents and end none, and
// then another one bring its own.
func TestAHubThatIsSlowHoldsUpNoOther(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		slow, quick := strings.Repeat("s", 26), strings.Repeat("q", 26)
		p := &taken{}
		server, err := websub.NewServer(agreed{with: map[string]websub.Subscription{
			slow:  {Path: slow, Hub: "https://slow.example/", Secret: "one", State: websub.Active},
			quick: {Path: quick, Hub: "https://quick.example/", Secret: "two", State: websub.Active},
		}}, p, websub.ServerOptions{Now: time.Now, Logger: slog.New(slog.DiscardHandler)})
		must(t, err)
		bring := func(path, signature string, body io.Reader) int {
			w, r := httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/push/"+path, body)
			r.Header.Set("X-Hub-Signature", signature)
			server.ServeHTTP(w, r)
			return w.Code
		}
		var begun []*io.PipeWriter
		for range 8 {
			body, writer := io.Pipe()
			begun = append(begun, writer)
			go bring(slow, "", body)
		}
		synctest.Wait()
		if status := bring(quick, sign("sha256", "two", []byte("news")), strings.NewReader("news")); status != http.StatusAccepted || p.n != 1 {
			t.Errorf("the other hub is answered %d, %d documents are taken in", status, p.n)
		}
		for _, w := range begun {
			must(t, w.Close())
		}
	})
}
