package app_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/attache-bot/attache/internal/sandbox"
)

// maxSteps is how many things a newcomer does until the first alert can come.
const maxSteps = 4

// clickable are the commands that a message shows to be clicked.
var clickable = regexp.MustCompile(`</([a-z ]+):\d+>`)

// TestANewcomersPath adds the bot to a server that has never had it and does what
// it says, step by step, until an alert is there.
func TestANewcomersPath(t *testing.T) {
	t.Parallel()
	n := open(t, func(n *newsroom) {
		n.must(n.RemoveBot(n.guild))
		n.must(n.SetSystemChannel(n.guild, n.general))
	})
	steps := 0
	step := func(what string) {
		steps++
		t.Logf("step %d: %s", steps, what)
	}

	step("invite the bot")
	n.must(n.AddBot(n.guild))
	said, err := n.WaitMessages(n.ctx, n.general, func(ms []*sandbox.Message) bool { return len(ms) > 0 })
	n.must(err)
	hello := said[0].Content
	offered := clickable.FindAllStringSubmatch(hello, -1)
	if len(offered) == 0 || !strings.HasPrefix(hello, "Hello, I am Attaché") {
		t.Fatalf("greeted with %q", hello)
	}

	step("click the first command of the greeting")
	page := n.use(n.mara, n.general, offered[0][1], nil)
	step("choose topics")
	page = n.chose(n.mara, page, "Topics", "ceasefire", "sanctions")
	step("press Finish")
	page = n.pressed(n.mara, page, "Finish")
	if got := n.text(page); !strings.HasPrefix(got, "[Ready]\n#general gets alerts on **Ceasefire**, **Sanctions**.") {
		t.Fatalf("told: %s", got)
	}
	n.outlets.publish("example-wire", item{title: pause, text: "He said so on Monday."})
	n.alert(n.general, pause)
	if steps > maxSteps {
		t.Errorf("%d steps to the first alert, at most %d", steps, maxSteps)
	}

	sample := n.text(n.pressed(n.mara, page, "Post a sample"))
	if !strings.HasPrefix(sample, "I have posted a sample in #general") {
		t.Errorf("told: %s", sample)
	}
	n.alert(n.general, "Sample: Ruritania says that Graustark has agreed to a ceasefire")
}

// TestAGuildIsGreetedOnce restarts the bot and lets the guild go through an
// outage: neither brings a second greeting, but being added again does.
func TestAGuildIsGreetedOnce(t *testing.T) {
	t.Parallel()
	n := prepare(t, sandbox.Limits{}, func(n *newsroom) { n.must(n.SetSystemChannel(n.guild, n.general)) })
	greetings := func(want int) {
		t.Helper()
		ms, err := n.WaitMessages(n.ctx, n.general, func(ms []*sandbox.Message) bool { return len(ms) >= want })
		n.must(err)
		if len(ms) != want {
			t.Fatalf("%d messages, want %d", len(ms), want)
		}
	}
	n.start()
	greetings(1)
	n.restart()
	n.must(n.SetAvailable(n.guild, false))
	n.must(n.SetAvailable(n.guild, true))
	n.must(n.RemoveBot(n.guild))
	n.must(n.AddBot(n.guild))
	greetings(2)
	n.must(n.stop())
	greetings(2)
}

// TestAGreetingThatMayNotBeSaid closes the system channel to the bot: nothing is
// said, and the bot goes on.
func TestAGreetingThatMayNotBeSaid(t *testing.T) {
	t.Parallel()
	n := prepare(t, sandbox.Limits{}, func(n *newsroom) {
		n.must(n.SetSystemChannel(n.guild, n.general))
		n.must(n.DenyBot(n.general, sandbox.SendMessages))
	})
	n.start()
	if got := n.text(n.use(n.mara, n.wire, "setup", nil)); !strings.Contains(got, "**Channel**: #wire") {
		t.Errorf("told: %s", got)
	}
	n.must(n.stop())
	if ms := n.alerts(n.general); len(ms) > 0 {
		t.Errorf("said %q", ms)
	}
}
