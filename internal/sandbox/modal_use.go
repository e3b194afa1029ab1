package sandbox

import (
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"
)

// Types of components that only modals have.
const (
	compUpload = 19
	compRadios = 21
	compChecks = 22
	compCheck  = 23
)

// shownModal finds the newest modal with a custom_id that a user was shown.
func (s *Server) shownModal(userID, customID string) *interaction {
	for _, id := range slices.Backward(s.inter.order) {
		i := s.inter.byID[id]
		if i.state == ShownModal && i.member.User.ID == userID && i.modal["custom_id"] == customID {
			return i
		}
	}
	return nil
}

// modalData checks what was filled in against the modal that was shown, as
// Discord's client does, and builds the data of the event.
// https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-object-modal-submit-data-structure
func (s *Server) modalData(v Invocation, i *interaction, ch *Channel) (object, *Message, error) {
	data, _ := clone(v.Data).(object)
	id, _ := data["custom_id"].(string)
	if id == "" || data["components"] == nil {
		return nil, nil, fmt.Errorf("a modal's answer needs custom_id and components")
	}
	shown := s.shownModal(v.User, id)
	if shown == nil {
		return nil, nil, fmt.Errorf("no such modal was shown to you")
	}
	given := map[string]object{}
	collectFields(objects(data["components"]), given)
	use := &modalUse{given: given, resolver: newResolver(s, i.guild, i.member)}
	form, _ := clone(shown.modal["components"]).([]any)
	out := object{"custom_id": id, "components": use.list(objects(form))}
	if use.err != nil {
		return nil, nil, use.err
	}
	if !use.resolver.empty() {
		out["resolved"] = use.resolver.object()
	}
	i.source, i.from = shown.source, shown
	source, _ := s.world.message(ch.ID, shown.source)
	return out, source, nil
}

// collectFields finds all that has a custom_id.
func collectFields(list []object, into map[string]object) {
	for _, c := range list {
		if id, _ := c["custom_id"].(string); id != "" {
			into[id] = c
		}
		collectFields(objects(c["components"]), into)
		if in, ok := c["component"].(object); ok {
			collectFields([]object{in}, into)
		}
	}
}

// modalUse is a modal as it is being sent.
type modalUse struct {
	given    map[string]object
	resolver *resolver
	serial   int64
	err      error
}

func (u *modalUse) list(form []object) []object {
	out := []object{}
	for _, c := range form {
		out = append(out, u.component(c, ""))
	}
	return out
}

// component writes one component of the modal with what was filled in.
func (u *modalUse) component(c object, label string) object {
	kind := intOf(c["type"])
	out := object{"type": kind, "id": u.number(c)}
	if own, _ := c["label"].(string); own != "" {
		label = own
	}
	switch kind {
	case compRow:
		out["components"] = u.list(objects(c["components"]))
	case compLabel:
		in, _ := c["component"].(object)
		out["component"] = u.component(in, label)
	case compText:
	default:
		out["custom_id"] = c["custom_id"]
		u.fill(c, out, kind, label)
	}
	return out
}

func (u *modalUse) number(c object) int64 {
	if n := intOf(c["id"]); n != 0 {
		return n
	}
	u.serial++
	return u.serial
}

// fill takes a field's value and checks it.
func (u *modalUse) fill(c, out object, kind int64, label string) {
	id, _ := c["custom_id"].(string)
	given := u.given[id]
	required := c["required"] != false
	fail := func(format string, args ...any) {
		if u.err == nil {
			u.err = fmt.Errorf("%q: %s", label, fmt.Sprintf(format, args...))
		}
	}
	switch kind {
	case compInput:
		text, _ := given["value"].(string)
		out["value"] = text
		n := int64(utf8.RuneCountInString(text))
		least, most := intOf(c["min_length"]), intOf(c["max_length"])
		setDefault(&most, maxTextSum)
		switch {
		case n == 0 && required:
			fail("this field is required")
		case n > 0 && n < least || n > most:
			fail("must have between %d and %d characters", least, most)
		}
	case compCheck:
		out["value"] = given["value"] == true
	case compRadios:
		out["value"] = given["value"]
		if text, _ := given["value"].(string); !offers(c, text) && (required || text != "") {
			fail("choose one of the options")
		}
	case compUpload:
		out["values"] = []string{}
		if required {
			fail("files cannot be sent from here")
		}
	default:
		u.choose(c, out, kind, given, required, fail)
	}
}

// choose takes what was chosen in a select or a group of checks.
func (u *modalUse) choose(c, out object, kind int64, given object, required bool, fail func(string, ...any)) {
	list, _ := given["values"].([]any)
	values, err := u.resolver.chosen(c, kind, list)
	out["values"] = values
	if err != nil && (required || len(values) > 0) {
		fail("%v", err)
	}
}

// chosen checks what was chosen in a select or a group of checks, and resolves
// it.
func (r *resolver) chosen(c object, kind int64, list []any) ([]string, error) {
	values := []string{}
	var bad error
	for _, e := range list {
		value, _ := e.(string)
		values = append(values, value)
		known := false
		switch kind {
		case compStrings, compChecks:
			known = offers(c, value)
		case compUsers:
			known = r.add(optUser, value, c)
		case compRoles:
			known = r.add(optRole, value, c)
		case compMentionables:
			known = r.add(optMentionable, value, c)
		case compChannels:
			known = r.add(optChannel, value, c)
		}
		if !known {
			bad = errors.New("choose what the list offers")
		}
	}
	least, most := int64(1), int64(1)
	if kind == compChecks {
		most = int64(len(objects(c["options"])))
	}
	if c["min_values"] != nil {
		least = intOf(c["min_values"])
	}
	if c["max_values"] != nil {
		most = intOf(c["max_values"])
	}
	if n := int64(len(values)); bad == nil && (n < least || n > most) {
		bad = fmt.Errorf("choose between %d and %d", least, most)
	}
	return values, bad
}

// offers tells whether a select or group has an option with a value.
func offers(c object, value string) bool {
	return slices.ContainsFunc(objects(c["options"]), func(o object) bool { return o["value"] == value })
}
