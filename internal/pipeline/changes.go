package pipeline

import (
	"context"
	"fmt"
	"slices"

	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
)

// changeFor is the merge that a placement shows to be due, or nil.
func changeFor(pl story.Placement) *story.Change {
	if pl.Also == 0 {
		return nil
	}
	return &story.Change{
		Kind: story.Merge, Story: min(pl.Story.ID, pl.Also), Other: max(pl.Story.ID, pl.Also),
		Reports: []report.ID{pl.Report}, Reason: story.NearBoth,
	}
}

// changeStories makes the changes of stories that were asked for.
func (p *Placer) changeStories(ctx context.Context) error {
	changes, err := p.store.StoryChanges(ctx)
	if err != nil {
		return fmt.Errorf("read changes of stories: %w", err)
	}
	for _, c := range changes {
		if err := p.changeStory(ctx, c); err != nil {
			return fmt.Errorf("%s of story %d: %w", c.Kind, c.Story, err)
		}
	}
	return nil
}

// changeStory makes one change. Alerts tell of it afterwards: when the process
// ends before that, they do at the story's next change.
func (p *Placer) changeStory(ctx context.Context, c story.Change) error {
	decide := p.split
	if c.Kind == story.Merge {
		decide = p.merge
	}
	done, err := decide(ctx, c)
	if err != nil {
		return err
	}
	if err := p.store.SaveChange(ctx, p.o.Now(), done); err != nil {
		return fmt.Errorf("save: %w", err)
	}
	p.log.InfoContext(ctx, "stories changed", "kind", c.Kind, "story", done.Story, "other", done.Other, "reason", c.Reason, "outcome", done.Outcome)
	if done.Outcome != story.Changed {
		return nil
	}
	delete(p.told, done.Story)
	delete(p.told, done.Other)
	if c.Kind != story.Merge || !p.index.at(done.Stories[0].OwnFeed, done.Stories[0].Updated).Merge(done.Story, done.Other, done.Stories[0]) {
		p.index = nil
		if err := p.restore(ctx, p.o.Now()); err != nil {
			return err
		}
	}
	return p.tellChanged(ctx, done.Stories)
}

// tellChanged has alerts tell how stories stand after a change.
func (p *Placer) tellChanged(ctx context.Context, stories []story.Story) error {
	for _, s := range stories {
		if !p.index.holds(s.ID) {
			continue // it has closed
		}
		tellings, err := p.tellAgain(ctx, []story.Story{s})
		if err != nil {
			return err
		}
		if len(tellings) == 0 {
			continue
		}
		if err := p.store.SaveHeard(ctx, []Heard{{Tellings: tellings}}); err != nil {
			return fmt.Errorf("save what alerts tell after a change: %w", err)
		}
		if p.o.Changed != nil {
			p.o.Changed()
		}
	}
	return nil
}

// merge decides what becomes of two stories that are to be one.
func (p *Placer) merge(ctx context.Context, c story.Change) (StoryChange, error) {
	out := StoryChange{Change: c}
	a, found, err := p.store.Whole(ctx, c.Story)
	if err != nil || !found {
		out.Outcome = story.NoSuchStory
		return out, err
	}
	b, found, err := p.store.Whole(ctx, c.Other)
	if err != nil || !found {
		out.Outcome = story.NoSuchStory
		return out, err
	}
	if a.Story.ID == b.Story.ID {
		out.Outcome = story.AlreadyOne
		return out, nil
	}
	if a.Story.ID > b.Story.ID {
		a, b = b, a
	}
	out.Story, out.Other = a.Story.ID, b.Story.ID
	if a.Story.OwnFeed != b.Story.OwnFeed {
		out.Outcome = story.OtherFeed // what a guild's own feed tells stays its own
		return out, nil
	}
	if c.Reason == story.NearBoth {
		parted, err := p.store.Parted(ctx, out.Story, out.Other)
		if err != nil || parted {
			out.Outcome = story.KeptApart
			return out, err
		}
	}
	var outlets []source.ID
	for _, r := range slices.Concat(a.Reports, b.Reports) {
		if !slices.Contains(outlets, r.Source) {
			outlets = append(outlets, r.Source)
		}
	}
	out.Outcome, out.Stories = story.Changed, []story.Story{story.Merged(a.Story, b.Story, len(outlets))}
	return out, nil
}

// split decides what becomes of a story from which reports are to part. Both are
// told anew by what was found in their reports.
func (p *Placer) split(ctx context.Context, c story.Change) (StoryChange, error) {
	out := StoryChange{Change: c}
	whole, found, err := p.store.Whole(ctx, c.Story)
	if err != nil || !found {
		out.Outcome = story.NoSuchStory
		return out, err
	}
	out.Story = whole.Story.ID
	var stay, part []story.Reading
	for _, r := range whole.Reports {
		matches, err := p.store.Matches(ctx, r.ID)
		if err != nil {
			return out, fmt.Errorf("read topics of report %d: %w", r.ID, err)
		}
		x := story.Reading{Report: r, Matches: matches, Claims: p.claims(ctx, r)}
		if slices.Contains(c.Reports, r.ID) {
			part = append(part, x)
		} else {
			stay = append(stay, x)
		}
	}
	switch {
	case slices.Contains(c.Reports, whole.Story.Lead):
		out.Outcome = story.LeadStays
	case len(part) == 0 || len(part) < len(c.Reports):
		out.Outcome = story.NotInStory
	default:
		old := story.Retold(whole.Story, stay)
		parted := story.Retold(story.Story{OwnFeed: old.OwnFeed, Follows: old.ID, Revision: whole.Story.Revision}, part)
		out.Other, out.Outcome, out.Stories = parted.ID, story.Changed, []story.Story{old, parted}
	}
	return out, nil
}
