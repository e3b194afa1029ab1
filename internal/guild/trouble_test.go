package guild_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/attache-bot/attache/internal/guild"
)

func TestWhatModeratorsAreTold(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	ago := func(minutes int) time.Time { return now.Add(-time.Duration(minutes) * time.Minute) }
	for _, c := range []struct {
		name string
		t    guild.Trouble
		what guild.Telling
		why  guild.TellReason
	}{
		{"it has just begun", guild.Trouble{Since: ago(4)}, guild.TellNothing, guild.TroubleYoung},
		{"it lasts", guild.Trouble{Since: ago(5)}, guild.TellFailed, guild.TroubleLasts},
		{"they know", guild.Trouble{Since: ago(500), Told: ago(400)}, guild.TellNothing, guild.TroubleKnown},
		{"it was over before anybody knew", guild.Trouble{Since: ago(5), Mended: ago(1)}, guild.Forget, guild.TroubleUntold},
		{"it is over, perhaps", guild.Trouble{Since: ago(60), Told: ago(50), Mended: ago(9)}, guild.TellNothing, guild.TroubleReturn},
		{"it is over", guild.Trouble{Since: ago(60), Told: ago(50), Mended: ago(10)}, guild.TellMended, guild.TroubleOver},
		{"it comes back", guild.Trouble{Since: ago(6), Told: ago(90), Ended: ago(20)}, guild.TellNothing, guild.TroubleFlaps},
		{"it has come back to stay", guild.Trouble{Since: ago(60), Told: ago(190), Ended: ago(120)}, guild.TellFailed, guild.TroubleLasts},
		{"it comes back on another day", guild.Trouble{Since: ago(6), Told: ago(900), Ended: ago(800)}, guild.TellFailed, guild.TroubleLasts},
		{"it went again, and is known to flap", guild.Trouble{Since: ago(30), Mended: ago(20), Told: ago(190), Ended: ago(120)}, guild.TellNothing, guild.TroubleReturn},
		{"it is long over", guild.Trouble{Since: ago(900), Mended: ago(700), Told: ago(890), Ended: ago(690)}, guild.Forget, guild.TroubleUntold},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if what, why := guild.Decide(now, c.t); what != c.what || why != c.why {
				t.Errorf("got %q, %s; want %q, %s", what, why, c.what, c.why)
			}
		})
	}
}

// However a trouble comes and goes, its beginning and its end are told in turns,
// and at most once an hour.
func TestTellingsTakeTurns(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		it := guild.Trouble{Since: now}
		last, failed := guild.TellMended, time.Time{}
		for range rapid.IntRange(1, 200).Draw(t, "steps") {
			now = now.Add(time.Duration(rapid.IntRange(1, 90).Draw(t, "minutes")) * time.Minute)
			switch what, _ := guild.Decide(now, it); what {
			case guild.TellFailed:
				if last == what || !failed.IsZero() && now.Sub(failed) < time.Hour {
					t.Fatalf("told at %v, and before at %v", now, failed)
				}
				last, failed, it.Told = what, now, now
			case guild.TellMended:
				if last == what {
					t.Fatal("told twice that it is over")
				}
				last, it.Ended = what, now
			}
			switch turn := rapid.Bool().Draw(t, "turn"); {
			case turn && it.Mended.IsZero():
				it.Mended = now
			case turn:
				if it.Mended = (time.Time{}); last == guild.TellMended {
					it.Since = now
				}
			}
		}
	})
}

func TestWhereModeratorsAreTold(t *testing.T) {
	t.Parallel()
	blocked := func(c string) bool { return c == "3" }
	for _, c := range []struct{ chosen, system, want string }{
		{"1", "2", "1"}, {"", "2", "2"}, {"3", "2", "2"}, {"", "3", ""}, {"", "", ""}, {guild.NoNotices, "2", ""},
	} {
		if got := guild.NoticeChannel(c.chosen, c.system, blocked); got != c.want {
			t.Errorf("%+v: got %q", c, got)
		}
	}
}
