package alert

import (
	"slices"
	"time"

	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
)

// Past is a report that was read, with what there was to decide about it then.
type Past struct {
	// Case is as it was for [Decide], but for who wants it and who was told.
	Case
	Story story.ID
	// Answers is the story that this one answers; zero for none.
	Answers story.ID
	// Placed is when it was decided.
	Placed time.Time
}

// Rehearsal is what a subscription would have done.
type Rehearsal struct {
	// Since is from when on reports were looked at.
	Since time.Time
	// Alerts counts stories with a message of their own, Gathered those that would
	// have been told with others, InDigest those left to the channel's digest.
	Alerts, Gathered, InDigest int
	// Mentions counts messages that would have mentioned the role.
	Mentions int
	// Told are the reports by which the channel would have been told, newest first.
	Told []report.Report
	// Partly says that there were more reports than were looked at.
	Partly bool
}

// Stories counts all that the channel would have been told.
func (r Rehearsal) Stories() int { return r.Alerts + r.Gathered + r.InDigest }

// Rehearse runs a subscription over reports in their sequence, by the decisions
// that make alerts. What the channel has from its other subscriptions, and what
// an outage would have held back, does not count.
func Rehearse(s subscription.Subscription, past []Past) Rehearsal {
	h := rehearsing{sub: s, told: map[story.ID]*Recipient{}}
	for _, p := range past {
		h.hear(p)
	}
	slices.Reverse(h.out.Told)
	return h.out
}

type rehearsing struct {
	sub  subscription.Subscription
	told map[story.ID]*Recipient
	pace subscription.Pace
	out  Rehearsal
}

func (h *rehearsing) hear(p Past) {
	h.pass(p.Placed)
	if to := h.told[p.Story]; to != nil {
		h.follow(p, to)
		return
	}
	c := p.Case
	c.Wanting = []subscription.Subscription{h.sub}
	if to := h.told[p.Answers]; p.Answers != 0 && to != nil && !to.Gathered {
		c.Claim = []string{h.sub.Channel}
		defer h.follow(p, to)
	}
	if h.sub.PerHour > 0 && (h.pace.Waiting > 0 || !h.pace.Room(p.Placed, h.sub.PerHour)) {
		c.Full = map[subscription.ID]bool{h.sub.ID: true}
	}
	for _, t := range Decide(p.Placed, c) {
		switch t.Verdict {
		case Alerts:
			h.out.Alerts++
			h.send(p.Placed)
			if len(t.Roles) > 0 {
				h.out.Mentions++
			}
		case Gathered:
			h.out.Gathered++
			h.pace.Waiting++
		case InDigest:
			h.out.InDigest++
		default:
			continue
		}
		h.told[p.Story] = &Recipient{Channel: h.sub.Channel, Mentioned: t.Roles, Gathered: t.Verdict != Alerts}
		h.out.Told = append(h.out.Told, p.Report)
	}
}

// pass tells what was gathered, when the hour allows it.
func (h *rehearsing) pass(now time.Time) {
	for h.pace.Waiting > 0 && len(h.pace.Sent) > 0 {
		oldest := h.pace.Sent[max(0, len(h.pace.Sent)-h.sub.PerHour)]
		room := oldest.Add(time.Hour)
		if room.After(now) {
			return
		}
		h.pace.Waiting = max(0, h.pace.Waiting-MaxItems)
		h.send(room)
	}
}

func (h *rehearsing) send(at time.Time) {
	if h.sub.PerHour <= 0 {
		return
	}
	h.pace.Sent = append(h.pace.Sent, at)
	if over := len(h.pace.Sent) - h.sub.PerHour; over > 0 {
		h.pace.Sent = h.pace.Sent[over:]
	}
}

// follow counts a mention that a threshold held back till now.
func (h *rehearsing) follow(p Past, to *Recipient) {
	if to.Gathered {
		return
	}
	c := Change{Report: p.Report, Outlet: p.Outlet, Standing: p.Standing, Voices: p.Voices}
	for _, m := range p.Matches {
		c.Topics = append(c.Topics, m.Topic)
	}
	roles, _ := Follow(c, nil, *to, []subscription.Subscription{h.sub})
	if len(roles) > 0 {
		h.out.Mentions++
		to.Mentioned = slices.Concat(to.Mentioned, roles)
	}
}
