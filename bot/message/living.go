package message

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/story"
)

// standingColours repeat the words of a standing; they never say anything alone.
var standingColours = map[story.Standing]int{
	story.Claimed:         0xC9861A, // amber
	story.PartlyConfirmed: 0x2F6DB5, // blue
	story.Confirmed:       0x2E8B57, // green
	story.Disputed:        0xD9622B, // orange
	story.Denied:          0xB03A2E, // red
}

// shownStanding is the standing that an alert tells: none where only outlets
// speak, or where a party tells of its own doing or refusal, so that there is nothing
// more to confirm.
func shownStanding(c alert.Content) story.Standing {
	own := c.Standing == story.Confirmed && len(c.Said) > 0 && (c.Said[0].Act == claim.Announce || c.Said[0].Act == claim.Reject)
	if standingIDs[c.Standing] == "" || len(c.Said) == 0 || own {
		return ""
	}
	return c.Standing
}

// staged are the topics of an alert at the stages where its story stands.
func staged(c alert.Content) []alert.Topic {
	topics := slices.Clone(c.Topics)
	for i, t := range topics {
		topics[i].Stage = cmp.Or(c.Stages[t.ID], t.Stage)
	}
	return topics
}

// livingFields tell how a story stands: what its parties' words add up to, who
// says what, which outlets tell it, and how it came there.
func livingFields(c alert.Content, in wording.Speaker) []*discordgo.MessageEmbedField {
	var out []*discordgo.MessageEmbedField
	add := func(name, value string) {
		if value != "" {
			out = append(out, &discordgo.MessageEmbedField{Name: name, Value: value})
		}
	}
	add(in.Plain("alert.standing"), standingWords(shownStanding(c), in))
	add(in.Plain("alert.said"), saidLines(c.Said, in))
	if n := voiceCount(c.Living, in); n != "" {
		add(n, voiceLines(c.Living, in))
	}
	add(in.Plain("alert.came"), timelineLines(c.Timeline, in))
	return out
}

// voiceCount is "4 independent sources"; empty where the outlet of the alert is
// the only one.
func voiceCount(l alert.Living, in wording.Speaker) string {
	switch {
	case l.Independent == 1 && l.Repeats > 0:
		return in.Plain("alert.one-source")
	case l.Independent > 1:
		return in.Plain("alert.sources", wording.Args{"count": l.Independent})
	}
	return ""
}

// voiceLines name the independent outlets, and count those that are not named
// and those that repeat them.
func voiceLines(l alert.Living, in wording.Speaker) string {
	var rest []string
	if more := l.Independent - len(l.Voices); more > 0 {
		rest = append(rest, in.Plain("alert.more", wording.Args{"count": more}))
	}
	if l.Repeats > 0 {
		rest = append(rest, in.Plain("alert.repeats", wording.Args{"count": l.Repeats}))
	}
	end := ""
	if len(rest) > 0 {
		end = in.Plain("alert.and", wording.Args{"rest": strings.Join(rest, ", ")})
	}
	var lines []string
	for _, o := range l.Voices[:min(len(l.Voices), alert.MaxVoices)] {
		lines = append(lines, Escape(outlet(o, in), MaxContent))
	}
	return joinLines(lines, end, maxVoiceLines)
}

// joinLines are the first lines that fit into max code points together with the
// end, which always fits.
func joinLines(lines []string, end string, max int) string {
	room := max - utf8.RuneCountInString(end)
	var out []string
	for _, l := range lines {
		if room -= utf8.RuneCountInString(l) + 1; room < 0 {
			break
		}
		out = append(out, l)
	}
	if end != "" {
		out = append(out, end)
	}
	return strings.Join(out, "\n")
}

// timelineLines are the moments, oldest first, each at a time in the reader's
// zone; nothing while there is only one time, of which the alert tells already.
// When there is not room for all of them, the latest are kept.
func timelineLines(moments []alert.Moment, in wording.Speaker) string {
	moments = moments[max(0, len(moments)-alert.MaxMoments):]
	if len(moments) == 0 || moments[0].At.Equal(moments[len(moments)-1].At) {
		return ""
	}
	style := "t"
	if moments[len(moments)-1].At.Sub(moments[0].At) > oneDay {
		style = "f"
	}
	var lines []string
	for _, m := range slices.Backward(moments) {
		if what := momentWords(m, in); what != "" {
			lines = append(lines, clock(m.At, style)+what)
		}
	}
	if len(lines) < 2 {
		return ""
	}
	kept := strings.Split(joinLines(lines, "", maxTimeline), "\n")
	slices.Reverse(kept)
	return strings.Join(kept, "\n")
}

// oneDay is how long a timeline may last so that a time of day says when.
const oneDay = 20 * time.Hour

// clock is a time as every reader sees it in the own zone, with a blank after it;
// empty for one that cannot be shown
// (https://discord.com/developers/docs/reference#message-formatting).
func clock(t time.Time, style string) string {
	if !showable(t) {
		return ""
	}
	return fmt.Sprintf("<t:%d:%s> ", t.Unix(), style)
}

// momentWords is "**Kremlin** confirms it: confirmed by the parties".
func momentWords(m alert.Moment, in wording.Speaker) string {
	what := saidLine(m.Said, maxMomentName, in)
	if stage := stageWords(m.Stage, in); stage != "" {
		what = Escape(Title(m.TopicID, m.Topic, in), maxMomentName) + ": " + stage
	}
	if what == "" {
		return ""
	}
	if w := standingWords(m.Standing, in); w != "" {
		what += " → " + w
	}
	return what
}

// reply is what is new in a story, in a message of its own: how it stands now,
// the words that made it so, and who reports them.
func reply(c alert.Content, mention string, in wording.Speaker) string {
	var news []string
	for _, m := range c.Timeline[:min(len(c.Timeline), alert.MaxMoments)] {
		m.Standing = "" // told once, before
		if what := momentWords(m, in); what != "" {
			news = append(news, what)
		}
	}
	head := standingWords(c.Standing, in)
	switch {
	case len(news) == 0 && head == "" || len(news) == 0 && c.Independent > 1 && c.Standing != story.Confirmed:
		head = voiceCount(c.Living, in) // it has become worth a mention
	case len(c.Timeline) > 0 && c.Timeline[len(c.Timeline)-1].Standing == "":
		head = "" // a stage has moved, the standing has not
	}
	if head != "" {
		news = append([]string{"**" + head + "**"}, news...)
	}
	room := MaxContent - utf8.RuneCountInString(mention) - 1
	by := Escape(outlet(c.Outlet, in), MaxContent)
	if l, ok := CheckLink(c.Link); ok && len(l.URL) <= maxLineLink && utf8.RuneCountInString(by)+len(l.URL) < room/2 {
		by += unbroken + "[" + in.Plain("alert.read") + "](" + l.URL + ")"
	}
	return strings.TrimSpace(mention + "\n" + joinLines(news, by, room))
}
