package sandbox

import "net/http"

// answering finds the interaction of a path's token. The token is good for
// fifteen minutes, after the first answer.
func (s *Server) answering(c *call) (*interaction, *guild, *Channel, *apiError) {
	if c.params["webhook_id"] != s.world.bot.ID {
		return nil, nil, nil, errUnknownWebhook()
	}
	i := s.inter.byToken[c.params["webhook_token"]]
	if i == nil || !i.acked {
		return nil, nil, nil, errUnknownWebhook()
	}
	if c.now.Sub(i.created) >= s.o.Limits.TokenLife {
		return nil, nil, nil, errWebhookToken()
	}
	g, ch := s.world.channel(i.channel)
	if ch == nil {
		return nil, nil, nil, errUnknownChannel()
	}
	return i, g, ch, nil
}

// followUp posts another message, or answers a deferred interaction.
// https://docs.discord.com/developers/interactions/receiving-and-responding#create-followup-message
func (s *Server) followUp(c *call) (int, any, *apiError) {
	i, g, ch, err := s.answering(c)
	if err != nil {
		return 0, nil, err
	}
	body, uploads, err := s.readBody(c)
	if err != nil {
		return 0, nil, err
	}
	if old, _ := s.world.message(ch.ID, i.original); old != nil && old.Flags&FlagLoading != 0 {
		// The first follow-up after a deferral edits the deferred message.
		m, err := s.revise(g, ch, old, body, uploads, false)
		if err != nil {
			return 0, nil, err
		}
		s.settle(i, Answered)
		return http.StatusOK, m, nil
	}
	var f form
	d := readDraft(reader{&f, "", body}, uploads)
	if err := f.err(); err != nil {
		return 0, nil, err
	}
	if d.empty() {
		return 0, nil, errEmpty()
	}
	m, err := s.answerMessage(i, g, ch, &d)
	if err != nil {
		return 0, nil, err
	}
	i.followups = append(i.followups, m.ID)
	s.settle(i, Answered)
	return http.StatusOK, m, nil
}

// answerOf finds a message of an interaction: @original or a follow-up.
func (s *Server) answerOf(c *call) (*interaction, *guild, *Channel, *Message, *apiError) {
	i, g, ch, err := s.answering(c)
	if err != nil {
		return nil, nil, nil, nil, err
	}
	id := c.params["message_id"]
	if id == "@original" {
		id = i.original
	}
	m, _ := s.world.message(ch.ID, id)
	known := id == i.original
	for _, f := range i.followups {
		known = known || f == id
	}
	if m == nil || !known {
		return nil, nil, nil, nil, errUnknownMessage()
	}
	return i, g, ch, m, nil
}

func (s *Server) getAnswer(c *call) (int, any, *apiError) {
	_, _, _, m, err := s.answerOf(c)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, m, nil
}

func (s *Server) editAnswer(c *call) (int, any, *apiError) {
	i, g, ch, old, err := s.answerOf(c)
	if err != nil {
		return 0, nil, err
	}
	body, uploads, err := s.readBody(c)
	if err != nil {
		return 0, nil, err
	}
	m, err := s.revise(g, ch, old, body, uploads, false)
	if err != nil {
		return 0, nil, err
	}
	s.settle(i, Answered)
	return http.StatusOK, m, nil
}

func (s *Server) deleteAnswer(c *call) (int, any, *apiError) {
	i, g, ch, m, err := s.answerOf(c)
	if err != nil {
		return 0, nil, err
	}
	s.removeMessage(g, ch, m)
	s.settle(i, Answered)
	return http.StatusNoContent, nil, nil
}
