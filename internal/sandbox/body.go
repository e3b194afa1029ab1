package sandbox

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"strconv"
	"strings"
	"time"
)

// Limits of messages.
// https://docs.discord.com/developers/resources/message#create-message
const (
	maxContent     = 2000
	maxEmbeds      = 10
	maxEmbedSum    = 6000
	maxTitle       = 256
	maxDescription = 4096
	maxFields      = 25
	maxFieldName   = 256
	maxFieldValue  = 1024
	maxFooter      = 2048
	maxAuthor      = 256
	maxURL         = 2048
	maxFiles       = 10
	maxNonce       = 25
	maxMentions    = 100
	maxFileComment = 1024
)

// upload is a file of a multipart request.
type upload struct {
	index       int
	name        string
	contentType string
	data        []byte
	by          string // the person who sends it beforehand, for an option
}

// draft is what a body asks a message to be. A field that the body does not
// name is left alone by an edit.
type draft struct {
	has        map[string]bool
	content    string
	embeds     []Embed
	components []object
	flags      int
	tts        bool
	nonce      any // string or json.Number
	enforce    bool
	mentions   *allowedMentions
	reference  *Reference
	mustExist  bool // of the reference
	stickers   int
	poll       bool
	kept       []object // attachments of an edit, and names of new files
	uploads    []upload
}

// allowedMentions decides who is notified.
// https://docs.discord.com/developers/resources/message#allowed-mentions-object
type allowedMentions struct {
	parse        map[string]bool
	users, roles []string
	repliedUser  bool
}

// readBody takes a JSON or multipart body apart.
// https://docs.discord.com/developers/reference#uploading-files
func (s *Server) readBody(c *call) (object, []upload, *apiError) {
	kind, params, err := mime.ParseMediaType(c.r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		m, bad := c.object()
		return m, nil, bad
	}
	mr := multipart.NewReader(c.bodyReader(), params["boundary"])
	payload, uploads := []byte("{}"), []upload(nil)
	for {
		p, err := mr.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, nil, errJSON()
		}
		data, err := io.ReadAll(p)
		if err != nil {
			return nil, nil, errJSON()
		}
		name := p.FormName()
		index, isFile := fileIndex(name)
		switch {
		case name == "payload_json":
			payload = data
		case isFile && len(data) > s.o.Limits.FileBytes:
			return nil, nil, errTooLarge()
		case isFile:
			uploads = append(uploads, upload{index: index, name: fileName(p.FileName()), contentType: p.Header.Get("Content-Type"), data: data})
		}
	}
	v, err := decodeJSON(payload)
	m, ok := v.(object)
	if err != nil || !ok {
		return nil, nil, errJSON()
	}
	if len(uploads) > maxFiles {
		return nil, nil, invalid("files", "BASE_TYPE_MAX_LENGTH", "Must be %d or fewer in length.", maxFiles)
	}
	return m, uploads, nil
}

// fileIndex reads "files[0]" and the older "file", "file0".
func fileIndex(name string) (int, bool) {
	if n, ok := strings.CutPrefix(name, "files["); ok {
		i, err := strconv.Atoi(strings.TrimSuffix(n, "]"))
		return i, err == nil && i >= 0
	}
	if n, ok := strings.CutPrefix(name, "file"); ok {
		i, err := strconv.Atoi(n)
		return max(i, 0), err == nil || n == ""
	}
	return 0, false
}

// fileName keeps a name from being a path.
func fileName(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\"<>|?*:`, r) {
			return '_'
		}
		return r
	}, name)
	if name == "" || strings.Trim(name, ".") == "" {
		return "file"
	}
	return name
}

// readDraft reads and checks the fields of a message.
func readDraft(r reader, uploads []upload) draft {
	d := draft{has: map[string]bool{}, uploads: uploads}
	for k, v := range r.m {
		d.has[k] = v != nil || k != "flags" // null empties a field, but for flags says nothing
	}
	d.content = r.text("content", 0, maxContent)
	r.each("embeds", maxEmbeds, func(e reader) { d.embeds = append(d.embeds, readEmbed(e)) })
	if embedSum(d.embeds) > maxEmbedSum {
		r.f.fail(join(r.path, "embeds"), "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of %d", maxEmbedSum)
	}
	d.flags = int(r.integer("flags", 0, 1<<31-1))
	d.tts = r.boolean("tts")
	d.nonce = readNonce(r)
	d.enforce = r.boolean("enforce_nonce")
	d.mentions = readMentions(r)
	d.stickers = len(r.ids("sticker_ids", 3))
	d.poll = r.has("poll")
	if ref, ok := r.inside("message_reference"); ok {
		d.reference = &Reference{MessageID: ref.id("message_id"), ChannelID: ref.id("channel_id"), GuildID: ref.id("guild_id")}
		d.mustExist = ref.m["fail_if_not_exists"] != false
	}
	r.each("attachments", maxFiles, func(a reader) {
		a.text("filename", 0, maxFileComment)
		a.text("description", 0, maxFileComment)
		d.kept = append(d.kept, a.m)
	})
	d.components = readComponents(r, d.flags&FlagComponentsV2 != 0)
	if d.flags&FlagComponentsV2 != 0 {
		for _, k := range []string{"content", "embeds", "sticker_ids", "poll"} {
			if r.has(k) && !isBlank(r.m[k]) {
				r.f.fail(join(r.path, k), "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
					"The '%s' field cannot be used when using MessageFlags.IS_COMPONENTS_V2", k)
			}
		}
	}
	return d
}

func isBlank(v any) bool {
	switch t := v.(type) {
	case nil:
		return true
	case string:
		return t == ""
	case []any:
		return len(t) == 0
	}
	return false
}

// empty tells that a message would show nothing.
func (d *draft) empty() bool {
	return d.content == "" && len(d.embeds) == 0 && len(d.components) == 0 && d.stickers == 0 && !d.poll && len(d.uploads) == 0
}

func readEmbed(r reader) Embed {
	e := Embed{
		Type: "rich", Title: r.text("title", 0, maxTitle), Description: r.text("description", 0, maxDescription),
		URL: r.link("url", maxURL, "http", "https"),
	}
	if r.has("color") {
		n := int(r.integer("color", 0, 0xFFFFFF))
		e.Color = &n
	}
	if t := r.text("timestamp", 0, 0); t != "" {
		at, err := time.Parse(time.RFC3339Nano, t)
		if err != nil {
			r.f.fail(join(r.path, "timestamp"), "DATE_TIME_TYPE_PARSE", "Could not parse %s. Should be ISO8601.", t)
		} else {
			e.Timestamp = stamp(at)
		}
	}
	if f, ok := r.inside("footer"); ok {
		e.Footer = &EmbedFooter{f.text("text", 0, maxFooter), f.link("icon_url", maxURL, "http", "https", "attachment")}
	}
	if a, ok := r.inside("author"); ok {
		e.Author = &EmbedAuthor{a.text("name", 1, maxAuthor), a.link("url", maxURL, "http", "https"), a.link("icon_url", maxURL, "http", "https", "attachment")}
	}
	for key, at := range map[string]**EmbedImage{"image": &e.Image, "thumbnail": &e.Thumbnail} {
		if i, ok := r.inside(key); ok {
			*at = &EmbedImage{URL: i.link("url", maxURL, "http", "https", "attachment")}
		}
	}
	r.each("fields", maxFields, func(f reader) {
		e.Fields = append(e.Fields, EmbedField{f.text("name", 1, maxFieldName), f.text("value", 1, maxFieldValue), f.boolean("inline")})
	})
	if e.blank() {
		r.f.fail(r.path, "EMBED_EMPTY", "An embed must show something")
	}
	return e
}

func (e *Embed) blank() bool {
	return e.Title == "" && e.Description == "" && e.URL == "" && e.Footer == nil && e.Author == nil &&
		e.Image == nil && e.Thumbnail == nil && len(e.Fields) == 0 && e.Timestamp == ""
}

// embedSum counts what the limit over all embeds of a message counts.
// https://docs.discord.com/developers/resources/message#embed-object-embed-limits
func embedSum(embeds []Embed) int {
	n := 0
	for _, e := range embeds {
		n += runes(e.Title) + runes(e.Description)
		for _, f := range e.Fields {
			n += runes(f.Name) + runes(f.Value)
		}
		if e.Footer != nil {
			n += runes(e.Footer.Text)
		}
		if e.Author != nil {
			n += runes(e.Author.Name)
		}
	}
	return n
}

func runes(s string) int { return len([]rune(s)) }

func readNonce(r reader) any {
	path := join(r.path, "nonce")
	switch v := r.m["nonce"].(type) {
	case nil:
	case string:
		if runes(v) > maxNonce {
			r.f.fail(path, "NONCE_TYPE_TOO_LONG", "Must be %d or fewer in length.", maxNonce)
		}
		if v != "" {
			return v
		}
	case json.Number:
		if _, err := v.Int64(); err == nil {
			return v
		}
		r.f.fail(path, "NUMBER_TYPE_COERCE", "Value %q is not int.", v.String())
	default:
		r.f.fail(path, "STRING_TYPE_CONVERT", "Could not interpret %q as string.", kindOf(v))
	}
	return nil
}

func readMentions(r reader) *allowedMentions {
	m, ok := r.inside("allowed_mentions")
	if !ok {
		return nil
	}
	a := &allowedMentions{parse: map[string]bool{}, users: m.ids("users", maxMentions), roles: m.ids("roles", maxMentions), repliedUser: m.boolean("replied_user")}
	for i, v := range m.list("parse", 3) {
		s, _ := v.(string)
		if s != "users" && s != "roles" && s != "everyone" {
			m.f.fail(join(join(m.path, "parse"), i), "BASE_TYPE_CHOICES", "Value must be one of ('users', 'everyone', 'roles').")
			continue
		}
		a.parse[s] = true
	}
	for key, list := range map[string][]string{"users": a.users, "roles": a.roles} {
		if a.parse[key] && len(list) > 0 {
			m.f.fail(m.path, "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", `parse:["%s"] and %s: [ids...] are mutually exclusive.`, key, key)
		}
	}
	return a
}
