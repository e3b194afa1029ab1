package trace

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/quiet"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/text"
)

// Text writes t for people. What feeds say cannot steer a terminal: it is
// cleaned.
func (t Trace) Text(w io.Writer) error {
	p := &printer{}
	p.line("Report %d: %s", t.Report.ID, text.Clean(t.Report.Title))
	if t.Report.Link != "" {
		p.line("%s", text.Clean(t.Report.Link))
	}
	p.line("%s", t.Verdict)
	p.line("")
	t.reading(p)
	t.placing(p)
	for _, d := range t.Decisions {
		d.text(p, t.Report.ID)
	}
	_, err := io.WriteString(w, p.b.String())
	return err
}

// printer writes lines with their times in front.
type printer struct {
	b strings.Builder
	// day is the date of the last time that was written.
	day string
}

func (p *printer) line(format string, args ...any) {
	fmt.Fprintf(&p.b, format+"\n", args...)
}

// step begins a step at a time; after is what lay before it.
func (p *printer) step(at time.Time, format string, args ...any) {
	when := strings.Repeat(" ", len("15:04:05.000"))
	if !at.IsZero() {
		at = at.UTC()
		if day := at.Format(time.DateOnly); day != p.day {
			p.day = day
			p.line("%s (UTC)", day)
		}
		when = at.Format("15:04:05.000")
	}
	p.line("  %s  "+format, append([]any{when}, args...)...)
}

// more goes on below the step.
func (p *printer) more(format string, args ...any) {
	p.line(strings.Repeat(" ", 16)+format, args...)
}

// after says how much later a step was.
func after(seconds float64, than string) string {
	if seconds == 0 {
		return ""
	}
	d := time.Duration(seconds * float64(time.Second))
	switch {
	case d < 0:
		return fmt.Sprintf(", %v before %s", round(-d), than)
	default:
		return fmt.Sprintf(", %v after %s", round(d), than)
	}
}

func round(d time.Duration) time.Duration {
	if d >= time.Minute {
		return d.Round(time.Second)
	}
	return d.Round(time.Millisecond)
}

// feedInWords is how the feed is now.
func feedInWords(r Read) string {
	out := "that feed is " + string(r.FeedState) + " now"
	if r.Reason != "" {
		out += " (" + text.Clean(r.Reason) + ")"
	}
	if r.Next.IsZero() {
		return out + "; attache feeds readmit polls it again"
	}
	return out + fmt.Sprintf(", and due %s UTC, because %s", r.Next.UTC().Format("2006-01-02 15:04:05"), r.NextReason.Text())
}

func (t Trace) reading(p *printer) {
	source := text.Clean(t.Report.Source)
	if !t.Report.Published.IsZero() {
		p.step(t.Report.Published, "dated by %s", source)
	}
	p.step(t.Read.Seen, "read from feed %d of %s%s", t.Read.Feed, source, after(t.Read.After, "its date"))
	p.more("%s", text.Clean(t.Read.FeedURL))
	if t.Read.FeedState != "" {
		p.more("%s", feedInWords(t.Read))
	}
	if t.Report.Published.IsZero() {
		p.more("it has no date that can be used")
	}
	for _, k := range t.Read.Keys {
		p.more("known by its %s: %s", kindInWords(k.Kind), k.Key)
	}
	p.more("language: %s", languageInWords(t.Report.Language))
	switch t.Read.Hush {
	case "":
	case report.HushFirstImport:
		p.more("hushed: it was in the feed when that was read for the first time")
	case report.HushFlood:
		p.more("hushed: it came with a flood of old items under new names")
	default:
		p.more("hushed: %s", t.Read.Hush)
	}
	if t.Read.Overdue {
		p.more("overdue: the feed had not been read for long, so it counts from its date")
	}
}

func kindInWords(k report.KeyKind) string {
	switch k {
	case report.KeyGUID:
		return "id in the feed"
	case report.KeyWhole:
		return "whole text"
	}
	return cmp.Or(string(k), "key")
}

func languageInWords(l string) string {
	if l == "" || l == text.Undetermined {
		return "not determined"
	}
	return text.Clean(l)
}

func (t Trace) placing(p *printer) {
	if t.Story == nil {
		p.step(time.Time{}, "not placed yet")
		return
	}
	p.step(t.Story.Placed, "placed%s", after(t.Story.After, "reading"))
	if len(t.Topics) == 0 {
		p.more("no topic")
	}
	for _, x := range t.Topics {
		line := fmt.Sprintf("topic %s, score %.1f", x.Topic, x.Score)
		if x.Stage != "" {
			line += ", stage " + string(x.Stage)
		}
		if x.Qualities != "" {
			line += ", " + x.Qualities
		}
		if !x.Alerts {
			line += ": raises no alert"
		}
		p.more("%s", line)
		for _, e := range x.Evidence {
			p.more("  %+.1f  %q in the %s (%s %s)", e.Weight, text.Clean(e.Text), e.Field, e.Kind, short(text.Clean(e.Rule)))
		}
	}
	p.more("%s story s%d: %s", verb(t.Story.Reason), t.Story.ID, reasonInWords(t.Story.Reason))
	p.more("the story has %s by %s now: %s", count(t.Story.Reports, "report"), count(t.Story.Sources, "source"), text.Clean(t.Story.Title))
	if t.Story.Standing != "" {
		p.more("what its parties say adds up to: %s", t.Story.Standing)
	}
	if t.Story.Answers != 0 {
		p.more("it answers story %d, and is told in that one's alerts", t.Story.Answers)
	}
	for _, c := range t.Story.Changes {
		p.more("  %s, %s of s%d and s%d (%s): %s", c.At.UTC().Format("2006-01-02 15:04:05"), c.Kind, c.Story, c.Other, text.Clean(c.Reason), c.Outcome)
	}
	for _, turn := range t.Story.Turns {
		p.more("  %s", turnInWords(turn))
	}
	for _, o := range t.Story.Others {
		p.more("  report %d, %s, read %s: %s", o.ID, text.Clean(o.Source), o.Seen.UTC().Format("2006-01-02 15:04:05"), text.Clean(o.Title))
	}
}

// turnInWords is a turn on one line, with its reason and the standing it left.
func turnInWords(t story.Turn) string {
	what := text.Clean(t.Speaker) + ", " + string(t.Act)
	switch {
	case t.Reason == story.StageMoves:
		what = "topic " + string(t.Topic) + " comes to stage " + string(t.Stage)
	case t.Reason == story.OutletsTell:
		what = "told in its own voice"
	case t.Tone != "":
		what += ", " + string(t.Tone)
	}
	return fmt.Sprintf("%s, report %d by %s: %s (%s): %s", t.At.UTC().Format("2006-01-02 15:04:05"), t.Report, text.Clean(string(t.Source)), what, t.Reason, t.Standing)
}

// maxRule is how much of a pattern is shown, in runes; JSON has all of it.
const maxRule = 60

func short(rule string) string {
	if r := []rune(rule); len(r) > maxRule {
		return string(r[:maxRule]) + "…"
	}
	return rule
}

func verb(reason string) string {
	if reason == string(story.OpensNew) {
		return "opened"
	}
	return "joined"
}

func reasonInWords(reason string) string {
	r := story.Reason(reason)
	switch r.Rule() {
	case story.OpensNew:
		return "no open story told of the same development"
	case story.SameLink:
		return "it has a report with the same link"
	case story.SameText:
		return "it has a report with the same text"
	case story.NearTitle:
		return "it has a report whose title says nearly the same"
	case story.SameParties:
		return "it has one in another language that names the same parties, at the same stage"
	case story.Alike:
		return "its reports tell much the same, with the words " + r.Words()
	}
	return reason
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func (d Decision) text(p *printer, self report.ID) {
	if d.Alert == 0 {
		names := strings.Join(d.Channels, ", ")
		switch hidden := d.Count - len(d.Channels); {
		case hidden > 0 && len(d.Channels) > 0:
			names += fmt.Sprintf(" and %d more", hidden)
		case hidden > 0:
			names = fmt.Sprintf("%d more", hidden)
		}
		p.step(time.Time{}, "no alert for %s: %s", channels(d.Count, names), verdictInWords(d.Verdict))
		return
	}
	if d.Verdict == alert.Alerts {
		p.step(d.Planned, "alert %d decided for channel %s of guild %s: the first of this story there", d.Alert, d.Channels[0], d.Guild)
	} else {
		by := "an earlier report"
		if d.By != 0 && d.By != self {
			by = fmt.Sprintf("report %d", d.By)
		}
		p.step(time.Time{}, "no alert for channel %s: it has alert %d for this story, raised by %s%s", d.Channels[0], d.Alert, by, d.standing())
		return
	}
	if d.Held != quiet.None {
		p.step(time.Time{}, "it waits for a summary: %s, looked at from %s on%s", d.Held, d.Until.UTC().Format("2006-01-02 15:04:05"), told(d.Summary))
	}
	for _, x := range d.Deliveries {
		x.text(p)
	}
}

// told names the message of a summary.
func told(message string) string {
	if message == "" {
		return ""
	}
	return ", told by message " + message
}

// standing is how an alert stands that another report raised.
func (d Decision) standing() string {
	if len(d.Deliveries) == 0 {
		return ""
	}
	x := d.Deliveries[0] // the others are replies
	if x.Settled.IsZero() {
		return ", " + string(x.State)
	}
	return ", " + string(x.State) + " " + x.Settled.UTC().Format("2006-01-02 15:04:05")
}

func channels(n int, names string) string {
	if n == 1 {
		return "channel " + names
	}
	return fmt.Sprintf("%d channels (%s)", n, names)
}

func verdictInWords(v alert.Verdict) string {
	switch v {
	case alert.Told:
		return "there is one for this story already"
	case alert.Old:
		return "the story began too long ago"
	case alert.Hushed:
		return "the report is hushed"
	case alert.MutedStory:
		return "the guild has muted the story"
	case alert.MutedTopic:
		return "the guild has muted the topic"
	case alert.Answered:
		return "there is one for the story that this one answers, and it tells the answer"
	case alert.OtherStage:
		return "the story is at a stage that is not wanted there"
	case alert.OtherStanding:
		return "the story has a standing that is not wanted there"
	case alert.OtherCountry:
		return "neither the report nor its story's title names a country that is wanted there"
	case alert.OtherLanguage:
		return "the report is in a language that is not wanted there"
	case alert.OtherTier:
		return "the outlet is of a kind that is not wanted there"
	case alert.StateControlled:
		return "a state controls the outlet, which is not wanted there"
	case alert.Gathered:
		return "the channel had as many messages in an hour as it wants, and is told of the story with others"
	case alert.InDigest:
		return "the channel's next digest tells the story"
	}
	return string(v)
}

func (x Delivery) text(p *printer) {
	tries := count(x.Attempts, "try")
	if x.Attempts != 1 {
		tries = fmt.Sprintf("%d tries", x.Attempts)
	}
	why := ""
	if x.Reason != "" {
		why = ": " + string(x.Reason)
	}
	if !x.First.IsZero() && x.First.Before(cmp.Or(x.Settled, x.First.Add(1))) {
		p.step(x.First, "%s %d tried first%s", x.noun(), x.ID, after(between(x.Created, x.First), "it was decided"))
	}
	switch x.State {
	case alert.Sent:
		line := fmt.Sprintf("%s %d sent after %s", x.noun(), x.ID, tries)
		if x.Message != "" {
			line += ", message " + text.Clean(x.Message)
		}
		if x.Form != alert.Full {
			line += ", in the form " + string(x.Form)
		}
		p.step(x.Settled, "%s", line+why)
		if x.Delay != 0 {
			p.more("the channel waited %v for it", round(time.Duration(x.Delay*float64(time.Second))))
		}
	case alert.Dead, alert.Expired:
		p.step(x.Settled, "%s %d %s after %s%s", x.noun(), x.ID, x.State, tries, why)
	case alert.Pending:
		p.step(x.Due, "%s %d is tried next, after %s%s", x.noun(), x.ID, tries, why)
	default:
		p.step(x.Due, "%s %d is %s; its lease ends then%s", x.noun(), x.ID, x.State, why)
	}
}

// noun is what a delivery is called: a reply tells how the story went on.
func (x Delivery) noun() string {
	if x.Kind == alert.Reply {
		return "reply"
	}
	return "delivery"
}
