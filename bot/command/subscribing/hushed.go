package subscribing

import (
	"context"
	"fmt"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/command/times"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/subscription"
)

// hushed tells what keeps a subscription from being told now: that its topic is muted,
// or that its channel is paused. Somebody else may have done that.
func (h *Handlers) hushed(ctx context.Context, q interaction.Request, s subscription.Subscription, info desk.TopicInfo) ([]message.Markup, error) {
	mutes, err := h.store.Mutes(ctx, q.Now, q.Guild)
	if err != nil {
		return nil, fmt.Errorf("list mutes: %w", err)
	}
	channels, err := h.store.QuietChannels(ctx, q.Guild)
	if err != nil {
		return nil, fmt.Errorf("list quiet channels: %w", err)
	}
	var out []message.Markup
	for _, m := range mutes {
		if m.Story == 0 && m.Topic == s.Topic {
			out = append(out, "⚠️ "+q.Say("living.muted-topic", wording.Args{"topic": info.Title, "until": times.Until(m.Until, q.Speaker)}))
		}
	}
	for _, c := range channels {
		if c.ID == s.Channel && c.Pause.Holds(q.Now) {
			out = append(out, q.Say("status.paused", wording.Args{"channel": message.Channel(c.ID), "until": times.Until(c.Pause.Until, q.Speaker)}))
		}
	}
	return out, nil
}
