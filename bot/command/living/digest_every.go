package living

import (
	"errors"
	"regexp"
	"slices"
	"strconv"

	"github.com/attache-bot/attache/bot/command/times"
	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/suggest"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/digest"
	"github.com/attache-bot/attache/internal/schedule"
)

// Under every stands on which days a digest comes, for which at says the time, or a
// cron expression that says both.

// everyOffer is a choice under every.
type everyOffer struct{ id, title string }

// Names implements [suggest.Named].
func (o everyOffer) Names() suggest.Names { return suggest.Names{ID: o.id, Title: o.title} }

// everyOffers are the days, and unless the time is given already, expressions.
func everyOffers(timed bool, in wording.Speaker) (out []everyOffer) {
	if !timed {
		for _, e := range digest.Examples() {
			out = append(out, everyOffer{string(e), cronWords(e, in)})
		}
	}
	for _, r := range times.Rhythms() {
		out = append(out, everyOffer{r.ID, in.Plain(r.Title)})
	}
	return out
}

// completeEvery offers what fits, and what was typed where that is an expression.
func completeEvery(q interaction.Request, typed string) []interaction.Choice {
	found, _ := suggest.Fitting(everyOffers(q.Given(tree.OptAt), q.Speaker), typed)
	e, err := schedule.ParseExpression(typed)
	if err == nil && !slices.ContainsFunc(found, func(o everyOffer) bool { return o.id == string(e) }) {
		found = append([]everyOffer{{string(e), cronWords(e, q.Speaker)}}, found...)
	}
	return suggest.Offers(found)
}

// readEvery reads what was typed under every: days or an expression, the other one
// is zero.
func readEvery(q interaction.Request, typed string) (digest.Days, schedule.Expression, error) {
	named := func(id string) (digest.Days, bool) {
		i := slices.IndexFunc(times.Rhythms(), func(r times.Rhythm) bool { return r.ID == id })
		if i < 0 {
			return 0, false
		}
		return times.Rhythms()[i].Days, true
	}
	if typed == "" {
		typed = times.EveryDay
	}
	if days, ok := named(typed); ok {
		return days, "", nil
	}
	e, err := schedule.ParseExpression(typed)
	if err == nil {
		return 0, e, nil
	}
	if one, _, ok := suggest.Meant(everyOffers(false, q.Speaker), typed); ok {
		if days, ok := named(one.id); ok {
			return days, "", nil
		}
		return 0, schedule.Expression(one.id), nil
	}
	return 0, "", cronRefusal(err, typed)
}

// cronRefusal says what is wrong with an expression, and what to write.
func cronRefusal(err error, typed string) error {
	var bad *schedule.ExpressionError
	if !errors.As(err, &bad) {
		bad = &schedule.ExpressionError{Fault: schedule.Unreadable}
	}
	switch bad.Fault {
	case schedule.Interval:
		return interaction.Refuse(interaction.BadOption, "digest.cron-interval")
	case schedule.Zoned:
		return interaction.Refuse(interaction.BadOption, "digest.cron-zone")
	case schedule.Never:
		return interaction.Refuse(interaction.BadOption, "digest.cron-never", wording.Args{"typed": typed})
	case schedule.TooOften:
		return interaction.Refuse(interaction.BadOption, "digest.cron-often", wording.Args{"typed": typed})
	case schedule.Unreadable:
	}
	places := []wording.ID{"digest.place-minute", "digest.place-hour", "digest.place-day", "digest.place-month", "digest.place-weekday"}
	if bad.Part < 1 || bad.Part > len(places) {
		return interaction.Refuse(interaction.BadOption, "digest.bad-cron", wording.Args{"typed": typed})
	}
	return interaction.Refuse(interaction.BadOption, "digest.bad-part",
		wording.Args{"typed": typed, "part": bad.Text, "place": wording.Saying{ID: places[bad.Part-1]}})
}

// The expressions for which there are words: at one time on days of the week, at
// two times a day, on the first of each month, and every six hours.
var (
	sixHourly = regexp.MustCompile(`^0 \*/6 \* \* \*$`)
	onDays    = regexp.MustCompile(`^(\d+) (\d+) \* \* (\S+)$`)
	twice     = regexp.MustCompile(`^(\d+) (\d+),(\d+) \* \* \*$`)
	monthly   = regexp.MustCompile(`^(\d+) (\d+) 1 \* \*$`)
)

// cronWords says when an expression comes, in words where there are some.
func cronWords(e schedule.Expression, in wording.Speaker) string {
	s := string(e)
	if sixHourly.MatchString(s) {
		return in.Plain("digest.six-hours")
	}
	if m := onDays.FindStringSubmatch(s); m != nil {
		if days, ok := weekdayWords(m[3]); ok {
			return in.Plain("digest.days-at", wording.Args{"days": in.Plain(days), "time": clock(m[2], m[1])})
		}
	}
	if m := twice.FindStringSubmatch(s); m != nil {
		return in.Plain("digest.twice", wording.Args{"first": clock(m[2], m[1]), "second": clock(m[3], m[1])})
	}
	if m := monthly.FindStringSubmatch(s); m != nil {
		return in.Plain("digest.monthly", wording.Args{"time": clock(m[2], m[1])})
	}
	return in.Plain("digest.by-cron", wording.Args{"expression": s})
}

// weekdayWords is what the days of an expression are called.
func weekdayWords(part string) (wording.ID, bool) {
	id := part
	switch part {
	case "*", "?":
		id = times.EveryDay
	case "1-5", "mon-fri":
		id = times.EveryWeekday
	default:
		if n := slices.Index([]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}, part); n >= 0 {
			id = strconv.Itoa(n)
		}
		id = times.WeeklyPrefix + id
	}
	i := slices.IndexFunc(times.Rhythms(), func(r times.Rhythm) bool { return r.ID == id })
	if i < 0 {
		return "", false
	}
	return times.Rhythms()[i].Title, true
}

// clock is a time of the day as clocks show it, from what stands in an expression.
func clock(hour, minute string) string {
	h, _ := strconv.Atoi(hour)
	m, _ := strconv.Atoi(minute)
	return times.Wall(h*60 + m)
}
