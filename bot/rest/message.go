package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"strconv"
	"strings"
)

const (
	// MaxNonce is the longest nonce, in bytes.
	// https://discord.com/developers/docs/resources/message#create-message
	MaxNonce = 25
	// MaxFiles is the most attachments that a message may have.
	MaxFiles = 10
)

// Message is what is read of a message that Discord returns. The rest is left
// alone, so that a component which is not known yet cannot turn a posted
// message into a failure.
type Message struct {
	ID        string
	ChannelID string
	// Nonce is empty when Discord did not return it.
	Nonce string
}

// UnmarshalJSON reads the ids; a nonce may be a text or a number.
func (m *Message) UnmarshalJSON(data []byte) error {
	var v struct {
		ID        string          `json:"id"`
		ChannelID string          `json:"channel_id"`
		Nonce     json.RawMessage `json:"nonce"`
	}
	if err := json.Unmarshal(data, &v); err != nil {
		return err
	}
	if !isSnowflake(v.ID) {
		return errors.New("the message has no id")
	}
	*m = Message{ID: v.ID, ChannelID: v.ChannelID}
	if string(v.Nonce) != "null" && json.Unmarshal(v.Nonce, &m.Nonce) != nil {
		m.Nonce = strings.TrimSpace(string(v.Nonce))
	}
	return nil
}

// CreateMessage posts a message once: a second call with the same nonce, within
// the few minutes that Discord remembers it, returns the first message instead
// of posting another. The nonce is unique over all channels, 1 to MaxNonce
// printable ASCII characters. payload encodes to a JSON object; allowed_mentions
// that would let Discord parse mentions by its defaults become an empty parse.
// https://discord.com/developers/docs/resources/message#create-message
func (c *Client) CreateMessage(ctx context.Context, channelID string, payload any, files []File, nonce string) (Message, error) {
	if err := checkNonce(nonce); err != nil {
		return Message{}, fmt.Errorf("create message: %w", err)
	}
	body, err := messageBody(payload, nonce)
	if err != nil {
		return Message{}, fmt.Errorf("create message: %w", err)
	}
	if err := checkIDs(channelID); err != nil {
		return Message{}, fmt.Errorf("create message: %w", err)
	}
	var m Message
	err = c.DoFiles(ctx, http.MethodPost, "/channels/"+channelID+"/messages", body, files, &m)
	return m, err
}

// EditMessage replaces what payload names in a message of the bot. Repeating it
// does no harm. Mentions are handled as in CreateMessage.
// https://discord.com/developers/docs/resources/message#edit-message
func (c *Client) EditMessage(ctx context.Context, channelID, messageID string, payload any, files []File) (Message, error) {
	body, err := messageBody(payload, "")
	if err == nil {
		err = checkIDs(channelID, messageID)
	}
	if err != nil {
		return Message{}, fmt.Errorf("edit message: %w", err)
	}
	var m Message
	err = c.DoFiles(ctx, http.MethodPatch, "/channels/"+channelID+"/messages/"+messageID, body, files, &m)
	return m, err
}

// AnswerInteraction sends the first answer to an interaction, due within three
// seconds. payload is an interaction response object.
// https://discord.com/developers/docs/interactions/receiving-and-responding#create-interaction-response
func (c *Client) AnswerInteraction(ctx context.Context, interactionID, token string, payload any, files []File) error {
	if err := checkToken(interactionID, token); err != nil {
		return fmt.Errorf("answer interaction: %w", err)
	}
	return c.DoFiles(ctx, http.MethodPost, "/interactions/"+interactionID+"/"+token+"/callback", payload, files, nil)
}

// EditAnswer replaces the first answer to an interaction, also a deferred one,
// for fifteen minutes. Mentions are handled as in CreateMessage.
// https://discord.com/developers/docs/interactions/receiving-and-responding#edit-original-interaction-response
func (c *Client) EditAnswer(ctx context.Context, applicationID, token string, payload any, files []File) (Message, error) {
	return c.webhook(ctx, http.MethodPatch, applicationID, token, "/messages/@original", payload, files)
}

// FollowAnswer posts one more message after the first answer to an interaction,
// for fifteen minutes. Mentions are handled as in CreateMessage.
// https://discord.com/developers/docs/interactions/receiving-and-responding#create-followup-message
func (c *Client) FollowAnswer(ctx context.Context, applicationID, token string, payload any, files []File) (Message, error) {
	return c.webhook(ctx, http.MethodPost, applicationID, token, "", payload, files)
}

// webhook sends a message by an interaction's webhook.
func (c *Client) webhook(ctx context.Context, method, applicationID, token, rest string, payload any, files []File) (Message, error) {
	err := checkToken(applicationID, token)
	var body map[string]json.RawMessage
	if err == nil {
		body, err = messageBody(payload, "")
	}
	if err != nil {
		return Message{}, fmt.Errorf("answer further: %w", err)
	}
	var m Message
	err = c.DoFiles(ctx, method, "/webhooks/"+applicationID+"/"+token+rest, body, files, &m)
	return m, err
}

func checkIDs(ids ...string) error {
	for _, id := range ids {
		if !isSnowflake(id) {
			return fmt.Errorf("%q is not a Discord id", id)
		}
	}
	return nil
}

// checkToken keeps a broken interaction from becoming another address.
func checkToken(id, token string) error {
	if err := checkIDs(id); err != nil {
		return err
	}
	for i := range len(token) {
		c := token[i]
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && !strings.ContainsRune("-_.=~:", rune(c)) {
			return errors.New("the interaction's token is malformed")
		}
	}
	if token == "" || strings.Trim(token, ".") == "" {
		return errors.New("the interaction's token is malformed")
	}
	return nil
}

func checkNonce(nonce string) error {
	if nonce == "" || len(nonce) > MaxNonce {
		return fmt.Errorf("the nonce must have 1 to %d characters, not %d", MaxNonce, len(nonce))
	}
	for i := range len(nonce) {
		if nonce[i] <= ' ' || nonce[i] > '~' {
			return errors.New("the nonce must be printable ASCII")
		}
	}
	return nil
}

// messageBody adds the nonce and keeps Discord from parsing mentions by default:
// without allowed_mentions it would notify users, roles and everyone.
// https://discord.com/developers/docs/resources/message#allowed-mentions-object
func messageBody(payload any, nonce string) (map[string]json.RawMessage, error) {
	data, err := json.Marshal(payload)
	if err != nil {
		return nil, fmt.Errorf("encode message: %w", err)
	}
	body, err := object(data)
	if err != nil || body == nil {
		return nil, errors.New("encode message: not a JSON object")
	}
	mentions, err := object(body["allowed_mentions"])
	if err != nil {
		return nil, errors.New("encode message: allowed_mentions is not a JSON object")
	}
	if mentions == nil {
		mentions = make(map[string]json.RawMessage, 1)
	}
	if p := mentions["parse"]; p == nil || string(p) == "null" {
		mentions["parse"] = json.RawMessage("[]")
	}
	if body["allowed_mentions"], err = json.Marshal(mentions); err != nil {
		return nil, fmt.Errorf("encode message: %w", err)
	}
	if nonce != "" {
		quoted, _ := json.Marshal(nonce) // a string always encodes
		body["nonce"] = quoted
		body["enforce_nonce"] = json.RawMessage("true")
	}
	return body, nil
}

// object reads a JSON object; nil when it is null or missing.
func object(data json.RawMessage) (map[string]json.RawMessage, error) {
	if len(data) == 0 {
		return nil, nil
	}
	var m map[string]json.RawMessage
	err := json.Unmarshal(data, &m)
	return m, err
}

// multipartBody puts the JSON and the files side by side.
func multipartBody(payload []byte, files []File) (contentType string, body []byte, err error) {
	if len(files) > MaxFiles {
		return "", nil, fmt.Errorf("%d files: a message has at most %d", len(files), MaxFiles)
	}
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	// Writing to memory cannot fail.
	part, _ := w.CreatePart(partHeader("payload_json", "", "application/json"))
	_, _ = part.Write(payload)
	for i, f := range files {
		ct := f.ContentType
		if ct == "" || strings.ContainsAny(ct, "\r\n") {
			ct = "application/octet-stream"
		}
		part, _ := w.CreatePart(partHeader("files["+strconv.Itoa(i)+"]", f.Name, ct))
		_, _ = part.Write(f.Data)
	}
	_ = w.Close()
	return w.FormDataContentType(), b.Bytes(), nil
}

var quoteFileName = strings.NewReplacer(`\`, "_", `"`, "_", "\r", "_", "\n", "_")

func partHeader(name, file, contentType string) textproto.MIMEHeader {
	disposition := `form-data; name="` + name + `"`
	if file != "" {
		disposition += `; filename="` + quoteFileName.Replace(file) + `"`
	}
	return textproto.MIMEHeader{
		"Content-Disposition": {disposition},
		"Content-Type":        {contentType},
	}
}
