package sandbox

import (
	"fmt"
	"strings"
)

// Types of commands.
// https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-types
const (
	cmdSlash   = 1
	cmdUser    = 2
	cmdMessage = 3
)

// targetData is for a command of the Apps menu of a user or a message: the data
// of the event, with its target resolved.
// https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-application-command-data-structure
func (s *Server) targetData(v Invocation, i *interaction, g *guild, ch *Channel, have Permissions) (object, error) {
	name, target := v.Command, v.Target
	kind := int64(cmdUser)
	if m, _ := s.world.message(ch.ID, target); m != nil {
		kind = cmdMessage
	}
	if data, _ := clone(v.Data).(object); data != nil {
		name, _ = data["name"].(string)
		target, kind = idText(data["target_id"]), intOf(data["type"])
	}
	cmd := s.findCommand(g.id, name, kind)
	if err := mayUse(cmd, name, have, g.direct); err != nil {
		return nil, err
	}
	out := object{"id": cmd["id"], "name": cmd["name"], "type": kind, "target_id": target}
	if cmd["guild_id"] != nil {
		out["guild_id"] = cmd["guild_id"]
	}
	i.name, i.target = name, object{}
	if kind == cmdUser {
		res := newResolver(s, g, i.member)
		if g.member(target) == nil || !res.user(target) {
			return nil, fmt.Errorf("there is no such member")
		}
		i.target["target_user"] = s.world.user(target)
		out["resolved"] = res.object()
		return out, nil
	}
	m, _ := s.world.message(ch.ID, target)
	if m == nil || m.onlyFor != "" { // the menu of an ephemeral message has no apps
		return nil, fmt.Errorf("there is no such message")
	}
	i.target["target_message_id"] = m.ID
	out["resolved"] = object{"messages": object{m.ID: m.withoutNonce()}}
	return out, nil
}

// isTargeted tells whether an invocation is of the Apps menu.
func isTargeted(v Invocation) bool {
	data, _ := clone(v.Data).(object)
	if data == nil {
		return v.Target != ""
	}
	kind := intOf(data["type"])
	return kind == cmdUser || kind == cmdMessage
}

// called is a command's name as people read it.
func called(cmd object, name string) string {
	if cmd != nil && intOf(cmd["type"]) != cmdSlash || strings.Contains(name, " ") {
		return fmt.Sprintf("“%s”", name)
	}
	return "/" + name
}
