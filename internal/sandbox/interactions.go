package sandbox

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"time"
)

// Types of interactions.
// https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-interaction-type
const (
	InvokeCommand   = 2
	InvokeComponent = 3
	InvokeSuggest   = 4
	InvokeModal     = 5
)

// State is how far an interaction has come.
type State string

// The states of interactions.
const (
	// Waiting is before any answer.
	Waiting State = "waiting"
	// Deferred is after a callback of type 5 or 6, until the answer.
	Deferred State = "deferred"
	// Answered has its answer: a message, an update, suggestions.
	Answered State = "answered"
	// ShownModal was answered with a modal.
	ShownModal State = "modal"
	// Failed got no answer in time.
	Failed State = "failed"
)

// failureText is what Discord's client shows.
const failureText = "The application did not respond"

// maxInteractions bounds how many are remembered.
const maxInteractions = 5_000

// interaction is a use of a command, a component or a modal.
type interaction struct {
	id, token   string
	kind        int
	guild       *guild
	channel     string
	member      *Member
	name        string       // of the command
	target      object       // of a command of the Apps menu, as metadata tell it
	source      string       // the message of a component
	from        *interaction // which showed the modal
	created     time.Time
	state       State
	message     string // why it failed
	firstAnswer time.Time
	lastAnswer  time.Time
	acked       bool
	callback    int64
	original    string // the message of the first answer
	ephemeral   bool
	followups   []string
	choices     []object
	modal       object
	deadline    *time.Timer
}

type interactionState struct {
	byID    map[string]*interaction
	byToken map[string]*interaction
	order   []string
}

func newInteractionState() interactionState {
	return interactionState{byID: map[string]*interaction{}, byToken: map[string]*interaction{}}
}

// Invocation is what a user does.
type Invocation struct {
	// User, Guild and Channel say who and where. Guild may be empty: it follows
	// from the channel.
	User, Guild, Channel string
	// Type is InvokeCommand unless set.
	Type int
	// Target is the user or message whose Apps menu has the Command; for slash
	// commands empty.
	Target string
	// Message is the message of a component.
	Message string
	// Command names a command, with its sub-commands after spaces, and Options
	// its values by name. They make Data.
	Command string
	Options map[string]any
	// Focused is the option that is being typed, for InvokeSuggest.
	Focused string
	// CustomID and Values are of a component. They make Data.
	CustomID string
	Values   []string
	// Data is the interaction's data as in a gateway event; it goes before the
	// fields that make it.
	Data map[string]any
}

// Invoke does what a user does and returns the interaction's id. It refuses
// what Discord's client would not let a user do.
func (s *Server) Invoke(v Invocation) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, _, err := s.invoke(v)
	if err != nil {
		return "", fmt.Errorf("invoke: %w", err)
	}
	return i.id, nil
}

// InvokeUnheard is [Server.Invoke] for a bot that has no gateway: it also returns the
// event that tells of the interaction.
func (s *Server) InvokeUnheard(v Invocation) (id string, event json.RawMessage, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	i, told, err := s.invoke(v)
	if err == nil {
		event, err = json.Marshal(told)
	}
	if err != nil {
		return "", nil, fmt.Errorf("invoke: %w", err)
	}
	return i.id, event, nil
}

// invoke also returns the event that tells of the interaction. It is called with the
// lock held.
func (s *Server) invoke(v Invocation) (i *interaction, event object, err error) {
	setDefault(&v.Type, InvokeCommand)
	g, ch := s.world.channel(v.Channel)
	if ch == nil || v.Guild != "" && g.id != v.Guild {
		return nil, nil, fmt.Errorf("there is no channel %q in the server", v.Channel)
	}
	m := g.member(v.User)
	if m == nil || m.User.Bot {
		return nil, nil, fmt.Errorf("user %q is no member of the server", v.User)
	}
	have := g.permissionsIn(m, ch)
	if !have.Has(ViewChannel) {
		return nil, nil, fmt.Errorf("you cannot see that channel")
	}
	if !g.hasBot {
		return nil, nil, fmt.Errorf("the bot is not in this server")
	}
	i = &interaction{kind: v.Type, guild: g, channel: ch.ID, member: m, state: Waiting, created: s.o.Now()}
	data, source, err := s.interactionData(v, i, g, ch, have)
	if err != nil {
		return nil, nil, err
	}
	i.id = s.ids.next(i.created)
	i.token = "aW50ZXJhY3Rpb246" + rand.Text() + rand.Text() + rand.Text()
	s.rememberInteraction(i)
	event = s.interactionEvent(i, ch, have, data, source)
	s.dispatchTo(g.id, "INTERACTION_CREATE", false, func(*session) any { return event })
	i.deadline = time.AfterFunc(s.o.Limits.AnswerWithin, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if i.state == Waiting {
			s.fail(i, failureText)
		}
	})
	return i, event, nil
}

// interactionData builds the data of the event and finds a component's message.
func (s *Server) interactionData(v Invocation, i *interaction, g *guild, ch *Channel, have Permissions) (object, *Message, error) {
	switch v.Type {
	case InvokeCommand, InvokeSuggest:
		if v.Type == InvokeCommand && isTargeted(v) {
			data, err := s.targetData(v, i, g, ch, have)
			return data, nil, err
		}
		data, err := s.commandData(v, i, g, have)
		return data, nil, err
	case InvokeComponent:
		return s.componentData(v, i, ch)
	case InvokeModal:
		return s.modalData(v, i, ch)
	}
	return nil, nil, fmt.Errorf("there is no interaction of type %d", v.Type)
}

// componentData is for a button or a select of a message.
func (s *Server) componentData(v Invocation, i *interaction, ch *Channel) (object, *Message, error) {
	m, _ := s.world.message(ch.ID, v.Message)
	if m == nil || m.onlyFor != "" && m.onlyFor != v.User {
		return nil, nil, fmt.Errorf("there is no such message")
	}
	given := v.Data
	if given == nil {
		given = object{"custom_id": v.CustomID}
		if v.Values != nil {
			given["values"] = v.Values
		}
	}
	data, _ := clone(given).(object)
	id, _ := data["custom_id"].(string)
	c := findComponent(m.Components, id)
	if c == nil || c["disabled"] == true || id == "" {
		return nil, nil, fmt.Errorf("the message has no such component, or it is disabled")
	}
	data["component_type"] = c["type"]
	data["id"] = c["id"]
	if k := intOf(c["type"]); k == compStrings || k >= compUsers && k <= compChannels {
		values, _ := data["values"].([]any)
		res := newResolver(s, i.guild, i.member)
		known, _ := clone(c).(object)
		if _, err := res.chosen(known, k, values); err != nil {
			return nil, nil, err
		}
		if k != compStrings {
			data["resolved"] = res.object()
		}
	}
	i.source = m.ID
	return data, m, nil
}

func (s *Server) rememberInteraction(i *interaction) {
	s.inter.byID[i.id], s.inter.byToken[i.token] = i, i
	s.inter.order = append(s.inter.order, i.id)
	if len(s.inter.order) > maxInteractions {
		old := s.inter.byID[s.inter.order[0]]
		delete(s.inter.byID, old.id)
		delete(s.inter.byToken, old.token)
		s.inter.order = s.inter.order[1:]
	}
}

// stopDeadlines is for Close. It is called with the lock held.
func (s *Server) stopDeadlines() {
	for _, i := range s.inter.byID {
		if i.deadline != nil {
			i.deadline.Stop()
		}
	}
}

// interactionEvent is the payload of INTERACTION_CREATE.
// https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object
func (s *Server) interactionEvent(i *interaction, ch *Channel, have Permissions, data object, source *Message) object {
	member := i.member.object()
	member["permissions"] = have
	if i.guild.direct {
		return s.directEvent(i, ch, have, data, source)
	}
	o := object{
		"id": i.id, "application_id": s.world.bot.ID, "type": i.kind, "token": i.token, "version": 1, "data": data,
		"guild_id": i.guild.id, "guild": object{"id": i.guild.id, "locale": i.guild.locale, "features": []string{}},
		"channel_id": ch.ID, "channel": channelWith(ch, have), "member": member,
		"locale": i.member.User.Locale, "guild_locale": i.guild.locale, "app_permissions": s.botPermissions(i.guild, ch),
		"entitlements": []object{}, "authorizing_integration_owners": i.guild.owners(), "context": 0,
		"attachment_size_limit": s.o.Limits.FileBytes,
	}
	if source != nil {
		o["message"] = source
	}
	return o
}

// directEvent is the same in direct messages, where there is a user and no
// member.
func (s *Server) directEvent(i *interaction, ch *Channel, have Permissions, data object, source *Message) object {
	o := object{
		"id": i.id, "application_id": s.world.bot.ID, "type": i.kind, "token": i.token, "version": 1, "data": data,
		"channel_id": ch.ID, "channel": channelWith(ch, have), "user": i.member.User, "locale": i.member.User.Locale,
		"app_permissions": s.botPermissions(i.guild, ch), "entitlements": []object{},
		"authorizing_integration_owners": i.guild.owners(), "context": 1, "attachment_size_limit": s.o.Limits.FileBytes,
	}
	if source != nil {
		o["message"] = source
	}
	return o
}

func channelWith(ch *Channel, have Permissions) object {
	o, _ := clone(ch).(object)
	o["permissions"] = have
	return o
}

// fail ends an interaction without an answer. Called with the lock held.
func (s *Server) fail(i *interaction, why string) {
	i.state, i.message = Failed, why
	s.tellFate(i)
}

// tellFate tells the page how an interaction stands.
func (s *Server) tellFate(i *interaction) {
	e := object{"id": i.id, "state": i.state}
	if i.message != "" {
		e["message"] = i.message
	}
	if i.modal != nil {
		e["modal"] = i.modal
	}
	s.emitUser("interaction", i.member.User.ID, e)
	s.touch()
}

// settle takes an answer. Called with the lock held.
func (s *Server) settle(i *interaction, state State) {
	now := s.o.Now()
	if !i.acked {
		i.acked, i.firstAnswer = true, now
		if i.deadline != nil {
			i.deadline.Stop()
		}
	}
	i.lastAnswer = now
	i.state = state
	s.tellFate(i)
}
