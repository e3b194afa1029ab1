package bot

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/rest"
	"github.com/attache-bot/attache/internal/alert"
)

// A thread that begins with a message has that message's id
// (https://discord.com/developers/docs/resources/channel#start-thread-from-message),
// so that an alert's thread needs no record of its own: it is made, or is there.

// errNoThread means that the alert can have no thread; what was to stand in it is
// a reply in the channel then.
var errNoThread = errors.New("the alert can have no thread")

// archiveAfter is for how many minutes without a message a thread is listed.
const archiveAfter = 1440

// Discord's error codes about threads
// (https://discord.com/developers/docs/topics/opcodes-and-status-codes#json).
const codeThreadExists = 160004

// threadless are the codes that say that there is no thread to be had: it may not
// be made or written in, its channel takes none, there are too many, the alert is
// gone, or people have locked it.
var threadless = []int{10003, 10008, 50001, 50013, 50024, 50083, 160005, 160006}

// nameRefused are the codes by which a thread's name may be refused.
var nameRefused = []int{50035, 200000, 240000}

// threaded reports whether a message is to stand in the thread of an alert.
func threaded(m alert.Message) bool {
	return m.Kind == alert.Reply && m.Content.Thread != "" && message.Snowflake(m.To)
}

// inThread is the message as it stands in the thread, where it answers what is
// above it.
func inThread(m alert.Message) alert.Message {
	m.Channel, m.To = m.To, ""
	return m
}

// postInThread posts into the alert's thread, which it makes where there is none.
func (s *Sender) postInThread(ctx context.Context, m alert.Message) (string, error) {
	path := "/channels/" + m.Channel + "/messages/" + m.To + "/threads"
	err := s.rest.Do(ctx, http.MethodPost, path, map[string]any{"name": message.ThreadName(m), "auto_archive_duration": archiveAfter}, nil)
	switch code := codeOf(err); {
	case err == nil, code == codeThreadExists:
	case slices.Contains(nameRefused, code):
		return "", errNoThread
	default:
		return "", threadError(err)
	}
	m = inThread(m)
	sent, err := s.rest.CreateMessage(ctx, m.Channel, s.payload(m), nil, m.Nonce)
	if err != nil {
		return "", threadError(err)
	}
	return sent.ID, nil
}

// codeOf is Discord's code for an error; 0 for others.
func codeOf(err error) int {
	var answer *rest.Error
	if errors.As(err, &answer) {
		return answer.Code
	}
	return 0
}

func threadError(err error) error {
	if slices.Contains(threadless, codeOf(err)) {
		return errNoThread
	}
	return sendError(err)
}
