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
	if err := s.mayTag(g, ch, nil, tags); err != nil {
		return 0, nil, err
	}
	if !s.botPermissions(g, ch).Has(EmbedLinks) {
		d.embeds = nil // as in messages
		if d.empty() {
			return 0, nil, errPermissions()
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

// mayTag checks the tags of a post, which has had others: they are the forum's,
// and those that only moderators may set are left as they are.
func (s *Server) mayTag(g *guild, forum *Channel, had, tags []string) *apiError {
	if forum.Flags&flagRequireTag != 0 && len(tags) == 0 {
		return refuse(http.StatusBadRequest, 40067, "A tag is required to create a forum post in this channel")
	}
	moderates := s.botPermissions(g, forum).Has(ManageThreads)
	for _, id := range tags {
		i := slices.IndexFunc(forum.AvailableTags, func(t Tag) bool { return t.ID == id })
		switch {
		case i < 0:
			return refuse(http.StatusNotFound, 10087, "Unknown tag")
		case forum.AvailableTags[i].Moderated && !moderates && !slices.Contains(had, id):
			return errPermissions()
		}
	}
	return nil
}

// changeThread changes a thread's name, tags, and whether it is archived. Its
// creator may, as long as nobody has locked it. Other channels the bot does not
// change.
// https://docs.discord.com/developers/resources/channel#modify-channel
func (s *Server) changeThread(c *call) (int, any, *apiError) {
	g, ch, err := s.botChannel(c, 0)
	if err != nil {
		return 0, nil, err
	}
	body, err := c.object()
	if err != nil {
		return 0, nil, err
	}
	if !ch.Type.isThread() {
		if !s.botPermissions(g, ch).Has(ManageChannels) {
			return 0, nil, errPermissions()
		}
		return 0, nil, errChannelType()
	}
	next, err := edited(ch, body)
	if err != nil {
		return 0, nil, err
	}
	moderates := s.botPermissions(g, ch).Has(ManageThreads)
	switch {
	case !moderates && (ch.OwnerID != s.world.bot.ID || ch.Thread.Locked):
		return 0, nil, errPermissions()
	case ch.Thread.Archived && next.Thread.Archived:
		return 0, nil, errArchived()
	}
	if forum := g.channels[*ch.ParentID]; forum != nil && forum.Type.isForum() {
		if err := s.mayTag(g, forum, ch.AppliedTags, next.AppliedTags); err != nil {
			return 0, nil, err
		}
	}
	g.channels[ch.ID] = next
	s.channelEvent(g, next, "THREAD_UPDATE")
	return http.StatusOK, next, nil
}

// edited is a thread with what the body asks to be changed.
func edited(ch *Channel, body map[string]any) (*Channel, *apiError) {
	next, meta := *ch, *ch.Thread
	next.Thread = &meta
	var f form
	r := reader{&f, "", body}
	if r.has("name") {
		next.Name = r.text("name", 1, maxThreadName)
	}
	if r.has("applied_tags") {
		next.AppliedTags = r.ids("applied_tags", maxTags)
	}
	if r.has("archived") {
		meta.Archived = r.boolean("archived")
	}
	return &next, f.err()
}

// threadsOf lists the threads that the bot sees, newest first, as far as keep
// wants them.
func (s *Server) threadsOf(g *guild, keep func(*Channel) bool) []*Channel {
	out := []*Channel{}
	for _, t := range slices.Backward(g.eachChannel()) {
		if t.Type.isThread() && s.botPermissions(g, t).Has(ViewChannel) && keep(t) {
			out = append(out, t)
		}
	}
	return out
}

// https://docs.discord.com/developers/resources/guild#list-active-guild-threads
func (s *Server) activeThreads(c *call) (int, any, *apiError) {
	g, err := s.botGuild(c)
	if err != nil {
		return 0, nil, err
	}
	return http.StatusOK, object{
		"threads": s.threadsOf(g, func(t *Channel) bool { return !t.Thread.Archived }), "members": []object{}, "has_more": false,
	}, nil
}

// https://docs.discord.com/developers/resources/channel#list-public-archived-threads
func (s *Server) archivedThreads(c *call) (int, any, *apiError) {
	g, ch, err := s.botChannel(c, ReadMessageHistory)
	if err != nil {
		return 0, nil, err
	}
	limit, err := c.queryInt("limit", 50, 2, 100)
	if err != nil {
		return 0, nil, err
	}
	list := s.threadsOf(g, func(t *Channel) bool { return t.Thread.Archived && *t.ParentID == ch.ID })
	return http.StatusOK, object{"threads": list[:min(len(list), limit)], "members": []object{}, "has_more": len(list) > limit}, nil
}
