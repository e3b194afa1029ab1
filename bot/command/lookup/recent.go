package lookup

import (
	"context"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

// filter says which stories to show. What is zero does not limit.
type filter struct {
	topic    topic.ID
	country  string
	since    time.Time
	source   source.ID
	standing story.Standing
}

// recent shows the latest stories.
func (h *Handlers) recent(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	f, err := h.filter(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	return h.recentPage(ctx, q, f, 0)
}

// filter reads the options of /recent.
func (h *Handlers) filter(ctx context.Context, q interaction.Request) (f filter, err error) {
	var typed [5]string
	for i, name := range []string{tree.OptTopic, tree.OptCountry, tree.OptSince, tree.OptSource, tree.OptStanding} {
		if typed[i], err = q.Text(name, interaction.MaxChoice); err != nil {
			return f, err
		}
	}
	if typed[0] != "" {
		topics, err := h.TopicsOf(ctx, q)
		if err != nil {
			return f, err
		}
		t, err := desk.Pick(topics, typed[0])
		if err != nil {
			return f, err
		}
		f.topic = t.ID
	}
	if typed[1] != "" {
		state, err := h.PickCountry(typed[1], q.Speaker)
		if err != nil {
			return f, err
		}
		f.country = state.Code
	}
	if f.since, err = parseSince(typed[2], q.Now); err != nil {
		return f, err
	}
	if typed[3] != "" {
		s, err := h.PickSource(typed[3], q.Speaker)
		if err != nil {
			return f, err
		}
		f.source = s.ID
	}
	f.standing = story.Standing(typed[4])
	if f.standing != "" && message.StandingID(f.standing) == "" {
		return f, interaction.Unreadable(tree.OptStanding)
	}
	return f, nil
}

// recentPage shows stories before one; zero means from the newest.
func (h *Handlers) recentPage(ctx context.Context, q interaction.Request, f filter, before report.ID) (interaction.Reply, error) {
	topics, err := h.TopicsOf(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	id, ok := wholeTopic(topics, f.topic)
	if !ok {
		return interaction.Reply{}, desk.ErrTopicGone
	}
	f.topic = id
	ask := archive.Recent{
		Guild: q.Guild, Topic: f.topic, Since: f.since, Source: f.source, Standing: f.standing, Before: before, Limit: message.PageItems + 1,
	}
	if f.country != "" {
		ask.Keep = func(r report.Report) bool { return h.Countries.Names(r, f.country) }
	}
	found, err := h.store.Recent(ctx, ask)
	if err != nil {
		return interaction.Reply{}, fmt.Errorf("list recent stories: %w", err)
	}
	name := desk.Title(topics, f.topic)
	return h.list(h.recentHeading(f, name, q.Speaker), noneRecent(f, name, before, q.Speaker), found, desk.Cursor{List: desk.RecentList, After: int64(before), Text: f.String()}, q.Speaker), nil
}

// recentHeading says what is shown, as plain text; topic is its topic's title.
func (h *Handlers) recentHeading(f filter, topic string, in wording.Speaker) string {
	if f == (filter{}) {
		return in.Plain("lookup.recent-all-title")
	}
	var parts []string
	if f.topic != "" {
		parts = append(parts, topic)
	}
	if f.country != "" {
		parts = append(parts, h.CountryName(f.country, in))
	}
	if f.source != "" {
		parts = append(parts, h.SourceName(f.source))
	}
	if f.standing != "" {
		parts = append(parts, message.Standing(f.standing, in))
	}
	if !f.since.IsZero() {
		parts = append(parts, in.Plain("lookup.since", wording.Args{"time": stamp(f.since, in)}))
	}
	return in.Plain("lookup.recent-title", wording.Args{"what": strings.Join(parts, " · ")})
}

// noneRecent says that there is nothing, and what to try.
func noneRecent(f filter, topic string, before report.ID, in wording.Speaker) message.Markup {
	switch {
	case before != 0:
		return in.Say("lookup.nothing-older")
	case f == (filter{}):
		return in.Say("lookup.no-story")
	case f == filter{topic: f.topic}:
		return in.Say("lookup.no-story-about", wording.Args{"topic": topic})
	}
	return in.Say("lookup.no-story-fits")
}

// A filter as text: the topic's id, and after it the others that are set, each
// with its sign and separated by semicolons.
const (
	signCountry  = 'c'
	signSince    = 's' // minutes since 1970 in base 36
	signSource   = 'o'
	signStanding = 'z' // its place in standings
)

// maxFilter is the room for a filter in the custom id of a button, beside the
// longest number of a report.
const maxFilter = message.MaxCustomID - len("m1:r:") - 13 - len(":")

// String returns the filter as a button carries it. A topic that has no room is
// told by its hash.
func (f filter) String() string {
	rest := ""
	if f.country != "" {
		rest += fmt.Sprintf(";%c%s", signCountry, f.country)
	}
	if !f.since.IsZero() {
		rest += fmt.Sprintf(";%c%s", signSince, strconv.FormatInt(f.since.Unix()/60, 36))
	}
	if f.source != "" {
		rest += fmt.Sprintf(";%c%s", signSource, f.source)
	}
	for i, s := range tree.Standings() {
		if s == f.standing {
			rest += fmt.Sprintf(";%c%d", signStanding, i)
		}
	}
	if utf8.RuneCountInString(string(f.topic)+rest) > maxFilter {
		return hashed(f.topic) + rest
	}
	return string(f.topic) + rest
}

// hashed stands for a topic that has no room. No id of a topic begins so.
func hashed(id topic.ID) string {
	if strings.HasPrefix(string(id), "#") {
		return string(id)
	}
	h := fnv.New64a()
	h.Write([]byte(id))
	return "#" + strconv.FormatUint(h.Sum64(), 36)
}

// wholeTopic returns the topic that a button means; false when there is none
// such. Topics of commands are among the known ones already.
func wholeTopic(topics []desk.TopicInfo, id topic.ID) (topic.ID, bool) {
	if id == "" {
		return "", true
	}
	if _, ok := desk.ByID(topics, id); ok {
		return id, true
	}
	for _, t := range topics {
		if hashed(t.ID) == string(id) {
			return t.ID, true
		}
	}
	return "", false
}

// parseFilter reads what [filter.String] wrote, and returns false for anything
// else.
func parseFilter(s string) (f filter, ok bool) {
	parts := strings.Split(s, ";")
	f.topic = topic.ID(parts[0])
	if len(f.topic) > desk.MaxTopicID {
		return filter{}, false
	}
	for _, p := range parts[1:] {
		if len(p) < 2 {
			return filter{}, false
		}
		value := p[1:]
		switch p[0] {
		case signCountry:
			f.country = value
		case signSource:
			f.source = source.ID(value)
		case signSince:
			minutes, err := strconv.ParseInt(value, 36, 64)
			if err != nil || minutes <= 0 || minutes > maxMinutes {
				return filter{}, false
			}
			f.since = time.Unix(60*minutes, 0).UTC()
		case signStanding:
			i, err := strconv.Atoi(value)
			if err != nil || i < 0 || i >= len(tree.Standings()) {
				return filter{}, false
			}
			f.standing = tree.Standings()[i]
		}
	}
	// What is written otherwise is forged, and so is a country or an outlet that
	// leaves no room.
	if f.String() != s || utf8.RuneCountInString(s) > maxFilter {
		return filter{}, false
	}
	return f, true
}

// maxMinutes is the last minute that a button may name: of the year 9999.
const maxMinutes = 253402300799 / 60
