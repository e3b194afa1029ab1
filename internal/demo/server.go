package demo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Server serves the outlets' feeds and their articles. The story begins when
// every feed has been asked for once.
type Server struct {
	script Script
	now    func() time.Time
	speed  float64

	mu      sync.Mutex
	asked   map[string]bool
	started time.Time
	begun   chan struct{}
	// shown counts how often each item's feed was asked for since the item stands
	// in it.
	shown []int
	// after counts how often each feed was asked for since its story was told.
	after map[string]int
	read  chan struct{}
	// down are the outlets whose feeds fail, with how often they did.
	down map[string]*outage
}

// outage is the time while an outlet's feed fails.
type outage struct {
	asked int
	// noticed is closed when whoever asks has acted on a failure.
	noticed chan struct{}
}

// settled is how often a feed is asked for until what stands in it was acted on:
// the first time hands it over, and whoever asks again has stored it.
const settled = 2

// readAgain is how many times a feed is asked for after the end until it
// counts as read: the first answer holds the end, the later ones show that
// whoever asks has had the time to act on it.
const readAgain = 3

// NewServer returns a server that plays the script speed times as fast as it
// is written, on the clock now.
func NewServer(s Script, speed float64, now func() time.Time) (*Server, error) {
	if speed <= 0 {
		return nil, errors.New("demo speed must be positive")
	}
	return &Server{
		script: s, now: now, speed: speed, shown: make([]int, len(s.Items)), asked: map[string]bool{}, begun: make(chan struct{}),
		after: map[string]int{}, read: make(chan struct{}), down: map[string]*outage{},
	}, nil
}

// Publish has an outlet publish a report now, beside the script.
func (s *Server) Publish(outlet, title, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.script.Items = append(slices.Clone(s.script.Items), Item{Outlet: outlet, Title: title, Text: text, when: s.now()})
	s.shown = append(s.shown, settled)
}

// Fail has an outlet's feed fail from now on. What it returns is closed when whoever
// asks for the feed has acted on a failure.
func (s *Server) Fail(outlet string) (noticed <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := &outage{noticed: make(chan struct{})}
	s.down[outlet] = o
	return o.noticed
}

// Mend has an outlet's feed answer again.
func (s *Server) Mend(outlet string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.down, outlet)
}

// items are what the outlets publish, by the script and beside it.
func (s *Server) items() []Item {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.script.Items
}

// failing tells whether an outlet fails, and counts that it was asked for.
func (s *Server) failing(outlet string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, fails := s.down[outlet]
	if !fails {
		return false
	}
	if o.asked++; o.asked == settled {
		close(o.noticed)
	}
	return true
}

// Begun is closed when the story begins.
func (s *Server) Begun() <-chan struct{} { return s.begun }

// WaitRead returns when the story is told and every feed was read to its end,
// or with ctx's error.
func (s *Server) WaitRead(ctx context.Context) error {
	select {
	case <-s.read:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for the sample feeds to be read: %w", ctx.Err())
	}
}

// FeedPath is the path of an outlet's feed.
func FeedPath(outlet string) string { return "/" + outlet + "/feed" }

// ServeHTTP serves /OUTLET, a site, /OUTLET/feed, and /OUTLET/N, an article; and at
// / what there is.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	o, ok := s.outlet(id)
	switch {
	case id == "":
		s.site(w, s.script.Outlets, "Sample outlets")
	case !ok:
		http.NotFound(w, r)
	case s.failing(id):
		http.Error(w, "the sample outlet is down", http.StatusServiceUnavailable)
	case rest == "":
		s.site(w, []Outlet{o}, o.Name)
	case rest == "feed":
		s.feed(w, r, o)
	default:
		s.article(w, r, o, rest)
	}
}

func (s *Server) outlet(id string) (Outlet, bool) {
	for _, o := range s.script.Outlets {
		if o.ID == id {
			return o, true
		}
	}
	return Outlet{}, false
}

func (s *Server) feed(w http.ResponseWriter, r *http.Request, o Outlet) {
	entries := s.published(o.ID, s.begin(o.ID))
	base := "http://" + r.Host
	body, contentType, err := write(o, base, entries)
	if err != nil {
		http.Error(w, "the sample feed could not be written", http.StatusInternalServerError)
		return
	}
	sum := sha256.Sum256(body)
	tag := `"` + hex.EncodeToString(sum[:8]) + `"`
	w.Header().Set("ETag", tag)
	w.Header().Set("Cache-Control", "no-cache")
	if r.Header.Get("If-None-Match") == tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	w.Header().Set("Content-Type", contentType)
	_, _ = w.Write(body) // a reader that went away asks again
}

// begin notes that a feed was asked for, starts the story with the last of
// them, and returns how far the story is; negative while it has not begun.
func (s *Server) begin(outlet string) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.started.IsZero() {
		s.asked[outlet] = true
		if slices.ContainsFunc(s.script.Outlets, func(o Outlet) bool { return !o.Own && !s.asked[o.ID] }) {
			return -1
		}
		s.started = s.now()
		close(s.begun)
		return -1 // what this reader gets is its first import
	}
	elapsed := s.show(outlet, time.Duration(float64(s.now().Sub(s.started))*s.speed))
	if elapsed >= s.script.Length() {
		s.countRead(outlet)
	}
	return elapsed
}

// show returns how far the story is for those who ask at elapsed, and notes what an
// outlet's feed shows them. The story waits for its readers: nothing is told before
// what came earlier was acted on, however slow the machine is. It is called with
// the lock held.
func (s *Server) show(outlet string, elapsed time.Duration) time.Duration {
	for n, it := range s.script.Items {
		if at := time.Duration(it.At) * time.Second; at >= 0 && s.shown[n] < settled && !s.own(it.Outlet) {
			elapsed = min(elapsed, at)
		}
	}
	for n, it := range s.script.Items {
		if it.Outlet == outlet && it.At >= 0 && time.Duration(it.At)*time.Second <= elapsed {
			s.shown[n]++
		}
	}
	return elapsed
}

// own tells whether nobody reads an outlet unless it is added.
func (s *Server) own(outlet string) bool {
	o, _ := s.outlet(outlet)
	return o.Own
}

// countRead counts a request after the end. It is called with the lock held.
func (s *Server) countRead(outlet string) {
	if s.after[outlet]++; s.after[outlet] != readAgain || s.own(outlet) {
		return
	}
	for _, o := range s.script.Outlets {
		if s.after[o.ID] < readAgain && !o.Own {
			return
		}
	}
	close(s.read)
}

// entry is an item as it stands in a feed.
type entry struct {
	Number  int
	Title   string
	Text    string
	Renamed bool
	Time    time.Time
}

// published returns an outlet's items up to now, newest first.
func (s *Server) published(outlet string, elapsed time.Duration) []entry {
	s.mu.Lock()
	start := s.started
	s.mu.Unlock()
	if start.IsZero() {
		start = s.now()
	}
	var out []entry
	renamed := false
	for n, it := range s.items() {
		at := time.Duration(it.At) * time.Second
		if it.Outlet != outlet || it.At >= 0 && at > elapsed && it.when.IsZero() {
			continue
		}
		if it.Rename {
			renamed = true
			continue
		}
		if it.At >= 0 {
			at = time.Duration(float64(at) / s.speed)
		}
		when := start.Add(at)
		if !it.when.IsZero() {
			when = it.when
		}
		out = append([]entry{{Number: n, Title: it.Title, Text: it.Text, Time: when.UTC()}}, out...)
	}
	for i := range out {
		out[i].Renamed = renamed
	}
	return out
}

// path is where an entry's article is; renaming moves it.
func (e entry) path(o Outlet) string {
	if e.Renamed {
		return "/" + o.ID + "/story-" + strconv.Itoa(e.Number)
	}
	return "/" + o.ID + "/" + strconv.Itoa(e.Number)
}

// sitePage names its feeds, as sites do.
var sitePage = template.Must(template.New("site").Parse(`<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{{.Title}}</title>
{{range .Outlets}}<link rel="alternate" title="{{.Name}}" type="application/rss+xml" href="/{{.ID}}/feed">
{{end}}<style>body{font:18px/1.6 Georgia,serif;max-width:38rem;margin:3rem auto;padding:0 1rem;color-scheme:light dark}</style>
<h1>{{.Title}}</h1><p>In Attaché's demo, not in the world.</p><ul>{{range .Outlets}}<li><a href="/{{.ID}}/feed">{{.Name}}</a></li>{{end}}</ul></html>
`))

func (s *Server) site(w http.ResponseWriter, outlets []Outlet, title string) {
	page(w)
	_ = sitePage.Execute(w, map[string]any{"Outlets": outlets, "Title": title}) // the reader went away
}

// page says that a page follows.
func page(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
}

var articlePage = template.Must(template.New("article").Parse(`<!doctype html>
<html lang="{{.Outlet.Language}}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{{.Item.Title}} - {{.Outlet.Name}}</title>
<style>body{font:18px/1.6 Georgia,serif;max-width:38rem;margin:3rem auto;padding:0 1rem;color-scheme:light dark}small{color:gray}</style>
<small>{{.Outlet.Name}} · a sample outlet of Attaché's demo</small><h1>{{.Item.Title}}</h1><p>{{.Item.Text}}</p></html>
`))

func (s *Server) article(w http.ResponseWriter, r *http.Request, o Outlet, rest string) {
	n, err := strconv.Atoi(strings.TrimPrefix(rest, "story-"))
	items := s.items()
	if err != nil || n < 0 || n >= len(items) || items[n].Outlet != o.ID || items[n].Rename {
		http.NotFound(w, r)
		return
	}
	page(w)
	_ = articlePage.Execute(w, map[string]any{"Outlet": o, "Item": items[n]}) // the reader went away
}
