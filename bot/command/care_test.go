package command_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/store"
)

// submitted is a form with one field.
func submitted(customID, field, value string, edits ...func(object)) object {
	in := press(customID)
	in["type"] = 5
	data(in)["components"] = []object{{"type": 1, "components": []object{{"type": 4, "custom_id": field, "value": value}}}}
	for _, e := range edits {
		e(in)
	}
	return in
}

// member limits a command to one person.
func member(id string) func(object) { return option("member", 6, id) }

// TestCare asks who changed what and what is kept, erases it, and compares all
// that people read with testdata/care.txtar.
func TestCare(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if err := b.store.PutGuild(t.Context(), guild.Guild{ID: guildID, Name: "Press *Desk*", Joined: now}); err != nil {
		t.Fatal(err)
	}
	got := newScript(t)
	show, ask := use("privacy", within("show")), use("privacy", within("delete"))
	got.say(b,
		scene{"nothing was changed yet", use("audit")},
		scene{"nothing is kept yet", show},
		scene{"nothing is to delete yet", use("privacy", within("delete"), as(writer))},
	)
	for _, kind := range []string{"x", "y"} {
		if err := b.store.SaveDraft(t.Context(), guild.Draft{Guild: guildID, User: userID, Kind: kind, Body: "{}", Made: now}); err != nil {
			t.Fatal(err)
		}
	}
	b.tell(t, told{"wire", "Truce holds", "https://wire.example/1", "ceasefire", "", 5, []string{alertsID, newsID}})
	b.confirm(t, b.do(t, use("subscribe", about("ceasefire"))))
	b.do(t, use("topic", within("create", "name", "Hormuz", "query", "hormuz")))
	b.do(t, use("digest", within("add", "at", "8:00")))
	b.do(t, use("unsubscribe", about("ceasefire")))
	whole := b
	whole.Router = newRouter(t, eventful{b.store}, b.discord)
	got.say(whole,
		scene{"changes of every kind", use("audit")},
		scene{"changes of every kind, older", press("m1:a:2e:")},
		scene{"changes of every kind, in Ukrainian", use("audit", with("locale", "uk"))},
		scene{"everything is kept that can be", show},
		scene{"everything is kept that can be, in French", use("privacy", within("show"), with("locale", "fr"))},
	)
	got.say(b,
		scene{"who changed what", use("audit")},
		scene{"who changed what, of one person", use("audit", member(strangerID))},
		scene{"who changed what, of nobody", use("audit", option("member", 6, "x"))},
		scene{"who changed what, without the permission", use("audit", as(writer))},
		scene{"who changed what, by its button, without the permission", press("m1:a:a:", as(writer))},
		scene{"what is kept", show},
		scene{"what is kept, in Polish", use("privacy", within("show"), with("locale", "pl"))},
		scene{"what can be deleted, by a member", use("privacy", within("delete"), as(writer))},
		scene{"what can be deleted, by a manager", ask},
		scene{"the form of a member", press("a1:privacy-server", as(writer))},
		scene{"the form", press("a1:privacy-server")},
		scene{"a member forges the form", submitted("a1:privacy-erase", "server", "Press *Desk*", as(writer))},
		scene{"another name", submitted("a1:privacy-erase", "server", "Desk")},
		scene{"a person is erased", press("a1:privacy-me")},
		scene{"what is kept of who was erased", show},
		scene{"who changed what, after somebody was erased", use("audit")},
		scene{"the server is erased", submitted("a1:privacy-erase", "server", " press *desk* ")},
		scene{"what is kept of a server that was erased", show},
		scene{"subscriptions of a server that was erased", use("subscriptions")},
	)
	compare(t, "testdata/care.txtar", &got.Archive)
}

// TestAuditNotes adds and removes a feed, mutes, pauses and asks for quiet hours,
// and compares what the audit tells of it with testdata/audit.txtar.
func TestAuditNotes(t *testing.T) {
	t.Parallel()
	b := reading(t)
	got := newScript(t)
	b.do(t, buttonOf(t, b.do(t, add("diary.example")), "feed-add"))
	got.say(b, scene{"a feed was added", use("audit")})
	b.do(t, use("feed", within("remove", "feed", "2")))
	got.say(b, scene{"a feed was removed", use("audit")})
	b.do(t, use("mute", within("topic", "topic", "ceasefire", "for", "2 hours")))
	b.do(t, use("mute", within("end", "what", "ceasefire")))
	got.say(b, scene{"a topic was muted and unmuted", use("audit")})
	b.do(t, use("pause", option("for", 3, "2 hours")))
	b.do(t, use("resume"))
	got.say(b, scene{"a channel was paused and resumed", use("audit")})
	b.do(t, use("quiet", within("set", "from", "22:00", "to", "7:00", "zone", "Europe/Kyiv")))
	b.do(t, use("quiet", within("off")))
	got.say(b, scene{"quiet hours were set and ended", use("audit")})
	compare(t, "testdata/audit.txtar", &got.Archive)
}

// eventful is a store whose audit has a change of each kind, by somebody else.
type eventful struct{ *store.Store }

func (eventful) Changes(_ context.Context, q guild.ChangeQuery) ([]guild.Change, error) {
	var out []guild.Change
	for i, act := range guild.Acts() {
		c := guild.Change{ID: int64(100 - i), User: strangerID, At: now.Add(-time.Duration(i) * time.Hour), Act: act, Channel: alertsID, Topic: "sanctions", Detail: "what *else*"}
		if q.Before == 0 || c.ID < q.Before {
			out = append(out, c)
		}
	}
	return out[:min(len(out), q.Limit)], nil
}

// Kept is of somebody about whom everything is kept that can be.
func (eventful) Kept(context.Context, string, string) (guild.Kept, error) {
	return guild.Kept{Made: 2, Changes: 3, Drafts: 4, Complaints: 5, Subscriptions: 6, Digests: 7, Topics: 8, Messages: 9, Notes: 10}, nil
}

// TestWhatCommandsChangeIsNoted does everything that the tree knows as a manager,
// and looks into the audit after each that changed something.
func TestWhatCommandsChangeIsNoted(t *testing.T) {
	t.Parallel()
	b := furnished(t)
	changed := 0
	for _, a := range actions(b.Router) {
		before, notes := b.state(t, guildID), b.notes(t)
		b.do(t, a.make())
		if b.state(t, guildID) == before || strings.Contains(a.name, "privacy-me") {
			continue
		}
		changed++
		if b.notes(t) == notes {
			t.Errorf("%s changed something, and nobody knows who did it", a.name)
		}
	}
	if changed < 3 {
		t.Errorf("only %d changed something", changed)
	}
}

// notes is how many changes the guild's audit has.
func (b bench) notes(t *testing.T) int {
	t.Helper()
	found, err := b.store.Changes(t.Context(), guild.ChangeQuery{Guild: guildID, Limit: 1000})
	if err != nil {
		t.Fatal(err)
	}
	return len(found)
}
