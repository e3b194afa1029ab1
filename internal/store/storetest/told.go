package storetest

import (
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/story"
)

func testTold(t *testing.T, open func(t *testing.T) *store.Store) {
	cases{
		{"a story is read whole", func(k kit) {
			rs := k.stored("a", "b", "c")
			first := opens(rs[0], "summit", "ceasefire")
			first.Story.Turns = []story.Turn{{
				By: "US", Speaker: "Trump", Act: claim.Assert, Reason: story.OthersClaim, Standing: story.Claimed,
				Report: rs[0].ID, Source: "wire", At: start(),
			}}
			second := joins(first, rs[2])
			k.place(start(), placed(first), placed(opens(rs[1], "coup")), placed(second))
			got := must(k.Story(k.ctx, first.Story.ID))(k)
			same(k, "story", got.Story, second.Story)
			same(k, "reports", got.Reports, []report.Report{rs[0], rs[2]})
			_, err := k.Story(k.ctx, 999)
			k.is(err, archive.ErrNotFound)
		}},
		{"what follows a story is found, oldest first", func(k kit) {
			rs := k.stored("a", "b", "c", "d", "e")
			var all []story.Story
			for i, hours := range []int{0, 5, 2, 1, 15 * 24} {
				p := opens(rs[i], "ceasefire")
				p.Story.Opened = start().Add(time.Duration(hours) * time.Hour)
				if i != 0 && i != 3 {
					p.Story.Follows = all[0].ID
				}
				all = append(all, p.Story)
				k.place(start(), placed(p))
			}
			got := must(k.Followers(k.ctx, all[0]))(k)
			same(k, "titles", ids(got, func(s story.Story) string { return s.Title }), []string{"c", "b"})
			same(k, "times", got[0].Opened, start().Add(2*time.Hour))
			same(k, "what nothing follows", must(k.Followers(k.ctx, all[1]))(k), nil)
		}},
		{"links of reports are read, as far as there are any", func(k kit) {
			bare := item("bare")
			bare.Link = ""
			k.poll(k.feed("https://wire.example/feed", "wire"), item("a"), bare, item("b"))
			rs := must(k.Unplaced(k.ctx, 10))(k)
			got := must(k.Links(k.ctx, []report.ID{rs[0].ID, rs[1].ID, rs[2].ID, 999, rs[0].ID}))(k)
			same(k, "links", got, map[report.ID]string{rs[0].ID: "https://wire.example/a", rs[2].ID: "https://wire.example/b"})
			same(k, "none", must(k.Links(k.ctx, nil))(k), nil)
		}},
		{"a link leads to the stories of its reports", func(k kit) {
			link := "https://wire.example/news/truce?utm_source=feed"
			r := item("a")
			r.Link = link
			r.Keys = report.Identify([]report.Raw{{GUID: "a", Link: link, Title: "A headline of quite a few words"}})[0]
			k.poll(k.feed("https://wire.example/feed", "wire"), r)
			rs := must(k.Unplaced(k.ctx, 10))(k)
			ask := func(link string) []story.ID {
				k.t.Helper()
				found, deleted, err := k.StoriesByLink(k.ctx, "g", link)
				k.ok(err)
				same(k, "deleted", deleted, false)
				return found
			}
			same(k, "before it is placed", ask(link), nil)
			p := opens(rs[0], "coup")
			k.place(start(), placed(p))
			same(k, "with other tracking", ask("https://www.wire.example/news/truce/?fbclid=x"), []story.ID{p.Story.ID})
			same(k, "unknown", ask("https://wire.example/other"), nil)
			same(k, "no link", ask("nonsense"), nil)
		}},
	}.run(t, open)
}
