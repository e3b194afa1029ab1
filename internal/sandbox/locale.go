package sandbox

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
)

// locales are those that Discord knows.
// https://docs.discord.com/developers/reference#locales
var locales = strings.Fields("id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko")

// firstLocale is that of a person or a guild until somebody chooses another.
const firstLocale = "en-US"

// SetLocale sets the language of a user's client, such as "de".
func (s *Server) SetLocale(userID, locale string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.setLocale(userID, locale); err != nil {
		return fmt.Errorf("set locale: %w", err)
	}
	return nil
}

// SetGuildLocale sets a guild's preferred language; the bot learns of it.
func (s *Server) SetGuildLocale(guildID, locale string) error {
	return s.inGuild("set guild locale", guildID, func(g *guild) error { return s.setGuildLocale(g, locale) })
}

// setLocale is called with the lock held.
func (s *Server) setLocale(userID, locale string) error {
	u := s.world.user(userID)
	switch {
	case u == nil:
		return fmt.Errorf("there is no user %q", userID)
	case !slices.Contains(locales, locale):
		return fmt.Errorf("there is no language %q", locale)
	}
	u.Locale = locale
	return nil
}

// setGuildLocale is called with the lock held.
func (s *Server) setGuildLocale(g *guild, locale string) error {
	if !slices.Contains(locales, locale) {
		return fmt.Errorf("there is no language %q", locale)
	}
	g.locale = locale
	s.dispatch(g.id, "GUILD_UPDATE", s.guildObject(g))
	return nil
}

// serveLocale takes the language that a user chooses for their client, or for a
// guild that they manage.
func (s *Server) serveLocale(w http.ResponseWriter, r *http.Request) {
	var p struct {
		User    string `json:"user"`
		GuildID string `json:"guild_id"`
		Locale  string `json:"locale"`
	}
	if _, ok := readPage(w, r, &p); !ok {
		return
	}
	s.mu.Lock()
	err := s.chooseLocale(p.User, p.GuildID, p.Locale)
	s.mu.Unlock()
	if err != nil {
		pageError(w, http.StatusBadRequest, err.Error())
		return
	}
	pageJSON(w, http.StatusOK, object{"locale": p.Locale})
}

// chooseLocale is called with the lock held.
func (s *Server) chooseLocale(userID, guildID, locale string) error {
	if guildID == "" {
		if err := s.setLocale(userID, locale); err != nil {
			return err
		}
		s.emitUser("guild", userID, object{})
		return nil
	}
	g := s.world.byGuild[guildID]
	if g == nil {
		return fmt.Errorf("there is no server %q", guildID)
	}
	m := g.member(userID)
	if m == nil || !g.permissions(m).Has(ManageGuild) {
		return fmt.Errorf("only who manages the server may choose its language")
	}
	if err := s.setGuildLocale(g, locale); err != nil {
		return err
	}
	s.emitAll("guild", object{"id": g.id})
	return nil
}
