package app

import (
	"cmp"
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
	"github.com/attache-bot/attache/internal/text"
)

const (
	healthTimeout = 3 * time.Second
	maxHealthBody = 1 << 10
)

// Healthcheck asks the bot that runs with the same settings how it is, prints
// its answer, and fails unless all is well.
func Healthcheck(ctx context.Context, c config.Config, out io.Writer) error {
	if c.Listen == "" {
		return errors.New("the bot tells its health nowhere: set listen, e.g. to 127.0.0.1:8077")
	}
	address, err := reachable(c.Listen)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, healthTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+HealthPath, nil)
	if err != nil {
		return fmt.Errorf("ask for health: %w", err)
	}
	// No proxy: the bot is on this machine or beside it.
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	if err != nil {
		return fmt.Errorf("the bot does not answer at %s: is it running? %w", address, err)
	}
	defer resp.Body.Close()
	var h Health
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxHealthBody)).Decode(&h); err != nil {
		return fmt.Errorf("something else than the bot answers at %s: status %d", address, resp.StatusCode)
	}
	if !h.OK || resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the bot is not well: %s", h.inWords())
	}
	_, err = fmt.Fprintln(out, "ok: "+h.inWords())
	return err
}

// inWords is h on one line.
func (h Health) inWords() string {
	words := "discord " + cmp.Or(text.Clean(h.Discord), "unknown")
	if h.Store != "" {
		words += ", store: " + text.Clean(h.Store)
	}
	return words
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
