package sandbox

import (
	"net/http"
	"strings"
	"time"
)

func (s *Server) getGateway(*call) (int, any, *apiError) {
	return http.StatusOK, object{"url": s.gatewayURL()}, nil
}

func (s *Server) gatewayURL() string {
	return "ws" + strings.TrimPrefix(s.publicURL(), "http") + "/gateway"
}

// https://docs.discord.com/developers/events/gateway#get-gateway-bot
func (s *Server) getGatewayBot(c *call) (int, any, *apiError) {
	starts := s.gateway.recentStarts(c.now)
	total := s.o.Limits.SessionStarts
	remaining, reset := total-len(starts), 0
	if total < 0 {
		total, remaining = 1_000, 1_000
	} else if len(starts) > 0 {
		reset = int((24*time.Hour - c.now.Sub(starts[0])).Milliseconds())
	}
	return http.StatusOK, object{
		"url": s.gatewayURL(), "shards": s.o.Limits.Shards,
		"session_start_limit": object{
			"total": total, "remaining": max(remaining, 0), "reset_after": reset, "max_concurrency": s.o.Limits.MaxConcurrency,
		},
	}, nil
}

func (s *Server) getMe(*call) (int, any, *apiError) {
	b := s.world.bot
	return http.StatusOK, object{
		"id": b.ID, "username": b.Username, "avatar": nil, "discriminator": b.Discriminator, "public_flags": 0, "flags": 0,
		"bot": true, "global_name": nil, "mfa_enabled": true, "locale": "en-US", "verified": true, "email": nil,
	}, nil
}

func (s *Server) getMyGuilds(*call) (int, any, *apiError) {
	out := []object{}
	for _, g := range s.world.guilds {
		if g.hasBot {
			out = append(out, object{
				"id": g.id, "name": g.name, "icon": nil, "banner": nil, "owner": false,
				"permissions": g.permissions(g.member(s.world.bot.ID)), "features": []string{},
			})
		}
	}
	return http.StatusOK, out, nil
}

// https://docs.discord.com/developers/resources/application#application-object
func (s *Server) getApplication(*call) (int, any, *apiError) {
	b, n := s.world.bot, 0
	for _, g := range s.world.guilds {
		if g.hasBot {
			n++
		}
	}
	return http.StatusOK, object{
		"id": b.ID, "name": b.Username, "icon": nil, "description": "", "type": nil, "bot": b,
		"verify_key": strings.Repeat("0", 64), "flags": 0, "flags_new": "0", "redirect_uris": []string{},
		"interactions_endpoint_url": nil, "role_connections_verification_url": nil, "bot_public": true,
		"bot_require_code_grant": false, "owner": s.applicationOwner(), "approximate_guild_count": n,
		"approximate_user_install_count": 0, "approximate_user_authorization_count": 0,
		"explicit_content_filter": 0, "team": nil, "eligible_oauth2_scopes": []string{},
	}, nil
}

// applicationOwner is the first person of the world, or the bot alone.
func (s *Server) applicationOwner() *User {
	if len(s.world.users) > 0 {
		return s.world.users[0]
	}
	return s.world.bot
}

// botGuild finds the guild of a path, in which the bot must be.
func (s *Server) botGuild(c *call) (*guild, *apiError) {
	id := c.params["guild_id"]
	if !isID(id) {
		return nil, invalid("guild_id", "NUMBER_TYPE_COERCE", "Value %q is not snowflake.", id)
	}
	g := s.world.byGuild[id]
	if g == nil || !g.hasBot {
		return nil, errUnknownGuild()
	}
	return g, nil
}

// botChannel finds the channel of a path, on which the bot must have need.
// https://docs.discord.com/developers/topics/permissions
func (s *Server) botChannel(c *call, need Permissions) (*guild, *Channel, *apiError) {
	id := c.params["channel_id"]
	if !isID(id) {
		return nil, nil, invalid("channel_id", "NUMBER_TYPE_COERCE", "Value %q is not snowflake.", id)
	}
	g, ch := s.world.channel(id)
	if ch == nil {
		return nil, nil, errUnknownChannel()
	}
	if g.unavailable {
		return nil, nil, refuse(http.StatusServiceUnavailable, 0, "503: Service Unavailable")
	}
	have := s.botPermissions(g, ch)
	if !have.Has(ViewChannel) {
		return nil, nil, errAccess()
	}
	if ch.Type.isThread() && need&SendMessages != 0 {
		need = need&^SendMessages | SendMessagesInThreads
	}
	if !have.Has(need) {
		return nil, nil, errPermissions()
	}
	return g, ch, nil
}

// botPermissions are the bot's in a channel; none where it is no member.
func (s *Server) botPermissions(g *guild, c *Channel) Permissions {
	if !g.hasBot {
		return 0
	}
	return g.permissionsIn(g.member(s.world.bot.ID), c)
}

func (s *Server) getGuild(c *call) (int, any, *apiError) {
	g, err := s.botGuild(c)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, s.guildObject(g), nil
}

func (s *Server) getGuildRoles(c *call) (int, any, *apiError) {
	g, err := s.botGuild(c)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, g.roles, nil
}

func (s *Server) getGuildChannels(c *call) (int, any, *apiError) {
	g, err := s.botGuild(c)
	if err != nil {
		return 0, nil, err
	}
	out := []*Channel{}
	for _, ch := range g.eachChannel() {
		if !ch.Type.isThread() {
			out = append(out, ch)
		}
	}
	return http.StatusOK, out, nil
}

func (s *Server) getGuildMember(c *call) (int, any, *apiError) {
	g, err := s.botGuild(c)
	if err != nil {
		return 0, nil, err
	}
	id := c.params["user_id"]
	if id == "" {
		id = s.world.bot.ID
	}
	m := g.member(id)
	if m == nil {
		return 0, nil, refuse(http.StatusNotFound, 10007, "Unknown Member")
	}
	return http.StatusOK, m.object(), nil
}

func (s *Server) getChannel(c *call) (int, any, *apiError) {
	_, ch, err := s.botChannel(c, 0)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, ch, nil
}

func (s *Server) postTyping(c *call) (int, any, *apiError) {
	g, ch, err := s.botChannel(c, SendMessages)
	if err != nil {
		return 0, nil, err
	}
	data := object{"channel_id": ch.ID, "user_id": s.world.bot.ID, "timestamp": c.now.Unix()}
	if !g.direct {
		data["guild_id"] = g.id
	}
	s.dispatch(g.id, "TYPING_START", data)
	s.emitChannel("typing", ch.ID, "", object{"channel_id": ch.ID, "user": s.world.bot})
	return http.StatusNoContent, nil, nil
}
