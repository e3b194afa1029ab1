package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/rest"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/topic"
)

// In a forum an alert is a post: a thread whose first message has the thread's id
// (https://discord.com/developers/docs/topics/threads#forums). Replies stand in
// it. Discord takes no nonce for posts, so that one whose answer was lost is
// looked for before it is posted again: see [alert.Next].

const (
	// flagRequireTag asks each post of a forum for a tag
	// (https://discord.com/developers/docs/resources/channel#channel-object-channel-flags).
	flagRequireTag = 1 << 4
	// postArchiveAfter is for how many minutes without a message a post stays open.
	// It must be longer than [alert.MaxEdited]: an archived post cannot be edited.
	postArchiveAfter = 10080
	// forumFor is for how long it is remembered what a forum asks for.
	forumFor = 5 * time.Minute
	// maxForums bounds how many are remembered.
	maxForums = 10_000
)

// Discord's error codes about posts
// (https://discord.com/developers/docs/topics/opcodes-and-status-codes#json).
const (
	codeUnknownTag  = 10087
	codeTagRequired = 40067
)

// postClosed are the codes that say that nobody can write in a post any more: it
// was deleted, or people have locked it.
var postClosed = []int{10003, 10008, 50083, 160005}

// forum is what posts of a forum are made from.
type forum struct {
	tags        []message.Tag
	requiresTag bool
	read        time.Time
}

// forums remembers forums for a while.
type forums struct {
	rest   *rest.Client
	now    func() time.Time
	topics desk.Catalogue
	mu     sync.Mutex
	known  map[string]forum
}

// get asks Discord for a forum that is not remembered.
func (f *forums) get(ctx context.Context, id string) (forum, error) {
	f.mu.Lock()
	known, ok := f.known[id]
	f.mu.Unlock()
	if age := f.now().Sub(known.read); ok && age >= 0 && age < forumFor {
		return known, nil
	}
	var v struct {
		Flags int `json:"flags"`
		Tags  []struct {
			ID        string `json:"id"`
			Name      string `json:"name"`
			Moderated bool   `json:"moderated"`
		} `json:"available_tags"`
	}
	if err := f.rest.Do(ctx, http.MethodGet, "/channels/"+id, nil, &v); err != nil {
		return forum{}, err
	}
	got := forum{requiresTag: v.Flags&flagRequireTag != 0, read: f.now()}
	for _, t := range v.Tags {
		got.tags = append(got.tags, message.Tag{ID: t.ID, Name: t.Name, Moderated: t.Moderated})
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.known == nil || len(f.known) >= maxForums {
		f.known = make(map[string]forum)
	}
	f.known[id] = got
	return got, nil
}

// inItsGuild has what is asked for the sake of an interaction counted as its
// guild's, so that nobody can use up what all guilds share by asking.
func inItsGuild(ctx context.Context, interaction []byte) context.Context {
	var v struct {
		Guild string `json:"guild_id"`
	}
	if json.Unmarshal(interaction, &v) != nil || !message.Snowflake(v.Guild) {
		return ctx
	}
	return rest.ForGuild(ctx, v.Guild)
}

// forget lets a forum be asked for again.
func (f *forums) forget(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.known, id)
}

// names are what a topic may be called.
func (f *forums) names(id topic.ID) []string {
	if f.topics == nil {
		return nil
	}
	for _, t := range f.topics.Topics() {
		if t.ID == id {
			return append(slices.Clone(t.Aliases), t.Title)
		}
	}
	return nil
}

// stages are all that topics have.
func (f *forums) stages() (out []topic.Stage) {
	if f.topics == nil {
		return nil
	}
	for _, t := range f.topics.Topics() {
		out = append(out, t.Stages...)
	}
	return out
}

// NeedsTag implements [command.Forums]. It asks Discord anew.
func (f *forums) NeedsTag(ctx context.Context, channel string, t desk.TopicInfo) (bool, error) {
	f.forget(channel)
	known, err := f.get(ctx, channel)
	if err != nil {
		return false, fmt.Errorf("read forum: %w", err)
	}
	fits := func(tag message.Tag) bool {
		return !tag.Moderated && message.TagFits(tag, append(slices.Clone(t.Aliases), t.Title, string(t.ID))...)
	}
	return known.requiresTag && !slices.ContainsFunc(known.tags, fits), nil
}

// tagsOf are the tags of a message's post. What is no alert gets any, where there
// must be one.
func (f forum) tagsOf(m alert.Message, names func(topic.ID) []string) []string {
	tags := message.Tags(m.Content, f.tags, names)
	if len(tags) == 0 && f.requiresTag && m.Kind != alert.Post {
		if i := slices.IndexFunc(f.tags, func(t message.Tag) bool { return !t.Moderated }); i >= 0 {
			tags = append(tags, f.tags[i].ID)
		}
	}
	return tags
}

// inForum reports whether a message is to stand in a forum.
func inForum(m alert.Message) bool { return m.In == guild.Forum }

// postInForum opens a post for a message, or writes a reply into its alert's.
func (s *Sender) postInForum(ctx context.Context, m alert.Message) (string, error) {
	if m.Kind == alert.Reply {
		m = inThread(m)
		sent, err := s.rest.CreateMessage(ctx, m.Channel, s.payload(m), nil, m.Nonce)
		switch {
		case slices.Contains(postClosed, codeOf(err)):
			return "", &alert.SendError{Reason: alert.ReasonNoFirst, Err: err}
		case err != nil:
			return "", sendError(err)
		}
		return sent.ID, nil
	}
	f, err := s.forums.get(ctx, m.Channel)
	if err != nil {
		err = sendError(err)
		var se *alert.SendError
		if errors.As(err, &se) {
			se.Doubt = false // nothing was posted
		}
		return "", err
	}
	var post rest.Message // a post has the id of its first message
	err = s.rest.Do(ctx, http.MethodPost, "/channels/"+m.Channel+"/threads", map[string]any{
		"name": message.PostName(m), "auto_archive_duration": postArchiveAfter,
		"applied_tags": message.List[string](f.tagsOf(m, s.forums.names)),
		"message":      s.payload(m),
	}, &post)
	switch codeOf(err) {
	case codeUnknownTag, codeTagRequired: // the forum has changed
		s.forums.forget(m.Channel)
	}
	if err != nil {
		return "", sendError(err)
	}
	return post.ID, nil
}

// editInForum edits a post, and its tags as far as they follow its story.
func (s *Sender) editInForum(ctx context.Context, id string, m alert.Message) error {
	if _, err := s.rest.EditMessage(ctx, id, id, s.payload(m).Edit(), nil); err != nil {
		return sendError(err)
	}
	f, err := s.forums.get(ctx, m.Channel)
	if err != nil || !message.Turning(f.tags, s.forums.stages()) {
		return nil //nolint:nilerr // the message tells it in any case; tags are a help
	}
	var post struct {
		Tags []string `json:"applied_tags"`
	}
	if err := s.rest.Do(ctx, http.MethodGet, "/channels/"+id, nil, &post); err != nil {
		return nil //nolint:nilerr // as above
	}
	if tags, changed := message.Retagged(post.Tags, m.Content, f.tags, s.forums.stages()); changed {
		err := s.rest.Do(ctx, http.MethodPatch, "/channels/"+id, map[string]any{"applied_tags": tags}, nil)
		if codeOf(err) == codeUnknownTag {
			s.forums.forget(m.Channel)
		}
	}
	return nil
}

// threads are posts as Discord lists them.
type threads struct {
	Threads []struct {
		ID      string `json:"id"`
		Parent  string `json:"parent_id"`
		OwnerID string `json:"owner_id"`
		Name    string `json:"name"`
	} `json:"threads"`
}

// findInForum looks for an earlier try's post, also among those that people have
// archived since.
func (s *Sender) findInForum(ctx context.Context, m alert.Message, since time.Time) (string, error) {
	if m.Kind == alert.Reply {
		id, err := s.find(ctx, inThread(m), since)
		if slices.Contains(postClosed, codeOf(err)) {
			return "", &alert.SendError{Reason: alert.ReasonNoFirst, Err: err}
		}
		return id, err
	}
	self, err := s.self(ctx)
	if err != nil {
		return "", sendError(err)
	}
	for _, path := range []string{"/guilds/" + m.Guild + "/threads/active", "/channels/" + m.Channel + "/threads/archived/public?limit=100"} {
		var list threads
		if err := s.rest.Do(ctx, http.MethodGet, path, nil, &list); err != nil {
			return "", readError(err)
		}
		for _, t := range list.Threads {
			if t.Parent != m.Channel || t.OwnerID != self || !message.Snowflake(t.ID) || !later(t.ID, since) {
				continue
			}
			same, err := s.tells(ctx, t.ID, m)
			if err != nil {
				return "", err
			}
			if same {
				return t.ID, nil
			}
		}
	}
	return "", nil
}

// tells reports whether a post says what a message would, in one of its forms.
func (s *Sender) tells(ctx context.Context, id string, m alert.Message) (bool, error) {
	var first posted
	err := s.rest.Do(ctx, http.MethodGet, "/channels/"+id+"/messages/"+id, nil, &first)
	switch {
	case slices.Contains(postClosed, codeOf(err)):
		return false, nil
	case err != nil:
		return false, readError(err)
	}
	for _, form := range []alert.Form{m.Form, alert.Full, alert.Plain} {
		m.Form = form
		if sameMessage(first, s.payload(m)) {
			return true, nil
		}
	}
	return false, nil
}

// later reports whether a snowflake was made at a time or after it.
func later(id string, than time.Time) bool {
	s := snowflake(than)
	return len(id) > len(s) || len(id) == len(s) && id >= s
}
