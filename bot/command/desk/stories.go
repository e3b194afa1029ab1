package desk

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/suggest"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/story"
)

// ErrStoryGone says that a story is not kept.
var ErrStoryGone = interaction.Refuse(interaction.NotFound, "story.gone")

// StoryName is a story as people write it: "s123".
func StoryName(id story.ID) string { return "s" + strconv.FormatInt(int64(id), 10) }

// ParseStory reads what [StoryName] wrote.
func ParseStory(s string) (story.ID, bool) {
	digits, ok := strings.CutPrefix(s, "s")
	n, err := strconv.ParseInt(digits, 10, 64)
	if !ok || err != nil || n <= 0 || StoryName(story.ID(n)) != s {
		return 0, false
	}
	return story.ID(n), true
}

// LinkIn returns the address that somebody pasted, as it is or in angle brackets.
// Keyboards write its first letter large.
func LinkIn(typed string) (string, bool) {
	typed = strings.Trim(typed, "<>")
	scheme, rest, ok := strings.Cut(typed, "://")
	if scheme = strings.ToLower(scheme); !ok || scheme != "http" && scheme != "https" {
		return typed, false
	}
	return scheme + "://" + rest, true
}

// toMessage is the address of a message, as Discord's clients copy it.
var toMessage = regexp.MustCompile(`^https://(?:(?:ptb|canary)\.)?discord(?:app)?\.com/channels/([0-9]+)/[0-9]+/([0-9]+)$`)

// MessageIn returns the guild and the id of a message whose link somebody pasted, as
// people do to ask about an alert.
func MessageIn(link string) (guildID, id string, ok bool) {
	m := toMessage.FindStringSubmatch(link)
	if m == nil {
		return "", "", false
	}
	return m[1], m[2], true
}

// ErrNoAlert says that a message is no alert of the bot's in the guild.
var ErrNoAlert = interaction.Refuse(interaction.NotFound, "story.no-alert")

// PickStory returns the story that somebody means by its number, by the link of a
// report or of an alert, or by words that only its reports have.
func (d *Desk) PickStory(ctx context.Context, guildID, typed string) (story.ID, error) {
	if id, ok := ParseStory(strings.ToLower(typed)); ok {
		return id, nil
	}
	if link, ok := LinkIn(typed); ok {
		if guild, id, ok := MessageIn(link); ok {
			return d.toldIn(ctx, guildID, guild, id)
		}
		found, deleted, err := d.store.StoriesByLink(ctx, guildID, link)
		switch {
		case err != nil:
			return 0, fmt.Errorf("find stories by link: %w", err)
		case len(found) > 0:
			return found[0], nil
		case deleted:
			return 0, ErrStoryGone
		}
		return 0, interaction.Refuse(interaction.NotFound, "story.no-link")
	}
	found, err := d.storiesWith(ctx, guildID, typed, 2)
	switch {
	case err != nil:
		return 0, err
	case len(found) == 0:
		return 0, interaction.Refuse(interaction.NotFound, "story.unknown", wording.Args{"typed": typed})
	case len(found) > 1:
		return 0, interaction.Refuse(interaction.NotFound, "story.several", wording.Args{"typed": typed})
	}
	return found[0].Story, nil
}

// toldIn returns the story of which a message tells the guild, if it is in that guild.
func (d *Desk) toldIn(ctx context.Context, guildID, in, message string) (story.ID, error) {
	if in != guildID {
		return 0, ErrNoAlert
	}
	id, err := d.store.StoryTold(ctx, guildID, message)
	switch {
	case errors.Is(err, archive.ErrNotFound):
		return 0, ErrNoAlert
	case err != nil:
		return 0, fmt.Errorf("find story by message: %w", err)
	}
	return id, nil
}

// storiesWith returns up to limit stories with reports that hold all words.
func (d *Desk) storiesWith(ctx context.Context, guildID, words string, limit int) ([]story.Listing, error) {
	found, err := d.store.Search(ctx, archive.Search{Guild: guildID, Text: suggest.CutTo(words, MaxQuery), Order: archive.Newest, Limit: maxSearched})
	if errors.Is(err, archive.ErrNoWords) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("search stories: %w", err)
	}
	return distinct(found, limit), nil
}

// maxSearched is among how many reports stories are looked for.
const maxSearched = 100

// distinct returns the first listing of each story, up to limit.
func distinct(all []story.Listing, limit int) []story.Listing {
	var out []story.Listing
	for _, l := range all {
		if l.Story != 0 && len(out) < limit && !slices.ContainsFunc(out, func(o story.Listing) bool { return o.Story == l.Story }) {
			out = append(out, l)
		}
	}
	return out
}

// CompleteStory offers stories: the latest, those on a topic that is meant, those
// whose titles fit and those whose reports hold the words.
func (d *Desk) CompleteStory(ctx context.Context, q interaction.Request, option, typed string) ([]interaction.Choice, error) {
	if option != tree.OptStory {
		return nil, nil
	}
	return d.OfferStories(ctx, q, typed, func(l story.Listing) string { return StoryName(l.Story) })
}

// OfferStories offers the stories that are meant by their titles. What value has
// nothing short enough for is left out.
func (d *Desk) OfferStories(ctx context.Context, q interaction.Request, typed string, value func(story.Listing) string) ([]interaction.Choice, error) {
	found, err := d.storiesMeant(ctx, q, typed)
	if err != nil {
		return nil, err
	}
	var out []interaction.Choice
	for _, l := range found {
		if v := value(l); v != "" && utf8.RuneCountInString(v) <= interaction.MaxChoice {
			out = append(out, interaction.Choice{Name: titled(l, v, q), Value: v})
		}
	}
	return out, nil
}

// titled is a story's title with its age, as a choice's name; otherwise stands for
// a title that is empty.
func titled(l story.Listing, otherwise string, q interaction.Request) string {
	age := " · " + ago(q.Now.Sub(l.Report.Time()), q.Speaker)
	room := utf8.RuneCountInString(age)
	return cmp.Or(suggest.CutChoice(l.Report.Title, room), suggest.CutChoice(otherwise, room)) + age
}

// storiesMeant are the latest stories, or those that are meant by what is typed, as
// many as can be offered.
func (d *Desk) storiesMeant(ctx context.Context, q interaction.Request, typed string) ([]story.Listing, error) {
	latest, err := d.store.Recent(ctx, archive.Recent{Guild: q.Guild, Limit: maxSearched})
	if err != nil {
		return nil, fmt.Errorf("list recent stories: %w", err)
	}
	found := latest
	if typed != "" {
		if found, err = d.storiesLike(ctx, q, latest, typed); err != nil {
			return nil, err
		}
	}
	return distinct(found, interaction.MaxChoices), nil
}

// storiesLike returns those of the latest stories that fit what is typed, then
// those on a topic that is meant, then others that hold the words.
func (d *Desk) storiesLike(ctx context.Context, q interaction.Request, latest []story.Listing, typed string) ([]story.Listing, error) {
	words := suggest.Folded(typed)
	var out []story.Listing
	for _, l := range latest {
		if suggest.WordsBegin(suggest.Folded(l.Report.Title), words) {
			out = append(out, l)
		}
	}
	if t, _, ok := suggest.Meant(Called(d.Topics.Topics(), q.Speaker), typed); ok {
		on, err := d.store.Recent(ctx, archive.Recent{Guild: q.Guild, Topic: t.ID, Limit: interaction.MaxChoices})
		if err != nil {
			return nil, fmt.Errorf("list recent stories: %w", err)
		}
		out = append(out, on...)
	}
	more, err := d.storiesWith(ctx, q.Guild, typed, interaction.MaxChoices)
	return append(out, more...), err
}

// ago is an age in a few letters.
func ago(d time.Duration, in wording.Speaker) string {
	switch {
	case d < time.Minute:
		return in.Plain("story.ago-now")
	case d < time.Hour:
		return in.Plain("story.ago-minutes", wording.Args{"count": int(d.Minutes())})
	case d < 48*time.Hour:
		return in.Plain("story.ago-hours", wording.Args{"count": int(d.Hours())})
	}
	return in.Plain("story.ago-days", wording.Args{"count": int(d.Hours() / 24)})
}

// StoryOf reads a story, or refuses when it is not kept.
func (d *Desk) StoryOf(ctx context.Context, guildID string, id story.ID) (story.Told, error) {
	told, err := d.store.StorySeenBy(ctx, guildID, id)
	switch {
	case errors.Is(err, archive.ErrNotFound):
		return story.Told{}, ErrStoryGone
	case err != nil:
		return story.Told{}, fmt.Errorf("read story: %w", err)
	}
	return told, nil
}

// PressedID is the story that a button is about.
func PressedID(q interaction.Request) (story.ID, error) {
	id, ok := ParseStory(q.Arg(0))
	if !ok {
		return 0, interaction.ErrButton
	}
	return id, nil
}

// PressedStory reads it, or says that it is not kept any more.
func (d *Desk) PressedStory(ctx context.Context, q interaction.Request) (story.Told, error) {
	id, err := PressedID(q)
	if err != nil {
		return story.Told{}, err
	}
	told, err := d.StoryOf(ctx, q.Guild, id)
	if errors.Is(err, ErrStoryGone) {
		err = errPressedGone
	}
	return told, err
}

// errPressedGone says that the story of an old alert is deleted.
var errPressedGone = interaction.Refuse(interaction.NotFound, "living.story-gone")
