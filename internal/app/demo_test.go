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
	"github.com/attache-bot/attache/internal/operator"
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
		claim  = "Trump says Putin agreed to week-long pause in attacks on Kyiv during extreme cold"
		breach = "Ukraine accuses Russia of breaking pause in attacks with drone strike on Kharkiv power station"
	)
	truce, err := d.Discord.WaitMessages(ctx, d.Truce, func(ms []*sandbox.Message) bool {
		return slices.Contains(titles(ms), breach) && strings.HasPrefix(field(ms[0], "Standing"), "Confirmed")
	})
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
	confirmed := "**Confirmed by the parties**\n**Kremlin** confirms it\n"
	truce = d.Discord.Messages(d.Truce)
	if len(truce) != 3 || titles(truce)[0] != claim || !strings.HasPrefix(truce[1].Content, confirmed) || titles(truce)[2] != breach {
		t.Fatalf("#ceasefire-watch: %q", titles(truce))
	}
	first := truce[0]
	if r := truce[1].MessageReference; r == nil || r.MessageID != first.ID {
		t.Errorf("the confirmation replies to %+v, not to the claim", r)
	}
	// One message, from the claim to the other side's answer.
	for name, want := range map[string]string{
		"Standing":    "Confirmed by the parties",
		"Who says so": "**Trump** says so, about Putin\n**Kremlin** confirms it\n**Zelensky** welcomes it",
	} {
		if got := field(first, name); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if got := field(first, "4 independent sources"); !strings.Contains(got, "Дніпровський вісник") {
		t.Errorf("the Ukrainian report is not among the sources: %q", got)
	}
	var came []string
	for line := range strings.SplitSeq(field(first, "How it came"), "\n") {
		_, what, _ := strings.Cut(line, "> ")
		if strings.HasSuffix(what, " does not confirm or comment") {
			what = "Moscow does not confirm or comment" // by which name depends on who was read first
		}
		came = append(came, what)
	}
	if diff := gocmp.Diff([]string{
		"**Trump** says so, about Putin → Claimed, not confirmed",
		"Moscow does not confirm or comment",
		"**Zelensky** welcomes it",
		"**Kremlin** confirms it → Confirmed by the parties",
	}, came); diff != "" {
		t.Errorf("how it came (-want +got):\n%s", diff)
	}
	for _, m := range []*sandbox.Message{truce[2], d.Discord.Messages(d.Strikes)[0]} {
		if got := field(m, "Standing") + "\n" + field(m, "Who says so"); !strings.HasPrefix(got, "Claimed, and denied\n**Ukraine** accuses Russia\n") {
			t.Errorf("the breach: %q", got)
		}
	}
	if diff := gocmp.Diff([]string{breach}, titles(d.Discord.Messages(d.Strikes))); diff != "" {
		t.Errorf("#strikes-and-talks: %s", diff)
	}
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}

// field is what a field of a message's embed says, empty where there is none.
func field(m *sandbox.Message, name string) string {
	for _, e := range m.Embeds {
		for _, f := range e.Fields {
			if f.Name == name {
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
	if err := operator.Classify(t.Context(), operator.ClassifyOptions{Config: config.Default()}, &in, &out, io.Discard); err != nil {
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
