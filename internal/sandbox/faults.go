package sandbox

import (
	"context"
	"net/http"
	"strings"
	"time"
)

// Deed is what a fault does to a request.
type Deed int

// The deeds of faults. Those named After let Discord do what was asked first:
// the message stands in the channel although the caller does not learn of it.
const (
	// Answer gives Status, Header and Body; without Status a 500. Discord does
	// nothing.
	Answer Deed = iota
	// AnswerAfter does what was asked, then answers so.
	AnswerAfter
	// Cut ends the connection; Discord does nothing.
	Cut
	// CutAfter does what was asked, then ends the connection.
	CutAfter
	// Slow waits Delay, then goes on as usual. Every fault with a Delay waits.
	Slow
	// Silent reads the request and never answers.
	Silent
	// LimitUser is a 429 of the route's bucket, to be retried after RetryAfter.
	LimitUser
	// LimitGlobal is a 429 of the global limit.
	LimitGlobal
	// LimitShared is a 429 of a resource shared with others.
	LimitShared
	// BlockHTML is Cloudflare's page with error 1015; a hint only if RetryAfter
	// is set.
	BlockHTML
	// BlockJSON is the block as JSON without any hint.
	BlockJSON
)

// Fault makes requests go wrong.
type Fault struct {
	// Method and Route choose requests; empty takes all. Route is a template
	// such as "/channels/{channel_id}/messages".
	Method, Route string
	// Channel chooses the channel_id of the path; empty takes all.
	Channel string
	// Match chooses further; nil takes all. It must not call the Server.
	Match func(Exchange) bool
	// After is how many requests pass unharmed first.
	After int
	// Times is how many are harmed; 0 means all.
	Times int
	// Do is what happens.
	Do Deed
	// Status, Header and Body are for Answer and AnswerAfter.
	Status int
	Header http.Header
	Body   string
	// RetryAfter is for the limits and blocks.
	RetryAfter time.Duration
	// Delay comes before everything else.
	Delay time.Duration

	seen, done int
}

// FaultHandle counts what a fault did, and ends it.
type FaultHandle struct {
	s *Server
	f *Fault
}

// faultState holds the scripts.
type faultState struct {
	rest    []*Fault
	gateway []*GatewayFault
}

// AddFault scripts a fault. Of several that fit, the first added acts.
func (s *Server) AddFault(f Fault) *FaultHandle {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.seen, f.done = 0, 0
	s.faults.rest = append(s.faults.rest, &f)
	return &FaultHandle{s, &f}
}

// Count is how many requests the fault has harmed.
func (h *FaultHandle) Count() int {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	return h.f.done
}

// Wait waits until the fault has harmed n requests.
func (h *FaultHandle) Wait(ctx context.Context, n int) error {
	return h.s.await(ctx, func() bool { return h.f.done >= n })
}

// Remove ends the fault.
func (h *FaultHandle) Remove() {
	h.s.mu.Lock()
	defer h.s.mu.Unlock()
	for i, f := range h.s.faults.rest {
		if f == h.f {
			h.s.faults.rest = append(h.s.faults.rest[:i:i], h.s.faults.rest[i+1:]...)
			return
		}
	}
}

// ClearFaults ends all faults, of REST and of the gateway.
func (s *Server) ClearFaults() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = faultState{}
}

// takeFault finds the fault for a request and counts it. The copy is safe to
// read without the lock.
func (s *Server) takeFault(x *Exchange) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.faults.rest {
		if !f.fits(x) {
			continue
		}
		f.seen++
		if f.seen <= f.After || f.Times > 0 && f.done >= f.Times {
			continue
		}
		f.done++
		if a := f.answer(); !f.stores() && a.status != 0 {
			s.countInvalid(x.Time, a)
		}
		s.touch()
		c := *f
		return &c
	}
	return nil
}

func (f *Fault) fits(x *Exchange) bool {
	if f.Method != "" && f.Method != x.Method || f.Route != "" && f.Route != x.Route {
		return false
	}
	if f.Channel != "" {
		rest, ok := strings.CutPrefix(x.Path, "/channels/"+f.Channel)
		if !ok || rest != "" && rest[0] != '/' {
			return false
		}
	}
	return f.Match == nil || f.Match(*x)
}

func (f *Fault) cutBefore() bool { return f.Do == Cut }
func (f *Fault) cutAfter() bool  { return f.Do == CutAfter }

// stores tells that Discord does what was asked.
func (f *Fault) stores() bool { return f.Do == AnswerAfter || f.Do == CutAfter || f.Do == Slow }

// replaces tells that another answer goes back than Discord's.
func (f *Fault) replaces() bool { return f.Do == AnswerAfter }

// answer is what a fault answers; its status is 0 when it gives none.
func (f *Fault) answer() answer {
	switch f.Do {
	case LimitUser:
		a := limitAnswer(f.RetryAfter, "user")
		a.header.Set("X-RateLimit-Reset-After", seconds(f.RetryAfter))
		a.header.Set("X-RateLimit-Remaining", "0")
		return a
	case LimitShared:
		a := limitAnswer(f.RetryAfter, "shared")
		a.header.Set("X-RateLimit-Reset-After", seconds(f.RetryAfter))
		return a
	case LimitGlobal:
		return globalLimit(f.RetryAfter)
	case BlockHTML:
		return cloudflareHTML(f.RetryAfter)
	case BlockJSON:
		return jsonAnswer(http.StatusTooManyRequests, object{
			"code": 0, "message": "You are being blocked from accessing our API temporarily due to exceeding our rate limits frequently.",
		})
	case Answer, AnswerAfter:
		a := answer{status: f.Status, header: f.Header.Clone(), body: []byte(f.Body)}
		setDefault(&a.status, http.StatusInternalServerError)
		if a.header == nil {
			a.header = http.Header{}
		}
		if a.header.Get("Content-Type") == "" && strings.HasPrefix(f.Body, "{") {
			a.header.Set("Content-Type", "application/json")
		}
		return a
	}
	return answer{}
}
