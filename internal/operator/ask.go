package operator

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/attache-bot/attache/config"
)

const (
	askTimeout    = 3 * time.Second
	maxAnswerBody = 64 << 10
)

// ask asks the bot that runs with the same settings, and reads its answer, JSON
// of any status, into out.
func ask(ctx context.Context, c config.Config, method, path string, in, out any) (status int, err error) {
	if c.Listen == "" {
		return 0, errors.New("the bot cannot be asked: set listen, e.g. to 127.0.0.1:8077")
	}
	address, err := reachable(c.Listen)
	if err != nil {
		return 0, err
	}
	var body []byte
	if in != nil {
		if body, err = json.Marshal(in); err != nil {
			return 0, fmt.Errorf("ask the bot: %w", err)
		}
	}
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, method, "http://"+address+path, bytes.NewReader(body))
	if err != nil {
		return 0, fmt.Errorf("ask the bot: %w", err)
	}
	// No proxy: the bot is on this machine or beside it.
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		return 0, fmt.Errorf("the bot does not answer at %s: is it running? %w", address, err)
	}
	defer resp.Body.Close()
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxAnswerBody)).Decode(out); err != nil {
		return resp.StatusCode, stranger(c, resp.StatusCode)
	}
	return resp.StatusCode, nil
}

// stranger is the error for an answer that is not the bot's.
func stranger(c config.Config, status int) error {
	return fmt.Errorf("something else than the bot answers at %s: status %d; look at listen", c.Listen, status)
}

// reachable turns an address that one listens on into one that can be asked:
// what listens everywhere is asked on this machine.
func reachable(listen string) (string, error) {
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return "", fmt.Errorf("read listen: %w", err)
	}
	if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
		host = "127.0.0.1"
		if err == nil && ip.Is6() {
			host = "::1"
		}
	}
	return net.JoinHostPort(host, port), nil
}
