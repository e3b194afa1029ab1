package pipeline

import (
	"context"
	"fmt"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

const (
	// rehearsed is how far back a rehearsal goes, and maxRehearsed at how many
	// reports that bear the topic it looks: the newest ones.
	rehearsed    = 7 * 24 * time.Hour
	maxRehearsed = 2000
)

// RehearsalStore is what a rehearsal reads.
type RehearsalStore interface {
	// Past returns the newest reports that were placed since a time, that a guild
	// sees and that bear a topic, in their sequence, at most so many, with their stories.
	Past(ctx context.Context, q PastQuery) (Past, error)
}

// PastQuery asks for what was read of a topic.
type PastQuery struct {
	Guild string
	Topic topic.ID
	Since time.Time
	Limit int
	// Among, if it is not nil, are the reports that bear the topic, which the store
	// does not know as long as nobody wants it: one of a guild's own.
	Among []report.ID
}

// Past is what was read of a topic.
type Past struct {
	Reports []PastReport
	// Stories are theirs.
	Stories map[story.ID]PastStory
	// More says that there were more reports.
	More bool
}

// PastReport is a report as it was placed, without its body and keys.
type PastReport struct {
	Report report.Report
	Match  topic.Match
	Story  story.ID
	Placed time.Time
}

// PastStory is a story without its topics, and who told it: each report with the
// identities of its text, in their sequence.
type PastStory struct {
	story.Story
	Tellers []story.Teller
}

// Rehearser tells what subscriptions would have done.
type Rehearser struct {
	Store   RehearsalStore
	Sources *source.Catalogue
	// Parties, if set, finds the countries that reports name.
	Parties story.Parties
	// MaxAge is the age of a story beyond which nobody is alerted.
	MaxAge time.Duration
}

// Rehearse runs a subscription over what was read in the last seven days. Among
// are the reports that bear a guild's own topic; nil for others.
func (x *Rehearser) Rehearse(ctx context.Context, now time.Time, s subscription.Subscription, among []report.ID) (alert.Rehearsal, error) {
	since := now.Add(-rehearsed)
	past, err := x.Store.Past(ctx, PastQuery{Guild: s.Guild, Topic: s.Topic, Since: since, Limit: maxRehearsed, Among: among})
	if err != nil {
		return alert.Rehearsal{}, fmt.Errorf("read what there was: %w", err)
	}
	out := alert.Rehearse(s, x.past(s, past))
	out.Since, out.Partly = since, past.More
	if past.More && len(past.Reports) > 0 {
		out.Since = past.Reports[0].Placed
	}
	return out, nil
}

// past makes of reports what there was to decide.
func (x *Rehearser) past(s subscription.Subscription, p Past) []alert.Past {
	out := make([]alert.Past, 0, len(p.Reports))
	stages := map[story.ID]topic.Stage{}
	for _, r := range p.Reports {
		st := p.Stories[r.Story]
		c := alert.Case{
			Report: r.Report, Matches: []topic.Match{r.Match}, Outlet: known(x.Sources, r.Report.Source), Opened: st.Opened,
			Standing: standingAt(st.Story, r.Report.ID), MaxAge: x.MaxAge,
		}
		if r.Match.Alerts() && r.Match.Stage != "" {
			stages[r.Story] = r.Match.Stage
		}
		c.Stages = []story.TopicStage{{Topic: s.Topic, Stage: stages[r.Story]}}
		tellers := until(st.Tellers, r.Report.ID)
		if s.FromSome() {
			for _, t := range tellers {
				c.Tellers = append(c.Tellers, alert.Teller{Outlet: known(x.Sources, t.Source), At: t.At})
			}
		}
		if s.Role != "" && s.Mention == subscription.TwoVoices {
			c.Voices = len(story.Voices(tellers, x.Sources))
		}
		if len(s.Countries) > 0 && x.Parties != nil {
			c.Countries = Countries(x.Parties, r.Report, st.Story)
		}
		out = append(out, alert.Past{Case: c, Story: r.Story, Answers: st.Answers, Placed: r.Placed})
	}
	return out
}

// until are those who had told a story when a report was placed.
func until(tellers []story.Teller, id report.ID) []story.Teller {
	for i, t := range tellers {
		if t.Report > id {
			return tellers[:i]
		}
	}
	return tellers
}

// standingAt is what the parties' words added up to after a report.
func standingAt(s story.Story, id report.ID) story.Standing {
	out := story.Reported
	for _, t := range s.Turns {
		if t.Report <= id && t.Standing != "" {
			out = t.Standing
		}
	}
	return out
}

// known is an outlet with what the catalogue knows of it.
func known(sources *source.Catalogue, id source.ID) source.Source {
	if s, ok := sources.Get(id); ok {
		return s
	}
	return source.Source{ID: id}
}
