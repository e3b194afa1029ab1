package demo

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"net/http"
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
	return &Server{script: s, now: now, speed: speed, shown: make([]int, len(s.Items)), asked: map[string]bool{}, begun: make(chan struct{}), after: map[string]int{}, read: make(chan struct{})}, nil
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

// ServeHTTP serves /OUTLET/feed and /OUTLET/N, an article.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	id, rest, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	o, ok := s.outlet(id)
	switch {
	case !ok:
		http.NotFound(w, r)
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
		if len(s.asked) < len(s.script.Outlets) {
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
		if at := time.Duration(it.At) * time.Second; at >= 0 && s.shown[n] < settled {
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

// countRead counts a request after the end. It is called with the lock held.
func (s *Server) countRead(outlet string) {
	if s.after[outlet]++; s.after[outlet] != readAgain {
		return
	}
	for _, o := range s.script.Outlets {
		if s.after[o.ID] < readAgain {
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
	for n, it := range s.script.Items {
		at := time.Duration(it.At) * time.Second
		if it.Outlet != outlet || it.At >= 0 && at > elapsed {
			continue
		}
		if it.Rename {
			renamed = true
			continue
		}
		if it.At >= 0 {
			at = time.Duration(float64(at) / s.speed)
		}
		out = append([]entry{{Number: n, Title: it.Title, Text: it.Text, Time: start.Add(at).UTC()}}, out...)
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

var articlePage = template.Must(template.New("article").Parse(`<!doctype html>
<html lang="{{.Outlet.Language}}"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{{.Item.Title}} - {{.Outlet.Name}}</title>
<style>body{font:18px/1.6 Georgia,serif;max-width:38rem;margin:3rem auto;padding:0 1rem;color-scheme:light dark}small{color:gray}</style>
<small>{{.Outlet.Name}} · a sample outlet of Attaché's demo</small><h1>{{.Item.Title}}</h1><p>{{.Item.Text}}</p></html>
`))

func (s *Server) article(w http.ResponseWriter, r *http.Request, o Outlet, rest string) {
	n, err := strconv.Atoi(strings.TrimPrefix(rest, "story-"))
	if err != nil || n < 0 || n >= len(s.script.Items) || s.script.Items[n].Outlet != o.ID || s.script.Items[n].Rename {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	_ = articlePage.Execute(w, map[string]any{"Outlet": o, "Item": s.script.Items[n]}) // the reader went away
}
