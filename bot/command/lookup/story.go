package lookup

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
)

// story shows one development: what its parties say, how it came there, and who
// tells it.
func (h *Handlers) story(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	typed, err := q.Text(tree.OptStory, tree.MaxLink)
	if err != nil {
		return interaction.Reply{}, err
	}
	id, err := h.PickStory(ctx, q.Guild, typed)
	if err != nil {
		return interaction.Reply{}, err
	}
	return h.storyPage(ctx, q, id, 0)
}

// storyPage shows a story from the line after the first so many.
func (h *Handlers) storyPage(ctx context.Context, q interaction.Request, id story.ID, after int) (interaction.Reply, error) {
	told, err := h.store.StorySeenBy(ctx, q.Guild, id)
	switch {
	case errors.Is(err, archive.ErrNotFound):
		return interaction.Reply{}, desk.ErrStoryGone
	case err != nil:
		return interaction.Reply{}, fmt.Errorf("read story: %w", err)
	}
	t := telling{h, q.Speaker, told, q.Guild, map[report.ID]string{}}
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
	at := desk.Cursor{List: desk.StoryList, After: int64(after), Text: desk.StoryName(id)}
	return interaction.Reply{Payload: at.Turned(p, int64(after+shown), shown < len(rest), q.Speaker)}, nil
}

// telling is a story that is being told.
type telling struct {
	*Handlers
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
		message.Join(" · ", message.Topics(desk.Named(t.Topics.Topics(), s.Topics), t.Speaker), message.Format("**%s**", message.Standing(s.Testimony.Standing(), t.Speaker))),
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
	before, err := t.store.StorySeenBy(ctx, t.guild, t.Story.Follows)
	switch {
	case errors.Is(err, archive.ErrNotFound):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("read the story before: %w", err)
	}
	return []message.Markup{t.Say("story.follows", wording.Args{"title": before.Story.Title, "story": desk.StoryName(before.Story.ID)})}, nil
}

// followed names the stories that carry on with this one.
func (t telling) followed(ctx context.Context) ([]message.Markup, error) {
	later, err := t.store.Followers(ctx, t.Story)
	if err != nil {
		return nil, fmt.Errorf("read what follows: %w", err)
	}
	var lines []message.Markup
	for _, s := range later {
		lines = append(lines, "• "+t.Say("story.then", wording.Args{"title": s.Title, "when": message.When(s.Opened), "story": desk.StoryName(s.ID)}))
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
		if !t.Story.Testimony.Bound[p].Spoken() && !spoke[p] {
			lines = append(lines, "• "+t.Say("story.silent", wording.Args{"country": t.CountryName(p, t.Speaker)}))
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
		what = t.Say("story.now", wording.Args{"topics": message.Topics(desk.Named(t.Topics.Topics(), []story.TopicStage{{Topic: w.Topic, Stage: w.Stage}}), t.Speaker)})
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
	return message.Format("%s", t.SourceName(id))
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
	voices := story.Voices(tellers, t.Sources)
	lines := []message.Markup{"\n" + t.Say("story.voices", wording.Args{"count": len(voices)})}
	for _, v := range voices {
		var link message.Markup
		for _, r := range t.Reports {
			if r.Source == v.Source {
				link = message.Read(r.Link, t.Speaker)
				break
			}
		}
		line := message.Join(" · ", message.Outlet(t.Outlet(report.Report{Source: v.Source}), t.Speaker), message.When(v.First), link)
		if len(v.Others) > 0 {
			names := make([]string, len(v.Others))
			for i, o := range v.Others {
				names[i] = t.SourceName(o)
			}
			line += "; " + t.Say("story.also-by", wording.Args{"names": strings.Join(names, ", ")})
		}
		lines = append(lines, "• "+line)
	}
	return lines
}
