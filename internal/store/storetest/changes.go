package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/quiet"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

// asked asks for a change and returns it as it waits.
func (k kit) asked(c story.Change) story.Change {
	k.t.Helper()
	id := must(k.AskChange(k.ctx, start(), c))(k)
	for _, got := range must(k.StoryChanges(k.ctx))(k) {
		if got.ID == id {
			return got
		}
	}
	k.t.Fatalf("change %d does not wait", id)
	return story.Change{}
}

// twoTold are two stories, the first told to channels 1 and 2, the second to 2 and
// 3.
func (k kit) twoTold() (a, b story.Placement) {
	k.t.Helper()
	k.join("g")
	rs := k.stored("a", "b")
	a, b = opens(rs[0], "ceasefire"), opens(rs[1], "coup")
	b.Story.Follows, b.Story.Answers = a.Story.ID, a.Story.ID
	k.place(start(), withAlerts(a, alertFor(a, "1", start()), alertFor(a, "2", start())), withAlerts(b, alertFor(b, "2", start()), alertFor(b, "3", start())))
	return a, b
}

// toldOf are the channels that were told of a story.
func (k kit) toldOf(id story.ID) []string {
	k.t.Helper()
	return ids(must(k.Alerted(k.ctx, id))(k), func(r alert.Recipient) string { return r.Channel })
}

// merged is the merge of two stories.
func merged(c story.Change, a, b story.Story) pipeline.StoryChange {
	return pipeline.StoryChange{Change: c, Outcome: story.Changed, Stories: []story.Story{story.Merged(a, b, 1)}}
}

func testChanges(t *testing.T, open func(t *testing.T) *store.Store) {
	cases{
		{"a change waits until it is made, once", func(k kit) {
			k.stored("a")
			c := k.asked(story.Change{Kind: story.Split, Story: 1, Reports: []report.ID{2, 3}, Reason: "an operator"})
			same(k, "as asked for", c, story.Change{
				ID: c.ID, Kind: story.Split, Story: 1, Reports: []report.ID{2, 3}, Reason: "an operator", Asked: start(),
			})
			for _, outcome := range []story.ChangeOutcome{story.LeadStays, story.Changed} {
				k.ok(k.SaveChange(k.ctx, start(), pipeline.StoryChange{Change: c, Outcome: outcome}))
			}
			got, _, err := k.ChangeOutcome(k.ctx, c.ID)
			k.ok(err)
			same(k, "outcome", got, story.LeadStays)
			same(k, "none wait", must(k.StoryChanges(k.ctx))(k), nil)
			_, _, err = k.ChangeOutcome(k.ctx, 99)
			k.is(err, archive.ErrNotFound)
		}},
		{"a report asks with its placement", func(k kit) {
			rs := k.stored("a", "b")
			p := placed(opens(rs[0], "ceasefire"))
			p.Change = &story.Change{Kind: story.Merge, Story: 1, Other: 2, Reports: []report.ID{rs[0].ID}, Reason: story.NearBoth}
			k.place(start(), p)
			got := must(k.StoryChanges(k.ctx))(k)
			same(k, "waits", ids(got, func(c story.Change) story.ID { return c.Other }), []story.ID{2})
		}},
		{"two stories become one, and everything of the younger goes over", func(k kit) {
			a, b := k.twoTold()
			c := k.asked(story.Change{Kind: story.Merge, Story: a.Story.ID, Other: b.Story.ID})
			one := merged(c, a.Story, b.Story)
			k.ok(k.SaveChange(k.ctx, start(), one))
			for _, id := range []story.ID{a.Story.ID, b.Story.ID} {
				got := must(k.Story(k.ctx, id))(k)
				same(k, "story", got.Story, one.Stories[0])
				same(k, "reports", titles(got.Reports), []string{"a", "b"})
			}
			same(k, "open", len(must(k.OpenStories(k.ctx, time.Time{}))(k)), 1)
			same(k, "told", k.toldOf(a.Story.ID), []string{"1", "2", "3"})
			var left []string
			for _, d := range must(k.Deliveries(k.ctx, store.DeliveryQuery{}))(k) {
				left = append(left, fmt.Sprint(d.Channel, d.Content.Headline, " ", d.State))
			}
			same(k, "deliveries", left, []string{"1a pending", "2a pending", "2b expired", "3b pending"})
			same(k, "claimed", len(k.claim(start())), 3)
		}},
		{"a second alert that was posted stays, and is let be", func(k kit) {
			a, b := k.twoTold()
			for range 2 {
				for _, d := range k.claim(start()) {
					k.settle(start(), d, alert.Settlement{State: alert.Sent, Message: fmt.Sprint("m", d.ID)})
				}
			}
			c := k.asked(story.Change{Kind: story.Merge, Story: a.Story.ID, Other: b.Story.ID})
			one := merged(c, a.Story, b.Story)
			k.ok(k.SaveChange(k.ctx, start(), one))
			k.ok(k.SaveHeard(k.ctx, []pipeline.Heard{{Tellings: []alert.Telling{{
				Story: a.Story.ID, Revision: one.Stories[0].Revision, Living: alert.Living{Independent: 2},
			}}}}))
			edits := must(k.ClaimEdits(k.ctx, start(), 10, minute))(k)
			same(k, "edited", ids(edits, func(e alert.Edit) string { return e.Channel + e.Content.Headline }), []string{"1a", "2a", "3b"})
		}},
		{"it parts again, and who was told of the whole is told of both", func(k kit) {
			a, b := k.twoTold()
			c := k.asked(story.Change{Kind: story.Merge, Story: a.Story.ID, Other: b.Story.ID})
			k.ok(k.SaveChange(k.ctx, start(), merged(c, a.Story, b.Story)))
			same(k, "not parted", must(k.Parted(k.ctx, a.Story.ID, b.Story.ID))(k), false)
			s := k.asked(story.Change{Kind: story.Split, Story: a.Story.ID, Reports: []report.ID{b.Report}})
			s.Other = b.Story.ID
			older, younger := a.Story, b.Story
			older.Revision, younger.Revision = 3, 3
			younger.Answers = 0
			k.ok(k.SaveChange(k.ctx, start(), pipeline.StoryChange{Change: s, Outcome: story.Changed, Stories: []story.Story{older, younger}}))
			same(k, "older", must(k.Story(k.ctx, a.Story.ID))(k).Story, older)
			got := must(k.Story(k.ctx, b.Story.ID))(k)
			same(k, "younger", got.Story, younger)
			same(k, "its reports", titles(got.Reports), []string{"b"})
			for _, id := range []story.ID{a.Story.ID, b.Story.ID} {
				if told := k.toldOf(id); len(told) != 3 {
					k.t.Fatalf("of story %d were told %v", id, told)
				}
			}
			same(k, "parted", must(k.Parted(k.ctx, b.Story.ID, a.Story.ID))(k), true)
		}},
		{"who muted a part hears no more of the whole, and of neither part when it parts again", func(k kit) {
			a, b := k.twoTold()
			until := start().Add(time.Hour)
			m := quiet.Mute{Guild: "g", Story: b.Story.ID, Until: until, CreatedBy: "7", Created: start()}
			short := quiet.Mute{Guild: "h", Story: a.Story.ID, Until: start().Add(minute), CreatedBy: "8", Created: start()}
			long := quiet.Mute{Guild: "h", Story: b.Story.ID, Until: until, CreatedBy: "9", Created: start()}
			for _, m := range []quiet.Mute{m, short, long} {
				k.ok(k.Mute(k.ctx, m))
			}
			p := placed(a)
			p.Placement.Story.Revision = 2
			p.Updates = []alert.Update{{Guild: "g", Channel: "1", Story: a.Story.ID, Revision: 2, Planned: start(), Content: alert.Content{Time: start()}}}
			k.place(start(), p)
			one := merged(k.asked(story.Change{Kind: story.Merge, Story: a.Story.ID, Other: b.Story.ID}), p.Placement.Story, b.Story)
			k.ok(k.SaveChange(k.ctx, start(), one))
			of := func(guild string) []quiet.Mute { return must(k.Mutes(k.ctx, start(), guild))(k) }
			m.Story, long.Story = a.Story.ID, a.Story.ID
			same(k, "mutes of the whole", of("g"), []quiet.Mute{m})
			same(k, "the longer of two", of("h"), []quiet.Mute{long})
			same(k, "a reply that waited", k.states("1"), []string{"post pending", "reply expired story-muted"})
			rules := must(k.Quiet(k.ctx, start(), []topic.ID{"ceasefire"}))(k)
			same(k, "muted", rules.Muted("g", a.Story.ID, "ceasefire"), quiet.MutedStory)
			// The buttons of older messages name the part.
			old := m
			old.Story = b.Story.ID
			k.ok(k.Unmute(k.ctx, start(), old))
			same(k, "unmuted by the part", of("g"), nil)
			k.ok(k.Mute(k.ctx, old))
			same(k, "muted by the part", of("g"), []quiet.Mute{m})

			s := k.asked(story.Change{Kind: story.Split, Story: a.Story.ID, Reports: []report.ID{b.Report}})
			s.Other = b.Story.ID
			older, younger := a.Story, b.Story
			older.Revision, younger.Revision = 4, 4
			k.ok(k.SaveChange(k.ctx, start(), pipeline.StoryChange{Change: s, Outcome: story.Changed, Stories: []story.Story{older, younger}}))
			same(k, "mutes of the parts", of("g"), []quiet.Mute{m, old})
			k.ok(k.Unmute(k.ctx, start(), old))
			same(k, "one part unmuted", of("g"), []quiet.Mute{m})
		}},
		{"they are deleted together", func(k kit) {
			a, b := k.twoTold()
			for range 2 {
				for _, d := range k.claim(start()) {
					k.settle(start(), d, alert.Settlement{State: alert.Sent})
				}
			}
			c := k.asked(story.Change{Kind: story.Merge, Story: a.Story.ID, Other: b.Story.ID})
			k.ok(k.SaveChange(k.ctx, start(), merged(c, a.Story, b.Story)))
			later := start().Add(1000 * time.Hour)
			for _, id := range []story.ID{b.Story.ID, a.Story.ID, a.Story.ID} {
				must(k.DeleteStories(k.ctx, later, later, []story.ID{id}, 1))(k)
			}
			for _, id := range []story.ID{a.Story.ID, b.Story.ID} {
				_, err := k.Story(k.ctx, id)
				k.is(err, archive.ErrNotFound)
			}
		}},
	}.run(t, open)
}
