package storetest

import (
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/story"
)

// lives is a story that channels were told, as its reports go on.
type lives struct {
	kit
	p story.Placement
}

// told opens a story, with so many reports to come, for channels.
func (k kit) told(channels ...string) *lives {
	k.t.Helper()
	p := opens(k.stored("a")[0], "ceasefire")
	out := pipeline.Placed{Placement: p, Tellings: []alert.Telling{{Story: p.Story.ID, Revision: 1, Living: alert.Living{Independent: 1}}}}
	for _, c := range channels {
		a := alertFor(p, c, start())
		a.Revision = 1
		out.Alerts = append(out.Alerts, a)
	}
	k.place(start(), out)
	return &lives{kit: k, p: p}
}

// post delivers the alert to a channel.
func (l *lives) post(now time.Time, message string) {
	l.t.Helper()
	l.settle(now, l.claimOne(now), alert.Settlement{State: alert.Sent, Message: message})
}

// hears places one more report, after which the alerts tell so many voices.
func (l *lives) hears(name string, voices int) pipeline.Placed {
	l.t.Helper()
	unplaced := l.stored(name)
	l.p = joins(l.p, unplaced[len(unplaced)-1])
	out := pipeline.Placed{Placement: l.p, Tellings: []alert.Telling{{
		Story: l.p.Story.ID, Revision: l.p.Story.Revision, Living: alert.Living{Independent: voices},
	}}}
	l.place(start(), out)
	return out
}

func (k kit) claimEdits(now time.Time) []alert.Edit {
	k.t.Helper()
	return must(k.ClaimEdits(k.ctx, now, 100, lease))(k)
}

// editOne claims the only edit that is due.
func (k kit) editOne(now time.Time) alert.Edit {
	k.t.Helper()
	got := k.claimEdits(now)
	if len(got) != 1 {
		k.t.Fatalf("%d edits are due, want 1", len(got))
	}
	return got[0]
}

func (k kit) settleEdit(now time.Time, e alert.Edit, o alert.EditOutcome, due time.Time) {
	k.t.Helper()
	k.ok(k.SettleEdit(k.ctx, now, e, alert.EditSettlement{Outcome: o, Due: due, Failures: e.Failures + 1, Reason: "because"}))
}

func testEdits(t *testing.T, open func(t *testing.T) *store.Store) {
	later := start().Add(minute)
	cases{
		{"a story that goes on is told in the messages that were posted", func(k kit) {
			l := k.told("c1")
			l.post(start(), "m1")
			same(k, "before", k.claimEdits(start()), nil)
			l.hears("b", 2)
			e := k.editOne(later)
			want := alertFor(l.p, "c1", start())
			want.Content.Headline, want.Content.Independent = e.Content.Headline, 2
			same(k, "edit", e, alert.Edit{
				Alert: e.Alert, Guild: "g", Channel: "c1", Message: "m1", Form: alert.Full, Roles: []string{"r1"},
				Content: want.Content, Revision: 2, Posted: start(), Attempt: 1,
			})
			k.settleEdit(later, e, alert.EditDone, later)
			same(k, "after", k.claimEdits(later.Add(time.Hour)), nil)
		}},
		{"a message that is posted after the change says what was decided, and is edited then", func(k kit) {
			l := k.told("c1")
			l.hears("b", 2)
			same(k, "before", k.claimEdits(later), nil)
			l.post(later, "m1")
			same(k, "after", k.editOne(later).Message, "m1")
		}},
		{"what comes before an edit is done is told by one", func(k kit) {
			l := k.told("c1")
			l.post(start(), "m1")
			l.hears("b", 2)
			l.hears("c", 3)
			e := k.editOne(start())
			same(k, "told", []int{e.Revision, e.Content.Independent}, []int{3, 3})
			l.hears("d", 4)
			k.settleEdit(later, e, alert.EditDone, later)
			again := k.editOne(later)
			same(k, "told again", []int{again.Revision, again.Content.Independent}, []int{4, 4})
			same(k, "edited", again.Edited, later)
		}},
		{"a report that tells nothing else asks for no edit", func(k kit) {
			l := k.told("c1")
			l.post(start(), "m1")
			l.hears("b", 1)
			same(k, "edits", k.claimEdits(later), nil)
		}},
		{"a change saved twice is one", func(k kit) {
			l := k.told("c1")
			l.post(start(), "m1")
			change := l.hears("b", 2)
			k.settleEdit(start(), k.editOne(start()), alert.EditDone, start())
			k.place(start(), change)
			same(k, "edits", k.claimEdits(later), nil)
		}},
		{"an edit is held for its lease, and then tried again", func(k kit) {
			l := k.told("c1")
			l.post(start(), "m1")
			l.hears("b", 2)
			first := k.editOne(start())
			same(k, "held", k.claimEdits(start().Add(lease-1e6)), nil)
			second := k.editOne(start().Add(lease))
			k.is(k.SettleEdit(k.ctx, start(), first, alert.EditSettlement{Outcome: alert.EditEnds}), alert.ErrStale)
			k.settleEdit(later, second, alert.EditDone, later)
		}},
		{"one that waits is due at its time and counts its failures", func(k kit) {
			l := k.told("c1")
			l.post(start(), "m1")
			l.hears("b", 2)
			k.settleEdit(start(), k.editOne(start()), alert.EditWaits, later)
			same(k, "before", k.claimEdits(later.Add(-1e6)), nil)
			due, ok, err := k.NextEdit(k.ctx)
			k.ok(err)
			same(k, "next", due, later)
			same(k, "any", ok, true)
			same(k, "failures", k.editOne(later).Failures, 1)
		}},
		{"one that is given up leaves the next change to be tried", func(k kit) {
			l := k.told("c1")
			l.post(start(), "m1")
			l.hears("b", 2)
			k.settleEdit(start(), k.editOne(start()), alert.EditDropped, start())
			same(k, "given up", k.claimEdits(later), nil)
			l.hears("c", 3)
			same(k, "edited", k.editOne(later).Edited.IsZero(), true)
		}},
		{"a message that is gone is never edited again", func(k kit) {
			l := k.told("c1")
			l.post(start(), "m1")
			l.hears("b", 2)
			k.settleEdit(start(), k.editOne(start()), alert.EditEnds, start())
			l.hears("c", 3)
			same(k, "edits", k.claimEdits(later), nil)
			_, ok, err := k.NextEdit(k.ctx)
			k.ok(err)
			same(k, "any", ok, false)
		}},
		{"a post that was never made is never edited", func(k kit) {
			l := k.told("c1")
			k.settle(start(), k.claimOne(start()), alert.Settlement{State: alert.Dead, Reason: alert.ReasonRefused})
			l.hears("b", 2)
			same(k, "edits", k.claimEdits(later), nil)
		}},
		{"no more edits are claimed than asked for, the longest waiting first", func(k kit) {
			l := k.told("c1", "c2")
			for _, d := range k.claim(start()) {
				k.settle(start(), d, alert.Settlement{State: alert.Sent, Message: "m" + d.Channel})
			}
			l.hears("b", 2)
			same(k, "none", must(k.ClaimEdits(k.ctx, start(), 0, lease))(k), nil)
			same(k, "one", len(must(k.ClaimEdits(k.ctx, start(), 1, lease))(k)), 1)
			same(k, "the other", len(k.claimEdits(start())), 1)
		}},
		{"an outcome that is none is refused", func(k kit) {
			l := k.told("c1")
			l.post(start(), "m1")
			l.hears("b", 2)
			if err := k.SettleEdit(k.ctx, start(), k.editOne(start()), alert.EditSettlement{Outcome: "?"}); err == nil {
				k.t.Fatal("it is recorded")
			}
		}},
		{"a story that is answered is kept as the answer left it", func(k kit) {
			l := k.told("c1")
			answer := opens(k.stored("b")[0], "ceasefire")
			answer.Story.Follows, answer.Story.Answers = l.p.Story.ID, l.p.Story.ID
			answered := l.p.Story
			answered.Revision++
			answered.Turns = append(answered.Turns, story.Turn{By: "ru", Reason: story.PartyAffirms, Standing: story.Confirmed, Report: answer.Report, At: start()})
			k.place(start(), pipeline.Placed{Placement: answer, Answered: answered})
			for _, t := range must(k.OpenStories(k.ctx, time.Time{}))(k) {
				switch t.Story.ID {
				case answered.ID:
					same(k, "answered", t.Story, answered)
				default:
					same(k, "answer", t.Story, answer.Story)
				}
			}
		}},
	}.run(t, open)
}

func testUpdates(t *testing.T, open func(t *testing.T) *store.Store) {
	update := func(l *lives, roles ...string) alert.Update {
		return alert.Update{
			Guild: "g", Channel: "c1", Story: l.p.Story.ID, Revision: l.p.Story.Revision, Roles: roles, Mentioned: append([]string{"r1"}, roles...),
			Content: alert.Content{Story: l.p.Story.ID, Headline: "News", Time: start()}, Planned: start(),
		}
	}
	cases{
		{"a reply comes after the message that it replies to", func(k kit) {
			l := k.told("c1")
			change := l.hears("b", 2)
			change.Updates = []alert.Update{update(l)}
			k.place(start(), change)
			l.post(start(), "m1")
			got := k.claimOne(start())
			same(k, "reply", []any{got.Kind, got.To, got.Revision, got.Content.Headline}, []any{alert.Reply, "m1", 2, "News"})
			k.settle(start(), got, alert.Settlement{State: alert.Sent, Message: "m2"})
			same(k, "to edit", k.editOne(start()).Message, "m1")
		}},
		{"a channel is told once of a revision", func(k kit) {
			l := k.told("c1")
			change := l.hears("b", 2)
			change.Updates = []alert.Update{update(l), update(l)}
			k.place(start(), change)
			k.place(start(), change)
			same(k, "queue", len(k.queue("c1")), 2)
			next := l.hears("c", 3)
			next.Updates = []alert.Update{update(l)}
			k.place(start(), next)
			same(k, "queue", len(k.queue("c1")), 3)
		}},
		{"the roles that were mentioned are kept", func(k kit) {
			l := k.told("c1")
			same(k, "first", must(k.Alerted(k.ctx, l.p.Story.ID))(k), []alert.Recipient{{Channel: "c1", Mentioned: []string{"r1"}}})
			change := l.hears("b", 2)
			change.Updates = []alert.Update{update(l, "r2")}
			k.place(start(), change)
			same(k, "then", must(k.Alerted(k.ctx, l.p.Story.ID))(k), []alert.Recipient{{Channel: "c1", Mentioned: []string{"r1", "r2"}}})
			same(k, "reply's", k.queue("c1")[1].Roles, []string{"r2"})
		}},
		{"a channel without the alert gets no update of it", func(k kit) {
			l := k.told("c1")
			change := l.hears("b", 2)
			u := update(l)
			u.Channel = "c2"
			change.Updates = []alert.Update{u}
			k.place(start(), change)
			same(k, "queue", k.queue("c2"), nil)
		}},
		{"a reply to what was never posted names no message", func(k kit) {
			l := k.told("c1")
			change := l.hears("b", 2)
			change.Updates = []alert.Update{update(l)}
			k.place(start(), change)
			k.settle(start(), k.claimOne(start()), alert.Settlement{State: alert.Dead, Reason: alert.ReasonRefused})
			same(k, "to", k.claimOne(start()).To, "")
		}},
		{"a reply that is late expires, and stands for no story", func(k kit) {
			l := k.told("c1")
			l.post(start(), "m1")
			change := l.hears("b", 2)
			change.Updates = []alert.Update{update(l)}
			k.place(start(), change)
			p := alert.DefaultLatePolicy()
			same(k, "folded", must(k.FoldLate(k.ctx, start().Add(p.Late), p))(k), 0)
			same(k, "in time", k.queue("c1")[1].State, alert.Pending)
			same(k, "folded", must(k.FoldLate(k.ctx, start().Add(p.Late+minute), p))(k), 0)
			got := k.queue("c1")
			same(k, "late", []any{got[1].State, got[1].Reason, len(got)}, []any{alert.Expired, alert.ReasonLateUpdate, 2})
			same(k, "claimed", k.claim(start().Add(p.Late+minute)), nil)
		}},
	}.run(t, open)
}
