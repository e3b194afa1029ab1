package sandbox

import (
	"maps"
	"net/http"
	"slices"
)

// Types of callbacks.
// https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-interaction-callback-type
const (
	replyPong        = 1
	replyMessage     = 4
	replyDefer       = 5
	replyDeferUpdate = 6
	replyUpdate      = 7
	replySuggestions = 8
	replyModal       = 9
)

// callback takes the first answer to an interaction.
// https://docs.discord.com/developers/interactions/receiving-and-responding#create-interaction-response
func (s *Server) callback(c *call) (int, any, *apiError) {
	i := s.inter.byID[c.params["interaction_id"]]
	if i == nil || i.token != c.params["interaction_token"] {
		return 0, nil, errInteraction()
	}
	if i.acked {
		return 0, nil, errAcknowledged()
	}
	if i.state == Failed || c.now.Sub(i.created) >= s.o.Limits.AnswerWithin {
		return 0, nil, errInteraction()
	}
	body, uploads, err := s.readBody(c)
	if err != nil {
		return 0, nil, err
	}
	var f form
	r := reader{&f, "", body}
	kind := r.integer("type", 1, 12)
	if kind == 0 {
		f.fail("type", "BASE_TYPE_REQUIRED", "This field is required")
	}
	if !fits(i.kind, kind) {
		f.fail("type", "INTERACTION_CALLBACK_TYPE_INVALID", "Callback type %d does not answer an interaction of type %d.", kind, i.kind)
	}
	if err := f.err(); err != nil {
		return 0, nil, err
	}
	data, _ := r.inside("data")
	if data.m == nil {
		data = reader{&f, "data", object{}}
	}
	i.callback = kind
	m, err := s.applyCallback(i, kind, data, uploads)
	if err != nil {
		return 0, nil, err
	}
	if c.r.URL.Query().Get("with_response") != "true" {
		return http.StatusNoContent, nil, nil
	}
	return http.StatusOK, s.callbackResource(i, kind, m), nil
}

// fits tells which callbacks answer which interactions.
func fits(interaction int, callback int64) bool {
	switch callback {
	case replyMessage, replyDefer:
		return interaction != InvokeSuggest
	case replyDeferUpdate, replyUpdate:
		return interaction == InvokeComponent || interaction == InvokeModal
	case replySuggestions:
		return interaction == InvokeSuggest
	case replyModal:
		return interaction == InvokeCommand || interaction == InvokeComponent
	}
	return false
}

func (s *Server) applyCallback(i *interaction, kind int64, data reader, uploads []upload) (*Message, *apiError) {
	g := i.guild
	_, ch := s.world.channel(i.channel)
	if ch == nil {
		return nil, errUnknownChannel()
	}
	switch kind {
	case replyMessage:
		d := readDraft(data, uploads)
		if err := data.f.err(); err != nil {
			return nil, err
		}
		if d.empty() {
			return nil, errEmpty()
		}
		m, err := s.answerMessage(i, g, ch, &d)
		if err == nil {
			i.original = m.ID
			s.settle(i, Answered)
		}
		return m, err
	case replyDefer:
		return s.deferAnswer(i, g, ch, data)
	case replyDeferUpdate:
		i.original = i.source
		s.settle(i, Deferred)
		return nil, nil
	case replyUpdate:
		old, _ := s.world.message(ch.ID, i.source)
		if old == nil {
			return nil, errUnknownMessage()
		}
		m, err := s.revise(g, ch, old, data.m, uploads, false)
		if err == nil {
			i.original = m.ID
			s.settle(i, Answered)
		}
		return m, err
	case replySuggestions:
		return nil, s.suggestions(i, data)
	default:
		return nil, s.showModal(i, data)
	}
}

// deferAnswer shows that the bot is thinking. Only EPHEMERAL may be set.
func (s *Server) deferAnswer(i *interaction, g *guild, ch *Channel, data reader) (*Message, *apiError) {
	flags := data.integer("flags", 0, 1<<31-1)
	if err := data.f.err(); err != nil {
		return nil, err
	}
	m, err := s.answerMessage(i, g, ch, &draft{flags: int(flags) & FlagEphemeral})
	if err != nil {
		return nil, err
	}
	i.original = m.ID
	s.settle(i, Deferred)
	return m, nil
}

// answerMessage makes the message of an answer; a draft that shows nothing is a
// deferred one.
func (s *Server) answerMessage(i *interaction, g *guild, ch *Channel, d *draft) (*Message, *apiError) {
	loading := d.empty()
	m, err := s.compose(g, ch, d, false)
	if err != nil {
		return nil, err
	}
	m.Nonce = nil
	m.Type = 0
	if i.name != "" {
		m.Type = 20
		if i.target != nil {
			m.Type = 23
		}
		m.Interaction = object{"id": i.id, "type": i.kind, "name": i.name, "user": i.member.User}
	}
	m.ApplicationID, m.WebhookID = s.world.bot.ID, s.world.bot.ID
	m.InteractionMetadata = i.trigger()
	if i.kind == InvokeModal {
		m.InteractionMetadata["triggering_interaction_metadata"] = i.from.trigger()
	}
	if d.flags&FlagEphemeral != 0 {
		m.Flags |= FlagEphemeral
		m.onlyFor, i.ephemeral = i.member.User.ID, true
	}
	if loading {
		m.Flags |= FlagLoading
	}
	s.storeMessage(g, ch, m)
	return m, nil
}

// trigger is the metadata of an interaction.
// https://docs.discord.com/developers/resources/message#message-interaction-metadata-object
func (i *interaction) trigger() object {
	o := object{"id": i.id, "type": i.kind, "user": i.member.User, "authorizing_integration_owners": i.guild.owners()}
	switch i.kind {
	case InvokeCommand:
		o["name"] = i.name
		maps.Copy(o, i.target)
	case InvokeComponent:
		o["interacted_message_id"] = i.source
	}
	return o
}

// https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-autocomplete
func (s *Server) suggestions(i *interaction, data reader) *apiError {
	out := []object{}
	data.each("choices", maxChoices, func(c reader) {
		ch := object{"name": c.text("name", 1, 100)}
		if isNumber(c.m["value"]) {
			ch["value"] = c.m["value"]
		} else {
			ch["value"] = c.text("value", 1, 100)
		}
		out = append(out, ch)
	})
	if err := data.f.err(); err != nil {
		return err
	}
	i.choices = out
	s.settle(i, Answered)
	return nil
}

// https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-modal
func (s *Server) showModal(i *interaction, data reader) *apiError {
	data.text("custom_id", 1, maxCustomID)
	data.text("title", 1, 45)
	kids := data.list("components", 5)
	if len(kids) == 0 {
		data.f.fail(join(data.path, "components"), "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
	}
	data.each("components", 5, func(c reader) {
		kind := c.integer("type", 1, 30)
		if !slices.Contains([]int64{compRow, compText, compLabel}, kind) {
			c.f.fail(join(c.path, "type"), "UNION_TYPE_CHOICES", "Value of field \"type\" must be one of (1, 10, 18).")
		}
	})
	if err := data.f.err(); err != nil {
		return err
	}
	i.modal = data.m
	s.settle(i, ShownModal)
	return nil
}

// callbackResource is the answer with_response asks for.
func (s *Server) callbackResource(i *interaction, kind int64, m *Message) object {
	in := object{"id": i.id, "type": i.kind, "channel_id": i.channel}
	if !i.guild.direct {
		in["guild_id"] = i.guild.id
	}
	out := object{"interaction": in}
	if m == nil {
		return out
	}
	in["response_message_id"] = m.ID
	in["response_message_loading"] = m.Flags&FlagLoading != 0
	in["response_message_ephemeral"] = m.Ephemeral()
	if kind == replyMessage || kind == replyUpdate {
		out["resource"] = object{"type": kind, "message": m}
	}
	return out
}
