package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

func listed(ls []story.Listing) []string {
	return ids(ls, func(l story.Listing) string { return l.Report.Title })
}

func testLookups(t *testing.T, open func(t *testing.T) *store.Store) {
	cases{
		{"recent stories come newest first, each with its lead and topics", func(k kit) {
			rs := k.stored("a", "b", "c", "d")
			p := opens(rs[0], "summit", "ceasefire")
			k.place(start(), placed(p), placed(opens(rs[1], "coup")), placed(opens(rs[2])), placed(joins(p, rs[3])))
			recent := func(q archive.Recent) []story.Listing {
				q.Limit = 10
				return must(k.Recent(k.ctx, q))(k)
			}
			all := recent(archive.Recent{})
			same(k, "any topic", listed(all), []string{"b", "a"})
			lead := rs[0]
			lead.Keys = nil
			same(k, "listing", all[1], story.Listing{Report: lead, Story: p.Story.ID, Topics: p.Story.Topics, Standing: story.Claimed, Sources: p.Story.Sources})
			same(k, "one topic", listed(recent(archive.Recent{Topic: "ceasefire"})), []string{"a"})
			same(k, "before", listed(recent(archive.Recent{Before: rs[1].ID})), []string{"a"})
			same(k, "topic, before", recent(archive.Recent{Topic: "ceasefire", Before: rs[0].ID}), nil)
			same(k, "unknown topic", recent(archive.Recent{Topic: "x' OR 1=1 --"}), nil)
		}},
		{"pages do not overlap and miss nothing", func(k kit) {
			for _, r := range k.stored(strings.Fields("a b c d e f g")...) {
				k.place(start(), placed(opens(r, "coup")))
			}
			var got []string
			var last report.ID
			for {
				page := must(k.Recent(k.ctx, archive.Recent{Topic: "coup", Limit: 3, Before: last}))(k)
				if len(page) == 0 {
					break
				}
				got = append(got, listed(page)...)
				last = page[len(page)-1].Report.ID
			}
			same(k, "all", got, strings.Fields("g f e d c b a"))
		}},
		{"stories of last week that are read today do not come first", func(k kit) {
			var rs []report.Report
			for i, title := range []string{"today", "last week", "yesterday"} {
				r := item(title)
				r.Published = start().Add(-[]time.Duration{0, 7 * 24 * time.Hour, 24 * time.Hour}[i])
				k.poll(k.feed("https://"+title[:4]+".example/feed", "wire"), r)
				rs = append(rs, must(k.Unplaced(k.ctx, 10))(k)...)
				k.place(start(), placed(opens(rs[i], "coup")))
			}
			for _, about := range []topic.ID{"", "coup"} {
				page := func(before report.ID) []string {
					return listed(must(k.Recent(k.ctx, archive.Recent{Topic: about, Limit: 2, Before: before}))(k))
				}
				same(k, "first page", page(0), []string{"today", "yesterday"})
				same(k, "second page", page(rs[2].ID), []string{"last week"})
			}
		}},
		{"recent stories are chosen by age, outlet, standing and what their first report says", func(k kit) {
			rs := k.stored("a", "b", "c")
			other := item("d")
			other.Source = "post"
			k.poll(k.feed("https://post.example/feed", "post"), other)
			rs = append(rs, must(k.Unplaced(k.ctx, 10))(k)[3:]...)
			first, second, third := opens(rs[0], "coup"), opens(rs[1], "coup"), opens(rs[2], "coup")
			first.Story.Opened = start().Add(-3 * time.Hour)
			second.Story.Opened = start().Add(-2 * time.Hour)
			second.Story.Testimony = story.Testimony{}
			third.Story.Testimony = story.Testimony{Bound: map[string]story.Stance{"ru": story.Denies}}
			k.place(start(), placed(first), placed(second), placed(third), placed(joins(second, rs[3])))
			recent := func(q archive.Recent) []string {
				if q.Limit == 0 {
					q.Limit = 10
				}
				return listed(must(k.Recent(k.ctx, q))(k))
			}
			same(k, "all", recent(archive.Recent{}), []string{"c", "b", "a"})
			same(k, "since", recent(archive.Recent{Since: start().Add(-2 * time.Hour)}), []string{"c", "b"})
			same(k, "since later", recent(archive.Recent{Since: start().Add(-2*time.Hour + 1e6)}), []string{"c"})
			same(k, "who joined", recent(archive.Recent{Source: "post"}), []string{"b"})
			same(k, "who opened", recent(archive.Recent{Source: "wire", Limit: 2}), []string{"c", "b"})
			same(k, "an outlet that tells none", recent(archive.Recent{Source: "' OR 1=1 --"}), nil)
			same(k, "claimed", recent(archive.Recent{Standing: story.Claimed}), []string{"a"})
			same(k, "nobody was heard", recent(archive.Recent{Standing: story.Reported}), []string{"b"})
			same(k, "denied", recent(archive.Recent{Standing: story.Denied, Topic: "coup", Source: "wire"}), []string{"c"})
			keep := func(r report.Report) bool { return r.Title != "b" }
			same(k, "kept", recent(archive.Recent{Keep: keep}), []string{"c", "a"})
			same(k, "the first kept", recent(archive.Recent{Keep: keep, Limit: 1}), []string{"c"})
			same(k, "kept after that", recent(archive.Recent{Keep: keep, Before: rs[2].ID}), []string{"a"})
		}},
		{"a trend counts the stories of each span", func(k kit) {
			rs := k.stored(strings.Fields("a b c d e f")...)
			for i, hours := range []int{-1, 0, 23, 24, 71, 72} {
				p := opens(rs[i], []topic.ID{"coup", "summit"}[i%2], "ceasefire")
				p.Story.Opened = start().Add(time.Duration(hours) * time.Hour)
				k.place(start(), placed(p))
			}
			trend := func(t topic.ID, steps int) []int {
				return must(k.Trend(k.ctx, archive.Trend{Topic: t, From: start(), Step: 24 * time.Hour, Steps: steps}))(k)
			}
			same(k, "all", trend("", 3), []int{2, 1, 1})
			same(k, "one topic", trend("summit", 3), []int{1, 1, 0})
			same(k, "another", trend("coup", 4), []int{1, 0, 1, 0})
			same(k, "no topic", trend("' OR 1=1 --", 2), []int{0, 0})
			for _, q := range []archive.Trend{{From: start(), Steps: 1}, {From: start(), Step: time.Hour}, {From: start(), Step: time.Hour, Steps: 1001}} {
				if _, err := k.Trend(k.ctx, q); err == nil {
					k.t.Fatalf("%+v is counted", q)
				}
			}
		}},
		{"choosing goes on until a page is full", func(k kit) {
			names := make([]string, 450)
			for i := range names {
				names[i] = fmt.Sprint("s", i)
			}
			var all []pipeline.Placed
			for _, r := range k.stored(names...) {
				all = append(all, placed(opens(r, "coup")))
			}
			k.place(start(), all...)
			rare := func(r report.Report) bool { return r.Title == "s3" || r.Title == "s230" }
			same(k, "rare", listed(must(k.Recent(k.ctx, archive.Recent{Keep: rare, Limit: 5}))(k)), []string{"s230", "s3"})
		}},
		{"no listings are asked for, none come", func(k kit) {
			k.stored("a")
			same(k, "recent", must(k.Recent(k.ctx, archive.Recent{}))(k), nil)
			same(k, "search", must(k.Search(k.ctx, archive.Search{Text: "a", Limit: -1}))(k), nil)
		}},
	}.run(t, open)
}

// library saves reports under the given titles, the oldest first, and returns
// a search over them.
func library(k kit, all ...string) func(text string) []string {
	items := make([]report.Report, len(all))
	for i, title := range all {
		items[i] = report.Report{
			Source: "wire", Keys: []report.Key{report.Key(fmt.Sprint("g:", i))}, Title: title, Language: "en", Seen: start(),
		}
	}
	k.poll(k.feed("https://wire.example/feed", "wire"), items...)
	return func(text string) []string {
		k.t.Helper()
		return listed(must(k.Search(k.ctx, archive.Search{Text: text, Limit: 20}))(k))
	}
}

func testSearch(t *testing.T, open func(t *testing.T) *store.Store) {
	cases{
		{"all words must occur, and the newest come first", func(k kit) {
			search := library(k, "Gaza truce agreed", "Truce in Sudan", "Gaza aid", "Truce talks on Gaza resume")
			same(k, "two words", search("gaza TRUCE"), []string{"Truce talks on Gaza resume", "Gaza truce agreed"})
			same(k, "one word", search("truce"), []string{"Truce talks on Gaza resume", "Truce in Sudan", "Gaza truce agreed"})
			same(k, "no such word", search("truces"), nil)
		}},
		{"quoted words must stand together", func(k kit) {
			search := library(k, "Prisoner of war swap", "War prisoner swap", "The war: prisoner swap")
			same(k, "phrase", search(`"war prisoner"`), []string{"The war: prisoner swap", "War prisoner swap"})
			same(k, "with words", search(`“prisoner of war” SWAP`), []string{"Prisoner of war swap"})
			same(k, "unclosed", search(`swap "war prisoner`), []string{"The war: prisoner swap", "War prisoner swap", "Prisoner of war swap"})
		}},
		{"words without content are not asked for, unless alone or quoted", func(k kit) {
			search := library(k, "Truce signed", "On the truce", "The Hague on it")
			same(k, "left out", search("the truce"), []string{"On the truce", "Truce signed"})
			same(k, "quoted", search(`"the truce"`), []string{"On the truce"})
			same(k, "alone", search("on the"), []string{"The Hague on it", "On the truce"})
		}},
		{"case, marks and styles of writing do not matter", func(k kit) {
			search := library(k, "Zelenskyy meets U.S. envoy", "Президент ЗЕЛЕНСЬКИЙ: ще раз", "Le cessez-le-feu d’été", "$1,000 and 3.5 tons, O'Brien's")
			same(k, "capitals", search("ZELENSKYY"), []string{"Zelenskyy meets U.S. envoy"})
			same(k, "points", search("U.S. envoy"), []string{"Zelenskyy meets U.S. envoy"})
			same(k, "no points", search(`"US envoy"`), []string{"Zelenskyy meets U.S. envoy"})
			same(k, "Cyrillic", search("зеленський"), []string{"Президент ЗЕЛЕНСЬКИЙ: ще раз"})
			same(k, "hyphens", search("cessez-le-feu été"), []string{"Le cessez-le-feu d’été"})
			same(k, "numbers", search("1,000 3.5 o’brien"), []string{"$1,000 and 3.5 tons, O'Brien's"})
		}},
		{"scripts without blanks are found by a part", func(k kit) {
			search := library(k, "以色列与哈马斯达成停火协议", "停战")
			same(k, "part", search("停火"), []string{"以色列与哈马斯达成停火协议"})
			same(k, "other order", search("火停"), nil)
		}},
		{"no phrase spans two fields", func(k kit) {
			r := item("Envoys meet")
			r.Description, r.Body = "Talks go on", "Nothing else."
			k.poll(k.feed("https://wire.example/feed", "wire"), r)
			search := func(s string) int { return len(must(k.Search(k.ctx, archive.Search{Text: s, Limit: 5}))(k)) }
			same(k, "across", search(`"meet talks"`), 0)
			same(k, "within", search(`"talks go" "nothing else" envoys`), 1)
			same(k, "border", search(`meet ¶ talks`), 1)
		}},
		{"listings tell story and topics, when placed", func(k kit) {
			rs := k.stored("alpha", "beta")
			p := opens(rs[0], "summit")
			k.place(start(), placed(p))
			got := must(k.Search(k.ctx, archive.Search{Text: "about", Limit: 5}))(k)
			same(k, "titles", listed(got), []string{"beta", "alpha"})
			same(k, "unplaced", got[0].Story, story.ID(0))
			same(k, "topics", got[1].Topics, []story.TopicStage{{Topic: "summit", Stage: "agreed"}})
			same(k, "before", listed(must(k.Search(k.ctx, archive.Search{Text: "about", Limit: 5, Before: rs[1].ID}))(k)), []string{"alpha"})
		}},
		{"the most relevant come first when asked for", func(k kit) {
			library(k, "Truce signed, and much else that people in the harbour city spoke of on a long and rainy day",
				"Truce, truce, truce", "Nothing of the kind", "Truce signed", "The truce in words that no other report has or had or will have in this city")
			ask := func(q archive.Search) []string {
				k.t.Helper()
				q.Text, q.Order = "truce", archive.Relevant
				return listed(must(k.Search(k.ctx, q))(k))
			}
			all := ask(archive.Search{Limit: 20})
			same(k, "found", len(all), 4)
			same(k, "first", all[:2], []string{"Truce, truce, truce", "Truce signed"})
			same(k, "pages", slices.Concat(ask(archive.Search{Limit: 1}), ask(archive.Search{Limit: 2, Skip: 1}), ask(archive.Search{Limit: 20, Skip: 3})), all)
			same(k, "after the last", ask(archive.Search{Limit: 20, Skip: 4}), nil)
			_, err := k.Search(k.ctx, archive.Search{Text: "?!", Order: archive.Relevant, Limit: 5})
			k.is(err, archive.ErrNoWords)
		}},
		{"of equally relevant reports the newer come first", func(k kit) {
			library(k, "Truce one", "Truce two", "Truce six")
			got := listed(must(k.Search(k.ctx, archive.Search{Text: "truce", Order: archive.Relevant, Limit: 5}))(k))
			same(k, "order", got, []string{"Truce six", "Truce two", "Truce one"})
		}},
		{"text without words is refused", func(k kit) {
			for _, s := range []string{"", "  ", `""`, "?!", "* - ^", "\x00", "\xff"} {
				_, err := k.Search(k.ctx, archive.Search{Text: s, Limit: 5})
				k.is(err, archive.ErrNoWords)
			}
		}},
		{"no text can break the query", func(k kit) {
			search := library(k, "a or b", "near")
			for _, s := range []string{
				`a" OR "b`, `words:a`, `a*`, `a NEAR b`, `NOT a`, `{a b}:c`, `^a`, `a AND (b`, `'; DROP TABLE reports --`,
				strings.Repeat("a ", 5000), strings.Repeat(`"a`, 999), "$1 ?2 :a @b", "a\x00b",
			} {
				search(s)
				k.ranked(s)
			}
			same(k, "operators are words", search("NEAR"), []string{"near"})
		}},
	}.run(t, open)
}

// ranked searches for the most relevant reports; a text without words is fine.
func (k kit) ranked(text string) []string {
	k.t.Helper()
	found, err := k.Search(k.ctx, archive.Search{Text: text, Order: archive.Relevant, Limit: 200})
	if errors.Is(err, archive.ErrNoWords) {
		return nil
	}
	k.ok(err)
	return listed(found)
}

func testStatus(t *testing.T, open func(t *testing.T) *store.Store) {
	cases{
		{"an empty store counts nothing", func(k kit) {
			same(k, "counts", must(k.Counts(k.ctx, "g", start()))(k), archive.Counts{})
		}},
		{"counts tell the guild's part and everybody's", func(k kit) {
			k.join("g")
			f := k.feed("https://wire.example/feed", "wire")
			k.feed("https://b.example/", "b")
			k.ok(k.SetState(k.ctx, f.ID, feed.Failing, "timeout", start()))
			k.alerts("c1", start(), start().Add(minute), start().Add(2*minute))
			k.alerts("c2", start().Add(-time.Hour))
			other := k.stored("elsewhere")[0]
			p := opens(other, "coup")
			a := alertFor(p, "x", start())
			a.Guild = "h"
			k.place(start(), withAlerts(p, a))
			early := item("early")
			early.Seen = start().Add(-24 * time.Hour)
			k.poll(k.feed("https://b.example/", "b"), early)
			k.settle(start(), claimFrom(k, "c1"), sent())
			got := must(k.Counts(k.ctx, "g", start()))(k)
			want := archive.Counts{
				Feeds:   map[feed.State]int{feed.OK: 2},
				Reports: 5,
				Deliveries: []archive.DeliveryCount{
					{State: alert.Pending, Count: 2}, {State: alert.Sent, Count: 1},
				},
				Pending: 3, OldestPending: start().Add(-time.Hour),
			}
			want.Stories = got.Stories // checked below: stories open with their reports' times
			same(k, "counts", got, want)
			same(k, "stories", got.Stories, 0)
			same(k, "stories since then", must(k.Counts(k.ctx, "g", start().Add(-time.Hour)))(k).Stories, 5)
		}},
	}.run(t, open)
}

// claimFrom claims the head of one channel and lets the others go again.
func claimFrom(k kit, channel string) alert.Delivery {
	k.t.Helper()
	var found alert.Delivery
	for _, d := range k.claim(start()) {
		if d.Channel == channel {
			found = d
			continue
		}
		s := waits(start())
		s.Reason = ""
		k.settle(start(), d, s)
	}
	return found
}
