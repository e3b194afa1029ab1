package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
)

// Direct is the kind of a channel between one person and the bot.
const Direct ChannelType = 1

// dmPermissions is what both sides may do in direct messages.
const dmPermissions = ViewChannel | SendMessages | EmbedLinks | AttachFiles | ReadMessageHistory | UseApplicationCommands

// newDirect makes the channel between a user and the bot. Inside, it is a guild
// without an id, of which the two are the members: what holds for channels of
// guilds then holds for it too. It is called with the lock held.
func (s *Server) newDirect(u *User) *Channel {
	g := &guild{
		direct: true, hasBot: true, channels: map[string]*Channel{},
		roles:   []*Role{{Name: "@everyone", Permissions: dmPermissions}},
		members: []*Member{{User: u}, {User: s.world.bot}},
	}
	c := &Channel{ID: s.ids.next(s.o.Now()), Type: Direct, Recipients: []*User{u}}
	s.putChannel(g, c)
	s.world.direct = append(s.world.direct, g)
	s.emitUser("channel", u.ID, object{"id": c.ID})
	s.touch()
	return c
}

// directWith finds the channel between a user and the bot; nil without one.
func (s *Server) directWith(userID string) *Channel {
	for _, g := range s.world.direct {
		if g.members[0].User.ID == userID {
			return g.channels[g.order[0]]
		}
	}
	return nil
}

// OpenDM opens the direct messages between a user and the bot, as either of
// them may, and returns the channel's id.
func (s *Server) OpenDM(userID string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.directWith(userID); c != nil {
		return c.ID, nil
	}
	u := s.world.user(userID)
	if u == nil || u.Bot {
		return "", fmt.Errorf("open direct messages: no person %q", userID)
	}
	return s.newDirect(u).ID, nil
}

// https://docs.discord.com/developers/resources/user#create-dm
func (s *Server) createDM(c *call) (int, any, *apiError) {
	body, err := c.object()
	if err != nil {
		return 0, nil, err
	}
	var f form
	id := reader{&f, "", body}.id("recipient_id")
	if id == "" {
		f.fail("recipient_id", "BASE_TYPE_REQUIRED", "This field is required")
	}
	if err := f.err(); err != nil {
		return 0, nil, err
	}
	if open := s.directWith(id); open != nil {
		return http.StatusOK, open, nil
	}
	u := s.world.user(id)
	switch {
	case u == nil:
		return 0, nil, refuse(http.StatusBadRequest, 50033, "Invalid Recipient(s)")
	case u.Bot:
		return 0, nil, refuse(http.StatusForbidden, 50007, "Cannot send messages to this user")
	}
	return http.StatusOK, s.newDirect(u), nil
}

// mayReach tells whether the bot may write to the person of a direct channel:
// they must share a guild.
func (s *Server) mayReach(g *guild) bool {
	return slices.ContainsFunc(s.world.guilds, func(o *guild) bool {
		return o.hasBot && o.member(g.members[0].User.ID) != nil
	})
}

// MarshalJSON writes the channel as Discord does, which leaves most fields out
// of direct messages.
func (c Channel) MarshalJSON() ([]byte, error) {
	if c.Type == Direct {
		return json.Marshal(object{
			"id": c.ID, "type": c.Type, "flags": c.Flags, "last_message_id": c.LastMessageID, "recipients": c.Recipients,
		})
	}
	type plain Channel
	return json.Marshal(plain(c))
}

// owners says by which installation of the bot an interaction comes: the
// guild's, or in direct messages "0".
// https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-authorizing-integration-owners-object
func (g *guild) owners() object {
	if g.direct {
		return object{"0": "0"}
	}
	return object{"0": g.id}
}

// contextAllows tells whether a command is offered in a guild, or in direct
// messages with the bot.
// https://docs.discord.com/developers/interactions/application-commands#interaction-contexts
func contextAllows(cmd object, direct bool) bool {
	list, _ := clone(cmd["contexts"]).([]any)
	if list == nil {
		return true
	}
	want := int64(0)
	if direct {
		want = 1
	}
	return slices.ContainsFunc(list, func(v any) bool { return intOf(v) == want })
}
