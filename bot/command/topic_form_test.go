package command_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/internal/guild"
)

// writing is press for the form of a topic, which a command has opened.
func writing(id, name, query string, edits ...func(object)) object {
	return press(message.ActionID{Name: "topic-form", Args: []string{id}}.String(), append([]func(object){without("message"), func(in object) {
		in["type"] = 5
		data(in)["components"] = []object{
			{"type": 1, "components": []object{{"type": 4, "custom_id": "name", "value": name}}},
			{"type": 1, "components": []object{{"type": 4, "custom_id": "query", "value": query}}},
		}
	}}, edits...)...)
}

// TestTopicForms makes and changes topics by the form, and compares all that
// people read with testdata/topicforms.txtar.
func TestTopicForms(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.tellNews(t)
	got := newScript(t)
	got.say(b,
		scene{"create without options", use("topic", within("create"))},
		scene{"create with a name", use("topic", within("create", "name", "Envoys"))},
		scene{"create with a query", use("topic", within("create", "query", "envoy*"))},
		scene{"edit while there is none", use("topic", within("edit"))},
		scene{"a form with a wrong query", writing("", "Envoys", "(envoy*")},
		scene{"a form with a name that is taken", writing("", "Ceasefire", "envoy*")},
		scene{"a form for a topic that is not there", writing("own-99", "Envoys", "envoy*")},
	)
	preview := b.do(t, writing("", "Envoys", "envoy*\nOR moscow"))
	got.say(b,
		scene{"a form", writing("", "Envoys", "envoy*\nOR moscow")},
		scene{"change what was written", press(preview.labelled("Change"))},
		scene{"confirm as another member", press(preview.labelled("Confirm"), func(in object) { in["member"].(object)["user"] = object{"id": "400000000000000009"} })},
		scene{"confirm", press(preview.labelled("Confirm"))},
		scene{"confirm again", press(preview.labelled("Confirm"))},
		scene{"edit when there is one", use("topic", within("edit"))},
	)
	own, err := b.store.OwnTopics(t.Context(), guildID)
	if err != nil || len(own) != 1 || own[0].Query != "envoy* OR moscow" {
		t.Fatalf("made %v: %v", own, err)
	}
	id := string(own[0].ID)
	change := b.do(t, writing(id, "Envoys abroad", "envoy* -moscow"))
	got.say(b,
		scene{"a changed topic", writing(id, "Envoys abroad", "envoy* -moscow")},
		scene{"an old preview", press(preview.labelled("Change"))},
		scene{"confirm the change", press(change.labelled("Confirm"))},
	)
	for i := range message.MaxOptions + 1 {
		if _, err := b.store.CreateTopic(t.Context(), guild.Topic{Guild: guildID, Name: fmt.Sprint("Topic ", i), Query: "word", Created: now}); err != nil {
			t.Fatal(err)
		}
	}
	got.say(b,
		scene{"edit when there are many", use("topic", within("edit"))},
		scene{"pick one", choosing("a1:topic-pick", []string{id})},
		scene{"pick one from another server", choosing("a1:topic-pick", []string{id}, with("guild_id", foreignID))},
		scene{"pick none", choosing("a1:topic-pick", nil)},
	)
	compare(t, "testdata/topicforms.txtar", &got.Archive)
}

// TestAPreviewChangesNothing submits forms, and confirms what is not shown.
func TestAPreviewChangesNothing(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	before := b.state(t, guildID)
	first := b.do(t, writing("", "Envoys", "envoy*"))
	b.do(t, writing("", "Tankers", "tanker*"))
	for _, in := range []object{
		press(first.labelled("Confirm")), press("a1:topic-confirm"), press("a1:topic-confirm:0"), press(first.labelled("Confirm"), as(writer)),
	} {
		if s := b.do(t, in); strings.Contains(s.text(), "is a topic of this server now") {
			t.Errorf("made: %s", s.text())
		}
	}
	if after := b.state(t, guildID); after != before {
		t.Errorf("changed: %s", after)
	}
}
