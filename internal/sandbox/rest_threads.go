package sandbox

import (
	"net/http"
	"slices"
)

const (
	maxThreadName = 100
	maxTags       = 5
	// flagRequireTag asks each post of a forum for a tag.
	flagRequireTag = 1 << 4
)

// readThread reads what all ways to start a thread share.
func readThread(r reader) (name string, archive int) {
	name = r.text("name", 1, maxThreadName)
	archive = int(r.integer("auto_archive_duration", 0, 10080))
	if archive != 0 && !slices.Contains([]int{60, 1440, 4320, 10080}, archive) {
		r.f.fail(join(r.path, "auto_archive_duration"), "BASE_TYPE_CHOICES", "Value must be one of (60, 1440, 4320, 10080).")
	}
	return name, archive
}

func setArchive(t *Channel, minutes int) {
	if minutes != 0 {
		t.Thread.AutoArchiveDuration = minutes
	}
}

// https://docs.discord.com/developers/resources/channel#start-thread-from-message
func (s *Server) startThreadFrom(c *call) (int, any, *apiError) {
	g, ch, m, err := s.pathMessage(c, CreatePublicThreads)
	if err != nil {
		return 0, nil, err
	}
	body, err := c.object()
	if err != nil {
		return 0, nil, err
	}
	if ch.Type != Text && ch.Type != Announcement {
		return 0, nil, errChannelType()
	}
	if s.world.owner[m.ID] != nil {
		return 0, nil, refuse(http.StatusBadRequest, 160004, "A thread has already been created for this message")
	}
	var f form
	name, archive := readThread(reader{&f, "", body})
	if err := f.err(); err != nil {
		return 0, nil, err
	}
	t := s.newThread(g, ch, name, m.ID, s.world.bot.ID)
	setArchive(t, archive)
	next := *m
	next.Flags |= FlagHasThread
	next.Thread = t
	s.replaceMessage(g, ch, &next)
	return http.StatusCreated, t, nil
}

// startThread starts a thread without a message, or a post in a forum.
// https://docs.discord.com/developers/resources/channel#start-thread-without-message
// https://docs.discord.com/developers/resources/channel#start-thread-in-forum-or-media-channel
func (s *Server) startThread(c *call) (int, any, *apiError) {
	g, ch, err := s.botChannel(c, 0)
	if err != nil {
		return 0, nil, err
	}
	body, uploads, err := s.readBody(c)
	if err != nil {
		return 0, nil, err
	}
	if ch.Type.isForum() {
		return s.startPost(c, g, ch, body, uploads)
	}
	if ch.Type != Text && ch.Type != Announcement {
		return 0, nil, errChannelType()
	}
	if !s.botPermissions(g, ch).Has(CreatePublicThreads) {
		return 0, nil, errPermissions()
	}
	var f form
	r := reader{&f, "", body}
	name, archive := readThread(r)
	kind := ChannelType(r.integer("type", int64(NewsThread), int64(PrivateThread)))
	if err := f.err(); err != nil {
		return 0, nil, err
	}
	t := s.newThread(g, ch, name, s.ids.next(c.now), s.world.bot.ID)
	setArchive(t, archive)
	if kind == PublicThread && ch.Type == Text {
		t.Type = kind
	}
	return http.StatusCreated, t, nil
}

// startPost starts a thread of a forum with its first message, which has the
// thread's id.
func (s *Server) startPost(c *call, g *guild, ch *Channel, body object, uploads []upload) (int, any, *apiError) {
	if !s.botPermissions(g, ch).Has(SendMessages) {
		return 0, nil, errPermissions()
	}
	var f form
	r := reader{&f, "", body}
	name, archive := readThread(r)
	tags := r.ids("applied_tags", maxTags)
	in, ok := r.inside("message")
	if !ok {
		f.fail("message", "BASE_TYPE_REQUIRED", "This field is required")
		return 0, nil, f.err()
	}
	d := readDraft(in, uploads)
	if err := f.err(); err != nil {
		return 0, nil, err
	}
	if d.empty() {
		return 0, nil, errEmpty()
	}
	if ch.Flags&flagRequireTag != 0 && len(tags) == 0 {
		return 0, nil, refuse(http.StatusBadRequest, 40067, "A tag is required to create a forum post in this channel")
	}
	for _, id := range tags {
		if !slices.ContainsFunc(ch.AvailableTags, func(t Tag) bool { return t.ID == id }) {
			return 0, nil, refuse(http.StatusNotFound, 10087, "Unknown tag")
		}
	}
	t := s.newThread(g, ch, name, s.ids.next(c.now), s.world.bot.ID)
	setArchive(t, archive)
	t.AppliedTags = tags
	m, err := s.compose(g, t, &d, true)
	if err != nil {
		return 0, nil, err
	}
	m.ID = t.ID
	s.storeMessage(g, t, m)
	out, _ := clone(g.channels[t.ID]).(object)
	out["message"] = m
	return http.StatusCreated, out, nil
}
