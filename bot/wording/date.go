package wording

import (
	"strings"
	"time"
)

// Day is a day of UTC without its year: "14 January".
func (s Speaker) Day(t time.Time) string { return s.dated("date.day", "date.months", t) }

// Date is a day of UTC with its year: "14 January 2026".
func (s Speaker) Date(t time.Time) string { return s.dated("date.full", "date.months", t) }

// ShortDay is [Speaker.Day] where there is little room: "14 Jan".
func (s Speaker) ShortDay(t time.Time) string { return s.dated("date.brief", "date.short-months", t) }

// Hour is an hour of UTC: "15:00 on 14 January".
func (s Speaker) Hour(t time.Time) string {
	return s.Plain("date.hour", Args{"time": t.UTC().Format("15:04"), "day": s.Day(t)})
}

// dated fills a form of a day; months are the entry that has their names.
func (s Speaker) dated(form, months ID, t time.Time) string {
	t = t.UTC()
	args := Args{"day": t.Format("2"), "month": "", "year": t.Format("2006")}
	if names := strings.Fields(s.Plain(months)); len(names) == 12 {
		args["month"] = names[t.Month()-1]
	}
	return s.Plain(form, args)
}
