package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"reflect"
	"slices"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// telling is who was told of a story, and what.
type telling struct {
	to []alert.Recipient
	// gathered are the channels that are told of it with other stories.
	gathered []string
	// living is what its alerts tell, as far as this placer has decided it.
	living alert.Living
}

// alerted are the channels that have an alert of the story.
func (t *telling) alerted() []string {
	out := make([]string, len(t.to))
	for i, r := range t.to {
		out[i] = r.Channel
	}
	return out
}

// channels are those that were told, or will be.
func (t *telling) channels() []string { return append(t.alerted(), t.gathered...) }

// maxTellings is how many tellings are kept before those of closed stories go.
const maxTellings = 20_000

// tellingOf returns who was told of a story, zero for nobody: as the store knows
// it, and as the reports placed since then have added to it.
func (p *Placer) tellingOf(ctx context.Context, id story.ID, opened bool) (*telling, error) {
	if t, ok := p.told[id]; ok {
		return t, nil
	}
	t := &telling{}
	if id == 0 {
		return t, nil
	}
	if !opened {
		all, err := p.store.Alerted(ctx, id)
		if err != nil {
			return nil, fmt.Errorf("read alerts of story %d: %w", id, err)
		}
		for _, r := range all {
			if r.Gathered {
				t.gathered = append(t.gathered, r.Channel)
			} else {
				t.to = append(t.to, r)
			}
		}
	}
	if len(p.told) >= maxTellings {
		for id := range p.told {
			if !p.index.holds(id) {
				delete(p.told, id)
			}
		}
	}
	p.told[id] = t
	return t, nil
}

// tell has the alerts of a story tell l, where that is something else.
func (p *Placed) tell(s story.Story, t *telling, l alert.Living) {
	if len(t.to) == 0 || reflect.DeepEqual(t.living, l) {
		return
	}
	t.living = l
	p.Tellings = append(p.Tellings, alert.Telling{Story: s.ID, Revision: s.Revision, Living: l})
}

// living is what alerts of an open story tell of how it stands.
func (p *Placer) living(s story.Story) alert.Living {
	voices := story.Voices(p.index.tellers(s), p.sources)
	l := alert.Living{Independent: len(voices)}
	for _, t := range s.Topics {
		if t.Stage != "" {
			if l.Stages == nil {
				l.Stages = make(map[topic.ID]topic.Stage, len(s.Topics))
			}
			l.Stages[t.Topic] = t.Stage
		}
	}
	for i, v := range voices {
		l.Repeats += len(v.Others)
		if i < alert.MaxVoices {
			l.Voices = append(l.Voices, p.outlet(v.Source))
		}
	}
	if p.o.Claims == nil {
		return l
	}
	l.Standing = story.Reported
	if !s.Testimony.IsZero() {
		l.Standing = s.Testimony.Standing()
	}
	for _, t := range s.Said() {
		if len(l.Said) < alert.MaxSaid {
			l.Said = append(l.Said, said(t))
		}
	}
	l.Timeline = p.timeline(s.Turns)
	return l
}

func said(t story.Turn) alert.Said {
	return alert.Said{Speaker: t.Speaker, Act: t.Act, Tone: t.Tone, About: t.About}
}

// timeline are the turns of a story as its alerts tell them: of many the first,
// which is what it is about, and the last ones. That somebody says more of the
// same is no moment, nor is a stage that was not told before, or that is not further
// on than all before: reports that look back tell of those.
func (p *Placer) timeline(turns []story.Turn) []alert.Moment {
	var out []alert.Moment
	was := story.Standing("")
	far := reached{}
	for _, t := range turns {
		if !t.Adds(was) || t.Reason == story.StageMoves && !far.advance(p.stages(t.Topic), t) {
			continue
		}
		m := alert.Moment{At: t.At}
		if t.Reason == story.StageMoves {
			m.Topic, m.TopicID, m.Stage = p.title(t.Topic), t.Topic, t.Stage
		} else {
			m.Said = said(t)
		}
		if t.Reason != story.StageMoves { // which turns no standing
			if t.Standing != was && t.Standing != story.Reported {
				m.Standing = t.Standing
			}
			was = t.Standing
		}
		if n := len(out); n > 0 && out[n-1].At.Equal(m.At) && m.Said != (alert.Said{}) && out[n-1].Said == m.Said {
			out[n-1].Standing = cmp.Or(m.Standing, out[n-1].Standing) // several said it with one voice
			continue
		}
		out = append(out, m)
	}
	if over := len(out) - alert.MaxMoments; over > 0 {
		out = append(out[:1], out[1+over:]...)
	}
	return out
}

// reached is how far each topic of a story has come, by its stages in their order.
type reached map[topic.ID]int

// advance reports whether a turn's stage is further on than all that were told
// before, and notes it.
func (r reached) advance(stages []topic.Stage, t story.Turn) bool {
	far, told := r[t.Topic]
	if was := slices.Index(stages, t.Was); !told || was > far {
		far = was
	}
	at := slices.Index(stages, t.Stage)
	r[t.Topic] = max(far, at)
	return at < 0 || at > far
}

// stages are those of a topic in their order.
func (p *Placer) stages(id topic.ID) []topic.Stage {
	d, _ := p.topics.Lookup(id)
	return d.Stages
}

// follow makes the replies to the alerts of a story that r has changed.
func (p *Placer) follow(now time.Time, r report.Report, out *Placed, s story.Story, t *telling, all wants, l alert.Living) {
	subs := p.following(out, s, all)
	if len(subs) == 0 {
		return
	}
	c := p.changeBy(r, out, s, l)
	news := c.News()
	for i, to := range t.to {
		wishes := subs[to.Channel]
		roles, way := alert.Follow(c, news, to, wishes)
		if way == "" {
			continue
		}
		to.Mentioned = slices.Concat(to.Mentioned, roles)
		t.to[i] = to
		content := p.news(r, s, l, news)
		if way == subscription.Thread {
			content.Thread = s.Title
		}
		content.Silent = !slices.ContainsFunc(wishes, func(w subscription.Subscription) bool { return !w.Silent })
		out.Updates = append(out.Updates, alert.Update{
			Guild: wishes[0].Guild, Channel: to.Channel, Story: s.ID, Revision: s.Revision, Roles: roles, Mentioned: to.Mentioned,
			Content: content, Planned: now, Since: since(r), Held: p.rules.Hold(to.Channel, topicsOf(wishes)),
		})
	}
}

// following are the subscriptions to what a report bears and its story is about, by
// channel.
func (p *Placer) following(out *Placed, s story.Story, all wants) map[string][]subscription.Subscription {
	bears := out.bears()
	for _, t := range s.Topics { // of which it may tell without their words
		if !slices.ContainsFunc(bears, func(m topic.Match) bool { return m.Topic == t.Topic }) {
			bears = append(bears, topic.Match{Topic: t.Topic})
		}
	}
	subs := make(map[string][]subscription.Subscription)
	heard, _ := p.unmuted(s.ID, all.any(bears))
	for _, sub := range heard {
		subs[sub.Channel] = append(subs[sub.Channel], sub)
	}
	return subs
}

// changeBy is how a report has changed its story.
func (p *Placer) changeBy(r report.Report, out *Placed, s story.Story, l alert.Living) alert.Change {
	c := alert.Change{Report: r, Outlet: p.source(r.Source), Turns: s.Turns, Standing: l.Standing, Voices: l.Independent}
	if len(s.Topics) > 0 {
		c.Subject = s.Topics[0].Topic
		if d, ok := p.topics.Lookup(c.Subject); ok {
			c.Stages = d.Stages
		}
	}
	for _, m := range out.bears() {
		c.Topics = append(c.Topics, m.Topic)
	}
	for _, t := range s.Topics {
		c.About = append(c.About, t.Topic)
	}
	return c
}

// news is what a reply tells: what is new, and who reports it.
func (p *Placer) news(r report.Report, s story.Story, l alert.Living, news []story.Turn) alert.Content {
	return alert.Content{
		Story: s.ID, Headline: r.Title, Link: r.Link, Outlet: p.outlet(r.Source), Time: r.Time(), Language: r.Language,
		Living: alert.Living{Standing: l.Standing, Independent: l.Independent, Timeline: p.timeline(news)},
	}
}
