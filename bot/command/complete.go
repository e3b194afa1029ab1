package command

import "context"

// completeTopic offers the topics that fit, best first.
func (c *commands) completeTopic(ctx context.Context, q Request, option, typed string) ([]Choice, error) {
	if option != optTopic {
		return nil, nil
	}
	topics, err := c.topicsOf(ctx, q)
	if err != nil {
		return nil, err
	}
	found, _ := fitting(topics, typed)
	return offers(found), nil
}

// completeRecent offers the options of /recent.
func (c *commands) completeRecent(ctx context.Context, q Request, option, typed string) ([]Choice, error) {
	switch option {
	case optCountry:
		found, _ := fitting(c.states(q.Speaker), typed)
		return offers(found), nil
	case optSince:
		return completeSince(typed, q.Now, q.Speaker), nil
	case optSource:
		found, _ := fitting(c.outlets(q.Speaker), typed)
		return offers(found), nil
	}
	return c.completeTopic(ctx, q, option, typed)
}

// completeSubscribed offers the topics that fit and that some channel of the
// guild gets.
func (c *commands) completeSubscribed(ctx context.Context, q Request, option, typed string) ([]Choice, error) {
	if option != optTopic {
		return nil, nil
	}
	topics, err := c.subscribed(ctx, q)
	if err != nil {
		return nil, err
	}
	found, _ := fitting(topics, typed)
	return offers(found), nil
}
