package command_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/attache-bot/attache/bot/command"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/guild"
)

func TestAnswersSpeakTheAskersLanguage(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, c := range []struct {
		name, locale, guild, want string
	}{
		{"the asker's", "uk", "de", "Для цього потрібен дозвіл"},
		{"the guild's, where the asker's is not spoken", "ja", "de", "Dafür brauchst du die Berechtigung"},
		{"English, where neither is", "ja", "tr", "You need the permission Manage Server"},
		{"English, where none is told", "", "", "You need the permission Manage Server"},
	} {
		s := b.do(t, use("subscribe", as(writer), with("locale", c.locale), with("guild_locale", c.guild)))
		if got := s.text(); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}

func TestGuildsChooseTheirLanguage(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if err := b.store.SaveSettings(t.Context(), guildID, guild.Settings{Language: "pl"}, now); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, locale, want string
	}{
		{"who speaks a language of mine is answered in it", "fr", "Il faut pour cela"},
		{"who does not, in the guild's", "ja", "Potrzebne jest do tego"},
	} {
		s := b.do(t, use("subscribe", as(writer), with("locale", c.locale), with("guild_locale", "de")))
		if got := s.text(); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %q", c.name, got)
		}
	}
}

func TestTheSameLanguagesAreOfferedAndSpoken(t *testing.T) {
	t.Parallel()
	if !slices.Equal(guild.Languages(), wording.Languages()) {
		t.Errorf("guilds may choose %v, and I speak %v", guild.Languages(), wording.Languages())
	}
}

func TestEveryVerdictHasWords(t *testing.T) {
	t.Parallel()
	for _, v := range []alert.Verdict{
		alert.Told, alert.Old, alert.Hushed, alert.Unwanted, alert.Answered, alert.OtherStage, alert.OtherStanding,
		alert.OtherCountry, alert.OtherLanguage, alert.OtherTier, alert.StateControlled, alert.Gathered, alert.InDigest, alert.MutedStory, alert.MutedTopic,
	} {
		english := command.VerdictWords(v, wording.Speaker{})
		if !strings.Contains(string(english), " ") || string(english) == strings.ReplaceAll(string(v), "-", " ") {
			t.Errorf("%s: %q", v, english)
		}
		for _, l := range wording.Languages()[1:] {
			if said := command.VerdictWords(v, wording.In(l)); said == english {
				t.Errorf("%s in %s: %q", v, l, said)
			}
		}
	}
}

func TestStatusNamesTenFeedsInTrouble(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		feeds           int
		language, wants string
	}{
		{10, "en", "⚠️"},
		{11, "en", "… and 1 more feed."},
		{15, "en", "… and 5 more feeds."},
		{15, "uk", "… та ще 5 стрічок."},
		{13, "pl", "… i jeszcze 3 kanały RSS."},
	} {
		var feeds []feed.Feed
		for i := range c.feeds {
			feeds = append(feeds, feed.Feed{URL: fmt.Sprintf("https://a%d.example/feed", i), State: feed.Gone, Since: now})
		}
		lines := command.FeedLines(sources(t), feeds, wording.In(c.language))
		if last := lines[len(lines)-1]; len(lines) != min(c.feeds, 11)+1 || !strings.HasPrefix(string(last), c.wants) {
			t.Errorf("%d in %s: %d lines, the last %q", c.feeds, c.language, len(lines), last)
		}
	}
}
