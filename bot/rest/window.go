package rest

import (
	"slices"
	"time"
)

// window keeps the requests that Discord may count within one span of time
// within a limit, whenever its windows begin and however long a request is on
// its way.
//
// Discord counts a request at some time between its departure and its answer. So
// one that is under way counts, and one that was answered counts for a span
// after it: of the requests that Discord counts in one span, the last to depart
// found all others counting here. Its owner holds the lock.
type window struct {
	limit int
	span  time.Duration
	// passages are the requests that count.
	passages []*passage
	// last is when the last of them departed, or was to.
	last time.Time
	// turn is held by the request that goes next; waiting counts those behind it.
	turn    chan struct{}
	waiting int
	// wake is closed and renewed whenever a request was answered.
	wake chan struct{}
}

// passage is one request that counts.
type passage struct {
	// ended is when it was answered; zero while it is under way.
	ended time.Time
}

func newWindow(limit int, span time.Duration) window {
	return window{limit: limit, span: span, turn: make(chan struct{}, 1), wake: make(chan struct{})}
}

func (w *window) gap() time.Duration { return w.span / time.Duration(w.limit) }

// next returns when the next request may go, or false when only an answer can
// tell. The first half of a window goes at once, the rest evenly spaced, so that
// a backlog goes out in a steady stream.
func (w *window) next(now time.Time) (time.Time, bool) {
	w.passages = slices.DeleteFunc(w.passages, func(p *passage) bool {
		return !p.ended.IsZero() && now.Sub(p.ended) >= w.span
	})
	at := now
	if len(w.passages) >= w.limit {
		var first time.Time
		for _, p := range w.passages {
			if !p.ended.IsZero() && (first.IsZero() || p.ended.Before(first)) {
				first = p.ended
			}
		}
		if first.IsZero() {
			return time.Time{}, false
		}
		at = first.Add(w.span)
	}
	if len(w.passages) >= w.limit/2 {
		at = later(at, w.last.Add(w.gap()))
	}
	return at, true
}

// enter lets a request go at now, which is not before what next said.
func (w *window) enter(now time.Time) *passage {
	p := &passage{}
	w.passages = append(w.passages, p)
	// Timers are late; the time that this costs is made up for.
	if due := w.last.Add(w.gap()); now.Before(due) || now.Sub(due) > w.gap() {
		w.last = now
	} else {
		w.last = due
	}
	return p
}

// end notes a request's answer; nil is a request that does not count.
func (w *window) end(p *passage, now time.Time) {
	if p == nil {
		return
	}
	p.ended = now
	w.changed()
}

// undo takes back a request that did not go.
func (w *window) undo(p *passage) {
	if i := slices.Index(w.passages, p); i >= 0 {
		w.passages = slices.Delete(w.passages, i, i+1)
		w.changed()
	}
}

func (w *window) changed() {
	close(w.wake)
	w.wake = make(chan struct{})
}

// left returns how many requests may be made within the window at now.
func (w *window) left(now time.Time) int {
	_, _ = w.next(now)
	return max(w.limit-len(w.passages), 0)
}
