package command_test

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/attache-bot/attache/bot/command"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/subscription"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestReplies runs every command through what people do with it, on one store,
// and compares all that they read with testdata/replies.txtar.
func TestReplies(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	got := &txtar.Archive{Comment: []byte("What people read, in the order of TestReplies. Rewritten with -update.\n\n")}
	say := func(name string, in object) {
		t.Helper()
		var text bytes.Buffer
		for _, s := range answers(t, b.Router, b.discord, in) {
			fmt.Fprintf(&text, "%s", s.text())
			if s.typ == interaction.AnswerNow && s.labelled("Confirm") != "" {
				fmt.Fprintf(&text, "Confirmed:\n%s", b.confirm(t, s).text())
			}
		}
		got.Files = append(got.Files, txtar.File{Name: name, Data: text.Bytes()})
	}
	got.Files = append(got.Files, txtar.File{Name: "what Discord shows while one types /", Data: menu()})
	for _, s := range emptyServer() {
		say(s.name, s.in)
	}
	b.tell(t,
		told{"wire", "Lightning kills two hikers", "https://wire.example/l", "", "", 90, nil},
		told{"wire", "EU freezes assets of 12 firms", "https://wire.example/eu_(1)", "sanctions", "decided", 60, nil},
		told{"state", "@everyone [Kyiv](https://evil.example) agrees", "https://state.example/1", "ceasefire", "", 30, nil},
		told{"wire", "Trump says Putin agreed to a week-long pause in attacks on Kyiv", "https://wire.example/pause", "ceasefire", "agreed", 5, nil},
		told{"gone", "A report of an outlet that was removed", "javascript:alert(1)", "retired-topic", "", 1, nil},
	)
	for _, s := range liveServer() {
		say(s.name, s.in)
	}
	b.trouble(t)
	late := b.Router
	b.Router = newRouterAt(t, now.Add(-time.Hour), b.store, b.discord)
	say("status in trouble, before feeds are asked again", use("status"))
	b.Router = late
	for _, s := range troubledServer() {
		say(s.name, s.in)
	}
	if err := b.store.Close(); err != nil {
		t.Fatal(err)
	}
	say("a fault of ours", use("recent"))
	say("a fault of ours while typing", typing("unsubscribe", "topic", ""))

	compare(t, "testdata/replies.txtar", got)
}

// script is what people read while a test uses commands, one after the other.
type script struct {
	txtar.Archive
	t testing.TB
}

func newScript(t testing.TB) *script {
	return &script{t: t, Archive: txtar.Archive{Comment: []byte("What people read, in the order of " + t.Name() + ". Rewritten with -update.\n\n")}}
}

// say plays the scenes and notes what is answered.
func (s *script) say(b bench, scenes ...scene) {
	s.t.Helper()
	for _, one := range scenes {
		var text bytes.Buffer
		for _, a := range answers(s.t, b.Router, b.discord, one.in) {
			fmt.Fprintf(&text, "%s", a.text())
			if a.typ == interaction.AnswerNow && a.labelled("Confirm") != "" {
				fmt.Fprintf(&text, "Confirmed:\n%s", b.confirm(s.t, a).text())
			}
			if a.typ == interaction.AnswerNow && !a.private() {
				text.WriteString("(everybody sees this)\n")
			}
		}
		s.note(one.name, text.String())
	}
}

func (s *script) note(name, text string) {
	s.Files = append(s.Files, txtar.File{Name: name, Data: []byte(text)})
}

// compare holds what people read against a golden file.
func compare(t *testing.T, file string, got *txtar.Archive) {
	t.Helper()
	if *update {
		if err := os.WriteFile(file, txtar.Format(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), string(txtar.Format(got))); diff != "" {
		t.Errorf("what people read differs (-want +got):\n%s", diff)
	}
}

// menu is the command tree as text.
func menu() []byte {
	var out bytes.Buffer
	for _, c := range command.Tree() {
		if c.Description == "" {
			fmt.Fprintf(&out, "%s (in the menu of a message)\n", c.Name)
			continue
		}
		fmt.Fprintf(&out, "/%s: %s\n", c.Name, c.Description)
		for _, o := range c.Options {
			fmt.Fprintf(&out, "  %s: %s\n", o.Name, o.Description)
			for _, c := range o.Choices {
				fmt.Fprintf(&out, "    | %s\n", c.Name)
			}
			for _, o := range o.Options {
				fmt.Fprintf(&out, "    %s: %s\n", o.Name, o.Description)
			}
		}
	}
	return out.Bytes()
}

// scene is one interaction and what it shows.
type scene struct {
	name string
	in   object
}

// otherID is a channel that nothing else is sent to.
const otherID = "200000000000000009"

// beside adds an option to one that is being typed.
func beside(in object, another func(object)) object {
	another(in)
	return in
}

func emptyServer() []scene {
	return []scene{
		{"help", use("help", as(reader))},
		{"help for a manager", use("help")},
		{"help with what managers can do", press("a1:help-managers")},
		{"status of a new bot", use("status", as(reader))},
		{"no subscriptions yet", use("subscriptions")},
		{"recent before anything was read", use("recent")},
		{"recent on a topic before anything was read", use("recent", about("ceasefire"))},
		{"search before anything was read", use("search", asking("Hormuz"))},
		{"in a direct message", use("status", without("guild_id", "member"), with("user", object{"id": userID}))},
		{"subscribe without the permission", use("subscribe", about("ceasefire"), as(writer))},
		{"subscribe without a topic", use("subscribe")},
		{"subscribe to an unknown topic", use("subscribe", about("football"))},
		{"subscribe to a topic with a slip", use("subscribe", about("sanctoins"))},
		{"subscribe to half a topic", use("subscribe", about("peace"))},
		{"subscribe to hostile text", use("subscribe", about("[x](https://evil.example) @everyone"))},
		{"subscribe a channel of another server", use("subscribe", about("ceasefire"), into(foreignCh, with("guild_id", foreignID)))},
		{"subscribe a channel that was not resolved", use("subscribe", about("ceasefire"), option("channel", 7, foreignCh))},
		{"subscribe a voice channel", use("subscribe", about("ceasefire"), into(newsID, with("type", 2)))},
		{"subscribe a locked thread", use("subscribe", about("ceasefire"), into(newsID, with("type", 11), with("thread_metadata", object{"archived": true, "locked": true})))},
		{"subscribe a channel where the person may not post", use("subscribe", about("ceasefire"), into(newsID, with("permissions", reader)))},
		{"subscribe a channel where I may not post", use("subscribe", about("ceasefire"), into(newsID, with("app_permissions", reader)))},
		{"subscribe a channel where I may not embed", use("subscribe", about("ceasefire"), into(newsID, with("app_permissions", botTalks)))},
		{"subscribe a thread where I may not post", use("subscribe", about("ceasefire"), into(newsID, with("type", 11), with("permissions", admin), with("app_permissions", botTalks)))},
		{"subscribe with everyone as the role", use("subscribe", about("ceasefire"), mentioning(guildID, false))},
		{"subscribe with a role that the person may not mention", use("subscribe", about("ceasefire"), mentioning(closedRole, false))},
		{"subscribe with a role that I may not mention", use("subscribe", about("ceasefire"), mentioning(closedRole, false), as(herald))},
		{"subscribe with a role that was not resolved", use("subscribe", about("ceasefire"), option("role", 8, deskRole))},
		{"subscribe with an option of a wrong kind", use("subscribe", about("ceasefire"), option("channel", 3, newsID))},
		{"subscribe to a topic that is too long", use("subscribe", about(strings.Repeat("truce ", 20)))},
		{"unsubscribe a channel of another server", use("unsubscribe", about("ceasefire"), into(foreignCh, with("guild_id", foreignID)))},
		{"unsubscribe what is not subscribed", use("unsubscribe", about("ceasefire"))},
		{"search without words", use("search", asking("!?"))},
		{"an unknown command", use("selfdestruct")},
		{"a button of an old release", press("page:2")},
		{"a form that does not exist", use("", with("type", 5))},
		{"an interaction that cannot be read", use("recent", with("data", "none"))},
	}
}

func liveServer() []scene {
	return []scene{
		{"choices before typing", typing("subscribe", "topic", "")},
		{"choices by another word", typing("subscribe", "topic", "truce")},
		{"choices by the start of a word", typing("subscribe", "topic", "tal")},
		{"choices by a slip", typing("recent", "topic", "cesefire")},
		{"no choices without the permission", typing("subscribe", "topic", "", as(reader))},
		{"no choices for an option without any", typing("subscribe", "role", "")},
		{"no choices to unsubscribe yet", typing("unsubscribe", "topic", "")},
		{"subscribe", use("subscribe", about("ceasefire"))},
		{"subscribe again", use("subscribe", about("truce"))},
		{"subscribe another channel by another word", use("subscribe", about("embargo"), into(newsID))},
		{"subscribe with a role", use("subscribe", about("ceasefire"), into(newsID), mentioning(deskRole, true))},
		{"subscribe where my permissions are not told", use("subscribe", about("Peace talks"), into(newsID, without("app_permissions")))},
		{"choices to unsubscribe", typing("unsubscribe", "topic", "")},
		{"subscriptions", use("subscriptions", as(reader))},
		{"recent", use("recent", as(reader))},
		{"recent on a topic", use("recent", about("Ceasefire"))},
		{"search", use("search", asking("kyiv"))},
		{"search for the most relevant", use("search", asking("kyiv"), option("sort", 3, "relevant"))},
		{"a page after the last of the most relevant", press("m1:b:9:kyiv")},
		{"search for what is not offered", use("search", asking("kyiv"), option("sort", 3, "cheapest"))},
		{"search without a find", use("search", asking("hormuz \"tanker\""))},
		{"search without a find for what may be an operator", use("search", asking("hormuz or tanker"))},
		{"search with an operator that is wrong", use("search", asking("tanker NEAR/ russia"))},
		{"search with a phrase that is open", use("search", asking("kyiv \"pause in"))},
		{"a forged page", press("m1:r:1:ceasefire")},
		{"a forged topic of a page", press("m1:r:9:football")},
		{"unsubscribe", use("unsubscribe", about("sanctions"), into(newsID))},
		{"status", use("status")},
		{"subscribe with all that can be asked for", use("subscribe", about("ceasefire"), into(otherID), mentioning(deskRole, true), option("mention-when", 3, "two-voices"), option("updates", 3, "edit"), option("stages", 3, "Agreed, violated,"), option("standing", 3, "confirmed"))},
		{"subscribe when it is confirmed", use("subscribe", about("sanctions"), into(otherID), mentioning(deskRole, true), option("mention-when", 3, "confirmed"), option("updates", 3, "reply"))},
		{"what these ask for", use("subscriptions")},
		{"stages while the topic is known", beside(typing("subscribe", "stages", "agreed, V"), about("ceasefire"))},
		{"subscribe to a stage that the topic does not have", use("subscribe", about("ceasefire"), option("stages", 3, "agreed, carried out"))},
		{"subscribe to stages of a topic without any", use("subscribe", about("peace-talks"), option("stages", 3, "agreed"))},
		{"subscribe with a threshold that is none", use("subscribe", about("ceasefire"), option("mention-when", 3, "never"))},
		{"subscribe with updates in threads, where I may open none", use("subscribe", about("trade-dispute"), into(otherID), option("updates", 3, "thread"))},
		{"subscribe a thread with updates in threads", use("subscribe", about("trade-dispute"), into(otherID, with("type", 11), with("permissions", admin), with("app_permissions", botThreads)), option("updates", 3, "thread"))},
		{"subscribe with updates in threads", use("subscribe", about("trade-dispute"), into(otherID, with("app_permissions", botThreads)), option("updates", 3, "thread"))},
		{"subscribe with updates that are none", use("subscribe", about("ceasefire"), option("updates", 3, "[x](y)"))},
		{"subscribe with a standing that is none", use("subscribe", about("ceasefire"), option("standing", 3, "true"))},
		{"end one of them", use("unsubscribe", about("ceasefire"), into(otherID))},
		{"end the other", use("unsubscribe", about("sanctions"), into(otherID))},
	}
}

func troubledServer() []scene {
	return []scene{
		{"status in trouble", use("status")},
		{"subscriptions in trouble", use("subscriptions")},
		{"subscriptions in trouble for a reader", use("subscriptions", as(reader))},
		{"remove deleted channels without the permission", press("m1:g:1:", as(writer))},
		{"remove deleted channels", press("m1:g:1:")},
		{"subscribe again once the permission is back", use("subscribe", about("ceasefire"), into(newsID))},
		{"subscriptions after that", use("subscriptions")},
	}
}

// trouble lets feeds fail and Discord refuse a channel.
func (b bench) trouble(t *testing.T) {
	t.Helper()
	ctx := t.Context()
	feeds := []feed.Feed{
		{URL: "https://wire.example/feed", Source: "wire"},
		{URL: "https://state.example/feed?key=secret", Source: "state"},
		{URL: "https://unknown.example/feed", Source: "nobody"},
		{URL: "https://new.example/feed", Source: "wire"},
		{URL: "https://odd.example/feed", Source: "odd"},
		{URL: "https://down.example/feed", Source: "down"},
		{URL: "https://quiet.example/feed", Source: "quiet"},
	}
	for i := range feeds {
		feeds[i].Every = 60e9
	}
	for _, c := range []string{goneID, lockedID} {
		if _, err := b.store.Subscribe(ctx, subscription.Subscription{Guild: guildID, Channel: c, Topic: "ceasefire", CreatedBy: userID, Created: now}); err != nil {
			t.Fatal(err)
		}
	}
	// One alert arrives, three wait for their channels, one is refused for good,
	// one is on its way.
	b.tell(t, told{"wire", "Truce holds for a second day", "https://wire.example/second", "ceasefire", "in-effect", 0, []string{alertsID, newsID, goneID, lockedID, strictID, slowID}})
	if err := b.store.SyncFeeds(ctx, now, feeds); err != nil {
		t.Fatal(err)
	}
	all, err := b.store.FeedStatus(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		switch f.Source {
		case "state":
			err = b.store.SetState(ctx, f.ID, feed.Failing, "server-error", now)
		case "nobody":
			err = b.store.SetState(ctx, f.ID, feed.Quarantined, "crash", now)
		case "odd":
			err = b.store.SetState(ctx, f.ID, feed.Failing, "", now)
		case "down":
			err = b.store.SetState(ctx, f.ID, feed.Gone, "gone", now)
		case "quiet":
			err = b.store.SetState(ctx, f.ID, feed.Stale, feed.ReasonQuiet, now)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	claimed, err := b.store.Claim(ctx, now, 10, time.Minute)
	if err != nil || len(claimed) != 6 {
		t.Fatalf("claimed %d deliveries: %v", len(claimed), err)
	}
	reasons := map[string]alert.Reason{newsID: alert.ReasonNoAccess, goneID: alert.ReasonNoChannel, lockedID: alert.ReasonWrongChannel, strictID: alert.ReasonRefused, slowID: alert.ReasonRateLimited}
	for _, d := range claimed {
		d.Form = alert.Plain // the last form, so that a refusal is for good
		var failure error
		if r, ok := reasons[d.Channel]; ok {
			failure = &alert.SendError{Reason: r, Err: errors.New("refused")}
		}
		if err := b.store.Settle(ctx, now, d, alert.Judge(now, d, "900000000000000001", failure)); err != nil {
			t.Fatal(err)
		}
	}
}

// Channels in trouble.
const (
	goneID   = "200000000000000003"
	lockedID = "200000000000000004"
	strictID = "200000000000000005"
	slowID   = "200000000000000006"
)
