package sandbox

import (
	"fmt"
	"slices"
)

// AddChannel makes a channel at the end of a guild's list.
func (s *Server) AddChannel(guildID, name string, kind ChannelType) (string, error) {
	var id string
	err := s.inGuild("add channel", guildID, func(g *guild) error {
		if kind.isThread() {
			return fmt.Errorf("type %d is a thread; start one on a channel", kind)
		}
		c := &Channel{ID: s.ids.next(s.o.Now()), Type: kind, GuildID: g.id, Name: name, Position: len(g.order)}
		s.putChannel(g, c)
		s.channelEvent(g, c, "CHANNEL_CREATE")
		id = c.ID
		return nil
	})
	return id, err
}

// AddThread makes a public thread below a text or announcement channel, or a
// forum, and returns its id.
func (s *Server) AddThread(channelID, name string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, parent := s.world.channel(channelID)
	if parent == nil || parent.Type.isThread() {
		return "", fmt.Errorf("add thread: no channel %q that can have one", channelID)
	}
	t := s.newThread(g, parent, name, s.ids.next(s.o.Now()), s.world.bot.ID)
	return t.ID, nil
}

// putChannel is called with the lock held.
func (s *Server) putChannel(g *guild, c *Channel) {
	g.channels[c.ID] = c
	g.order = append(g.order, c.ID)
	s.world.owner[c.ID] = g
}

// newThread makes a thread and tells of it. It is called with the lock held.
func (s *Server) newThread(g *guild, parent *Channel, name, id, owner string) *Channel {
	kind := PublicThread
	if parent.Type == Announcement {
		kind = NewsThread
	}
	now, zero, one := stamp(s.o.Now()), 0, 1
	sent := 0
	t := &Channel{
		ID: id, Type: kind, GuildID: g.id, Name: name, ParentID: &parent.ID, OwnerID: owner,
		Thread:       &ThreadMetadata{ArchiveTimestamp: now, CreateTimestamp: now, AutoArchiveDuration: 1440},
		MessageCount: &zero, MemberCount: &one, TotalSent: &sent,
	}
	s.putChannel(g, t)
	s.channelEvent(g, t, "THREAD_CREATE")
	return t
}

// Threads are those of a channel, or the posts of a forum, oldest first.
func (s *Server) Threads(channelID string) []Channel {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Channel
	if g := s.world.owner[channelID]; g != nil {
		for _, c := range g.eachChannel() {
			if c.Type.isThread() && c.ParentID != nil && *c.ParentID == channelID {
				out = append(out, *c)
			}
		}
	}
	return out
}

// UpdateChannel changes a channel's own fields: name, topic, position, parent,
// archived and locked of a thread. Ids and types stay.
func (s *Server) UpdateChannel(channelID string, change func(*Channel)) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, c := s.world.channel(channelID)
	if c == nil {
		return fmt.Errorf("update channel: no channel %q", channelID)
	}
	saw := s.botSees(g, c)
	next := *c
	next.Overwrites = slices.Clone(c.Overwrites)
	if c.Thread != nil {
		meta := *c.Thread
		next.Thread = &meta
	}
	change(&next)
	next.ID, next.Type, next.GuildID = c.ID, c.Type, c.GuildID
	g.channels[c.ID] = &next
	name := "CHANNEL_UPDATE"
	if c.Type.isThread() {
		name = "THREAD_UPDATE"
	}
	if saw || s.botSees(g, &next) {
		s.dispatch(g.id, name, &next)
	}
	s.emitAll("channel", object{"id": c.ID, "guild_id": g.id})
	s.touch()
	return nil
}

// SetChannelPermissions sets what a role or member is allowed and denied in a
// channel beyond its permissions in the guild. The guild's id names @everyone.
func (s *Server) SetChannelPermissions(channelID, roleOrUserID string, allow, deny Permissions) error {
	s.mu.Lock()
	g, c := s.world.channel(channelID)
	kind := -1
	if c != nil {
		switch {
		case g.role(roleOrUserID) != nil:
			kind = 0
		case g.member(roleOrUserID) != nil:
			kind = 1
		}
	}
	s.mu.Unlock()
	if kind < 0 {
		return fmt.Errorf("set channel permissions: no channel %q, or no role or member %q in its guild", channelID, roleOrUserID)
	}
	return s.UpdateChannel(channelID, func(c *Channel) {
		c.Overwrites = slices.DeleteFunc(c.Overwrites, func(o Overwrite) bool { return o.ID == roleOrUserID })
		c.Overwrites = append(c.Overwrites, Overwrite{ID: roleOrUserID, Type: kind, Allow: allow, Deny: deny})
	})
}

// DenyBot takes permissions from the bot in one channel, and gives back those
// that an earlier call took.
func (s *Server) DenyBot(channelID string, deny Permissions) error {
	return s.SetChannelPermissions(channelID, s.BotID(), 0, deny)
}

// DeleteChannel removes a channel with its threads and messages.
func (s *Server) DeleteChannel(channelID string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, c := s.world.channel(channelID)
	if c == nil {
		return fmt.Errorf("delete channel: no channel %q", channelID)
	}
	saw := s.botSees(g, c)
	for _, t := range g.eachChannel() {
		if t.ID == c.ID || t.Type.isThread() && t.ParentID != nil && *t.ParentID == c.ID {
			delete(g.channels, t.ID)
			delete(s.world.owner, t.ID)
			delete(s.world.messages, t.ID)
			g.order = slices.DeleteFunc(g.order, func(id string) bool { return id == t.ID })
		}
	}
	if saw {
		name := "CHANNEL_DELETE"
		var data any = c
		if c.Type.isThread() {
			name, data = "THREAD_DELETE", object{"id": c.ID, "guild_id": g.id, "parent_id": c.ParentID, "type": c.Type}
		}
		s.dispatch(g.id, name, data)
	}
	s.emitAll("channel", object{"id": c.ID, "guild_id": g.id, "deleted": true})
	s.touch()
	return nil
}

// botSees tells whether the bot may view a channel.
func (s *Server) botSees(g *guild, c *Channel) bool {
	return g.hasBot && g.permissionsIn(g.member(s.world.bot.ID), c).Has(ViewChannel)
}

// channelEvent tells the bot, if it sees the channel, and the page.
func (s *Server) channelEvent(g *guild, c *Channel, name string) {
	if s.botSees(g, c) {
		s.dispatch(g.id, name, c)
	}
	s.emitAll("channel", object{"id": c.ID, "guild_id": g.id})
	s.touch()
}

// guildObject is the guild as REST and events write it.
// https://docs.discord.com/developers/resources/guild#guild-object
func (s *Server) guildObject(g *guild) object {
	owner := g.ownerID
	if owner == "" {
		owner = g.id // a guild always has an owner; here it may be nobody present
	}
	return object{
		"id": g.id, "name": g.name, "icon": nil, "description": nil, "home_header": nil, "splash": nil,
		"discovery_splash": nil, "features": []string{}, "banner": nil, "owner_id": owner, "application_id": nil,
		"region": "us-east", "afk_channel_id": nil, "afk_timeout": 300, "system_channel_id": nullable(g.systemChannel),
		"system_channel_flags": 0, "widget_enabled": false, "widget_channel_id": nil, "verification_level": 1,
		"roles": g.roles, "default_message_notifications": 1, "mfa_level": 0, "explicit_content_filter": 0,
		"max_presences": nil, "max_members": 500000, "max_stage_video_channel_users": 50, "max_video_channel_users": 25,
		"vanity_url_code": nil, "premium_tier": 0, "premium_subscription_count": 0, "preferred_locale": g.locale,
		"rules_channel_id": nil, "safety_alerts_channel_id": nil, "public_updates_channel_id": nil,
		"premium_progress_bar_enabled": false, "nsfw": false, "nsfw_level": 0, "emojis": []object{},
		"stickers": []object{}, "incidents_data": nil,
	}
}

// guildCreate is the payload of GUILD_CREATE.
// https://docs.discord.com/developers/events/gateway-events#guild-create
func (s *Server) guildCreate(g *guild) object {
	bot := g.member(s.world.bot.ID)
	channels, threads := []*Channel{}, []*Channel{}
	for _, c := range g.eachChannel() {
		switch {
		case !c.Type.isThread():
			channels = append(channels, c)
		case g.permissionsIn(bot, c).Has(ViewChannel) && !c.Thread.Archived:
			threads = append(threads, c)
		}
	}
	o := s.guildObject(g)
	o["joined_at"], o["large"], o["unavailable"], o["member_count"] = g.joinedAt, false, false, len(g.members)
	o["members"], o["channels"], o["threads"] = []object{bot.object()}, channels, threads
	for _, k := range []string{"voice_states", "presences", "stage_instances", "guild_scheduled_events", "soundboard_sounds"} {
		o[k] = []object{}
	}
	return o
}

// nullable is s, or null when it is empty.
func nullable(s string) any {
	if s == "" {
		return nil
	}
	return s
}
