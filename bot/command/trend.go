package command

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/attache-bot/attache/bot/chart"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/bot/wording"
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
func (c *commands) trend(ctx context.Context, q Request) (Reply, error) {
	typed, err := q.Text(optTopic, maxChoice)
	if err != nil {
		return Reply{}, err
	}
	var id topic.ID
	if typed != "" {
		known, err := c.known(ctx, q.Guild)
		if err != nil {
			return Reply{}, err
		}
		t, err := pick(known, typed)
		if err != nil {
			return Reply{}, err
		}
		id = t.ID
	}
	chosen, err := q.Text(optPeriod, maxChoice)
	if err != nil {
		return Reply{}, err
	}
	days := usualDays
	if chosen != "" {
		if days, err = strconv.Atoi(chosen); err != nil {
			return Reply{}, unreadable(optPeriod)
		}
	}
	if _, ok := periodOf(days); !ok {
		return Reply{}, unreadable(optPeriod)
	}
	return c.trendPage(ctx, q, id, days)
}

// trendPage shows the trend of a topic, empty for all, over so many days.
func (c *commands) trendPage(ctx context.Context, q Request, id topic.ID, days int) (Reply, error) {
	over, ok := periodOf(days)
	if !ok {
		return Reply{}, errButton
	}
	known, err := c.known(ctx, q.Guild)
	if err != nil {
		return Reply{}, err
	}
	if id, ok = wholeTopic(known, id); !ok {
		return Reply{}, errButton
	}
	about := "on any topic"
	if id != "" {
		about = "about " + title(known, id)
	}
	bars := chart.Bars{Start: over.begins(q.Now), Step: over.step}
	bars.Counts, err = c.store.Trend(ctx, TrendQuery{Guild: q.Guild, Topic: id, From: bars.Start, Step: over.step, Steps: over.steps()})
	if err != nil {
		return Reply{}, fmt.Errorf("count stories: %w", err)
	}
	picture, err := bars.PNG()
	if err != nil {
		return Reply{}, err
	}
	p := message.Text(trendWords(bars, about, over)).WithPicture("trend.png", bars.Alt("stories "+about), picture)
	for _, o := range periods() {
		button := Cursor{List: TrendList, After: int64(o.days), Text: filter{topic: id}.String()}.String()
		if o == over {
			p = p.WithChosen(wording.Speaker{}.Plain(o.name), button)
			continue
		}
		p = p.WithButton(wording.Speaker{}.Plain(o.name), button)
	}
	return Reply{Payload: p}, nil
}

// trendWords say what the picture shows.
func trendWords(b chart.Bars, about string, over period) message.Markup {
	total := b.Sum(0, len(b.Counts))
	words := message.Format("**%s %s** in %s.", message.Count(total, "story", "stories"), about, wording.Speaker{}.Plain(over.name))
	if total == 0 {
		return words + " /recent without options shows what there is."
	}
	at := b.Start.Add(time.Duration(b.Most()) * b.Step)
	if over.step < 24*time.Hour {
		words += message.Format(" Most in the hour from %s UTC: %d.", at.Format("15:04"), b.Counts[b.Most()])
	} else {
		words += message.Format(" Most on %s: %d.", at.Format("2 January"), b.Counts[b.Most()])
	}
	n := len(b.Counts)
	if over.days > 7 {
		words += message.Format(" The last 7 days: %d, the 7 before: %d.", b.Sum(n-7, n), b.Sum(n-14, n-7))
	}
	return words + "\n-# Days and hours are those of UTC; the last one is not over. A story counts when its first report appeared."
}
