package app_test

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// item is one item of an outlet.
type item struct {
	title, text, link, id string
	at                    time.Time
}

// outlets serve one RSS feed each, and pages.
type outlets struct {
	listener net.Listener
	mu       sync.Mutex
	feeds    map[string]*outlet
	// pages are the bodies of pages in HTML by path, opened counts the requests for
	// each.
	pages  map[string]string
	opened map[string]int
	// asked is closed and made anew with each request.
	asked chan struct{}
}

type outlet struct {
	items  []item
	status int
	body   string
	reads  int
	// served is when the newest item was first handed out, and with it so many.
	served   time.Time
	newestOf int
}

func openOutlets(t testing.TB) *outlets {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	o := &outlets{listener: l, feeds: map[string]*outlet{}, pages: map[string]string{}, opened: map[string]int{}, asked: make(chan struct{})}
	srv := &http.Server{Handler: o, ReadHeaderTimeout: 5 * time.Second}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = srv.Serve(l)
	}()
	t.Cleanup(func() { _ = srv.Close(); <-done })
	return o
}

func (o *outlets) address() netip.AddrPort {
	return o.listener.Addr().(*net.TCPAddr).AddrPort()
}

func (o *outlets) add(id string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.feeds[id] = &outlet{}
}

// publish adds an item to an outlet, with a link and the present time unless it
// has others, and returns its headline.
func (o *outlets) publish(id string, it item) string {
	o.mu.Lock()
	defer o.mu.Unlock()
	f := o.feeds[id]
	if it.id == "" {
		it.id = fmt.Sprintf("%s-%d", id, len(f.items))
	}
	if it.link == "" {
		it.link = "https://" + id + ".example/" + url.PathEscape(it.id)
	}
	if it.at.IsZero() {
		it.at = time.Now()
	}
	f.items = append(f.items, it)
	return it.title
}

// write puts a page beside the feeds and returns its address.
func (o *outlets) write(path, body string) string {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.pages[path] = body
	return "http://" + o.address().String() + path
}

// opens counts the requests for a page.
func (o *outlets) opens(path string) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.opened[path]
}

// answer makes an outlet answer with a status, and with a body if it is 200; 0
// ends that.
func (o *outlets) answer(id string, status int, body string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.feeds[id].status, o.feeds[id].body = status, body
}

// fail makes an outlet answer like that and waits until the bot has stored what
// came of it: a feed is asked for again only after that.
func (o *outlets) fail(ctx context.Context, t testing.TB, id string, status int, body string) {
	t.Helper()
	o.answer(id, status, body)
	// A request that was under way before has had the old answer.
	o.waitReads(ctx, t, id, 2)
}

// totals are how often each outlet has been asked for.
func (o *outlets) totals() map[string]int {
	o.mu.Lock()
	defer o.mu.Unlock()
	out := map[string]int{}
	for id, f := range o.feeds {
		out[id] = f.reads
	}
	return out
}

// waitReads waits until an outlet has been asked for so many times more.
func (o *outlets) waitReads(ctx context.Context, t testing.TB, id string, more int) {
	t.Helper()
	o.waitTotal(ctx, t, id, o.totals()[id]+more)
}

// waitTotal waits until an outlet has been asked for so many times.
func (o *outlets) waitTotal(ctx context.Context, t testing.TB, id string, want int) {
	t.Helper()
	for {
		o.mu.Lock()
		asked, reads := o.asked, o.feeds[id].reads
		o.mu.Unlock()
		if reads >= want {
			return
		}
		select {
		case <-asked:
		case <-ctx.Done():
			t.Fatalf("outlet %s was not asked for: %v", id, ctx.Err())
		}
	}
}

func (o *outlets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if page, ok := o.pages[r.URL.Path]; ok {
		o.opened[r.URL.Path]++
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_, _ = w.Write([]byte(page)) // as below
		return
	}
	f := o.feeds[strings.TrimPrefix(r.URL.Path, "/")]
	if f == nil {
		http.NotFound(w, r)
		return
	}
	f.reads++
	close(o.asked)
	o.asked = make(chan struct{})
	if f.status != 0 {
		w.WriteHeader(f.status)
		_, _ = w.Write([]byte(f.body)) // a reader that went away asks again
		return
	}
	w.Header().Set("Content-Type", "application/rss+xml")
	_, _ = w.Write(rss(f.items)) // as above
	if len(f.items) > f.newestOf {
		f.newestOf, f.served = len(f.items), time.Now()
	}
}

// firstServed is when the newest item of an outlet was first handed out.
func (o *outlets) firstServed(id string) time.Time {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.feeds[id].served
}

func rss(items []item) []byte {
	var b bytes.Buffer
	element := func(name, value string) {
		fmt.Fprintf(&b, "<%s>", name)
		_ = xml.EscapeText(&b, []byte(value)) // a buffer takes everything
		fmt.Fprintf(&b, "</%s>", name)
	}
	b.WriteString(`<rss version="2.0"><channel><title>Outlet</title>`)
	for _, it := range slices.Backward(items) {
		b.WriteString(`<item>`)
		element("title", it.title)
		element("description", it.text)
		element("link", it.link)
		element("guid", it.id)
		element("pubDate", it.at.UTC().Format(time.RFC1123Z))
		b.WriteString(`</item>`)
	}
	b.WriteString(`</channel></rss>`)
	return b.Bytes()
}
