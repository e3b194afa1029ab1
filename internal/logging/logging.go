// Package logging owns from which level on a running bot logs: one level for
// all, and for each component another one while somebody looks into it. A
// change ends by itself, so that nobody finds a disk full of debug lines a week
// later.
//
// It also owns what a line may be: values are cut and cleaned, and of warnings that
// one source brings about again and again most are left out and counted, so that no
// feed, member or server can fill the disk or forge what operators read.
//
// A component is what a logger was given under the key [Key]; lines of no
// component follow the level for all.
package logging

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Key is the attribute that names a logger's component.
const Key = "component"

// All stands for every component that has no level of its own.
const All = ""

// MaxFor bounds how long a change may hold.
const MaxFor = 7 * 24 * time.Hour

// Levels are the levels of a process. It is safe for concurrent use.
type Levels struct {
	// base holds for components without a level of their own.
	base   part
	floods floods

	mu         sync.Mutex
	configured slog.Level
	parts      map[string]*part
}

// part is one component, or all others.
type part struct {
	// level is what holds; own says that it differs from what all others have.
	level atomic.Int64
	own   atomic.Bool
	// until ends the change, zero when nothing does; timer ends it, and change
	// counts changes, so that a timer which has fired late ends no later one.
	until  time.Time
	timer  *time.Timer
	change int
}

// New returns levels that all begin as configured.
func New(configured slog.Level) *Levels {
	l := &Levels{configured: configured, parts: make(map[string]*part)}
	l.base.level.Store(int64(configured))
	return l
}

// LeftOut counts the warnings that were left out since the process began.
func (l *Levels) LeftOut() int64 { return l.floods.leftOut.Load() }

// Handler wraps next, which must take records of every level.
func (l *Levels) Handler(next slog.Handler) slog.Handler { return handler{next: next, levels: l} }

// ErrUnknownComponent means that no logger bears the name.
var ErrUnknownComponent = errors.New("there is no such component")

// Set changes the level of a component, or with [All] of all that have none of
// their own, for so long; zero means until the process ends. It returns
// [ErrUnknownComponent] for a name that nothing logs under.
func (l *Levels) Set(component string, level slog.Level, hold time.Duration) error {
	if hold < 0 || hold > MaxFor {
		return fmt.Errorf("a level holds for %v at most, and not for %v", MaxFor, hold)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	p, err := l.find(component)
	if err != nil {
		return err
	}
	p.end()
	p.level.Store(int64(level))
	p.own.Store(true)
	if hold > 0 {
		change := p.change
		p.until = time.Now().Add(hold)
		p.timer = time.AfterFunc(hold, func() { l.expire(p, change) })
	}
	return nil
}

// Reset takes back what was set for a component, or with [All] everything.
func (l *Levels) Reset(component string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	p, err := l.find(component)
	if err != nil {
		return err
	}
	if component == All {
		for _, p := range l.parts {
			l.restore(p)
		}
	}
	l.restore(p)
	return nil
}

// Configure makes level the one that changes return to, and takes all changes
// back.
func (l *Levels) Configure(level slog.Level) {
	l.mu.Lock()
	l.configured = level
	l.mu.Unlock()
	_ = l.Reset(All) // which is always known
}

// find returns a part; l.mu is held.
func (l *Levels) find(component string) (*part, error) {
	if component == All {
		return &l.base, nil
	}
	p, ok := l.parts[component]
	if !ok {
		return nil, fmt.Errorf("%w as %q: choose one of %s", ErrUnknownComponent, component, strings.Join(slices.Sorted(maps.Keys(l.parts)), ", "))
	}
	return p, nil
}

// part returns the component of a name, a new one at first.
func (l *Levels) part(component string) *part {
	l.mu.Lock()
	defer l.mu.Unlock()
	p, ok := l.parts[component]
	if !ok {
		p = &part{}
		l.parts[component] = p
	}
	return p
}

// expire ends the change of that number, unless another one came.
func (l *Levels) expire(p *part, change int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if p.change == change {
		l.restore(p)
	}
}

// restore takes a change back; l.mu is held.
func (l *Levels) restore(p *part) {
	p.end()
	p.own.Store(false)
	if p == &l.base {
		p.level.Store(int64(l.configured))
	}
}

// end forgets when the change ends.
func (p *part) end() {
	if p.timer != nil {
		p.timer.Stop()
	}
	p.timer, p.until = nil, time.Time{}
	p.change++
}

// Component is the level of one component.
type Component struct {
	Name string `json:"name"`
	// Level is that of the component; Own says that it was set for it.
	Level slog.Level `json:"level"`
	Own   bool       `json:"own,omitempty"`
	// Until is when Level ends; zero when it does not end by itself.
	Until time.Time `json:"until,omitzero"`
}

// State is what holds at a moment.
type State struct {
	// Configured is what changes return to, Level what holds for all until Until.
	Configured slog.Level `json:"configured"`
	Level      slog.Level `json:"level"`
	Until      time.Time  `json:"until,omitzero"`
	// Components are all that log, by name.
	Components []Component `json:"components"`
}

// State returns what holds now.
func (l *Levels) State() State {
	l.mu.Lock()
	defer l.mu.Unlock()
	s := State{Configured: l.configured, Level: slog.Level(l.base.level.Load()), Until: l.base.until}
	for _, name := range slices.Sorted(maps.Keys(l.parts)) {
		p := l.parts[name]
		c := Component{Name: name, Level: s.Level, Own: p.own.Load(), Until: p.until}
		if c.Own {
			c.Level = slog.Level(p.level.Load())
		}
		s.Components = append(s.Components, c)
	}
	return s
}

// handler asks the levels before it passes a record on.
type handler struct {
	next   slog.Handler
	levels *Levels
	// part is the logger's component, nil when it has none.
	part *part
	// grouped says that further attributes belong to a group.
	grouped bool
	// name is the component, source who its lines are about, if that is known.
	name, source string
}

// Enabled implements [slog.Handler].
func (h handler) Enabled(_ context.Context, level slog.Level) bool {
	if h.part != nil && h.part.own.Load() {
		return int64(level) >= h.part.level.Load()
	}
	return int64(level) >= h.levels.base.level.Load()
}

// Handle implements [slog.Handler].
func (h handler) Handle(ctx context.Context, r slog.Record) error {
	out := slog.NewRecord(r.Time, r.Level, printable(r.Message, maxValue), r.PC)
	source := h.source
	r.Attrs(func(a slog.Attr) bool {
		a = bounded(a, 0)
		if source == "" {
			source = sourceOf(a)
		}
		out.AddAttrs(a)
		return true
	})
	if r.Level >= slog.LevelWarn && !r.Time.IsZero() {
		ok, before := h.levels.floods.pass(h.name+"\x00"+out.Message+"\x00"+source, r.Time)
		if !ok {
			return nil
		}
		if before > 0 {
			out.AddAttrs(slog.Int64(LeftOutKey, before))
		}
	}
	return h.next.Handle(ctx, out)
}

// WithAttrs implements [slog.Handler].
func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	bound := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		a = bounded(a, 0)
		bound[i] = a
		switch {
		case a.Key == Key && !h.grouped && a.Value.Kind() == slog.KindString:
			h.name = a.Value.String()
			h.part = h.levels.part(h.name)
		case h.source == "":
			h.source = sourceOf(a)
		}
	}
	h.next = h.next.WithAttrs(bound)
	return h
}

// WithGroup implements [slog.Handler].
func (h handler) WithGroup(name string) slog.Handler {
	h.next, h.grouped = h.next.WithGroup(name), h.grouped || name != ""
	return h
}
