package operator

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/ops"
	"github.com/attache-bot/attache/internal/text"
)

// Healthcheck asks the bot that runs with the same settings how it is, prints
// its answer, and fails unless all is well. With aliveOnly it asks only whether
// the bot's loops turn, whatever becomes of Discord.
func Healthcheck(ctx context.Context, c config.Config, aliveOnly bool, out io.Writer) error {
	if aliveOnly {
		return checkAlive(ctx, c, out)
	}
	var r ops.Readiness
	status, err := ask(ctx, c, http.MethodGet, ops.ReadyPath, nil, &r)
	if err != nil {
		return err
	}
	if len(r.Checks) == 0 {
		return stranger(c, status)
	}
	var good, bad []string
	for _, x := range r.Checks {
		name, state := text.Clean(x.Name), text.Clean(x.State)
		if x.OK {
			good = append(good, strings.TrimSpace(name+" "+state))
		} else {
			bad = append(bad, strings.TrimSpace(name+" "+state)+": "+text.Clean(x.Reason))
		}
	}
	if !r.Ready || status != http.StatusOK {
		return fmt.Errorf("the bot is not ready\n%s", strings.Join(bad, "\n"))
	}
	_, err = fmt.Fprintln(out, "ok: "+strings.Join(good, ", "))
	return err
}

func checkAlive(ctx context.Context, c config.Config, out io.Writer) error {
	var h ops.Health
	status, err := ask(ctx, c, http.MethodGet, ops.HealthPath, nil, &h)
	if err != nil {
		return err
	}
	if len(h.Parts) == 0 {
		return stranger(c, status)
	}
	var bad []string
	for _, p := range h.Parts {
		if !p.OK {
			bad = append(bad, text.Clean(p.Name)+" "+text.Clean(p.Reason))
		}
	}
	switch {
	case !h.OK || status != http.StatusOK:
		return fmt.Errorf("the bot hangs: restart it\n%s", strings.Join(bad, "\n"))
	case h.Stopping:
		_, err = fmt.Fprintln(out, "ok: stopping")
	default:
		_, err = fmt.Fprintf(out, "ok: all %d loops turn\n", len(h.Parts))
	}
	return err
}
