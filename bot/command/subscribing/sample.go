package subscribing

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

// Poster posts messages beside the answers to interactions. Its errors are, or
// wrap, [*alert.SendError]. [alert.Sender] is one.
type Poster interface {
	Post(ctx context.Context, m alert.Message) (id string, err error)
}

// noPoster is a [Poster] that cannot.
type noPoster struct{}

func (noPoster) Post(context.Context, alert.Message) (string, error) {
	return "", &alert.SendError{Reason: alert.ReasonUnavailable, Err: errors.New("nothing to post with")}
}

// test posts a sample of an alert into a channel.
func (h *Handlers) test(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	to, err := q.ChannelOption(tree.OptChannel)
	if err != nil {
		return interaction.Reply{}, err
	}
	if err := desk.CanReceive(to); err != nil {
		return interaction.Reply{}, err
	}
	return h.postSample(ctx, q, to)
}

// postSample posts a sample, in the language of the guild's alerts, and says what
// became of it. It mentions nobody.
func (h *Handlers) postSample(ctx context.Context, q interaction.Request, to interaction.Channel) (interaction.Reply, error) {
	set, err := h.Settings(ctx, q.Guild)
	if err != nil {
		return interaction.Reply{}, err
	}
	sp := wording.In(set.Language, q.GuildLocale)
	_, err = h.poster.Post(ctx, alert.Message{
		Guild: q.Guild, Channel: to.ID, In: desk.KindOf(to), Form: alert.Full, Language: sp.Language(), Content: h.sample(q, sp), Nonce: "sample" + strconv.FormatInt(q.Now.UnixNano(), 36),
	})
	where := wording.Args{"channel": message.Channel(to.ID)}
	failed, ours := errors.AsType[*alert.SendError](err)
	switch {
	case err == nil:
		return interaction.Reply{Payload: message.Text(q.Say("sample.posted", where))}, nil
	case !ours:
		return interaction.Reply{}, fmt.Errorf("post a sample: %w", err)
	}
	switch failed.Reason {
	case alert.ReasonNoAccess:
		return interaction.Reply{}, interaction.Refuse(interaction.BadChannel, "sample.no-access", where)
	case alert.ReasonNoChannel, alert.ReasonNoGuild:
		return interaction.Reply{}, interaction.Refuse(interaction.BadChannel, "sample.no-channel", where)
	case alert.ReasonWrongChannel:
		return interaction.Reply{}, interaction.Refuse(interaction.BadChannel, "sample.wrong-channel", where)
	case alert.ReasonRefused:
		return interaction.Reply{}, interaction.Refuse(interaction.BadChannel, "sample.refused", where)
	case alert.ReasonRateLimited, alert.ReasonHeldBack:
		return interaction.Reply{}, interaction.Refuse(interaction.Slow, "sample.rate-limited", where)
	case alert.ReasonUncertain:
		return interaction.Reply{}, interaction.Refuse(interaction.Slow, "sample.uncertain", where)
	case alert.ReasonUnavailable:
		return interaction.Reply{}, interaction.Refuse(interaction.Slow, "sample.unavailable", where)
	}
	return interaction.Reply{}, fmt.Errorf("post a sample: %w", err)
}

// sample is an alert about a ceasefire between two states that there are not.
func (h *Handlers) sample(q interaction.Request, sp wording.Speaker) alert.Content {
	const subject topic.ID = "ceasefire"
	return alert.Content{
		Headline: sp.Plain("sample.headline"), Summary: sp.Plain("sample.summary"), Language: sp.Language(), Time: q.Now,
		Outlet: alert.Outlet{Name: sp.Plain("sample.outlet"), Tier: source.Wire},
		Topics: []alert.Topic{{ID: subject, Title: desk.Title(h.Topics.Topics(), subject), Stage: "agreed"}},
		Living: alert.Living{
			Standing: story.Claimed,
			Said:     []alert.Said{{Speaker: sp.Plain("sample.speaker"), Act: claim.Assert, About: sp.Plain("sample.party")}},
		},
	}
}
