package article_test

import (
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/article"
	"github.com/attache-bot/attache/internal/feed/fetch"
	"github.com/attache-bot/attache/internal/feed/fetch/fetchtest"
)

// TestNoPageLeadsInside reads pages that redirect to hostile addresses, and reports
// whose links are such.
func TestNoPageLeadsInside(t *testing.T) {
	t.Parallel()
	w := fetchtest.Open(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Location", strings.TrimPrefix(r.URL.RequestURI(), "/moved/"))
		w.WriteHeader(http.StatusFound)
	}))
	client, err := fetch.New(fetch.Options{
		UserAgent: "attache", AllowPrivate: w.Opened, AllowPorts: w.Ports, Resolver: w.Resolver(), Timeout: testTimeout, Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	var links []string
	for i, u := range w.Hostile("http") {
		if parsed, err := url.Parse(u); err != nil || i%8 != 0 || parsed.Host == "" {
			continue
		}
		links = append(links, u, w.URL+"/moved/"+u)
	}
	r := wanting(t, links...)
	r.reader, err = article.NewReader(r.store, client, gate{}, extractor(t), article.Options{
		Allowed: func(int64) bool { return true }, Workers: 2, Lease: time.Minute, MaxAge: time.Hour, Every: time.Hour,
		Now: func() time.Time { return r.now }, Logger: slog.New(slog.DiscardHandler), Settled: func(w article.Wanted, s article.Settlement) { r.settled <- tried{w, s} },
	})
	r.must(err)
	refused := 0
	for link, s := range r.triedLinks(len(links)) {
		switch s.Reason {
		case article.Reason(fetch.ClassBlockedAddress):
			refused++
		case article.Reason(fetch.ClassBadURL), article.Reason(fetch.ClassBadRedirect), article.Reason(fetch.ClassDNS), article.Reason(fetch.ClassTruncated):
		default:
			t.Errorf("%q came to %s %s", link, s.State, s.Reason)
		}
	}
	if refused < 50 || w.Came() != 0 {
		t.Errorf("%d pages came as far as the guard, %d connections were made", refused, w.Came())
	}
}
