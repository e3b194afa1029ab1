package sandbox

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// commandData checks the use of a command as Discord's client does, and builds
// its data with everything resolved.
func (s *Server) commandData(v Invocation, i *interaction, g *guild, have Permissions) (object, error) {
	data, _ := clone(v.Data).(object)
	words := strings.Fields(v.Command)
	if data != nil {
		name, _ := data["name"].(string)
		words = []string{name}
	}
	if len(words) == 0 {
		return nil, fmt.Errorf("the interaction names no command")
	}
	cmd := s.findCommand(g.id, words[0], cmdSlash)
	if err := mayUse(cmd, words[0], have, g.direct); err != nil {
		return nil, err
	}
	given := objects(data["options"])
	if data == nil {
		given = buildOptions(cmd, words[1:], v.Options, v.Focused)
	}
	use := &commandUse{resolver: newResolver(s, g, i.member), suggest: v.Type == InvokeSuggest, path: []string{cmd["name"].(string)}}
	out, err := use.options(objects(cmd["options"]), given)
	if err != nil {
		return nil, err
	}
	if use.suggest && !use.focused {
		return nil, fmt.Errorf("no option is focused")
	}
	i.name = strings.Join(use.path, " ")
	full := object{"id": cmd["id"], "name": cmd["name"], "type": 1, "options": out}
	if cmd["guild_id"] != nil {
		full["guild_id"] = cmd["guild_id"]
	}
	if !use.suggest && !use.resolver.empty() {
		full["resolved"] = use.resolver.object()
	}
	return full, nil
}

// mayUse checks that a command exists and that its user may use it here.
func mayUse(cmd object, name string, have Permissions, direct bool) error {
	if cmd == nil || !contextAllows(cmd, direct) {
		return fmt.Errorf("there is no command %s", called(cmd, name))
	}
	if !have.Has(UseApplicationCommands) {
		return fmt.Errorf("you may not use commands in this channel")
	}
	need, restricted := cmd["default_member_permissions"].(string)
	bits := Permissions(number(need))
	if direct { // roles and their permissions are of guilds
		bits, restricted = 0, false
	}
	if restricted && bits == 0 { // "0" leaves it to administrators
		bits = Administrator
	}
	if !have.Has(bits) {
		return fmt.Errorf("you may not use %s", called(cmd, name))
	}
	return nil
}

// findCommand finds a command of the guild, or of the application.
func (s *Server) findCommand(guildID, name string, kind int64) object {
	for _, set := range []commandSet{s.rest.guilds[guildID], s.rest.commands} {
		if cmd := find(set, object{"name": name, "type": kind}); cmd != nil {
			return cmd
		}
	}
	return nil
}

// buildOptions writes options as a client sends them, below their sub-commands.
func buildOptions(cmd object, subs []string, values map[string]any, focused string) []object {
	if len(subs) > 0 {
		for _, o := range objects(cmd["options"]) {
			if o["name"] == subs[0] {
				return []object{{"name": subs[0], "type": o["type"], "options": buildOptions(o, subs[1:], values, focused)}}
			}
		}
		return []object{{"name": subs[0]}}
	}
	out := []object{}
	for _, o := range objects(cmd["options"]) {
		name, _ := o["name"].(string)
		value, ok := values[name]
		if !ok && name != focused {
			continue
		}
		if !ok {
			value = ""
		}
		opt := object{"name": name, "type": o["type"], "value": value}
		if name == focused {
			opt["focused"] = true
		}
		out = append(out, opt)
	}
	for name, value := range values {
		if !slices.ContainsFunc(out, func(o object) bool { return o["name"] == name }) {
			out = append(out, object{"name": name, "value": value})
		}
	}
	return out
}

// commandUse is a command as it is being used.
type commandUse struct {
	resolver *resolver
	suggest  bool
	focused  bool
	path     []string
}

// options checks what was given against what the command asks for.
func (u *commandUse) options(known, given []object) ([]object, error) {
	out, seen := []object{}, map[string]bool{}
	for _, o := range given {
		name, _ := o["name"].(string)
		k := slices.IndexFunc(known, func(k object) bool { return k["name"] == name })
		if k < 0 || seen[name] {
			return nil, fmt.Errorf("/%s has no option %q, or it was given twice", strings.Join(u.path, " "), name)
		}
		seen[name] = true
		kind := intOf(known[k]["type"])
		if kind == optSub || kind == optGroup {
			u.path = append(u.path, name)
			inner, err := u.options(objects(known[k]["options"]), objects(o["options"]))
			if err != nil {
				return nil, err
			}
			out = append(out, object{"name": name, "type": kind, "options": inner})
			continue
		}
		value, err := u.value(known[k], clone(o["value"]), o["focused"] == true)
		if err != nil {
			return nil, fmt.Errorf("option %q: %w", name, err)
		}
		opt := object{"name": name, "type": kind, "value": value}
		if o["focused"] == true && u.suggest {
			opt["focused"], u.focused = true, true
		}
		out = append(out, opt)
	}
	for _, k := range known {
		name, _ := k["name"].(string)
		sub := intOf(k["type"]) <= optGroup
		switch {
		case u.suggest || seen[name]:
		case sub && len(out) == 0:
			return nil, fmt.Errorf("/%s needs a sub-command", strings.Join(u.path, " "))
		case !sub && k["required"] == true:
			return nil, fmt.Errorf("option %q is required", name)
		}
	}
	return out, nil
}

// value checks one value. While it is typed anything goes.
func (u *commandUse) value(opt object, v any, focused bool) (any, error) {
	if u.suggest && focused {
		if n, ok := v.(json.Number); ok {
			return n, nil
		}
		return numberText(v), nil
	}
	kind := intOf(opt["type"])
	switch kind {
	case optString:
		return v, checkText(opt, v)
	case optInteger, optNumber:
		n, ok := v.(json.Number)
		if !ok {
			return nil, fmt.Errorf("must be a number")
		}
		if _, err := n.Int64(); err != nil && kind == optInteger {
			return nil, fmt.Errorf("must be a whole number")
		}
		return n, checkNumber(opt, n)
	case optBoolean:
		if _, ok := v.(bool); !ok {
			return nil, fmt.Errorf("must be true or false")
		}
		return v, nil
	case optUser, optChannel, optRole, optMentionable, optAttachment:
		id := numberText(v)
		if !u.resolver.add(kind, id, opt) {
			return nil, fmt.Errorf("names nothing that exists here and fits")
		}
		return id, nil
	}
	return nil, fmt.Errorf("options of type %d are not known here", kind)
}

func checkText(opt object, v any) error {
	text, ok := v.(string)
	if !ok || text == "" {
		return fmt.Errorf("must be a text")
	}
	n := int64(utf8.RuneCountInString(text))
	if least := intOf(opt["min_length"]); n < least {
		return fmt.Errorf("must have at least %d characters", least)
	}
	if most := intOf(opt["max_length"]); most > 0 && n > most || n > 6000 {
		return fmt.Errorf("has too many characters")
	}
	return checkChoice(opt, text)
}

func checkNumber(opt object, n json.Number) error {
	x, err := n.Float64()
	if err != nil {
		return fmt.Errorf("must be a number")
	}
	if low, ok := floatOf(opt["min_value"]); ok && x < low {
		return fmt.Errorf("must be at least %v", low)
	}
	if high, ok := floatOf(opt["max_value"]); ok && x > high {
		return fmt.Errorf("must be at most %v", high)
	}
	return checkChoice(opt, n.String())
}

func checkChoice(opt object, text string) error {
	choices := objects(opt["choices"])
	if len(choices) > 0 && !slices.ContainsFunc(choices, func(c object) bool { return numberText(c["value"]) == text }) {
		return fmt.Errorf("must be one of the choices")
	}
	return nil
}

func floatOf(v any) (float64, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	f, err := n.Float64()
	return f, err == nil
}

func isNumber(v any) bool {
	_, ok := floatOf(v)
	return ok
}

// resolver collects the objects that options and selects name.
// https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-resolved-data-structure
type resolver struct {
	s                               *Server
	g                               *guild
	by                              *Member // who names them
	users, members, channels, roles object
	files                           object
}

func newResolver(s *Server, g *guild, by *Member) *resolver {
	return &resolver{s: s, g: g, by: by, users: object{}, members: object{}, channels: object{}, roles: object{}, files: object{}}
}

// add resolves an id as an option's type asks; false when it names nothing fit.
func (r *resolver) add(kind int64, id string, opt object) bool {
	switch kind {
	case optUser:
		return r.user(id)
	case optRole:
		return r.role(id)
	case optMentionable:
		return r.user(id) || r.role(id)
	case optAttachment:
		return r.file(id)
	}
	c := r.g.channels[id]
	types, _ := opt["channel_types"].([]any)
	if c == nil || len(types) > 0 && !slices.ContainsFunc(types, func(t any) bool { return intOf(t) == int64(c.Type) }) {
		return false
	}
	return r.channel(c)
}

func (r *resolver) user(id string) bool {
	u := r.s.world.user(id)
	if u == nil {
		return false
	}
	r.users[id] = u
	if m := r.g.member(id); m != nil && !r.g.direct {
		o := m.object()
		delete(o, "user")
		delete(o, "deaf")
		delete(o, "mute")
		o["permissions"] = r.g.permissions(m)
		r.members[id] = o
	}
	return true
}

func (r *resolver) role(id string) bool {
	role := r.g.role(id)
	if role != nil {
		r.roles[id] = role
	}
	return role != nil
}

func (r *resolver) channel(c *Channel) bool {
	o := channelWith(c, r.g.permissionsIn(r.by, c))
	o["app_permissions"] = r.s.botPermissions(r.g, c)
	r.channels[c.ID] = o
	return true
}

// file is one that the same person has sent for an option.
func (r *resolver) file(id string) bool {
	f, ok := r.s.files.byID[id]
	if !ok || f.by != r.by.User.ID {
		return false
	}
	r.files[id] = f.said
	return true
}

func (r *resolver) empty() bool {
	return len(r.users)+len(r.roles)+len(r.channels)+len(r.files) == 0
}

// object leaves out what there is none of.
func (r *resolver) object() object {
	o := object{}
	for key, part := range map[string]object{"users": r.users, "members": r.members, "channels": r.channels, "roles": r.roles, "attachments": r.files} {
		if len(part) > 0 {
			o[key] = part
		}
	}
	return o
}
