package command_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/attache-bot/attache/bot/command"
	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/store"
)

// holding gives the member roles.
func holding(roles ...string) func(object) {
	return func(in object) { in["member"].(object)["roles"] = roles }
}

func TestTheManagerRoleManages(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, id := range []string{guildID, foreignID} {
		role := map[string]string{guildID: deskRole, foreignID: closedRole}[id]
		if err := b.store.SaveSettings(t.Context(), id, guild.Settings{ManagerRole: role}, now); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		name string
		edit func(object)
		may  bool
	}{
		{"a member with the role", holding("300000000000000009", deskRole), true},
		{"a member with the permission", as(manager), true},
		{"a member without roles", holding(), false},
		{"a member with other roles", holding("300000000000000009"), false},
		{"the role of another guild's managers", holding(closedRole), false},
		{"the role of everyone", holding(guildID), false},
		{"roles that are none", with("member", object{"user": object{"id": userID}, "permissions": writer, "roles": []any{"", nil}}), false},
		{"roles as text", with("member", object{"user": object{"id": userID}, "permissions": writer, "roles": deskRole}), false},
		{"the role in an option", func(in object) { option("roles", 8, deskRole)(in) }, false},
		{"the role beside the member", with("roles", []string{deskRole}), false},
	} {
		s := b.do(t, use("topic", as(writer), c.edit, func(in object) {
			data(in)["options"] = []object{{"name": "list", "type": 1, "options": []object{}}}
		}))
		if may := strings.Contains(s.text(), "made no topics of its own"); may != c.may {
			t.Errorf("%s: %s", c.name, s.text())
		}
	}
	if s := b.do(t, typing("subscribe", "topic", "cease", as(writer), holding(deskRole))); s.text() == "" {
		t.Error("a member with the role is offered nothing")
	}
}

func TestTheRoleOfEveryoneNeverManages(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	if err := b.store.SaveSettings(t.Context(), guildID, guild.Settings{ManagerRole: guildID}, now); err != nil {
		t.Fatal(err)
	}
	if s := b.do(t, use("unsubscribe", about("ceasefire"), as(writer), holding(guildID))); !strings.HasPrefix(s.text(), "You need the permission Manage Server") {
		t.Errorf("answered: %s", s.text())
	}
}

// unsettled is a store that cannot say what a guild has set.
type unsettled struct{ *store.Store }

func (unsettled) Settings(context.Context, string) (guild.Settings, error) {
	return guild.Settings{}, errors.New("disk full")
}

func TestNobodyManagesWhenTheRoleIsNotKnown(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.Router = newRouter(t, command.Store(unsettled{b.store}), b.discord)
	if s := b.do(t, use("subscribe", about("ceasefire"), as(writer), holding(deskRole))); !strings.HasPrefix(s.text(), "Something went wrong") {
		t.Errorf("answered: %s", s.text())
	}
	if s := b.do(t, typing("subscribe", "topic", "cease", as(writer), holding(deskRole))); s.text() != "" {
		t.Errorf("was offered: %s", s.text())
	}
	b.unchanged(t, nil)
}
