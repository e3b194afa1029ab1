package pipeline

import (
	"context"
	"slices"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/quiet"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// plan decides which channels are alerted to the report's story, and what those
// that were told get.
func (p *Placer) plan(ctx context.Context, now time.Time, r report.Report, out Placed, all wants) (Placed, error) {
	s := out.Placement.Story
	own, err := p.tellingOf(ctx, s.ID, out.Placement.Opened)
	if err != nil {
		return out, err
	}
	claim, err := p.tellingOf(ctx, s.Answers, false)
	if err != nil {
		return out, err
	}
	wanting, muted := p.unmuted(s.ID, all.of(out.bears()))
	var l alert.Living
	if len(wanting) > 0 || len(own.to) > 0 {
		l = p.living(s)
	}
	told, err := p.toldOf(ctx, r, out.Placement.Matches, own, wanting)
	if err != nil {
		return out, err
	}
	targets := alert.Decide(now, p.limits(now, r, s, alert.Case{
		Report: r, Matches: out.bears(), Opened: s.Opened, Stages: s.Topics, Standing: l.Standing, Voices: l.Independent,
		Wanting: wanting, Told: told, Claim: claim.alerted(), MaxAge: p.o.MaxAge,
	}))
	if len(own.to) > 0 || slices.ContainsFunc(targets, func(t alert.Target) bool { return t.Verdict == alert.Alerts }) {
		if err := p.retell(ctx, r, s.ID, s, own, &l); err != nil {
			return out, err
		}
	}
	if len(own.to) > 0 {
		if err := p.wantingToo(ctx, all, s); err != nil {
			return out, err
		}
		p.follow(now, r, &out, s, own, all, l)
	}
	p.alert(now, r, &out, own, wanting, targets, l)
	p.gather(now, r, &out, own, wanting, targets)
	out.tell(s, own, l)
	out.mute(targets, muted)
	p.account(ctx, r, &out, targets, wanting)
	err = p.tellAnswered(ctx, now, r, &out, claim, all)
	return out, err
}

// toldOf are the channels that know of a story: those that have its alert and, where
// only some guilds see the report, those that have the alert of its common story or of
// another of their feeds.
func (p *Placer) toldOf(ctx context.Context, r report.Report, matches []topic.Match, own *telling, wanting []subscription.Subscription) ([]string, error) {
	told := own.channels()
	if r.OwnFeed == 0 || len(wanting) == 0 {
		return told, nil
	}
	others, err := p.toldElsewhere(ctx, r, matches)
	return append(told, others...), err
}

// account says of each channel why it is alerted or not, and keeps the latter.
func (p *Placer) account(ctx context.Context, r report.Report, out *Placed, targets []alert.Target, wanting []subscription.Subscription) {
	for _, t := range targets {
		p.explain(ctx, r, out.Placement, t)
		if t.Verdict != alert.Alerts {
			out.stayQuiet(t, wanting)
		}
	}
}

// tellAnswered tells those who were told of the claim that the report answers.
func (p *Placer) tellAnswered(ctx context.Context, now time.Time, r report.Report, out *Placed, claim *telling, all wants) error {
	if out.Answered.ID == 0 || len(claim.to) == 0 {
		return nil
	}
	l := p.living(out.Answered)
	if err := p.retell(ctx, r, out.Placement.Story.ID, out.Answered, claim, &l); err != nil {
		return err
	}
	p.follow(now, r, out, out.Answered, claim, all, l)
	out.tell(out.Answered, claim, l)
	return nil
}

// alert makes the alerts that are raised.
func (p *Placer) alert(now time.Time, r report.Report, out *Placed, own *telling, wanting []subscription.Subscription, targets []alert.Target, l alert.Living) {
	s := out.Placement.Story
	var content alert.Content
	for _, t := range targets {
		if t.Verdict != alert.Alerts {
			continue
		}
		if len(out.Alerts) == 0 {
			content = p.content(r, s.ID, l)
		}
		content.Topics, content.Silent = p.named(out.bears(), t.Topics), t.Silent
		held := p.rules.Hold(t.Channel, t.Topics)
		if held.Reason == quiet.None {
			p.spend(now, out, wanting, t.By)
		}
		own.to = append(own.to, alert.Recipient{Channel: t.Channel, Mentioned: t.Roles})
		out.Alerts = append(out.Alerts, alert.Alert{
			Guild: t.Guild, Channel: t.Channel, Story: s.ID, Report: r.ID, Roles: t.Roles,
			Content: content, Revision: s.Revision, Planned: now, Since: since(r), Held: held,
		})
	}
}

// stayQuiet notes that channels get no alert. A verdict on the report itself is
// one on all that wanted it.
func (p *Placed) stayQuiet(t alert.Target, wanting []subscription.Subscription) {
	if t.Channel != "" {
		p.note(t.Verdict, t.Channel)
		return
	}
	seen := make(map[string]bool)
	for _, s := range wanting {
		if !seen[s.Channel] {
			seen[s.Channel] = true
			p.note(t.Verdict, s.Channel)
		}
	}
}

func (p *Placed) note(v alert.Verdict, channel string) {
	i := slices.IndexFunc(p.Quiet, func(q Quiet) bool { return q.Verdict == v })
	if i < 0 {
		i = len(p.Quiet)
		p.Quiet = append(p.Quiet, Quiet{Verdict: v})
	}
	q := &p.Quiet[i]
	q.Channels++
	if len(q.Named) < MaxNamed {
		q.Named = append(q.Named, channel)
	}
}

// since is when the channels could have been told of r: it may have waited to
// be read, or to be placed.
func since(r report.Report) time.Time {
	if r.Overdue {
		return r.Time()
	}
	return r.Seen
}

// explain logs one decision with its reason. Reports without a topic are the
// bulk and go unmentioned.
func (p *Placer) explain(ctx context.Context, r report.Report, pl story.Placement, t alert.Target) {
	if t.Verdict == alert.Unwanted {
		return
	}
	p.log.DebugContext(ctx, "alert decided", "report", r, "story", pl.Story.ID, "placed", pl.Reason, "channel", t.Channel, "verdict", t.Verdict)
}
