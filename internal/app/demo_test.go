package app_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/app"
	"github.com/attache-bot/attache/internal/demo"
	"github.com/attache-bot/attache/internal/sandbox"
	"github.com/attache-bot/attache/internal/sandbox/contract"
	"github.com/attache-bot/attache/internal/sharedtest"
)

// titles returns the headlines of a channel's alerts as people read them, oldest
// first.
func titles(ms []*sandbox.Message) []string {
	var out []string
	for _, m := range ms {
		text := m.Content
		if len(m.Embeds) > 0 {
			text = m.Embeds[0].Title
		}
		// Of outlets that tell it at one time, the one that adds words may be read first.
		out = append(out, strings.TrimSuffix(strings.ReplaceAll(text, `\`, ""), ", cabinet told"))
	}
	return out
}

func TestDemoTellsTheStoryOnceAndLookAlikesNever(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithTimeout(t.Context(), 6*time.Minute)
	defer cancel()
	d, err := app.NewDemo(ctx, app.DemoOptions{Address: "127.0.0.1:0", Speed: 4, Observe: discordContract(t)}, testLog(t))
	if err != nil {
		t.Fatal(err)
	}
	running, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- d.Run(running) }()

	const (
		claim     = "Trump says Putin agreed to week-long pause in attacks on Kyiv during extreme cold"
		noComment = "Kremlin spokesman declines to comment on pause in attacks on Kyiv announced by Trump"
		thanks    = "Zelensky thanks Trump for pause in attacks on Kyiv and expects it to be carried out"
		confirms  = "Kremlin confirms Russia agreed to halt strikes on Kyiv until Sunday at Trump's request"
		breach    = "Ukraine accuses Russia of breaking pause in attacks with drone strike on Kharkiv power station"
	)
	truce, err := d.Discord.WaitMessages(ctx, d.Truce, func(ms []*sandbox.Message) bool { return slices.Contains(titles(ms), breach) })
	if err != nil {
		t.Fatalf("the last development was not told: %v; told: %q", err, titles(truce))
	}
	// Everything later than the last development stays silent; the second
	// reading of a feed after the end shows that it was read.
	if err := d.News.WaitRead(ctx); err != nil {
		t.Fatal(err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("the bot did not stop cleanly: %v", err)
	}
	if diff := gocmp.Diff([]string{claim, noComment, thanks, confirms, breach}, titles(d.Discord.Messages(d.Truce))); diff != "" {
		t.Errorf("#ceasefire-watch: %s", diff)
	}
	for i, want := range []string{
		"Claimed, not confirmed\n**Trump** says so, about Putin\n", // and what Moscow does
		"**Dmitry Peskov** does not confirm or comment",
		"**Zelensky** welcomes it",
		"Confirmed by the parties\n**Kremlin** confirms it",
		"Claimed, and denied\n**Ukraine** accuses Russia\n",
	} {
		if got := whoSaysSo(d.Discord.Messages(d.Truce)[i]); !strings.HasPrefix(got, want) {
			t.Errorf("alert %d: who says so: %q, want %q", i+1, got, want)
		}
	}
	if diff := gocmp.Diff([]string{breach}, titles(d.Discord.Messages(d.Strikes))); diff != "" {
		t.Errorf("#strikes-and-talks: %s", diff)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}

// whoSaysSo is what an alert says of its claims.
func whoSaysSo(m *sandbox.Message) string {
	for _, e := range m.Embeds {
		for _, f := range e.Fields {
			if f.Name == "Who says so" {
				return f.Value
			}
		}
	}
	return ""
}

// discordContract checks every request of the bot and every answer of the
// sandbox against Discord's own description.
func discordContract(t *testing.T) func(sandbox.Exchange) {
	t.Helper()
	c, err := contract.Load(sharedtest.Path(t, "discord", "openapi.json"))
	if err != nil {
		t.Fatal(err)
	}
	return c.Watch(func(err error) { t.Error(err) })
}

func testLog(t *testing.T) *slog.Logger {
	t.Helper()
	return slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelInfo}))
}

// TestTheDemosDevelopmentsAreStoriesOfTheirOwn holds which items of the script are
// one development: an earlier truce's breach is history, however alike it is told.
func TestTheDemosDevelopmentsAreStoriesOfTheirOwn(t *testing.T) {
	t.Parallel()
	script, err := demo.Sample()
	if err != nil {
		t.Fatal(err)
	}
	items := slices.DeleteFunc(slices.Clone(script.Items), func(it demo.Item) bool { return it.Rename })
	slices.SortStableFunc(items, func(a, b demo.Item) int { return cmp.Compare(a.At, b.At) })
	var in, out bytes.Buffer
	for i, it := range items {
		o := script.Outlets[slices.IndexFunc(script.Outlets, func(o demo.Outlet) bool { return o.ID == it.Outlet })]
		line, err := json.Marshal(map[string]any{
			"id": i, "title": it.Title, "description": it.Text, "language": o.Language, "source": o.ID,
			"published": time.Date(2026, 1, 29, 12, 0, 0, 0, time.UTC).Add(time.Duration(it.At) * time.Second),
		})
		if err != nil {
			t.Fatal(err)
		}
		in.Write(append(line, '\n'))
	}
	if err := app.Classify(t.Context(), app.ClassifyOptions{Config: config.Default()}, &in, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	stories := map[string][]int{}
	for i, line := range strings.Split(strings.TrimSpace(out.String()), "\n") {
		var got struct{ Story string }
		if err := json.Unmarshal([]byte(line), &got); err != nil {
			t.Fatal(err)
		}
		stories[got.Story] = append(stories[got.Story], i)
	}
	var joined []int // how many reports each development has, where it is more than one
	for _, i := range slices.Sorted(maps.Keys(stories)) {
		if n := len(stories[i]); n > 1 {
			joined = append(joined, n)
		}
		for _, at := range stories[i] {
			if (items[at].At < 0) != (items[stories[i][0]].At < 0) {
				t.Errorf("%q is told as a part of %q", items[at].Title, items[stories[i][0]].Title)
			}
		}
	}
	slices.Sort(joined)
	// The claim by four outlets, the confirmation by three, and three developments
	// by two each.
	if diff := gocmp.Diff([]int{2, 2, 2, 3, 4}, joined); diff != "" {
		t.Errorf("reports by development (-want +got):\n%s", diff)
	}
}
