package command_test

import (
	"context"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/attache-bot/attache/bot/command"
	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/internal/archive"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

// TestLookups asks for what was read in every way there is, on one store, and
// compares all that people read with testdata/lookups.txtar.
func TestLookups(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	got := newScript(t)
	got.say(b, scene{"outlets before any feed is read", use("sources")})
	b.tellNews(t)
	got.say(b, lookups()...)
	name := b.tellStory(t, 1)
	tell := func(what string) scene { return scene{"story by " + what, use("story", option("story", 3, what))} }
	got.say(b, tell(name), tell("s1"), tell("geneva envoys"), tell("https://wire.example/nothing"), tell("s12345"), tell("pause"), tell("football"))
	b.trouble(t)
	got.say(b, scene{"sources in trouble", use("sources", option("kind", 3, "wire"))})
	r, err := command.New(b.store, b.discord, command.Options{Desk: desk.Options{Topics: catalogue{}, Sources: sources(t)}, Interaction: atNow()})
	if err != nil {
		t.Fatal(err)
	}
	full := b.Router
	b.Router = r
	got.say(b, scene{"topics of a bot without any", use("topics")})
	b.Router = full
	got.say(b, scene{"why not: never read, of a site in trouble", use("whynot", link("https://state.example/other"))})
	got.say(b, b.decided(t)...)
	b.Router = newRouter(t, deleted{}, b.discord)
	got.say(b, scene{"why not: deleted", use("whynot", link("https://wire.example/old"))}, scene{"why a message was posted that tells of what is deleted", choose("Why this alert?", "900000000000000001")})
	store, scenes := rare()
	b.Router = newRouter(t, store, b.discord)
	got.say(b, scenes...)
	compare(t, "testdata/lookups.txtar", &got.Archive)
}

// tellNews puts the news of a day and a half into the store.
func (b bench) tellNews(t testing.TB) {
	t.Helper()
	b.tell(t,
		told{"wire", "Moscow says nothing about a truce", "https://wire.example/old", "ceasefire", "", 33 * 60, nil},
		told{"state", "EU freezes assets of 12 firms in Moscow", "https://state.example/eu", "sanctions", "decided", 90, nil},
		told{"wire", "Envoys meet in Geneva about the truce", "https://wire.example/geneva", "peace-talks", "", 60, nil},
		told{"wire", "Trump says Putin agreed to a week-long pause in attacks on Kyiv", "https://wire.example/pause", "ceasefire", "agreed", 5, nil},
	)
}

func since(typed string) func(object) { return option("since", 3, typed) }

func public(in object) { option("public", 5, true)(in) }

func lookups() []scene {
	recent := func(name string, edits ...func(object)) scene { return scene{name, use("recent", edits...)} }
	return []scene{
		recent("recent in a country", option("country", 3, "UA")),
		recent("recent in a country by its capital", option("country", 3, "Kyiv")),
		recent("recent in half a country", option("country", 3, "Uni")),
		recent("recent in no country", option("country", 3, "Atlantis")),
		recent("recent of an outlet", option("source", 3, "state")),
		recent("recent of an outlet by its name", option("source", 3, "Example Wire")),
		recent("recent of half an outlet", option("source", 3, "Agency")),
		recent("recent of no outlet", option("source", 3, "Daily Planet")),
		recent("recent with a standing", option("standing", 3, "claimed")),
		recent("recent with a standing that is none", option("standing", 3, "true")),
		recent("recent of the last two hours", since("2h")),
		recent("recent since yesterday", since("Yesterday")),
		recent("recent since a time that cannot be read", since("soon")),
		recent("recent since tomorrow", since("2026-01-31")),
		recent("recent since long ago", since("1789-07-14")),
		recent("recent with all options", about("ceasefire"), option("country", 3, "RU"), since("2026-01-30 10:00"), option("source", 3, "wire"), option("standing", 3, "claimed")),
		recent("recent that fits nothing", about("sanctions"), option("country", 3, "UA")),
		recent("recent for everybody", since("1 hour"), public),
		recent("recent for everybody where one may not write", public, as(reader)),
		recent("recent for everybody, as a word", option("public", 3, "yes")),
		{"trend", use("trend")},
		{"trend of a topic", use("trend", about("truce"))},
		{"trend of a day", use("trend", about("ceasefire"), option("period", 3, "1"))},
		{"trend of nothing", use("trend", about("trade-dispute"), option("period", 3, "7"), public)},
		{"trend of a period that is not offered", use("trend", option("period", 3, "365"))},
		{"trend of a period that is none", use("trend", option("period", 3, "ever"))},
		{"trend of another period", press("m1:d:2i:ceasefire")},
		{"trend of a topic that is gone", press("m1:d:7:football")},
		{"whynot, of a link", use("whynot", link("https://wire.example/pause?utm_source=x"))},
		{"whynot, of a link to nowhere", use("whynot", link("https://wire.example/%zz"))},
		{"why, of a story", use("why", option("story", 3, "EU assets"))},
		{"story of the EU", use("story", option("story", 3, "EU assets"))},
		{"the menu of some message", choose("Why this alert?", "900000000000000009")},
		{"choices of countries", typing("recent", "country", "")},
		{"choices of countries by another language", typing("recent", "country", "Укра")},
		{"choices of times", typing("recent", "since", "")},
		{"choices of times by what is typed", typing("recent", "since", "2 weeks")},
		{"choices of outlets", typing("recent", "source", "")},
		{"choices of outlets by country", typing("recent", "source", "Russia")},
		{"choices of topics in another option", typing("recent", "topic", "truce")},
		{"topics", use("topics")},
		{"sources", use("sources")},
		{"sources of a country", use("sources", option("country", 3, "United Kingdom"))},
		{"sources of a country without any", use("sources", option("country", 3, "Atlantis"))},
		{"sources of half a country", use("sources", option("country", 3, "king"))},
		{"sources of a kind", use("sources", option("kind", 3, "local"))},
		{"sources of a kind that is none", use("sources", option("kind", 3, "gossip"))},
		{"choices of countries with outlets", typing("sources", "country", "")},
	}
}

// private reports whether only the person who asked sees an answer.
func (s sent) private() bool {
	d, _ := s.body["data"].(object)
	flags, _ := d["flags"].(float64)
	return int(flags)&64 != 0
}

func TestOnlyWhoAskedTurnsThePages(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var all []told
	for i := range 12 {
		all = append(all, told{"wire", fmt.Sprintf("Envoys meet in city number %d", i), fmt.Sprintf("https://wire.example/%d", i), "ceasefire", "", 60 - i, nil})
	}
	b.tell(t, all...)
	first := b.do(t, use("recent", public))
	if first.private() {
		t.Fatal("a public answer is private")
	}
	next := first.button()
	open := func(in object) { in["message"].(object)["flags"] = 0 }
	if s := b.do(t, press(next, open)); s.typ != interaction.UpdateNow || s.private() {
		t.Errorf("who asked gets type %d, private %v", s.typ, s.private())
	}
	stranger := func(in object) {
		open(in)
		in["member"].(object)["user"] = object{"id": "400000000000000002"}
	}
	for name, edit := range map[string]func(object){
		"another person": stranger,
		"the message of nobody": func(in object) {
			open(in)
			delete(in["message"].(object), "interaction_metadata")
		},
		"no message": without("message"),
	} {
		if s := b.do(t, press(next, edit)); s.typ != interaction.AnswerNow || !s.private() || !strings.Contains(s.text(), "Envoys meet") {
			t.Errorf("%s gets type %d, private %v: %s", name, s.typ, s.private(), s.text())
		}
	}
}

// slowly is a store that answers after the promise.
type slowly struct{ command.Store }

func (s slowly) Recent(context.Context, archive.Recent) ([]story.Listing, error) {
	<-time.After(2 * interaction.DefaultDeferAfter)
	return nil, nil
}

func (s slowly) Settings(context.Context, string) (guild.Settings, error) {
	return guild.Settings{}, nil
}

func (s slowly) OwnTopics(context.Context, string) ([]guild.Topic, error) { return nil, nil }

func TestASlowAnswerIsAsPublicAsItWasAskedFor(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		in      object
		private bool
	}{"for one": {use("recent"), true}, "for everybody": {use("recent", public), false}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := &discord{}
				got := requests(t, newRouter(t, slowly{}, d), d, c.in)
				if len(got) != 2 || got[0].typ != interaction.AnswerLater || got[0].private() != c.private || !got[1].edit {
					t.Errorf("answers %+v", got)
				}
			})
		})
	}
}

func TestAFilterGoesOnOnTheNextPage(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	var all []told
	for i := range 24 {
		place := []string{"Kyiv", "Oslo"}[i%2]
		all = append(all, told{"wire", fmt.Sprintf("Envoys meet in %s for the %d. time", place, i), fmt.Sprintf("https://wire.example/%d", i), "ceasefire", "agreed", 60 - i, nil})
	}
	b.tell(t, all...)
	s := b.do(t, use("recent", about("ceasefire"), option("country", 3, "UA"), since("1d"), option("source", 3, "wire"), option("standing", 3, "claimed")))
	if n := strings.Count(s.text(), "Kyiv"); n != 5 || strings.Contains(s.text(), "Oslo") {
		t.Errorf("the first page has %d stories:\n%s", n, s.text())
	}
	s = b.do(t, press(s.labelled("More")))
	s = b.do(t, press(s.labelled("More")))
	if n := strings.Count(s.text(), "Kyiv"); n != 2 || s.labelled("More") != "" || strings.Contains(s.text(), "Oslo") {
		t.Errorf("the third page has %d stories:\n%s", n, s.text())
	}
	if !strings.Contains(s.text(), "[Recent: Ceasefire · Ukraine · Example Wire · Claimed, not confirmed · since 29 January 2026, 12:00 UTC]") {
		t.Errorf("the third page does not say what it shows:\n%s", s.text())
	}
}

// TestTopicsWithLongNamesArePaged presses buttons that tell the topic by its
// hash.
func TestTopicsWithLongNamesArePaged(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	long := "a-topic-of-a-guild-with-a-long-name-that-somebody-liked-very-well"
	var all []told
	for i := range 11 {
		all = append(all, told{"wire", fmt.Sprintf("Envoys meet in city number %d", i), fmt.Sprintf("https://wire.example/%d", i), "ceasefire", "", 60 - i, nil})
	}
	b.tell(t, all...)
	d := &discord{}
	r, err := command.New(b.store, d, command.Options{
		Desk:        desk.Options{Topics: append(catalogue{{ID: "x", Title: "X"}, {ID: topic.ID(long), Title: "Long"}}, topics...), Sources: sources(t), Countries: states},
		Interaction: atNow(),
	})
	if err != nil {
		t.Fatal(err)
	}
	h := fnv.New64a()
	h.Write([]byte(long))
	text := "#" + strconv.FormatUint(h.Sum64(), 36) + ";cUA;s" + strconv.FormatInt(29_000_000, 36) + ";owire;z1"
	s := answer(t, r, d, press(desk.Cursor{List: desk.RecentList, After: 1, Text: text}.String()))
	if !strings.Contains(s.text(), "There is nothing older.") {
		t.Errorf("answered %s", s.text())
	}
	s = answer(t, r, d, press(desk.Cursor{List: desk.RecentList, After: 1, Text: "#zz"}.String()))
	if !strings.Contains(s.text(), "That topic is gone") {
		t.Errorf("answered %s", s.text())
	}
	r.Wait()
}
