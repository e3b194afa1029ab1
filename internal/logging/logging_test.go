package logging_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/slogtest"
	"testing/synctest"
	"time"

	"github.com/attache-bot/attache/internal/logging"
)

// rig logs at every level as three loggers and says which lines came through.
type rig struct {
	*logging.Levels
	out         bytes.Buffer
	plain, a, b *slog.Logger
}

func newRig(level slog.Level) *rig {
	r := &rig{Levels: logging.New(level)}
	h := slog.NewTextHandler(&r.out, &slog.HandlerOptions{Level: slog.LevelDebug - 4, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey || a.Key == logging.Key {
			return slog.Attr{}
		}
		return a
	}})
	r.plain = slog.New(r.Handler(h))
	r.a, r.b = r.plain.With(logging.Key, "a"), r.plain.With(logging.Key, "b", "more", 1)
	return r
}

// lowest returns the lowest level at which each logger speaks.
func (r *rig) lowest(t *testing.T) string {
	t.Helper()
	var got []string
	for _, l := range []*slog.Logger{r.plain, r.a, r.b} {
		r.out.Reset()
		l.Debug("x")
		l.Info("x")
		l.Warn("x")
		l.Error("x")
		first, _, _ := strings.Cut(strings.TrimPrefix(r.out.String(), "level="), " ")
		got = append(got, strings.ToLower(first))
	}
	return strings.Join(got, " ")
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestLevels(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		do   func(t *testing.T, r *rig)
		want string
	}{
		{"as configured", func(*testing.T, *rig) {}, "info info info"},
		{"all change", func(t *testing.T, r *rig) { must(t, r.Set(logging.All, slog.LevelDebug, 0)) }, "debug debug debug"},
		{"one component changes", func(t *testing.T, r *rig) { must(t, r.Set("a", slog.LevelDebug, 0)) }, "info debug info"},
		{"a component may be quieter", func(t *testing.T, r *rig) { must(t, r.Set("b", slog.LevelError, 0)) }, "info info error"},
		{"a component keeps its own when all change", func(t *testing.T, r *rig) {
			must(t, r.Set("a", slog.LevelWarn, 0))
			must(t, r.Set(logging.All, slog.LevelDebug, 0))
		}, "debug warn debug"},
		{"a component follows again", func(t *testing.T, r *rig) {
			must(t, r.Set("a", slog.LevelDebug, 0))
			must(t, r.Set(logging.All, slog.LevelWarn, 0))
			must(t, r.Reset("a"))
		}, "warn warn warn"},
		{"everything as configured again", func(t *testing.T, r *rig) {
			must(t, r.Set("a", slog.LevelDebug, time.Hour))
			must(t, r.Set(logging.All, slog.LevelWarn, 0))
			must(t, r.Reset(logging.All))
		}, "info info info"},
		{"configured anew", func(t *testing.T, r *rig) {
			must(t, r.Set("a", slog.LevelDebug, time.Hour))
			r.Configure(slog.LevelWarn)
		}, "warn warn warn"},
		{"before its time is over", func(t *testing.T, r *rig) {
			must(t, r.Set("a", slog.LevelDebug, time.Minute))
			<-time.After(time.Minute - 1)
		}, "info debug info"},
		{"after its time", func(t *testing.T, r *rig) {
			must(t, r.Set("a", slog.LevelDebug, time.Minute))
			must(t, r.Set(logging.All, slog.LevelError, time.Minute))
			<-time.After(time.Minute + 1)
		}, "info info info"},
		{"a second change is not ended by the first one's time", func(t *testing.T, r *rig) {
			must(t, r.Set("a", slog.LevelDebug, time.Minute))
			must(t, r.Set("a", slog.LevelError, time.Hour))
			<-time.After(2 * time.Minute)
		}, "info error info"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := newRig(slog.LevelInfo)
				c.do(t, r)
				synctest.Wait()
				if got := r.lowest(t); got != c.want {
					t.Errorf("without component, a, b log from %s; want %s", got, c.want)
				}
				must(t, r.Reset(logging.All))
			})
		})
	}
}

func TestWhatCannotBeSet(t *testing.T) {
	t.Parallel()
	r := newRig(slog.LevelInfo)
	err := r.Set("c", slog.LevelDebug, 0)
	if !errors.Is(err, logging.ErrUnknownComponent) || !strings.Contains(err.Error(), "choose one of a, b") {
		t.Errorf("unknown component: %v", err)
	}
	for _, d := range []time.Duration{-1, logging.MaxFor + 1} {
		if err := r.Set("a", slog.LevelDebug, d); err == nil {
			t.Errorf("for %v: no error", d)
		}
	}
	if got := r.lowest(t); got != "info info info" {
		t.Errorf("levels changed to %s", got)
	}
}

func TestStateNamesWhatHolds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := newRig(slog.LevelInfo)
		must(t, r.Set("a", slog.LevelDebug, 10*time.Minute))
		got, err := json.Marshal(r.State())
		must(t, err)
		want := `{"configured":"INFO","level":"INFO","components":[{"name":"a","level":"DEBUG","own":true,"until":"` +
			time.Now().Add(10*time.Minute).Format(time.RFC3339Nano) + `"},{"name":"b","level":"INFO"}]}`
		if string(got) != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
		must(t, r.Reset(logging.All))
	})
}

func TestHandlerIsAHandler(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	slogtest.Run(t, func(*testing.T) slog.Handler {
		out.Reset()
		return logging.New(slog.LevelInfo).Handler(slog.NewJSONHandler(&out, nil))
	}, func(t *testing.T) map[string]any {
		m := map[string]any{}
		must(t, json.Unmarshal(out.Bytes(), &m))
		return m
	})
}

func BenchmarkDisabled(b *testing.B) {
	r := newRig(slog.LevelInfo)
	for b.Loop() {
		r.a.Debug("x")
	}
}
