package command_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/attache-bot/attache/bot/command"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
)

// sent is one request to Discord.
type sent struct {
	edit bool
	// follow says that it is a message after the first answer.
	follow bool
	typ    interaction.ResponseType
	body   object
	at     time.Time
}

// discord is the far side: it records what the router sends.
type discord struct {
	mu   sync.Mutex
	sent []sent
	fail error
}

func (d *discord) record(s sent, body any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	s.at = time.Now()
	d.mu.Lock()
	defer d.mu.Unlock()
	if err := json.Unmarshal(raw, &s.body); err != nil {
		return err
	}
	d.sent = append(d.sent, s)
	return d.fail
}

func (d *discord) Respond(_ context.Context, t interaction.Ticket, r interaction.Response) error {
	if t.ID == "" || t.Token == "" {
		return errors.New("ticket is incomplete")
	}
	return d.record(sent{typ: r.Type}, r)
}

func (d *discord) Edit(_ context.Context, _ interaction.Ticket, p message.Payload) error {
	return d.record(sent{edit: true}, p)
}

func (d *discord) Follow(_ context.Context, _ interaction.Ticket, p message.Payload) error {
	return d.record(sent{follow: true, edit: true}, p)
}

func (d *discord) all() []sent { return d.since(0) }

// count is how many requests there were, since those after so many.
func (d *discord) count() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return len(d.sent)
}

func (d *discord) since(n int) []sent {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.sent[n:])
}

// taken returns what was sent and forgets it.
func (d *discord) taken() []sent {
	d.mu.Lock()
	defer d.mu.Unlock()
	out := d.sent
	d.sent = nil
	return out
}

// answers runs one interaction and returns what was sent, as it is read in the
// end: on a busy machine an answer may be promised first.
func answers(t testing.TB, r *command.Router, d *discord, in object) []sent {
	t.Helper()
	return kept(requests(t, r, d, in))
}

// kept are the answers with a promise and what it came to as one answer.
func kept(got []sent) []sent {
	if len(got) == 2 && got[0].typ == interaction.UpdateLater && got[1].follow {
		typ := interaction.AnswerNow // a refusal beside the message
		return []sent{{typ: typ, body: object{"type": float64(typ), "data": maps.Clone(got[1].body)}, at: got[1].at}}
	}
	if len(got) != 2 || got[0].typ != interaction.AnswerLater && got[0].typ != interaction.UpdateLater || !got[1].edit || got[1].follow {
		return got
	}
	data := maps.Clone(got[1].body)
	if d, ok := got[0].body["data"].(object); ok {
		data["flags"] = d["flags"]
	}
	typ := interaction.AnswerNow
	if got[0].typ == interaction.UpdateLater {
		typ = interaction.UpdateNow
	}
	return []sent{{typ: typ, body: object{"type": float64(typ), "data": data}, at: got[1].at}}
}

// requests runs one interaction and returns what was sent.
func requests(t testing.TB, r *command.Router, d *discord, in object) []sent {
	t.Helper()
	raw, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	before := d.count()
	r.Handle(t.Context(), raw)
	return d.since(before)
}

// answer is answers for what must be a single answer.
func answer(t testing.TB, r *command.Router, d *discord, in object) sent {
	t.Helper()
	got := answers(t, r, d, in)
	if len(got) != 1 {
		t.Fatalf("%d answers, want 1", len(got))
	}
	return got[0]
}

// text is all that a person reads in an answer.
func (s sent) text() string {
	b := s.body
	if d, ok := b["data"].(object); ok && !s.edit {
		b = d
	}
	out := ""
	if c, _ := b["content"].(string); c != "" {
		out += c + "\n"
	}
	embeds, _ := b["embeds"].([]any)
	for _, e := range embeds {
		e := e.(object)
		out += fmt.Sprintf("[%v]\n%v\n", e["title"], e["description"])
	}
	files, _ := b["attachments"].([]any)
	for _, f := range files {
		f := f.(object)
		out += fmt.Sprintf("{%v: %v}\n", f["filename"], f["description"])
	}
	if title, ok := b["title"].(string); ok {
		out += fmt.Sprintf("{form %s: %v}\n", title, b["custom_id"])
	}
	rows, _ := b["components"].([]any)
	for _, row := range rows {
		for _, c := range row.(object)["components"].([]any) {
			out += componentText(c.(object))
		}
	}
	choices, _ := b["choices"].([]any)
	for _, c := range choices {
		c := c.(object)
		out += fmt.Sprintf("%v = %v\n", c["name"], c["value"])
	}
	return out
}

// componentText is what a person reads of a button, a menu or a field. A menu's
// chosen options, or the ids chosen in it, have a star.
func componentText(c object) string {
	switch c["type"] {
	case float64(3), float64(5), float64(6), float64(7), float64(8):
		var all []string
		options, _ := c["options"].([]any)
		for _, o := range options {
			o := o.(object)
			name := o["label"].(string)
			if o["default"] == true {
				name = "*" + name
			}
			all = append(all, name)
		}
		chosen, _ := c["default_values"].([]any)
		for _, v := range chosen {
			all = append(all, fmt.Sprintf("*%v", v.(object)["id"]))
		}
		return fmt.Sprintf("[menu %v: %v] %s\n", c["placeholder"], c["custom_id"], strings.Join(all, "; "))
	case float64(4):
		return fmt.Sprintf("[field %v (%v)] %v\n", c["label"], c["placeholder"], c["value"])
	}
	return fmt.Sprintf("(%v: %v)\n", c["label"], c["custom_id"])
}

// button returns the custom id of an answer's button to the next page, or "".
func (s sent) button() string { return s.labelled("More") }

// labelled returns the custom id of the button with a label, or "".
func (s sent) labelled(label string) string {
	rows, _ := s.body["data"].(object)["components"].([]any)
	for _, row := range rows {
		for _, c := range row.(object)["components"].([]any) {
			if c.(object)["label"] == label {
				return c.(object)["custom_id"].(string)
			}
		}
	}
	return ""
}
