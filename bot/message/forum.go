package message

import (
	"cmp"
	"slices"
	"strings"

	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/text"
	"github.com/attache-bot/attache/internal/topic"
)

// MaxTags is how many tags a post of a forum may have
// (https://discord.com/developers/docs/resources/channel#start-thread-in-forum-or-media-channel).
const MaxTags = 5

// Tag is a label that a forum has for its posts.
type Tag struct {
	ID, Name string
	// Moderated says that only moderators may set it.
	Moderated bool
}

// PostName is what the post of a message in a forum is called.
func PostName(m alert.Message) string {
	in := wording.In(m.Language)
	title := in.Plain("place.away")
	switch m.Kind {
	case alert.Digest:
		title = m.Content.Headline
		if len(m.Content.Topics) > 0 {
			title = digestTitle(m.Content.Topics[0], in)
		}
	case alert.CatchUp:
	case alert.Notice:
		title = in.Plain("notice.name")
	default:
		title, _ = headline(m.Content, in)
	}
	return cmp.Or(plain(title, maxThreadName), in.Plain("alert.thread-name"))
}

// Tags are those of a forum that fit an alert: called like one of its topics, like
// the stage where one of them stands, or like its standing, in any language.
// names returns the names of a topic. There are at most [MaxTags], topics first.
func Tags(c alert.Content, available []Tag, names func(topic.ID) []string) []string {
	var out []string
	add := func(called ...string) {
		for _, t := range available {
			if !t.Moderated && len(out) < MaxTags && !slices.Contains(out, t.ID) && TagFits(t, called...) {
				out = append(out, t.ID)
			}
		}
	}
	for _, t := range c.Topics {
		called := append(names(t.ID), t.Title, string(t.ID))
		for _, l := range wording.Languages() {
			called = append(called, Title(t.ID, t.Title, wording.In(l)))
		}
		add(called...)
	}
	for _, t := range staged(c) {
		add(stageNames(t.Stage)...)
	}
	add(standingNames(c.Standing)...)
	return out
}

// Retagged are a post's tags after its story has gone on: those of stages and
// standings are set anew, all others stay, whoever set them. It reports whether
// that changes anything.
func Retagged(applied []string, c alert.Content, available []Tag, stages []topic.Stage) (tags []string, changed bool) {
	var turning []Tag
	for _, t := range available {
		if !t.Moderated && turns(t, stages) {
			turning = append(turning, t)
		}
	}
	c.Topics = slices.Clone(c.Topics)
	for i := range c.Topics {
		c.Topics[i].Title = "" // only what turns
	}
	want := Tags(c, turning, func(topic.ID) []string { return nil })
	for _, id := range applied {
		if !slices.ContainsFunc(turning, func(t Tag) bool { return t.ID == id }) || slices.Contains(want, id) {
			tags = append(tags, id)
		}
	}
	for _, id := range want {
		if !slices.Contains(tags, id) && len(tags) < MaxTags {
			tags = append(tags, id)
		}
	}
	was, is := slices.Sorted(slices.Values(applied)), slices.Sorted(slices.Values(tags))
	return tags, !slices.Equal(was, is) && len(tags) > 0
}

// Turning reports whether a forum has tags that follow how a story goes on.
func Turning(available []Tag, stages []topic.Stage) bool {
	return slices.ContainsFunc(available, func(t Tag) bool { return !t.Moderated && turns(t, stages) })
}

// turns reports whether a tag is called like a stage or a standing.
func turns(t Tag, stages []topic.Stage) bool {
	for _, s := range stages {
		if TagFits(t, stageNames(s)...) {
			return true
		}
	}
	for s := range standingTags {
		if TagFits(t, standingNames(s)...) {
			return true
		}
	}
	return false
}

// TagFits reports whether a tag has one of the names, however it is written.
func TagFits(t Tag, names ...string) bool {
	name := tagName(t.Name)
	return name != "" && slices.ContainsFunc(names, func(s string) bool { return tagName(s) == name })
}

// tagName is a name without what does not matter: "In effect" is "in-effect".
func tagName(s string) string {
	return strings.Join(strings.FieldsFunc(text.Fold(text.Clean(s)), func(r rune) bool { return strings.ContainsRune(" -_,.", r) }), " ")
}

// stageNames are what a stage may be called.
func stageNames(s topic.Stage) []string {
	names := []string{string(s)}
	for _, l := range wording.Languages() {
		names = append(names, Stage(s, wording.In(l)))
	}
	return names
}

// standingNames are what a standing may be called, in one word and as alerts say
// it.
func standingNames(s story.Standing) []string {
	id, ok := standingTags[s]
	if !ok {
		return nil
	}
	names := []string{string(s)}
	for _, l := range wording.Languages() {
		names = append(names, wording.In(l).Plain(id))
		if whole, ok := standingIDs[s]; ok {
			names = append(names, wording.In(l).Plain(whole))
		}
	}
	return names
}

// standingTags are standings in one word.
var standingTags = map[story.Standing]wording.ID{
	story.Reported:        "place.tag-reported",
	story.Claimed:         "place.tag-claimed",
	story.PartlyConfirmed: "place.tag-partly-confirmed",
	story.Confirmed:       "place.tag-confirmed",
	story.Disputed:        "place.tag-disputed",
	story.Denied:          "place.tag-denied",
}
