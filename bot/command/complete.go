package command

import "context"

// completeTopic offers the topics that fit, best first.
func (c *commands) completeTopic(_ context.Context, _ Request, option, typed string) ([]Choice, error) {
	if option != optTopic {
		return nil, nil
	}
	found, _ := fitting(c.topics.Topics(), typed)
	return choices(found), nil
}

// completeSubscribed offers the topics that fit and that some channel of the
// guild gets.
func (c *commands) completeSubscribed(ctx context.Context, q Request, option, typed string) ([]Choice, error) {
	if option != optTopic {
		return nil, nil
	}
	topics, err := c.subscribed(ctx, q.Guild)
	if err != nil {
		return nil, err
	}
	found, _ := fitting(topics, typed)
	return choices(found), nil
}
