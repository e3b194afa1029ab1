package pipeline

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/attache-bot/attache/internal/quiet"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// wants are the subscriptions for each topic, the oldest first.
type wants map[topic.ID][]subscription.Subscription

// wanting reads the subscriptions for whatever a batch tells of, and for guilds'
// own topics in any case.
func (p *Placer) wanting(ctx context.Context, reports []report.Report, matches, own [][]topic.Match) (wants, error) {
	out := wants{}
	p.rules = quiet.Rules{}
	ids := map[topic.ID]bool{}
	for i, r := range reports {
		for _, m := range matches[i] {
			if r.Hush == "" {
				ids[m.Topic] = true
			}
		}
		for _, m := range own[i] {
			ids[m.Topic] = true
		}
	}
	if len(ids) == 0 {
		return out, nil
	}
	topics := slices.Sorted(maps.Keys(ids))
	subs, err := p.store.Wanting(ctx, topics)
	if err != nil {
		return nil, fmt.Errorf("read subscriptions: %w", err)
	}
	if p.rules, err = p.store.Quiet(ctx, p.o.Now(), topics); err != nil {
		return nil, fmt.Errorf("read what is quiet: %w", err)
	}
	out.add(topics, subs)
	return out, nil
}

// add takes in the subscriptions for topics, all that there are.
func (w wants) add(topics []topic.ID, subs []subscription.Subscription) {
	for _, id := range topics {
		w[id] = nil
	}
	for _, s := range subs {
		w[s.Topic] = append(w[s.Topic], s)
	}
}

// wantingToo reads the subscriptions for the topics of a story that was told, as
// far as the batch has not asked for them: its reports need not bear them.
func (p *Placer) wantingToo(ctx context.Context, all wants, s story.Story) error {
	var missing []topic.ID
	for _, t := range s.Topics {
		if _, ok := all[t.Topic]; !ok {
			missing = append(missing, t.Topic)
		}
	}
	if len(missing) == 0 {
		return nil
	}
	subs, err := p.store.Wanting(ctx, missing)
	if err != nil {
		return fmt.Errorf("read subscriptions: %w", err)
	}
	all.add(missing, subs)
	if p.rules, err = p.store.Quiet(ctx, p.o.Now(), slices.Sorted(maps.Keys(all))); err != nil {
		return fmt.Errorf("read what is quiet: %w", err)
	}
	return nil
}

// of returns the subscriptions for those matches that may raise an alert.
func (w wants) of(matches []topic.Match) []subscription.Subscription {
	return w.any(slices.DeleteFunc(slices.Clone(matches), func(m topic.Match) bool { return !m.Alerts() }))
}

// any returns the subscriptions for matches, the oldest first: what is denied
// raises no alert, and is news to those who were told it.
func (w wants) any(matches []topic.Match) []subscription.Subscription {
	var out []subscription.Subscription
	for _, m := range matches {
		out = append(out, w[m.Topic]...)
	}
	slices.SortStableFunc(out, func(a, b subscription.Subscription) int { return cmp.Compare(a.ID, b.ID) })
	return out
}
