package parse

import (
	"html"
	"regexp"
	"strings"
	"unicode/utf8"

	xhtml "golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/attache-bot/attache/internal/text"
)

// maxMarkup bounds what is read of one text in bytes, well over what is kept
// of it.
const maxMarkup = 512 << 10

// maxRounds is how often a text is taken out of its markup: feeds escape what
// was escaped before, seldom more than twice.
const maxRounds = 3

// oneLine makes plain text on one line of a title or a name.
func oneLine(s string) string { return text.Clean(plain(s)) }

// paragraphs makes plain text of a description, one paragraph a line, without
// the lines that publishers append to every item.
func paragraphs(s string) string { return dropTails(text.CleanLines(plain(s))) }

// plain removes markup and decodes references until neither is left.
func plain(s string) string {
	if len(s) > maxMarkup {
		s = strings.ToValidUTF8(s[:maxMarkup], "")
	}
	for range maxRounds {
		s = dropCDATA(s)
		if !mayHaveMarkup(s) {
			break
		}
		before := s
		s = strip(s)
		if !hasMarkup(s) || s == before {
			break
		}
	}
	return s
}

// dropCDATA removes the marks of sections within sections, left over as text;
// the outer section takes the last bracket of the inner one's end.
func dropCDATA(s string) string {
	const begin = "<![CDATA["
	if !strings.Contains(s, begin) {
		return s
	}
	s = strings.ReplaceAll(strings.ReplaceAll(s, begin, ""), "]]>", "")
	return strings.TrimSuffix(strings.TrimSpace(s), "]]")
}

// markup is what tells that a text is still encoded: a reference with its
// semicolon, or a tag of a name that feeds use in texts.
var markup = regexp.MustCompile(`(?i)&(#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});|</?(p|br|a|b|i|u|em|strong|div|span|img|ul|ol|li|h[1-6]|blockquote|figure|figcaption|table|tr|td|th|font|script|style|iframe|center|small|sup|sub|hr)(\s[^<>]*)?/?>`)

func mayHaveMarkup(s string) bool {
	return strings.IndexByte(s, '<') >= 0 || strings.IndexByte(s, '&') >= 0
}

func hasMarkup(s string) bool {
	if !mayHaveMarkup(s) {
		return false
	}
	m := markup.FindString(s)
	return m != "" && (m[0] == '<' || html.UnescapeString(m) != m)
}

// strip reads s as HTML and keeps its text. Block elements begin a new line.
// The content of elements that hold no text for readers is dropped; where such
// an element is never closed, only what can be no text at all.
func strip(s string) string {
	out, closed := stripSkipping(s, isUnreadable)
	if !closed {
		out, _ = stripSkipping(s, isCode)
	}
	return out
}

// stripSkipping drops the content of the elements that skipped names, and
// tells whether the last of them was closed.
func stripSkipping(s string, skipped func(atom.Atom) bool) (out string, closed bool) {
	var b strings.Builder
	b.Grow(len(s))
	z := xhtml.NewTokenizer(strings.NewReader(s))
	skip := skipper{skipped: skipped}
	for {
		switch z.Next() {
		case xhtml.ErrorToken:
			// The end, as reading from a string cannot fail.
			return b.String(), !skip.active()
		case xhtml.TextToken:
			if !skip.active() {
				b.Write(z.Text())
			}
		case xhtml.StartTagToken:
			name, _ := z.TagName()
			a := atom.Lookup(name)
			skip.start(a)
			b.WriteString(separator(a))
		case xhtml.SelfClosingTagToken: // "<iframe/>", as XHTML has it, holds nothing
			name, _ := z.TagName()
			b.WriteString(separator(atom.Lookup(name)))
		case xhtml.EndTagToken:
			name, _ := z.TagName()
			a := atom.Lookup(name)
			skip.end(a)
			b.WriteString(separator(a))
		}
	}
}

// skipper follows one element without readable text to its end. Nested ones of
// the same name are counted; others inside do not matter.
type skipper struct {
	skipped func(atom.Atom) bool
	element atom.Atom
	depth   int
}

func (k *skipper) active() bool { return k.depth > 0 }

func (k *skipper) start(a atom.Atom) {
	switch {
	case k.depth > 0 && a == k.element:
		k.depth++
	case k.depth == 0 && k.skipped(a):
		k.element, k.depth = a, 1
	}
}

func (k *skipper) end(a atom.Atom) {
	if k.depth > 0 && a == k.element {
		k.depth--
	}
}

func isCode(a atom.Atom) bool {
	return a == atom.Script || a == atom.Style || a == atom.Svg
}

func isUnreadable(a atom.Atom) bool {
	switch a {
	case atom.Script, atom.Style, atom.Noscript, atom.Iframe, atom.Template, atom.Svg, atom.Math, atom.Object,
		atom.Figcaption, atom.Form, atom.Select, atom.Textarea, atom.Button, atom.Audio, atom.Video, atom.Canvas:
		return true
	}
	return false
}

// separator is what stands in the text where a tag was.
func separator(a atom.Atom) string {
	switch a {
	case atom.P, atom.Br, atom.Div, atom.Li, atom.Ul, atom.Ol, atom.Dl, atom.Dt, atom.Dd, atom.H1, atom.H2, atom.H3,
		atom.H4, atom.H5, atom.H6, atom.Blockquote, atom.Pre, atom.Table, atom.Tr, atom.Hr, atom.Figure, atom.Section,
		atom.Article, atom.Header, atom.Footer, atom.Aside, atom.Main, atom.Nav, atom.Address, atom.Center, atom.Form,
		atom.Figcaption, atom.Iframe, atom.Video:
		return "\n"
	case atom.Td, atom.Th, atom.Img:
		return " "
	}
	return ""
}

// tails are lines that feeds append to their items. Each must stand at the end
// of the text and begin a line or follow the end of a sentence.
var (
	postTail = regexp.MustCompile(`(?:^|\n|\s)(?:The post|Le post|Сообщение|Запис|Der Beitrag|Artykuł|La entrada|L'article|L’article) [^\n]{1,300}? (?:appeared first on|first appeared on|erschien zuerst auf|est apparu en premier sur|появились сначала на|вперше з'явився на|pochodzi z serwisu|apareció primero en|se publicó primero en) [^\n]{1,150}$`)
	moreTail = regexp.MustCompile(`(?i)(^|\n|[.!?…»”"')\]]\s*)[(\[]?(?:read (?:more|on|the full (?:story|article|report)|full (?:story|article))|continue reading|keep reading|full (?:story|article)|more\s*(?:»|>>|→|\.\.\.|…)|learn more|click here(?: to read more)?|weiterlesen|mehr lesen|lire (?:la suite|plus)|en savoir plus|leer más|seguir leyendo|читать (?:далее|дальше|полностью)|подробнее|читати (?:далі|більше)|детальніше|czytaj (?:więcej|dalej)|اقرأ المزيد|ادامه مطلب)(?: (?:on|at|here|auf|sur|en|на) ?[^\n.]{0,60}|: [^\n]{0,100})?[\s)\]»>→.…:]*$`)
)

// mayHaveTail tells most texts without a tail at a tenth of the cost of the
// expressions.
func mayHaveTail(s string) (post, more bool) {
	for _, h := range []string{
		"appeared", "zuerst auf", "en premier sur", "сначала на", "вперше", "z serwisu", "primero en",
	} {
		post = post || strings.Contains(s, h)
	}
	more = beginsTail(s)
	for i := 0; i < len(s) && !more; i++ {
		switch s[i] {
		case '\n', '.', '!', '?', '"', '\'', ')', ']':
			more = beginsTail(s[i+1:])
		case 0xA6, 0xBB, 0x9D: // the last bytes of …, » and ”
			more = beginsTail(s[i+1:])
		}
	}
	return post, more
}

// beginsTail tells whether s may begin with one of the calls of moreTail.
func beginsTail(s string) bool {
	s = strings.TrimLeft(s, " \t\n\v\f\r")
	if s != "" && (s[0] == '(' || s[0] == '[') {
		s = s[1:]
	}
	for _, w := range []string{
		"read", "contin", "keep", "full", "more", "learn", "cli", "weiter", "mehr", "lire", "en savoir", "leer", "seg", "czytaj",
		"чита", "подробн", "детальн", "اقرأ", "ادامه",
	} {
		if len(s) >= len(w) && (s[0]|0x20 == w[0] || s[0] >= utf8.RuneSelf) && strings.EqualFold(s[:len(w)], w) {
			return true
		}
	}
	return false
}

// maxTail is how far from the end in bytes a tail may begin.
const maxTail = 480

// dropTails removes such lines, several of them if need be. A text that is
// nothing else stays empty.
func dropTails(s string) string {
	for range maxRounds {
		tail := max(0, len(s)-maxTail)
		for tail > 0 && tail < len(s) && s[tail]&0xC0 == 0x80 {
			tail++
		}
		head, end := s[:tail], s[tail:]
		post, more := mayHaveTail(end)
		if !post && !more {
			return s
		}
		if post {
			if loc := postTail.FindStringIndex(end); loc != nil && (tail == 0 || loc[0] > 0) {
				end = end[:loc[0]]
			}
		}
		if more {
			if loc := moreTail.FindStringSubmatchIndex(end); loc != nil && (tail == 0 || loc[0] > 0) {
				end = end[:loc[3]]
			}
		}
		cut := strings.TrimRight(head+end, " \n")
		if cut == s {
			return s
		}
		s = cut
	}
	return s
}
