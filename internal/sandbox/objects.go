package sandbox

import (
	"encoding/json"
	"time"
)

// object is a JSON object whose shape is not fixed here.
type object = map[string]any

// User is a person or a bot.
// https://docs.discord.com/developers/resources/user#user-object
type User struct {
	ID            string  `json:"id"`
	Username      string  `json:"username"`
	GlobalName    *string `json:"global_name"`
	Discriminator string  `json:"discriminator"`
	Avatar        *string `json:"avatar"`
	Bot           bool    `json:"bot,omitempty"`
	PublicFlags   int     `json:"public_flags"`
	Flags         int     `json:"flags"`
	PrimaryGuild  *object `json:"primary_guild"`
	// Locale is the language of the user's client, sent with interactions.
	Locale string `json:"-"`
}

// Role is a role of a guild.
// https://docs.discord.com/developers/topics/permissions#role-object
type Role struct {
	ID          string
	Name        string
	Permissions Permissions
	Position    int
	Color       int
	Mentionable bool
	Managed     bool
}

// MarshalJSON writes the role as Discord does.
func (r Role) MarshalJSON() ([]byte, error) {
	return json.Marshal(object{
		"id": r.ID, "name": r.Name, "permissions": r.Permissions, "position": r.Position, "color": r.Color,
		"colors": object{"primary_color": r.Color, "secondary_color": nil, "tertiary_color": nil},
		"hoist":  false, "managed": r.Managed, "mentionable": r.Mentionable,
		"icon": nil, "unicode_emoji": nil, "flags": 0,
	})
}

// Member is a user in a guild.
type Member struct {
	User     *User
	Roles    []string
	JoinedAt string
}

func (m *Member) object() object {
	return object{
		"user": m.User, "roles": orEmpty(m.Roles), "joined_at": m.JoinedAt, "nick": nil, "avatar": nil, "banner": nil,
		"communication_disabled_until": nil, "flags": 0, "pending": false, "premium_since": nil, "mute": false, "deaf": false,
	}
}

// ChannelType is the kind of a channel.
// https://docs.discord.com/developers/resources/channel#channel-object-channel-types
type ChannelType int

// The kinds of channels that the sandbox knows.
const (
	Text          ChannelType = 0
	Voice         ChannelType = 2
	Category      ChannelType = 4
	Announcement  ChannelType = 5
	NewsThread    ChannelType = 10
	PublicThread  ChannelType = 11
	PrivateThread ChannelType = 12
	Stage         ChannelType = 13
	Forum         ChannelType = 15
	Media         ChannelType = 16
)

func (t ChannelType) isThread() bool { return t >= NewsThread && t <= PrivateThread }
func (t ChannelType) isForum() bool  { return t == Forum || t == Media }

// Overwrite changes the permissions of a role or member in a channel.
type Overwrite struct {
	ID    string      `json:"id"`
	Type  int         `json:"type"` // 0 role, 1 member
	Allow Permissions `json:"allow"`
	Deny  Permissions `json:"deny"`
}

// Tag is a label of a forum's posts.
type Tag struct {
	ID        string  `json:"id"`
	Name      string  `json:"name"`
	Moderated bool    `json:"moderated"`
	EmojiID   *string `json:"emoji_id"`
	EmojiName *string `json:"emoji_name"`
}

// ThreadMetadata is what only threads have.
type ThreadMetadata struct {
	Archived            bool   `json:"archived"`
	ArchiveTimestamp    string `json:"archive_timestamp"`
	AutoArchiveDuration int    `json:"auto_archive_duration"`
	Locked              bool   `json:"locked"`
	CreateTimestamp     string `json:"create_timestamp"`
}

// Channel is a channel or thread of a guild.
// https://docs.discord.com/developers/resources/channel#channel-object
type Channel struct {
	ID            string          `json:"id"`
	Type          ChannelType     `json:"type"`
	GuildID       string          `json:"guild_id"`
	Name          string          `json:"name"`
	Position      int             `json:"position"`
	ParentID      *string         `json:"parent_id"`
	Topic         *string         `json:"topic,omitempty"`
	NSFW          bool            `json:"nsfw"`
	Flags         int             `json:"flags"`
	LastMessageID *string         `json:"last_message_id"`
	RateLimit     int             `json:"rate_limit_per_user"`
	Overwrites    []Overwrite     `json:"permission_overwrites,omitempty"`
	AvailableTags []Tag           `json:"available_tags,omitempty"`
	OwnerID       string          `json:"owner_id,omitempty"`
	Thread        *ThreadMetadata `json:"thread_metadata,omitempty"`
	MessageCount  *int            `json:"message_count,omitempty"`
	MemberCount   *int            `json:"member_count,omitempty"`
	TotalSent     *int            `json:"total_message_sent,omitempty"`
	AppliedTags   []string        `json:"applied_tags,omitempty"`
	Recipients    []*User         `json:"recipients,omitempty"` // of direct messages
}

// Embed is a rich embed as it is stored: trimmed, with attachment:// replaced.
// https://docs.discord.com/developers/resources/message#embed-object
type Embed struct {
	Type        string       `json:"type"`
	Title       string       `json:"title,omitempty"`
	Description string       `json:"description,omitempty"`
	URL         string       `json:"url,omitempty"`
	Timestamp   string       `json:"timestamp,omitempty"`
	Color       *int         `json:"color,omitempty"`
	Footer      *EmbedFooter `json:"footer,omitempty"`
	Image       *EmbedImage  `json:"image,omitempty"`
	Thumbnail   *EmbedImage  `json:"thumbnail,omitempty"`
	Author      *EmbedAuthor `json:"author,omitempty"`
	Fields      []EmbedField `json:"fields,omitempty"`
}

// EmbedFooter is the last line of an embed.
type EmbedFooter struct {
	Text    string `json:"text"`
	IconURL string `json:"icon_url,omitempty"`
}

// EmbedImage is a picture of an embed.
type EmbedImage struct {
	URL    string `json:"url"`
	Width  int    `json:"width,omitempty"` // in pixels, of uploaded pictures
	Height int    `json:"height,omitempty"`
}

// EmbedAuthor is the first line of an embed.
type EmbedAuthor struct {
	Name    string `json:"name"`
	URL     string `json:"url,omitempty"`
	IconURL string `json:"icon_url,omitempty"`
}

// EmbedField is a name with a value.
type EmbedField struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Inline bool   `json:"inline"`
}

// Attachment is a file of a message.
type Attachment struct {
	ID          string `json:"id"`
	Filename    string `json:"filename"`
	Description string `json:"description,omitempty"`
	ContentType string `json:"content_type,omitempty"`
	Size        int    `json:"size"`
	URL         string `json:"url"`
	ProxyURL    string `json:"proxy_url"`
	Width       int    `json:"width,omitempty"` // of pictures, in pixels
	Height      int    `json:"height,omitempty"`
	Ephemeral   bool   `json:"ephemeral,omitempty"`
}

// Reference names the message that another answers.
type Reference struct {
	Type      int    `json:"type"`
	MessageID string `json:"message_id,omitempty"`
	ChannelID string `json:"channel_id"`
	GuildID   string `json:"guild_id,omitempty"`
}

// Message is a message of a channel. A stored message is never changed, an edit
// stores another one; what a caller gets must not be changed either.
// https://docs.discord.com/developers/resources/message#message-object
type Message struct {
	ID                  string       `json:"id"`
	ChannelID           string       `json:"channel_id"`
	Type                int          `json:"type"`
	Author              *User        `json:"author"`
	Content             string       `json:"content"`
	Timestamp           string       `json:"timestamp"`
	EditedTimestamp     *string      `json:"edited_timestamp"`
	TTS                 bool         `json:"tts"`
	MentionEveryone     bool         `json:"mention_everyone"`
	Mentions            []*User      `json:"mentions"`
	MentionRoles        []string     `json:"mention_roles"`
	Attachments         []Attachment `json:"attachments"`
	Embeds              []Embed      `json:"embeds"`
	Components          []object     `json:"components"`
	Pinned              bool         `json:"pinned"`
	Flags               int          `json:"flags"`
	Nonce               any          `json:"nonce,omitempty"` // for tests; Discord does not give it back later
	WebhookID           string       `json:"webhook_id,omitempty"`
	ApplicationID       string       `json:"application_id,omitempty"`
	MessageReference    *Reference   `json:"message_reference,omitempty"`
	ReferencedMessage   *Message     `json:"referenced_message,omitempty"`
	Interaction         object       `json:"interaction,omitempty"`
	InteractionMetadata object       `json:"interaction_metadata,omitempty"`
	Thread              *Channel     `json:"thread,omitempty"`

	// onlyFor is the user who alone sees an ephemeral message.
	onlyFor string
	// pinnedAt is when it was pinned.
	pinnedAt time.Time
	// held are the attachments that an embed shows, which Discord leaves out of
	// Attachments.
	held []Attachment
}

// Flags of messages.
// https://docs.discord.com/developers/resources/message#message-object-message-flags
const (
	FlagCrossposted           = 1 << 0
	FlagSuppressEmbeds        = 1 << 2
	FlagHasThread             = 1 << 5
	FlagEphemeral             = 1 << 6
	FlagLoading               = 1 << 7
	FlagSuppressNotifications = 1 << 12
	FlagComponentsV2          = 1 << 15
)

// Ephemeral tells whether one user alone sees the message.
func (m *Message) Ephemeral() bool { return m.Flags&FlagEphemeral != 0 }

func orEmpty[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}
