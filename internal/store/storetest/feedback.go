package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/feedback"
	"github.com/attache-bot/attache/internal/quiet"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/story"
)

func testFeedback(t *testing.T, open func(t *testing.T) *store.Store) {
	// two are stories with an alert each in channel c1.
	two := func(k kit) []story.ID {
		k.t.Helper()
		k.join("g")
		var out []story.ID
		for _, r := range k.stored("a", "b") {
			p := opens(r, "ceasefire")
			a := alertFor(p, "c1", start())
			a.Report = r.ID
			k.place(start(), withAlerts(p, a))
			out = append(out, p.Story.ID)
		}
		return out
	}
	says := func(k kit, person string, id story.ID) bool {
		k.t.Helper()
		return must(k.NotRelevant(k.ctx, feedback.Complaint{Guild: "g", Channel: "c1", Story: id, Person: person, At: start()}))(k)
	}
	read := func(k kit) []feedback.Subject {
		k.t.Helper()
		out, _, err := k.Feedback(k.ctx, "g", start())
		k.ok(err)
		return out
	}
	cases{
		{"each person is counted once for a story, until a moderator is done with it", func(k kit) {
			ids := two(k)
			same(k, "none yet", len(read(k)), 0)
			same(k, "first", says(k, "7", ids[0]), true)
			same(k, "again", says(k, "7", ids[0]), false)
			same(k, "another", says(k, "8", ids[0]), true)
			got := read(k)
			same(k, "subjects", len(got), 1)
			want := feedback.Subject{Channel: "c1", Topic: "ceasefire", People: 2, Alerts: []feedback.Told{
				{Story: ids[1], Title: "b", Stage: "agreed", Standing: got[0].Alerts[0].Standing, Outlets: 1},
				{Story: ids[0], Title: "a", People: 2, Stage: "agreed", Standing: got[0].Alerts[1].Standing, Outlets: 1},
			}}
			same(k, "subject", got[0], want)
			_, reports, err := k.Feedback(k.ctx, "g", start())
			k.ok(err)
			same(k, "report", reports[ids[0]].Title, "a")
			k.ok(k.DismissFeedback(k.ctx, "h", "c1", "ceasefire", start()))
			same(k, "another guild is done", len(read(k)), 1)
			k.ok(k.DismissFeedback(k.ctx, "g", "c1", "ceasefire", start()))
			same(k, "done", len(read(k)), 0)
			k.ok(k.RestoreFeedback(k.ctx, "g", "c1", "ceasefire", start().Add(time.Second)))
			k.ok(k.RestoreFeedback(k.ctx, "h", "c1", "ceasefire", start()))
			same(k, "another time or guild", len(read(k)), 0)
			k.ok(k.RestoreFeedback(k.ctx, "g", "c1", "ceasefire", start()))
			same(k, "listed again", read(k)[0].People, 2)
			k.ok(k.DismissFeedback(k.ctx, "g", "c1", "ceasefire", start()))
			same(k, "said after that", says(k, "7", ids[0]), false)
			same(k, "of another story", says(k, "7", ids[1]), true)
			same(k, "is new", read(k)[0].People, 1)
		}},
		{"what was said of a story counts for the one that it becomes a part of, once for each person", func(k kit) {
			ids := two(k)
			says(k, "7", ids[0])
			says(k, "7", ids[1])
			b := must(k.Story(k.ctx, ids[1]))(k).Story
			k.place(start(), withAlerts(story.Placement{Report: b.Lead, Story: b}, alertFor(story.Placement{Report: b.Lead, Story: b}, "c2", start())))
			must(k.NotRelevant(k.ctx, feedback.Complaint{Guild: "g", Channel: "c2", Story: ids[1], Person: "8", At: start()}))(k)
			c := k.asked(story.Change{Kind: story.Merge, Story: ids[0], Other: ids[1]})
			k.ok(k.SaveChange(k.ctx, start(), merged(c, must(k.Story(k.ctx, ids[0]))(k).Story, b)))
			for _, s := range read(k) {
				same(k, "people of the story in "+s.Channel, [2]int{s.People, s.Alerts[len(s.Alerts)-1].People}, [2]int{1, 1})
			}
			same(k, "said again", says(k, "8", ids[0]), false)
		}},
		{"who was not alerted says nothing", func(k kit) {
			ids := two(k)
			_, err := k.NotRelevant(k.ctx, feedback.Complaint{Guild: "h", Channel: "c1", Story: ids[0], Person: "7", At: start()})
			k.is(err, feedback.ErrNoAlert)
			_, err = k.NotRelevant(k.ctx, feedback.Complaint{Guild: "g", Channel: "c1", Story: 999, Person: "7", At: start()})
			k.is(err, feedback.ErrNoAlert)
			r := k.stored("c")
			p := opens(r[len(r)-1], "ceasefire")
			a := alertFor(p, "c1", start())
			a.Held = quiet.Held{Reason: quiet.Paused, Until: quiet.Forever}
			k.place(start(), withAlerts(p, a))
			_, err = k.NotRelevant(k.ctx, feedback.Complaint{Guild: "g", Channel: "c1", Story: p.Story.ID, Person: "7", At: start()})
			k.is(err, feedback.ErrNoAlert)
		}},
		{"what was said elsewhere is about the guild's alert, for each of its topics", func(k kit) {
			k.join("g")
			r := k.stored("a")[0]
			p := opens(r, "ceasefire", "sanctions")
			a := alertFor(p, "c1", start())
			a.Content.Topics = append(a.Content.Topics, alert.Topic{ID: "sanctions"})
			k.place(start(), withAlerts(p, a))
			must(k.NotRelevant(k.ctx, feedback.Complaint{Guild: "g", Channel: "thread", Story: p.Story.ID, Person: "7", At: start()}))(k)
			same(k, "subjects", ids(read(k), func(s feedback.Subject) string { return fmt.Sprint(s.Channel, " ", s.Topic, " ", s.Alerts[0].People) }),
				[]string{"c1 ceasefire 1", "c1 sanctions 1"})
		}},
	}.run(t, open)
}
