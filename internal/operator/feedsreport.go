package operator

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/attache-bot/attache/internal/feed/fetch"
	"github.com/attache-bot/attache/internal/feed/parse"
	"github.com/attache-bot/attache/internal/text"
)

// feedSum counts what came of the feeds.
type feedSum struct {
	Feeds   int `json:"feeds"`
	OK      int `json:"ok"`
	Quiet   int `json:"quiet"`
	Empty   int `json:"empty"`
	Failed  int `json:"failed"`
	Skipped int `json:"skipped"`
	Moved   int `json:"moved"`
	Foreign int `json:"other_language"`
}

func summarise(results []checked) feedSum {
	s := feedSum{Feeds: len(results)}
	for _, r := range results {
		switch r.state {
		case feedOK:
			s.OK++
		case feedQuiet:
			s.Quiet++
		case feedEmpty:
			s.Empty++
		case feedFailed:
			s.Failed++
		case feedSkipped:
			s.Skipped++
		}
		if r.moved != "" {
			s.Moved++
		}
		if r.foreign() {
			s.Foreign++
		}
	}
	return s
}

// err is the failure of a check: feeds that could not be read, or not be asked.
func (s feedSum) err() error {
	switch {
	case s.Failed+s.Skipped == 0:
		return nil
	case s.Feeds == 1:
		return errors.New("the feed could not be read")
	}
	return fmt.Errorf("%d of %s could not be read", s.Failed+s.Skipped, count(s.Feeds, "feed"))
}

// printChecked prints the table and, below it, what can be done.
func printChecked(out io.Writer, results []checked, sum feedSum, now time.Time) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "STATE\tSOURCE\tITEMS\tNEWEST\tLANGUAGE\tOFFERS\tFEED")
	for _, r := range results {
		state, items, newest := string(r.state), "–", "–"
		switch {
		case r.class != "" && r.status != 0:
			state = fmt.Sprintf("%s %d", r.class, r.status)
		case r.class != "":
			state = r.class
		case r.state != feedSkipped:
			items = fmt.Sprint(r.items)
		}
		if !r.newest.IsZero() {
			newest = shortly(now.Sub(r.newest))
		}
		language := dash(r.language)
		if r.foreign() {
			language += "≠" + r.source.Language
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%s\t%s\n", state, dash(r.source.ID), items, newest, language,
			dash(strings.Join(r.offers, " ")), text.Clean(r.feed.URL))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	builtIn := printFailures(out, results)
	builtIn = printMoves(out, results) || builtIn
	builtIn = printDoubts(out, results, now) || builtIn
	if builtIn {
		fmt.Fprintln(out, "\nThe built-in catalogue is changed in a file that feeds.extra names: a source there with the same id stands in its place.")
	}
	_, err := fmt.Fprintf(out, "\n%s\n", sum)
	return err
}

// String is the sum in a sentence.
func (s feedSum) String() string {
	switch {
	case s.Feeds == 1 && s.Failed == 1:
		return "The feed cannot be read."
	case s.Failed+s.Skipped == s.Feeds:
		return "None of " + count(s.Feeds, "feed") + " can be read."
	}
	line := fmt.Sprintf("%d of %s can be read", s.OK+s.Quiet+s.Empty, count(s.Feeds, "feed"))
	var of []string
	for _, part := range []struct {
		n    int
		what string
	}{{s.Quiet, "quiet"}, {s.Empty, "empty"}, {s.Moved, "moved"}, {s.Foreign, "in another language than stated"}} {
		if part.n > 0 {
			of = append(of, fmt.Sprintf("%d %s", part.n, part.what))
		}
	}
	if len(of) > 0 {
		line += ", of them " + strings.Join(of, ", ")
	}
	if s.Failed > 0 {
		line += fmt.Sprintf("; %d cannot", s.Failed)
	}
	if s.Skipped > 0 {
		line += fmt.Sprintf("; %d were not asked", s.Skipped)
	}
	return line + "."
}

// printFailures prints why feeds could not be read and what to do. Like the
// other sections it reports whether a feed of the built-in catalogue is in it.
func printFailures(out io.Writer, results []checked) (builtIn bool) {
	heading := "\nNot read:\n"
	for _, r := range results {
		if r.state != feedFailed && r.state != feedSkipped {
			continue
		}
		fmt.Fprint(out, heading)
		heading = ""
		fmt.Fprintf(out, "  %s\n    %s\n    → %s\n", r.title(), r.why, r.remedy())
		if from := r.feed.Origin.String(); from != "" {
			fmt.Fprintf(out, "    known from: %s\n", from)
		}
		builtIn = builtIn || r.builtIn()
	}
	return builtIn
}

// printMoves prints the lines of the catalogue to change.
func printMoves(out io.Writer, results []checked) (builtIn bool) {
	heading := "\nMoved for good:\n"
	for _, r := range results {
		if r.moved == "" {
			continue
		}
		fmt.Fprint(out, heading)
		heading = ""
		fmt.Fprintf(out, "  %s\n", r.title())
		if r.feed.Where == "" {
			fmt.Fprintf(out, "    → its new address is %s\n", text.Clean(r.moved))
		} else {
			fmt.Fprintf(out, "    → at %s change url: to %s\n", text.Clean(r.feed.Where), text.Clean(r.moved))
		}
		builtIn = builtIn || r.builtIn()
	}
	return builtIn
}

// printDoubts prints what was read, but is worth a look.
func printDoubts(out io.Writer, results []checked, now time.Time) (builtIn bool) {
	heading := "\nWorth a look:\n"
	for _, r := range results {
		var why []string
		switch {
		case r.state == feedQuiet:
			why = append(why, fmt.Sprintf("nothing new for %s; it may have been given up", shortly(now.Sub(r.newest))))
		case r.state == feedEmpty:
			why = append(why, "it holds no items; see whether they come back")
		case r.state == feedOK && r.newest.IsZero():
			why = append(why, "no item has a date; the bot takes the time at which it first sees one")
		}
		if r.foreign() {
			why = append(why, fmt.Sprintf("its items are in %s, and its source is said to be in %s", r.language, r.source.Language),
				"→ if that is so, correct language: at "+text.Clean(r.source.Where))
		}
		if len(why) == 0 {
			continue
		}
		fmt.Fprint(out, heading)
		heading = ""
		fmt.Fprintf(out, "  %s\n", r.title())
		for _, w := range why {
			fmt.Fprintf(out, "    %s\n", w)
		}
		builtIn = builtIn || r.builtIn()
	}
	return builtIn
}

// title names a feed: its source, where there is one, and its address.
func (r checked) title() string {
	if r.source.ID == "" {
		return text.Clean(r.feed.URL)
	}
	return r.source.ID + ": " + text.Clean(r.feed.URL)
}

func (r checked) builtIn() bool { return strings.Contains(r.feed.Where, "(built in)") }

// remedy is what to do about a feed that could not be read.
func (r checked) remedy() string {
	entry := "the address"
	if r.feed.Where != "" {
		entry = text.Clean(r.feed.Where)
	}
	again := "check again later"
	if r.wait > 0 {
		again = "check again in " + shortly(r.wait)
	}
	switch r.class {
	case string(fetch.ClassNotFound), string(fetch.ClassGone), string(parse.ClassHTMLPage), string(parse.ClassNotAFeed):
		return "look for its address on the outlet's site, and correct " + entry + " or take it out"
	case string(fetch.ClassForbidden):
		return "ask the outlet to let the bot in, whose name is poll.user_agent, or take out " + entry
	case string(fetch.ClassRateLimited):
		return again + ", and give it a longer every: at " + entry
	case string(fetch.ClassBlockedAddress):
		return "if the address is yours, allow its network in network.allow_private"
	case string(fetch.ClassBlockedPort):
		return "if the address is yours, allow its port in network.allow_ports"
	case string(fetch.ClassBadURL), string(fetch.ClassBadRedirect), string(fetch.ClassRedirectLoop):
		return "open it in a browser, and correct " + entry
	case string(fetch.ClassTooLarge), string(parse.ClassTooBig), string(parse.ClassTooDeep), string(parse.ClassMalformed), string(parse.ClassBadCharset):
		return "tell the outlet, or look for another feed of it"
	}
	return again + "; if it stays so, look for another address, or take out " + entry
}

type checkedJSON struct {
	Source   string     `json:"source,omitempty"`
	URL      string     `json:"url"`
	Where    string     `json:"where,omitempty"`
	Origin   string     `json:"origin,omitempty"`
	State    feedState  `json:"state"`
	Class    string     `json:"class,omitempty"`
	Status   int        `json:"status,omitempty"`
	Why      string     `json:"why,omitempty"`
	Remedy   string     `json:"remedy,omitempty"`
	Items    int        `json:"items"`
	Newest   *time.Time `json:"newest,omitempty"`
	Language string     `json:"language,omitempty"`
	Stated   string     `json:"stated_language,omitempty"`
	Moved    string     `json:"moved,omitempty"`
	Offers   []string   `json:"offers,omitempty"`
}

// printCheckedJSON prints an object for each feed and one with the counts.
func printCheckedJSON(out io.Writer, results []checked, sum feedSum) error {
	for _, r := range results {
		j := checkedJSON{
			Source: r.source.ID, URL: r.feed.URL, Where: r.feed.Where, Origin: r.feed.Origin.String(),
			State: r.state, Class: r.class, Status: r.status, Why: r.why, Items: r.items,
			Language: r.language, Stated: r.source.Language, Moved: r.moved, Offers: r.offers,
		}
		if r.why != "" {
			j.Remedy = r.remedy()
		}
		if !r.newest.IsZero() {
			j.Newest = &r.newest
		}
		if err := writeJSON(out, j); err != nil {
			return err
		}
	}
	return writeJSON(out, struct {
		Summary feedSum `json:"summary"`
	}{sum})
}
