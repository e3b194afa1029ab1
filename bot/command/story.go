package command

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/suggest"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
)

// story shows one development: what its parties say, how it came there, and who
// tells it.
func (c *commands) story(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	typed, err := q.Text(optStory, maxLink)
	if err != nil {
		return interaction.Reply{}, err
	}
	id, err := c.pickStory(ctx, q.Guild, typed)
	if err != nil {
		return interaction.Reply{}, err
	}
	return c.storyPage(ctx, q, id, 0)
}

// storyPage shows a story from the line after the first so many.
func (c *commands) storyPage(ctx context.Context, q interaction.Request, id story.ID, after int) (interaction.Reply, error) {
	told, err := c.store.Story(ctx, q.Guild, id)
	switch {
	case errors.Is(err, ErrNotFound):
		return interaction.Reply{}, errStoryGone
	case err != nil:
		return interaction.Reply{}, fmt.Errorf("read story: %w", err)
	}
	t := telling{c, q.Speaker, told, q.Guild, map[report.ID]string{}}
	if err := t.link(ctx); err != nil {
		return interaction.Reply{}, err
	}
	before, err := t.follows(ctx)
	if err != nil {
		return interaction.Reply{}, err
	}
	later, err := t.followed(ctx)
	if err != nil {
		return interaction.Reply{}, err
	}
	lines := slices.Concat(t.head(), before, t.said(), t.timeline(), later, t.voices())
	rest := lines[min(max(after, 0), len(lines)):]
	if len(rest) == 0 {
		rest, after = lines, 0
	}
	p, shown := message.Panel(told.Story.Title, rest, "")
	at := Cursor{List: StoryList, After: int64(after), Text: storyName(id)}
	return interaction.Reply{Payload: at.turned(p, int64(after+shown), shown < len(rest), q.Speaker)}, nil
}

// errStoryGone says that a story is not kept.
var errStoryGone = interaction.Refuse(interaction.NotFound, "story.gone")

// telling is a story that is being told.
type telling struct {
	*commands
	wording.Speaker
	story.Told
	// guild is who is told.
	guild string
	// links are the addresses of its reports and of those that its turns name.
	links map[report.ID]string
}

// link finds the links. A turn may be of a report that answers the story, and has
// one of its own.
func (t telling) link(ctx context.Context) error {
	for _, r := range t.Reports {
		t.links[r.ID] = r.Link
	}
	var elsewhere []report.ID
	for _, w := range t.Story.Turns {
		if _, ok := t.links[w.Report]; !ok && w.Report != 0 {
			elsewhere = append(elsewhere, w.Report)
		}
	}
	found, err := t.store.Links(ctx, elsewhere)
	if err != nil {
		return fmt.Errorf("read links: %w", err)
	}
	maps.Copy(t.links, found)
	return nil
}

// head says what it is about and what its parties' words add up to.
func (t telling) head() []message.Markup {
	s := t.Story
	head := wording.ID("story.head")
	if s.Reports == 1 {
		head = "story.head-one"
	}
	return []message.Markup{
		message.Join(" · ", message.Topics(named(t.topics.Topics(), s.Topics), t.Speaker), message.Format("**%s**", message.Standing(s.Testimony.Standing(), t.Speaker))),
		t.Say(head, wording.Args{
			"reports": t.Say("story.reports", wording.Args{"count": s.Reports}), "outlets": t.Say("story.outlets", wording.Args{"count": s.Sources}),
			"first": message.When(s.Opened), "latest": message.When(s.Updated),
		}),
	}
}

// follows names the story that this one carries on with, if that is kept.
func (t telling) follows(ctx context.Context) ([]message.Markup, error) {
	if t.Story.Follows == 0 {
		return nil, nil
	}
	before, err := t.store.Story(ctx, t.guild, t.Story.Follows)
	switch {
	case errors.Is(err, ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("read the story before: %w", err)
	}
	return []message.Markup{t.Say("story.follows", wording.Args{"title": before.Story.Title, "story": storyName(before.Story.ID)})}, nil
}

// followed names the stories that carry on with this one.
func (t telling) followed(ctx context.Context) ([]message.Markup, error) {
	later, err := t.store.Followers(ctx, t.Story)
	if err != nil {
		return nil, fmt.Errorf("read what follows: %w", err)
	}
	var lines []message.Markup
	for _, s := range later {
		lines = append(lines, "• "+t.Say("story.then", wording.Args{"title": s.Title, "when": message.When(s.Opened), "story": storyName(s.ID)}))
	}
	return lines, nil
}

// said tells what each party says, the last word that counts, and who of those
// that are bound has not spoken.
func (t telling) said() []message.Markup {
	lines := []message.Markup{"\n" + t.Say("story.said")}
	spoke := map[string]bool{}
	for _, w := range t.Story.Said() {
		spoke[w.By] = true
		if line := t.word(w); line != "" {
			lines = append(lines, "• "+line)
		}
	}
	for _, p := range slices.Sorted(maps.Keys(t.Story.Testimony.Bound)) {
		if t.Story.Testimony.Bound[p] == story.Silent && !spoke[p] {
			lines = append(lines, "• "+t.Say("story.silent", wording.Args{"country": t.countryName(p, t.Speaker)}))
		}
	}
	if len(lines) == 1 {
		lines = append(lines, t.Say("story.no-words"))
	}
	return lines
}

// word is one turn with where it stands: "**Trump** says so · Example Wire · 5
// minutes ago · read".
func (t telling) word(w story.Turn) message.Markup {
	what := message.Said(alert.Said{Speaker: w.Speaker, Act: w.Act, Tone: w.Tone, About: w.About}, t.Speaker)
	if w.Reason == story.StageMoves {
		what = t.Say("story.now", wording.Args{"topics": message.Topics(named(t.topics.Topics(), []story.TopicStage{{Topic: w.Topic, Stage: w.Stage}}), t.Speaker)})
	}
	if what == "" {
		return ""
	}
	return message.Join(" · ", what, t.outletOf(w.Source), message.When(w.At), message.Read(t.links[w.Report], t.Speaker))
}

func (t telling) outletOf(id source.ID) message.Markup {
	if id == "" {
		return ""
	}
	return message.Format("%s", t.sourceName(id))
}

// timeline tells how the story came where it stands, oldest first.
func (t telling) timeline() []message.Markup {
	lines := []message.Markup{"\n" + t.Say("story.went-on")}
	if i := slices.IndexFunc(t.Reports, func(r report.Report) bool { return r.ID == t.Story.Lead }); i >= 0 {
		first := t.Reports[i]
		lines = append(lines, "• "+message.Join(" · ", t.Say("story.first-told"), t.outletOf(first.Source), message.When(first.Time()), message.Read(first.Link, t.Speaker)))
	}
	standing := story.Reported
	for _, w := range t.Story.Turns {
		line := t.word(w)
		if line == "" {
			continue
		}
		if w.Standing != standing && w.Standing != "" {
			line += message.Format(" → %s", message.Standing(w.Standing, t.Speaker))
			standing = w.Standing
		}
		lines = append(lines, "• "+line)
	}
	return lines
}

// voices tells who reports it of their own knowledge.
func (t telling) voices() []message.Markup {
	tellers := make([]story.Teller, len(t.Reports))
	for i, r := range t.Reports {
		tellers[i] = story.Teller{Report: r.ID, Source: r.Source, At: r.Time()}
		for _, k := range r.Keys {
			if k.Kind() == report.KeyText {
				tellers[i].Texts = append(tellers[i].Texts, k)
			}
		}
	}
	voices := story.Voices(tellers, t.sources)
	lines := []message.Markup{"\n" + t.Say("story.voices", wording.Args{"count": len(voices)})}
	for _, v := range voices {
		var link message.Markup
		for _, r := range t.Reports {
			if r.Source == v.Source {
				link = message.Read(r.Link, t.Speaker)
				break
			}
		}
		line := message.Join(" · ", message.Outlet(t.outlet(report.Report{Source: v.Source}), t.Speaker), message.When(v.First), link)
		if len(v.Others) > 0 {
			names := make([]string, len(v.Others))
			for i, o := range v.Others {
				names[i] = t.sourceName(o)
			}
			line += "; " + t.Say("story.also-by", wording.Args{"names": strings.Join(names, ", ")})
		}
		lines = append(lines, "• "+line)
	}
	return lines
}

// storyName is a story as people write it: "s123".
func storyName(id story.ID) string { return "s" + strconv.FormatInt(int64(id), 10) }

// parseStory reads what [storyName] wrote.
func parseStory(s string) (story.ID, bool) {
	digits, ok := strings.CutPrefix(s, "s")
	n, err := strconv.ParseInt(digits, 10, 64)
	if !ok || err != nil || n <= 0 || storyName(story.ID(n)) != s {
		return 0, false
	}
	return story.ID(n), true
}

// maxLink is the longest link that is taken, in code points.
const maxLink = 1000

// linkIn returns the address that somebody pasted, as it is or in angle brackets.
func linkIn(typed string) (string, bool) {
	typed = strings.Trim(typed, "<>")
	return typed, strings.HasPrefix(typed, "http://") || strings.HasPrefix(typed, "https://")
}

// pickStory returns the story that somebody means by its number, by the link of a
// report, or by words that only its reports have.
func (c *commands) pickStory(ctx context.Context, guildID, typed string) (story.ID, error) {
	if id, ok := parseStory(typed); ok {
		return id, nil
	}
	if link, ok := linkIn(typed); ok {
		found, deleted, err := c.store.StoriesByLink(ctx, guildID, link)
		switch {
		case err != nil:
			return 0, fmt.Errorf("find stories by link: %w", err)
		case len(found) > 0:
			return found[0], nil
		case deleted:
			return 0, errStoryGone
		}
		return 0, interaction.Refuse(interaction.NotFound, "story.no-link")
	}
	found, err := c.storiesWith(ctx, guildID, typed, 2)
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

// storiesWith returns up to limit stories with reports that hold all words.
func (c *commands) storiesWith(ctx context.Context, guildID, words string, limit int) ([]story.Listing, error) {
	found, err := c.store.Search(ctx, SearchQuery{Guild: guildID, Text: suggest.CutTo(words, MaxQuery), Sort: SortNewest, Limit: maxSearched})
	if errors.Is(err, ErrNoWords) {
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

// completeStory offers stories: the latest, those on a topic that is meant, those
// whose titles fit and those whose reports hold the words.
func (c *commands) completeStory(ctx context.Context, q interaction.Request, option, typed string) ([]interaction.Choice, error) {
	if option != optStory {
		return nil, nil
	}
	return c.offerStories(ctx, q, typed, func(l story.Listing) string { return storyName(l.Story) })
}

// offerStories offers the stories that are meant by their titles. What value has
// nothing short enough for is left out.
func (c *commands) offerStories(ctx context.Context, q interaction.Request, typed string, value func(story.Listing) string) ([]interaction.Choice, error) {
	found, err := c.storiesMeant(ctx, q, typed)
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
func (c *commands) storiesMeant(ctx context.Context, q interaction.Request, typed string) ([]story.Listing, error) {
	latest, err := c.store.Recent(ctx, RecentQuery{Guild: q.Guild, Limit: maxSearched})
	if err != nil {
		return nil, fmt.Errorf("list recent stories: %w", err)
	}
	found := latest
	if typed != "" {
		if found, err = c.storiesLike(ctx, q, latest, typed); err != nil {
			return nil, err
		}
	}
	return distinct(found, interaction.MaxChoices), nil
}

// storiesLike returns those of the latest stories that fit what is typed, then
// those on a topic that is meant, then others that hold the words.
func (c *commands) storiesLike(ctx context.Context, q interaction.Request, latest []story.Listing, typed string) ([]story.Listing, error) {
	words := suggest.Folded(typed)
	var out []story.Listing
	for _, l := range latest {
		if suggest.WordsBegin(suggest.Folded(l.Report.Title), words) {
			out = append(out, l)
		}
	}
	if t, _, ok := suggest.Meant(called(c.topics.Topics(), q.Speaker), typed); ok {
		on, err := c.store.Recent(ctx, RecentQuery{Guild: q.Guild, Topic: t.ID, Limit: interaction.MaxChoices})
		if err != nil {
			return nil, fmt.Errorf("list recent stories: %w", err)
		}
		out = append(out, on...)
	}
	more, err := c.storiesWith(ctx, q.Guild, typed, interaction.MaxChoices)
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
