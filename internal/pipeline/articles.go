package pipeline

import (
	"context"
	"fmt"
	"reflect"
	"slices"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/summary"
	"github.com/attache-bot/attache/internal/text"
)

// bodies is how many articles are taken from the store at once.
const bodies = 50

// wantsArticle reports whether the page behind a report is worth reading: a feed's
// first import is history, and a feed that has the text needs no page. No operator
// has allowed it for guilds' own feeds.
func (p *Placer) wantsArticle(r report.Report) bool {
	return p.o.Articles != nil && r.OwnFeed == 0 && r.Link != "" && r.Body == "" && r.Hush == "" && p.o.Articles(r.Feed)
}

// hearArticles adds to stories what the articles say that were read since.
func (p *Placer) hearArticles(ctx context.Context) error {
	for {
		read, err := p.store.Bodies(ctx, bodies)
		if err != nil {
			return fmt.Errorf("read articles: %w", err)
		}
		if len(read) == 0 {
			return nil
		}
		heard := make([]Heard, 0, len(read))
		changed := false
		for _, b := range read {
			h, err := p.hearArticle(ctx, b)
			if err != nil {
				return err
			}
			heard, changed = append(heard, h), changed || len(h.Tellings) > 0
		}
		if err := p.store.SaveHeard(ctx, heard); err != nil {
			return fmt.Errorf("save what articles say: %w", err)
		}
		if changed && p.o.Changed != nil {
			p.o.Changed()
		}
		if len(read) < bodies {
			return nil
		}
	}
}

// hearArticle decides what an article adds. Its claims stand in the background,
// behind those of the report itself: what an article says further down counts when
// somebody who is bound answers. It raises no alert and no reply, since what is
// new in it was new when the report came.
func (p *Placer) hearArticle(ctx context.Context, b Body) (Heard, error) {
	out := Heard{Report: b.Report.ID}
	out.Stories = p.index.of(b.Report).HearMore(b.Story, b.Report, p.articleClaims(ctx, b))
	var err error
	out.Tellings, err = p.tellAgain(ctx, out.Stories)
	return out, err
}

// tellAgain returns what alerts of open stories tell now, where that is something
// else.
func (p *Placer) tellAgain(ctx context.Context, stories []story.Story) ([]alert.Telling, error) {
	var out []alert.Telling
	for _, s := range stories {
		t, err := p.tellingOf(ctx, s.ID, false)
		if err != nil {
			return nil, err
		}
		if len(t.to) == 0 {
			continue
		}
		l := p.living(s)
		if err := p.retellWith(ctx, s, t, &l); err != nil {
			return nil, err
		}
		if !reflect.DeepEqual(t.living, l) {
			t.living = l
			out = append(out, alert.Telling{Story: s.ID, Revision: s.Revision, Living: l})
		}
	}
	return out, nil
}

// perReading is how many sentences of an article are read for claims at once.
const perReading = 6

// articleClaims are the claims of an article, in their order. All but those in
// the first sentence of a report that has no description stand in the background.
func (p *Placer) articleClaims(ctx context.Context, b Body) []claim.Claim {
	var out []claim.Claim
	sentences := text.Sentences(b.Text)
	for part := range slices.Chunk(sentences, perReading) {
		r := b.Report
		first := r.Description == "" && part[0] == sentences[0]
		r.Description = b.Text[part[0].Start:part[len(part)-1].End]
		for _, c := range p.claims(ctx, r) {
			c.Aside = c.Aside || c.Field != claim.Title && !first
			out = append(out, c)
		}
	}
	return out
}

// retellWith puts the sentences into l in which a story is told with its articles:
// those that t tells already, unless the parties have said something else or there
// is room for more.
func (p *Placer) retellWith(ctx context.Context, s story.Story, t *telling, l *alert.Living) error {
	if len(t.living.Sentences) == summary.MaxSentences && t.living.Standing == l.Standing && reflect.DeepEqual(t.living.Said, l.Said) {
		l.Sentences, l.Tongues = t.living.Sentences, t.living.Tongues
		return nil
	}
	reports, err := p.store.Telling(ctx, s.ID, summary.MaxReports)
	if err != nil {
		return fmt.Errorf("read the reports of story %d: %w", s.ID, err)
	}
	l.Sentences, l.Tongues = p.sentences(ctx, s, reports)
	return nil
}
