package command_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/subscription"
)

// standing is all that a guild has set, but for who set it when and under which id.
func (b bench) standing(t *testing.T) string {
	t.Helper()
	ctx, out := t.Context(), ""
	note := func(err error, what ...any) {
		if err != nil {
			t.Fatal(err)
		}
		out += fmt.Sprintln(what...)
	}
	subs, err := b.store.Subscriptions(ctx, guildID)
	note(err, len(subs), "subscriptions")
	lines := make([]string, len(subs))
	for i, s := range subs {
		s.ID, s.CreatedBy, s.Created = 0, "", time.Time{}
		lines[i] = fmt.Sprintf("%+v", s)
	}
	slices.Sort(lines)
	note(nil, strings.Join(lines, "\n"))
	mutes, err := b.store.Mutes(ctx, now, guildID)
	note(err, len(mutes), "mutes")
	for _, m := range mutes {
		note(nil, m.Story, m.Topic, m.Until)
	}
	quiet, err := b.store.QuietChannels(ctx, guildID)
	note(err, "quiet")
	for _, c := range quiet {
		if !c.Pause.Holds(now) && c.Hours.IsZero() {
			continue
		}
		note(nil, c.ID, c.Pause.Until, c.Pause.Holds(now), c.Hours.From, c.Hours.To, c.Hours.Days, c.Hours.Zone, c.Hours.Through)
	}
	digests, err := b.store.Digests(ctx, guildID)
	note(err, len(digests), "digests")
	for _, d := range digests {
		note(nil, d.Channel, d.Topic, d.Schedule)
	}
	own, err := b.store.OwnTopics(ctx, guildID)
	note(err, len(own), "own topics")
	for _, o := range own {
		note(nil, o.ID, o.Name, o.Query)
	}
	set, err := b.store.Settings(ctx, guildID)
	note(err, set)
	feeds, err := b.store.GuildFeeds(ctx, guildID)
	note(err, len(feeds), "feeds")
	for _, f := range feeds {
		note(nil, f.URL, f.Title)
	}
	return out
}

// inNews picks a channel for a subcommand.
func inNews(in object) {
	resolve("channels", newsID, object{"id": newsID, "guild_id": guildID, "type": 0, "name": "news", "permissions": manager, "app_permissions": botFull})(in)
	sub := data(in)["options"].([]object)[0]
	sub["options"] = append(sub["options"].([]object), object{"name": "channel", "type": 7, "value": newsID})
}

// undoBench is a guild that has one of everything that can be undone.
func undoBench(t *testing.T) bench {
	t.Helper()
	b := reading(t)
	b.tell(t, told{"wire", "EU freezes assets of 12 firms", "https://wire.example/eu", "sanctions", "decided", 60, []string{alertsID}})
	b.subscribed(t)
	b.do(t, use("mute", within("topic", "topic", "ceasefire", "for", "2 hours")))
	b.do(t, use("pause", into(newsID), option("for", 3, "until 20:00")))
	b.do(t, use("quiet", within("set", "from", "22:00", "to", "7:00", "zone", "Europe/Kyiv", "through", "ceasefire, sanctions")))
	b.do(t, use("digest", within("add", "at", "8:00", "zone", "America/Bogota", "topic", "ceasefire")))
	b.do(t, use("topic", within("create", "name", "Hormuz", "query", "hormuz")))
	own, err := b.store.OwnTopics(t.Context(), guildID)
	if err != nil || len(own) != 1 {
		t.Fatal(own, err)
	}
	for _, ch := range []string{newsID, alertsID} {
		s := subscription.Subscription{Guild: guildID, Channel: ch, Topic: own[0].ID, Role: deskRole, Mention: subscription.TwoVoices, PerHour: 3, Countries: []string{"UA"}, CreatedBy: userID, Created: now}
		if _, err := b.store.Subscribe(t.Context(), s); err != nil {
			t.Fatal(err)
		}
	}
	b.do(t, use("notices", into(newsID)))
	if _, err := b.store.AddFeed(t.Context(), guild.NewFeed{Guild: guildID, URL: "https://diary.example/feed", Title: "A diary", Every: time.Hour, By: userID, At: now, Room: 10}); err != nil {
		t.Fatal(err)
	}
	return b
}

// TestWhatIsDoneCanBeUndone does what managers do, presses the button that undoes
// it, and finds all as it was; and where that can be undone again, as it became.
func TestWhatIsDoneCanBeUndone(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, button string
		in           object
		// confirm is the button that is pressed first.
		confirm string
		// steps come before.
		steps []object
		// says is what the answer to the undoing holds.
		says string
	}{
		{"mute a topic", "Unmute", use("mute", within("topic", "topic", "sanctions", "for", "2 hours")), "", nil, ""},
		{"mute a story", "Unmute", use("mute", within("story", "story", "freezes assets")), "", nil, ""},
		{"unmute", "Undo", use("mute", within("end", "what", "ceasefire")), "", nil, ""},
		{"pause", "Undo", use("pause"), "", nil, ""},
		{"pause for another time", "Undo", use("pause", into(newsID), option("for", 3, "1 hour")), "", nil, ""},
		{"resume", "Undo", use("resume", into(newsID)), "", nil, ""},
		{"first quiet hours", "Undo", use("quiet", within("set", "from", "21:00", "to", "5:00"), inNews), "", nil, ""},
		{"other quiet hours", "Undo", use("quiet", within("set", "from", "21:00", "to", "5:00")), "", nil, ""},
		{"no quiet hours", "Undo", use("quiet", within("off")), "", nil, ""},
		{"a digest", "Undo", use("digest", within("add", "at", "9:00")), "", nil, ""},
		{"a digest by cron", "Undo", use("digest", within("add", "every", "0 8 * * 1-5")), "", nil, ""},
		{"no digest", "Undo", use("digest", within("remove", "digest", "1")), "", nil, ""},
		{"a feed", "Undo", add("notes.example"), "Add it", nil, ""},
		{"no feed", "Undo", use("feed", within("remove", "feed", "A diary")), "", nil, ""},
		{"subscribe", "Undo", use("subscribe", about("sanctions"), into(newsID), mentioning(deskRole, true)), "Confirm", nil, ""},
		{"unsubscribe", "Undo", use("unsubscribe", about("ceasefire")), "", nil, ""},
		{"a subscription moved", "Undo", choosingChannel("a1:sub-moved:1", newsID), "", nil, ""},
		{"notices in another channel", "Undo", use("notices", into(alertsID)), "", nil, ""},
		{"no notices", "Undo", use("notices", option("off", 5, true)), "", nil, ""},
		{"a topic", "Undo", use("topic", within("create", "name", "Aden", "query", "aden")), "", nil, ""},
		{"a topic changed", "Undo", use("topic", within("edit", "topic", "Hormuz", "query", "hormuz OR strait")), "", nil, ""},
		{"a topic renamed", "Undo", use("topic", within("edit", "topic", "Hormuz", "name", "Strait")), "", nil, ""},
		{"no topic", "Undo", use("topic", within("delete", "topic", "Hormuz")), "", nil, ""},
		{"a list of feeds", "Undo", attached("https://cdn.example/more", 500), "", nil, "2 feeds are no longer read for this server. What they brought"},
		{"a channel set up", "Undo", press("a1:setup-finish:4"), "", []object{
			use("setup", in(newsID)), choosing("a1:setup-topics:1", []string{"sanctions", "peace-talks"}), choosingRole("a1:setup-role:2", deskRole, true),
			choosing("a1:setup-language:3", []string{"fr"}), choosing("a1:setup-zone:3", []string{"Europe/Kyiv"}), choosingRole("a1:setup-managers:3", deskRole, true),
		}, "As it was before"},
		{"a channel set up otherwise", "Undo", press("a1:setup-finish:4"), "", []object{
			use("setup"), choosing("a1:setup-topics:1", []string{"ceasefire"}), choosingRole("a1:setup-role:2", deskRole, true), choosing("a1:setup-when:3", []string{"two-voices"}),
		}, "As it was before"},
		{"settings alone", "Undo", press("a1:setup-finish:4"), "", []object{use("setup"), choosing("a1:setup-zone:1", []string{"Europe/Kyiv"})}, "As it was before"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := undoBench(t)
			before := b.standing(t)
			for _, in := range c.steps {
				b.do(t, in)
			}
			did := b.do(t, c.in)
			if c.confirm != "" {
				did = b.do(t, press(did.labelled(c.confirm)))
			}
			after := b.standing(t)
			id := did.labelled(c.button)
			if before == after || id == "" {
				t.Fatalf("nothing has changed, or no button undoes it: %s", did.text())
			}
			for who, edit := range map[string]func(object){"who may not": as(writer), "another guild": with("guild_id", foreignID)} {
				if got := b.do(t, press(id, edit)); b.standing(t) != after {
					t.Fatalf("%s undid it: %s", who, got.text())
				}
			}
			undone := b.do(t, press(id))
			if !strings.Contains(undone.text(), c.says) {
				t.Errorf("undoing it says %s, not %q", undone.text(), c.says)
			}
			if diff := cmp.Diff(before, b.standing(t)); diff != "" {
				t.Fatalf("after %q it is not as before: %s", undone.text(), diff)
			}
			if got := b.do(t, press(id)); b.standing(t) != before {
				t.Errorf("pressed twice it does something else: %s", got.text())
			}
			if again := undone.labelled("Undo"); again != "" {
				if b.do(t, press(again)); b.standing(t) != after {
					t.Errorf("undoing the undoing is not what was done: %s", cmp.Diff(after, b.standing(t)))
				}
			}
		})
	}
}

// TestUndoIsForWhoDidIt has other managers press the button, or forge one.
func TestUndoIsForWhoDidIt(t *testing.T) {
	t.Parallel()
	b := undoBench(t)
	id := b.do(t, use("pause")).labelled("Undo")
	after := b.standing(t)
	for name, in := range map[string]object{
		"another manager":   press(id, func(in object) { in["member"].(object)["user"] = object{"id": strangerID} }),
		"another deed":      press(message.Action("undo", "feed", strings.Split(id, ":")[3])),
		"another token":     press(message.Action("undo", "resume", "0")),
		"no token":          press(message.Action("undo", "resume")),
		"no deed":           press(message.Action("undo")),
		"a deed unknown":    press(message.Action("undo", "subscribe", "x")),
		"a topic not muted": press(message.Action("unmute-topic", "sanctions")),
	} {
		got := b.do(t, in).text()
		if b.standing(t) != after {
			t.Fatalf("%s: changed something: %s", name, got)
		}
		if !strings.Contains(got, "can no longer be undone here") && !strings.Contains(got, "not muted any more") {
			t.Errorf("%s: %s", name, got)
		}
	}
	if b.do(t, press(id)); b.standing(t) == after {
		t.Error("the button does nothing for who did it")
	}
}

// TestComplaintsAreListedAgain has a moderator leave out what members complain about, or
// dismiss it, and undo that.
func TestComplaintsAreListedAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for name := range strings.SplitSeq("abcdef", "") { // complain is about stories 7 and 8
		b.tell(t, told{"wire", "EU freezes assets " + name, "https://wire.example/" + name, "sanctions", "decided", 60, nil})
	}
	b.complain(t)
	listed, subs := b.do(t, use("feedback")).text(), b.standing(t)
	for name, c := range map[string]struct{ in, says string }{
		"left out":  {"leave-out:" + alertsID + ":ceasefire:stage:called-for", "The subscription is as it was, and its complaints are listed again."},
		"dismissed": {"dismiss:" + alertsID + ":ceasefire", "These complaints are listed again."},
	} {
		did := b.do(t, press("a1:"+c.in))
		if strings.Contains(did.text(), "Truce called for") {
			t.Errorf("%s: they are still listed: %s", name, did.text())
		}
		id := did.labelled("Undo")
		for who, edit := range map[string]func(object){"who may not": as(writer), "another guild": with("guild_id", foreignID)} {
			if got := b.do(t, press(id, edit)); b.do(t, use("feedback")).text() == listed {
				t.Errorf("%s: %s undid it: %s", name, who, got.text())
			}
		}
		if got := b.do(t, press(id)).text(); !strings.HasPrefix(got, c.says+"\n") || b.standing(t) != subs || b.do(t, use("feedback")).text() != listed {
			t.Errorf("%s: undone it says %s, and there is %s; before %s", name, got, b.do(t, use("feedback")).text(), listed)
		}
	}
}

// TestUndoOfFeedbackKeepsWhatChangedSince has the subscription changed, or ended,
// between what was done for complaints and its undoing.
func TestUndoOfFeedbackKeepsWhatChangedSince(t *testing.T) {
	t.Parallel()
	for says, meanwhile := range map[string]func(b bench, s subscription.Subscription) error{
		"Somebody has changed this subscription since": func(b bench, s subscription.Subscription) error {
			s.Silent = !s.Silent
			return b.store.ChangeSubscription(t.Context(), s)
		},
		"That channel no longer gets alerts about this topic": func(b bench, s subscription.Subscription) error {
			return b.store.Unsubscribe(t.Context(), s.Guild, s.Channel, s.Topic)
		},
	} {
		b := newBench(t)
		for name := range strings.SplitSeq("abcdef", "") {
			b.tell(t, told{"wire", "EU freezes assets " + name, "https://wire.example/" + name, "sanctions", "decided", 60, nil})
		}
		b.complain(t)
		id := b.do(t, press("a1:leave-out:"+alertsID+":ceasefire:stage:called-for")).labelled("Undo")
		for _, s := range b.everything(t) {
			if s.Channel == alertsID && s.Topic == "ceasefire" {
				if err := meanwhile(b, s); err != nil {
					t.Fatal(err)
				}
			}
		}
		since := b.standing(t)
		if got := b.do(t, press(id)).text(); !strings.HasPrefix(got, says) || b.standing(t) != since {
			t.Errorf("told %s; want %s, and nothing changed", got, says)
		}
	}
}

// TestAnImportThatIsGoneIsUndone undoes one of whose feeds some or all were removed since.
func TestAnImportThatIsGoneIsUndone(t *testing.T) {
	t.Parallel()
	for left, says := range []string{"None of these feeds was read any more.", "1 feed is no longer read for this server. What it brought is out of sight at once."} {
		b := reading(t)
		id := b.do(t, attached("https://cdn.example/more", 500)).labelled("Undo")
		feeds, err := b.store.GuildFeeds(t.Context(), guildID)
		if err != nil || len(feeds) < 2 {
			t.Fatal(feeds, err)
		}
		for _, f := range feeds[left:] {
			if err := b.store.RemoveFeed(t.Context(), guildID, f.ID); err != nil {
				t.Fatal(err)
			}
		}
		if got := b.do(t, press(id)); !strings.HasPrefix(got.text(), says+"\n") || (got.labelled("Undo") != "") != (left > 0) {
			t.Errorf("with %d left it says %s", left, got.text())
		}
	}
}
