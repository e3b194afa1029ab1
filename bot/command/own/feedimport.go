package own

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/feed/opml"
	"github.com/attache-bot/attache/internal/guild"
)

// exportFeeds gives the guild's own feeds as a file.
func (h *Handlers) exportFeeds(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	all, err := h.feedChoices(ctx, q.Guild)
	switch {
	case err != nil:
		return interaction.Reply{}, err
	case len(all) == 0:
		return interaction.Reply{}, errNoFeeds
	}
	list := make([]opml.Feed, len(all))
	for i, f := range all {
		list[i] = opml.Feed{URL: f.URL, Title: f.Title}
	}
	doc, err := opml.Write(q.Plain("feeds.list-title"), list)
	if err != nil {
		return interaction.Reply{}, fmt.Errorf("export feeds: %w", err)
	}
	return interaction.Reply{Payload: message.Text(q.Say("feeds.exported", wording.Args{"count": len(all)})).WithFile("server-feeds.opml", "text/x-opml", doc)}, nil
}

// The bounds of an import: how many of a list's feeds are tried, how many at once,
// and the time for all.
const (
	maxImport    = 40
	importAtOnce = 6
	importWithin = 24 * time.Second
)

// importFeeds adds the feeds of a list.
func (h *Handlers) importFeeds(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	if h.feeds.Finder == nil {
		return interaction.Reply{}, errFeedsOff
	}
	file, ok := q.File(tree.OptFile)
	switch {
	case !ok:
		return interaction.Reply{}, interaction.Refuse(interaction.BadOption, "feeds.no-file")
	case file.Size > opml.MaxSize:
		return interaction.Reply{}, interaction.Refuse(interaction.BadOption, "feeds.file-large")
	}
	ctx, cancel := context.WithTimeout(ctx, importWithin)
	defer cancel()
	doc, err := h.feeds.Finder.Document(ctx, file.URL, opml.MaxSize)
	var found *feed.FindError
	switch {
	case errors.As(err, &found) && found.Reason == feed.ReasonTooLarge:
		return interaction.Reply{}, interaction.Refuse(interaction.BadOption, "feeds.file-large")
	case err != nil:
		return interaction.Reply{}, feedError(err, "", h, q.Speaker)
	}
	list, err := opml.Read(doc)
	switch {
	case errors.Is(err, opml.ErrTooLarge):
		return interaction.Reply{}, interaction.Refuse(interaction.BadOption, "feeds.file-large")
	case err != nil, len(list.Feeds) == 0:
		return interaction.Reply{}, interaction.Refuse(interaction.BadOption, "feeds.file-none")
	}
	if err := h.store.Admit(ctx, q.Guild, guild.TriesFeed, min(len(list.Feeds), maxImport), q.Now); err != nil {
		return interaction.Reply{}, feedError(err, "", h, q.Speaker)
	}
	return h.imported(ctx, q, list.Feeds)
}

// look is what was found at a feed's address.
type look struct {
	preview feed.Preview
	err     error
}

// look tries feeds, some at once.
func (h *Handlers) look(ctx context.Context, list []opml.Feed) []look {
	looks := make([]look, len(list))
	places := make(chan struct{}, importAtOnce)
	var busy sync.WaitGroup
	for i, f := range list {
		busy.Go(func() {
			places <- struct{}{}
			defer func() { <-places }()
			looks[i].preview, looks[i].err = h.feeds.Finder.Look(ctx, f.URL)
		})
	}
	busy.Wait()
	return looks
}

// imported tries the feeds, some at once, adds them in their order, and tells what
// became of each.
func (h *Handlers) imported(ctx context.Context, q interaction.Request, list []opml.Feed) (interaction.Reply, error) {
	some := list[:min(len(list), maxImport)]
	looks := h.look(ctx, some)
	// What was found is added though the time for looking is over.
	keep := context.WithoutCancel(ctx)
	var added []int64
	var lines []message.Markup
	for i, l := range looks {
		name := l.preview.Title
		if name == "" {
			name = some[i].Title
		}
		if name == "" {
			name = host(some[i].URL)
		}
		err := l.err
		if err == nil {
			var f guild.Feed
			if f, err = h.store.AddFeed(keep, h.wantedFeed(q, l.preview)); err == nil {
				added = append(added, int64(f.ID))
			}
		}
		why, ok := h.importResult(err, q.Speaker)
		if !ok {
			return interaction.Reply{}, fmt.Errorf("import feeds: %w", err)
		}
		lines = append(lines, message.Format("• **%s**: %s", name, why))
	}
	note := q.Say("feeds.imported", wording.Args{"count": len(added)})
	p, shown := message.Panel(q.Plain("feeds.import-title"), lines, note)
	if more := len(list) - shown; more > 0 {
		p, _ = message.Panel(q.Plain("feeds.import-title"), lines[:shown], note+" "+q.Say("feeds.import-more", wording.Args{"count": more}))
	}
	if len(added) == 0 {
		return interaction.Reply{Payload: p}, nil
	}
	return h.WithUndo(keep, q, p, actUndo, deedNoFeeds, undoing{IDs: added})
}

// endFeeds takes feeds from the guild's own, and offers to read them again.
func (h *Handlers) endFeeds(ctx context.Context, q interaction.Request, ids []int64) (interaction.Reply, error) {
	all, err := h.feedChoices(ctx, q.Guild)
	if err != nil {
		return interaction.Reply{}, err
	}
	var again []guild.NewFeed
	ended := 0
	for _, f := range all {
		if !slices.Contains(ids, int64(f.ID)) {
			continue
		}
		err := h.store.RemoveFeed(ctx, q.Guild, f.ID)
		switch {
		case errors.Is(err, guild.ErrFeedNotFound): // somebody else was faster
			continue
		case err != nil:
			return interaction.Reply{}, feedError(err, f.Title, h, q.Speaker)
		}
		ended++
		if f.Own {
			again = append(again, h.wantedFeed(q, feed.Preview{URL: f.URL, Title: f.Title}))
		}
	}
	said := q.Say("feeds.removed-many", wording.Args{"count": ended})
	if len(again) == 0 {
		return interaction.Reply{Payload: message.Text(said)}, nil
	}
	return h.Undoable(ctx, q, said, actUndo, deedFeeds, undoing{Feeds: again})
}

// putFeeds adds feeds that were taken away, as many as there is room for, and offers to
// take them away again.
func (h *Handlers) putFeeds(ctx context.Context, q interaction.Request, want []guild.NewFeed) (interaction.Reply, error) {
	if h.feeds.Finder == nil { // which the operator may have switched off since
		return interaction.Reply{}, errFeedsOff
	}
	var added []int64
	for _, w := range want {
		w.Guild, w.By, w.At = q.Guild, q.User, q.Now
		f, err := h.store.AddFeed(ctx, w)
		switch {
		case err == nil:
			added = append(added, int64(f.ID))
		case errors.Is(err, guild.ErrFeedExists), errors.Is(err, guild.ErrFeedKnown): // it is read already
		case len(added) == 0:
			return interaction.Reply{}, feedError(err, w.Title, h, q.Speaker)
		}
	}
	said := q.Say("feeds.imported", wording.Args{"count": len(added)})
	if len(added) == 0 {
		return interaction.Reply{Payload: message.Text(said)}, nil
	}
	return h.Undoable(ctx, q, said, actUndo, deedNoFeeds, undoing{IDs: added})
}

// importResult says in a word or two what became of a feed, or false where the
// fault is ours.
func (h *Handlers) importResult(err error, s wording.Speaker) (message.Markup, bool) {
	var found *feed.FindError
	var soon *guild.TooSoonError
	switch {
	case err == nil:
		return s.Say("feeds.result-added"), true
	case errors.As(err, &found) && found.Reason == feed.ReasonNoFeed:
		return s.Say("feeds.result-none"), true
	case errors.As(err, &found):
		return s.Say("feeds.result-unreadable", wording.Args{"why": h.Explain(found.Reason, s)}), true
	case errors.As(err, &soon):
		return s.Say("feeds.result-soon", wording.Args{"when": message.When(soon.Again)}), true
	case errors.Is(err, guild.ErrFeedKnown):
		return s.Say("feeds.result-known"), true
	case errors.Is(err, guild.ErrFeedExists):
		return s.Say("feeds.result-exists"), true
	case errors.Is(err, guild.ErrFeedQuota), errors.Is(err, guild.ErrFeedsFull):
		return s.Say("feeds.result-full"), true
	}
	return "", false
}
