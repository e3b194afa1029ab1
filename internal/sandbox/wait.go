package sandbox

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"
)

// Outcome is how an interaction stands.
type Outcome struct {
	ID    string
	State State
	// Reason is why it failed, as Discord's client shows it.
	Reason string
	// Callback is the type of the first answer; 0 without one.
	Callback int
	// Message is the first answer's message as it stands now; nil without one.
	Message *Message
	// Followups are the other messages.
	Followups []*Message
	// Choices are the suggestions of an InvokeSuggest.
	Choices []Choice
	// Modal is the modal, as JSON.
	Modal json.RawMessage
	// First is the time until the first answer, Last until the newest.
	First, Last time.Duration
}

// Choice is a suggestion.
type Choice struct {
	Name  string
	Value any // string or json.Number
}

// Interact does what a user does and waits for the answer: for a deferred one
// until its message is there, for a failure until Discord gives up.
func (s *Server) Interact(ctx context.Context, v Invocation) (Outcome, error) {
	id, err := s.Invoke(v)
	if err != nil {
		return Outcome{}, err
	}
	return s.WaitOutcome(ctx, id)
}

// WaitOutcome waits until an interaction is answered or has failed. Of one whose
// update was deferred (type 6) the acknowledgement is the answer.
func (s *Server) WaitOutcome(ctx context.Context, id string) (Outcome, error) {
	var o Outcome
	err := s.await(ctx, func() bool {
		i := s.inter.byID[id]
		if i == nil {
			o.ID = ""
			return true
		}
		o = s.outcome(i)
		return o.State != Waiting && (o.State != Deferred || o.Callback == replyDeferUpdate)
	})
	if err == nil && o.ID == "" {
		err = fmt.Errorf("wait for interaction: there is none with id %q", id)
	}
	return o, err
}

// Outcome tells how an interaction stands now; false when there is none.
func (s *Server) Outcome(id string) (Outcome, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.inter.byID[id]
	if i == nil {
		return Outcome{}, false
	}
	return s.outcome(i), true
}

// outcome is called with the lock held.
func (s *Server) outcome(i *interaction) Outcome {
	o := Outcome{ID: i.id, State: i.state, Reason: i.message, Callback: int(i.callback)}
	if i.original != "" {
		o.Message, _ = s.world.message(i.channel, i.original)
	}
	for _, id := range i.followups {
		if m, _ := s.world.message(i.channel, id); m != nil {
			o.Followups = append(o.Followups, m)
		}
	}
	for _, c := range i.choices {
		name, _ := c["name"].(string)
		o.Choices = append(o.Choices, Choice{name, c["value"]})
	}
	if i.modal != nil {
		o.Modal, _ = json.Marshal(i.modal) // decoded from JSON, so it encodes
	}
	if i.acked {
		o.First, o.Last = i.firstAnswer.Sub(i.created), i.lastAnswer.Sub(i.created)
	}
	return o
}

// Messages lists the messages of a channel, oldest first, with the ephemeral
// ones of all users.
func (s *Server) Messages(channelID string) []*Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.world.messages[channelID])
}

// WaitMessages waits until the messages of a channel satisfy cond and returns
// them. cond must not call the Server.
func (s *Server) WaitMessages(ctx context.Context, channelID string, cond func([]*Message) bool) ([]*Message, error) {
	var out []*Message
	err := s.await(ctx, func() bool {
		out = slices.Clone(s.world.messages[channelID])
		return cond(out)
	})
	return out, err
}

// Requests lists the REST requests with their answers, oldest first.
func (s *Server) Requests() []Exchange {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.rest.log)
}

// WaitRequest waits for a request that satisfies cond, past ones included, and
// returns the first. cond must not call the Server.
func (s *Server) WaitRequest(ctx context.Context, cond func(Exchange) bool) (Exchange, error) {
	var x Exchange
	err := s.await(ctx, func() bool {
		i := slices.IndexFunc(s.rest.log, cond)
		if i >= 0 {
			x = s.rest.log[i]
		}
		return i >= 0
	})
	return x, err
}

// WaitOnline waits until the bot is connected, that is has got READY or RESUMED.
func (s *Server) WaitOnline(ctx context.Context) error {
	return s.await(ctx, s.online)
}

// WaitOffline waits until the bot has no connection.
func (s *Server) WaitOffline(ctx context.Context) error {
	return s.await(ctx, func() bool { return !s.online() })
}

// WaitShards waits until each of so many shards has a connection.
func (s *Server) WaitShards(ctx context.Context, count int) error {
	return s.await(ctx, func() bool {
		connected := map[int]bool{}
		for _, x := range s.gateway.sessions {
			if x.conn != nil && x.count == count {
				connected[x.shard] = true
			}
		}
		return len(connected) == count
	})
}

// WaitSessions waits until the gateway counts, as of GatewayCounts, satisfy
// cond, which must not call the Server.
func (s *Server) WaitSessions(ctx context.Context, cond func(identifies, resumes int) bool) error {
	return s.await(ctx, func() bool { return cond(len(s.gateway.starts), s.gateway.resumes) })
}

// WaitCommands waits until the application has all of the named commands.
func (s *Server) WaitCommands(ctx context.Context, names ...string) error {
	return s.await(ctx, func() bool {
		return !slices.ContainsFunc(names, func(n string) bool {
			return find(s.rest.commands, object{"name": n, "type": int64(1)}) == nil
		})
	})
}
