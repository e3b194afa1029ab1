package app_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/internal/sandbox"
)

// transcript is what was said and answered.
type transcript struct{ txtar.Archive }

func (tr *transcript) add(asked, answer string) {
	tr.Files = append(tr.Files, txtar.File{Name: asked, Data: []byte(answer + "\n")})
}

// compare holds the transcript against a golden file.
func (tr *transcript) compare(t *testing.T, name string) {
	t.Helper()
	path := filepath.Join("testdata", name+".txtar")
	if *update {
		if err := os.WriteFile(path, txtar.Format(&tr.Archive), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	golden, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(golden), string(txtar.Format(&tr.Archive))); diff != "" {
		t.Errorf("%s (rewrite it with -update):\n%s", path, diff)
	}
}

// alertText is an alert as people read it.
func (n *newsroom) alertText(m *sandbox.Message) string {
	var b strings.Builder
	for _, e := range m.Embeds {
		if e.Author != nil {
			fmt.Fprintf(&b, "(author: %s)\n", e.Author.Name)
		}
		if e.URL != "" {
			fmt.Fprintf(&b, "(link: %s)\n", e.URL)
		}
		if e.Footer != nil {
			fmt.Fprintf(&b, "(footer: %s)\n", e.Footer.Text)
		}
	}
	return n.text(sandbox.Outcome{Message: m}) + "\n" + strings.TrimSuffix(b.String(), "\n")
}

// The reports of the conversation.
const (
	pause    = "Trump says Putin agreed to week-long pause in attacks on Kyiv"
	freeze   = "EU freezes assets of 12 Russian oil firms in new sanctions package"
	festival = "Film about a wartime truce wins top prize at Venice festival"
)

// TestConversation uses every command as the bot's people would, from a server
// without subscriptions to alerts, and records what is said.
func TestConversation(t *testing.T) {
	t.Parallel()
	var backlog []string
	n := open(t, func(n *newsroom) {
		for i := range 14 {
			backlog = append(backlog, n.outlets.publish("gazette", item{
				title: fmt.Sprintf("Ministers meet in Brussels to discuss sanctions on country number %d", i+1),
				text:  "A backlog report.", at: time.Now().Add(-time.Duration(20-i) * time.Hour),
			}))
		}
	})
	tr := &transcript{}
	tr.Comment = []byte("What the bot answers, as people read it. Rewritten with -update.\n\n")
	ask := func(user, command string, o options) {
		t.Helper()
		who := map[string]string{n.mara: "Mara", n.robin: "Robin"}[user]
		line := who + ": /" + command
		for _, name := range []string{"topic", "query", "channel", "role"} {
			if v, ok := o[name]; ok {
				line += fmt.Sprintf(" %s:%s", name, n.readable(fmt.Sprint(v)))
			}
		}
		tr.add(line, n.say(user, command, o))
	}
	types := func(command, typed string) {
		t.Helper()
		tr.add(fmt.Sprintf("Mara types: /%s topic:%s", command, typed), n.typing(n.mara, command, "topic", typed))
	}

	// From then on /help links the commands.
	n.must(n.waitLog("commands are registered"))
	ask(n.robin, "help", nil)
	ask(n.robin, "subscriptions", nil)
	ask(n.robin, "status", nil)
	for _, typed := range []string{"", "truce", "peace", "santcions", "embargo", "@everyone"} {
		types("subscribe", typed)
	}
	confirm := func(o options) {
		t.Helper()
		tr.add("Mara confirms it", n.text(n.pressed(n.mara, n.use(n.mara, n.general, "subscribe", o), "Confirm")))
	}
	ask(n.mara, "subscribe", options{"topic": "ceasefire"})
	confirm(options{"topic": "ceasefire"})
	ask(n.mara, "subscribe", options{"topic": "ceasefire"})
	confirm(options{"topic": "truce", "channel": n.press, "role": n.watchers})
	confirm(options{"topic": "sanctions", "channel": n.thread})
	ask(n.robin, "subscriptions", nil)
	types("unsubscribe", "")

	n.outlets.publish("example-wire", item{title: pause, text: "The US president said Vladimir Putin had agreed not to strike Kyiv for a week during extreme cold."})
	n.outlets.publish("example-wire", item{title: festival, text: "The jury praised its quiet courage."})
	tr.add("the alert in #general", n.alertText(n.alert(n.general, pause)))
	tr.add("the alert in #press", n.alertText(n.alert(n.press, pause)))
	n.outlets.publish("state-agency", item{title: freeze, text: "The bloc agreed a new round of sanctions against oil traders."})
	tr.add("the alert in #thread", n.alertText(n.alert(n.thread, freeze)))

	ask(n.robin, "recent", nil)
	ask(n.robin, "recent", options{"topic": "ceasefire"})
	ask(n.robin, "recent", options{"topic": "coup"})
	ask(n.robin, "search", options{"query": "Kyiv pause"})
	ask(n.robin, "search", options{"query": "Kyiv pause", "sort": "relevant"})
	ask(n.robin, "search", options{"query": `"pause in attacks"`})
	ask(n.robin, "search", options{"query": `"attacks in pause"`})
	ask(n.robin, "search", options{"query": "zeppelin"})
	ask(n.robin, "search", options{"query": `") OR 1=1 -- <@&1> @everyone [x](https://evil.example)`})
	ask(n.robin, "search", options{"query": "!?"})
	// /status lists troubles by when they began, so one is stored before the next begins.
	n.outlets.fail(n.ctx, t, "gazette", 404, "gone")
	n.outlets.fail(n.ctx, t, "state-agency", 200, "<html>We are moving</html>")
	ask(n.robin, "status", nil)

	page := n.use(n.robin, n.general, "search", options{"query": "Brussels"})
	tr.add("Robin: /search query:Brussels", n.text(page))
	all := n.text(page)
	for range (len(backlog) - 1) / message.PageItems {
		page = n.pressed(n.robin, page, "More")
		tr.add("Robin presses More", n.text(page))
		all += n.text(page)
	}
	for _, title := range backlog {
		if shown := strings.Count(all, "**["+title+"]("); shown != 1 {
			t.Errorf("all pages show %q %d times", title, shown)
		}
	}

	ask(n.mara, "unsubscribe", options{"topic": "ceasefire"})
	ask(n.mara, "unsubscribe", options{"topic": "ceasefire"})
	ask(n.mara, "unsubscribe", options{"topic": "ceasefire", "channel": n.press})
	ask(n.robin, "subscriptions", nil)
	tr.compare(t, "conversation")
}

func TestUnsubscribingEndsAlerts(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.subscribe(options{"topic": "ceasefire"})
	n.subscribe(options{"topic": "sanctions"})
	n.subscribe(options{"topic": "ceasefire", "channel": n.wire})
	n.outlets.publish("example-wire", item{title: pause})
	n.alert(n.general, pause)
	n.say(n.mara, "unsubscribe", options{"topic": "ceasefire"})

	const second = "Ceasefire takes effect along the Lebanese border"
	n.outlets.publish("example-wire", item{title: second})
	n.alert(n.wire, second)
	// A channel's alerts come in order: this one would follow an unwanted one.
	n.outlets.publish("example-wire", item{title: freeze})
	n.alert(n.general, freeze)
	if diff := cmp.Diff([]string{pause, freeze}, n.alerts(n.general)); diff != "" {
		t.Error(diff)
	}
}

func TestOneMessageNamesAllTopicsAndMentionsTheRoleOnce(t *testing.T) {
	t.Parallel()
	n := open(t)
	n.subscribe(options{"topic": "ceasefire", "role": n.watchers})
	n.subscribe(options{"topic": "military-strike", "role": n.watchers})
	const both = "Ukraine accuses Russia of breaking ceasefire with missile strike on Kharkiv power station"
	n.outlets.publish("example-wire", item{title: both, text: "At least four people were killed when missiles hit the city."})
	got := n.alert(n.general, both)
	if got.Content != "<@&"+n.watchers+">" || !slices.Equal(got.MentionRoles, []string{n.watchers}) || got.MentionEveryone {
		t.Errorf("content %q mentions %q, everyone: %v", got.Content, got.MentionRoles, got.MentionEveryone)
	}
	if text := n.text(sandbox.Outcome{Message: got}); !strings.Contains(text, "**Ceasefire**") || !strings.Contains(text, "**Military strike**") {
		t.Errorf("both topics should be named:\n%s", text)
	}
	n.outlets.publish("gazette", item{title: both, text: "At least four people were killed when missiles hit the city."})
	const next = "UN chief calls for immediate humanitarian pause in Gaza"
	n.outlets.publish("gazette", item{title: next})
	n.alert(n.general, next)
	if diff := cmp.Diff([]string{both, next}, n.alerts(n.general)); diff != "" {
		t.Error(diff)
	}
}
