package storetest

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/query"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

// wanted is a feed that a guild wants to add.
func wanted(guildID, url string) guild.NewFeed {
	return guild.NewFeed{
		Guild: guildID, URL: url, Title: "Kyiv Diary", Every: 5 * time.Minute, By: "7", At: start(), Room: 1000,
	}
}

func (k kit) add(guildID, url string) guild.Feed {
	k.t.Helper()
	k.join(guildID)
	return must(k.AddFeed(k.ctx, wanted(guildID, url)))(k)
}

func (k kit) refused(n guild.NewFeed, want error) {
	k.t.Helper()
	_, err := k.AddFeed(k.ctx, n)
	k.is(err, want)
}

// polled are the addresses that are polled.
func (k kit) polled() []string {
	k.t.Helper()
	return ids(must(k.FeedStatus(k.ctx))(k), func(f feed.Feed) string { return f.URL })
}

const (
	diary   = "https://diary.example/feed"
	catalog = "https://wire.example/feed"
)

func testGuildFeeds(t *testing.T, open func(t *testing.T) *store.Store) {
	cases{
		{"a feed that a guild adds is polled at once, and the guild's", func(k kit) {
			f := k.add("g", diary)
			same(k, "source", f.Source, source.Own(int64(f.ID), "Kyiv Diary"))
			same(k, "list", must(k.GuildFeeds(k.ctx, "g"))(k), []guild.Feed{f})
			same(k, "another's list", must(k.GuildFeeds(k.ctx, "h"))(k), nil)
			same(k, "due", must(k.ClaimDue(k.ctx, feed.GuildFeeds, start(), 9, time.Minute))(k), []feed.Feed{f.Feed})
			same(k, "not among the catalogue's", len(must(k.ClaimDue(k.ctx, feed.Catalogue, start().Add(time.Hour), 9, time.Minute))(k)), 0)
			same(k, "what it sees", must(k.FeedsSeenBy(k.ctx, "g"))(k), []feed.Feed{f.Feed})
			same(k, "what another sees", must(k.FeedsSeenBy(k.ctx, "h"))(k), nil)
		}},
		{"two guilds share a feed, however they write its address", func(k kit) {
			f := k.add("g", diary)
			same(k, "the same", k.add("h", "http://diary.example/feed/").ID, f.ID)
			same(k, "polled", k.polled(), []string{diary})
			k.ok(k.RemoveFeed(k.ctx, "g", f.ID))
			same(k, "polled for the other", k.polled(), []string{diary})
			k.is(k.RemoveFeed(k.ctx, "g", f.ID), guild.ErrFeedNotFound)
			k.ok(k.RemoveFeed(k.ctx, "h", f.ID))
			same(k, "polled for nobody", k.polled(), nil)
		}},
		{"a feed of the catalogue is refused, and so is one that the guild has", func(k kit) {
			k.feed(catalog, "wire")
			k.refused(wanted("g", "http://wire.example/feed"), guild.ErrFeedKnown)
			n := wanted("g", "https://short.example/x")
			n.Also = []string{catalog}
			k.refused(n, guild.ErrFeedKnown)
			k.add("g", diary)
			k.refused(wanted("g", diary), guild.ErrFeedExists)
		}},
		{"a guild has a quota, and all of them together", func(k kit) {
			for i := range guild.MaxFeeds {
				k.add("g", fmt.Sprint(diary, i))
			}
			k.refused(wanted("g", diary), guild.ErrFeedQuota)
			full := wanted("h", diary)
			full.Room = guild.MaxFeeds
			k.refused(full, guild.ErrFeedsFull)
			shared := wanted("h", diary+"0")
			shared.Room = guild.MaxFeeds
			must(k.AddFeed(k.ctx, shared))(k)
		}},
		{"a guild adds so many an hour, what it removes included", testAdditions},
		{"a guild that leaves has its feeds polled no more until it comes back", func(k kit) {
			k.add("g", diary)
			k.ok(k.LeaveGuild(k.ctx, "g", start()))
			same(k, "polled", k.polled(), nil)
			k.join("g")
			same(k, "polled again", k.polled(), []string{diary})
		}},
		{"the catalogue's sync leaves own feeds alone", func(k kit) {
			f := k.add("g", diary)
			k.feed(catalog, "wire")
			k.ok(k.SyncFeeds(k.ctx, start(), nil))
			same(k, "polled", k.polled(), []string{diary})
			same(k, "its source", must(k.GuildFeeds(k.ctx, "g"))(k)[0].Source, f.Source)
		}},
		{"a feed that comes into the catalogue is everybody's, and the guild's again when it goes", testAdopted},
		{"an own feed does not silence one of the catalogue that leads there", func(k kit) {
			wire := k.feed(catalog, "wire")
			own := k.add("g", diary)
			same(k, "for the catalogue's", must(k.PolledElsewhere(k.ctx, wire.ID, diary))(k), false)
			same(k, "for the own one", must(k.PolledElsewhere(k.ctx, own.ID, catalog))(k), true)
		}},
		{"what an own feed brings only its guilds see", testSeen},
		{"a removed feed's alerts are edited no more", testNoEdits},
		{"what nobody sees any more is deleted, and its feed forgotten", testUnseen},
		{"no flood of one feed keeps another's reports waiting", testTurns},
	}.run(t, open)
}

func testAdditions(k kit) {
	most := guild.AddsFeed.PerHour()
	for i := range most {
		f := wanted("g", fmt.Sprint(diary, i))
		f.At = start().Add(time.Duration(i) * time.Minute)
		k.ok(k.RemoveFeed(k.ctx, "g", must(k.AddFeed(k.ctx, f))(k).ID))
	}
	late := wanted("g", diary)
	late.At = start().Add(59 * time.Minute)
	_, err := k.AddFeed(k.ctx, late)
	var soon *guild.TooSoonError
	if !errors.As(err, &soon) || !soon.Again.Equal(start().Add(time.Hour)) {
		k.t.Fatalf("got %v", err)
	}
	other := late
	other.Guild = "h"
	must(k.AddFeed(k.ctx, other))(k)
	k.ok(k.Admit(k.ctx, "g", guild.AddsTopic, guild.AddsTopic.PerHour(), late.At))
	late.At = soon.Again
	must(k.AddFeed(k.ctx, late))(k)
}

func testAdopted(k kit) {
	f := k.add("g", diary)
	f.Succeeded = start()
	must(k.SavePoll(k.ctx, feed.Outcome{Feed: f.Feed, Reports: []report.Report{item("before")}}))(k)
	now := k.feed(diary, "diary")
	if now.ID != f.ID || now.Own || now.Source != "diary" || !now.Succeeded.IsZero() {
		k.t.Fatalf("in the catalogue it is %+v", now)
	}
	same(k, "still listed", must(k.GuildFeeds(k.ctx, "g"))(k)[0].Own, false)
	k.ok(k.SyncFeeds(k.ctx, start(), nil))
	back := must(k.GuildFeeds(k.ctx, "g"))(k)[0]
	if !back.Own || !back.Source.IsOwn() {
		k.t.Fatalf("out of the catalogue it is %+v", back)
	}
	k.ok(k.RemoveFeed(k.ctx, "g", f.ID))
	same(k, "polled", k.polled(), nil)
}

// seenAs is what a guild finds of one report that bears a topic, by every way
// that there is.
func (k kit) seenAs(guildID string, r report.Report) string {
	k.t.Helper()
	out := ""
	add := func(what string, n int) {
		if n > 0 {
			out += what + " "
		}
	}
	missing := func(err error) int {
		if errors.Is(err, archive.ErrNotFound) {
			return 0
		}
		k.ok(err)
		return 1
	}
	add("recent", len(must(k.Recent(k.ctx, archive.Recent{Guild: guildID, Topic: "ceasefire", Limit: 9}))(k)))
	add("search", len(must(k.Search(k.ctx, archive.Search{Guild: guildID, Text: "About", Limit: 9}))(k)))
	add("ranked", len(must(k.Search(k.ctx, archive.Search{Guild: guildID, Text: "About", Limit: 9, Order: archive.Relevant}))(k)))
	add("chosen", len(must(k.Search(k.ctx, archive.Search{Guild: guildID, Limit: 9, Holds: func(query.Read) bool { return true }}))(k)))
	add("latest", len(must(k.Latest(k.ctx, guildID, 9))(k)))
	add("trend", must(k.Trend(k.ctx, archive.Trend{Guild: guildID, From: start().Add(-time.Hour), Step: 2 * time.Hour, Steps: 1}))(k)[0])
	add("digest", len(must(k.DigestStories(k.ctx, guildID, "", time.Time{}, 9))(k)))
	links, _, err := k.LinkSeenBy(k.ctx, guildID, r.Link)
	k.ok(err)
	add("link", len(links))
	stories, _, err := k.StoriesByLink(k.ctx, guildID, r.Link)
	k.ok(err)
	add("story-link", len(stories))
	_, err = k.StorySeenBy(k.ctx, guildID, story.ID(r.ID))
	add("story", missing(err))
	_, err = k.GuildTrace(k.ctx, guildID, r.ID)
	add("trace", missing(err))
	n := must(k.Counts(k.ctx, guildID, start().Add(-time.Hour)))(k)
	add("counts", n.Reports+n.Stories)
	return out
}

func testSeen(k kit) {
	f := k.add("g", diary)
	k.join("h")
	k.poll(f.Feed, item("pause"))
	r := must(k.Unplaced(k.ctx, 9))(k)[0]
	same(k, "marked", r.OwnFeed, int64(f.ID))
	p := opens(r, "ceasefire")
	p.Story.OwnFeed = r.OwnFeed
	k.place(start(), pipeline.Placed{Placement: p})
	const all = "recent search ranked chosen latest trend digest link story-link story trace counts "
	same(k, "for its guild", k.seenAs("g", r), all)
	same(k, "for another", k.seenAs("h", r), "")
	same(k, "for nobody", k.seenAs("", r), "")
	same(k, "who sees it", must(k.FeedGuilds(k.ctx, []int64{r.OwnFeed, 99}))(k), map[int64][]string{r.OwnFeed: {"g"}})
	same(k, "open", must(k.OpenStories(k.ctx, time.Time{}))(k)[0].Story.OwnFeed, r.OwnFeed)
	k.ok(k.RemoveFeed(k.ctx, "g", f.ID))
	same(k, "once it is removed", k.seenAs("g", r), "")
	k.add("h", diary)
	same(k, "for whom it is now", k.seenAs("h", r), all)
}

func testNoEdits(k kit) {
	f := k.add("g", diary)
	k.poll(f.Feed, item("pause"))
	p := opens(must(k.Unplaced(k.ctx, 9))(k)[0], "ceasefire")
	p.Story.OwnFeed = int64(f.ID)
	k.place(start(), withAlerts(p, alertFor(p, "c", start())))
	d := k.claimOne(start())
	k.settle(start(), d, sent())
	p.Story.Revision++
	k.place(start(), pipeline.Placed{Placement: p, Tellings: []alert.Telling{{Story: p.Story.ID, Revision: p.Story.Revision, Living: alert.Living{Independent: 2}}}})
	later := start().Add(time.Hour)
	same(k, "edits", len(must(k.ClaimEdits(k.ctx, later, 9, time.Minute))(k)), 1)
	k.ok(k.RemoveFeed(k.ctx, "g", f.ID))
	same(k, "edits later", len(must(k.ClaimEdits(k.ctx, later.Add(time.Hour), 9, time.Minute))(k)), 0)
}

func testUnseen(k kit) {
	f := k.add("g", diary)
	pause := item("pause")
	pause.Source = ""
	k.poll(f.Feed, pause, item("truce"))
	var opened []story.ID
	for _, r := range must(k.Unplaced(k.ctx, 9))(k) {
		p := opens(r, "ceasefire")
		p.Story.OwnFeed = r.OwnFeed
		k.place(start(), withAlerts(p, alertFor(p, "c", start())))
		opened = append(opened, p.Story.ID)
	}
	k.settle(start(), k.claimOne(start()), sent())
	same(k, "seen", must(k.UnseenStories(k.ctx, 9))(k), nil)
	k.ok(k.RemoveFeed(k.ctx, "g", f.ID))
	same(k, "unseen, but for what is being delivered", must(k.UnseenStories(k.ctx, 9))(k), opened[:1])
	k.settle(start(), k.claimOne(start()), sent())
	same(k, "unseen", must(k.UnseenStories(k.ctx, 9))(k), opened)
	k.ok(k.ForgetFeeds(k.ctx))
	for range 2 {
		must(k.DeleteStories(k.ctx, start(), start().Add(day), opened, 9))(k)
	}
	same(k, "deleted", must(k.UnseenStories(k.ctx, 9))(k), nil)
	k.ok(k.ForgetFeeds(k.ctx))
	again := k.add("h", diary)
	if again.ID == f.ID {
		k.t.Fatal("it was not forgotten")
	}
	same(k, "new to it", k.poll(again.Feed, pause), 1)
}

func testTurns(k kit) {
	a, b := k.add("g", diary), k.add("h", diary+"2")
	flood := make([]report.Report, 50)
	for i := range flood {
		flood[i] = item(fmt.Sprint("flood ", i))
	}
	k.poll(a.Feed, flood...)
	k.poll(b.Feed, item("b1"), item("b2"))
	k.poll(k.feed(catalog, "wire"), item("w1"), item("w2"))
	same(k, "order", titles(must(k.Unplaced(k.ctx, 7))(k)), []string{"w1", "w2", "flood 0", "b1", "flood 1", "b2", "flood 2"})
	for len(must(k.Unplaced(k.ctx, 7))(k)) > 0 {
		for _, r := range must(k.Unplaced(k.ctx, 7))(k) {
			p := opens(r, topic.ID("ceasefire"))
			p.Story.OwnFeed = r.OwnFeed
			k.place(start(), pipeline.Placed{Placement: p})
		}
	}
	same(k, "all are placed", len(must(k.OpenStories(k.ctx, time.Time{}))(k)), 54)
}
