package sandbox

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// maxStream bounds the events that a page can catch up on.
	maxStream = 2_000
	// pingEvery keeps connections open and finds dead ones.
	pingEvery = 15 * time.Second
)

// streamEvent is an event for the page.
type streamEvent struct {
	n    int
	name string
	data []byte
	// user is the only one who gets it; channel must be visible to who gets it.
	user, channel string
}

// streamState holds the last events.
type streamState struct {
	boot   string // tells this server's ids from an earlier one's
	n      int    // of the last event
	events []streamEvent
}

func newStreamState(now time.Time) streamState {
	return streamState{boot: strconv.FormatInt(now.UnixNano(), 36)}
}

// emitAll, emitUser and emitChannel are called with the lock held.
func (s *Server) emitAll(name string, data object) { s.emit(streamEvent{name: name}, data) }

func (s *Server) emitUser(name, user string, data object) {
	s.emit(streamEvent{name: name, user: user}, data)
}

func (s *Server) emitChannel(name, channel, user string, data object) {
	s.emit(streamEvent{name: name, user: user, channel: channel}, data)
}

func (s *Server) emit(e streamEvent, data object) {
	b, err := json.Marshal(data)
	if err != nil { // values of the sandbox's own making always encode
		panic(fmt.Sprintf("sandbox: encode page event: %v", err))
	}
	s.stream.n++
	e.n, e.data = s.stream.n, b
	s.stream.events = append(s.stream.events, e)
	if over := len(s.stream.events) - maxStream; over > maxStream/4 {
		s.stream.events = slices.Clone(s.stream.events[over:])
	}
	s.touch()
}

// after lists the events past n that a user may see; ok is false when some of
// them are gone. Called with the lock held.
func (s *Server) after(n int, user string) (out []streamEvent, last int, ok bool) {
	events := s.stream.events
	if n > s.stream.n || len(events) > 0 && n < events[0].n-1 {
		return nil, s.stream.n, false
	}
	for _, e := range events {
		if e.n > n && s.mayHear(e, user) {
			out = append(out, e)
		}
	}
	return out, s.stream.n, true
}

func (s *Server) mayHear(e streamEvent, user string) bool {
	if e.user != "" && e.user != user {
		return false
	}
	if e.channel == "" {
		return true
	}
	g, c := s.world.channel(e.channel)
	return c != nil && g.permissionsIn(g.member(user), c).Has(ViewChannel)
}

// place names the newest event, for a page that wants all that come after.
// Called with the lock held.
func (s *Server) place() string { return fmt.Sprintf("%s-%d", s.stream.boot, s.stream.n) }

// serveEvents streams events; Last-Event-ID or after asks for what was missed.
func (s *Server) serveEvents(w http.ResponseWriter, r *http.Request) {
	flusher, ok := w.(http.Flusher)
	if !ok {
		pageError(w, http.StatusInternalServerError, "this connection cannot stream")
		return
	}
	s.mu.Lock()
	me := s.viewer(r)
	from, reset := s.stream.n, false
	if id := cmp.Or(r.Header.Get("Last-Event-ID"), r.URL.Query().Get("after")); id != "" {
		n, known := s.eventNumber(id)
		from, reset = n, !known
		if reset {
			from = s.stream.n
		}
	}
	s.mu.Unlock()
	if me == nil {
		pageError(w, http.StatusNotFound, "there is no such user")
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusOK)
	if reset {
		_, _ = fmt.Fprint(w, "event: reset\ndata: {}\n\n")
	} else {
		_, _ = fmt.Fprint(w, ": hello\n\n")
	}
	flusher.Flush()
	s.follow(w, r, flusher, me.ID, from)
}

// follow writes events until the client or the server is gone.
func (s *Server) follow(w http.ResponseWriter, r *http.Request, flusher http.Flusher, user string, from int) {
	ping := time.NewTicker(pingEvery)
	defer ping.Stop()
	for {
		s.mu.Lock()
		events, last, ok := s.after(from, user)
		changed := s.changed
		s.mu.Unlock()
		from = last
		if !ok {
			_, _ = fmt.Fprintf(w, "id: %s-%d\nevent: reset\ndata: {}\n\n", s.stream.boot, last)
		}
		for _, e := range events {
			if _, err := fmt.Fprintf(w, "id: %s-%d\nevent: %s\ndata: %s\n\n", s.stream.boot, e.n, e.name, e.data); err != nil {
				return
			}
		}
		flusher.Flush()
		select {
		case <-r.Context().Done():
			return
		case <-s.ctx.Done():
			return
		case <-ping.C:
			if _, err := fmt.Fprint(w, ": ping\n\n"); err != nil {
				return
			}
		case <-changed:
		}
	}
}

// eventNumber reads an id of this server's events that can be caught up on.
func (s *Server) eventNumber(id string) (int, bool) {
	boot, num, ok := strings.Cut(id, "-")
	n, err := strconv.Atoi(num)
	if !ok || err != nil || boot != s.stream.boot || n < 0 {
		return 0, false
	}
	_, _, ok = s.after(n, "")
	return n, ok
}
