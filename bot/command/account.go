package command

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
	"github.com/attache-bot/attache/internal/trace"
)

// accounting is the account of one report for one guild.
type accounting struct {
	*commands
	guild string
	trace.Record
	// known are the topics that the guild may name.
	known []TopicInfo
	// wanting are the guild's subscriptions for topics that may raise an alert.
	wanting []subscription.Subscription
	speaker wording.Speaker
}

// here says what came of the report in the guild.
func (a accounting) here() []message.Markup {
	lines := []message.Markup{"**In this server**"}
	alerted := map[string]bool{}
	for _, al := range a.Alerts {
		alerted[al.Channel] = true
		lines = append(lines, "• "+a.alertLine(al))
	}
	for _, q := range a.Quiet {
		for _, ch := range q.Named {
			if !alerted[ch] {
				alerted[ch] = true
				lines = append(lines, message.Format("• %s got no alert: %s.", message.Channel(ch), verdictWords(q.Verdict)))
			}
		}
	}
	if len(lines) == 1 {
		lines = append(lines, "• "+a.nobody())
	}
	return lines
}

// alertLine tells of one channel's alert and what became of its first message.
func (a accounting) alertLine(al trace.Alert) message.Markup {
	by := message.Markup("this report was the first of its story that the channel wants")
	if al.Report != a.Report.ID && al.Report != 0 || al.Report == 0 && a.Story.Lead != a.Report.ID {
		by = "an earlier report of the same story raised it, so this one did not"
	}
	line := message.Format("%s has an alert: %s.", message.Channel(al.Channel), by)
	if held := heldWords(al, a.guild, a.speaker); held != "" {
		return line + " " + held
	}
	if len(al.Deliveries) == 0 {
		return line
	}
	d := al.Deliveries[0]
	switch d.State {
	case alert.Sent:
		line += message.Format(" It was posted %s", message.When(d.Settled))
		if waited := d.Settled.Sub(d.Waits); waited >= time.Second && !d.Waits.IsZero() {
			line += message.Format(", %s after I could have known", lasting(waited))
		}
		line += message.Join("", ".", message.Jump(a.guild, d.Channel, d.Message, wording.Speaker{}))
	case alert.Dead, alert.Expired:
		line += message.Format(" It was never posted: %s.", deliveryWords(d.Reason))
	default:
		line += message.Format(" It is still on its way since %s", message.When(d.Created))
		if d.Reason != "" {
			line += message.Format(": %s", deliveryWords(d.Reason))
		}
		line += "."
	}
	return line
}

// nobody says why no channel of the guild got an alert, or had one before.
func (a accounting) nobody() message.Markup {
	alerting := slices.ContainsFunc(a.Matches, topic.Match.Alerts)
	switch {
	case a.Story == nil:
		return "No alert yet: I have only just read it. Ask again in a minute."
	case len(a.Matches) == 0:
		return "No alert: I recognise no topic in it."
	case !alerting:
		return "No alert: what it is about is only denied or remembered."
	case a.Report.Hush == report.HushFirstImport:
		return "No alert: it was in its feed already when I read that for the first time."
	case a.Report.Hush == report.HushFlood:
		return "No alert: its feed presented so many old items as new at once that it must have renamed them."
	case len(a.wanting) == 0:
		return message.Format("No alert: no channel here gets alerts about %s. /subscribe sends them to one.", a.alertingTopics())
	}
	for _, s := range a.wanting {
		if !s.Created.After(a.Placed) {
			return "No alert: why was not noted, or the subscriptions have changed since."
		}
	}
	first := slices.MinFunc(a.wanting, func(x, y subscription.Subscription) int { return x.Created.Compare(y.Created) })
	return message.Format("No alert: %s gets alerts about **%s** since %s only, and I had read this before.",
		message.Channel(first.Channel), title(a.known, first.Topic), message.When(first.Created))
}

// alertingTopics names the topics that may raise an alert.
func (a accounting) alertingTopics() message.Markup {
	var names []string
	for _, m := range a.Matches {
		if m.Alerts() {
			names = append(names, string(message.Format("**%s**", title(a.known, m.Topic))))
		}
	}
	return message.Markup(either(names))
}

// verdicts say why a channel got no alert.
var verdicts = map[alert.Verdict]message.Markup{
	alert.Told:          "it has one for this story already",
	alert.Old:           "the story began too long ago to be news",
	alert.Hushed:        "the report came with a feed's first import or a flood of old items",
	alert.Unwanted:      "no topic of the report may raise an alert",
	alert.Answered:      "it has one for the story that this answers, and that one tells the answer",
	alert.OtherStage:    "it wants other stages of the topic only",
	alert.OtherStanding: "it wants stories of other standings only",

	alert.OtherCountry:    "it wants stories about other countries only",
	alert.OtherLanguage:   "it wants reports in other languages only",
	alert.OtherTier:       "it wants other kinds of outlets only",
	alert.StateControlled: "it wants no outlets that a state controls",
	alert.Gathered:        "it had as many messages in an hour as it wants, and is told of this with other stories",
	alert.InDigest:        "its next digest tells this",
}

func verdictWords(v alert.Verdict) message.Markup {
	if w, ok := verdicts[v]; ok {
		return w
	}
	return message.Format("%s", strings.ReplaceAll(string(v), "-", " "))
}

// deliveries say why a message could not be posted.
var deliveries = map[alert.Reason]message.Markup{
	alert.ReasonRateLimited:  "Discord asks me to wait",
	alert.ReasonUncertain:    "Discord did not answer, and I look whether it is there",
	alert.ReasonUnavailable:  "Discord does not work at the moment",
	alert.ReasonRefused:      "Discord refused what it says",
	alert.ReasonNoAccess:     "I may not post in that channel",
	alert.ReasonNoChannel:    "the channel was deleted",
	alert.ReasonWrongChannel: "the channel takes no messages of mine",
	alert.ReasonNoGuild:      "I was removed from the server",
	alert.ReasonTooOld:       "it was too old when it could be posted",
	alert.ReasonCatchUp:      "there were so many after a break that a line stands for them",
}

func deliveryWords(r alert.Reason) message.Markup {
	if w, ok := deliveries[r]; ok {
		return w
	}
	return message.Format("%s", strings.ReplaceAll(string(r), "-", " "))
}

// topics tells what was recognised and by which words; where nothing was, what
// came nearest.
func (a accounting) topics() []message.Markup {
	lines := []message.Markup{"\n**Topics**"}
	for _, m := range a.Matches {
		line := "• " + message.Topics(named(a.known, []story.TopicStage{{Topic: m.Topic, Stage: m.Stage}}), wording.Speaker{})
		if words := quoted(weighed(m), true); words != "" {
			line += message.Format(": for it speaks %s", words)
		}
		if against := quoted(m.Evidence, false); against != "" {
			line += message.Format("; against it %s", against)
		}
		if w := flagWords(m); w != "" {
			line += "; " + w
		}
		lines = append(lines, line)
	}
	if len(a.Matches) > 0 {
		return lines
	}
	for _, v := range a.near() {
		line := message.Format("• **%s** came near", title(a.known, v.Topic))
		if words := quoted(v.Evidence, true); words != "" {
			line += message.Format(": for it speaks %s", words)
		}
		if against := quoted(v.Evidence, false); against != "" {
			line += message.Format("; against it %s", against)
		}
		lines = append(lines, line+message.Format("; %s", v.Reason))
	}
	if len(lines) == 1 {
		lines = append(lines, "• None: nothing in it speaks for any topic that I know.")
	}
	return lines
}

// weighed is the evidence of a match. What a guild's own query asks for has no
// weights: all that is found speaks for it.
func weighed(m topic.Match) []topic.Evidence {
	if _, own := guild.TopicNumber(m.Topic); !own {
		return m.Evidence
	}
	out := slices.Clone(m.Evidence)
	for i := range out {
		out[i].Weight = 1
	}
	return out
}

// maxNearTopics is how many topics that came near are told.
const maxNearTopics = 3

// near are the topics that came nearest, by what speaks for them.
func (a accounting) near() []topic.Verdict {
	if a.judge == nil {
		return nil
	}
	all := slices.DeleteFunc(a.judge(a.Report), func(v topic.Verdict) bool { return v.Holds || v.Score <= 0 && quoted(v.Evidence, true) == "" })
	slices.SortStableFunc(all, func(x, y topic.Verdict) int {
		switch {
		case x.Score > y.Score:
			return -1
		case x.Score < y.Score:
			return 1
		}
		return 0
	})
	return all[:min(len(all), maxNearTopics)]
}

// maxQuoted is how many passages are shown, maxPassage how long each may be.
const (
	maxQuoted  = 4
	maxPassage = 60
)

// fields are the parts of a report in words, in reading order.
func fields() []struct {
	field topic.Field
	words string
} {
	return []struct {
		field topic.Field
		words string
	}{{topic.Title, "headline"}, {topic.Lead, "summary"}, {topic.Body, "text"}}
}

// quoted are the passages that speak for a topic, or against it, by the part of
// the report that they stand in. One within another is left out.
func quoted(all []topic.Evidence, speaksFor bool) message.Markup {
	var out []message.Markup
	for _, f := range fields() {
		var passages []string
		for _, e := range all {
			if e.Field != f.field || e.Text == "" || e.Weight == 0 || speaksFor != (e.Weight > 0) {
				continue
			}
			within := func(p string) bool { return strings.Contains(p, e.Text) }
			if !slices.ContainsFunc(passages, within) {
				passages = slices.DeleteFunc(passages, func(p string) bool { return strings.Contains(e.Text, p) })
				passages = append(passages, e.Text)
			}
		}
		var parts []message.Markup
		for _, p := range passages[:min(len(passages), maxQuoted)] {
			parts = append(parts, message.Format("“%s”", cutTo(p, maxPassage)))
		}
		if len(parts) > 0 {
			out = append(out, message.Format("%s in the %s", message.Join(", ", parts...), f.words))
		}
	}
	return message.Join(", ", out...)
}

// flagWords say why a match raises no alert, or what is odd of it.
func flagWords(m topic.Match) message.Markup {
	flags := strings.ReplaceAll(m.Flags.String(), "|", ", ")
	switch {
	case !m.Alerts():
		return message.Format("it raises no alert, because it is %s", flags)
	case flags != "":
		return message.Format("told as %s", flags)
	}
	return ""
}

// story says which story it is part of and why.
func (a accounting) story() []message.Markup {
	if a.Story == nil {
		return nil
	}
	what := message.Format("It joined a story: %s.", joinWords(a.Reason))
	if a.Reason.Rule() == story.OpensNew {
		what = "It opened a story: no other told of the same."
	}
	return []message.Markup{
		"\n**Story**",
		"• " + what,
		message.Format("• The story has %s by %s now. `/story story:%s` shows it.", message.Count(a.Story.Reports, "report", "reports"),
			message.Count(a.Story.Sources, "outlet", "outlets"), storyName(a.Story.ID)),
	}
}

// joinWords say why a report joined its story.
func joinWords(r story.Reason) message.Markup {
	switch r.Rule() {
	case story.SameLink:
		return "another report has the same link"
	case story.SameText:
		return "another report has the same text"
	case story.NearTitle:
		return "another headline says nearly the same"
	case story.SameParties:
		return "a report in another language names the same parties at the same stage"
	case story.Alike:
		return message.Format("its reports tell much the same, with the words %s", r.Words())
	}
	return message.Format("%s", strings.ReplaceAll(string(r), "-", " "))
}

// reading says where it came from and when.
func (a accounting) reading() []message.Markup {
	read := message.Format("read %s", message.When(a.Report.Seen))
	if !a.Report.Published.IsZero() {
		if late := a.Report.Seen.Sub(a.Report.Published).Round(time.Second); late > 0 {
			read += message.Format(", %s after its date", lasting(late))
		}
	}
	lines := []message.Markup{
		"\n**Report**",
		"• " + message.Join(" · ", message.Outlet(a.outlet(a.Report), wording.Speaker{}), read, message.Read(a.Report.Link, wording.Speaker{})),
	}
	if a.Report.Overdue {
		lines = append(lines, "• Its feed had not been read for long, so it counts from its date.")
	}
	return lines
}

// lasting is a time span in words.
func lasting(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%d hours", int(d.Hours()))
	}
	return fmt.Sprintf("%d days", int(d.Hours()/24))
}
