package message

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/text"
)

// Alert is the payload of an alert's message in the form that it asks for, with
// the commands that it names to be clicked; nil knows none. The nonce is the
// sender's to add.
func Alert(m alert.Message, known *wording.Commands) Payload {
	in := wording.In(m.Language).Knowing(known)
	m.Content.Living = m.Content.In(m.Language)
	p := Payload{AllowedMentions: AllowedMentions{Roles: roles(m.Roles)}}
	switch {
	case m.Kind == alert.CatchUp:
		p.AllowedMentions.Roles = nil
		p.Content = string(in.Say("alert.away", wording.Args{"count": max(m.Content.More, 0)}))
	case m.Kind == alert.Notice && m.Content.Notice != nil:
		p.Content = notice(*m.Content.Notice, in)
	case m.Kind == alert.WakeUp:
		p = wakeUp(m.Content, m.Form, in)
	case m.Kind == alert.Digest:
		p = digestOf(m.Content, m.Form, in)
	case m.Kind == alert.Reply:
		p.Content = reply(m.Content, mentions(p.AllowedMentions.Roles), in)
		p.Flags = discordgo.MessageFlagsSuppressEmbeds
		if Snowflake(m.To) {
			p.Reference = &Reference{Message: m.To}
		}
	case m.Form == alert.Plain:
		p.Content = plainAlert(m.Content, mentions(p.AllowedMentions.Roles), in)
		p.Flags = discordgo.MessageFlagsSuppressEmbeds
	default:
		p.Content = mentions(p.AllowedMentions.Roles)
		p.Embeds = List[*discordgo.MessageEmbed]{fullAlert(m.Content, in)}
	}
	if m.Kind == alert.Post {
		p = p.withStoryButtons(m.Content.Story, in)
	}
	if m.Content.Silent {
		p.Flags |= discordgo.MessageFlagsSuppressNotifications
	}
	return p
}

func fullAlert(c alert.Content, in wording.Speaker) *discordgo.MessageEmbed {
	c.Topics = staged(c)
	title, _ := headline(c, in)
	e := &discordgo.MessageEmbed{
		Title:       Escape(title, MaxTitle),
		Description: summary(c, maxSummary, linked, in),
		Color:       colour(c),
		Timestamp:   timestamp(c.Time),
		Author:      &discordgo.MessageEmbedAuthor{Name: text.Cut(outlet(c.Outlet, in), MaxAuthor)},
	}
	if l, ok := CheckLink(c.Link); ok {
		e.URL = l.URL
		e.Footer = &discordgo.MessageEmbedFooter{Text: l.Host}
	}
	if line := topicLine(c.Topics, maxTopicLine, in); line != "" {
		name := in.Plain("alert.topic")
		if len(c.Topics) > 1 {
			name = in.Plain("alert.topics")
		}
		e.Fields = append(e.Fields, &discordgo.MessageEmbedField{Name: name, Value: line})
	}
	e.Fields = append(e.Fields, livingFields(c, in)...)
	return e
}

// headline returns what stands at the top of an alert and below it. A report
// without a title is told by the beginning of its text.
func headline(c alert.Content, in wording.Speaker) (title, summary string) {
	title, summary = text.Clean(c.Headline), text.Clean(c.Told())
	switch {
	case title == "" && summary == "":
		return in.Plain("alert.no-headline"), ""
	case title == "":
		return text.Cut(summary, MaxTitle/2), summary
	case title == summary:
		return title, ""
	}
	return title, summary
}

// plainAlert is an alert as text alone, for channels and links that Discord
// refuses an embed for. What does not fit is left out, the headline last of all.
func plainAlert(c alert.Content, mention string, in wording.Speaker) string {
	c.Topics = staged(c)
	title, _ := headline(c, in)
	room := MaxContent - utf8.RuneCountInString(mention) - 1
	take := func(s string) string {
		n := utf8.RuneCountInString(s) + 1
		if s == "" || n > room {
			return ""
		}
		room -= n
		return s
	}
	head := take(Escape(title, min(maxPlainHeadline, room-1)))
	link, host := "", ""
	if l, ok := CheckLink(c.Link); ok {
		link, host = take("<"+l.URL+">"), l.Host
	}
	about := []string{topicLine(c.Topics, maxPlainHeadline, in), standingWords(shownStanding(c), in), voiceCount(c.Living, in), Escape(outlet(c.Outlet, in), MaxContent)}
	if link == "" && host != "" {
		about = append(about, Escape(host, MaxContent))
	}
	about = slices.DeleteFunc(about, func(s string) bool { return s == "" })
	meta := take(strings.Join(about, " · "))
	body := ""
	if room > minPlainPart {
		body = take(summary(c, min(maxPlainSummary, room-1), besides(c), in))
	}
	lines := slices.DeleteFunc([]string{mention, head, body, meta, link}, func(s string) bool { return s == "" })
	return strings.Join(lines, "\n")
}

// roles returns the roles to mention: valid ids without repeats, at most
// maxRoles.
func roles(ids []string) []string {
	var out []string
	for _, id := range ids {
		if Snowflake(id) && !slices.Contains(out, id) && len(out) < maxRoles {
			out = append(out, id)
		}
	}
	return out
}

func mentions(ids []string) string {
	marks := make([]string, len(ids))
	for i, id := range ids {
		marks[i] = string(Role(id))
	}
	return strings.Join(marks, " ")
}

// timestamp is t as an embed carries it, or empty when t is zero or beyond what
// Discord's clients can show.
func timestamp(t time.Time) string {
	if !showable(t) {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func showable(t time.Time) bool {
	return !t.IsZero() && t.Year() >= 1970 && t.Year() < 10000
}
