package pipeline

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

// indexes hold the open stories: those that everybody sees, and apart from them
// those of each feed that guilds have added for themselves. So nothing of such a
// feed can change what others are told, whatever it says and however much.
type indexes struct {
	parties story.Parties
	common  *story.Index
	own     map[int64]*ownIndex
}

// ownIndex holds the stories of one own feed, and when it was last asked.
type ownIndex struct {
	*story.Index
	used time.Time
}

func newIndexes(p story.Parties) *indexes {
	return &indexes{parties: p, common: story.NewIndex(p), own: map[int64]*ownIndex{}}
}

// of is the index for r.
func (x *indexes) of(r report.Report) *story.Index { return x.at(r.OwnFeed, r.Seen) }

func (x *indexes) at(ownFeed int64, now time.Time) *story.Index {
	if ownFeed == 0 {
		return x.common
	}
	own, ok := x.own[ownFeed]
	if !ok {
		own = &ownIndex{Index: story.NewIndex(x.parties)}
		x.own[ownFeed] = own
	}
	if own.used.Before(now) {
		own.used = now
	}
	return own.Index
}

// restore puts a stored story back.
func (x *indexes) restore(t story.Told) { x.at(t.Story.OwnFeed, t.Story.Updated).Restore(t) }

// tellers are the reports of an open story as voices.
func (x *indexes) tellers(s story.Story) []story.Teller {
	return x.at(s.OwnFeed, s.Updated).Tellers(s.ID)
}

// covers is [story.Index.Covers] for all of them.
func (x *indexes) covers(at time.Time) bool {
	for _, own := range x.own {
		if !own.Covers(at) {
			return false
		}
	}
	return x.common.Covers(at)
}

// holds reports whether any of them holds a story.
func (x *indexes) holds(id story.ID) bool {
	for _, own := range x.own {
		if own.Holds(id) {
			return true
		}
	}
	return x.common.Holds(id)
}

func (x *indexes) len() int {
	n := x.common.Len()
	for _, own := range x.own {
		n += own.Len()
	}
	return n
}

// tidy forgets the indexes of feeds that have told nothing for so long that their
// stories are closed.
func (x *indexes) tidy(now time.Time) {
	for id, own := range x.own {
		if now.Sub(own.used) > story.Window+2*story.Slack {
			delete(x.own, id)
		}
	}
}

// maxElsewhere bounds in how many own feeds a story is looked for.
const maxElsewhere = 100

// toldElsewhere are the channels that have an alert for a story which others tell
// and which r, of an own feed, would join if it were not kept apart: the common
// one, and those of other own feeds that its guilds have.
//
// It is no matter of the other direction: a channel that was told by an own feed
// is told again of the story that everybody sees, since that one goes on with all
// that others confirm and deny.
func (p *Placer) toldElsewhere(ctx context.Context, r report.Report, matches []topic.Match) ([]string, error) {
	like := []story.ID{p.index.common.Like(r, matches)}
	for _, id := range slices.Sorted(maps.Keys(p.index.own)) {
		if id != r.OwnFeed && p.seen.share(id, r.OwnFeed) && len(like) <= maxElsewhere {
			like = append(like, p.index.own[id].Like(r, matches))
		}
	}
	var out []string
	for _, id := range like {
		t, err := p.tellingOf(ctx, id, false)
		if err != nil {
			return nil, err
		}
		out = append(out, t.channels()...)
	}
	return out, nil
}

// share reports whether a guild has both feeds.
func (a audience) share(feed, other int64) bool {
	return slices.ContainsFunc(a[feed], func(g string) bool { return slices.Contains(a[other], g) })
}

// audience is who sees the reports of own feeds.
type audience map[int64][]string

// ownFeeds are the own feeds that brought reports.
func ownFeeds(reports []report.Report) []int64 {
	var out []int64
	for _, r := range reports {
		if r.OwnFeed != 0 && !slices.Contains(out, r.OwnFeed) {
			out = append(out, r.OwnFeed)
		}
	}
	return out
}

// sees reports whether a guild sees r.
func (a audience) sees(guild string, r report.Report) bool {
	return r.OwnFeed == 0 || slices.Contains(a[r.OwnFeed], guild)
}

// only leaves those subscriptions whose guilds see r.
func (a audience) only(r report.Report, all wants) wants {
	if r.OwnFeed == 0 {
		return all
	}
	out := wants{}
	for id, subs := range all {
		for _, s := range subs {
			if a.sees(s.Guild, r) {
				out[id] = append(out[id], s)
			}
		}
	}
	return out
}
