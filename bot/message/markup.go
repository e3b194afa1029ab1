package message

import (
	"fmt"
	"unicode/utf8"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/markup"
	"github.com/attache-bot/attache/internal/text"
)

// Markup is text in Discord's markup in which everything from outside has been
// escaped.
type Markup = markup.Markup

// Escape makes text from outside safe where Discord renders markup, within max
// code points ([markup.Escape]).
func Escape(s string, max int) string { return markup.Escape(s, max) }

// plain cleans text for places that render no markup, within max code points.
func plain(s string, max int) string { return text.Cut(text.Clean(s), max) }

// maxArgument is how much of a text from outside a sentence of ours repeats.
const maxArgument = 200

// Format is fmt.Sprintf for sentences of ours: every argument that is a string,
// an error or a fmt.Stringer is escaped and shortened to 200 code points, Markup
// goes in as it is. The verbs for texts are %s and %v.
func Format(format string, args ...any) Markup {
	safe := make([]any, len(args))
	for i, a := range args {
		switch a := a.(type) {
		case Markup, bool, int, int64, uint, float64:
			safe[i] = a
		case string:
			safe[i] = Escape(a, maxArgument)
		default:
			safe[i] = Escape(fmt.Sprint(a), maxArgument)
		}
	}
	return Markup(fmt.Sprintf(format, safe...))
}

// Text is a message that is one text.
func Text(m Markup) Payload {
	// Our sentences fit; the cut is there for the one that would not.
	return Payload{Content: text.Cut(string(m), MaxContent)}
}

// Panel is an embed with a title, which is plain text, lines, and a note that
// closes it after a blank line.
// It takes as many of the lines, from the first, as fit beside the note, and
// returns how many those are.
func Panel(title string, lines []Markup, note Markup) (p Payload, shown int) {
	end := string(note)
	room := MaxDescription
	if end != "" {
		end = "\n\n" + end
		room -= utf8.RuneCountInString(end)
	}
	body := ""
	for _, l := range lines {
		s := string(l)
		if shown > 0 {
			s = "\n" + s
		}
		n := utf8.RuneCountInString(s)
		if n > room {
			break
		}
		room -= n
		body += s
		shown++
	}
	if shown == 0 && len(end) > 0 {
		end = string(note)
	}
	return Payload{Embeds: List[*discordgo.MessageEmbed]{{
		Title:       Escape(title, MaxTitle),
		Description: text.Cut(body+end, MaxDescription),
		Color:       otherGrey,
	}}}, shown
}
