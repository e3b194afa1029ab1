package alert

import (
	"cmp"
	"slices"
	"time"

	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/quiet"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// MaxReplies is how many changes of one story channels are told beside the edits
// of its alerts.
const MaxReplies = 5

// Update is a reply to an alert that a channel has.
type Update struct {
	Guild, Channel string
	Story          story.ID
	// Revision is the story's, of which an alert tells once.
	Revision int
	// Roles are to be mentioned with it; Mentioned are all that were mentioned for
	// the story then.
	Roles, Mentioned []string
	Content          Content
	// Planned and Since are as in an [Alert].
	Planned, Since time.Time
	// Held says that no reply is posted, but a summary tells of the story.
	Held quiet.Held
}

// Change is what a report has changed in a story that channels were told.
type Change struct {
	Report report.Report
	// Outlet is the report's.
	Outlet source.Source
	// Turns are the story's; those of the report are what is new.
	Turns []story.Turn
	// Standing and Voices are how the story stands now.
	Standing story.Standing
	Voices   int
	// Topics are those that the report bears, About those that the story does.
	Topics, About []topic.ID
	// Subject is the story's first topic, Stages that topic's in their usual order.
	Subject topic.ID
	Stages  []topic.Stage
}

// News are the turns of the report that are worth a message: a party's word has
// changed the standing, or what the story is about has come to a stage further
// on than all before. There are none after [MaxReplies].
func (c Change) News() []story.Turn {
	var news []story.Turn
	var before story.Turn
	told := map[report.ID]bool{} // the reports that brought news
	for i, t := range c.Turns {
		if t.Reason == story.StageMoves && c.advances(c.Turns[:i], t) || t.Reason != story.StageMoves && turnsStanding(before.Standing, t) {
			if told[t.Report] = true; t.Report == c.Report.ID {
				news = append(news, t)
			}
		}
		before = t
	}
	if len(told) > MaxReplies {
		return nil
	}
	return news
}

// advances reports whether a title tells a stage beyond those that were told
// before. Where none was, nothing has changed.
func (c Change) advances(before []story.Turn, t story.Turn) bool {
	if t.Topic != c.Subject || t.Was == "" || !t.Titled {
		return false
	}
	at := slices.Index(c.Stages, t.Stage)
	beyond := at > slices.Index(c.Stages, t.Was)
	for _, o := range before {
		beyond = beyond && (o.Topic != t.Topic || at > max(slices.Index(c.Stages, o.Stage), slices.Index(c.Stages, o.Was)))
	}
	return beyond
}

// turnsStanding reports whether somebody's answer has changed the standing: a
// party confirms or denies. That a party says more of its own counts for the
// standing, and is no answer.
func turnsStanding(was story.Standing, t story.Turn) bool {
	return t.Standing != was && (t.Act == claim.Confirm || t.Act == claim.Deny)
}

// Follow says what a channel that has an alert gets beside its edit: a reply, in
// the channel or in a thread, when it wants that and there is news on a topic of
// its, or when a role is to be mentioned by now that was not yet. It is "" for
// nothing. News of an outlet that raises no alerts there is told by the edit alone. subs are the channel's subscriptions; what one of them wants in the
// channel is told there.
func Follow(c Change, news []story.Turn, to Recipient, subs []subscription.Subscription) (roles []string, way subscription.Updates) {
	if c.Report.Hush != "" || c.Report.Overdue {
		return nil, ""
	}
	thread := false
	for _, s := range subs {
		bears := slices.Contains(c.Topics, s.Topic)
		if !bears && !slices.Contains(c.About, s.Topic) {
			continue // one more voice is one, whatever words it has for the topic
		}
		thread = thread || s.Updates == subscription.Thread
		if bears && s.Updates != subscription.Edit && s.Wants(c.Outlet, c.Report.Language) && way != subscription.Reply && slices.ContainsFunc(news, func(t story.Turn) bool {
			return t.Topic == "" || t.Topic == s.Topic
		}) {
			way = cmp.Or(s.Updates, subscription.Reply)
		}
		late := s.Mention == subscription.TwoVoices || s.Mention == subscription.WhenConfirmed
		if late && s.Role != "" && s.Mention.Met(c.Voices, c.Standing) && !slices.Contains(to.Mentioned, s.Role) && !slices.Contains(roles, s.Role) {
			roles = append(roles, s.Role)
		}
	}
	switch {
	case len(roles) == 0 || way != "":
	case thread:
		way = subscription.Thread
	default:
		way = subscription.Reply
	}
	return roles, way
}
