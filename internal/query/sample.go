package query

import (
	"strconv"

	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/topic"
)

// SampleSize is on how many of the last reports a query is tried.
const SampleSize = 1000

// Read is a report with the built-in topics that it bears.
type Read struct {
	Report  report.Report
	Matches []topic.Match
}

// Doc is what queries see of r. Outlet may be the zero value where the outlet is
// not known.
func (r Read) Doc(outlet source.Source) Doc {
	return Doc{
		Title: r.Report.Title, Lead: r.Report.Description, Body: r.Report.Body,
		Source: string(r.Report.Source), Country: outlet.Country, Language: r.Report.Language, Topics: r.Matches,
	}
}

// A query floods when it matches more than one report in floodShare of a sample
// that is large enough to tell.
const (
	floodShare = 20
	floodLeast = 100
)

// Flood refuses a query that has matched so many of a sample of reports that
// nobody could read its alerts. The error is of type [*Error].
func Flood(matched, of int) error {
	if of < floodLeast || matched*floodShare <= of {
		return nil
	}
	return failure(0, FaultFlood, "matched", strconv.Itoa(matched), "of", strconv.Itoa(of), "most", strconv.Itoa(of/floodShare))
}
