package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/attache-bot/attache/internal/sandbox"
)

// button is a button or a menu.
type button struct {
	Label       string `json:"label"`
	Placeholder string `json:"placeholder"`
	CustomID    string `json:"custom_id"`
}

func buttons(m *sandbox.Message) []button {
	if m == nil {
		return nil
	}
	raw, err := json.Marshal(m.Components)
	if err != nil {
		return nil
	}
	var rows []struct{ Components []button }
	if json.Unmarshal(raw, &rows) != nil {
		return nil
	}
	var out []button
	for _, r := range rows {
		out = append(out, r.Components...)
	}
	return out
}

var shownTime = regexp.MustCompile(`<t:\d+:R>`)

// text is an outcome as people read it, with names for ids and "(time)" for
// times.
func (n *newsroom) text(o sandbox.Outcome) string {
	if o.Message == nil {
		return fmt.Sprintf("(%s: %s)", o.State, o.Reason)
	}
	var b strings.Builder
	if o.Message.Content != "" {
		b.WriteString(o.Message.Content + "\n")
	}
	for _, e := range o.Message.Embeds {
		fmt.Fprintf(&b, "[%s]\n%s\n", e.Title, e.Description)
		for _, f := range e.Fields {
			fmt.Fprintf(&b, "%s: %s\n", f.Name, f.Value)
		}
	}
	for _, l := range buttons(o.Message) {
		if l.Label == "" {
			fmt.Fprintf(&b, "(menu: %s)\n", l.Placeholder)
			continue
		}
		fmt.Fprintf(&b, "(button: %s)\n", l.Label)
	}
	if !o.Message.Ephemeral() {
		b.WriteString("(everybody sees this)\n")
	}
	return n.readable(strings.TrimSuffix(b.String(), "\n"))
}

func (n *newsroom) readable(s string) string {
	for _, id := range slices.Sorted(maps.Keys(n.names)) {
		name := n.names[id]
		s = strings.NewReplacer("<#"+id+">", name, "<@&"+id+">", name, id, name).Replace(s)
	}
	s = strings.ReplaceAll(s, n.outlets.address().String(), "news.example")
	s = strings.ReplaceAll(s, n.outlets.address().Addr().String(), "news.example")
	s = clickable.ReplaceAllString(s, "/$1") // the ids may not be known yet
	s = shownTime.ReplaceAllString(s, "(time)")
	return strings.ReplaceAll(s, "Next try: at once.", "Next try: (time).") // which of the two depends on how fast this machine is
}

// journal keeps a log.
type journal struct {
	mu    sync.Mutex
	lines bytes.Buffer
	// written is closed and made anew with each line.
	written chan struct{}
}

func newJournal() *journal { return &journal{written: make(chan struct{})} }

func (j *journal) Write(p []byte) (int, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	close(j.written)
	j.written = make(chan struct{})
	return j.lines.Write(p)
}

func (j *journal) String() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.lines.String()
}

// wait waits until what was written satisfies cond.
func (j *journal) wait(ctx context.Context, cond func(lines string) bool) error {
	for {
		j.mu.Lock()
		written, lines := j.written, j.lines.String()
		j.mu.Unlock()
		if cond(lines) {
			return nil
		}
		select {
		case <-written:
		case <-ctx.Done():
			return fmt.Errorf("wait for the log: %w", ctx.Err())
		}
	}
}
