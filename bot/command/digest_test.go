package command_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/attache-bot/attache/internal/digest"
	"github.com/attache-bot/attache/internal/store"
)

// TestDigests sets up regular summaries in every way there is, and compares all
// that people read with testdata/digests.txtar.
func TestDigests(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	got := newScript(t)
	got.say(b, digests()...)
	for i := range digest.MaxPerGuild {
		b.do(t, use("digest", within("add", "at", fmt.Sprintf("%d:%02d", i/2, i%2*30))))
	}
	got.say(b, scene{"add one too many", use("digest", within("add", "at", "23:00"))})
	b.Router = newRouter(t, forgetful{b.store}, b.discord)
	got.say(b, scene{"remove what was removed meanwhile", use("digest", within("remove", "digest", "3"))})
	compare(t, "testdata/digests.txtar", &got.Archive)
}

func digests() []scene {
	add := func(name string, texts ...string) scene { return scene{name, use("digest", within("add", texts...))} }
	return []scene{
		{"no digests yet", use("digest", within("list"))},
		{"remove while there is none", use("digest", within("remove", "digest", "1"))},
		{"add without the permission", use("digest", within("add", "at", "8:00"), as(writer))},
		add("add without a time"),
		add("add at a time that is none", "at", "25:00"),
		add("add in a zone that is none", "at", "8:00", "zone", "Mars/Olympus"),
		add("add on days that are none", "at", "8:00", "every", "fortnightly"),
		add("add on a topic that is none", "at", "8:00", "topic", "football"),
		add("add, with a time that is past today", "at", "8 am", "zone", "Europe/Kyiv"),
		add("add, with a time that is still to come, in the zone of the others", "at", "23:30", "topic", "ceasefire"),
		add("add, once a week", "at", "18:00", "zone", "america/new_york", "every", "weekly-1", "topic", "sanctions"),
		add("add, on weekdays", "at", "7:15", "zone", "UTC", "every", "weekdays"),
		add("add again", "at", "8:00", "zone", "Europe/Kyiv"),
		add("add by an expression", "every", "0 8 * * MON-FRI", "zone", "Europe/Kyiv"),
		add("add by an expression that is said in words", "every", "0 8,18 * * *", "topic", "sanctions"),
		add("add by an expression for which there are no words", "every", "30 6-20/7 1,15 * *", "zone", "America/New_York"),
		add("add by the words of a choice", "every", "every six hours, from midnight on", "zone", "UTC"),
		add("add the same expression again", "every", "0 */6 * * *", "zone", "UTC"),
		add("add by an expression and a time", "every", "0 8 * * *", "at", "9:00"),
		add("add by an expression of four parts", "every", "0 8 * *"),
		add("add at an hour that is none", "every", "0 24 * * *"),
		add("add in a minute that is none", "every", "60 8 * * *"),
		add("add on a day that is none", "every", "0 8 32 * *"),
		add("add in a month that is none", "every", "0 8 1 13 *"),
		add("add on a weekday that is none", "every", "0 8 * * 7"),
		add("add at every interval", "every", "@every 6h"),
		add("add by an expression with a zone", "every", "TZ=Europe/Kyiv 0 8 * * *"),
		add("add on 30 February", "every", "0 8 30 2 *"),
		add("add every minute", "every", "* * * * *"),
		{"add to a forum", use("digest", func(in object) {
			within("add", "at", "8:00")(in)
			sub := in["data"].(object)["options"].([]object)[0]
			sub["options"] = append(sub["options"].([]object), object{"name": "channel", "type": 7, "value": newsID})
			in["data"].(object)["resolved"] = object{"channels": object{newsID: object{"id": newsID, "type": 15, "permissions": manager}}}
		})},
		{"list", use("digest", within("list"))},
		{"another server does not see them", use("digest", within("list"), with("guild_id", foreignID))},
		{"choices of days and expressions", typingWithin("digest", "add", "every", "")},
		{"choices of expressions by their words", typingWithin("digest", "add", "every", "first of each")},
		{"an expression that is being typed", typingWithin("digest", "add", "every", "15 7 * * 6")},
		{"an expression that comes too often", typingWithin("digest", "add", "every", "*/15 7 * * 6")},
		{"choices of zones", typingWithin("digest", "add", "zone", "kyiv")},
		{"choices of topics", typingWithin("digest", "add", "topic", "truce")},
		{"choices of digests", typingWithin("digest", "remove", "digest", "")},
		{"choices of digests by channel", typingWithin("digest", "remove", "digest", "#news")},
		{"choices of digests by topic", typingWithin("digest", "remove", "digest", "sanctions")},
		{"another server has no choices", typingWithin("digest", "remove", "digest", "", with("guild_id", foreignID))},
		{"remove", use("digest", within("remove", "digest", "1"))},
		{"remove by a channel with one digest", use("digest", within("remove", "digest", "news"))},
		{"remove by a topic with two", use("digest", within("remove", "digest", "Sanctions"))},
		{"remove again", use("digest", within("remove", "digest", "1"))},
		{"remove in another server", use("digest", within("remove", "digest", "2"), with("guild_id", foreignID))},
	}
}

// forgetful is a store in which somebody else removes every digest just before it
// is removed.
type forgetful struct{ *store.Store }

func (f forgetful) RemoveDigest(ctx context.Context, guild string, id digest.ID) error {
	if err := f.Store.RemoveDigest(ctx, guild, id); err != nil {
		return err
	}
	return f.Store.RemoveDigest(ctx, guild, id)
}

func TestADigestThatIsAskedForTellsOfWhatComes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if got := b.do(t, use("digest", within("add", "at", "12:01", "zone", "UTC"))).text(); !strings.Contains(got, "digest") {
		t.Fatal(got)
	}
	all, err := b.store.Digests(t.Context(), guildID)
	if err != nil || len(all) != 1 || !all[0].Until.Equal(now) || all[0].Channel != alertsID || all[0].CreatedBy != userID {
		t.Errorf("there is %+v, %v", all, err)
	}
}
