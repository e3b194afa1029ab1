package message_test

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/bwmarrin/discordgo"
	"pgregory.net/rapid"

	"github.com/attache-bot/attache/bot/message"
)

// nasty are texts that have broken other bots, by what they try.
var nasty = []string{
	"", " ", "\x00", "\xff\xfe\xfd", "\ud7ff\U0010FFFF",
	"@everyone", "@here", "<@1>", "<@!1>", "<@&1>", "<#1>", "</recent:1>", "<t:0:R>", "<:x:1>", "<a:x:1>", "<id:home>",
	"@\u200beveryone", "\\@everyone", "\\\\@everyone", "\\\\\\<@&1>",
	"[BBC News](https://evil.example)", "[a\\](b](https://evil.example)", "](https://evil.example)", "[x]: https://evil.example",
	"https://evil.example/a", "http://discord.gg/abc", "discord.gg/abc", "Discord.com/invite/abc", "<https://evil.example>", "steam://run/1",
	"**bold** *it* _it_ __un__ ~~no~~ ||spoiler|| `code` ```block\ncode```", "# Head", "-# small", "> quote", ">>> quote", "- a", "* a", "+ a", "1. a", "23. a", "1) a",
	"line\nline\r\nline\u2028line\u0085line", "\u202egnp.exe\u202c", "\u2066x\u2069", "\u200f\u061c", "a\u200b\u2060\ufeffb", "\U000E0041\U000E007F", "\u115f\u3164\uffa0",
	"Z\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308a\u0321\u0322\u0323l\u0327g\u0334o", "👨‍👩‍👧‍👦👩🏽‍🚀🏴󠁧󠁢󠁥󠁮󠁧󠁿🇺🇦", "e\u0301", "ﷺ", "한국어", "עברית العربية",
	strings.Repeat("\\", 5000), strings.Repeat("*", 5000), strings.Repeat("👨‍👩‍👧‍👦", 900), strings.Repeat("a", 9000), strings.Repeat("слово ", 2000),
	"`", "``", "```", "\\", "a\\", "|", "||", "_", "*", "~", "¯\\_(ツ)_/¯", "${jndi:ldap://x}", "%s %d %!", "{{.}}", "<script>alert(1)</script>", "&lt;@everyone&gt;",
}

// texts draws hostile texts: whole nasty ones, mixtures, and any runes.
func texts() *rapid.Generator[string] {
	return rapid.OneOf(
		rapid.SampledFrom(nasty),
		rapid.Custom(func(t *rapid.T) string {
			return strings.Join(rapid.SliceOfN(rapid.SampledFrom(nasty), 0, 6).Draw(t, "parts"), rapid.SampledFrom([]string{"", " ", "\n"}).Draw(t, "joint"))
		}),
		rapid.String(),
		rapid.StringOfN(rapid.SampledFrom([]rune("\\*_~`|>#-+[]()<@:.\n 1ab&!/")), 0, 400, -1),
	)
}

// escaped is what Discord takes for an escape: a backslash before anything but a
// letter, a digit or white space.
var escaped = regexp.MustCompile(`\\[^0-9A-Za-z\s]`)

// live is s with every escaped character as an x: what is left may have a meaning.
func live(s string) string { return escaped.ReplaceAllString(s, "x") }

// headlineLabel is a headline as a link's label, where no escape is honoured: several
// words without a mark that means something.
const headlineLabel = `[^\[\]\\*_~|<>@#\x60\n]+ [^\[\]\\*_~|<>@#\x60\n]+`

// linkedHeadline is a link under a headline; likeAddress is what none may hold.
var (
	linkedHeadline = regexp.MustCompile(`\[(` + headlineLabel + `)\]\(`)
	likeAddress    = regexp.MustCompile(`[\pL\pN]\.\pL{2}|:\S`)
)

// ours are the constructs that this package puts into markup on purpose.
var ours = regexp.MustCompile(`<t:-?\d+:[Rtf]>|\[(?:read|читати|lire|lesen|leer|czytaj)\]\(https?://[^\s()<>\[\]]+\)|\[[a-z0-9.:-]+\]\(https?://[^\s()<>\[\]]+\)|\[` + headlineLabel + `\]\(https?://[^\s()<>\[\]]+\)|<https?://[^\s<>]+>`)

// smallPrint begins the second line of each item of a list, below its bold headline.
var smallPrint = regexp.MustCompile(`(\*\*\n)-# `)

// readLabels lead to a report in each language.
var readLabels = []string{"read", "читати", "lire", "lesen", "leer", "czytaj"}

// labelled is a link under the name of a host.
var labelled = regexp.MustCompile(`\[([a-z0-9.:-]+)\]\((https?://[^\s()<>\[\]]+)\)`)

// honest fails when a link leads to another host than its label says.
func honest(t interface {
	Helper()
	Errorf(string, ...any)
}, s string,
) {
	t.Helper()
	for _, m := range labelled.FindAllStringSubmatch(s, -1) {
		if u, err := url.Parse(m[2]); !slices.Contains(readLabels, m[1]) && (err != nil || strings.TrimPrefix(u.Hostname(), "www.") != m[1]) {
			t.Errorf("a link says %s and leads to %s", m[1], m[2])
		}
	}
	for _, m := range linkedHeadline.FindAllStringSubmatch(s, -1) {
		if likeAddress.MatchString(m[1]) {
			t.Errorf("a link's label may be taken for an address: %s", m[1])
		}
	}
}

// check fails when p breaks a limit of Discord, could mention anyone but the
// roles, or shows markup that is not ours.
func check(t interface {
	Helper()
	Errorf(string, ...any)
}, p message.Payload, roles []string,
) {
	t.Helper()
	raw, err := json.Marshal(p)
	if err != nil {
		t.Errorf("payload does not marshal: %v", err)
		return
	}
	var wire struct {
		Embeds          *[]json.RawMessage `json:"embeds"`
		Components      *[]json.RawMessage `json:"components"`
		AllowedMentions struct {
			Parse *[]string `json:"parse"`
			Roles []string  `json:"roles"`
		} `json:"allowed_mentions"`
	}
	if err := json.Unmarshal(raw, &wire); err != nil {
		t.Errorf("payload does not read back: %v", err)
	}
	if wire.AllowedMentions.Parse == nil || len(*wire.AllowedMentions.Parse) != 0 {
		t.Errorf("allowed_mentions.parse is not []: %s", raw)
	}
	if wire.Embeds == nil || wire.Components == nil {
		t.Errorf("embeds or components are null: %s", raw)
	}
	for _, r := range wire.AllowedMentions.Roles {
		if !slices.Contains(roles, r) {
			t.Errorf("role %s may be mentioned although nobody asked for it", r)
		}
	}
	if len(wire.AllowedMentions.Roles) > message.MaxMentions {
		t.Errorf("%d roles in allowed_mentions", len(wire.AllowedMentions.Roles))
	}
	content := p.Content
	for _, r := range roles {
		content = strings.ReplaceAll(content, "<@&"+r+">", "")
	}
	within(t, "content", p.Content, message.MaxContent)
	quiet(t, "content", content)
	if p.Content == "" && len(p.Embeds) == 0 {
		t.Errorf("empty message")
	}
	checkEmbeds(t, p.Embeds)
}

func checkEmbeds(t interface {
	Helper()
	Errorf(string, ...any)
}, embeds []*discordgo.MessageEmbed,
) {
	t.Helper()
	sum := 0
	count := func(what, s string, max int) {
		within(t, what, s, max)
		sum += utf8.RuneCountInString(s)
	}
	if len(embeds) > message.MaxEmbeds {
		t.Errorf("%d embeds", len(embeds))
	}
	for _, e := range embeds {
		count("title", e.Title, message.MaxTitle)
		count("description", e.Description, message.MaxDescription)
		quiet(t, "title", e.Title)
		quiet(t, "description", e.Description)
		honest(t, e.Description)
		if e.Title == "" {
			t.Errorf("embed without a title")
		}
		if len(e.URL) > message.MaxURL || e.URL != "" && !strings.HasPrefix(e.URL, "http") {
			t.Errorf("url %q", e.URL)
		}
		if e.Author != nil {
			count("author", e.Author.Name, message.MaxAuthor)
		}
		if e.Footer != nil {
			count("footer", e.Footer.Text, message.MaxFooter)
		}
		if len(e.Fields) > message.MaxFields {
			t.Errorf("%d fields", len(e.Fields))
		}
		for _, f := range e.Fields {
			count("field name", f.Name, message.MaxFieldName)
			count("field value", f.Value, message.MaxFieldValue)
			quiet(t, "field value", f.Value)
			if f.Name == "" || f.Value == "" {
				t.Errorf("empty field")
			}
		}
	}
	if sum > message.MaxEmbedSum {
		t.Errorf("embeds hold %d code points", sum)
	}
}

// within checks a text's length and that it holds nothing hidden.
func within(t interface {
	Helper()
	Errorf(string, ...any)
}, what, s string, max int,
) {
	t.Helper()
	if n := utf8.RuneCountInString(s); n > max {
		t.Errorf("%s has %d code points, allowed are %d", what, n, max)
	}
	if !utf8.ValidString(s) {
		t.Errorf("%s is not UTF-8: %q", what, s)
	}
	for _, r := range s {
		if r != '\n' && r != '\u200d' && (unicode.IsControl(r) || unicode.In(r, unicode.Cf)) {
			t.Errorf("%s holds %U", what, r)
		}
	}
}

// quiet checks that no markup is live but ours.
func quiet(t interface {
	Helper()
	Errorf(string, ...any)
}, what, s string,
) {
	t.Helper()
	// Our own constructs go first: their addresses hold no backslash.
	rest := live(smallPrint.ReplaceAllString(ours.ReplaceAllString(s, ""), "$1"))
	rest = strings.ReplaceAll(rest, "**", "")
	for _, bad := range []string{"@", "<", ">", "[", "]", "`", "|", "~", "_", "*", "#", "://", "discord.gg"} {
		if strings.Contains(rest, bad) {
			t.Errorf("%s: %q is live in %q", what, bad, s)
		}
	}
	for line := range strings.SplitSeq(rest, "\n") {
		if regexp.MustCompile(`^\s*(-|\+|\d+[.)] )`).MatchString(line) {
			t.Errorf("%s: a line begins a list: %q", what, line)
		}
	}
}

func TestEscape(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"an ordinary headline stays readable", "Truce holds for a second day", "Truce holds for a second day"},
		{"emphasis", "*a* _b_ ~c~ `d` |e|", "\\*a\\* \\_b\\_ \\~c\\~ \\`d\\` \\|e\\|"},
		{"a backslash cannot undo an escape", `\@everyone`, `\\\@everyone`},
		{"marks without a meaning stay as they are", "Talks (again) on back-to-back days: what we know", "Talks (again) on back-to-back days: what we know"},
		{"a list", "- one", `\- one`},
		{"a masked link", "[BBC](https://evil.example)", `\[BBC\](https\://evil\.example)`},
		{"an invitation without a scheme", "join discord.gg/abc", `join discord\.gg/abc`},
		{"a numbered list", "1. first", `1\. first`},
		{"a decimal is no list further on", "up 1.5 per cent", "up 1.5 per cent"},
		{"an abbreviation", "U.S. and U.K. talk", "U.S. and U.K. talk"},
		{"white space is one space, on one line", " a\n\n b\t", "a b"},
		{"direction overrides go", "a\u202eb", "ab"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := message.Escape(c.in, 200); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func TestEscapeProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := texts().Draw(t, "text")
		max := rapid.IntRange(-2, 300).Draw(t, "max")
		got := message.Escape(in, max)
		if n := utf8.RuneCountInString(got); n > max && n > 0 {
			t.Fatalf("%d code points, allowed are %d", n, max)
		}
		within(t, "escaped", got, 300)
		quiet(t, "escaped", got)
		if strings.HasSuffix(strings.ReplaceAll(got, `\\`, ""), `\`) {
			t.Fatalf("ends within an escape: %q", got)
		}
	})
}

func TestEscapeLosesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := texts().Draw(t, "text")
		once := message.Escape(in, 100_000)
		shown := escaped.ReplaceAllStringFunc(once, func(s string) string { return s[1:] })
		if again := message.Escape(shown, 100_000); again != once {
			t.Fatalf("what is shown differs from what came in:\n%q\n%q", once, again)
		}
	})
}

func FuzzEscape(f *testing.F) {
	for _, s := range nasty {
		f.Add(s, 100)
	}
	f.Fuzz(func(t *testing.T, s string, max int) {
		max = min(max, 10_000)
		got := message.Escape(s, max)
		if n := utf8.RuneCountInString(got); n > max && n > 0 {
			t.Fatalf("%d code points, allowed are %d", n, max)
		}
		quiet(t, "escaped", got)
	})
}
