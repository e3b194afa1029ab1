package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// DefaultTimeout bounds a call whose context has no deadline.
const DefaultTimeout = 20 * time.Second

// Client makes calls to Discord's API with the bot's token. It is safe for
// concurrent use.
type Client struct {
	http http.Client
	base string
	// authorization is a function so that printing a Client shows no token.
	authorization func() string
}

// NewClient makes a Client that sends through t. The token is the bot's, with
// or without "Bot " before it.
func NewClient(t *Transport, token string) (*Client, error) {
	token = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(token)+" ", "Bot "))
	if token == "" {
		return nil, errors.New("set up Discord client: the bot token is empty")
	}
	for i := range len(token) {
		if token[i] <= ' ' || token[i] > '~' {
			return nil, errors.New("set up Discord client: the bot token has a character that no token has; copy it again")
		}
	}
	return &Client{
		http: http.Client{
			Transport: t,
			CheckRedirect: func(*http.Request, []*http.Request) error {
				return http.ErrUseLastResponse
			},
		},
		base:          t.base.String(),
		authorization: func() string { return "Bot " + token },
	}, nil
}

// File is an attachment of a message.
type File struct {
	// Name is shown to readers and addressed as attachment://Name.
	Name string
	// ContentType defaults to application/octet-stream.
	ContentType string
	Data        []byte
}

// Do makes one call. path begins with a slash, below the API version, and may
// have a query; in is sent as JSON unless nil; the answer is decoded into out
// unless nil, unknown keys being ignored. Without a deadline in ctx the call
// ends after DefaultTimeout.
func (c *Client) Do(ctx context.Context, method, path string, in, out any) error {
	return c.DoFiles(ctx, method, path, in, nil, out)
}

// DoFiles is Do with attachments, sent as multipart beside the JSON.
// https://discord.com/developers/docs/reference#uploading-files
func (c *Client) DoFiles(ctx context.Context, method, path string, in any, files []File, out any) error {
	name := parseRoute(method, pathOnly(path)).name
	if !strings.HasPrefix(path, "/") {
		return fmt.Errorf("discord %s: the path must begin with a slash", method)
	}
	contentType, body, err := encode(in, files)
	if err != nil {
		return fmt.Errorf("discord %s: %w", name, err)
	}
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, DefaultTimeout)
		defer cancel()
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, bodyReader(body))
	if err != nil {
		return fmt.Errorf("discord %s: the path is not a valid address", name)
	}
	req.Header.Set("Authorization", c.authorization())
	if body != nil {
		// Discord refuses a Content-Type without a body.
		req.Header.Set("Content-Type", contentType)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return Strip(err)
	}
	defer func() { _ = resp.Body.Close() }()
	return decode(name, resp, out)
}

// CloseIdleConnections lets go of kept connections.
func (c *Client) CloseIdleConnections() { c.http.CloseIdleConnections() }

func decode(name string, resp *http.Response, out any) error {
	data, err := io.ReadAll(resp.Body)
	if err == nil && out != nil {
		err = json.Unmarshal(data, out)
	}
	if err != nil {
		return &DecodeError{Route: name, Status: resp.StatusCode, Err: err}
	}
	return nil
}

func pathOnly(path string) string {
	path, _, _ = strings.Cut(path, "?")
	return path
}

func bodyReader(body []byte) io.Reader {
	if body == nil {
		return nil
	}
	return bytes.NewReader(body)
}

// encode makes the request's body; nil when there is nothing to send.
func encode(in any, files []File) (contentType string, body []byte, err error) {
	if in == nil && len(files) == 0 {
		return "", nil, nil
	}
	if in == nil {
		in = struct{}{}
	}
	if body, err = json.Marshal(in); err != nil {
		return "", nil, fmt.Errorf("encode request: %w", err)
	}
	if len(files) == 0 {
		return "application/json", body, nil
	}
	return multipartBody(body, files)
}
