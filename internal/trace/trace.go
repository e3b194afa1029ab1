package trace

import (
	"slices"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/quiet"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

// Trace is a record in order, for people and as JSON. Times are in UTC; a zero
// time is left out.
type Trace struct {
	Report    Report     `json:"report"`
	Read      Read       `json:"read"`
	Topics    []Topic    `json:"topics"`
	Story     *Story     `json:"story,omitempty"`
	Decisions []Decision `json:"decisions"`
	// Verdict sums up in a sentence why there was an alert, or why there was none.
	Verdict string `json:"verdict"`
}

// Report is what the report says of itself.
type Report struct {
	ID        report.ID `json:"id"`
	Title     string    `json:"title"`
	Link      string    `json:"link,omitempty"`
	Source    string    `json:"source"`
	Language  string    `json:"language"`
	Published time.Time `json:"published,omitzero"`
}

// Read is how the report came.
type Read struct {
	Seen time.Time `json:"seen"`
	// After is how many seconds lay between its date and its reading.
	After   float64 `json:"seconds_after_published,omitempty"`
	Feed    int64   `json:"feed"`
	FeedURL string  `json:"feed_url"`
	// FeedState is the feed's health as it is now, Reason why it is not well, and
	// Next when it is due again and NextReason why then.
	FeedState  feed.State     `json:"feed_state,omitempty"`
	Reason     string         `json:"feed_reason,omitempty"`
	Next       time.Time      `json:"feed_next,omitzero"`
	NextReason feed.DueReason `json:"feed_next_reason,omitempty"`
	Keys       []Key          `json:"keys"`
	Hush       report.Hush    `json:"hush,omitempty"`
	Overdue    bool           `json:"overdue,omitempty"`
}

// Key is one identity of the report.
type Key struct {
	Kind report.KeyKind `json:"kind"`
	Key  report.Key     `json:"key"`
}

// Topic is a topic that was recognised.
type Topic struct {
	topic.Match
	// Qualities are the match's flags in words, Alerts says whether it may raise
	// an alert.
	Qualities string `json:"qualities,omitempty"`
	Alerts    bool   `json:"alerts"`
}

// Story is the story that the report is part of.
type Story struct {
	ID     int64     `json:"id"`
	Title  string    `json:"title"`
	Placed time.Time `json:"placed,omitzero"`
	// After is how many seconds lay between reading and placing.
	After   float64 `json:"seconds_after_seen,omitempty"`
	Reason  string  `json:"reason"`
	Reports int     `json:"reports"`
	Sources int     `json:"sources"`
	// Standing is what its parties' words add up to now; empty where none was
	// heard.
	Standing story.Standing `json:"standing,omitempty"`
	// Answers is the story whose claim it answers; 0 for none.
	Answers int64 `json:"answers,omitempty"`
	// Turns are how it came there, each with its reason.
	Turns  []story.Turn `json:"turns,omitempty"`
	Others []Other      `json:"others,omitempty"`
	// Changes are the merges and splits that it has gone through.
	Changes []Change `json:"changes,omitempty"`
}

// Change is a merge or a split of the story, and what came of it.
type Change struct {
	Kind    story.ChangeKind    `json:"kind"`
	Story   story.ID            `json:"story"`
	Other   story.ID            `json:"other"`
	Reason  string              `json:"reason"`
	Outcome story.ChangeOutcome `json:"outcome"`
	At      time.Time           `json:"at"`
}

// Other is another report of the story.
type Other struct {
	ID     report.ID `json:"id"`
	Source string    `json:"source"`
	Title  string    `json:"title"`
	Seen   time.Time `json:"seen"`
}

// Decision is what was decided for a channel, or for several alike.
type Decision struct {
	Verdict alert.Verdict `json:"verdict"`
	// Channels are those that it is about, and Count how many there are in all.
	Channels []string `json:"channels"`
	Count    int      `json:"count"`
	Guild    string   `json:"guild,omitempty"`
	// Alert is the channel's alert for the story, Planned when it was decided, and
	// By the report that raised it.
	Alert      alert.ID   `json:"alert,omitempty"`
	Planned    time.Time  `json:"planned,omitzero"`
	By         report.ID  `json:"by,omitempty"`
	Deliveries []Delivery `json:"deliveries,omitempty"`
	// Held is why the alert waits, or waited, for a summary, Until when that is due,
	// and Summary the message that tells it.
	Held    quiet.Reason `json:"held,omitempty"`
	Until   time.Time    `json:"held_until,omitzero"`
	Summary string       `json:"summary,omitempty"`
}

// Delivery is what became of one message.
type Delivery struct {
	ID       int64        `json:"id"`
	Kind     alert.Kind   `json:"kind,omitempty"`
	State    alert.State  `json:"state"`
	Reason   alert.Reason `json:"reason,omitempty"`
	Attempts int          `json:"attempts"`
	Failures int          `json:"failures,omitempty"`
	Form     alert.Form   `json:"form"`
	Message  string       `json:"message,omitempty"`
	Created  time.Time    `json:"created"`
	First    time.Time    `json:"first_try,omitzero"`
	Settled  time.Time    `json:"settled,omitzero"`
	// Due is when it is tried next; zero when it is not.
	Due time.Time `json:"due,omitzero"`
	// Delay is how many seconds the channel waited from when it could have been
	// told until the message was there.
	Delay float64 `json:"seconds_waited,omitempty"`
}

// Of puts a record in order.
func Of(r Record) Trace {
	t := Trace{
		Report: Report{
			ID: r.Report.ID, Title: r.Report.Title, Link: r.Report.Link, Source: string(r.Report.Source),
			Language: r.Report.Language, Published: r.Report.Published,
		},
		Read:   read(r),
		Topics: make([]Topic, 0, len(r.Matches)),
		Story:  storyOf(r),
	}
	for _, m := range r.Matches {
		t.Topics = append(t.Topics, Topic{Match: m, Qualities: m.Flags.String(), Alerts: m.Alerts()})
	}
	t.Decisions = decisions(r)
	t.Verdict = verdict(r)
	return t
}

func read(r Record) Read {
	out := Read{
		Seen: r.Report.Seen, After: between(r.Report.Published, r.Report.Seen), Feed: r.Report.Feed, FeedURL: r.Feed.Shown(),
		FeedState: r.Feed.State, Reason: r.Feed.Reason, Keys: []Key{}, Hush: r.Report.Hush, Overdue: r.Report.Overdue,
	}
	if r.Feed.State.Polled() {
		out.Next, out.NextReason = r.Feed.Next, r.Feed.NextReason
	}
	for _, k := range r.Report.Keys {
		out.Keys = append(out.Keys, Key{k.Kind(), k})
	}
	return out
}

func storyOf(r Record) *Story {
	if r.Story == nil {
		return nil
	}
	s := &Story{
		ID: int64(r.Story.ID), Title: r.Story.Title, Placed: r.Placed, After: between(r.Report.Seen, r.Placed),
		Reason: string(r.Reason), Reports: r.Story.Reports, Sources: r.Story.Sources, Turns: r.Story.Turns,
		Answers: int64(r.Story.Answers), Changes: r.Changes,
	}
	if !r.Story.Testimony.IsZero() {
		s.Standing = r.Story.Testimony.Standing()
	}
	for _, o := range r.Others {
		s.Others = append(s.Others, Other{o.ID, string(o.Source), o.Title, o.Seen})
	}
	return s
}

// decisions are the alerts that the report raised, then the channels that it did
// not alert, with the alert that they had already where it is known.
func decisions(r Record) []Decision {
	out := make([]Decision, 0, len(r.Alerts)+len(r.Quiet))
	byChannel := make(map[string]Alert, len(r.Alerts))
	for _, a := range r.Alerts {
		byChannel[a.Channel] = a
		if raised(r, a) {
			out = append(out, decided(alert.Alerts, a))
		}
	}
	for _, q := range r.Quiet {
		rest := Decision{Verdict: q.Verdict, Count: q.Channels}
		for _, c := range q.Named {
			if a, ok := byChannel[c]; ok && q.Verdict == alert.Told {
				out = append(out, decided(q.Verdict, a))
				rest.Count--
				continue
			}
			rest.Channels = append(rest.Channels, c)
		}
		if rest.Count > 0 {
			out = append(out, rest)
		}
	}
	return out
}

// raised reports whether the report raised an alert. An early release did not
// record which did: it was then the one that opened the story, or so we say.
func raised(r Record, a Alert) bool {
	return a.Report == r.Report.ID || a.Report == 0 && r.Story.Lead == r.Report.ID
}

func decided(v alert.Verdict, a Alert) Decision {
	d := Decision{Verdict: v, Channels: []string{a.Channel}, Count: 1, Guild: a.Guild, Alert: a.ID, Planned: a.Planned, By: a.Report}
	d.Held, d.Until, d.Summary = a.Held.Reason, a.Held.Until, a.Summary
	for _, x := range a.Deliveries {
		y := Delivery{
			ID: x.ID, Kind: x.Kind, State: x.State, Reason: x.Reason, Attempts: x.Attempt, Failures: x.Failures, Form: x.Form,
			Message: x.Message, Created: x.Created, First: x.First, Settled: x.Settled,
		}
		if x.Settled.IsZero() {
			y.Due = x.Due
		}
		if x.State == alert.Sent {
			y.Delay = between(x.Waits, x.Settled)
		}
		d.Deliveries = append(d.Deliveries, y)
	}
	return d
}

// verdict says in a sentence what came of the report.
func verdict(r Record) string {
	alerting, raisedAny := false, false
	for _, m := range r.Matches {
		alerting = alerting || m.Alerts()
	}
	for _, a := range r.Alerts {
		raisedAny = raisedAny || r.Story != nil && raised(r, a)
	}
	switch {
	case r.Story == nil:
		return "It waits to be placed into a story: topics and alerts are decided then."
	case raisedAny:
		return "It raised an alert."
	case len(r.Matches) == 0:
		return "No alert: no topic was recognised. attache topics explain says what spoke for and against each."
	case !alerting:
		return "No alert: what it bears is denied or only remembered."
	case r.Report.Hush == report.HushFirstImport:
		return "No alert: what a feed holds when it is read for the first time raises none."
	case r.Report.Hush == report.HushFlood:
		return "No alert: the feed presented so many old items as new at once that it must have renamed them."
	case len(r.Quiet) > 0 && r.Quiet[0].Verdict == alert.Old:
		return "No alert: its story began too long ago to be news (alerts.max_age)."
	case silent(r, alert.OtherStage, alert.OtherStanding):
		return "No alert: no channel wanted its topics at the stage and with the standing that its story has."
	case silent(r, alert.OtherStage, alert.OtherStanding, alert.OtherCountry, alert.OtherLanguage, alert.OtherTier, alert.StateControlled):
		return "No alert: no channel wanted its topics in that language, by that outlet, about those countries, or as its story stands."
	case silent(r, alert.MutedStory, alert.MutedTopic):
		return "No alert: the guilds that want it have muted it."
	case silent(r, alert.Gathered, alert.InDigest):
		return "No alert of its own: channels that want it are told of it with other stories."
	case silent(r, alert.Answered):
		return "No new alert: channels that were told the story that it answers read the answer there."
	case len(r.Quiet) > 0:
		return "No new alert: every channel that wanted it has one for this story."
	case r.Placed.IsZero():
		return "No alert; why was not recorded yet when it was placed."
	}
	return "No alert: no channel that the bot can post to wanted its topics then."
}

// silent reports whether all channels got no alert for one of the reasons.
func silent(r Record, reasons ...alert.Verdict) bool {
	for _, q := range r.Quiet {
		if !slices.Contains(reasons, q.Verdict) {
			return false
		}
	}
	return len(r.Quiet) > 0
}

// between is the time from a to b in seconds, 0 when either is not known.
func between(a, b time.Time) float64 {
	if a.IsZero() || b.IsZero() {
		return 0
	}
	return b.Sub(a).Seconds()
}
