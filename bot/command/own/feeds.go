package own

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/url"
	"strconv"
	"time"

	"github.com/bwmarrin/discordgo"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/text"
)

// Finder looks at what is behind addresses that people type. Whatever leads to
// no public address is refused.
type Finder interface {
	// Find returns the preview of the feed at a typed address, or the feeds that a
	// site offers when there are several. Its errors are [*feed.FindError].
	Find(ctx context.Context, typed string) ([]feed.Candidate, feed.Preview, error)
	// Look returns the preview of the feed at its own address.
	Look(ctx context.Context, address string) (feed.Preview, error)
	// Document returns what is behind an address, or fails when it is longer than
	// limit bytes.
	Document(ctx context.Context, address string, limit int) ([]byte, error)
}

// Feeds says how guilds add feeds of their own. Without a finder they cannot.
type Feeds struct {
	Finder Finder
	// Every is how often a new one is polled at first, Room how many all guilds
	// together may have.
	Every time.Duration
	Room  int
}

// The actions of /feed add.
const (
	actFeedPick   = "feed-pick"
	actFeedAdd    = "feed-add"
	actFeedCancel = "feed-cancel"
)

func (h *Handlers) feedActions() map[string]interaction.Action {
	return map[string]interaction.Action{
		actFeedPick:   {Run: h.pickedFeed, Manage: true},
		actFeedAdd:    {Run: h.confirmFeed, Manage: true},
		actFeedCancel: {Run: h.cancelFeed, Manage: true},
		actUndo:       {Run: h.undo, Manage: true},
	}
}

// FeedCommand is /feed with its subcommands.
func FeedCommand() *discordgo.ApplicationCommand {
	return tree.Managed(tree.CmdFeed, "tree.feed",
		tree.Sub(tree.SubAdd, "tree.feed-add", tree.TextOption(tree.OptAddress, "tree.feed-address", true)),
		tree.Sub(tree.SubList, "tree.feed-list"),
		tree.Sub(tree.SubStatus, "tree.feed-status", tree.Required(tree.Offered(tree.OptFeed, "tree.feed-which"))),
		tree.Sub(tree.SubRemove, "tree.feed-remove", tree.Required(tree.Offered(tree.OptFeed, "tree.feed-which"))),
		tree.Sub(tree.SubImport, "tree.feed-import", tree.FileOption(tree.OptFile, "tree.feed-file")),
		tree.Sub(tree.SubExport, "tree.feed-export"))
}

// feedDraft is what somebody is about to add: one feed, or one of several.
type feedDraft struct {
	Mark    string           `json:"mark"`
	Among   []feed.Candidate `json:"among,omitempty"`
	Preview feed.Preview     `json:"preview"`
}

// draftFeed is the kind of its draft.
const draftFeed = "feed"

// maxAmong is how many feeds of a site are offered.
const maxAmong = 20

var (
	errFeedsOff  = interaction.Refuse(interaction.Denied, "feeds.off")
	errNoFeeds   = interaction.Refuse(interaction.NotFound, "feeds.none")
	errFeedGone  = interaction.Refuse(interaction.Stale, "feeds.gone")
	errFeedWhich = interaction.Refuse(interaction.BadOption, "feeds.which")
)

// addFeed looks at an address and asks whether to add what is there.
func (h *Handlers) addFeed(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	typed, err := q.Text(tree.OptAddress, tree.MaxLink)
	if err != nil {
		return interaction.Reply{}, err
	}
	if h.feeds.Finder == nil {
		return interaction.Reply{}, errFeedsOff
	}
	if typed == "" {
		return interaction.Reply{}, interaction.Refuse(interaction.BadOption, "feeds.no-address")
	}
	if err := h.store.Admit(ctx, q.Guild, guild.TriesFeed, 1, q.Now); err != nil {
		return interaction.Reply{}, feedError(err, "", h, q.Speaker)
	}
	among, p, err := h.feeds.Finder.Find(ctx, typed)
	if err != nil {
		return interaction.Reply{}, feedError(err, "", h, q.Speaker)
	}
	d := feedDraft{Mark: strconv.FormatInt(q.Now.UnixMilli(), 36), Preview: p}
	if len(among) == 0 {
		return h.offerFeed(ctx, q, d)
	}
	d.Among = among[:min(len(among), maxAmong)]
	if err := h.keepFeed(ctx, q, d); err != nil {
		return interaction.Reply{}, err
	}
	menu := message.Menu{CustomID: message.Action(actFeedPick, d.Mark), Hint: q.Plain("feeds.pick-placeholder")}
	for i, f := range d.Among {
		name := f.Title
		if name == "" {
			name = f.URL
		}
		menu.Options = append(menu.Options, message.MenuOption{Label: name, Note: f.URL, Value: strconv.Itoa(i)})
	}
	return interaction.Reply{Payload: message.Text(q.Say("feeds.pick")).WithMenu(menu)}, nil
}

// keepFeed keeps a draft for the buttons of its offer.
func (h *Handlers) keepFeed(ctx context.Context, q interaction.Request, d feedDraft) error {
	body, err := json.Marshal(d)
	if err == nil {
		err = h.store.SaveDraft(ctx, guild.Draft{Guild: q.Guild, User: q.User, Kind: draftFeed, Body: string(body), Made: q.Now})
	}
	if err != nil {
		return fmt.Errorf("keep the feed to add: %w", err)
	}
	return nil
}

// keptFeed is the draft that a button belongs to.
func (h *Handlers) keptFeed(ctx context.Context, q interaction.Request) (feedDraft, error) {
	var d feedDraft
	body, ok, err := h.store.Draft(ctx, q.Guild, q.User, draftFeed, q.Now)
	switch {
	case err != nil:
		return d, fmt.Errorf("read the feed to add: %w", err)
	case !ok, json.Unmarshal([]byte(body), &d) != nil, d.Mark != q.Arg(0):
		return d, errFeedGone
	}
	return d, nil
}

// pickedFeed shows the one of several feeds that was picked.
func (h *Handlers) pickedFeed(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	d, err := h.keptFeed(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	if h.feeds.Finder == nil {
		return interaction.Reply{}, errFeedsOff
	}
	chosen := q.Chosen()
	if len(chosen) != 1 {
		return interaction.Reply{}, errFeedGone
	}
	i, err := strconv.Atoi(chosen[0])
	if err != nil || i < 0 || i >= len(d.Among) {
		return interaction.Reply{}, errFeedGone
	}
	if err := h.store.Admit(ctx, q.Guild, guild.TriesFeed, 1, q.Now); err != nil {
		return interaction.Reply{}, feedError(err, "", h, q.Speaker)
	}
	if d.Preview, err = h.feeds.Finder.Look(ctx, d.Among[i].URL); err != nil {
		return interaction.Reply{}, feedError(err, "", h, q.Speaker)
	}
	d.Among = nil
	return h.offerFeed(ctx, q, d)
}

// offerFeed shows what a feed holds, with the buttons that add it or do not.
func (h *Handlers) offerFeed(ctx context.Context, q interaction.Request, d feedDraft) (interaction.Reply, error) {
	if err := h.newFeed(ctx, q.Guild, d.Preview); err != nil {
		return interaction.Reply{}, err
	}
	if err := h.keepFeed(ctx, q, d); err != nil {
		return interaction.Reply{}, err
	}
	p := d.Preview
	lines := []message.Markup{message.Format("**%s** · %s", p.Title, host(p.URL))}
	if tag, err := language.Parse(p.Language); err == nil && p.Language != "und" {
		lines = append(lines, q.Say("feeds.language", wording.Args{"language": display.Self.Name(tag)}))
	}
	if often := paced(p.Gap, q.Speaker); often != "" {
		lines = append(lines, often)
	}
	if len(p.Headlines) > 0 {
		lines = append(lines, "", q.Say("feeds.latest"))
	}
	for _, headline := range p.Headlines {
		lines = append(lines, message.Format("• %s", text.Cut(headline, maxHeadline)))
	}
	panel, _ := message.Panel(q.Plain("feeds.preview-title"), lines, q.Say("feeds.ask"))
	return interaction.Reply{Payload: panel.
		WithStyled(discordgo.SuccessButton, q.Plain("feeds.add-button"), message.Action(actFeedAdd, d.Mark)).
		WithButton(q.Plain("feeds.cancel-button"), message.Action(actFeedCancel, d.Mark))}, nil
}

// maxHeadline is how long a headline of a preview is, in code points.
const maxHeadline = 200

// newFeed refuses a feed that the guild has or sees already.
func (h *Handlers) newFeed(ctx context.Context, guildID string, p feed.Preview) error {
	seen, err := h.store.FeedsSeenBy(ctx, guildID)
	if err != nil {
		return fmt.Errorf("read feed status: %w", err)
	}
	for _, f := range seen {
		for _, at := range append([]string{p.URL}, p.Also...) {
			switch {
			case f.URL != at && f.Move.To != at:
			case f.Own:
				return interaction.Refuse(interaction.Exists, "feeds.exists", wording.Args{"title": f.Title})
			default:
				return interaction.Refuse(interaction.Exists, "feeds.known", wording.Args{"outlet": h.SourceName(f.Source)})
			}
		}
	}
	return nil
}

// paced tells how often a feed publishes, "" when that is not known.
func paced(gap time.Duration, s wording.Speaker) message.Markup {
	if gap <= 0 {
		return ""
	}
	const day = 24 * time.Hour
	if n := int(math.Round(float64(day) / float64(gap))); n >= 1 {
		return s.Say("feeds.per-day", wording.Args{"count": min(n, 1000)})
	}
	return s.Say("feeds.per-month", wording.Args{"count": max(int(math.Round(float64(30*day)/float64(gap))), 1)})
}

// confirmFeed adds the feed that was offered.
func (h *Handlers) confirmFeed(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	d, err := h.keptFeed(ctx, q)
	switch {
	case err != nil:
		return interaction.Reply{}, err
	case len(d.Among) > 0 || d.Preview.URL == "":
		return interaction.Reply{}, errFeedGone
	}
	r, err := h.putFeed(ctx, q, h.wantedFeed(q, d.Preview))
	if err != nil {
		return interaction.Reply{}, err
	}
	if err := h.store.DropDraft(ctx, q.Guild, q.User, draftFeed); err != nil {
		return interaction.Reply{}, fmt.Errorf("forget the feed to add: %w", err)
	}
	return r, nil
}

// putFeed adds a feed to the guild's own, and offers to take it away.
func (h *Handlers) putFeed(ctx context.Context, q interaction.Request, want guild.NewFeed) (interaction.Reply, error) {
	if h.feeds.Finder == nil { // which the operator may have switched off since
		return interaction.Reply{}, errFeedsOff
	}
	f, err := h.store.AddFeed(ctx, want)
	if err != nil {
		return interaction.Reply{}, feedError(err, want.Title, h, q.Speaker)
	}
	return h.Undoable(ctx, q, q.Say("feeds.added", wording.Args{"title": f.Title}), actUndo, deedNoFeed, undoing{ID: int64(f.ID)})
}

// wantedFeed is what the guild asks to add.
func (h *Handlers) wantedFeed(q interaction.Request, p feed.Preview) guild.NewFeed {
	return guild.NewFeed{
		Guild: q.Guild, URL: p.URL, Also: p.Also, Title: p.Title, Every: h.feeds.Every, By: q.User, At: q.Now, Room: h.feeds.Room,
	}
}

// cancelFeed forgets the feed that was offered.
func (h *Handlers) cancelFeed(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	if err := h.store.DropDraft(ctx, q.Guild, q.User, draftFeed); err != nil {
		return interaction.Reply{}, fmt.Errorf("forget the feed to add: %w", err)
	}
	return interaction.Reply{Payload: message.Text(q.Say("feeds.cancelled"))}, nil
}

// feedError is a refusal for what keeps a feed from being added.
func feedError(err error, title string, c *Handlers, in wording.Speaker) error {
	var found *feed.FindError
	if soon := desk.TooSoon(err); soon != nil {
		return soon
	}
	switch {
	case errors.As(err, &found) && found.Reason == feed.ReasonNoFeed:
		return interaction.Refuse(interaction.NotFound, "feeds.no-feed")
	case errors.As(err, &found):
		return interaction.Refuse(interaction.NotFound, "feeds.unreadable", wording.Args{"why": c.Explain(found.Reason, in)})
	case errors.Is(err, guild.ErrFeedKnown):
		return interaction.Refuse(interaction.Exists, "feeds.known", wording.Args{"outlet": title})
	case errors.Is(err, guild.ErrFeedExists):
		return interaction.Refuse(interaction.Exists, "feeds.exists", wording.Args{"title": title})
	case errors.Is(err, guild.ErrFeedQuota):
		return interaction.Refuse(interaction.Quota, "feeds.quota", wording.Args{"count": guild.MaxFeeds})
	case errors.Is(err, guild.ErrFeedsFull):
		return interaction.Refuse(interaction.Quota, "feeds.full")
	case errors.Is(err, guild.ErrFeedNotFound):
		return interaction.Refuse(interaction.NotFound, "feeds.not-found", wording.Args{"name": title})
	}
	return fmt.Errorf("feeds of the guild: %w", err)
}

// host is where an address leads; the rest of it may hold a key.
func host(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Hostname()
}
