package app_test

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/attache-bot/attache/internal/sandbox"
)

// TestHostileReportsArriveHarmless lets an outlet write what would mention,
// mislead or break a message. The sandbox checks limits as Discord does, and
// every body is held against Discord's description.
func TestHostileReportsArriveHarmless(t *testing.T) {
	t.Parallel()
	long := "Long talks end with ceasefire in Abyei, officials say; " + strings.Repeat("diplomats welcomed the truce between Dinka and Misseriya ", 6)
	cases := []struct {
		name string
		item item
		// want is a part of the headline as people see it, which no other has.
		want string
		// link says whether the headline is a link.
		link bool
	}{
		{"mentions", item{title: "Ceasefire takes effect in Gaza @everyone @here <@1> <@&2> <#3> </help:4>"}, "Gaza @everyone", true},
		{"mentions in the text", item{title: "Rival generals extend truce in Khartoum by three days", text: "@everyone <@&1> ping"}, "Khartoum", true},
		{"markup", item{title: "**Hamas rejects cease-fire offer** ~~from~~ ||mediators|| `in` # Doha > today"}, "||mediators||", true},
		{"blocks in the text", item{title: "Pakistan and India agree to halt all firing", text: "```\n@everyone\n``` # Huge\n> quoted\n- item"}, "Pakistan", true},
		{"a masked link", item{title: "Libya rivals sign ceasefire [official](https://evil.example)", text: "[click](https://evil.example) <https://evil.example|x>"}, "[official]", true},
		{"another direction of writing", item{title: "\u202eCeasefire agreed\u202c along \u2066the Lebanese\u2069 border \u200f\u200b\ufeff", text: "\u202egnp.exe"}, "Lebanese", true},
		{"a script as the link", item{title: "Armenia and Azerbaijan sign ceasefire after border clashes", link: "javascript:alert(1)"}, "Armenia", false},
		{"a link to a file", item{title: "Thailand and Cambodia declare ceasefire at disputed temple", link: "file:///etc/passwd"}, "Thailand", false},
		{"a link with a password", item{title: "Houthis and Yemen government extend ceasefire in Hodeidah", link: "https://discord.com:pw@evil.example/"}, "Hodeidah", false},
		{"a link that closes a bracket", item{title: "Colombia and ELN guerrillas agree ceasefire in Catatumbo", link: "https://news.example/a)**[x](https://evil.example"}, "Catatumbo", true},
		{"a title of 300 characters and more", item{title: long}, "Abyei", true},
		{"a title of emoji", item{title: "Mali army and Tuareg rebels agree ceasefire in Kidal " + strings.Repeat("👩‍👩‍👧‍👦", 200)}, "Kidal", true},
		{"combining marks", item{title: "Somalia clans agree ceasefire in Galkayo Z" + strings.Repeat("\u0301", 500) + "algo"}, "Galkayo", true},
		{"a long text", item{title: "Ethiopia and Tigray forces agree ceasefire in Pretoria", text: strings.Repeat("*_`~|>#-[]() ", 5000)}, "Pretoria", true},
		{"no text", item{title: "Myanmar junta and Kachin army agree ceasefire", text: " \n\t "}, "Kachin", true},
		{"HTML", item{title: "<b>Turkey and Kurdish fighters</b> <script>alert(1)</script>agree ceasefire &lt;@&amp;7&gt;", text: `<img src=x onerror=alert(1)><a href="javascript:x">link</a>`}, "Turkey", true},
		{"control characters", item{title: "Philippine army and Maoist rebels announce\x01 ceasefire\x07 on \x1b[31mMindanao"}, "Mindanao", true},
	}
	n := prepare(t, sandbox.Limits{Routes: map[string]sandbox.Rate{"POST /channels/{channel_id}/messages": {Limit: 50, Per: time.Second}}})
	n.start()
	n.settled()
	n.subscribe(options{"topic": "ceasefire", "role": n.watchers})
	for _, c := range cases {
		n.outlets.publish("gazette", c.item)
	}
	about := func(ms []*sandbox.Message, want string) *sandbox.Message {
		for _, m := range ms {
			if len(m.Embeds) == 1 && !m.Ephemeral() && strings.Contains(unescape(m.Embeds[0].Title), want) {
				return m
			}
		}
		return nil
	}
	for _, c := range cases {
		ms, err := n.WaitMessages(n.ctx, n.general, func(ms []*sandbox.Message) bool { return about(ms, c.want) != nil })
		if err != nil {
			t.Fatalf("%s: nothing arrived: %v; there are %q\n%s", c.name, err, titles(ms), n.log)
		}
		m := about(ms, c.want)
		if m.MentionEveryone || len(m.Mentions) > 0 || len(m.MentionRoles) != 1 || m.MentionRoles[0] != n.watchers {
			t.Errorf("%s: mentions everyone: %v, users: %v, roles: %v", c.name, m.MentionEveryone, m.Mentions, m.MentionRoles)
		}
		if m.Content != "<@&"+n.watchers+">" {
			t.Errorf("%s: content %q", c.name, m.Content)
		}
		if e := m.Embeds[0]; (e.URL != "") != c.link {
			t.Errorf("%s: link %q", c.name, e.URL)
		}
		if why := harm(m.Embeds[0].Title, 256); why != "" {
			t.Errorf("%s: title: %s", c.name, why)
		}
		if why := harm(m.Embeds[0].Description, 4096); why != "" {
			t.Errorf("%s: summary: %s", c.name, why)
		}
	}
	if got := n.alerts(n.general); len(got) != len(cases) {
		t.Errorf("%d alerts of %d reports", len(got), len(cases))
	}
}

func unescape(s string) string { return strings.ReplaceAll(s, `\`, "") }

// harm says how a text shows other than what it says: by markup that is not
// escaped, by what is invisible, or by a direction of its own.
func harm(s string, most int) string {
	if n := utf8.RuneCountInString(s); n > most {
		return fmt.Sprintf("%d characters are too many", n)
	}
	escaped := false
	for _, r := range s {
		switch {
		case escaped:
			escaped = false
		case r == '\\':
			escaped = true
		case strings.ContainsRune("*_~`|[<@#", r):
			return fmt.Sprintf("%q stands bare in %.200q", r, s)
		case unicode.Is(unicode.Bidi_Control, r), unicode.IsControl(r) && r != '\n', r == '\ufeff':
			return fmt.Sprintf("%U in %.200q", r, s)
		}
	}
	return ""
}
