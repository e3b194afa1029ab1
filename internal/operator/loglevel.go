package operator

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/logging"
	"github.com/attache-bot/attache/internal/ops"
	"github.com/attache-bot/attache/internal/text"
)

// LogLevelChange is a change of a level; without Level it is none.
type LogLevelChange struct {
	// Level is debug, info, warn or error, or configured to take changes back.
	Level string
	// Component is whose level changes; empty means everybody's.
	Component string
	// For is how long the change holds; zero means until the bot stops.
	For time.Duration
}

// LogLevel asks the bot that runs with the same settings from which levels on it
// logs, after it has made the change unless that names no level, and prints
// them.
func LogLevel(ctx context.Context, c config.Config, change LogLevelChange, out io.Writer) error {
	var answer struct {
		logging.State
		ops.Problem
	}
	method, in := http.MethodGet, any(nil)
	if change.Level != "" {
		method, in = http.MethodPut, ops.LevelChange{Level: change.Level, Component: change.Component, For: change.For.String()}
	}
	status, err := ask(ctx, c, method, ops.LevelPath, in, &answer)
	switch {
	case err != nil:
		return err
	case answer.Problem.Error != "":
		return fmt.Errorf("the bot refuses: %s", text.Clean(answer.Problem.Error))
	case status != http.StatusOK:
		return stranger(c, status)
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "all\t%s\n", level(answer.Level, note(answer.Level != answer.Configured, answer.Until)))
	for _, p := range answer.Components {
		fmt.Fprintf(w, "%s\t%s\n", text.Clean(p.Name), level(p.Level, note(p.Own, p.Until)))
	}
	return w.Flush()
}

// level is a level with a note behind it.
func level(l slog.Level, note string) string {
	return strings.TrimSpace(strings.ToLower(l.String()) + " " + note)
}

// note says how long a level holds that is not the configured one.
func note(changed bool, until time.Time) string {
	switch {
	case !changed && until.IsZero():
		return ""
	case until.IsZero():
		return "until the bot stops"
	}
	return "until " + until.Local().Format("15:04:05")
}
