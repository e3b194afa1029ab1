package wording

import (
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"unicode/utf8"

	"github.com/nicksnyder/go-i18n/v2/i18n"
)

var (
	keyForm     = regexp.MustCompile(`^[a-z-]+\.[a-z0-9]+(-[a-z0-9]+)*$`)
	placeholder = regexp.MustCompile(`\{\{\s*\.([a-zA-Z]+)\s*\}\}`)
	commandName = regexp.MustCompile(`(?:^|[^\w/:.])/([a-z]+)`)
	// marks are what must be in a translation as often as in English.
	marks = []string{"**", "`", "\n", "-#", "<", ">", "•"}
	// reserved are keys that the file format takes for parts of an entry.
	reserved = []string{"id", "description", "hash", "leftdelim", "rightdelim", "zero", "one", "two", "few", "many", "other"}
)

// forms are the texts of an entry by plural form.
func forms(m *i18n.Message) map[string]string {
	all := map[string]string{"zero": m.Zero, "one": m.One, "two": m.Two, "few": m.Few, "many": m.Many, "other": m.Other}
	maps.DeleteFunc(all, func(_, s string) bool { return s == "" })
	return all
}

// counts reports whether an entry has plural forms.
func counts(m *i18n.Message) bool { return m.One != "" || m.Few != "" || m.Many != "" }

// takes are the arguments of an entry.
func takes(m *i18n.Message) []string {
	var out []string
	if counts(m) {
		out = append(out, "count")
	}
	for _, s := range forms(m) {
		out = append(out, placeholders(s)...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func placeholders(s string) []string {
	var out []string
	for _, p := range placeholder.FindAllStringSubmatch(s, -1) {
		out = append(out, p[1])
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func commandsIn(s string) []string {
	var out []string
	for _, p := range commandName.FindAllStringSubmatch(s, -1) {
		out = append(out, p[1])
	}
	slices.Sort(out)
	return out
}

// lengths are what an entry may have where it goes, by the end of its id
// (https://discord.com/developers/docs/components/reference): buttons as long as
// phones show.
var lengths = map[string]int{"-button": 40, "-label": 45, "-form": 45, "-placeholder": 100}

const longest = 1500

// faults are what is wrong with a translation of an entry.
func faults(lang string, en, m *i18n.Message) []string {
	var out []string
	bad := func(format string, args ...any) { out = append(out, fmt.Sprintf(format, args...)) }
	if counts(en) != counts(m) {
		bad("has plural forms, or has none, unlike English")
	}
	if (en.Zero == "") != (m.Zero == "") {
		bad("says something of none at all, or does not, unlike English")
	}
	for form, s := range forms(m) {
		model := en.Other
		if form == "one" && en.One != "" {
			model = en.One
		}
		if form == "zero" {
			model = en.Zero
		}
		if open := strings.Count(s, "{{"); open != len(placeholder.FindAllString(s, -1)) || open != strings.Count(s, "}}") {
			bad("%s: a placeholder is written {{.name}}: %q", form, s)
		}
		if strings.TrimSpace(s) != s || strings.Contains(s, "  ") {
			bad("%s: spaces at an end, or two in a row: %q", form, s)
		}
		want, have := placeholders(en.Other), placeholders(s)
		if form == "zero" || form == "one" && slices.Contains([]string{"en", "de", "es", "pl"}, lang) {
			// There the form is for 1 alone, and may say it in a word.
			isCount := func(p string) bool { return p == "count" }
			want, have = slices.DeleteFunc(want, isCount), slices.DeleteFunc(have, isCount)
		}
		if !slices.Equal(want, have) {
			bad("%s: has the placeholders %v, and English %v", form, have, want)
		}
		for _, mark := range marks {
			if strings.Count(s, mark) != strings.Count(model, mark) {
				bad("%s: has %q %d times, and English %d times", form, mark, strings.Count(s, mark), strings.Count(model, mark))
			}
		}
		if strings.Count(s, "**")%2 != 0 || strings.Count(s, "`")%2 != 0 || strings.Count(s, "(") != strings.Count(s, ")") {
			bad("%s: a mark or bracket stands alone: %q", form, s)
		}
		if !slices.Equal(commandsIn(s), commandsIn(model)) {
			bad("%s: names the commands %v, and English %v", form, commandsIn(s), commandsIn(model))
		}
		limit := longest
		for end, n := range lengths {
			if strings.HasSuffix(m.ID, end) {
				limit = n
			}
		}
		if n := utf8.RuneCountInString(s); n > limit {
			bad("%s: is %d characters long, and may be %d", form, n, limit)
		}
	}
	return out
}

func TestTheCatalogueIsWhole(t *testing.T) {
	t.Parallel()
	c := builtIn()
	english := c.entries["en"]
	for id := range english {
		if key := strings.SplitN(string(id), ".", 2); !keyForm.MatchString(string(id)) || slices.Contains(reserved, key[1]) {
			t.Errorf("%s: use small letters, digits and hyphens, and none of %v", id, reserved)
		}
	}
	for _, lang := range Languages() {
		for id, en := range english {
			m, ok := c.entries[lang][id]
			if !ok {
				t.Errorf("%s lacks %s: %q", lang, id, en.Other)
				continue
			}
			for _, f := range faults(lang, en, m) {
				t.Errorf("%s of %s: %s", id, lang, f)
			}
		}
		for id := range c.entries[lang] {
			if _, ok := english[id]; !ok {
				t.Errorf("%s has %s, which is not in English", lang, id)
			}
		}
	}
}

// TestEveryNumberHasItsForm says every counting entry with numbers of every kind,
// and fails where a language would have to borrow another form or English.
func TestEveryNumberHasItsForm(t *testing.T) {
	t.Parallel()
	c := builtIn()
	for _, lang := range Languages() {
		for id, m := range c.entries[lang] {
			args := map[string]any{}
			for _, a := range takes(m) {
				args[a] = "x"
			}
			args["slash"] = Speaker{}.slash
			for _, n := range []int{0, 1, 2, 5, 11, 12, 21, 22, 25, 100, 1_000_000} {
				config := i18n.LocalizeConfig{MessageID: string(id), TemplateData: args, TemplateParser: strict()}
				if counts(m) {
					args["count"], config.PluralCount = n, n
				}
				if _, err := c.speak[lang].Localize(&config); err != nil {
					t.Errorf("%s of %s with %d: %v", id, lang, n, err)
				}
				if !counts(m) {
					break
				}
			}
		}
	}
}

func TestFaultsOfTranslationsAreFound(t *testing.T) {
	t.Parallel()
	entry := func(one, other string) *i18n.Message { return &i18n.Message{ID: "a.b", One: one, Other: other} }
	for name, c := range map[string]struct {
		lang, id string
		en, m    *i18n.Message
	}{
		"a placeholder is missing": {"de", "a.b", entry("", "{{.a}} and {{.b}}"), entry("", "{{.a}}")},
		"a placeholder is broken":  {"de", "a.b", entry("", "{{.a}}"), entry("", "{{.a}")},
		"bold is lost":             {"de", "a.b", entry("", "**a**"), entry("", "a")},
		"a mark stands alone":      {"de", "a.b", entry("", "**a**"), entry("", "** a ** **")},
		"no plural":                {"de", "a.b", entry("{{.count}} a", "{{.count}} as"), entry("", "{{.count}} as")},
		"21 would be said as 1":    {"uk", "a.b", entry("one a", "{{.count}} as"), entry("одна", "{{.count}} а")},
		"another command":          {"de", "a.b", entry("", "Use /recent."), entry("", "Nimm /search.")},
		"spaces":                   {"de", "a.b", entry("", "a"), entry("", "a ")},
		"too long":                 {"de", "a.b-button", entry("", "a"), entry("", strings.Repeat("a", 41))},
	} {
		c.m.ID = c.id
		if c.m.ID == "" {
			c.m.ID = "a.b"
		}
		if len(faults(c.lang, c.en, c.m)) == 0 {
			t.Errorf("%s: not found", name)
		}
	}
	if f := faults("de", entry("a {{.x}}", "{{.count}} {{.x}}"), entry("ein {{.x}}", "{{.count}} {{.x}}")); len(f) > 0 {
		t.Errorf("a sound one has faults: %v", f)
	}
}

func TestBrokenCataloguesAreRefused(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]struct{ name, text string }{
		"no language":        {"area.toml", `a = "b"`},
		"a language unknown": {"area.xx.toml", `a = "b"`},
		"no TOML":            {"area.en.toml", `a = b`},
	} {
		if _, err := read(fstest.MapFS{file.name: {Data: []byte(file.text)}}); err == nil || !strings.Contains(err.Error(), file.name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := fs.Stat(files, "catalogue"); err != nil {
		t.Error(err)
	}
}
