package command_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/attache-bot/attache/bot/wording"
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
