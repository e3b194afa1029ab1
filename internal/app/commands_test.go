package app

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/feed"
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

// feedServer serves one feed of each kind of trouble.
func feedServer(t *testing.T) (*httptest.Server, config.Config) {
	t.Helper()
	const rss = `<rss version="2.0"><channel><title>T</title><item><title>%s</title><link>https://example.org/1</link><pubDate>%s</pubDate></item></channel></rss>`
	mux := http.NewServeMux()
	mux.HandleFunc("/good", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, rss, "News of the day", "Mon, 19 Jun 2023 01:00:00 GMT")
	})
	mux.HandleFunc("/old", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, rss, "News of a year ago", "Mon, 20 Jun 2022 01:00:00 GMT")
	})
	mux.HandleFunc("/empty", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, `<rss version="2.0"><channel><title>T</title></channel></rss>`)
	})
	mux.HandleFunc("/page", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprint(w, "<!doctype html><html><body>Hello</body></html>")
	})
	mux.HandleFunc("/moved", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/good", http.StatusMovedPermanently)
	})
	mux.HandleFunc("/for-now", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/good", http.StatusFound) })
	mux.HandleFunc("/broken", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) })
	s := httptest.NewServer(mux)
	t.Cleanup(s.Close)

	u, err := url.Parse(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	if err != nil {
		t.Fatal(err)
	}
	var list strings.Builder
	list.WriteString("sources:\n")
	for _, path := range []string{"good", "old", "empty", "page", "moved", "for-now", "broken", "gone"} {
		fmt.Fprintf(&list, "  - {id: %s, name: N, country: GB, language: en, tier: national, feeds: [{url: \"%s/%s\"}]}\n", path, s.URL, path)
	}
	c := config.Default()
	c.Feeds.File = filepath.Join(t.TempDir(), "feeds.yaml")
	if err := os.WriteFile(c.Feeds.File, []byte(list.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	c.Network = config.Network{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, AllowPorts: []uint16{uint16(port)}}
	return s, c
}

func june() time.Time { return time.Date(2023, 6, 19, 12, 0, 0, 0, time.UTC) }

func TestCheckFeedsTellsWhatLivesAndWhatDoesNot(t *testing.T) {
	t.Parallel()
	s, c := feedServer(t)
	var out, progress bytes.Buffer
	o := FeedsCheckOptions{Config: c, Progress: &progress, Now: june, Logger: slog.New(slog.DiscardHandler)}
	err := CheckFeeds(t.Context(), o, &out)
	if err == nil || err.Error() != "3 of 8 feeds could not be read" {
		t.Errorf("error %v", err)
	}
	got := map[string]string{}
	table, _, _ := strings.Cut(out.String(), "\n\n")
	for line := range strings.Lines(table + "\n") {
		if f := strings.Fields(line); len(f) > 4 && strings.HasPrefix(f[len(f)-1], s.URL) {
			i := strings.LastIndex(line[:len(line)-1], s.URL)
			got[strings.TrimPrefix(f[len(f)-1], s.URL)] = strings.Join(strings.Fields(line[:i]), " ")
		}
	}
	want := map[string]string{
		"/good": "ok good 1 2023-06-19 01:00", "/old": "quiet old 1 2022-06-20 01:00", "/empty": "no items empty 0 –",
		"/page": "html-page page – –", "/moved": "ok moved 1 2023-06-19 01:00", "/for-now": "ok for-now 1 2023-06-19 01:00",
		"/broken": "server-error 502 broken – –", "/gone": "not-found 404 gone – –",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("table (-want +got):\n%s\n%s", diff, &out)
	}
	for _, want := range []string{
		s.URL + "/moved: moved for good to " + s.URL + "/good",
		s.URL + "/page: this is a web page, not a feed",
		s.URL + "/old: nothing new since 2022-06-20",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("output lacks %q:\n%s", want, &out)
		}
	}
	if strings.Contains(out.String(), "for-now: moved") {
		t.Error("a redirect for now counts as a move")
	}
	if n := strings.Count(progress.String(), "\n"); n != 8 || !strings.Contains(progress.String(), "8/8 ") {
		t.Errorf("progress:\n%s", &progress)
	}
}

func TestCheckFeedsOfSomeFeeds(t *testing.T) {
	t.Parallel()
	s, c := feedServer(t)
	var out, progress bytes.Buffer
	o := FeedsCheckOptions{
		Config: c, Only: []string{"good", s.URL + "/good?not-in-the-catalogue"},
		Progress: &progress, Terminal: true, Now: june, Logger: slog.New(slog.DiscardHandler),
	}
	if err := CheckFeeds(t.Context(), o, &out); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	if !strings.Contains(out.String(), "all 2 feeds can be read") {
		t.Errorf("output:\n%s", &out)
	}
	if p := progress.String(); strings.Contains(p, "\n") || !strings.HasPrefix(p, "\r") || !strings.HasSuffix(p, "\r\x1b[K") {
		t.Errorf("progress on a terminal %q", p)
	}
	o.Only = []string{"nobody"}
	if err := CheckFeeds(t.Context(), o, &out); err == nil || !strings.Contains(err.Error(), `there is no source "nobody"`) {
		t.Errorf("error %v", err)
	}
}

func TestCheckFeedsStopsWhenTold(t *testing.T) {
	t.Parallel()
	_, c := feedServer(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	o := FeedsCheckOptions{Config: c, Progress: &bytes.Buffer{}, Now: june, Logger: slog.New(slog.DiscardHandler)}
	if err := CheckFeeds(ctx, o, &bytes.Buffer{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestByHostKeepsOneHostTogether(t *testing.T) {
	t.Parallel()
	got := byHost([]feed.Feed{{URL: "https://a.example/1"}, {URL: "https://b.example/"}, {URL: "https://A.example:443/2"}})
	if diff := cmp.Diff([][]int{{0, 2}, {1}}, got); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
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
