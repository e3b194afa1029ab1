package command_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/attache-bot/attache/bot/command"
	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/command/own"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/feed/opml"
	"github.com/attache-bot/attache/internal/guild"
)

// web is what the finder finds: sites by what people type.
type web struct{}

func (web) Find(_ context.Context, typed string) ([]feed.Candidate, feed.Preview, error) {
	switch typed {
	case "many.example":
		return []feed.Candidate{{URL: "https://many.example/a", Title: "All news"}, {URL: "https://many.example/b"}}, feed.Preview{}, nil
	case "empty.example":
		return nil, feed.Preview{}, &feed.FindError{Reason: feed.ReasonNoFeed}
	case "10.0.0.1":
		return nil, feed.Preview{}, &feed.FindError{Reason: "blocked-address"}
	case "wire.example":
		return nil, feed.Preview{URL: "https://wire.example/feed", Title: "Wire"}, nil
	}
	p, err := web{}.Look(nil, typed) //nolint:staticcheck // it looks nowhere
	return nil, p, err
}

func (web) Look(_ context.Context, address string) (feed.Preview, error) {
	if strings.Contains(address, "broken") {
		return feed.Preview{}, &feed.FindError{Reason: "timeout"}
	}
	host := strings.TrimPrefix(address, "https://")
	gap := 5 * time.Hour
	if host == "many.example/b" {
		gap = 100 * time.Hour
	}
	return feed.Preview{
		URL: "https://" + host, Title: "Diary of " + host, Language: "uk", Items: 30, Gap: gap,
		Headlines: []string{"Delegation arrives in Geneva", "Talks *go on*", "@everyone <#123> reads this"},
	}, nil
}

func (web) Document(_ context.Context, address string, limit int) ([]byte, error) {
	switch address {
	case "https://cdn.example/none":
		return []byte("<html/>"), nil
	case "https://cdn.example/large":
		return nil, &feed.FindError{Reason: "too-large"}
	}
	if address == "https://cdn.example/more" {
		list := []opml.Feed{{URL: "https://wire.example/feed"}, {URL: "https://two.example/feed"}, {URL: "https://three.example/feed"}}
		for i := range 60 {
			list = append(list, opml.Feed{URL: fmt.Sprint("https://broken.example/", i)})
		}
		return opml.Write("x", list)
	}
	return opml.Write("x", []opml.Feed{
		{URL: "https://one.example/feed", Title: "One"}, {URL: "https://broken.example/feed", Title: "Broken"}, {URL: "https://diary.example", Title: "Diary"},
	})
}

// reading is a bench whose server can add feeds.
func reading(t *testing.T) bench {
	t.Helper()
	b := newBench(t)
	b.Router = readingRouter(t, b, 100)
	if err := b.store.SyncFeeds(t.Context(), now, []feed.Feed{{URL: "https://wire.example/feed", Source: "wire", Every: time.Hour}}); err != nil {
		t.Fatal(err)
	}
	return b
}

// readingRouter is a router with room for so many feeds.
func readingRouter(t *testing.T, b bench, room int) *command.Router {
	t.Helper()
	r, err := command.New(b.store, b.discord, command.Options{
		Desk: desk.Options{Topics: topics, Sources: sources(t), Countries: states}, Interaction: atNow(), Feeds: own.Feeds{Finder: web{}, Every: 5 * time.Minute, Room: room},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Wait)
	return r
}

// attached is /feed import with a file.
func attached(url string, size int) object {
	return use("feed", func(in object) {
		data(in)["options"] = []object{{"name": "import", "type": 1, "options": []object{{"name": "file", "type": 11, "value": "9"}}}}
		data(in)["resolved"] = object{"attachments": object{"9": object{"id": "9", "url": url, "size": size, "filename": "x.opml"}}}
	})
}

func add(address string) object { return use("feed", within("add", "address", address)) }

// buttonOf is the press of a button that an answer has.
func buttonOf(t *testing.T, s sent, action string) object {
	t.Helper()
	text := s.text()
	if i := strings.Index(text, "a1:"+action+":"); i >= 0 {
		id, _, _ := strings.Cut(text[i:], ")")
		id, _, _ = strings.Cut(id, "]")
		return press(id)
	}
	t.Fatalf("no %s in %s", action, s.text())
	return nil
}

func TestFeeds(t *testing.T) {
	t.Parallel()
	b := reading(t)
	got := newScript(t)
	one := func(sub string, texts ...string) object { return use("feed", within(sub, texts...)) }
	got.say(b, []scene{
		{"no feeds yet", one("list")},
		{"status before anything came", use("status")},
		{"status while there are none", one("status", "feed", "1")},
		{"export while there are none", one("export")},
		{"add without the permission", use("feed", within("add", "address", "diary.example"), as(writer))},
		{"add nothing", one("add")},
		{"add a site without a feed", add("empty.example")},
		{"add an address that is not for strangers", add("10.0.0.1")},
		{"add one of the catalogue", add("wire.example")},
	}...)
	offered := b.do(t, add("diary.example"))
	got.say(b, scene{"add a feed", add("diary.example")})
	yes := buttonOf(t, offered, "feed-add")
	got.say(b, scene{"confirm it", yes}, scene{"confirm it again", yes}, scene{"add it again", add("diary.example")})
	got.say(b, scene{"add one and think better of it", buttonOf(t, b.do(t, add("notes.example")), "feed-cancel")})
	several := b.do(t, add("many.example"))
	got.say(b, scene{"add one of several", add("many.example")})
	pick := buttonOf(t, several, "feed-pick")
	data(pick)["component_type"], data(pick)["values"] = 3, []string{"1"}
	got.say(b, scene{"pick the second", pick})
	data(pick)["values"] = []string{"7"}
	got.say(b, scene{"pick one that is none", pick})
	got.say(
		b,
		scene{"list", one("list")}, scene{"status", one("status", "feed", "2")}, scene{"status of which", one("status")},
	)
	early := bench{Router: newRouterAt(t, now.Add(-time.Hour), b.store, b.discord), store: b.store, discord: b.discord}
	got.say(early, scene{"status before its time", one("status", "feed", "2")})
	got.say(
		b,
		scene{"status of one that is none", one("status", "feed", "football")},
		scene{"import nothing", one("import")}, scene{"import a page", attached("https://cdn.example/none", 10)},
		scene{"import what is too large", attached("https://cdn.example/x", opml.MaxSize+1)},
		scene{"import what is larger than it says", attached("https://cdn.example/large", 10)},
		scene{"import a list", attached("https://cdn.example/list", 500)},
		scene{"export", one("export")}, scene{"remove", one("remove", "feed", "Diary of diary.example")},
		scene{"remove it again", one("remove", "feed", "2")},
	)
	got.say(b, scene{"import it once more, with one that is everybody's", attached("https://cdn.example/more", 500)})
	b.ill(t)
	catalogued := []feed.Feed{{URL: "https://wire.example/feed", Source: "wire", Every: time.Hour}, {URL: "https://ill.example/0", Source: "wire", Every: time.Hour}}
	if err := b.store.SyncFeeds(t.Context(), now, catalogued); err != nil {
		t.Fatal(err)
	}
	got.say(b, scene{"list of feeds in every state", one("list")})
	b.fill(t)
	got.say(b, scene{"add one too many", buttonOf(t, b.do(t, add("more.example")), "feed-add")})
	got.say(b, scene{"a page of many feeds", one("list")}, scene{"import where there is no room", attached("https://cdn.example/list", 500)})
	hasty := with("guild_id", "100000000000000088")
	if err := b.store.Admit(t.Context(), "100000000000000088", guild.AddsFeed, guild.AddsFeed.PerHour(), now); err != nil {
		t.Fatal(err)
	}
	in := attached("https://cdn.example/list", 500)
	hasty(in)
	got.say(b, scene{"import too many in an hour", in})
	b.Router = readingRouter(t, b, 1)
	late := with("guild_id", "100000000000000089")
	in = add("last.example")
	late(in)
	in = buttonOf(t, b.do(t, in), "feed-add")
	late(in)
	got.say(b, scene{"add where all servers together have enough", in})
	b.Router = readingRouter(t, b, 100)
	for range guild.TriesFeed.PerHour() {
		b.do(t, add("empty.example"))
	}
	got.say(b, scene{"look at too many in an hour", add("diary.example")})
	b.Router = newRouter(t, b.store, b.discord)
	got.say(b, scene{"add where feeds are switched off", add("diary.example")}, scene{"import there", attached("https://cdn.example/list", 500)})
	compare(t, "testdata/feeds.txtar", &got.Archive)
}

// TestListsOfFeedsAreLookedAtWithinBounds sends a list of many addresses again and
// again, and other addresses: nobody has the bot ask as many as they like.
func TestListsOfFeedsAreLookedAtWithinBounds(t *testing.T) {
	t.Parallel()
	b := reading(t)
	list := attached("https://cdn.example/more", 500)
	for range 3 {
		if got := b.do(t, list).text(); !strings.Contains(got, "What became of the list") {
			t.Fatal(got)
		}
	}
	for _, in := range []object{list, add("diary.example")} {
		if got := b.do(t, in).text(); !strings.Contains(got, "That was a lot for one hour.") {
			t.Error(got)
		}
	}
}

// ill gives the guild a feed in each state.
func (b bench) ill(t *testing.T) {
	t.Helper()
	for i, s := range []feed.State{feed.OK, feed.Stale, feed.Moved, feed.Failing, feed.Gone, feed.Quarantined} {
		f, err := b.store.AddFeed(t.Context(), guild.NewFeed{Guild: guildID, URL: fmt.Sprint("https://ill.example/", i), Title: fmt.Sprint("Feed ", i), Every: time.Hour, By: userID, At: now, Room: 100})
		if err != nil {
			t.Fatal(err)
		}
		f.State, f.Reason, f.Newest = s, "timeout", now.Add(-time.Hour)
		if _, err := b.store.SavePoll(t.Context(), feed.Outcome{Feed: f.Feed}); err != nil {
			t.Fatal(err)
		}
	}
}

// fill gives the guild as many feeds as it may have.
func (b bench) fill(t *testing.T) {
	t.Helper()
	for i := range guild.MaxFeeds {
		_, err := b.store.AddFeed(t.Context(), guild.NewFeed{Guild: guildID, URL: fmt.Sprint("https://full.example/", i), Title: fmt.Sprint("Full ", i), Every: time.Hour, By: userID, At: now.Add(-30 * time.Minute), Room: 100})
		if err != nil {
			return
		}
	}
}

// TestFeedsOfAFullServerArePaged presses More until it is gone.
func TestFeedsOfAFullServerArePaged(t *testing.T) {
	t.Parallel()
	b := reading(t)
	b.fill(t)
	shown, s := 0, b.do(t, use("feed", within("list")))
	for pages := 1; ; pages++ {
		shown += strings.Count(s.text(), "**Full ")
		next := s.button()
		if next == "" {
			break
		}
		if pages > 10 {
			t.Fatal("the pages do not end")
		}
		s = b.do(t, press(next))
	}
	if shown != guild.MaxFeeds {
		t.Errorf("%d feeds shown, want %d", shown, guild.MaxFeeds)
	}
}

func TestAFeedIsTypedByItsName(t *testing.T) {
	t.Parallel()
	b := reading(t)
	b.ill(t)
	got := b.do(t, typingWithin("feed", "status", "feed", "feed 3")).text()
	if !strings.HasPrefix(got, "Feed 3 = ") {
		t.Errorf("offered %v", got)
	}
}

// TestStrangersReadNothingOfAnotherServersFeeds holds what the feeds of one server
// tell another one, for everything that may name one.
func TestStrangersReadNothingOfAnotherServersFeeds(t *testing.T) {
	t.Parallel()
	b := reading(t)
	b.ill(t)
	abroad := with("guild_id", "100000000000000077")
	for name, in := range map[string]object{
		"list": use("feed", within("list"), abroad), "status": use("feed", within("status", "feed", "2"), abroad),
		"remove": use("feed", within("remove", "feed", "2"), abroad), "export": use("feed", within("export"), abroad),
		"a button": press("m1:f:0:", abroad), "sources": use("sources", abroad), "the bot's status": use("status", abroad),
		"why not": use("whynot", link("https://ill.example/4"), abroad),
	} {
		if got := b.do(t, in).text(); strings.Contains(got, "Feed ") || strings.Contains(got, "ill.example)") {
			t.Errorf("%s tells: %s", name, got)
		}
	}
	kept, err := b.store.GuildFeeds(t.Context(), guildID)
	if err != nil || len(kept) != 6 {
		t.Errorf("%d feeds are left, %v", len(kept), err)
	}
	if i := slices.IndexFunc(kept, func(f guild.Feed) bool { return !f.Own }); i >= 0 {
		t.Errorf("%+v", kept[i])
	}
}
