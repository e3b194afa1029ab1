package sandbox

import (
	"slices"
	"unicode/utf8"
)

// Types of options.
// https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-option-type
const (
	optSub         = 1
	optGroup       = 2
	optString      = 3
	optInteger     = 4
	optBoolean     = 5
	optUser        = 6
	optChannel     = 7
	optRole        = 8
	optMentionable = 9
	optNumber      = 10
	optAttachment  = 11
)

// readCommand checks a command and writes it as Discord stores it.
func readCommand(r reader) object {
	kind := int64(1)
	if r.has("type") {
		kind = r.integer("type", 1, 4)
	}
	out := object{"type": kind, "nsfw": r.boolean("nsfw"), "default_member_permissions": nil, "contexts": nil, "integration_types": []int{0}}
	if kind == 1 {
		named(r, out)
		if opts := options(r, 0); len(opts) > 0 {
			out["options"] = opts
		}
		if n := letters(out); n > maxCommandSum {
			r.f.fail(r.path, "APPLICATION_COMMAND_TOO_LARGE", "Command exceeds maximum size (%d)", maxCommandSum)
		}
	} else {
		out["name"], out["description"] = r.text("name", 1, 32), ""
		localized(r, out, "name", 1, 32, false)
		if r.m["description"] != nil && r.m["description"] != "" {
			r.f.fail(join(r.path, "description"), "APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION", "Context menu commands cannot have description")
		}
	}
	if p := r.m["default_member_permissions"]; p != nil {
		s := numberText(p)
		if s != "0" && number(s) == 0 {
			r.f.fail(join(r.path, "default_member_permissions"), "NUMBER_TYPE_COERCE", "Value %q is not int.", s)
		}
		out["default_member_permissions"] = s
	}
	for _, key := range []string{"contexts", "integration_types"} {
		if l := r.list(key, 3); l != nil {
			out[key] = l
		}
	}
	return out
}

// named reads name and description with their localisations.
func named(r reader, out object) {
	name := r.text("name", 1, 32)
	if name != "" && (!commandName.MatchString(name) || !lower(name)) {
		r.f.fail(join(r.path, "name"), "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
	}
	out["name"], out["description"] = name, r.text("description", 1, 100)
	localized(r, out, "name", 1, 32, true)
	localized(r, out, "description", 1, 100, false)
}

func localized(r reader, out object, key string, least, most int, strict bool) {
	key += "_localizations"
	in, ok := r.inside(key)
	if !ok {
		return
	}
	texts := object{}
	for locale, v := range in.m {
		if !slices.Contains(locales, locale) {
			in.f.fail(join(in.path, locale), "ENUM_TYPE_COERCE", "Value %q is not a valid enum value.", locale)
			continue
		}
		if v == nil {
			continue
		}
		text := in.text(locale, least, most)
		if strict && text != "" && (!commandName.MatchString(text) || !lower(text)) {
			in.f.fail(join(in.path, locale), "APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
		}
		texts[locale] = text
	}
	out[key] = texts
}

// options reads the options of a command (depth 0), of a group or sub-command.
func options(r reader, depth int) []object {
	var out []object
	seen, optional, subs, plain := map[string]bool{}, false, 0, 0
	r.each("options", maxOptions, func(o reader) {
		opt, kind := option(o, depth)
		name, _ := opt["name"].(string)
		if seen[name] {
			o.f.fail(join(o.path, "name"), "APPLICATION_COMMAND_OPTIONS_NAME_INVALID", "Option name already exists")
		}
		seen[name] = true
		if kind == optSub || kind == optGroup {
			subs++
		} else {
			plain++
			required := opt["required"] == true
			if required && optional {
				o.f.fail(o.path, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", "Required options must be placed before non-required options")
			}
			optional = optional || !required
		}
		out = append(out, opt)
	})
	if subs > 0 && plain > 0 {
		r.f.fail(join(r.path, "options"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-command and sub-command group option types are mutually exclusive to all other types")
	}
	return out
}

func option(r reader, depth int) (object, int64) {
	kind := r.integer("type", 1, 11)
	if kind == 0 {
		r.f.fail(join(r.path, "type"), "BASE_TYPE_REQUIRED", "This field is required")
	}
	out := object{"type": kind}
	named(r, out)
	if kind == optGroup && depth > 0 || kind == optSub && depth > 1 {
		r.f.fail(join(r.path, "type"), "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-commands cannot be nested so deeply")
		return out, kind
	}
	if kind == optSub || kind == optGroup {
		below := 1
		if kind == optSub {
			below = 2
		}
		out["options"] = orEmpty(options(r, below))
		return out, kind
	}
	if r.boolean("required") {
		out["required"] = true
	}
	suggested(r, kind, out)
	for _, key := range []string{"min_length", "max_length"} {
		if r.has(key) && kind == optString {
			out[key] = r.integer(key, 0, 6000)
		}
	}
	for _, key := range []string{"min_value", "max_value"} {
		if r.has(key) && (kind == optInteger || kind == optNumber) {
			out[key] = r.m[key]
		}
	}
	if l := r.list("channel_types", 20); len(l) > 0 && kind == optChannel {
		out["channel_types"] = l
	}
	return out, kind
}

// suggested reads the choices of an option, or that it completes.
func suggested(r reader, kind int64, out object) {
	auto := r.boolean("autocomplete")
	choices := readChoices(r, kind)
	switch {
	case auto && len(choices) > 0:
		r.f.fail(join(r.path, "autocomplete"), "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_CHOICES", "Autocomplete options cannot have choices")
	case auto && kind != optString && kind != optInteger && kind != optNumber:
		r.f.fail(join(r.path, "autocomplete"), "APPLICATION_COMMAND_OPTIONS_AUTOCOMPLETE_TYPE", "Autocomplete is for strings and numbers")
	case auto:
		out["autocomplete"] = true
	}
	if len(choices) > 0 {
		out["choices"] = choices
	}
}

func readChoices(r reader, kind int64) []object {
	var out []object
	r.each("choices", maxChoices, func(c reader) {
		ch := object{"name": c.text("name", 1, 100)}
		localized(c, ch, "name", 1, 100, false)
		if kind == optString {
			ch["value"] = c.text("value", 1, 100)
		} else {
			if !isNumber(c.m["value"]) {
				c.f.fail(join(c.path, "value"), "NUMBER_TYPE_COERCE", "Value %q is not a number.", kindOf(c.m["value"]))
			}
			ch["value"] = c.m["value"]
		}
		out = append(out, ch)
	})
	return out
}

// letters counts name, description and value of a command and all below; of
// localisations only the longest.
func letters(o object) int {
	longest := func(key string) int {
		s, _ := o[key].(string)
		n := utf8.RuneCountInString(s)
		texts, _ := o[key+"_localizations"].(object)
		for _, v := range texts {
			t, _ := v.(string)
			n = max(n, utf8.RuneCountInString(t))
		}
		return n
	}
	n := longest("name") + longest("description")
	if v, ok := o["value"]; ok {
		n += utf8.RuneCountInString(numberText(v))
	}
	for _, key := range []string{"options", "choices"} {
		for _, c := range objects(o[key]) {
			n += letters(c)
		}
	}
	return n
}
