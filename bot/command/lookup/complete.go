package lookup

import (
	"context"

	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/suggest"
	"github.com/attache-bot/attache/internal/story"
)

// completeLink offers the reports of the latest stories, and those that hold what
// is typed, by their titles.
func (h *Handlers) completeLink(ctx context.Context, q interaction.Request, option, typed string) ([]interaction.Choice, error) {
	if option != tree.OptLink {
		return nil, nil
	}
	return h.OfferStories(ctx, q, typed, func(l story.Listing) string { return l.Report.Link })
}

// completeRecent offers the options of /recent.
func (h *Handlers) completeRecent(ctx context.Context, q interaction.Request, option, typed string) ([]interaction.Choice, error) {
	switch option {
	case tree.OptCountry:
		found, _ := suggest.Fitting(h.States(q.Speaker), typed)
		return suggest.Offers(found), nil
	case tree.OptSince:
		return completeSince(typed, q.Now, q.Speaker), nil
	case tree.OptSource:
		found, _ := suggest.Fitting(h.Outlets(q.Speaker), typed)
		return suggest.Offers(found), nil
	}
	return h.CompleteTopic(ctx, q, option, typed)
}
