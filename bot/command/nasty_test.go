package command_test

import (
	"encoding/json"
	"flag"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/topic"
)

// nastyTexts are what feeds and people write who would like to mention somebody, to
// lead somebody astray, or to break a message.
var nastyTexts = []string{
	"@everyone @here <@1> <@!1> <@&300000000000000001> <#1> </help:1>", `\@everyone \\@everyone \<@1>`,
	"[BBC News](https://evil.example) bbc.com/news", "](https://evil.example) x", "https://evil.example/a discord.gg/abc <https://evil.example>",
	"**b** __u__ ~~s~~ ||spoiler|| `c` ```block", "# Head\n-# small\n> quote\n>>> all\n- item\n1. one", "<t:0:R> <:x:1> <a:x:1> <id:home>",
	"\u202egnp.exe\u202c \u2066x\u2069 \u200f\u061c", "a\u200b\u2060\ufeffb \U000E0041\U000E007F \u115f\u3164", "\x00\x07\x1b[31mred", "\xff\xfe\xed\xa0\x80",
	"Z\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308algo", strings.Repeat("👨‍👩‍👧‍👦", 300), strings.Repeat("*_`~|>#[]()\\", 300), strings.Repeat("слово ", 400),
	"%s %d %!v(MISSING) {{.count}} ${jndi:ldap://x}", "'; DROP TABLE guilds; --", "<script>alert(1)</script> &lt;@everyone&gt;", "…", " \t\n ", "javascript:alert(1)",
}

// everyNasty has each command take each text, not only each fifth of them.
var everyNasty = flag.Bool("every-nasty", false, "have each command take each hostile text")

// nastyBench is a guild where whatever has a text has one of these.
func nastyBench(t *testing.T) bench {
	t.Helper()
	b := furnished(t)
	var all []told
	for i, s := range nastyTexts {
		what := []string{"ceasefire", "sanctions", "own-1", ""}[i%4]
		all = append(all, told{"wire", "Truce " + s, "https://wire.example/" + fmt.Sprint(i) + s, topic.ID(what), "", 5 + i, []string{alertsID}})
		if i%4 != 0 {
			continue
		}
		if _, err := b.store.CreateTopic(t.Context(), guild.Topic{Guild: guildID, Name: s, Query: "truce " + fmt.Sprint(i), CreatedBy: userID, Created: now}); err != nil {
			t.Logf("no topic is called %q: %v", s, err)
		}
	}
	b.tell(t, all...)
	b.tellStory(t, 0)
	return b
}

// TestNoAnswerShowsWhatFeedsOrPeopleMeanIt has every command, button, menu and form
// answer in every language where all that is told and typed is nasty.
func TestNoAnswerShowsWhatFeedsOrPeopleMeanIt(t *testing.T) {
	t.Parallel()
	b, c := nastyBench(t), newContract(t)
	schemas := map[interaction.ResponseType]string{
		interaction.AnswerNow: "CreateMessageInteractionCallbackRequest", interaction.AnswerLater: "CreateMessageInteractionCallbackRequest",
		interaction.UpdateNow: "UpdateMessageInteractionCallbackRequest", interaction.UpdateLater: "UpdateMessageInteractionCallbackRequest",
		interaction.Complete: "ApplicationCommandAutocompleteCallbackRequest", interaction.OpenForm: "ModalInteractionCallbackRequest",
	}
	deeds := actions(b.Router, nastyTexts...)
	told := 0
	for i, d := range deeds {
		if i%5 > 0 && !*everyNasty {
			continue
		}
		in := d.make()
		in["locale"] = wording.Languages()[i%len(wording.Languages())]
		in["guild_locale"] = in["locale"]
		for _, got := range answers(t, b.Router, b.discord, in) {
			told++
			if i%3 == 0 { // which takes longest
				c.check(d.name, schemas[got.typ], got.body)
			}
			for _, why := range harms(t, got) {
				t.Errorf("%.80q in %s: %s", d.name, in["locale"], why)
			}
		}
	}
	t.Logf("%d actions, %d answers", len(deeds), told)
	if told < 300 {
		t.Errorf("only %d answers", told)
	}
}

// rendered are the fields where Discord reads markup.
var rendered = map[string]bool{"content": true, "title": true, "description": true, "value": true}

var (
	anEscape   = regexp.MustCompile(`\\[^0-9A-Za-z\s]`)
	ourOwn     = regexp.MustCompile(`<t:\d+:[a-zA-Z]>|<@&\d{17,20}>|<@\d{17,20}>|<#\d{17,20}>|</[a-z]+(?: [a-z]+)?:\d{17,20}>|\]\(https://(?:wire|state|daily|gone)\.example/[^\s()<>\[\]]*\)|\]\(https://discord\.com/channels/[0-9/]+\)|/whynot link:https://news\.example/truce`)
	liveNasty  = regexp.MustCompile(`@everyone|@here|<@|<#|</|<t:|<:|<a:|\]\(|https?://[a-z0-9]|discord\.gg|\|\||~~|` + "```")
	mayMention = regexp.MustCompile(`"allowed_mentions":\{[^}]*"parse":\[\]`)
)

// harms are the ways in which an answer does what a text wants.
func harms(t *testing.T, got sent) []string {
	t.Helper()
	raw, err := json.Marshal(got.body)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	if strings.Contains(string(raw), `"content"`) && !mayMention.Match(raw) {
		out = append(out, "the message may mention whom its text names")
	}
	// Buttons, menus, forms and choices show what they are given as it stands.
	var walk func(field string, v any, markup bool)
	walk = func(field string, v any, markup bool) {
		switch v := v.(type) {
		case map[string]any:
			for k, x := range v {
				walk(k, x, markup && k != "components" && k != "choices" && k != "attachments")
			}
		case []any:
			for _, x := range v {
				walk(field, x, markup)
			}
		case string:
			if field == "custom_id" || field == "url" || field == "value" && !markup && got.typ != interaction.OpenForm {
				return // which comes back and is not shown
			}
			for _, r := range v {
				if r != '\n' && r != '\u200d' && (unicode.IsControl(r) || unicode.In(r, unicode.Cf)) {
					out = append(out, fmt.Sprintf("%s holds %U: %.100q", field, r, v))
					break
				}
			}
			if !utf8.ValidString(v) {
				out = append(out, field+" is no UTF-8")
			}
			if rendered[field] && markup {
				if m := liveNasty.FindString(anEscape.ReplaceAllString(ourOwn.ReplaceAllString(v, ""), "x")); m != "" {
					out = append(out, fmt.Sprintf("%q is live in %s: %.200q", m, field, v))
				}
			}
		}
	}
	walk("", any(got.body), got.typ != interaction.OpenForm)
	return out
}
