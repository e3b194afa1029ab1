package operator

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/reading"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

// maxClassifyLine bounds one line of input in bytes, well over a report with
// its whole article.
const maxClassifyLine = 4 << 20

// ClassifyOptions say how reports are classified.
type ClassifyOptions struct {
	Config config.Config
	// Only limits the topics to these ids; empty means all.
	Only []string
	// Summary asks for a summary of each report.
	Summary bool
}

// Classify reads reports from in, one JSON object a line, and writes to out
// what the bot thinks of each, in the same order and with memory that does not
// grow with their number. A line that cannot be used is told on errs with its
// number, gets an error in its place on out, and makes Classify fail at the end.
func Classify(ctx context.Context, o ClassifyOptions, in io.Reader, out, errs io.Writer) error {
	c, err := newClassifier(o)
	if err != nil {
		return err
	}
	return c.run(ctx, in, out, errs)
}

// run classifies everything that in holds.
func (c *classifier) run(ctx context.Context, in io.Reader, out, errs io.Writer) error {
	lines := lineReader{r: bufio.NewReaderSize(in, 64<<10), limit: maxClassifyLine}
	buffered := bufio.NewWriterSize(out, 64<<10)
	enc := json.NewEncoder(buffered)
	enc.SetEscapeHTML(false)
	total, bad := 0, 0
	for ctx.Err() == nil {
		line, err := lines.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && !errors.Is(err, errLongLine) {
			return errors.Join(fmt.Errorf("read reports: %w", err), buffered.Flush())
		}
		if err == nil && len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		var result any
		if err == nil {
			result, err = c.classify(ctx, line, lines.number, errs)
		}
		total++
		if err != nil {
			bad++
			fmt.Fprintf(errs, "line %d: %v\n", lines.number, err)
			result = classifyError{ID: idOf(line), Error: err.Error()}
		}
		if err := enc.Encode(result); err != nil {
			return fmt.Errorf("write results: %w", err)
		}
		if lines.r.Buffered() == 0 { // whoever types lines sees each answer
			if err := buffered.Flush(); err != nil {
				return fmt.Errorf("write results: %w", err)
			}
		}
	}
	if err := buffered.Flush(); err != nil {
		return fmt.Errorf("write results: %w", err)
	}
	if bad > 0 {
		return fmt.Errorf("%d of %d lines could not be classified", bad, total)
	}
	return ctx.Err()
}

// classified is the answer to one report.
type classified struct {
	ID       json.RawMessage   `json:"id"`
	Language string            `json:"language"`
	Topics   []classifiedTopic `json:"topics"`
	Story    string            `json:"story"`
	Standing story.Standing    `json:"standing"`
	Claims   []classifiedClaim `json:"claims"`
	// Summary is what the story's reports come to so far, Sentences the same with
	// where each sentence stands.
	Summary   *string              `json:"summary,omitempty"`
	Sentences []classifiedSentence `json:"sentences,omitempty"`
}

type classifiedSentence struct {
	Text   string `json:"text"`
	Outlet string `json:"outlet"`
	Link   string `json:"link,omitempty"`
}

type classifiedTopic struct {
	ID       topic.ID    `json:"id"`
	Score    float64     `json:"score"`
	Stage    topic.Stage `json:"stage"`
	Evidence []string    `json:"evidence"`
}

// classifiedClaim is one act of speech; one without a source says that the report
// has no main claim.
type classifiedClaim struct {
	Source string     `json:"source"`
	Act    claim.Act  `json:"act"`
	Tone   claim.Tone `json:"tone"`
	Party  string     `json:"party"`
	Quote  string     `json:"quote"`
}

// classifyError stands in the place of a report that could not be read.
type classifyError struct {
	ID    json.RawMessage `json:"id"`
	Error string          `json:"error"`
}

// classifier carries what later reports need to know of earlier ones: the open
// stories, and the time that the stream has reached.
type classifier struct {
	o      ClassifyOptions
	topics *topic.Set
	only   []topic.ID
	input  *reportReader
	index  *story.Index
	claims *claim.Extractor
	told   testimonies
	gists  gists
	last   report.ID
}

func newClassifier(o ClassifyOptions) (*classifier, error) {
	topics, err := reading.LoadTopics(o.Config.Topics)
	if err != nil {
		return nil, err
	}
	actors, err := reading.LoadActors()
	if err != nil {
		return nil, err
	}
	c := &classifier{o: o, topics: topics, index: story.NewIndex(actors.Parties), claims: actors.Claims, told: testimonies{}}
	if c.gists, err = newGists(actors.Claims); err != nil {
		return nil, err
	}
	for _, id := range o.Only {
		if _, ok := topics.Lookup(topic.ID(id)); !ok {
			return nil, unknownTopic(topics, id)
		}
		c.only = append(c.only, topic.ID(id))
	}
	c.input, err = newReportReader(o.Config)
	return c, err
}

func (c *classifier) classify(ctx context.Context, line []byte, number int, notes io.Writer) (classified, error) {
	in, err := decodeLine(line)
	if err != nil {
		return classified{}, err
	}
	r, note, err := c.input.read(ctx, in)
	if err != nil {
		return classified{}, err
	}
	if note != "" {
		fmt.Fprintf(notes, "line %d: %s\n", number, note)
	}
	c.last++
	r.ID = c.last
	matches := c.topics.Match(topic.Doc{Title: r.Title, Lead: r.Description, Body: r.Body, Language: r.Language})
	// A story goes by the number of the report that opened it.
	placed := c.index.Place(r, matches)
	claims := c.claims.Extract(r)
	out := classified{
		ID: in.ID, Language: r.Language, Topics: []classifiedTopic{},
		Story:    fmt.Sprintf("s%d", placed.Story.ID),
		Standing: c.told.hear(placed.Story, claims), Claims: shownClaims(claims),
	}
	for _, m := range matches {
		if len(c.only) == 0 || slices.Contains(c.only, m.Topic) {
			out.Topics = append(out.Topics, classifiedTopic{
				ID: m.Topic, Score: math.Round(m.Score*1000) / 1000, Stage: m.Stage, Evidence: spokeFor(m),
			})
		}
	}
	if c.o.Summary {
		out.Summary, out.Sentences = c.summarise(placed.Story, r)
	}
	return out, nil
}

// shownClaims lists claims with the main one first, and says so where there is
// none.
func shownClaims(claims []claim.Claim) []classifiedClaim {
	out := []classifiedClaim{}
	if _, ok := claim.Main(claims); !ok && len(claims) > 0 {
		out = append(out, classifiedClaim{Act: claim.None})
	}
	for _, c := range claims {
		out = append(out, classifiedClaim{Source: c.Named(), Act: c.Act, Tone: c.Tone, Party: c.Party, Quote: c.Quote})
	}
	return out
}

// testimonies are what the parties have said of the open stories.
type testimonies map[story.ID]testimony

type testimony struct {
	story.Testimony
	updated time.Time
}

// maxTestimonies is how many are kept before those of closed stories go.
const maxTestimonies = 100_000

// hear adds a report's claims to its story and returns the story's standing.
func (t testimonies) hear(s story.Story, claims []claim.Claim) story.Standing {
	next, _ := t[s.ID].Hear(claims)
	t[s.ID] = testimony{next, s.Updated}
	if len(t) > maxTestimonies {
		maps.DeleteFunc(t, func(_ story.ID, o testimony) bool { return o.updated.Before(s.Updated.Add(-story.Window)) })
	}
	return next.Standing()
}

// spokeFor lists the passages that spoke for a match, each once.
func spokeFor(m topic.Match) []string {
	out := []string{}
	for _, e := range m.Evidence {
		if e.Weight > 0 && !slices.Contains(out, e.Text) {
			out = append(out, e.Text)
		}
	}
	return out
}
