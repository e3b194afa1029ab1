package logging_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/attache-bot/attache/internal/logging"
)

// journal is a log as JSON that holds every line.
type journal struct {
	*logging.Levels
	*slog.Logger
	out bytes.Buffer
}

func newJournal() *journal {
	j := &journal{Levels: logging.New(slog.LevelDebug)}
	j.Logger = slog.New(j.Levels.Handler(slog.NewJSONHandler(&j.out, nil))).With(logging.Key, "feed")
	return j
}

func (j *journal) lines() []string {
	return strings.Split(strings.TrimSuffix(j.out.String(), "\n"), "\n")
}

// teller says who it is by itself.
type teller struct{ name string }

func (t teller) LogValue() slog.Value {
	return slog.GroupValue(slog.String("url", t.name), slog.Any("cause", errors.New(t.name)))
}

// TestWhatStrangersSendForgesNoLine puts what harms logs and terminals wherever a
// stranger's text may stand.
func TestWhatStrangersSendForgesNoLine(t *testing.T) {
	t.Parallel()
	for _, nasty := range []string{
		"a\nlevel=ERROR msg=forged", "\r\n{\"level\":\"ERROR\"}", "\x1b[2J\x1b]0;owned\a", "\u009b31m", "\u202egnp.exe", "\u2066a\u2069", "\x00\xff\xfe",
		"\u2028line\u2029", "\u200b\ufeff", strings.Repeat("\x00", 1<<20), strings.Repeat("世", 1<<18),
	} {
		j := newJournal()
		log := j.With("hub", nasty, "feed", teller{nasty})
		log.Info(nasty, "error", errors.New(nasty), "list", []string{nasty, nasty}, slog.Group("deep", slog.Group("er", slog.String("x", nasty))))
		if n := len(j.lines()); n != 1 {
			t.Errorf("%.20q makes %d lines", nasty, n)
		}
		if j.out.Len() > 40<<10 {
			t.Errorf("%.20q makes a line of %d bytes", nasty, j.out.Len())
		}
		var line map[string]any
		must(t, json.Unmarshal(j.out.Bytes(), &line))
		for _, r := range fmt.Sprint(line) {
			if r != '\n' && r != ' ' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029') {
				t.Errorf("%.20q leaves %U", nasty, r)
			}
		}
	}
}

// TestASourceCannotFloodTheLog has one feed fail without end, while another one
// fails once.
func TestASourceCannotFloodTheLog(t *testing.T) {
	t.Parallel()
	j := newJournal()
	at := time.Date(2026, 1, 29, 12, 0, 0, 0, time.UTC)
	warn := func(feed string, level slog.Level) {
		r := slog.NewRecord(at, level, "feed could not be read", 0)
		r.AddAttrs(slog.Any("feed", teller{feed}), slog.Int("bytes", at.Nanosecond()))
		must(t, j.Logger.Handler().Handle(t.Context(), r))
	}
	for range 10_000 {
		warn("https://loud.example", slog.LevelWarn)
		at = at.Add(time.Millisecond)
	}
	warn("https://quiet.example", slog.LevelWarn)
	if n := len(j.lines()); n != 31 { // thirty, and the other feed's
		t.Errorf("%d lines", n)
	}
	if !strings.Contains(j.out.String(), "quiet.example") {
		t.Error("the flood hides another feed's warning")
	}
	told, out := len(j.lines()), j.LeftOut()
	at = at.Add(time.Minute)
	warn("https://loud.example", slog.LevelWarn)
	lines := j.lines()
	var last struct {
		LeftOut int64 `json:"left_out"`
	}
	must(t, json.Unmarshal([]byte(lines[len(lines)-1]), &last))
	if out != 10_000-30 || len(lines) != told+1 || last.LeftOut != out {
		t.Errorf("%d left out, and the next line tells %d", out, last.LeftOut)
	}
	for range 100 {
		warn("https://loud.example", slog.LevelInfo)
	}
	if n := len(j.lines()) - len(lines); n != 100 {
		t.Errorf("%d of 100 lines that warn of nothing", n)
	}
}

// TestManySourcesAreAllHeard warns of more sources than are remembered, each once.
func TestManySourcesAreAllHeard(t *testing.T) {
	t.Parallel()
	l := logging.New(slog.LevelInfo)
	h := l.Handler(slog.DiscardHandler)
	at := time.Date(2026, 1, 29, 12, 0, 0, 0, time.UTC)
	for i := range 20_000 {
		r := slog.NewRecord(at, slog.LevelWarn, "x", 0)
		r.AddAttrs(slog.Int("feed_id", i))
		must(t, h.Handle(t.Context(), r))
	}
	if n := l.LeftOut(); n != 0 {
		t.Errorf("%d lines of as many sources are left out", n)
	}
}
