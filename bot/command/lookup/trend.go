package lookup

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/bwmarrin/discordgo"

	"github.com/attache-bot/attache/bot/chart"
	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/topic"
)

// period is a time that a trend is shown over.
type period struct {
	// days is its length, and how it is known in options and buttons.
	days int
	name wording.ID
	// step is the span that each bar stands for.
	step time.Duration
}

// periods are those that can be chosen, the shortest first.
func periods() []period {
	const day = 24 * time.Hour
	return []period{{1, "period.day", time.Hour}, {7, "period.week", day}, {30, "period.month", day}, {90, "period.quarter", day}}
}

// usualDays is the period that is shown when none is chosen.
const usualDays = 30

// periodOf is the period of so many days.
func periodOf(days int) (period, bool) {
	all := periods()
	i := slices.IndexFunc(all, func(p period) bool { return p.days == days })
	if i < 0 {
		return period{}, false
	}
	return all[i], true
}

// steps is how many bars a period has.
func (p period) steps() int { return int(time.Duration(p.days) * 24 * time.Hour / p.step) }

// begins is when its first bar begins, so that the last one holds now. Days are
// those of UTC.
func (p period) begins(now time.Time) time.Time {
	last := now.UTC().Truncate(p.step)
	return last.Add(-time.Duration(p.steps()-1) * p.step)
}

// trend shows how many stories there were on a topic, over time.
func (h *Handlers) trend(ctx context.Context, q interaction.Request) (interaction.Reply, error) {
	typed, err := q.Text(tree.OptTopic, interaction.MaxChoice)
	if err != nil {
		return interaction.Reply{}, err
	}
	var id topic.ID
	if typed != "" {
		known, err := h.TopicsOf(ctx, q)
		if err != nil {
			return interaction.Reply{}, err
		}
		t, err := desk.Pick(known, typed)
		if err != nil {
			return interaction.Reply{}, err
		}
		id = t.ID
	}
	chosen, err := q.Text(tree.OptPeriod, interaction.MaxChoice)
	if err != nil {
		return interaction.Reply{}, err
	}
	days := usualDays
	if chosen != "" {
		if days, err = strconv.Atoi(chosen); err != nil {
			return interaction.Reply{}, interaction.Unreadable(tree.OptPeriod)
		}
	}
	if _, ok := periodOf(days); !ok {
		return interaction.Reply{}, interaction.Unreadable(tree.OptPeriod)
	}
	return h.trendPage(ctx, q, id, days)
}

// trendPage shows the trend of a topic, empty for all, over so many days.
func (h *Handlers) trendPage(ctx context.Context, q interaction.Request, id topic.ID, days int) (interaction.Reply, error) {
	over, ok := periodOf(days)
	if !ok {
		return interaction.Reply{}, interaction.ErrButton
	}
	known, err := h.TopicsOf(ctx, q)
	if err != nil {
		return interaction.Reply{}, err
	}
	if id, ok = wholeTopic(known, id); !ok {
		return interaction.Reply{}, desk.ErrTopicGone
	}
	about, alt := "", q.Plain("trend.alt-any")
	if id != "" {
		about = desk.Title(known, id)
		alt = q.Plain("trend.alt", wording.Args{"topic": about})
	}
	bars := chart.Bars{Start: over.begins(q.Now), Step: over.step}
	bars.Counts, err = h.store.Trend(ctx, archive.Trend{Guild: q.Guild, Topic: id, From: bars.Start, Step: over.step, Steps: over.steps()})
	if err != nil {
		return interaction.Reply{}, fmt.Errorf("count stories: %w", err)
	}
	p := message.Text(trendWords(bars, about, over, q.Speaker))
	if bars.Sum(0, len(bars.Counts)) > 0 {
		picture, err := bars.PNG(q.Speaker)
		if err != nil {
			return interaction.Reply{}, err
		}
		p = p.WithPicture("trend.png", bars.Alt(alt, q.Speaker), picture)
	} else { // an empty picture shows nothing
		p = p.WithoutFiles()
	}
	for _, o := range periods() {
		button := desk.Cursor{List: desk.TrendList, After: int64(o.days), Text: filter{topic: id}.String()}.String()
		if o == over {
			p = p.WithChosen(q.Plain(o.name), button)
			continue
		}
		p = p.WithButton(q.Plain(o.name), button)
	}
	return interaction.Reply{Payload: p}, nil
}

// trendWords say what the picture shows; about is a topic's title, empty for all.
func trendWords(b chart.Bars, about string, over period, in wording.Speaker) message.Markup {
	total := b.Sum(0, len(b.Counts))
	words := in.Say("trend.about-any", wording.Args{"count": total, "period": in.Plain(over.name)})
	if about != "" {
		words = in.Say("trend.about", wording.Args{"count": total, "topic": about, "period": in.Plain(over.name)})
	}
	if total == 0 {
		return words + " " + in.Say("trend.none")
	}
	at, most := b.Start.Add(time.Duration(b.Most())*b.Step), b.Counts[b.Most()]
	if over.step < 24*time.Hour {
		words += " " + in.Say("trend.most-hour", wording.Args{"time": at.Format("15:04"), "number": most})
	} else {
		words += " " + in.Say("trend.most-day", wording.Args{"date": in.Day(at), "number": most})
	}
	n := len(b.Counts)
	if over.days > 7 {
		words += " " + in.Say("trend.weeks", wording.Args{"last": b.Sum(n-7, n), "before": b.Sum(n-14, n-7)})
	}
	return words + "\n-# " + in.Say("trend.note")
}

// PeriodOption chooses how long a trend is shown over.
func PeriodOption() *discordgo.ApplicationCommandOption {
	o := tree.Described("tree.trend-period", &discordgo.ApplicationCommandOption{
		Type: discordgo.ApplicationCommandOptionString, Name: tree.OptPeriod,
	})
	for _, p := range periods() {
		o.Choices = append(o.Choices, tree.Choice(p.name, strconv.Itoa(p.days)))
	}
	return o
}
