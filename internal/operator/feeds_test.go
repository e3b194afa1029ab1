package operator

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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
	"unicode"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/attache-bot/attache/config"
)

// feedWorld is a server that answers in every way that a feed's server can, and
// a catalogue of what it serves, both read from a golden file.
type feedWorld struct {
	url    string
	config config.Config
	asked  map[string]int
}

// feedAnswers are the answers of the server by path; a status of its own begins
// the body.
func feedAnswers() map[string]http.HandlerFunc {
	item := func(title, date, more string) string {
		return fmt.Sprintf("<item><title>%s</title><link>https://example.org/1</link>%s%s</item>", title, date, more)
	}
	const today = "<pubDate>Mon, 19 Jun 2023 09:00:00 GMT</pubDate>"
	rss := func(w http.ResponseWriter, channel, items string) {
		fmt.Fprintf(w, `<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>T</title>%s%s</channel></rss>`, channel, items)
	}
	english := item("The talks are over, and the two sides have said that they will not meet again", today, "")
	fail := func(status int, header ...string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			for i := 0; i+1 < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.WriteHeader(status)
		}
	}
	return map[string]http.HandlerFunc{
		"/good": func(w http.ResponseWriter, _ *http.Request) { rss(w, "", english) },
		"/rich": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("ETag", `"1"`)
			w.Header().Set("Last-Modified", "Mon, 19 Jun 2023 09:00:00 GMT")
			w.Header().Set("Cache-Control", "max-age=900")
			text := strings.Repeat("<p>The two sides have said that they will not meet again this year.</p>", 40)
			rss(w, `<ttl>30</ttl><atom:link rel="hub" href="https://hub.example/"/>`,
				item("The talks are over", today, "<description>They are over.</description><content:encoded><![CDATA["+text+"]]></content:encoded>"))
		},
		"/teasers": func(w http.ResponseWriter, _ *http.Request) {
			rss(w, "", item("The talks are over", today, "<description>The two sides have said that they will not meet again.</description>"))
		},
		"/old": func(w http.ResponseWriter, _ *http.Request) {
			rss(w, "", item("The talks are over", "<pubDate>Mon, 20 Jun 2022 01:00:00 GMT</pubDate>", ""))
		},
		"/undated": func(w http.ResponseWriter, _ *http.Request) { rss(w, "", item("The talks are over", "", "")) },
		"/empty":   func(w http.ResponseWriter, _ *http.Request) { rss(w, "", "") },
		"/german": func(w http.ResponseWriter, _ *http.Request) {
			rss(w, "", item("Die Regierung will die Waffen nicht an das Land liefern", today, ""))
		},
		"/hostile": func(w http.ResponseWriter, _ *http.Request) {
			rss(w, "<language>\u009b31men</language>", item("\u009b2J\u202e The talks are over, and they will not meet", today, ""))
		},
		"/page": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, "<!doctype html><html><body>Hello</body></html>")
		},
		"/broken": func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `<rss version="2.0"><channel><item>`) },
		"/moved": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/good", http.StatusMovedPermanently)
		},
		"/moved-8": func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/good?\u009b2J", http.StatusPermanentRedirect)
		},
		"/for-now": func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/good", http.StatusFound) },
		"/circle":  func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/circle", http.StatusFound) },
		"/fault":   fail(http.StatusBadGateway), "/gone": fail(http.StatusGone), "/forbidden": fail(http.StatusForbidden),
		"/busy": fail(http.StatusTooManyRequests, "Retry-After", "300"),
	}
}

// openFeedWorld serves the answers and puts the server's address into the
// catalogue.
func openFeedWorld(t *testing.T, catalogue string) *feedWorld {
	t.Helper()
	world := &feedWorld{asked: map[string]int{}}
	mux := http.NewServeMux()
	for path, answer := range feedAnswers() {
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			world.asked[r.URL.Path]++ // one host: the checker asks one after another
			answer(w, r)
		})
	}
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
	world.url = s.URL
	world.config = config.Default()
	world.config.Feeds.File = filepath.Join(t.TempDir(), "feeds.yaml")
	world.config.Network = config.Network{AllowPrivate: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}, AllowPorts: []uint16{uint16(port)}}
	if err := os.WriteFile(world.config.Feeds.File, []byte(strings.ReplaceAll(catalogue, "http://feeds.example", s.URL)), 0o600); err != nil {
		t.Fatal(err)
	}
	return world
}

// told puts the names of the golden file back into what was printed.
func (w *feedWorld) told(printed string) string {
	return strings.NewReplacer(w.url, "http://feeds.example", w.config.Feeds.File, "feeds.yaml").Replace(printed)
}

func (w *feedWorld) check(chosen FeedsChosen) FeedsCheckOptions {
	return FeedsCheckOptions{Config: w.config, Chosen: chosen, Now: june, Logger: slog.New(slog.DiscardHandler)}
}

func june() time.Time { return time.Date(2023, 6, 19, 12, 0, 0, 0, time.UTC) }

// TestFeedsAsOperatorsSeeThem holds every sentence of feeds list and feeds
// check: each file of the archive is what one command prints.
func TestFeedsAsOperatorsSeeThem(t *testing.T) {
	t.Parallel()
	golden := filepath.Join("testdata", "feeds.txtar")
	archive, err := txtar.ParseFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range archive.Files {
		files[f.Name] = string(f.Data)
	}
	world := openFeedWorld(t, files["feeds.yaml"])
	list := func(o FeedsListOptions) func(io.Writer) error {
		o.Config = world.config
		return func(out io.Writer) error { return ListFeeds(t.Context(), o, out) }
	}
	check := func(chosen FeedsChosen, asJSON bool) func(io.Writer) error {
		o := world.check(chosen)
		o.JSON = asJSON
		return func(out io.Writer) error { return CheckFeeds(t.Context(), o, out) }
	}
	some := FeedsChosen{Only: []string{"rich", "gone", "hostile"}}
	for _, c := range []struct {
		name string
		run  func(io.Writer) error
	}{
		{"feeds list", list(FeedsListOptions{})},
		{"feeds list --country fr --language FR", list(FeedsListOptions{Chosen: FeedsChosen{Countries: []string{"fr"}, Languages: []string{"FR"}}})},
		{"feeds list --feeds rich hostile wire", list(FeedsListOptions{Feeds: true, Chosen: FeedsChosen{Only: []string{"rich", "hostile", "wire"}}})},
		{"feeds list --json rich hostile wire", list(FeedsListOptions{JSON: true, Chosen: FeedsChosen{Only: []string{"rich", "hostile", "wire"}}})},
		{"feeds list nobody", list(FeedsListOptions{Chosen: FeedsChosen{Only: []string{"no\u009bbody"}}})},
		{"feeds list --country uk", list(FeedsListOptions{Chosen: FeedsChosen{Countries: []string{"uk"}}})},
		{"feeds list --country JP", list(FeedsListOptions{Chosen: FeedsChosen{Countries: []string{"JP"}}})},
		{"feeds check", check(FeedsChosen{}, false)},
		{"feeds check --json rich gone hostile", check(some, true)},
		{"feeds check good an-address", check(FeedsChosen{Only: []string{"good", world.url + "/good?other"}}, false)},
		{"feeds check gone", check(FeedsChosen{Only: []string{"gone"}}, false)},
		{"feeds check wire", check(FeedsChosen{Only: []string{"wire"}}, false)},
		{"feeds check file:///etc/passwd", check(FeedsChosen{Only: []string{"file:///etc/passwd"}}, false)},
	} {
		var out bytes.Buffer
		if err := c.run(&out); err != nil {
			fmt.Fprintf(&out, "attache: %v\n", err)
		}
		got := world.told(out.String())
		for i, r := range got {
			if r != '\n' && !unicode.IsPrint(r) {
				t.Errorf("%s prints %U at byte %d: a terminal may take it for a command", c.name, r, i)
			}
		}
		if os.Getenv("ATTACHE_UPDATE") != "" {
			files[c.name] = got
			continue
		}
		if diff := cmp.Diff(files[c.name], got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
	if os.Getenv("ATTACHE_UPDATE") == "" {
		return
	}
	for i, f := range archive.Files {
		archive.Files[i].Data = []byte(files[f.Name])
	}
	if err := os.WriteFile(golden, txtar.Format(archive), 0o600); err != nil {
		t.Fatal(err)
	}
}

const oneFeed = "sources:\n  - {id: good, name: N, country: GB, language: en, tier: national, feeds: [{url: \"http://feeds.example/good\"}]}\n"

func TestFeedsCheckTellsOnATerminalHowFarItIs(t *testing.T) {
	t.Parallel()
	world := openFeedWorld(t, oneFeed)
	var out, progress bytes.Buffer
	o := world.check(FeedsChosen{})
	o.Progress = &progress
	if err := CheckFeeds(t.Context(), o, &out); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	if want := "\r\x1b[Kchecked 1 of 1: http://feeds.example/good\r\x1b[K"; world.told(progress.String()) != want {
		t.Errorf("progress %q, want %q", &progress, want)
	}
}

// TestFeedsCheckLeavesAHostAloneThatAsksForIt holds that a host which has had
// enough is not asked for its other feeds.
func TestFeedsCheckLeavesAHostAloneThatAsksForIt(t *testing.T) {
	t.Parallel()
	world := openFeedWorld(t, oneFeed)
	var out bytes.Buffer
	err := CheckFeeds(t.Context(), world.check(FeedsChosen{Only: []string{world.url + "/busy", world.url + "/old"}}), &out)
	if err == nil || err.Error() != "2 of 2 feeds could not be read" {
		t.Errorf("error %v", err)
	}
	for _, want := range []string{
		"rate-limited 429", "check again in 5m", "skipped", "not asked: its server asked to be left alone", "None of 2 feeds can be read.",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("output lacks %q:\n%s", want, &out)
		}
	}
	if world.asked["/old"] != 0 {
		t.Error("a host that asked to be left alone was asked again")
	}
}

func TestFeedsCheckPausesBetweenFeedsOfOneHost(t *testing.T) {
	t.Parallel()
	world := openFeedWorld(t, oneFeed)
	o := world.check(FeedsChosen{Only: []string{world.url + "/good", world.url + "/old"}})
	o.Pause = time.Hour
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	asked := make(chan struct{}, 2)
	o.Progress = writerFunc(func(b []byte) (int, error) {
		if strings.Contains(string(b), "checked 1 of 2") {
			asked <- struct{}{}
		}
		return len(b), nil
	})
	go func() {
		<-asked
		cancel()
	}()
	if err := CheckFeeds(ctx, o, &bytes.Buffer{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want that of a check that was stopped in the pause", err)
	}
	if world.asked["/old"] != 0 {
		t.Error("the second feed was asked without a pause")
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(b []byte) (int, error) { return f(b) }

func TestFeedsCheckStopsWhenTold(t *testing.T) {
	t.Parallel()
	world := openFeedWorld(t, oneFeed)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := CheckFeeds(ctx, world.check(FeedsChosen{}), &bytes.Buffer{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

func TestByHostKeepsOneHostTogether(t *testing.T) {
	t.Parallel()
	got := byHost(feedsOf(nil, []string{"https://a.example/1", "https://b.example/", "https://A.example:443/2"}))
	if diff := cmp.Diff([][]int{{0, 2}, {1}}, got); diff != "" {
		t.Errorf("groups (-want +got):\n%s", diff)
	}
}

// TestWriteJSONKeepsTheValue holds that what is escaped for terminals comes back.
func TestWriteJSONKeepsTheValue(t *testing.T) {
	t.Parallel()
	want := map[string]string{"k": "a\x1b[2J\u009b31m\u202eb\U000e0041\u2028c é 停 <&>"}
	var out bytes.Buffer
	if err := writeJSON(&out, want); err != nil {
		t.Fatal(err)
	}
	for _, r := range strings.TrimSuffix(out.String(), "\n") {
		if !unicode.IsPrint(r) {
			t.Errorf("%U is written as it is", r)
		}
	}
	var got map[string]string
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("value (-want +got):\n%s", diff)
	}
}

func TestDurationsInWords(t *testing.T) {
	t.Parallel()
	for d, want := range map[time.Duration][2]string{
		30 * time.Second: {"30s", "30s"}, 15 * time.Minute: {"15m", "15m"}, 90 * time.Minute: {"1h", "1h30m"},
		time.Hour: {"1h", "1h"}, 36 * time.Hour: {"36h", "36h"}, 364 * 24 * time.Hour: {"364d", "8736h"},
	} {
		if got := [2]string{shortly(d), config.ShortDuration(d)}; got != want {
			t.Errorf("%v: %v, want %v", d, got, want)
		}
	}
}
