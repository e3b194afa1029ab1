package guild

import (
	"errors"
	"fmt"
	"slices"
	"time"
)

// ErrSettings means that settings hold what cannot be set.
var ErrSettings = errors.New("settings are not valid")

// Settings are what a guild has set for itself. What is empty it has not set.
type Settings struct {
	// Language is that of what the bot says in the guild's channels: one of
	// [Languages], or empty for the one that the guild has in Discord.
	Language string
	// Zone is the IANA name of the guild's time zone; empty means UTC.
	Zone string
	// ManagerRole is a role whose members may use the commands that otherwise need
	// the permission Manage Server: Discord's snowflake in decimal, or empty for
	// none.
	ManagerRole string
	// Notices is the channel where moderators are told when something of theirs
	// fails: Discord's snowflake in decimal, empty for the guild's system channel,
	// or [NoNotices].
	Notices string
}

// Languages are those that the bot speaks, as BCP 47 names them, in the order in
// which they are offered.
func Languages() []string { return []string{"en", "uk", "fr", "de", "es", "pl"} }

// Validate returns [ErrSettings] with what cannot be set.
func (s Settings) Validate() error {
	if s.Language != "" && !slices.Contains(Languages(), s.Language) {
		return fmt.Errorf("language %q: %w", s.Language, ErrSettings)
	}
	if _, err := time.LoadLocation(s.Zone); err != nil || s.Zone == "Local" {
		return fmt.Errorf("time zone %q: %w", s.Zone, ErrSettings)
	}
	return nil
}

// Location is the guild's time zone; UTC also for a name that this machine does
// not know any more.
func (s Settings) Location() *time.Location {
	loc, err := time.LoadLocation(s.Zone)
	if err != nil || s.Zone == "Local" {
		return time.UTC
	}
	return loc
}
