package interaction

import (
	"encoding/json"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/text"
)

// Permissions are bits of
// https://discord.com/developers/docs/topics/permissions#permissions-bitwise-permission-flags.
type Permissions uint64

// Has reports whether p holds all bits of want. An administrator has everything.
func (p Permissions) Has(want Permissions) bool {
	return p&discordgo.PermissionAdministrator != 0 || p&want == want
}

// Request is one use of a command, of a button, a menu or a form, or of an option
// that is being typed. Guild, Channel, User, Roles and the permissions are
// Discord's word; all else may be forged.
type Request struct {
	// Speaker speaks the language of those who see the answer.
	wording.Speaker
	// Command is the command's name, with those of its subcommands behind it; empty
	// for a button, a menu or a form.
	Command string
	// Target is the id of the message in whose menu the command was chosen; empty
	// for other commands.
	Target string
	// Guild and User are snowflakes in decimal.
	Guild, User string
	// Channel is where it was used.
	Channel Channel
	// Permissions are what the member may do there.
	Permissions Permissions
	// Roles are those of the member, without that of everyone.
	Roles []string
	// Locale and GuildLocale are the member's and the guild's languages as
	// Discord names them, e.g. "en-GB".
	Locale, GuildLocale string
	// Now is when the request arrived.
	Now time.Time

	options  map[string]wireOption
	files    map[string]*File
	channels map[string]Channel
	roles    map[string]Role
	// args, values and fields are those of an action.
	args, values []string
	fields       map[string]string
}

// Channel is a channel as Discord resolved it.
type Channel struct {
	ID string
	// Guild is empty where Discord does not say.
	Guild string
	Type  discordgo.ChannelType
	// Member and App are what the asking member and the bot may do there. App is
	// nil where Discord does not say.
	Member Permissions
	App    *Permissions
	// Closed says that it is a thread which is archived and locked.
	Closed bool
}

// Thread reports whether the channel is a thread.
func (c Channel) Thread() bool {
	switch c.Type {
	case discordgo.ChannelTypeGuildNewsThread, discordgo.ChannelTypeGuildPublicThread, discordgo.ChannelTypeGuildPrivateThread:
		return true
	}
	return false
}

// Forum reports whether the channel takes posts and no messages.
func (c Channel) Forum() bool {
	return c.Type == discordgo.ChannelTypeGuildForum || c.Type == discordgo.ChannelTypeGuildMedia
}

// File is a file that came with an option. Its address and size are whatever the
// interaction says.
type File struct {
	URL  string `json:"url"`
	Size int    `json:"size"`
}

// File returns the file of an option.
func (q Request) File(name string) (File, bool) {
	o, ok := q.options[name]
	var id string
	if !ok || o.Type != discordgo.ApplicationCommandOptionAttachment || json.Unmarshal(o.Value, &id) != nil {
		return File{}, false
	}
	f := q.files[id]
	if f == nil {
		return File{}, false
	}
	return *f, true
}

// Role is a role as Discord resolved it.
type Role struct {
	ID          string
	Mentionable bool
}

func newRequest(in interaction, now time.Time) Request {
	name, options := in.Data.use()
	q := Request{
		Command: name, Target: in.Data.TargetID, Guild: in.Guild, Locale: in.Locale, GuildLocale: in.GuildLocale, Now: now,
		options:  make(map[string]wireOption, len(options)),
		channels: make(map[string]Channel, len(in.Data.Resolved.Channels)),
		roles:    make(map[string]Role, len(in.Data.Resolved.Roles)),
	}
	q.files = in.Data.Resolved.Attachments
	if len(in.Data.Values) <= message.MaxOptions {
		q.values = in.Data.Values
	}
	if len(in.Data.Components) > 0 {
		q.fields = fieldsOf(in.Data.Components)
	}
	if in.Member != nil {
		q.User, q.Permissions, q.Roles = in.Member.User.ID, in.Member.Permissions.bits, in.Member.Roles
	}
	for _, o := range options {
		q.options[o.Name] = o
	}
	for id, c := range in.Data.Resolved.Channels {
		if c != nil && c.ID == id {
			q.channels[id] = newChannel(*c)
		}
	}
	for id, r := range in.Data.Resolved.Roles {
		if r != nil && r.ID == id {
			q.roles[id] = Role{ID: id, Mentionable: r.Mentionable}
		}
	}
	// The member's and the bot's permissions stand beside the channel of use.
	here := wireChannel{}
	if in.Channel != nil {
		here = *in.Channel
	}
	here.ID = in.ChannelID
	q.Channel = newChannel(here)
	q.Channel.Member = q.Permissions
	if in.AppPermissions.known {
		q.Channel.App = &in.AppPermissions.bits
	}
	return q
}

func newChannel(w wireChannel) Channel {
	c := Channel{
		ID: w.ID, Guild: w.Guild, Type: w.Type, Member: w.Permissions.bits,
		Closed: w.Thread != nil && w.Thread.Archived && w.Thread.Locked,
	}
	if w.AppPermissions.known {
		c.App = &w.AppPermissions.bits
	}
	return c
}

// Text returns a text option as clean plain text, "" when it was not given. It
// fails when it is longer than max code points or no text.
func (q Request) Text(name string, max int) (string, error) {
	o, ok := q.options[name]
	if !ok {
		return "", nil
	}
	var s string
	if o.Type != discordgo.ApplicationCommandOptionString || json.Unmarshal(o.Value, &s) != nil {
		return "", Unreadable(name)
	}
	s = text.Clean(s)
	if short := text.Cut(s, max); short != s {
		return "", Refuse(BadOption, "error.too-long", wording.Args{"option": name, "count": max})
	}
	return s, nil
}

// Given reports whether an option was given.
func (q Request) Given(name string) bool {
	_, ok := q.options[name]
	return ok
}

// Flag returns a yes-or-no option, false when it was not given.
func (q Request) Flag(name string) (bool, error) { return q.Whether(name, false) }

// Whether returns a yes-or-no option, or what is to be when it was not given.
func (q Request) Whether(name string, otherwise bool) (bool, error) {
	o, ok := q.options[name]
	if !ok {
		return otherwise, nil
	}
	var yes bool
	if o.Type != discordgo.ApplicationCommandOptionBoolean || json.Unmarshal(o.Value, &yes) != nil {
		return false, Unreadable(name)
	}
	return yes, nil
}

// Number returns an option that is a whole number, or false when it was not given.
func (q Request) Number(name string) (n int, given bool, err error) {
	o, ok := q.options[name]
	if !ok {
		return 0, false, nil
	}
	if o.Type != discordgo.ApplicationCommandOptionInteger || json.Unmarshal(o.Value, &n) != nil {
		return 0, false, Unreadable(name)
	}
	return n, true, nil
}

// PublicOption is the option by which people ask for an answer that everybody
// sees.
const PublicOption = "public"

// wantsPublic reports whether everybody is to see the answer. Nobody speaks through
// the bot where they may not speak themselves.
func (q Request) wantsPublic() (bool, *Error) {
	yes, err := q.Flag(PublicOption)
	if err != nil {
		return false, Unreadable(PublicOption)
	}
	post := Permissions(discordgo.PermissionSendMessages)
	if q.Channel.Thread() {
		post = discordgo.PermissionSendMessagesInThreads
	}
	if yes && !q.Permissions.Has(post) {
		return false, errPublic
	}
	return yes, nil
}

// ChannelOption returns the channel that a command is about: the one picked for
// an option, or else the one where it was used. It fails when Discord did not
// resolve the channel, or resolved it to another guild's.
func (q Request) ChannelOption(name string) (Channel, error) {
	c := q.Channel
	id, picked, err := q.Snowflake(name, discordgo.ApplicationCommandOptionChannel)
	if err != nil {
		return Channel{}, err
	}
	if picked {
		c = q.channels[id]
	}
	if !message.Snowflake(c.ID) || c.Guild != "" && c.Guild != q.Guild {
		return Channel{}, ErrForeign
	}
	// In direct messages there is no other channel, and elsewhere they are none.
	if direct := guild.IsPersonal(q.Guild); direct && c.ID != q.Channel.ID || direct != (c.Type == discordgo.ChannelTypeDM) {
		return Channel{}, ErrForeign
	}
	return c, nil
}

// RoleOption returns the role picked for an option, or false when none was.
func (q Request) RoleOption(name string) (Role, bool, error) {
	id, ok, err := q.Snowflake(name, discordgo.ApplicationCommandOptionRole)
	if !ok || err != nil {
		return Role{}, false, err
	}
	r, ok := q.roles[id]
	if !ok {
		return Role{}, false, errNoRole
	}
	return r, true, nil
}

// Snowflake returns an option that holds a snowflake.
func (q Request) Snowflake(name string, kind discordgo.ApplicationCommandOptionType) (string, bool, error) {
	o, ok := q.options[name]
	if !ok {
		return "", false, nil
	}
	var s string
	if o.Type != kind || json.Unmarshal(o.Value, &s) != nil || !message.Snowflake(s) {
		return "", false, Unreadable(name)
	}
	return s, true, nil
}

// focused returns the option that is being typed and its text so far.
func (q Request) focused() (name, typed string) {
	for _, o := range q.options {
		if !o.Focused {
			continue
		}
		var s string
		if json.Unmarshal(o.Value, &s) != nil {
			s = ""
		}
		return o.Name, text.Cut(text.Clean(s), MaxChoice)
	}
	return "", ""
}

// Unreadable says that an option is not of the kind that it should be.
func Unreadable(option string) *Error {
	return Refuse(BadOption, "error.unreadable", wording.Args{"option": option})
}
