package wording

import (
	"fmt"
	"maps"
	"strings"

	"github.com/nicksnyder/go-i18n/v2/i18n"
	"github.com/nicksnyder/go-i18n/v2/i18n/template"
	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/attache-bot/attache/bot/markup"
	"github.com/attache-bot/attache/internal/text"
)

// ID names something to say: "AREA.KEY".
type ID string

// Args fill the placeholders of what is said, by their names. "count", an int,
// also chooses the plural form.
type Args map[string]any

// Saying is something to say before it is known in which language.
type Saying struct {
	ID   ID
	Args Args
}

// Plainly is a saying that holds no markup: its signs are to be seen as they are.
type Plainly Saying

// OneOf is an argument that is said as a list with "or": "a, b or c".
type OneOf []string

// Sayings are an argument that is said one after the other, with commas between.
type Sayings []Saying

// maxArgument is how much of a text from outside a sentence of ours repeats, in
// code points.
const maxArgument = 200

// maxPlainly is the same for a sentence of ours.
const maxPlainly = 600

// Speaker speaks one language. The zero Speaker speaks English.
type Speaker struct {
	lang string
	// commands are those that can be clicked in what it says; nil for none.
	commands *Commands
}

// Knowing returns a speaker of the same language who names commands so that they
// can be clicked, where there is markup and as far as their ids are known.
func (s Speaker) Knowing(c *Commands) Speaker {
	s.commands = c
	return s
}

// In returns a speaker of the first of the locales whose language the bot speaks,
// else of English. Locales are as Discord names them, e.g. "uk" or "es-419"; an
// empty one is passed over.
func In(locales ...string) Speaker {
	for _, l := range locales {
		if s, ok := spoken(l); ok {
			return s
		}
	}
	return Speaker{}
}

// Spoken reports whether the bot speaks the language of a locale.
func Spoken(locale string) bool {
	_, ok := spoken(locale)
	return ok
}

func spoken(locale string) (Speaker, bool) {
	base, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(locale), "_", "-"), "-")
	for _, l := range Languages() {
		if l == base {
			return Speaker{lang: l}, true
		}
	}
	return Speaker{}, false
}

// Language is what is spoken, one of [Languages].
func (s Speaker) Language() string {
	if s.lang == "" {
		return Languages()[0]
	}
	return s.lang
}

// Say says something in Discord's markup. It always says something: in English
// what the language lacks, and for what there is not, its id.
func (s Speaker) Say(id ID, args ...Args) markup.Markup {
	return markup.Markup(s.fill(id, args, s.slash, func(v any) string {
		switch v := v.(type) {
		case markup.Markup:
			return string(v)
		case Saying:
			return string(s.Tell(v))
		case Sayings:
			said := make([]string, len(v))
			for i, w := range v {
				said[i] = string(s.Tell(w))
			}
			return strings.Join(said, ", ")
		case Plainly:
			return markup.Escape(s.Plain(v.ID, v.Args), maxPlainly)
		case OneOf:
			return string(s.Or(escaped(v)...))
		}
		return markup.Escape(fmt.Sprint(v), maxArgument)
	}))
}

// Tell says a saying.
func (s Speaker) Tell(w Saying) markup.Markup { return s.Say(w.ID, w.Args) }

// Plain is [Speaker.Say] for places that show no markup, such as labels,
// autocomplete and names of threads: arguments are cleaned, and not escaped.
func (s Speaker) Plain(id ID, args ...Args) string {
	return s.fill(id, args, Speaker{}.slash, func(v any) string {
		switch v := v.(type) {
		case Saying:
			return s.Plain(v.ID, v.Args)
		case OneOf:
			names := make([]markup.Markup, len(v))
			for i, n := range v {
				names[i] = markup.Markup(text.Cut(text.Clean(n), maxArgument))
			}
			return string(s.Or(names...))
		}
		return text.Cut(text.Clean(fmt.Sprint(v)), maxArgument)
	})
}

// fill puts arguments into a sentence, and commands by slash.
func (s Speaker) fill(id ID, args []Args, slash func(name, next string) string, show func(any) string) string {
	data := map[string]any{}
	for _, a := range args {
		maps.Copy(data, a)
	}
	c := i18n.LocalizeConfig{MessageID: string(id), TemplateData: data, TemplateParser: strict()}
	for k, v := range data {
		if n, ok := v.(int); ok {
			if k == "count" {
				c.PluralCount = n
			}
			continue
		}
		data[k] = show(v)
	}
	data["slash"] = slash
	if m := builtIn().entries[Languages()[0]][id]; m != nil && m.Zero != "" && c.PluralCount == 0 {
		c.MessageID, c.PluralCount = c.MessageID+forNone, nil
	}
	for _, l := range []string{s.Language(), Languages()[0]} {
		if said, err := builtIn().speak[l].Localize(&c); err == nil {
			return said
		}
	}
	return string(id)
}

// strict reads sentences so that none is said with a placeholder left empty. The
// first use of a sentence decides for all later ones.
func strict() *template.TextParser { return &template.TextParser{Option: "missingkey=error"} }

func escaped(names []string) []markup.Markup {
	out := make([]markup.Markup, len(names))
	for i, n := range names {
		out[i] = markup.Markup(markup.Escape(n, maxArgument))
	}
	return out
}

// Or joins names: "a", "a or b", "a, b or c".
func (s Speaker) Or(names ...markup.Markup) markup.Markup { return s.list("list.or", names) }

// And joins names: "a", "a and b", "a, b and c".
func (s Speaker) And(names ...markup.Markup) markup.Markup { return s.list("list.and", names) }

// Quoted puts a text from outside into the language's quotation marks.
func (s Speaker) Quoted(what string) markup.Markup { return s.Say("list.quote", Args{"what": what}) }

func (s Speaker) list(id ID, names []markup.Markup) markup.Markup {
	last := len(names) - 1
	switch {
	case last < 0:
		return ""
	case last == 0:
		return names[0]
	}
	before := make([]string, last)
	for i, n := range names[:last] {
		before[i] = string(n)
	}
	return s.Say(id, Args{"before": markup.Markup(strings.Join(before, ", ")), "last": names[last]})
}

// Name is what something is called in another language than English, as plain
// text: the entry of that key in an area whose keys are names of the domain, such
// as "topic" or "stage". It is english, the name that the thing itself has, where
// there is none.
func (s Speaker) Name(vocabulary, key, english string) string {
	if m, ok := builtIn().entries[s.Language()][ID(vocabulary+"."+key)]; ok && (s.lang != "" && s.lang != Languages()[0]) {
		return m.Other
	}
	return english
}

// Words are the words between blanks in an entry, of every language.
func Words(id ID) []string {
	var out []string
	for _, l := range Languages() {
		if m, ok := builtIn().entries[l][id]; ok {
			out = append(out, strings.Fields(m.Other)...)
		}
	}
	return out
}

// Country is the name of the country with an ISO 3166-1 code, as plain text, or
// the code where it has none.
func (s Speaker) Country(code string) string {
	r, err := language.ParseRegion(code)
	if err != nil {
		return text.Clean(code)
	}
	return display.Regions(language.Make(s.Language())).Name(r)
}

// Order returns how the language sorts names; what it returns is not safe for
// concurrent use.
func (s Speaker) Order() func(a, b string) int {
	return collate.New(language.Make(s.Language())).CompareString
}

// Everywhere is something without arguments in every language but English, by
// the locales under which Discord asks for it
// (https://discord.com/developers/docs/reference#locales).
func Everywhere(id ID) map[string]string {
	out := map[string]string{}
	for locale, lang := range map[string]string{"uk": "uk", "fr": "fr", "de": "de", "es-ES": "es", "es-419": "es", "pl": "pl"} {
		if _, ok := builtIn().entries[lang][id]; ok {
			out[locale] = Speaker{lang: lang}.Plain(id)
		}
	}
	return out
}
