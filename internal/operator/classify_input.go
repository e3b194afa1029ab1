package operator

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/feed/parse"
	"github.com/attache-bot/attache/internal/reading"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
)

var errLongLine = fmt.Errorf("the line is longer than %d MiB", maxClassifyLine>>20)

// lineReader gives lines of bounded length.
type lineReader struct {
	r      *bufio.Reader
	limit  int
	number int // of the line given last, from 1
	buf    []byte
}

// next returns the next line, valid until the next call; [errLongLine] for one
// over the limit, which is skipped; [io.EOF] after the last.
func (l *lineReader) next() ([]byte, error) {
	l.buf = l.buf[:0]
	long := false
	for {
		part, err := l.r.ReadSlice('\n')
		if long = long || len(l.buf)+len(part) > l.limit; !long {
			l.buf = append(l.buf, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(part) == 0 && len(l.buf) == 0 && !long:
			return nil, io.EOF
		case err != nil && !errors.Is(err, io.EOF):
			return nil, err
		}
		l.number++
		if long {
			l.buf = l.buf[:0]
			return nil, errLongLine
		}
		return l.buf, nil
	}
}

// reportLine is a report as classify is given it. Further members are ignored.
type reportLine struct {
	ID          json.RawMessage `json:"id"`
	Title       string          `json:"title"`
	Description string          `json:"description"`
	Body        string          `json:"body"`
	Link        string          `json:"link"`
	Source      string          `json:"source"`
	Published   string          `json:"published"`
	Language    string          `json:"language"`
}

func decodeLine(line []byte) (reportLine, error) {
	var in reportLine
	if err := json.Unmarshal(line, &in); err != nil {
		return in, plainJSONError(err)
	}
	if !usableID(in.ID) {
		return in, errors.New(`the id is missing: give each report one, such as "id": "r1"`)
	}
	if strings.TrimSpace(in.Title+in.Description+in.Body) == "" {
		return in, errors.New("title, description and body are empty: give at least a title")
	}
	return in, nil
}

// plainJSONError says what is wrong in the words of those who write the lines.
func plainJSONError(err error) error {
	var kind *json.UnmarshalTypeError
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &kind) && kind.Field == "":
		return fmt.Errorf("this is a JSON %s: give one JSON object a line", kind.Value)
	case errors.As(err, &kind):
		return fmt.Errorf("%s is a %s: give text in quotes", kind.Field, kind.Value)
	case errors.As(err, &syntax):
		return fmt.Errorf("this is not JSON, at byte %d: %w", syntax.Offset, err)
	}
	return fmt.Errorf("this is not JSON: %w", err)
}

// usableID accepts texts and numbers.
func usableID(id json.RawMessage) bool {
	if len(id) == 0 || string(id) == `""` {
		return false
	}
	return id[0] == '"' || id[0] == '-' || id[0] >= '0' && id[0] <= '9'
}

// idOf finds the id in a line that could not be used, null when there is none.
func idOf(line []byte) json.RawMessage {
	var in struct {
		ID json.RawMessage `json:"id"`
	}
	// The line is known to be at fault; only what can be had of it matters.
	if err := json.Unmarshal(line, &in); err == nil && usableID(in.ID) {
		return in.ID
	}
	return json.RawMessage("null")
}

// reportReader makes reports of lines by the very steps that make reports of
// feeds, so that what is measured is what the bot does.
type reportReader struct {
	parser  *parse.Parser
	sources map[string]source.Source // by feed address, name and id
	clock   streamClock
}

func newReportReader(c config.Config) (*reportReader, error) {
	parser, err := parse.New(parse.Options{})
	if err != nil {
		return nil, err
	}
	sources, feeds, err := reading.LoadCatalogue(c)
	if err != nil {
		return nil, err
	}
	rr := &reportReader{parser: parser, sources: map[string]source.Source{}}
	for _, s := range sources.All() {
		rr.sources[strings.ToLower(s.Name)] = s
		rr.sources[string(s.ID)] = s
	}
	for _, f := range feeds {
		if s, ok := sources.Get(f.Source); ok {
			rr.sources[strings.ToLower(f.URL)] = s
		}
	}
	return rr, nil
}

// oneItemFeed is a JSON Feed with one item, https://www.jsonfeed.org/version/1.1/.
type oneItemFeed struct {
	Version string         `json:"version"`
	Title   string         `json:"title"`
	Items   [1]oneFeedItem `json:"items"`
}

type oneFeedItem struct {
	Title   string `json:"title,omitempty"`
	URL     string `json:"url,omitempty"`
	Summary string `json:"summary,omitempty"`
	Content string `json:"content_text,omitempty"`
}

// read makes a report, and a note when something about the line was odd.
func (rr *reportReader) read(ctx context.Context, in reportLine) (r report.Report, note string, err error) {
	published, dated := time.Time{}, false
	if strings.TrimSpace(in.Published) != "" {
		if published, dated = parse.Date(in.Published); !dated {
			note = "published is not a date that could be read: taken as unknown"
		}
	}
	now := rr.clock.next(published)
	body, err := json.Marshal(oneItemFeed{
		Version: "https://jsonfeed.org/version/1.1", Title: in.Source,
		Items: [1]oneFeedItem{{Title: in.Title, URL: in.Link, Summary: in.Description, Content: in.Body}},
	})
	if err != nil {
		return r, "", fmt.Errorf("encode report: %w", err)
	}
	doc, err := rr.parser.Parse(ctx, parse.Input{Body: body, ContentType: "application/feed+json", Now: now})
	var failed *parse.Error
	if errors.As(err, &failed) {
		return r, "", errors.New(failed.Class.Text())
	}
	if err != nil {
		return r, "", err
	}
	if len(doc.Items) == 0 {
		return r, "", errors.New("nothing is left of the text once markup is taken out: give a title in words")
	}
	if dated {
		doc.Items[0].Published = earlier(published, now).UTC()
	}
	src, usual := rr.source(in)
	return feed.Reports(feed.Feed{Source: src}, doc, usual, now)[0], note, nil
}

// source returns the outlet that a line names, known or not, and the language
// that its reports are usually in.
func (rr *reportReader) source(in reportLine) (id source.ID, usual string) {
	name := strings.ToLower(strings.TrimSpace(in.Source))
	s, ok := rr.sources[name]
	if !ok {
		return source.ID(name), baseLanguage(in.Language)
	}
	if in.Language != "" {
		return s.ID, baseLanguage(in.Language)
	}
	return s.ID, s.Language
}

// baseLanguage takes the language out of a tag such as en-GB, "" when there is
// none in it.
func baseLanguage(tag string) string {
	base := strings.ToLower(strings.TrimSpace(tag))
	if i := strings.IndexAny(base, "-_"); i >= 0 {
		base = base[:i]
	}
	notLetter := func(r rune) bool { return r < 'a' || r > 'z' }
	if len(base) < 2 || len(base) > 3 || strings.ContainsFunc(base, notLetter) {
		return ""
	}
	return base
}

// streamClock is the time that a stream of reports has reached. Stories close
// by it, as they do by the real clock while the bot runs.
type streamClock struct{ now, doubted time.Time }

// maxLeap is how far one report may move the clock. A stray date beyond it
// would close every open story, so a second report must agree with it.
const maxLeap = 24 * time.Hour

// next takes the date of the next report, zero when it has none, and returns
// the time at which the bot would have seen it.
func (c *streamClock) next(published time.Time) time.Time {
	switch {
	case published.IsZero():
	case c.now.IsZero():
		c.now = published
	case published.Sub(c.now) <= maxLeap:
		c.now = later(c.now, published)
		c.doubted = time.Time{}
	case !c.doubted.IsZero():
		c.now = earlier(c.doubted, published)
		c.doubted = time.Time{}
	default:
		c.doubted = published
	}
	return c.now
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
