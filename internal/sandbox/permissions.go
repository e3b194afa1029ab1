package sandbox

import (
	"encoding/json"
	"slices"
	"strconv"
)

// Permissions is a set of permission bits; in JSON a decimal string.
// https://docs.discord.com/developers/topics/permissions
type Permissions uint64

// The permissions that the sandbox checks or tests speak of.
const (
	Administrator          Permissions = 1 << 3
	ManageChannels         Permissions = 1 << 4
	ManageGuild            Permissions = 1 << 5
	ViewChannel            Permissions = 1 << 10
	SendMessages           Permissions = 1 << 11
	ManageMessages         Permissions = 1 << 13
	EmbedLinks             Permissions = 1 << 14
	AttachFiles            Permissions = 1 << 15
	ReadMessageHistory     Permissions = 1 << 16
	MentionEveryone        Permissions = 1 << 17
	ManageRoles            Permissions = 1 << 28
	UseApplicationCommands Permissions = 1 << 31
	ManageThreads          Permissions = 1 << 34
	CreatePublicThreads    Permissions = 1 << 35
	SendMessagesInThreads  Permissions = 1 << 38
	PinMessages            Permissions = 1 << 51

	// AllPermissions is what owners and administrators have.
	AllPermissions Permissions = 1<<53 - 1
	// DefaultEveryone is what @everyone may do in a new guild.
	DefaultEveryone = ViewChannel | SendMessages | EmbedLinks | AttachFiles | ReadMessageHistory |
		UseApplicationCommands | CreatePublicThreads | SendMessagesInThreads
	// DefaultBot is what the bot's own role allows in a new guild.
	DefaultBot = ViewChannel | SendMessages | EmbedLinks | AttachFiles | ReadMessageHistory |
		CreatePublicThreads | SendMessagesInThreads
)

// Has tells whether all of want are in the set.
func (p Permissions) Has(want Permissions) bool { return p&want == want }

// String is the set as Discord writes it, a decimal number.
func (p Permissions) String() string { return strconv.FormatUint(uint64(p), 10) }

// MarshalJSON writes the set as a decimal string.
func (p Permissions) MarshalJSON() ([]byte, error) { return json.Marshal(p.String()) }

// guildPermissions are a member's in the whole guild.
func (g *guild) permissions(m *Member) Permissions {
	if m == nil {
		return 0
	}
	if g.ownerID == m.User.ID {
		return AllPermissions
	}
	p := g.everyone().Permissions
	for _, id := range m.Roles {
		if r := g.role(id); r != nil {
			p |= r.Permissions
		}
	}
	if p.Has(Administrator) {
		return AllPermissions
	}
	return p
}

// permissionsIn are a member's in a channel; threads take their parent's.
// https://docs.discord.com/developers/topics/permissions#permission-overwrites
func (g *guild) permissionsIn(m *Member, c *Channel) Permissions {
	p := g.permissions(m)
	if m == nil || c == nil || p == AllPermissions {
		return p
	}
	if c.Type.isThread() && c.ParentID != nil {
		if parent := g.channels[*c.ParentID]; parent != nil {
			c = parent
		}
	}
	var everyone, roles, own Overwrite
	for _, o := range c.Overwrites {
		switch {
		case o.ID == g.id:
			everyone = o
		case o.Type == 1 && o.ID == m.User.ID:
			own = o
		case o.Type == 0 && slices.Contains(m.Roles, o.ID):
			roles.Allow |= o.Allow
			roles.Deny |= o.Deny
		}
	}
	for _, o := range []Overwrite{everyone, roles, own} {
		p = p&^o.Deny | o.Allow
	}
	if !p.Has(ViewChannel) { // implicitly denies all else
		return 0
	}
	return p
}
