package pipeline

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
)

// readPaces reads what the subscriptions with a limit have sent.
func (p *Placer) readPaces(ctx context.Context, now time.Time, all wants) (map[subscription.ID]subscription.Pace, error) {
	var ids []subscription.ID
	for _, subs := range all {
		for _, s := range subs {
			if s.PerHour > 0 && s.Way != subscription.Digest {
				ids = append(ids, s.ID)
			}
		}
	}
	if len(ids) == 0 {
		return nil, nil
	}
	slices.Sort(ids)
	paces, err := p.store.Paces(ctx, ids, now.Add(-time.Hour))
	if err != nil {
		return nil, fmt.Errorf("read paces of subscriptions: %w", err)
	}
	return paces, nil
}

// limits completes a case with what the subscriptions that want it limit, as far
// as any does.
func (p *Placer) limits(now time.Time, r report.Report, s story.Story, c alert.Case) alert.Case {
	c.Outlet = p.source(r.Source)
	some, countries := false, false
	for _, sub := range c.Wanting {
		some, countries = some || sub.FromSome(), countries || len(sub.Countries) > 0
		if pace := p.paces[sub.ID]; sub.PerHour > 0 && (pace.Waiting > 0 || !pace.Room(now, sub.PerHour)) {
			if c.Full == nil {
				c.Full = map[subscription.ID]bool{}
			}
			c.Full[sub.ID] = true
		}
	}
	if some {
		for _, t := range p.index.tellers(s) {
			c.Tellers = append(c.Tellers, alert.Teller{Outlet: p.source(t.Source), At: t.At})
		}
	}
	if countries && p.o.Parties != nil {
		c.Countries = Countries(p.o.Parties, r, s)
	}
	return c
}

// Countries are those that a report or the title of its story names.
func Countries(parties story.Parties, r report.Report, s story.Story) []string {
	return append(parties(r.Language, r.Title+"\n"+r.Description), parties(s.Language, s.Title)...)
}

// spend notes that subscriptions have sent a message.
func (p *Placer) spend(now time.Time, out *Placed, wanting []subscription.Subscription, by []int) {
	for _, n := range by {
		s := wanting[n]
		if s.PerHour <= 0 {
			continue
		}
		if p.paces == nil {
			p.paces = map[subscription.ID]subscription.Pace{}
		}
		pace := p.paces[s.ID]
		pace.Sent = append(slices.Clip(pace.Sent), now)
		p.paces[s.ID] = pace
		out.Sent = append(out.Sent, s.ID)
	}
}

// gather notes the story for channels that are told of it with others.
func (p *Placer) gather(now time.Time, r report.Report, out *Placed, own *telling, wanting []subscription.Subscription, targets []alert.Target) {
	for _, t := range targets {
		if t.Verdict != alert.Gathered && t.Verdict != alert.InDigest {
			continue
		}
		by := wanting[t.By[0]]
		pace := p.paces[by.ID]
		if pace.Waiting++; p.paces != nil {
			p.paces[by.ID] = pace
		}
		own.gathered = append(own.gathered, t.Channel)
		out.Gathered = append(out.Gathered, alert.Waiting{
			Guild: t.Guild, Channel: t.Channel, Story: out.Placement.Story.ID, Report: r.ID, Subscription: by.ID, Way: by.Way, At: now,
		})
	}
}
