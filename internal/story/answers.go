package story

import (
	"slices"

	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/report"
)

// Hear adds what the parties say in r, which was placed in the story, and returns
// the story. When that one answers another open story, and has more to tell there
// too, the other one is returned as answered; its id is zero otherwise.
func (x *Index) Hear(id ID, r report.Report, claims []claim.Claim) (_, answered Story) {
	e := x.stories[id]
	if e.story.Lead == r.ID {
		e.story.Answers = x.answers(e.story, r, claims)
	}
	e.story = e.story.tellItself(r, claims).hear(r, claims)
	to := x.answered(e.story.Answers, r)
	if to == nil {
		return e.story, Story{}
	}
	next := to.story.hear(r, claims)
	if slices.Equal(next.Turns, to.story.Turns) {
		return e.story, Story{}
	}
	next.Revision++
	to.story = next
	return e.story, next
}

// HearMore adds what the parties say in the article behind r, which was heard
// before without it, and returns the stories that have more to tell by that: the
// one that r is in, and the one which that answers. What a party has said in a
// later report stays its last word. It returns none for a story that is not held.
func (x *Index) HearMore(id ID, r report.Report, claims []claim.Claim) []Story {
	e := x.stories[id]
	if e == nil {
		return nil
	}
	var out []Story
	for _, to := range []*entry{e, x.stories[e.story.Answers]} {
		if to == nil {
			continue
		}
		next := to.story.hear(r, to.story.news(r, claims))
		if to != e && slices.Equal(next.Turns, to.story.Turns) {
			continue
		}
		next.Revision++
		to.story = next
		out = append(out, next)
	}
	return out
}

// news are the claims of r whose speakers no later report has heard.
func (s Story) news(r report.Report, claims []claim.Claim) []claim.Claim {
	return slices.DeleteFunc(slices.Clone(claims), func(c claim.Claim) bool {
		by := party(c)
		return slices.ContainsFunc(s.Turns, func(t Turn) bool {
			return t.By == by && t.Report != r.ID && t.At.After(r.Time())
		})
	})
}

// answers is the story that s, which r opened, answers with its claims.
func (x *Index) answers(s Story, r report.Report, claims []claim.Claim) ID {
	to := x.stories[s.Follows]
	if to == nil {
		return 0
	}
	if to.story.Answers != 0 { // an answer is followed by another one to the same claim
		to = x.stories[to.story.Answers]
	}
	if to = x.answered(idOf(to), r); to == nil || !to.story.answeredBy(s.Topics, claims) {
		return 0
	}
	return to.story.ID
}

func idOf(e *entry) ID {
	if e == nil {
		return 0
	}
	return e.story.ID
}

// answered is the story that an answer in r is added to, nil once it has closed.
func (x *Index) answered(id ID, r report.Report) *entry {
	e := x.stories[id]
	if e == nil || r.Seen.Sub(e.story.Updated) > Window {
		return nil
	}
	return e
}

// answeredBy reports whether a report of the topics answers what the parties say
// in s: somebody who is bound by it confirms it, denies it or does not comment,
// or anybody welcomes or doubts it. A refusal is a development of its own.
func (s Story) answeredBy(topics []TopicStage, claims []claim.Claim) bool {
	c, ok := claim.Main(claims)
	shared := slices.ContainsFunc(topics, func(t TopicStage) bool {
		return slices.ContainsFunc(s.Topics, func(o TopicStage) bool { return o.Topic == t.Topic })
	})
	if !ok || !shared || s.Testimony.IsZero() {
		return false
	}
	if c.Tone != "" {
		return true
	}
	_, bound := s.Testimony.Bound[party(c)]
	return bound && (c.Act == claim.Confirm || c.Act == claim.Deny || c.Act == claim.NoComment)
}

// Holds reports whether the index has a story.
func (x *Index) Holds(id ID) bool { return x.stories[id] != nil }
