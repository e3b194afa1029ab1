package guild_test

import (
	"errors"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/guild"
)

func TestSettings(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		set  guild.Settings
		zone string
		bad  bool
	}{
		{guild.Settings{}, "UTC", false},
		{guild.Settings{Language: "uk", Zone: "Europe/Kyiv", ManagerRole: "5"}, "Europe/Kyiv", false},
		{guild.Settings{Language: "tlh"}, "UTC", true},
		{guild.Settings{Language: "en-GB"}, "UTC", true},
		{guild.Settings{Zone: "Europe/Atlantis"}, "UTC", true},
		{guild.Settings{Zone: "Local"}, "UTC", true},
		{guild.Settings{Zone: "../zone"}, "UTC", true},
	} {
		if err := c.set.Validate(); errors.Is(err, guild.ErrSettings) != c.bad || (err != nil) != c.bad {
			t.Errorf("%+v: %v", c.set, err)
		}
		if got := c.set.Location(); got.String() != c.zone || c.zone == "UTC" && got != time.UTC {
			t.Errorf("%+v is in %v, want %s", c.set, got, c.zone)
		}
	}
	for _, l := range guild.Languages() {
		if err := (guild.Settings{Language: l}).Validate(); err != nil {
			t.Error(err)
		}
	}
}
