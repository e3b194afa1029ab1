package sandbox

import (
	"errors"
	"net/http"
	"slices"
	"time"
)

const (
	// maxPins is the most that a channel may have pinned.
	// https://docs.discord.com/developers/resources/message#pin-message
	maxPins = 250
	// typePinned is the type of the message that tells of a pin.
	typePinned = 6
)

// pin pins or unpins a message and tells of it. Called with the lock held.
func (s *Server) pin(g *guild, ch *Channel, m *Message, by *User, pinned bool) *apiError {
	switch {
	case m.Pinned == pinned:
		return nil
	case m.onlyFor != "" || m.Type == typePinned:
		return refuse(http.StatusBadRequest, 50021, "Cannot execute action on a system message")
	case pinned && len(s.pinned(ch)) >= maxPins:
		return refuse(http.StatusBadRequest, 30003, "Maximum number of pins reached for the channel (250)")
	}
	now := s.o.Now()
	next := *m
	next.Pinned, next.pinnedAt = pinned, now
	s.replaceMessage(g, ch, &next)
	update := object{"channel_id": ch.ID, "last_pin_timestamp": stamp(now)}
	if !g.direct {
		update["guild_id"] = g.id
	}
	s.dispatch(g.id, "CHANNEL_PINS_UPDATE", update)
	if pinned {
		s.storeMessage(g, ch, &Message{
			ID: s.ids.next(now), ChannelID: ch.ID, Type: typePinned, Author: by, Timestamp: stamp(now),
			Mentions: []*User{}, MentionRoles: []string{}, Attachments: []Attachment{}, Embeds: []Embed{}, Components: []object{},
			MessageReference: &Reference{MessageID: m.ID, ChannelID: ch.ID, GuildID: g.id},
		})
	}
	return nil
}

// pinned lists the pinned messages of a channel, the latest pin first.
func (s *Server) pinned(ch *Channel) []*Message {
	out := []*Message{}
	for _, m := range s.world.messages[ch.ID] {
		if m.Pinned {
			out = append(out, m)
		}
	}
	slices.SortStableFunc(out, func(a, b *Message) int { return b.pinnedAt.Compare(a.pinnedAt) })
	return out
}

// mayPin tells whether permissions let one pin in a channel.
func mayPin(g *guild, have Permissions) bool { return g.direct || have.Has(PinMessages) }

// https://docs.discord.com/developers/resources/message#pin-message
func (s *Server) putPin(c *call) (int, any, *apiError) { return s.setPin(c, true) }

// https://docs.discord.com/developers/resources/message#unpin-message
func (s *Server) deletePin(c *call) (int, any, *apiError) { return s.setPin(c, false) }

func (s *Server) setPin(c *call, pinned bool) (int, any, *apiError) {
	g, ch, m, err := s.pathMessage(c, ReadMessageHistory)
	if err != nil {
		return 0, nil, err
	}
	if !mayPin(g, s.botPermissions(g, ch)) {
		return 0, nil, errPermissions()
	}
	if err := s.pin(g, ch, m, s.world.bot, pinned); err != nil {
		return 0, nil, err
	}
	return http.StatusNoContent, nil, nil
}

// https://docs.discord.com/developers/resources/message#get-channel-pins
func (s *Server) getPins(c *call) (int, any, *apiError) {
	_, ch, err := s.botChannel(c, ReadMessageHistory)
	if err != nil {
		return 0, nil, err
	}
	limit, err := c.queryInt("limit", 50, 1, 50)
	if err != nil {
		return 0, nil, err
	}
	before := time.Time{}
	if q := c.r.URL.Query().Get("before"); q != "" {
		var bad error
		if before, bad = time.Parse(time.RFC3339Nano, q); bad != nil {
			return 0, nil, invalid("before", "DATE_TIME_TYPE_PARSE", "Could not parse %s. Should be ISO8601.", q)
		}
	}
	items, more := []object{}, false
	for _, m := range s.pinned(ch) {
		if !before.IsZero() && !m.pinnedAt.Before(before) {
			continue
		}
		if more = len(items) == limit; more {
			break
		}
		items = append(items, object{"pinned_at": stamp(m.pinnedAt), "message": m.withoutNonce()})
	}
	return http.StatusOK, object{"items": items, "has_more": more}, nil
}

// servePins lists the pinned messages for the page.
func (s *Server) servePins(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	me := s.viewer(r)
	g, c := s.world.channel(r.PathValue("id"))
	if me == nil || c == nil || !g.permissionsIn(g.member(me.ID), c).Has(ViewChannel|ReadMessageHistory) {
		s.mu.Unlock()
		pageError(w, http.StatusNotFound, "there is no such channel, or you cannot see it")
		return
	}
	out := s.pinned(c)
	s.mu.Unlock()
	pageJSON(w, http.StatusOK, out)
}

// servePinning takes a pin that the user sets or takes away.
func (s *Server) servePinning(w http.ResponseWriter, r *http.Request) {
	var p struct {
		User    string `json:"user"`
		Message string `json:"message_id"`
		Pinned  bool   `json:"pinned"`
	}
	if _, ok := readPage(w, r, &p); !ok {
		return
	}
	s.mu.Lock()
	err := s.pinAs(r.PathValue("id"), p.User, p.Message, p.Pinned)
	s.mu.Unlock()
	if err != nil {
		pageError(w, http.StatusBadRequest, err.Error())
		return
	}
	pageJSON(w, http.StatusOK, object{})
}

// pinAs pins or unpins for a user. Called with the lock held.
func (s *Server) pinAs(channelID, userID, messageID string, pinned bool) error {
	g, ch := s.world.channel(channelID)
	if ch == nil || !g.permissionsIn(g.member(userID), ch).Has(ViewChannel) {
		return errors.New("there is no such channel, or you cannot see it")
	}
	by := g.member(userID)
	if !mayPin(g, g.permissionsIn(by, ch)) {
		return errors.New("you may not pin messages in the channel")
	}
	m, _ := s.world.message(channelID, messageID)
	if m == nil {
		return errors.New("there is no such message")
	}
	if refused := s.pin(g, ch, m, by.User, pinned); refused != nil {
		return errors.New(refused.message)
	}
	return nil
}
