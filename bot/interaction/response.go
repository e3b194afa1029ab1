package interaction

import (
	"context"
	"log/slog"

	"github.com/attache-bot/attache/bot/message"
)

// Responder sends answers to Discord. Both methods are called with a context
// that ends soon and that outlives a shutdown.
type Responder interface {
	// Respond gives the first answer: POST /interactions/{id}/{token}/callback
	// with r as the body
	// (https://discord.com/developers/docs/interactions/receiving-and-responding#create-interaction-response).
	Respond(ctx context.Context, t Ticket, r Response) error
	// Edit replaces the first answer:
	// PATCH /webhooks/{application}/{token}/messages/@original with p as the body
	// (https://discord.com/developers/docs/interactions/receiving-and-responding#edit-original-interaction-response).
	Edit(ctx context.Context, t Ticket, p message.Payload) error
	// Follow posts one more message after a first answer:
	// POST /webhooks/{application}/{token} with p as the body
	// (https://discord.com/developers/docs/interactions/receiving-and-responding#create-followup-message).
	Follow(ctx context.Context, t Ticket, p message.Payload) error
}

// Ticket names an interaction towards Discord. Its token allows to answer for 15
// minutes and is a secret: printing a ticket does not show it.
type Ticket struct {
	// Application and ID are snowflakes in decimal.
	Application, ID string
	Token           string
}

// String returns the interaction's id.
func (t Ticket) String() string { return "interaction " + t.ID }

// GoString is String, for %#v.
func (t Ticket) GoString() string { return t.String() }

// LogValue implements [slog.LogValuer].
func (t Ticket) LogValue() slog.Value { return slog.StringValue(t.ID) }

// ResponseType says what a first answer is.
type ResponseType int

// The kinds of first answer
// (https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object-interaction-callback-type).
const (
	// AnswerNow posts a message.
	AnswerNow ResponseType = 4
	// AnswerLater promises a message.
	AnswerLater ResponseType = 5
	// UpdateLater promises to change the message whose button was pressed.
	UpdateLater ResponseType = 6
	// UpdateNow changes the message whose button was pressed.
	UpdateNow ResponseType = 7
	// Complete offers choices for an option that is being typed.
	Complete ResponseType = 8
	// OpenForm opens a form.
	OpenForm ResponseType = 9
)

// Response is the body of a first answer. Data is a [message.Payload], a
// [message.Modal], [Choices], the flags of a promise, or nil.
type Response struct {
	Type ResponseType `json:"type"`
	Data any          `json:"data,omitempty"`
}

// Limits of what is offered
// (https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object-autocomplete).
const (
	// MaxChoices is how many choices there may be.
	MaxChoices = 25
	// MaxChoice is the length of a choice's name and value in code points.
	MaxChoice = 100
)

// Choices is the data of a [Complete] answer.
type Choices struct {
	Choices message.List[Choice] `json:"choices"`
}

// Choice is one suggestion: at most 100 code points each
// (https://discord.com/developers/docs/interactions/application-commands#application-command-object-application-command-option-choice-structure).
type Choice struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// promise is the data of an [AnswerLater] answer, which may carry this flag
// alone.
type promise struct {
	Flags int `json:"flags,omitempty"`
}
