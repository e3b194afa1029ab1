package command_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/bot/command"
	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/interaction"
)

func TestEveryFirstAnswerIsPrivateAndMentionsNobody(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Put("fail", func(context.Context, interaction.Request) (interaction.Reply, error) {
		return interaction.Reply{}, errors.New("disk is full")
	})
	for _, s := range append(append(emptyServer(), liveServer()...), scene{"a fault", use("fail")}) {
		for _, got := range answers(t, b.Router, b.discord, s.in) {
			if got.typ != interaction.AnswerNow {
				continue
			}
			body := got.body["data"].(object)
			if flags, _ := body["flags"].(float64); flags != 64 {
				t.Errorf("%s: flags %v, want 64", s.name, body["flags"])
			}
			if diff := cmp.Diff(object{"parse": []any{}}, body["allowed_mentions"]); diff != "" {
				t.Errorf("%s: allowed_mentions: %s", s.name, diff)
			}
		}
	}
}

func TestAPromisedUpdateKeepsItsMessage(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	s := b.do(t, press("m1:r:zz:"))
	if s.typ != interaction.UpdateNow {
		t.Errorf("a button's answer has type %d, want %d", s.typ, interaction.UpdateNow)
	}
	s = b.do(t, press("nonsense"))
	if s.typ != interaction.AnswerNow {
		t.Errorf("a refusal has type %d, want %d: the list must stay", s.typ, interaction.AnswerNow)
	}
}

func TestNewRefusesBadOptions(t *testing.T) {
	t.Parallel()
	good := command.Options{Desk: desk.Options{Topics: topics, Sources: sources(t)}, Interaction: atNow()}
	for name, edit := range map[string]func(*command.Options){
		"no topics":    func(o *command.Options) { o.Desk.Topics = nil },
		"no outlets":   func(o *command.Options) { o.Desk.Sources = nil },
		"no logger":    func(o *command.Options) { o.Interaction.Logger = nil },
		"a late reply": func(o *command.Options) { o.Interaction.DeferAfter = -1 },
	} {
		o := good
		edit(&o)
		if _, err := command.New(nil, &discord{}, o); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if _, err := command.New(nil, &discord{}, good); err != nil {
		t.Error(err)
	}
}
