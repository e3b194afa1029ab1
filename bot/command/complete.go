package command

import (
	"context"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/suggest"
)

// completeTopic offers the topics that fit, best first.
func (c *commands) completeTopic(ctx context.Context, q interaction.Request, option, typed string) ([]interaction.Choice, error) {
	if option != optTopic {
		return nil, nil
	}
	topics, err := c.topicsOf(ctx, q)
	if err != nil {
		return nil, err
	}
	found, _ := suggest.Fitting(topics, typed)
	return suggest.Offers(found), nil
}

// completeRecent offers the options of /recent.
func (c *commands) completeRecent(ctx context.Context, q interaction.Request, option, typed string) ([]interaction.Choice, error) {
	switch option {
	case optCountry:
		found, _ := suggest.Fitting(c.states(q.Speaker), typed)
		return suggest.Offers(found), nil
	case optSince:
		return completeSince(typed, q.Now, q.Speaker), nil
	case optSource:
		found, _ := suggest.Fitting(c.outlets(q.Speaker), typed)
		return suggest.Offers(found), nil
	}
	return c.completeTopic(ctx, q, option, typed)
}

// completeSubscribed offers the topics that fit and that some channel of the
// guild gets.
func (c *commands) completeSubscribed(ctx context.Context, q interaction.Request, option, typed string) ([]interaction.Choice, error) {
	if option != optTopic {
		return nil, nil
	}
	topics, err := c.subscribed(ctx, q)
	if err != nil {
		return nil, err
	}
	found, _ := suggest.Fitting(topics, typed)
	return suggest.Offers(found), nil
}
