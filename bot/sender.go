package bot

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/rest"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/alert"
)

// Sender posts alerts, edits them and looks for them again. It implements
// [alert.Sender] and [alert.Rewriter].
type Sender struct {
	rest *rest.Client
	// self returns the bot's own user id.
	self   func(ctx context.Context) (string, error)
	forums *forums
	// commands are those that can be clicked in what is posted.
	commands *wording.Commands
}

func (s *Sender) payload(m alert.Message) message.Payload { return message.Alert(m, s.commands) }

// Post implements [alert.Sender].
func (s *Sender) Post(ctx context.Context, m alert.Message) (string, error) {
	ctx = rest.ForGuild(ctx, m.Guild)
	if inForum(m) {
		return s.postInForum(ctx, m)
	}
	if threaded(m) {
		id, err := s.postInThread(ctx, m)
		if !errors.Is(err, errNoThread) {
			return id, err
		}
	}
	sent, err := s.rest.CreateMessage(ctx, m.Channel, s.payload(m), nil, m.Nonce)
	if err != nil {
		return "", sendError(err)
	}
	return sent.ID, nil
}

// Edit implements [alert.Rewriter].
func (s *Sender) Edit(ctx context.Context, id string, m alert.Message) error {
	ctx = rest.ForGuild(ctx, m.Guild)
	if inForum(m) {
		return s.editInForum(ctx, id, m)
	}
	if _, err := s.rest.EditMessage(ctx, m.Channel, id, s.payload(m).Edit(), nil); err != nil {
		return sendError(err)
	}
	return nil
}

// historyPage is how many messages are read back; Discord gives at most 100.
const historyPage = 100

// posted is what is read of a message in a channel's history.
type posted struct {
	ID     string `json:"id"`
	Author struct {
		ID string `json:"id"`
	} `json:"author"`
	Content string `json:"content"`
	Nonce   any    `json:"nonce"`
	Embeds  []struct {
		Title string `json:"title"`
		URL   string `json:"url"`
	} `json:"embeds"`
}

// Find implements [alert.Sender]. A message is the one looked for when it is the
// bot's own and has the nonce, or says what m would say.
func (s *Sender) Find(ctx context.Context, m alert.Message, since time.Time) (string, error) {
	ctx = rest.ForGuild(ctx, m.Guild)
	if inForum(m) {
		return s.findInForum(ctx, m, since)
	}
	if threaded(m) {
		id, err := s.find(ctx, inThread(m), since)
		var se *alert.SendError
		if err == nil && id != "" || err != nil && !(errors.As(err, &se) && se.Reason == alert.ReasonNoChannel) {
			return id, err
		}
	}
	return s.find(ctx, m, since)
}

// find looks in one channel or thread.
func (s *Sender) find(ctx context.Context, m alert.Message, since time.Time) (string, error) {
	q := url.Values{"limit": {strconv.Itoa(historyPage)}, "after": {snowflake(since)}}
	var page []posted
	if err := s.rest.Do(ctx, http.MethodGet, "/channels/"+m.Channel+"/messages?"+q.Encode(), nil, &page); err != nil {
		return "", readError(err)
	}
	if len(page) == 0 {
		return "", nil
	}
	self, err := s.self(ctx)
	if err != nil {
		return "", sendError(err)
	}
	for _, form := range []alert.Form{m.Form, alert.Full, alert.Plain} {
		m.Form = form
		want := s.payload(m)
		for _, p := range page {
			if p.Author.ID != self || !message.Snowflake(p.ID) {
				continue
			}
			if p.Nonce == m.Nonce || sameMessage(p, want) {
				return p.ID, nil
			}
		}
	}
	return "", nil
}

// sameMessage compares what Discord keeps unchanged: an embed's title and
// address, or else the text, in which the ids of commands may have become known
// meanwhile.
func sameMessage(p posted, want message.Payload) bool {
	if len(want.Embeds) == 0 || len(p.Embeds) == 0 {
		return len(want.Embeds) == len(p.Embeds) && wording.Typed(p.Content) == wording.Typed(want.Content)
	}
	return p.Embeds[0].Title == want.Embeds[0].Title && p.Embeds[0].URL == want.Embeds[0].URL
}

// discordEpoch is the first second of 2015, from which snowflakes count
// (https://discord.com/developers/docs/reference#snowflakes).
const discordEpoch = 1420070400000

func snowflake(t time.Time) string {
	return strconv.FormatInt(max(t.UnixMilli()-discordEpoch, 0)<<22, 10)
}

// sendError says what a failure of package rest means for a delivery.
func sendError(err error) error {
	se := &alert.SendError{Err: err, Doubt: rest.Ambiguous(err)}
	se.RetryAfter, _ = rest.RetryAfter(err)
	var (
		answer  *rest.Error
		refused *rest.RefusedError
		wait    *rest.WaitError
	)
	switch {
	case errors.As(err, &answer):
		se.Reason = reasonOf(answer)
	case errors.As(err, &refused):
		se.Reason, se.RetryAfter = alert.ReasonHeldBack, refused.Wait
		if refused.Reason == rest.RefusedToken {
			se.Reason = alert.ReasonUnauthorized
		}
	case errors.As(err, &wait):
		se.Reason, se.RetryAfter = alert.ReasonRateLimited, wait.Wait
	case se.Doubt:
		se.Reason = alert.ReasonUncertain
	default:
		se.Reason = alert.ReasonUnavailable
	}
	return fmt.Errorf("send alert: %w", se)
}

// readError is sendError for what is read back. A guild whose history is shut to
// the bot says so once and again; then it need not be asked.
func readError(err error) error {
	var refused *rest.RefusedError
	if errors.As(err, &refused) && refused.Reason == rest.RefusedReading {
		return &alert.SendError{Reason: alert.ReasonNoAccess, Err: err}
	}
	return sendError(err)
}

// Discord's error codes that decide about a delivery
// (https://discord.com/developers/docs/topics/opcodes-and-status-codes#json).
var reasonByCode = map[int]alert.Reason{
	10003:  alert.ReasonNoChannel,
	10004:  alert.ReasonNoGuild,
	10008:  alert.ReasonDeletedThere, // Unknown Message: the nonce's message is gone
	10087:  alert.ReasonUnavailable,  // a forum's tag that was deleted: the others are read and tried
	20016:  alert.ReasonRateLimited,  // slow mode
	20022:  alert.ReasonRateLimited,  // announcement edits
	20028:  alert.ReasonRateLimited,  // channel write limit
	30046:  alert.ReasonRateLimited,  // edits of old messages
	40001:  alert.ReasonUnauthorized,
	40058:  alert.ReasonWrongChannel, // forum needs a post
	40062:  alert.ReasonRateLimited,
	40067:  alert.ReasonTagRequired,
	40333:  alert.ReasonHeldBack, // Cloudflare
	50001:  alert.ReasonNoAccess,
	50006:  alert.ReasonRefused,     // empty message
	50007:  alert.ReasonUnreachable, // the person takes no direct messages of the bot
	50008:  alert.ReasonWrongChannel,
	50013:  alert.ReasonNoAccess,
	50014:  alert.ReasonUnauthorized,
	50024:  alert.ReasonWrongChannel,
	50035:  alert.ReasonRefused,      // invalid form body
	50083:  alert.ReasonWrongChannel, // archived thread
	50109:  alert.ReasonRefused,      // invalid JSON
	130000: alert.ReasonRateLimited,  // overloaded resource
	160005: alert.ReasonWrongChannel, // locked thread
	200000: alert.ReasonRefused,      // AutoMod
	220001: alert.ReasonWrongChannel,
	240000: alert.ReasonRefused, // harmful link
}

func reasonOf(e *rest.Error) alert.Reason {
	if e.Scope == rest.ScopeCloudflare {
		return alert.ReasonHeldBack
	}
	if r, ok := reasonByCode[e.Code]; ok {
		return r
	}
	switch {
	case e.Status == http.StatusTooManyRequests:
		return alert.ReasonRateLimited
	case e.Status == http.StatusUnauthorized:
		return alert.ReasonUnauthorized
	case e.Status == http.StatusForbidden:
		return alert.ReasonNoAccess
	case e.Status == http.StatusNotFound:
		return alert.ReasonNoChannel
	case e.Status >= http.StatusInternalServerError:
		return alert.ReasonUnavailable
	}
	return alert.ReasonRefused
}
