package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// maxMessages bounds what a channel keeps; the oldest go first.
const maxMessages = 20_000

// storeMessage puts a new message into its channel and tells of it. Called with
// the lock held, as all here.
func (s *Server) storeMessage(g *guild, ch *Channel, m *Message) {
	list := append(s.world.messages[ch.ID], m)
	if over := len(list) - maxMessages; over > 0 {
		list = list[over:]
	}
	s.world.messages[ch.ID] = list
	if m.onlyFor == "" {
		next := *g.channels[ch.ID]
		next.LastMessageID = &m.ID
		if next.Thread != nil && m.ID != ch.ID { // what starts a post is not counted
			n, meta := *next.MessageCount+1, *next.Thread
			meta.Archived = false // sending to a thread unarchives it
			next.MessageCount, next.TotalSent, next.Thread = &n, &n, &meta
		}
		g.channels[ch.ID] = &next
		s.messageEvent(g, m, "MESSAGE_CREATE")
	}
	s.emitChannel("message_create", ch.ID, m.onlyFor, object{"channel_id": ch.ID, "message": m})
	s.touch()
}

// replaceMessage stores another version of a message.
func (s *Server) replaceMessage(g *guild, ch *Channel, m *Message) {
	_, i := s.world.message(ch.ID, m.ID)
	if i < 0 {
		return
	}
	s.world.messages[ch.ID][i] = m
	if m.onlyFor == "" {
		s.messageEvent(g, m.withoutNonce(), "MESSAGE_UPDATE")
	}
	s.emitChannel("message_update", ch.ID, m.onlyFor, object{"channel_id": ch.ID, "message": m})
	s.touch()
}

// removeMessage deletes a message with its files.
func (s *Server) removeMessage(g *guild, ch *Channel, m *Message) {
	_, i := s.world.message(ch.ID, m.ID)
	if i < 0 {
		return
	}
	s.world.messages[ch.ID] = slices.Delete(s.world.messages[ch.ID], i, i+1)
	for _, a := range append(slices.Clone(m.Attachments), m.held...) {
		s.dropFile(a.ID)
	}
	data := object{"id": m.ID, "channel_id": ch.ID}
	if !g.direct {
		data["guild_id"] = g.id
	}
	if m.onlyFor == "" {
		s.dispatch(g.id, "MESSAGE_DELETE", data)
	}
	s.emitChannel("message_delete", ch.ID, m.onlyFor, object{"channel_id": ch.ID, "message_id": m.ID})
	s.touch()
}

// messageEvent tells the bot's sessions. What others wrote comes without its
// words where the session has no MESSAGE_CONTENT.
// https://docs.discord.com/developers/events/gateway#message-content-intent
func (s *Server) messageEvent(g *guild, m *Message, name string) {
	full := sync.OnceValue(func() object { return s.eventMessage(g, m) }) // most sessions do not ask for it
	mine := g.direct || m.Author.ID == s.world.bot.ID || slices.ContainsFunc(m.Mentions, func(u *User) bool { return u.ID == s.world.bot.ID })
	s.dispatchTo(g.id, name, false, func(x *session) any {
		if mine || x.intents&IntentMessageContent != 0 {
			return full()
		}
		bare := maps.Clone(full())
		bare["content"], bare["embeds"], bare["attachments"], bare["components"] = "", []object{}, []object{}, []object{}
		return bare
	})
}

// eventMessage is a message as events carry it.
func (s *Server) eventMessage(g *guild, m *Message) object {
	full, _ := clone(m).(object)
	if g.direct {
		return full
	}
	full["guild_id"] = g.id
	if author := g.member(m.Author.ID); author != nil {
		member := author.object()
		delete(member, "user")
		full["member"] = member
	}
	return full
}

// Post writes a message as a user, as a person would in a channel.
func (s *Server) Post(channelID, userID, content string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, err := s.say(channelID, userID, content, "")
	if err != nil {
		return "", fmt.Errorf("post message: %w", err)
	}
	return m.ID, nil
}

// say writes a message as a user, maybe as an answer to another. Called with
// the lock held.
func (s *Server) say(channelID, userID, content, replyTo string) (*Message, error) {
	g, ch := s.world.channel(channelID)
	if ch == nil {
		return nil, fmt.Errorf("there is no channel %q", channelID)
	}
	by := g.member(userID)
	have := g.permissionsIn(by, ch)
	need := SendMessages
	if ch.Type.isThread() {
		need = SendMessagesInThreads
	}
	switch {
	case by == nil || !have.Has(need):
		return nil, errors.New("you may not write in the channel")
	case ch.Type.isForum(), ch.Type == Category:
		return nil, errors.New("this kind of channel has no messages")
	case ch.Type.isThread() && ch.Thread.Locked && !have.Has(ManageThreads):
		return nil, errors.New("the thread is locked")
	}
	if n := utf8.RuneCountInString(content); strings.TrimSpace(content) == "" || n > maxContent {
		return nil, fmt.Errorf("a message of %d characters: write 1 to %d", n, maxContent)
	}
	now := s.o.Now()
	msg := &Message{
		ID: s.ids.next(now), ChannelID: ch.ID, Author: by.User, Content: content, Timestamp: stamp(now),
		Attachments: []Attachment{}, Embeds: []Embed{}, Components: []object{},
	}
	if replyTo != "" {
		d := draft{reference: &Reference{MessageID: replyTo}, mustExist: true}
		if s.refer(g, ch, &d, msg) != nil {
			return nil, errors.New("there is no such message to answer")
		}
	}
	s.mentionAs(g, have, msg, nil, true)
	s.storeMessage(g, ch, msg)
	return msg, nil
}

// DeleteMessage removes a message, as a moderator would.
func (s *Server) DeleteMessage(channelID, messageID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, ch := s.world.channel(channelID)
	if ch == nil {
		return fmt.Errorf("delete message: no channel %q", channelID)
	}
	m, _ := s.world.message(channelID, messageID)
	if m == nil {
		return fmt.Errorf("delete message: no message %q", messageID)
	}
	s.removeMessage(g, ch, m)
	return nil
}

func jsonNumber(n int) json.Number { return json.Number(strconv.Itoa(n)) }

// cloneObjects copies components, whose objects an edit changes in place.
func cloneObjects(list []object) []object {
	out := make([]object, len(list))
	for i, c := range list {
		out[i] = cloneObject(c)
	}
	return out
}

func cloneObject(c object) object {
	out := make(object, len(c))
	for k, v := range c {
		switch t := v.(type) {
		case []object:
			out[k] = cloneObjects(t)
		case object:
			out[k] = cloneObject(t)
		default:
			out[k] = v
		}
	}
	return out
}
