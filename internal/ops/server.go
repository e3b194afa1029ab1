package ops

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/attache-bot/attache/internal/logging"
)

// The paths.
const (
	HealthPath  = "/healthz"
	ReadyPath   = "/readyz"
	MetricsPath = "/metrics"
	LevelPath   = "/loglevel"
)

// Options are what a handler tells of.
type Options struct {
	Pulse   *Pulse
	Checks  []Check
	Metrics http.Handler
	// Levels may be nil: then they cannot be seen nor changed.
	Levels *logging.Levels
	// Loopback says that only this machine can ask.
	Loopback bool
	Logger   *slog.Logger
}

// Handler answers operators.
func Handler(o Options) http.Handler {
	s := server{Options: o, log: o.Logger.With("component", "ops")}
	for _, c := range o.Checks {
		s.checks = append(s.checks, &checker{Check: c})
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+HealthPath, s.health)
	mux.HandleFunc("GET "+ReadyPath, s.ready)
	mux.Handle("GET "+MetricsPath, o.Metrics)
	if o.Levels != nil {
		mux.HandleFunc("GET "+LevelPath, s.levels)
		mux.HandleFunc("PUT "+LevelPath, s.setLevel)
	}
	mux.HandleFunc("GET /{$}", s.index)
	return mux
}

type server struct {
	Options
	checks []*checker
	log    *slog.Logger
}

const index = `Attaché

GET /healthz   does the bot live?
GET /readyz    does it serve?
GET /metrics   counts and gauges for Prometheus
GET /loglevel  from which level on it logs; attache loglevel changes it
`

func (s server) index(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, index)
}

func (s server) health(w http.ResponseWriter, _ *http.Request) {
	h := s.Pulse.Health()
	answer(w, okOr503(h.OK), h)
}

func (s server) ready(w http.ResponseWriter, r *http.Request) {
	if s.Pulse.Health().Stopping {
		answer(w, http.StatusServiceUnavailable, Readiness{Checks: []Result{{Name: "bot", State: "stopping", Reason: "the bot is being stopped"}}})
		return
	}
	ready := ready(r.Context(), s.checks)
	answer(w, okOr503(ready.Ready), ready)
}

func okOr503(ok bool) int {
	if ok {
		return http.StatusOK
	}
	return http.StatusServiceUnavailable
}

// Problem is the answer to what could not be done.
type Problem struct {
	Error string `json:"error"`
}

func answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	_ = e.Encode(v) // the asker went away
}

func (s server) levels(w http.ResponseWriter, _ *http.Request) {
	answer(w, http.StatusOK, s.Levels.State())
}

// maxLevelBody bounds a change of level.
const maxLevelBody = 1 << 10

// LevelChange is the body of PUT /loglevel.
type LevelChange struct {
	// Level is debug, info, warn or error, or configured to take changes back.
	Level string `json:"level"`
	// Component is whose level changes; empty means everybody's.
	Component string `json:"component,omitempty"`
	// For is how long the change holds, such as 10m; empty means until the bot
	// stops.
	For string `json:"for,omitempty"`
}

// Configured is the level that takes changes back.
const Configured = "configured"

func (s server) setLevel(w http.ResponseWriter, r *http.Request) {
	if !s.Loopback || !local(r.Host) {
		answer(w, http.StatusForbidden, Problem{"levels are changed on the machine itself only, when listen is an address of loopback such as 127.0.0.1:8077"})
		return
	}
	var c LevelChange
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxLevelBody))
	d.DisallowUnknownFields()
	if err := d.Decode(&c); err != nil {
		answer(w, http.StatusBadRequest, Problem{`send JSON such as {"level":"debug","component":"poller","for":"10m"}`})
		return
	}
	if err := s.change(c); err != nil {
		answer(w, http.StatusBadRequest, Problem{err.Error()})
		return
	}
	s.log.InfoContext(r.Context(), "log level changed", "of", c.Component, "to", c.Level, "for", c.For)
	answer(w, http.StatusOK, s.Levels.State())
}

func (s server) change(c LevelChange) error {
	var hold time.Duration
	if c.For != "" {
		var err error
		if hold, err = time.ParseDuration(c.For); err != nil || hold < 0 {
			return errors.New(`for is no duration: write a number with its unit, such as 10m`)
		}
	}
	if c.Level == Configured {
		return s.Levels.Reset(c.Component)
	}
	level, err := ParseLevel(c.Level)
	if err != nil {
		return err
	}
	return s.Levels.Set(c.Component, level, hold)
}

// ParseLevel reads the name of a level.
func ParseLevel(name string) (slog.Level, error) {
	switch strings.ToLower(name) {
	case "debug":
		return slog.LevelDebug, nil
	case "info":
		return slog.LevelInfo, nil
	case "warn":
		return slog.LevelWarn, nil
	case "error":
		return slog.LevelError, nil
	}
	return 0, fmt.Errorf("%.20q is no level: use debug, info, warn, error, or %s to take changes back", name, Configured)
}

// local reports whether a request was made to a name of loopback. A page that
// has its own name resolve to loopback is made to one of its own.
func local(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = strings.Trim(host, "[]")
	}
	ip, err := netip.ParseAddr(name)
	return name == "localhost" || err == nil && ip.IsLoopback()
}

// Loopback reports whether only this machine can reach an address, a host and
// a port.
func Loopback(address string) bool {
	name, _, err := net.SplitHostPort(address)
	if err != nil {
		return false
	}
	ip, err := netip.ParseAddr(name)
	return name == "localhost" || err == nil && ip.IsLoopback()
}
