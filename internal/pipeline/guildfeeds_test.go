package pipeline_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// adds has a guild add a feed of its own and returns the feed's source, under
// which the rig brings what it tells.
func (r *rig) adds(guildID, name string) source.ID {
	r.tb.Helper()
	ctx := r.tb.Context()
	must(r.tb, r.store.PutGuild(ctx, guild.Guild{ID: guildID, Name: "Guild " + guildID, Joined: noon}))
	f, err := r.store.AddFeed(ctx, guild.NewFeed{
		Guild: guildID, URL: "https://" + name + ".example/feed", Title: name, Every: time.Hour, By: "2", At: noon, Room: 100,
	})
	must(r.tb, err)
	r.feeds[f.Source] = f.Feed
	return f.Source
}

// wants subscribes a channel of any guild.
func (r *rig) wants(guildID, channel string, id topic.ID) {
	r.tb.Helper()
	_, err := r.store.Subscribe(r.tb.Context(), subscription.Subscription{Guild: guildID, Channel: channel, Topic: id, CreatedBy: "2", Created: noon})
	must(r.tb, err)
}

func TestAnOwnFeedTellsItsGuildsAlone(t *testing.T) {
	t.Parallel()
	r := newRig(t, builtIn(t))
	diary := r.adds("2", "diary")
	r.wants("1", "everybody", "ceasefire")
	r.wants("2", "owner", "ceasefire")
	mine, err := r.store.CreateTopic(t.Context(), guild.Topic{Guild: "2", Name: "Region", Query: "region", CreatedBy: "2", Created: noon})
	must(t, err)
	theirs, err := r.store.CreateTopic(t.Context(), guild.Topic{Guild: "1", Name: "Region", Query: "region", CreatedBy: "2", Created: noon})
	must(t, err)
	r.wants("2", "owner-region", mine.ID)
	r.wants("1", "everybody-region", theirs.ID)
	title, about := truce(1)
	r.bring(r.told(diary, title, about))
	r.place()
	if got, want := fmt.Sprint(r.headlines()), fmt.Sprintf("[owner: %[1]s owner-region: %[1]s]", title); got != want {
		t.Fatalf("the own feed alerts\n%s, want\n%s", got, want)
	}

	r.now = r.now.Add(time.Minute)
	r.bring(r.told("wire", title, about))
	r.place()
	told := r.stories()
	if len(told) != 2 || told[0].Story.OwnFeed == 0 || told[1].Story.OwnFeed != 0 {
		t.Fatalf("stories: %+v", told)
	}
	for _, d := range r.alerts() {
		if strings.HasPrefix(d.Channel, "everybody") && strings.Contains(fmt.Sprint(d.Content), "diary") {
			t.Errorf("%s is told of the own feed: %+v", d.Channel, d.Content)
		}
		if d.Channel == "owner" && d.Content.Story == told[0].Story.ID && d.Content.Outlet.Name != "diary" {
			t.Errorf("its guild is told of %+v", d.Content.Outlet)
		}
	}
	if got := r.headlines(); !slices.Contains(got, "everybody: "+title) {
		t.Errorf("others are told %q", got)
	}
}

// TestAnOwnFeedRepeatsNothing says what a channel has been told already.
func TestAnOwnFeedRepeatsNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t, builtIn(t))
	diary, notes, foreign := r.adds("1", "diary"), r.adds("1", "notes"), r.adds("2", "foreign")
	r.wants("1", "news", "ceasefire")
	r.wants("2", "theirs", "ceasefire")
	common, about := truce(1)
	r.bring(r.told("wire", common, about))
	r.place()
	r.restart()
	r.now = r.now.Add(time.Minute)
	r.bring(r.told(diary, common, about))
	own, about2 := truce(2)
	r.bring(r.told(diary, own, about2), r.told(notes, own, about2), r.told(foreign, own, about2))
	r.place()
	want := []string{"news: " + common, "theirs: " + common, "news: " + own, "theirs: " + own}
	if got := r.headlines(); !slices.Equal(got, want) {
		t.Errorf("alerts\n%q, want\n%q", got, want)
	}
}

// TestAnOwnFeedMovesNobodyElsesStories floods the common stories' words, and sees
// that they are placed as without the flood.
func TestAnOwnFeedMovesNobodyElsesStories(t *testing.T) {
	t.Parallel()
	tell := func(flood bool) string {
		r := newRig(t, builtIn(t))
		spam := r.adds("2", "spam")
		for i := range 30 {
			title, about := truce(i % 7)
			if flood {
				r.bring(r.told(spam, fmt.Sprint(title, " flood ", i), about))
			}
			r.bring(r.told("wire", title, about), r.told("post", fmt.Sprint(title, " ", i%3), about))
			r.place()
			r.now = r.now.Add(time.Minute)
		}
		var out strings.Builder
		for _, s := range r.stories() {
			if s.Story.OwnFeed == 0 {
				fmt.Fprintln(&out, s.Story.Title, s.Story.Reports, s.Story.Sources, s.Story.Revision)
			}
		}
		return out.String()
	}
	if with, without := tell(true), tell(false); with != without {
		t.Errorf("with a flood the stories are\n%s, without it\n%s", with, without)
	}
}
