package pipeline

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"

	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/query"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/topic"
)

// ownTopics finds the guilds' own topics that reports bear. It follows the
// store's changes, so that a topic holds for the reports that are placed after it
// was made.
type ownTopics struct {
	sources *source.Catalogue
	log     *slog.Logger
	// index is nil until there is a topic.
	index    *query.Index
	topics   map[query.ID]guild.Topic
	revision int64
	text     query.Text
	docs     []query.Doc
	found    query.Matches
}

// refresh takes over what has changed since the last time.
func (o *ownTopics) refresh(ctx context.Context, s Store) error {
	changes, revision, err := s.ChangedTopics(ctx, o.revision)
	if err != nil {
		return fmt.Errorf("read changed topics: %w", err)
	}
	if len(changes) > 0 && o.index == nil {
		sample, err := s.Latest(ctx, "", query.SampleSize)
		if err != nil {
			return fmt.Errorf("read a sample of reports: %w", err)
		}
		o.index = query.NewIndex(query.Count(func(yield func(query.Doc) bool) {
			for _, r := range sample {
				if !yield(o.doc(r.Report, r.Matches)) {
					return
				}
			}
		}))
		o.topics = map[query.ID]guild.Topic{}
	}
	for _, c := range changes {
		o.change(ctx, c)
	}
	o.revision = revision
	return nil
}

func (o *ownTopics) change(ctx context.Context, c guild.TopicChange) {
	number, ok := guild.TopicNumber(c.ID)
	if !ok {
		return
	}
	id := query.ID(number)
	q, err := query.Parse(c.Query)
	if c.Gone || err != nil {
		if !c.Gone { // what another version of the bot let pass
			o.log.WarnContext(ctx, "a guild's topic is not understood; nothing matches it", "topic", c.ID, "guild", c.Guild, "error", err)
		}
		o.index.Remove(id)
		delete(o.topics, id)
		return
	}
	o.index.Add(id, q)
	o.topics[id] = c.Topic
}

func (o *ownTopics) doc(r report.Report, matches []topic.Match) query.Doc {
	outlet, _ := o.sources.Get(r.Source)
	return query.Read{Report: r, Matches: matches}.Doc(outlet)
}

// match returns the topics that each report bears, without evidence: most of them
// no channel wants. Guilds that do not see a report have none in it. A fault in a
// query costs a report its own topics only.
func (o *ownTopics) match(ctx context.Context, reports []report.Report, matches [][]topic.Match, seen audience) [][]topic.Match {
	own := make([][]topic.Match, len(reports))
	if o.index == nil {
		return own
	}
	o.docs = o.docs[:0]
	for i, r := range reports {
		o.docs = append(o.docs, o.doc(r, matches[i]))
	}
	defer clear(o.docs)
	if fault, _ := o.find(o.docs); fault == nil {
		for i, r := range reports {
			own[i] = o.seen(o.found.Of(i), r, seen)
		}
		return own
	}
	for i, r := range reports { // only one of them may be at fault
		if fault, stack := o.find(o.docs[i : i+1]); fault != nil {
			o.log.ErrorContext(ctx, "guilds' topics of a report could not be recognised", "report", r, "fault", fault, "stack", stack)
			continue
		}
		own[i] = o.seen(o.found.Of(0), r, seen)
	}
	return own
}

// find sets o.found, or returns a fault and where it is.
func (o *ownTopics) find(docs []query.Doc) (fault any, stack string) {
	defer func() {
		if fault = recover(); fault != nil {
			stack = string(debug.Stack())
		}
	}()
	o.index.MatchAll(&o.found, docs)
	return nil, ""
}

// seen are the topics among those found whose guilds see the report.
func (o *ownTopics) seen(ids []query.ID, r report.Report, seen audience) (own []topic.Match) {
	for _, id := range ids {
		if seen.sees(o.topics[id].Guild, r) {
			own = append(own, topic.Match{Topic: guild.TopicID(int64(id)), Score: 1})
		}
	}
	return own
}

// wanted are those of the matches that a channel wants, with their evidence.
func (o *ownTopics) wanted(r report.Report, matches, own []topic.Match, w wants) []topic.Match {
	own = slices.DeleteFunc(own, func(m topic.Match) bool { return len(w[m.Topic]) == 0 })
	if len(own) == 0 {
		return nil
	}
	o.text.Read(o.doc(r, matches))
	for i, m := range own {
		number, _ := guild.TopicNumber(m.Topic)
		if q, err := query.Parse(o.topics[query.ID(number)].Query); err == nil {
			own[i].Evidence = q.Explain(&o.text)
		}
	}
	return own
}

// name is what a guild calls its topic, or false for other topics.
func (o *ownTopics) name(id topic.ID) (string, bool) {
	number, ok := guild.TopicNumber(id)
	if !ok {
		return "", false
	}
	t, ok := o.topics[query.ID(number)]
	return t.Name, ok
}
