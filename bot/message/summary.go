package message

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/attache-bot/attache/bot/markup"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/text"
)

// summary is what a story is told in, within max code points: sentences of one
// report in a line that closes with who says so.
//
//	Both armies agreed to a ceasefire. — Example Wire, [wire.example](https://…)
//
// A sentence that does not fit is left out whole, but for the first, which is cut.
// A story without a headline is told by its beginning, and that is not repeated
// where nothing else remains.
func summary(c alert.Content, max int, from func(alert.Sentence, wording.Speaker) string, in wording.Speaker) string {
	if title, told := headline(c, in); told == "" || c.Summary != "" || len(c.Sentences) == 0 || title == told {
		return Escape(told, max)
	}
	if c.Phrased != "" {
		if line := phrased(c, max, from, in); line != "" {
			return line
		}
	}
	var lines []string
	room := max
	for rest := c.Sentences; len(rest) > 0; {
		n := run(rest)
		line := summaryLine(rest[:n], from(rest[0], in), room, len(lines) == 0)
		if line == "" {
			break
		}
		lines = append(lines, line)
		room -= utf8.RuneCountInString(line) + 1
		rest = rest[n:]
	}
	return strings.Join(lines, "\n")
}

// phrased is a summary that was put in other words, with a note of that and whose
// sentences it is made of. It is empty where it does not fit whole.
func phrased(c alert.Content, max int, from func(alert.Sentence, wording.Speaker) string, in wording.Speaker) string {
	var outlets []string
	for rest := c.Sentences; len(rest) > 0; rest = rest[run(rest):] {
		if o := from(rest[0], in); o != "" && !slices.Contains(outlets, o) {
			outlets = append(outlets, o)
		}
	}
	note := in.Say("alert.put")
	if len(outlets) > 0 {
		note = in.Say("alert.put-from", wording.Args{"outlets": markup.Markup(strings.Join(outlets, "; "))})
	}
	line := Escape(c.Phrased, MaxDescription) + " — " + string(note)
	if utf8.RuneCountInString(line) > max {
		return ""
	}
	return line
}

// run is how many of the first sentences stand in one report.
func run(all []alert.Sentence) int {
	n := 1
	for n < len(all) && all[n].Link == all[0].Link && all[n].Outlet == all[0].Outlet {
		n++
	}
	return n
}

// summaryLine is the sentences of one report, as many as fit, with their source;
// empty when none fits. cut lets the first one be shortened.
func summaryLine(all []alert.Sentence, source string, room int, cut bool) string {
	if source != "" {
		source = " — " + source
	}
	room -= utf8.RuneCountInString(source)
	line := ""
	for _, s := range all {
		one := Escape(s.Text, MaxDescription)
		if line != "" && one != "" {
			one = " " + one
		}
		n := utf8.RuneCountInString(one)
		if n > room && line == "" && cut {
			line = Escape(s.Text, room)
		}
		if n > room {
			break
		}
		room -= n
		line += one
	}
	if line == "" {
		return ""
	}
	return line + source
}

// named is a sentence's outlet.
func named(s alert.Sentence, in wording.Speaker) string {
	if text.Clean(s.Outlet.Name) == "" {
		return ""
	}
	return Escape(s.Outlet.Name, maxOutlet) + stateMark(s.Outlet, in)
}

// besides names the outlets of sentences, unless all are of the alert's own report,
// whose outlet and link stand below.
func besides(c alert.Content) func(alert.Sentence, wording.Speaker) string {
	for _, s := range c.Sentences {
		if s.Link != c.Link || s.Outlet != c.Outlet {
			return named
		}
	}
	return func(alert.Sentence, wording.Speaker) string { return "" }
}

// linked is a sentence's outlet with a link to its report. The label of the link
// is the host that it leads to, so that no name can stand for another address.
func linked(s alert.Sentence, in wording.Speaker) string {
	name := named(s, in)
	l, ok := CheckLink(s.Link)
	if !ok || len(l.URL) > maxLineLink {
		return name
	}
	link := "[" + label(l.Host) + "](" + l.URL + ")"
	if name == "" {
		return link
	}
	return name + ", " + link
}

// label is a host as the label of a link.
func label(host string) string { return strings.TrimPrefix(host, "www.") }
