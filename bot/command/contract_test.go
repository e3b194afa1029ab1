package command_test

import (
	"bytes"
	"encoding/json"
	"os"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/attache-bot/attache/bot/command"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/sharedtest"
)

// contract checks bodies against Discord's OpenAPI file, which is JSON Schema.
type contract struct {
	t        *testing.T
	compiler *jsonschema.Compiler
}

func newContract(t *testing.T) contract {
	t.Helper()
	f, err := os.Open(sharedtest.Path(t, "discord", "openapi.json"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	doc, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	if err := c.AddResource("discord.json", doc); err != nil {
		t.Fatal(err)
	}
	return contract{t, c}
}

// check fails when a body does not fit a schema of the file.
func (c contract) check(name, schema string, body any) {
	c.t.Helper()
	s, err := c.compiler.Compile("discord.json#/components/schemas/" + schema)
	if err != nil {
		c.t.Fatal(err)
	}
	raw, err := json.Marshal(body)
	if err != nil {
		c.t.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		c.t.Fatal(err)
	}
	if err := s.Validate(v); err != nil {
		c.t.Errorf("%s: %v\n%s", name, err, raw)
	}
}

func TestWhatIsSentFitsDiscordsFile(t *testing.T) {
	t.Parallel()
	c := newContract(t)
	b := newBench(t)
	b.tellFor(t)
	registerAll(b)
	schemas := map[interaction.ResponseType]string{
		interaction.AnswerNow: "CreateMessageInteractionCallbackRequest", interaction.AnswerLater: "CreateMessageInteractionCallbackRequest",
		interaction.UpdateNow: "UpdateMessageInteractionCallbackRequest", interaction.UpdateLater: "UpdateMessageInteractionCallbackRequest",
		interaction.Complete: "ApplicationCommandAutocompleteCallbackRequest", interaction.OpenForm: "ModalInteractionCallbackRequest",
	}
	ask := func(scenes ...scene) {
		for _, s := range scenes {
			for _, got := range answers(t, b.Router, b.discord, s.in) {
				c.check(s.name, schemas[got.typ], got.body)
				checkClickable(t, s.name, got.body)
				if got.typ == interaction.AnswerNow && got.labelled("Confirm") != "" {
					got = b.confirm(t, got)
					c.check(s.name+", confirmed", schemas[got.typ], got.body)
				}
			}
		}
	}
	ask(emptyServer()...)
	ask(liveServer()...)
	ask(lookups()...)
	ask(scene{"a story", use("story", option("story", 3, b.tellStory(t, 0)))})
	ask(typed()...)
	b.do(t, use("subscribe", about("ceasefire"), into(otherID), mentioning(deskRole, true)))
	ask(adjusting()...)
	ask(later()...)
	b.trouble(t)
	ask(troubledServer()...)
	ask(b.decided(t)...)
	ask(setupScenes()...)
	ask(buttons()...)
	for _, form := range []alert.Form{alert.Full, alert.Plain} {
		m := alert.Message{Kind: alert.Post, Form: form, Roles: []string{deskRole}, Content: alert.Content{
			Story: 7, Headline: "Truce holds", Summary: "For a second day.", Link: "https://wire.example/a b", Time: now,
			Topics: []alert.Topic{{ID: "ceasefire", Title: "Ceasefire", Stage: "in-effect"}},
		}}
		c.check(string(form), "MessageCreateRequest", message.Alert(m, nil))
		c.check("edit of "+string(form), "IncomingWebhookUpdateRequestPartial", message.Alert(m, nil).Edit())
	}
}

func TestTheTreeFitsDiscordsFile(t *testing.T) {
	t.Parallel()
	c := newContract(t)
	raw, err := json.Marshal(command.Tree())
	if err != nil {
		t.Fatal(err)
	}
	var tree []object
	if err := json.Unmarshal(raw, &tree); err != nil {
		t.Fatal(err)
	}
	for _, cmd := range tree {
		// The file wants a number where Discord's documents, and Discord, have text
		// (https://discord.com/developers/docs/interactions/application-commands#application-command-object).
		delete(cmd, "default_member_permissions")
		c.check("/"+cmd["name"].(string), "ApplicationCommandUpdateRequest", cmd)
	}
}
