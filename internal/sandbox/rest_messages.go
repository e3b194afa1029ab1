package sandbox

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"time"
)

// nonceEntry remembers the message that was made with a nonce.
type nonceEntry struct {
	channel, message string
	at               time.Time
}

// https://docs.discord.com/developers/resources/message#create-message
func (s *Server) createMessage(c *call) (int, any, *apiError) {
	g, ch, err := s.botChannel(c, 0)
	if err != nil {
		return 0, nil, err
	}
	if err := s.maySend(g, ch); err != nil {
		return 0, nil, err
	}
	m, uploads, err := s.readBody(c)
	if err != nil {
		return 0, nil, err
	}
	var f form
	d := readDraft(reader{&f, "", m}, uploads)
	if err := f.err(); err != nil {
		return 0, nil, err
	}
	if d.empty() {
		return 0, nil, errEmpty()
	}
	have := s.botPermissions(g, ch)
	if len(d.uploads) > 0 && !have.Has(AttachFiles) {
		return 0, nil, errPermissions()
	}
	if !have.Has(EmbedLinks) {
		// Embeds are dropped then; a message of nothing else is refused.
		d.embeds = nil
		if d.empty() {
			return 0, nil, errPermissions()
		}
	}
	if earlier, refused, known := s.sameNonce(d, c.now); known {
		return http.StatusOK, earlier, refused
	}
	msg, err := s.compose(g, ch, &d, true)
	if err != nil {
		return 0, nil, err
	}
	s.storeMessage(g, ch, msg)
	if d.nonce != nil {
		s.rest.nonces[nonceKey(d.nonce)] = nonceEntry{ch.ID, msg.ID, c.now}
	}
	return http.StatusOK, msg, nil
}

// maySend checks that a channel takes messages from the bot.
func (s *Server) maySend(g *guild, ch *Channel) *apiError {
	need := SendMessages
	if ch.Type.isThread() {
		need = SendMessagesInThreads
	}
	switch {
	case ch.Type.isForum(), ch.Type == Category:
		return errChannelKind()
	case g.direct && !s.mayReach(g):
		return refuse(http.StatusForbidden, 50007, "Cannot send messages to this user")
	case !s.botPermissions(g, ch).Has(need):
		return errPermissions()
	case ch.Type.isThread() && ch.Thread.Locked && ch.Thread.Archived && !s.botPermissions(g, ch).Has(ManageThreads):
		return errArchived()
	}
	return nil
}

func nonceKey(nonce any) string { return fmt.Sprint(nonce) }

// sameNonce finds the message that the bot made with the same nonce in the past
// few minutes. If it was deleted since, it is not made again.
// https://docs.discord.com/developers/resources/message#create-message
func (s *Server) sameNonce(d draft, now time.Time) (*Message, *apiError, bool) {
	old := func(e nonceEntry) bool { return now.Sub(e.at) >= s.o.Limits.NonceWindow }
	if len(s.rest.nonces) > s.rest.sweep {
		maps.DeleteFunc(s.rest.nonces, func(_ string, e nonceEntry) bool { return old(e) })
		s.rest.sweep = 2*len(s.rest.nonces) + 1024
	}
	if d.nonce == nil || !d.enforce {
		return nil, nil, false
	}
	e, ok := s.rest.nonces[nonceKey(d.nonce)]
	if !ok || old(e) {
		return nil, nil, false
	}
	m, _ := s.world.message(e.channel, e.message)
	if m == nil {
		return nil, errUnknownMessage(), true
	}
	return m, nil, true
}

// compose makes a message of the bot from a draft, with its own id. defaults
// tells that without allowed_mentions everything is parsed, as for messages;
// interactions parse users only.
func (s *Server) compose(g *guild, ch *Channel, d *draft, defaults bool) (*Message, *apiError) {
	now := s.o.Now()
	msg := &Message{
		ID: s.ids.next(now), ChannelID: ch.ID, Author: s.world.bot, Content: d.content, Timestamp: stamp(now), TTS: d.tts,
		Embeds: orEmpty(d.embeds), Components: orEmpty(d.components), Nonce: d.nonce,
		Flags: d.flags & (FlagSuppressEmbeds | FlagSuppressNotifications | FlagComponentsV2),
	}
	if d.reference != nil {
		if err := s.refer(g, ch, d, msg); err != nil {
			return nil, err
		}
	}
	msg.Attachments = orEmpty(s.storeFiles(ch.ID, d.uploads, d.kept))
	linkFiles(msg)
	s.mention(g, ch, msg, d.mentions, defaults)
	return msg, nil
}

// refer makes a message an answer to another.
func (s *Server) refer(g *guild, ch *Channel, d *draft, msg *Message) *apiError {
	ref := *d.reference
	setDefault(&ref.ChannelID, ch.ID)
	ref.GuildID = g.id
	to, _ := s.world.message(ref.ChannelID, ref.MessageID)
	if ref.ChannelID != ch.ID || to == nil || to.onlyFor != "" {
		if d.mustExist {
			return invalid("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
		}
		return nil
	}
	flat := *to
	flat.ReferencedMessage = nil
	msg.Type, msg.MessageReference, msg.ReferencedMessage = 19, &ref, &flat
	return nil
}

// https://docs.discord.com/developers/resources/message#get-channel-messages
func (s *Server) listMessages(c *call) (int, any, *apiError) {
	g, ch, err := s.botChannel(c, 0)
	if err != nil {
		return 0, nil, err
	}
	limit, err := c.queryInt("limit", 50, 1, 100)
	if err != nil {
		return 0, nil, err
	}
	q := c.r.URL.Query()
	for _, k := range []string{"around", "before", "after"} {
		if v := q.Get(k); v != "" && number(v) == 0 && v != "0" {
			return 0, nil, invalid(k, "NUMBER_TYPE_COERCE", "Value %q is not snowflake.", v)
		}
	}
	if ch.Type.isForum() || ch.Type == Category {
		return 0, nil, errChannelKind()
	}
	out := []*Message{}
	if s.botPermissions(g, ch).Has(ReadMessageHistory) { // without it the list is empty
		out = pick(s.world.messages[ch.ID], q.Get("around"), q.Get("before"), q.Get("after"), limit)
	}
	for i, m := range out {
		out[i] = m.withoutNonce()
	}
	return http.StatusOK, out, nil
}

// withoutNonce is the message as it is read later: the nonce comes back with the
// answer to its creation and with MESSAGE_CREATE, and is kept by nobody.
func (m *Message) withoutNonce() *Message {
	if m.Nonce == nil {
		return m
	}
	bare := *m
	bare.Nonce = nil
	return &bare
}

// pick chooses messages that all may see, newest first.
func pick(all []*Message, around, before, after string, limit int) []*Message {
	list := slices.DeleteFunc(slices.Clone(all), func(m *Message) bool { return m.onlyFor != "" })
	at := func(id string) int {
		i, _ := slices.BinarySearchFunc(list, number(id), func(m *Message, n uint64) int {
			if number(m.ID) < n {
				return -1
			}
			return 1
		})
		return i
	}
	lo, hi := max(0, len(list)-limit), len(list)
	switch {
	case around != "":
		mid := at(around)
		lo = max(0, mid-limit/2)
		hi = min(len(list), lo+limit)
	case before != "":
		hi = at(before)
		lo = max(0, hi-limit)
	case after != "":
		lo = at(after)
		if lo < len(list) && list[lo].ID == after {
			lo++
		}
		hi = min(len(list), lo+limit)
	}
	out := slices.Clone(list[lo:hi])
	slices.Reverse(out)
	return orEmpty(out)
}

// pathMessage finds the message of a path.
func (s *Server) pathMessage(c *call, need Permissions) (*guild, *Channel, *Message, *apiError) {
	g, ch, err := s.botChannel(c, need)
	if err != nil {
		return nil, nil, nil, err
	}
	id := c.params["message_id"]
	if !isID(id) {
		return nil, nil, nil, invalid("message_id", "NUMBER_TYPE_COERCE", "Value %q is not snowflake.", id)
	}
	m, _ := s.world.message(ch.ID, id)
	if m == nil || m.onlyFor != "" {
		return nil, nil, nil, errUnknownMessage()
	}
	return g, ch, m, nil
}

func (s *Server) getMessage(c *call) (int, any, *apiError) {
	_, _, m, err := s.pathMessage(c, ReadMessageHistory)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, m.withoutNonce(), nil
}

// https://docs.discord.com/developers/resources/message#edit-message
func (s *Server) editMessage(c *call) (int, any, *apiError) {
	g, ch, old, err := s.pathMessage(c, 0)
	if err != nil {
		return 0, nil, err
	}
	body, uploads, err := s.readBody(c)
	if err != nil {
		return 0, nil, err
	}
	if old.Author.ID != s.world.bot.ID {
		return 0, nil, errNotAuthor()
	}
	if ch.Type.isThread() && ch.Thread.Archived {
		return 0, nil, errArchived()
	}
	m, err := s.revise(g, ch, old, body, uploads, true)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, m.withoutNonce(), nil
}

// revise applies the fields that a body names to a message and stores it.
func (s *Server) revise(g *guild, ch *Channel, old *Message, body object, uploads []upload, defaults bool) (*Message, *apiError) {
	var f form
	flags, _ := body["flags"].(interface{ Int64() (int64, error) })
	if old.Flags&FlagComponentsV2 != 0 && flags == nil {
		// The flag stays, and with it its rules.
		body["flags"] = jsonNumber(FlagComponentsV2)
		defer delete(body, "flags")
	}
	d := readDraft(reader{&f, "", body}, uploads)
	if err := f.err(); err != nil {
		return nil, err
	}
	m := *old
	if d.has["content"] {
		m.Content = d.content
	}
	if d.has["embeds"] {
		m.Embeds = orEmpty(d.embeds)
	}
	if d.has["components"] {
		m.Components = orEmpty(d.components)
	} else {
		m.Components = cloneObjects(old.Components)
	}
	if d.has["flags"] {
		const settable = FlagSuppressEmbeds | FlagComponentsV2
		m.Flags = m.Flags&^FlagSuppressEmbeds | d.flags&settable
	}
	s.reviseFiles(old, &m, &d)
	if m.Content == "" && len(m.Embeds) == 0 && len(m.Components) == 0 && len(m.Attachments) == 0 && len(m.held) == 0 {
		return nil, errEmpty()
	}
	if d.has["content"] || d.has["allowed_mentions"] {
		s.mention(g, ch, &m, d.mentions, defaults)
	}
	m.Flags &^= FlagLoading
	edited := stamp(s.o.Now())
	if old.Flags&FlagLoading == 0 {
		m.EditedTimestamp = &edited
	}
	s.replaceMessage(g, ch, &m)
	return &m, nil
}

// reviseFiles keeps the files that an edit names, all when it names none, and
// adds its own.
func (s *Server) reviseFiles(old, m *Message, d *draft) {
	files := append(slices.Clone(old.Attachments), old.held...)
	m.held = nil
	if d.has["attachments"] {
		files = slices.DeleteFunc(files, func(a Attachment) bool {
			return !slices.ContainsFunc(d.kept, func(k object) bool { return numberText(k["id"]) == a.ID })
		})
	}
	m.Attachments = append(files, s.storeFiles(m.ChannelID, d.uploads, d.kept)...)
	linkFiles(m)
}

func (s *Server) deleteMessage(c *call) (int, any, *apiError) {
	g, ch, m, err := s.pathMessage(c, 0)
	if err != nil {
		return 0, nil, err
	}
	if m.Author.ID != s.world.bot.ID && !s.botPermissions(g, ch).Has(ManageMessages) {
		return 0, nil, errPermissions()
	}
	s.removeMessage(g, ch, m)
	return http.StatusNoContent, nil, nil
}

// https://docs.discord.com/developers/resources/message#crosspost-message
func (s *Server) crosspost(c *call) (int, any, *apiError) {
	g, ch, m, err := s.pathMessage(c, SendMessages)
	if err != nil {
		return 0, nil, err
	}
	if ch.Type != Announcement {
		return 0, nil, errChannelType()
	}
	if m.Flags&FlagCrossposted != 0 {
		return 0, nil, refuse(http.StatusBadRequest, 40033, "This message has already been crossposted.")
	}
	recent := slices.DeleteFunc(s.rest.crossposts[ch.ID], func(t time.Time) bool { return c.now.Sub(t) >= time.Hour })
	if s.o.Limits.Crossposts > 0 && len(recent) >= s.o.Limits.Crossposts {
		limit := refuse(http.StatusTooManyRequests, 20022, "This message cannot be edited due to announcement rate limits.")
		limit.retryAfter = time.Hour - c.now.Sub(recent[0])
		return 0, nil, limit
	}
	s.rest.crossposts[ch.ID] = append(recent, c.now)
	next := *m
	next.Flags |= FlagCrossposted
	s.replaceMessage(g, ch, &next)
	return http.StatusOK, &next, nil
}
