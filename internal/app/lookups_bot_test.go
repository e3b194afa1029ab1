package app_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/attache-bot/attache/internal/sandbox"
)

// These are what no test can know: how long something took, dates and addresses
// of messages.
var (
	spans = regexp.MustCompile(`, \d+ (s|min|hours) after (I could have known|its date)`)
	dates = regexp.MustCompile(`since \d+ \w+ \d+, \d+:\d+ UTC`)
	jumps = regexp.MustCompile(`https://discord.com/channels/[^)]*`)
	ages  = regexp.MustCompile(` · (now|\d+ \w+ ago) =`)
)

// TestLookingThingsUp asks for what was read and why, as people do after an
// alert, and records what is said. The sandbox holds every request of the bot
// against Discord's rules.
func TestLookingThingsUp(t *testing.T) {
	t.Parallel()
	n := open(t)
	tr := &transcript{}
	tr.Comment = []byte("What the bot answers, as people read it. Rewritten with -update.\n\n")
	note := func(asked string, o sandbox.Outcome) {
		t.Helper()
		answer := spans.ReplaceAllString(n.text(o), "")
		tr.add(asked, jumps.ReplaceAllString(dates.ReplaceAllString(answer, "since (date)"), "(message)"))
	}
	ask := func(command string, o options) {
		t.Helper()
		line := "Robin: /" + command
		for _, name := range []string{"topic", "country", "since", "source", "standing", "kind", "story", "link", "public"} {
			if v, ok := o[name]; ok {
				line += " " + n.readable(strings.Join([]string{name, fmt.Sprint(v)}, ":"))
			}
		}
		note(line, n.use(n.robin, n.general, command, o))
	}
	n.subscribe(options{"topic": "ceasefire"})
	n.subscribe(options{"topic": "sanctions", "channel": n.press})
	n.outlets.publish("example-wire", item{title: pause, text: "The US president said Vladimir Putin had agreed not to strike Kyiv for a week during extreme cold."})
	told := n.alert(n.general, pause)
	n.outlets.publish("state-agency", item{title: freeze, text: "The bloc agreed a new round of sanctions against oil traders."})
	n.alert(n.press, freeze)

	for _, typed := range []string{"", "Kyi", "Киї"} {
		tr.add("Robin types: /recent country:"+typed, firstLines(n.typing(n.robin, "recent", "country", typed), 3))
	}
	tr.add("Robin types: /recent topic:перемирие", n.typing(n.robin, "recent", "topic", "перемирие"))
	tr.add("Robin types: /recent source:wire", n.typing(n.robin, "recent", "source", "wire"))
	ask("recent", options{"country": "UA"})
	ask("recent", options{"topic": "ceasefire", "country": "Russia", "since": "1 day", "source": "example-wire", "standing": "claimed"})
	ask("recent", options{"source": "state-agency", "public": true})
	ask("sources", nil)
	tr.add("Robin types: /story story:pau", ages.ReplaceAllString(n.typing(n.robin, "story", "story", "pau"), " · (age) ="))
	ask("story", options{"story": "pause in attacks"})
	ask("why", options{"story": "pause in attacks"})
	ask("whynot", options{"link": "https://example.com/news"})
	for _, o := range []sandbox.Outcome{n.use(n.robin, n.general, "trend", options{"topic": "ceasefire"}), n.pressed(n.robin, n.use(n.robin, n.general, "trend", nil), "7 days")} {
		files := o.Message.Attachments
		if len(files) != 1 || files[0].Width != 800 || files[0].ContentType != "image/png" || !strings.HasPrefix(files[0].Description, "Bar chart: stories") {
			t.Errorf("pictures %+v", files)
		}
	}
	note("Robin: Why this alert? on the alert", n.chosen(n.robin, n.general, "Why this alert?", told.ID))
	tr.compare(t, "lookups")
}

// firstLines are the first lines of s.
func firstLines(s string, lines int) string {
	all := strings.SplitAfterN(s, "\n", lines+1)
	return strings.TrimSuffix(strings.Join(all[:min(len(all), lines)], ""), "\n")
}
