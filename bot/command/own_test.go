package command_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/query"
	"github.com/attache-bot/attache/internal/store"
	"github.com/attache-bot/attache/internal/topic"
)

// within uses a subcommand with texts as options: each a name and its value.
func within(sub string, texts ...string) func(in object) {
	return func(in object) {
		options := []object{}
		for i := 0; i+1 < len(texts); i += 2 {
			options = append(options, object{"name": texts[i], "type": 3, "value": texts[i+1]})
		}
		in["data"].(object)["options"] = []object{{"name": sub, "type": 1, "options": options}}
	}
}

// typingWithin is typing for an option of a subcommand.
func typingWithin(name, sub, option, typed string, edits ...func(in object)) object {
	in := use(name, edits...)
	in["type"] = 4
	in["data"].(object)["options"] = []object{{"name": sub, "type": 1, "options": []object{{"name": option, "type": 3, "value": typed, "focused": true}}}}
	return in
}

// TestOwnTopics makes topics of a server's own in every way there is, and
// compares all that people read with testdata/own.txtar.
func TestOwnTopics(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	got := newScript(t)
	got.say(b,
		scene{"the server has none", use("topic", within("list"))},
		scene{"edit while there is none", use("topic", within("edit", "topic", "Hormuz", "name", "Gulf"))},
		scene{"test before anything was read", use("topic", within("test", "query", "hormuz"))},
	)
	b.tellNews(t)
	got.say(b, ownTopics()...)
	b.do(t, use("topic", within("create", "name", "Kerch", "query", "kerch")))
	b.confirm(t, b.do(t, use("subscribe", about("Kerch"), into(newsID))))
	deleted := b.do(t, use("topic", within("delete", "topic", "Kerch")))
	got.say(b, scene{"undo the deletion", press(deleted.labelled("Undo"))})
	for i := range guild.MaxTopics {
		_, _ = b.store.CreateTopic(t.Context(), guild.Topic{Guild: guildID, Name: fmt.Sprint("Topic ", i), Query: strings.Repeat("word ", 90), Created: now})
	}
	got.say(b,
		scene{"create one too many", use("topic", within("create", "name", "Beirut", "query", "beirut"))},
		scene{"a list that does not fit", use("topic", within("list"))},
	)
	b.Router = newRouter(t, vanishing{b.store}, b.discord)
	got.say(b, scene{"edit what was deleted meanwhile", use("topic", within("edit", "topic", "Topic 1", "name", "Gulf"))})
	compare(t, "testdata/own.txtar", &got.Archive)
}

func ownTopics() []scene {
	create := func(name, topic, query string, edits ...func(object)) scene {
		return scene{name, use("topic", append([]func(object){within("create", "name", topic, "query", query)}, edits...)...)}
	}
	return []scene{
		create("create without the permission", "Envoys", "envoy*", as(writer)),
		create("create without a name", "", "envoy*"),
		create("create with a name without letters", "2026", "envoy*"),
		create("create with the name of a built-in topic", "CEASEFIRE", "envoy*"),
		create("create with the name of a built-in topic's id", "peace-talks", "envoy*"),
		create("create with a number of mine", "own-7", "envoy*"),
		create("create without a query", "Envoys", ""),
		create("create with a parenthesis that is open", "Envoys", "(envoy* geneva"),
		create("create with a regular expression", "Envoys", "/envoy.*/"),
		create("create with stop words only", "Envoys", "the of"),
		create("create with a letter only", "Envoys", "x"),
		create("create with what only leaves out", "Envoys", "-trade"),
		create("create with a topic that is none", "Envoys", "envoy* topic:ceasfire"),
		create("create with an outlet that is none", "Envoys", "envoy* source:daily-planet"),
		create("create with a stage that is none", "Envoys", "envoy* stage:agreeed"),
		create("create with an outlet that is nearly one", "Envoys", "envoy* source:stat"),
		create("create", "Envoys", "envoy* OR moscow OR kyiv"),
		create("create again", "ENVOYS", "envoy*"),
		create("create what is never found", "Lunar", "moon NEAR/5 treaty topic:ceasefire"),
		create("create with hostile text", "[x](https://evil.example) @everyone", "\"@everyone [x](https://evil.example)\""),
		{"list", use("topic", within("list"))},
		{"search with alternatives", use("search", asking("envoy* OR (moscow -assets)"))},
		{"search with an outlet", use("search", asking("source:state moscow"))},
		{"search with a topic and a stage", use("search", asking("topic:ceasefire stage:agreed"), option("sort", 3, "relevant"))},
		{"search without a find", use("search", asking("title:hormuz OR topic:sanctions tanker*"))},
		{"search that cannot be understood", use("search", asking("envoy* OR"))},
		{"test", use("topic", within("test", "query", "country:ru OR source:wire truce"))},
		{"test what finds one", use("topic", within("test", "query", "geneva stage:called-for OR geneva source:wire"))},
		{"test what cannot be understood", use("topic", within("test", "query", "envoy* and geneva"))},
		{"test an attribute alone", use("topic", within("test", "query", "language:en"))},
		{"edit nothing", use("topic", within("edit", "topic", "Envoys"))},
		{"edit what is not there", use("topic", within("edit", "topic", "Enemies", "name", "Gulf"))},
		{"edit half a topic", use("topic", within("edit", "topic", "Env", "name", "Gulf"))},
		{"edit no topic", use("topic", within("edit", "name", "Gulf"))},
		{"edit with a name that is taken", use("topic", within("edit", "topic", "Envoys", "name", "lunar"))},
		{"edit the name", use("topic", within("edit", "topic", "envoys", "name", "Envoys and Moscow"))},
		{"edit the query", use("topic", within("edit", "topic", "Envoys and Moscow", "query", "envoy* geneva"))},
		{"edit with a query that is wrong", use("topic", within("edit", "topic", "Envoys and Moscow", "query", "envoy* geneva NEAR"))},
		{"choices of own topics", typingWithin("topic", "delete", "topic", "en")},
		{"choices without the permission", typingWithin("topic", "delete", "topic", "en", as(writer))},
		{"choices to subscribe", typing("subscribe", "topic", "lun")},
		{"subscribe to one", use("subscribe", about("Lunar"))},
		{"subscribe another channel to it", use("subscribe", about("lunar"), into(newsID))},
		{"another server does not see it", use("subscribe", about("Lunar"), with("guild_id", foreignID))},
		{"another server does not list it", use("topic", within("list"), with("guild_id", foreignID))},
		{"another server does not delete it", use("topic", within("delete", "topic", "own-2"), with("guild_id", foreignID))},
		{"subscriptions", use("subscriptions")},
		{"choices to unsubscribe", typing("unsubscribe", "topic", "")},
		{"recent", use("recent", about("Lunar"))},
		{"another server's recent", use("recent", about("own-2"), with("guild_id", foreignID))},
		{"another server's page of it", press("m1:r:5:own-2", with("guild_id", foreignID))},
		{"delete", use("topic", within("delete", "topic", "Lunar"))},
		{"delete again", use("topic", within("delete", "topic", "Lunar"))},
		{"delete without subscriptions", use("topic", within("delete", "topic", "Envoys and Moscow"))},
		{"a subcommand that is none", use("topic", within("explode"))},
		{"the command without a subcommand", use("topic")},
	}
}

// vanishing is a store in which somebody else deletes every topic just before it
// is changed.
type vanishing struct{ *store.Store }

func (v vanishing) ChangeTopic(ctx context.Context, t guild.Topic) error {
	if _, err := v.DeleteTopic(ctx, t.Guild, t.ID, now); err != nil {
		return err
	}
	return v.Store.ChangeTopic(ctx, t)
}

// flooding is a store that has read the same news a thousand times.
type flooding struct{ *store.Store }

func (f flooding) Latest(ctx context.Context, guild string, limit int) ([]query.Read, error) {
	latest, err := f.Store.Latest(ctx, guild, 1)
	for len(latest) > 0 && len(latest) < limit {
		latest = append(latest, latest[0])
	}
	return latest, err
}

func TestAQueryThatFloodsIsRefused(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.tellNews(t)
	r := newRouter(t, flooding{b.store}, b.discord)
	for _, in := range []object{use("topic", within("create", "name", "Pause", "query", "pause")), use("topic", within("test", "query", "pause"))} {
		got := answer(t, r, b.discord, in).text()
		if !strings.Contains(got, "It would have matched 1000 of the last 1000 reports") || !strings.Contains(got, "At most 50 may match") {
			t.Errorf("%s", got)
		}
	}
	if own, err := b.store.OwnTopics(t.Context(), guildID); err != nil || len(own) > 0 {
		t.Errorf("there is %v, %v", own, err)
	}
}

// TestOwnTopicsAreDeletedWithTheirSubscriptions holds what the golden file cannot
// show: what stands in the store.
func TestOwnTopicsAreDeletedWithTheirSubscriptions(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.do(t, use("topic", within("create", "name", "Lunar", "query", "moon*")))
	b.confirm(t, b.do(t, use("subscribe", about("lunar"))))
	b.confirm(t, b.do(t, use("subscribe", about("ceasefire"))))
	b.do(t, use("topic", within("delete", "topic", "Lunar")))
	subs, err := b.store.Subscriptions(t.Context(), guildID)
	if err != nil || len(subs) != 1 || subs[0].Topic != topic.ID("ceasefire") {
		t.Errorf("there is %v, %v", subs, err)
	}
}
