package sandbox

import (
	"fmt"
	"slices"
	"strings"
)

// world is all that exists: users, guilds with their channels, messages.
type world struct {
	bot     *User
	users   []*User
	guilds  []*guild
	byGuild map[string]*guild
	// owner is the guild of each channel.
	owner    map[string]*guild
	messages map[string][]*Message // by channel, oldest first
	direct   []*guild              // one for each channel of direct messages
}

// guild is a guild of the world.
type guild struct {
	id, name, ownerID string
	joinedAt          string
	systemChannel     string  // where Discord greets; empty for none
	roles             []*Role // @everyone first
	members           []*Member
	channels          map[string]*Channel
	order             []string // channels as they were made
	locale            string   // of the server, set by those who manage it
	hasBot            bool
	unavailable       bool
	direct            bool // direct messages, and no guild at all
}

func newWorld() world {
	return world{byGuild: map[string]*guild{}, owner: map[string]*guild{}, messages: map[string][]*Message{}}
}

func (g *guild) everyone() *Role { return g.roles[0] }

func (g *guild) role(id string) *Role {
	for _, r := range g.roles {
		if r.ID == id {
			return r
		}
	}
	return nil
}

func (g *guild) member(userID string) *Member {
	for _, m := range g.members {
		if m.User.ID == userID {
			return m
		}
	}
	return nil
}

// eachChannel lists the channels, threads included, as they were made.
func (g *guild) eachChannel() []*Channel {
	out := make([]*Channel, 0, len(g.order))
	for _, id := range g.order {
		out = append(out, g.channels[id])
	}
	return out
}

func (w *world) user(id string) *User {
	if id == w.bot.ID {
		return w.bot
	}
	for _, u := range w.users {
		if u.ID == id {
			return u
		}
	}
	return nil
}

// channel finds a channel and its guild; nil when there is none.
func (w *world) channel(id string) (*guild, *Channel) {
	g := w.owner[id]
	if g == nil {
		return nil, nil
	}
	return g, g.channels[id]
}

// message finds a message and its place; nil and -1 when there is none.
func (w *world) message(channelID, id string) (*Message, int) {
	list := w.messages[channelID]
	i, ok := slices.BinarySearchFunc(list, number(id), func(m *Message, n uint64) int {
		switch k := number(m.ID); {
		case k < n:
			return -1
		case k > n:
			return 1
		}
		return 0
	})
	if !ok {
		return nil, -1
	}
	return list[i], i
}

// addApplication makes the bot's user, which gives its application the id.
func (s *Server) addApplication(name string) {
	id := s.ids.next(s.o.Now())
	s.world.bot = &User{ID: id, Username: name, Discriminator: "0000", Bot: true}
}

// BotID is the id of the bot's user and of its application.
func (s *Server) BotID() string { return s.world.bot.ID }

// AddUser makes a person; they are nowhere until AddMember. The name is the
// display name, the user name is made from it.
func (s *Server) AddUser(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := &User{ID: s.ids.next(s.o.Now()), Username: userName(name), GlobalName: &name, Discriminator: "0", Locale: firstLocale}
	s.world.users = append(s.world.users, u)
	s.emitAll("guild", object{})
	return u.ID
}

// userName keeps what Discord allows in one: lower-case letters, digits, . and _.
func userName(name string) string {
	out := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '.', r == '_':
			return r
		case r == ' ', r == '-':
			return '_'
		}
		return -1
	}, strings.ToLower(name))
	if out == "" {
		return "user"
	}
	return out
}

// AddGuild makes a guild with @everyone and with the bot as a member, whose own
// managed role allows DefaultBot. The bot's sessions learn of it.
func (s *Server) AddGuild(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.o.Now()
	g := &guild{id: s.ids.nextApart(now), name: name, locale: firstLocale, channels: map[string]*Channel{}}
	g.roles = []*Role{{ID: g.id, Name: "@everyone", Permissions: DefaultEveryone}}
	s.world.guilds = append(s.world.guilds, g)
	s.world.byGuild[g.id] = g
	s.joinBot(g)
	return g.id
}

// joinBot makes the bot a member. It is called with the lock held.
func (s *Server) joinBot(g *guild) {
	now := s.o.Now()
	role := &Role{ID: s.ids.next(now), Name: s.world.bot.Username, Permissions: DefaultBot, Position: len(g.roles), Managed: true}
	g.roles = append(g.roles, role)
	g.members = append(g.members, &Member{User: s.world.bot, Roles: []string{role.ID}, JoinedAt: stamp(now)})
	g.hasBot, g.joinedAt = true, stamp(now)
	s.dispatch(g.id, "GUILD_CREATE", s.guildCreate(g))
	s.emitAll("guild", object{"id": g.id})
}

// RemoveBot makes the bot leave a guild, as if it were kicked.
func (s *Server) RemoveBot(guildID string) error {
	return s.inGuild("remove bot", guildID, func(g *guild) error {
		if !g.hasBot {
			return nil
		}
		g.hasBot = false
		bot := g.member(s.world.bot.ID)
		g.members = slices.DeleteFunc(g.members, func(m *Member) bool { return m == bot })
		g.roles = slices.DeleteFunc(g.roles, func(r *Role) bool { return slices.Contains(bot.Roles, r.ID) && r.Managed })
		s.dispatch(g.id, "GUILD_DELETE", object{"id": g.id})
		return nil
	})
}

// AddBot brings the bot back into a guild that it left.
func (s *Server) AddBot(guildID string) error {
	return s.inGuild("add bot", guildID, func(g *guild) error {
		if !g.hasBot {
			s.joinBot(g)
		}
		return nil
	})
}

// SetSystemChannel makes a channel of a guild the one where Discord itself tells
// of new members, or none for an empty id. The bot learns of it with the next
// GUILD_CREATE.
func (s *Server) SetSystemChannel(guildID, channelID string) error {
	return s.inGuild("set system channel", guildID, func(g *guild) error {
		if channelID != "" && g.channels[channelID] == nil {
			return fmt.Errorf("there is no channel %q in the server", channelID)
		}
		g.systemChannel = channelID
		return nil
	})
}

// SetAvailable begins or ends an outage of a guild: GUILD_DELETE with
// unavailable, and GUILD_CREATE when it is over.
func (s *Server) SetAvailable(guildID string, available bool) error {
	return s.inGuild("set availability", guildID, func(g *guild) error {
		if g.unavailable == !available {
			return nil
		}
		g.unavailable = !available
		if available {
			s.dispatch(g.id, "GUILD_CREATE", s.guildCreate(g))
		} else {
			s.dispatch(g.id, "GUILD_DELETE", object{"id": g.id, "unavailable": true})
		}
		return nil
	})
}

// SetOwner makes a member the owner of a guild, who may do everything.
func (s *Server) SetOwner(guildID, userID string) error {
	return s.inGuild("set owner", guildID, func(g *guild) error {
		if g.member(userID) == nil {
			return fmt.Errorf("user %s is no member", userID)
		}
		g.ownerID = userID
		s.dispatch(g.id, "GUILD_UPDATE", s.guildObject(g))
		return nil
	})
}

// AddRole makes a role in a guild; its id and position are set here.
func (s *Server) AddRole(guildID string, r Role) (string, error) {
	err := s.inGuild("add role", guildID, func(g *guild) error {
		r.ID, r.Position = s.ids.next(s.o.Now()), len(g.roles)
		g.roles = append(g.roles, &r)
		s.dispatch(g.id, "GUILD_ROLE_CREATE", object{"guild_id": g.id, "role": r})
		return nil
	})
	return r.ID, err
}

// SetRolePermissions changes what a role allows; the guild's id names @everyone.
func (s *Server) SetRolePermissions(guildID, roleID string, p Permissions) error {
	return s.inGuild("set role permissions", guildID, func(g *guild) error {
		r := g.role(roleID)
		if r == nil {
			return fmt.Errorf("no role %s", roleID)
		}
		r.Permissions = p
		s.dispatch(g.id, "GUILD_ROLE_UPDATE", object{"guild_id": g.id, "role": r})
		return nil
	})
}

// DeleteRole takes a role from a guild, its members and its channels.
func (s *Server) DeleteRole(guildID, roleID string) error {
	return s.inGuild("delete role", guildID, func(g *guild) error {
		r := g.role(roleID)
		if r == nil || r == g.everyone() {
			return fmt.Errorf("no role %s that can be deleted", roleID)
		}
		g.roles = slices.DeleteFunc(g.roles, func(one *Role) bool { return one == r })
		for _, m := range g.members {
			m.Roles = slices.DeleteFunc(slices.Clone(m.Roles), func(id string) bool { return id == roleID })
		}
		for id, c := range g.channels {
			next := *c
			next.Overwrites = slices.DeleteFunc(slices.Clone(c.Overwrites), func(o Overwrite) bool { return o.ID == roleID })
			g.channels[id] = &next
		}
		s.dispatch(g.id, "GUILD_ROLE_DELETE", object{"guild_id": g.id, "role_id": roleID})
		return nil
	})
}

// SetBotPermissions changes what the bot's own role allows in a guild. What
// @everyone may do, it may do still.
func (s *Server) SetBotPermissions(guildID string, p Permissions) error {
	s.mu.Lock()
	g := s.world.byGuild[guildID]
	var roleID string
	if g != nil {
		if m := g.member(s.world.bot.ID); m != nil {
			roleID = m.Roles[0]
		}
	}
	s.mu.Unlock()
	if roleID == "" {
		return fmt.Errorf("set bot permissions: the bot is not in guild %s", guildID)
	}
	return s.SetRolePermissions(guildID, roleID, p)
}

// AddMember makes a user a member of a guild, with roles.
func (s *Server) AddMember(guildID, userID string, roleIDs ...string) error {
	return s.inGuild("add member", guildID, func(g *guild) error {
		u := s.world.user(userID)
		if u == nil {
			return fmt.Errorf("no user %s", userID)
		}
		for _, id := range roleIDs {
			if g.role(id) == nil {
				return fmt.Errorf("no role %s", id)
			}
		}
		if m := g.member(userID); m != nil {
			m.Roles = roleIDs
			data := with(m.object(), "guild_id", g.id)
			s.dispatchTo(g.id, "GUILD_MEMBER_UPDATE", u == s.world.bot, func(*session) any { return data })
			return nil
		}
		m := &Member{User: u, Roles: roleIDs, JoinedAt: stamp(s.o.Now())}
		g.members = append(g.members, m)
		s.dispatch(g.id, "GUILD_MEMBER_ADD", with(m.object(), "guild_id", g.id))
		return nil
	})
}

// inGuild runs a change of a guild under the lock and tells the page.
func (s *Server) inGuild(verb, id string, change func(*guild) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.world.byGuild[id]
	if g == nil {
		return fmt.Errorf("%s: no guild %q", verb, id)
	}
	if err := change(g); err != nil {
		return fmt.Errorf("%s: %w", verb, err)
	}
	s.emitAll("guild", object{"id": g.id})
	s.touch()
	return nil
}

// with adds a key to an object.
func with(o object, key string, value any) object {
	o[key] = value
	return o
}
