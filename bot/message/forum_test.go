package message_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

// truce is an alert on an agreed ceasefire with a standing.
func truce(s story.Standing) alert.Content {
	c := alert.Content{Headline: "Truce", Topics: []alert.Topic{{ID: "ceasefire", Title: "Ceasefire", Stage: "in-effect"}}}
	c.Standing = s
	return c
}

func aliases(id topic.ID) []string {
	if id == "ceasefire" {
		return []string{"truce", "Waffenruhe"}
	}
	return nil
}

func TestTagsOfAPost(t *testing.T) {
	t.Parallel()
	all := []message.Tag{
		{ID: "1", Name: "CEASEFIRE"},
		{ID: "2", Name: "waffenruhe"},
		{ID: "3", Name: "In effect"},
		{ID: "4", Name: "Заперечено"},
		{ID: "5", Name: "Denied"},
		{ID: "6", Name: "claimed"},
		{ID: "7", Name: "Sanctions"},
		{ID: "8", Name: "Truce", Moderated: true},
		{ID: "9", Name: ""},
	}
	for _, c := range []struct {
		name    string
		content alert.Content
		want    []string
	}{
		{"by topic in any language, stage and standing", truce(story.Denied), []string{"1", "2", "3", "4", "5"}},
		{"another standing", truce(story.Claimed), []string{"1", "2", "3", "6"}},
		{"no standing", truce(""), []string{"1", "2", "3"}},
		{"nothing that fits", alert.Content{Topics: []alert.Topic{{ID: "own-1", Title: "Hormuz"}}}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if d := cmp.Diff(c.want, message.Tags(c.content, all, aliases)); d != "" {
				t.Error(d)
			}
		})
	}
}

func TestTagsFollowTheStory(t *testing.T) {
	t.Parallel()
	forum := []message.Tag{{ID: "1", Name: "Ceasefire"}, {ID: "2", Name: "Claimed"}, {ID: "3", Name: "Confirmed"}, {ID: "4", Name: "Proposed"}, {ID: "5", Name: "In effect"}, {ID: "6", Name: "Must read"}}
	stages := []topic.Stage{"proposed", "in-effect"}
	for _, c := range []struct {
		name          string
		applied, want []string
		changed       bool
	}{
		{"the standing turns, people's tags stay", []string{"1", "2", "6"}, []string{"1", "6", "5", "3"}, true},
		{"nothing has changed", []string{"5", "1", "3"}, []string{"5", "1", "3"}, false},
		{"there is no room", []string{"1", "6", "7", "8", "9"}, []string{"1", "6", "7", "8", "9"}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, changed := message.Retagged(c.applied, truce(story.Confirmed), forum, stages)
			if changed != c.changed || !slices.Equal(got, c.want) {
				t.Errorf("got %v, %v", got, changed)
			}
		})
	}
	if !message.Turning(forum, nil) || message.Turning(forum[:1], stages) || !message.Turning(forum[3:4], stages) {
		t.Error("which forums have tags that turn is wrong")
	}
	// A forum may ask for a tag: the last one is never taken off.
	if tags, changed := message.Retagged([]string{"2"}, truce(story.Disputed), forum[1:2], nil); changed {
		t.Errorf("the only tag becomes %v", tags)
	}
}

func TestAPostHasAName(t *testing.T) {
	t.Parallel()
	for want, m := range map[string]alert.Message{
		"Truce":                       {Kind: alert.Post, Content: truce("")},
		"Digest: Ceasefire":           {Kind: alert.Digest, Content: alert.Content{Headline: "Digest: Ceasefire"}},
		"While I was away":            {Kind: alert.CatchUp},
		"A report without a headline": {Kind: alert.Post},
	} {
		if got := message.PostName(m); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	long := message.PostName(alert.Message{Kind: alert.Post, Content: alert.Content{Headline: strings.Repeat("мир ", 60)}})
	if n := utf8.RuneCountInString(long); n > 100 || n < 90 {
		t.Errorf("%d code points: %q", n, long)
	}
}
