package lookup

import (
	"slices"
	"strings"
	"time"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/suggest"
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
	*Handlers
	wording.Speaker
	guild string
	// now is when it was asked for.
	now time.Time
	trace.Record
	// known are the topics that the guild may name.
	known []desk.TopicInfo
	// wanting are the guild's subscriptions for topics that may raise an alert.
	wanting []subscription.Subscription
}

// here says what came of the report in the guild.
func (a accounting) here() []message.Markup {
	lines := []message.Markup{a.Say("account.here")}
	alerted := map[string]bool{}
	for _, al := range a.Alerts {
		alerted[al.Channel] = true
		lines = append(lines, "• "+a.alertLine(al))
	}
	for _, q := range a.Quiet {
		for _, ch := range q.Named {
			if !alerted[ch] {
				alerted[ch] = true
				lines = append(lines, "• "+a.Say("account.no-alert", wording.Args{"channel": message.Channel(ch), "why": inWords(q.Verdict, verdicts, a.Speaker)}))
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
	line := a.Say("account.first", wording.Args{"channel": message.Channel(al.Channel)})
	if al.Report != a.Report.ID && al.Report != 0 || al.Report == 0 && a.Story.Lead != a.Report.ID {
		line = a.Say("account.earlier", wording.Args{"channel": message.Channel(al.Channel)})
	}
	if held := heldWords(al, a); held != "" {
		return line + " " + held
	}
	if len(al.Deliveries) == 0 {
		return line
	}
	d := al.Deliveries[0]
	switch d.State {
	case alert.Sent:
		said := a.Say("account.posted", wording.Args{"when": message.When(d.Settled)})
		if waited := d.Settled.Sub(d.Waits); waited >= time.Second && !d.Waits.IsZero() {
			said = a.Say("account.posted-after", wording.Args{"when": message.When(d.Settled), "waited": lasting(waited, a.Speaker)})
		}
		line += " " + said + message.Jump(a.guild, d.Channel, d.Message, a.Speaker)
	case alert.Dead, alert.Expired:
		line += " " + a.Say("account.never-posted", wording.Args{"why": inWords(d.Reason, deliveries, a.Speaker)})
	default:
		said := a.Say("account.on-its-way", wording.Args{"when": message.When(d.Created)})
		if d.Reason != "" {
			said = a.Say("account.on-its-way-why", wording.Args{"when": message.When(d.Created), "why": inWords(d.Reason, deliveries, a.Speaker)})
		}
		line += " " + said
	}
	return line
}

// nobody says why no channel of the guild got an alert, or had one before.
func (a accounting) nobody() message.Markup {
	alerting := slices.ContainsFunc(a.Matches, topic.Match.Alerts)
	switch {
	case a.Story == nil:
		return a.Say("account.just-read")
	case len(a.Matches) == 0:
		return a.Say("account.no-topic")
	case !alerting:
		return a.Say("account.only-denied")
	case a.Report.Hush == report.HushFirstImport:
		return a.Say("account.first-import")
	case a.Report.Hush == report.HushFlood:
		return a.Say("account.flood")
	case len(a.wanting) == 0:
		return a.Say("account.nobody", wording.Args{"topics": a.alertingTopics()})
	}
	for _, s := range a.wanting {
		if !s.Created.After(a.Placed) {
			return a.Say("account.not-noted")
		}
	}
	first := slices.MinFunc(a.wanting, func(x, y subscription.Subscription) int { return x.Created.Compare(y.Created) })
	return a.Say("account.too-late", wording.Args{
		"channel": message.Channel(first.Channel), "topic": desk.Title(a.known, first.Topic), "when": message.When(first.Created),
	})
}

// alertingTopics names the topics that may raise an alert.
func (a accounting) alertingTopics() message.Markup {
	var names []message.Markup
	for _, m := range a.Matches {
		if m.Alerts() {
			names = append(names, message.Format("**%s**", desk.Title(a.known, m.Topic)))
		}
	}
	return a.Or(names...)
}

// verdicts say why a channel got no alert.
var verdicts = map[alert.Verdict]wording.ID{
	alert.Told:          "account.told",
	alert.Old:           "account.old",
	alert.Hushed:        "account.hushed",
	alert.Unwanted:      "account.unwanted",
	alert.Answered:      "account.answered",
	alert.OtherStage:    "account.other-stage",
	alert.OtherStanding: "account.other-standing",

	alert.OtherCountry:    "account.other-country",
	alert.OtherLanguage:   "account.other-language",
	alert.OtherTier:       "account.other-tier",
	alert.StateControlled: "account.state",
	alert.Gathered:        "account.gathered",
	alert.InDigest:        "account.in-digest",
	alert.MutedStory:      "account.muted-story",
	alert.MutedTopic:      "account.muted-topic",
}

// inWords says a reason as a catalogue does, and one that it lacks by its name.
func inWords[R ~string](r R, catalogue map[R]wording.ID, in wording.Speaker) message.Markup {
	if id, ok := catalogue[r]; ok {
		return in.Say(id)
	}
	return message.Format("%s", strings.ReplaceAll(string(r), "-", " "))
}

// deliveries say why a message could not be posted.
var deliveries = map[alert.Reason]wording.ID{
	alert.ReasonRateLimited:  "account.rate-limited",
	alert.ReasonUncertain:    "account.uncertain",
	alert.ReasonUnavailable:  "account.unavailable",
	alert.ReasonRefused:      "account.refused",
	alert.ReasonNoAccess:     "account.no-access",
	alert.ReasonNoChannel:    "account.no-channel",
	alert.ReasonWrongChannel: "account.wrong-channel",
	alert.ReasonNoGuild:      "account.no-guild",
	alert.ReasonTooOld:       "account.too-old",
	alert.ReasonCatchUp:      "account.catch-up",
}

// topics tells what was recognised and by which words; where nothing was, what
// came nearest.
func (a accounting) topics() []message.Markup {
	lines := []message.Markup{"\n" + a.Say("account.topics")}
	for _, m := range a.Matches {
		line := "• " + message.Topics(desk.Named(a.known, []story.TopicStage{{Topic: m.Topic, Stage: m.Stage}}), a.Speaker)
		if words := a.quoted(weighed(m), true); words != "" {
			line += ": " + a.Say("account.for", wording.Args{"words": words})
		}
		if against := a.quoted(m.Evidence, false); against != "" {
			line += "; " + a.Say("account.against", wording.Args{"words": against})
		}
		if w := flagWords(m, a.Speaker); w != "" {
			line += "; " + w
		}
		lines = append(lines, line)
	}
	if len(a.Matches) > 0 {
		return lines
	}
	for _, v := range a.near() {
		line := "• " + a.Say("account.near", wording.Args{"topic": desk.Title(a.known, v.Topic)})
		if words := a.quoted(v.Evidence, true); words != "" {
			line += ": " + a.Say("account.for", wording.Args{"words": words})
		}
		if against := a.quoted(v.Evidence, false); against != "" {
			line += "; " + a.Say("account.against", wording.Args{"words": against})
		}
		lines = append(lines, line+message.Format("; %s", a.Name("topic-reason", reasonKey(v.Reason), v.Reason)))
	}
	if len(lines) == 1 {
		lines = append(lines, "• "+a.Say("account.nothing"))
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
	all := slices.DeleteFunc(a.judge(a.Report), func(v topic.Verdict) bool { return v.Holds || v.Score <= 0 && a.quoted(v.Evidence, true) == "" })
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
	words wording.ID
} {
	return []struct {
		field topic.Field
		words wording.ID
	}{{topic.Title, "account.in-title"}, {topic.Lead, "account.in-lead"}, {topic.Body, "account.in-body"}}
}

// quoted are the passages that speak for a topic, or against it, by the part of
// the report that they stand in. One within another is left out.
func (a accounting) quoted(all []topic.Evidence, speaksFor bool) message.Markup {
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
			parts = append(parts, a.Quoted(suggest.CutTo(p, maxPassage)))
		}
		if len(parts) > 0 {
			out = append(out, a.Say(f.words, wording.Args{"words": message.Join(", ", parts...)}))
		}
	}
	return message.Join(", ", out...)
}

// flagWords say why a match raises no alert, or what is odd of it.
func flagWords(m topic.Match, in wording.Speaker) message.Markup {
	var names []string
	for name := range strings.SplitSeq(m.Flags.String(), "|") {
		names = append(names, in.Name("topic-flag", name, name))
	}
	flags := strings.Join(names, ", ")
	switch {
	case !m.Alerts():
		return in.Say("account.because", wording.Args{"flags": flags})
	case flags != "":
		return in.Say("account.told-as", wording.Args{"flags": flags})
	}
	return ""
}

// story says which story it is part of and why.
func (a accounting) story() []message.Markup {
	if a.Story == nil {
		return nil
	}
	what := a.Say("account.joined", wording.Args{"why": joinWords(a.Reason, a.Speaker)})
	if a.Reason.Rule() == story.OpensNew {
		what = a.Say("account.opened")
	}
	return []message.Markup{
		"\n" + a.Say("account.story"),
		"• " + what,
		"• " + a.Say("account.size", wording.Args{
			"reports": a.Say("story.reports", wording.Args{"count": a.Story.Reports}), "outlets": a.Say("story.outlets", wording.Args{"count": a.Story.Sources}),
			"story": desk.StoryName(a.Story.ID),
		}),
	}
}

// joinWords say why a report joined its story.
func joinWords(r story.Reason, in wording.Speaker) message.Markup {
	switch r.Rule() {
	case story.SameLink:
		return in.Say("account.same-link")
	case story.SameText:
		return in.Say("account.same-text")
	case story.NearTitle:
		return in.Say("account.near-title")
	case story.SameParties:
		return in.Say("account.same-parties")
	case story.Alike:
		return in.Say("account.alike", wording.Args{"words": r.Words()})
	}
	return inWords(r, nil, in)
}

// reading says where it came from and when.
func (a accounting) reading() []message.Markup {
	read := a.Say("account.read", wording.Args{"when": message.When(a.Report.Seen)})
	if !a.Report.Published.IsZero() {
		if late := a.Report.Seen.Sub(a.Report.Published).Round(time.Second); late > 0 {
			read = a.Say("account.read-late", wording.Args{"when": message.When(a.Report.Seen), "late": lasting(late, a.Speaker)})
		}
	}
	lines := []message.Markup{
		"\n" + a.Say("account.report"),
		"• " + message.Join(" · ", message.Outlet(a.Outlet(a.Report), a.Speaker), read, message.Read(a.Report.Link, a.Speaker)),
	}
	if a.Report.Overdue {
		lines = append(lines, "• "+a.Say("account.overdue"))
	}
	return lines
}

// lasting is a time span in words.
func lasting(d time.Duration, in wording.Speaker) string {
	switch {
	case d < time.Minute:
		return in.Plain("account.seconds", wording.Args{"count": int(d.Seconds())})
	case d < 2*time.Hour:
		return in.Plain("account.minutes", wording.Args{"count": int(d.Minutes())})
	case d < 48*time.Hour:
		return in.Plain("lookup.hours", wording.Args{"count": int(d.Hours())})
	}
	return in.Plain("lookup.days", wording.Args{"count": int(d.Hours() / 24)})
}

// reasonKey is a reason in words as a key of the catalogue.
func reasonKey(reason string) string { return strings.ReplaceAll(reason, " ", "-") }
