package operator

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/ops"
)

func TestTestTopicsTellsWhatFails(t *testing.T) {
	t.Parallel()
	c := sampleTopics(t)
	var out bytes.Buffer
	if err := TestTopics(t.Context(), c, []string{"sample-ceasefire", "sample-summit"}, &out); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	if want := "ok: 4 examples of 2 topics\n"; out.String() != want {
		t.Errorf("got %q, want %q", &out, want)
	}

	file := filepath.Join(c.Topics.Dir, "ceasefire.yaml")
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.NewReplacer("Rail workers", "Truce workers", "agree to", "sign").Replace(string(raw))
	if err := os.WriteFile(file, []byte(changed), 0o600); err != nil {
		t.Fatal(err)
	}
	out.Reset()
	err = TestTopics(t.Context(), c, []string{"sample-ceasefire"}, &out)
	if err == nil || err.Error() != "2 of 2 examples of 1 topics fail" {
		t.Errorf("error %v", err)
	}
	for _, want := range []string{
		`ceasefire.yaml:11: sample-ceasefire: "Two sides sign truce at last" has stage "", not "agreed"`,
		`ceasefire.yaml:12: sample-ceasefire: "Truce workers go home after a long day" is unwanted, but matches (score 3.00: Truce)`,
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("output lacks %s:\n%s", want, &out)
		}
	}
}

func TestListTopicsPrintsATable(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := ListTopics(t.Context(), sampleTopics(t), &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"ID", "sample-ceasefire", "sample-summit", "agreed"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("output lacks %q:\n%s", want, &out)
		}
	}
}

func TestExplainTopicsShowsWhatSpoke(t *testing.T) {
	t.Parallel()
	c := sampleTopics(t)
	var out bytes.Buffer
	o := ExplainOptions{Config: c, Title: "Two sides agree to truce", Language: "en"}
	if err := ExplainTopics(t.Context(), o, &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"language: en", "sample-ceasefire: holds, score 3.00", "stage agreed", `"truce"`, "+3.00", "strong"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("output lacks %q:\n%s", want, &out)
		}
	}
	if err := ExplainTopics(t.Context(), ExplainOptions{Config: c, Title: "\u200b"}, &out); err == nil {
		t.Error("empty text is explained")
	}
}

func TestCheckConfigNamesEveryMistake(t *testing.T) {
	t.Parallel()
	l, err := config.Load(config.Sources{})
	if err != nil {
		t.Fatal(err)
	}
	l.Config = sampleTopics(t)
	l.Warnings = []string{"look at this"}
	l.Config.Discord.Token = config.NewSecret("canary")
	var out bytes.Buffer
	if err := CheckConfig(t.Context(), l, &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"poll.tick", "warning: look at this", "feeds: ", "token: set"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("output lacks %q:\n%s", want, &out)
		}
	}
	if strings.Contains(out.String(), "canary") {
		t.Error("the token is printed")
	}

	file := filepath.Join(t.TempDir(), "feeds.yaml")
	text := "sources:\n  - {id: bad, name: B, country: gb, language: en, tier: wire, feeds: []}\n  - {id: worse, name: B, country: GB, language: en, tier: huge, feeds: []}\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	l.Config.Feeds.File = file
	l.Config.Topics.Dir = filepath.Join(t.TempDir(), "none")
	l.Config.Discord = config.Discord{TokenFile: filepath.Join(t.TempDir(), "none")}
	err = CheckConfig(t.Context(), l, &out)
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{file + `:2: source bad: country "gb"`, file + `:3: source worse: tier "huge"`, "topics.dir", "discord.token_file"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("error lacks %q:\n%v", want, err)
		}
	}
}

func TestMigrate(t *testing.T) {
	t.Parallel()
	c := config.Default()
	c.Store.Path = filepath.Join(t.TempDir(), "attache.db")
	steps := []struct {
		statusOnly bool
		want       string
	}{
		{true, "not there yet"},
		{false, ", was 0"},
		{true, "up to date"},
		{false, "up to date"},
	}
	for i, s := range steps {
		var out bytes.Buffer
		if err := Migrate(t.Context(), c, s.statusOnly, slog.New(slog.DiscardHandler), &out); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(out.String(), s.want) {
			t.Errorf("step %d prints %q, want …%s", i+1, &out, s.want)
		}
	}
}

func TestHealthcheck(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		status int
		body   any
		want   string // of the output, or of the error
		ok     bool
	}{
		{"ready", 200, ops.Readiness{Ready: true, Checks: []ops.Result{{Name: "store", OK: true, State: "schema 3"}, {Name: "discord", OK: true, State: "ready"}}}, "ok: store schema 3, discord ready\n", true},
		{"not connected", 503, ops.Readiness{Checks: []ops.Result{{Name: "store", OK: true}, {Name: "discord", State: "waiting", Reason: "the network is down"}}}, "the bot is not ready\ndiscord waiting: the network is down", false},
		{"two reasons", 503, ops.Readiness{Checks: []ops.Result{{Name: "store", Reason: "the database does not answer"}, {Name: "discord", State: "connecting", Reason: "x"}}}, "store: the database does not answer\ndiscord connecting: x", false},
		{"other JSON", 200, map[string]any{"status": "UP"}, "something else than the bot answers", false},
		{"a stranger", 404, "hello", "something else than the bot answers", false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := answering(t, ops.ReadyPath, tt.status, tt.body)
			var out bytes.Buffer
			err := Healthcheck(t.Context(), c, false, &out)
			if tt.ok && (err != nil || out.String() != tt.want) {
				t.Errorf("got %q, %v", &out, err)
			}
			if !tt.ok && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("error %v, want …%s", err, tt.want)
			}
		})
	}
	t.Run("nobody there", func(t *testing.T) {
		t.Parallel()
		s := httptest.NewServer(http.NotFoundHandler())
		c := config.Default()
		c.Listen = strings.TrimPrefix(s.URL, "http://")
		s.Close()
		if err := Healthcheck(t.Context(), c, false, &bytes.Buffer{}); err == nil || !strings.Contains(err.Error(), "is it running?") {
			t.Errorf("error %v", err)
		}
	})
}

func TestHealthcheckOfALife(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		status int
		body   any
		want   string
		ok     bool
	}{
		{"well", 200, ops.Health{OK: true, Parts: []ops.PartHealth{{Name: "poll", OK: true}, {Name: "place", OK: true}}}, "ok: all 2 loops turn\n", true},
		{"stopping", 200, ops.Health{OK: true, Stopping: true, Parts: []ops.PartHealth{{Name: "poll", OK: true}}}, "ok: stopping\n", true},
		{"hangs", 503, ops.Health{Parts: []ops.PartHealth{{Name: "poll", OK: true}, {Name: "place", Reason: "has not turned for 4m0s"}}}, "the bot hangs: restart it\nplace has not turned for 4m0s", false},
		{"a stranger", 200, map[string]any{"ok": true}, "something else than the bot answers", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := answering(t, ops.HealthPath, tt.status, tt.body)
			var out bytes.Buffer
			err := Healthcheck(t.Context(), c, true, &out)
			if tt.ok && (err != nil || out.String() != tt.want) {
				t.Errorf("got %q, %v", &out, err)
			}
			if !tt.ok && (err == nil || !strings.Contains(err.Error(), tt.want)) {
				t.Errorf("error %v, want …%s", err, tt.want)
			}
		})
	}
}

// answering is the configuration of a bot that answers so at one path.
func answering(t *testing.T, path string, status int, body any) config.Config {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != path {
			t.Errorf("asked for %s", r.URL.Path)
		}
		w.WriteHeader(status)
		if err := json.NewEncoder(w).Encode(body); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(s.Close)
	c := config.Default()
	c.Listen = strings.TrimPrefix(s.URL, "http://")
	return c
}

func TestWhatListensEverywhereIsAskedHere(t *testing.T) {
	t.Parallel()
	for listen, want := range map[string]string{
		":8077": "127.0.0.1:8077", "0.0.0.0:8077": "127.0.0.1:8077", "[::]:8077": "[::1]:8077", "10.0.0.7:8077": "10.0.0.7:8077", "bot:1": "bot:1",
	} {
		if got, err := reachable(listen); got != want || err != nil {
			t.Errorf("%s: got %s, %v, want %s", listen, got, err, want)
		}
	}
}
