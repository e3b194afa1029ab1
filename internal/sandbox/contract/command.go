package contract

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// commandName is Discord's pattern; Go has no \p{sc=…}, and \p{Devanagari} and
// \p{Thai} are the same sets.
// https://docs.discord.com/developers/interactions/application-commands#application-command-object-application-command-naming
var commandName = regexp.MustCompile(`^[-_'\p{L}\p{N}\p{Devanagari}\p{Thai}]{1,32}$`)

// locales are those of https://docs.discord.com/developers/reference#locales.
var locales = strings.Fields("id da de en-GB en-US es-ES es-419 fr hr it lt hu nl no pl pt-BR ro fi sv-SE vi tr cs el bg ru uk hi th zh-CN ja zh-TW ko")

func checkCommands(v any) error {
	seen := map[string]bool{}
	for _, e := range listOf(v) {
		m := asObject(e)
		key := fmt.Sprint(max(numberOf(m["type"]), 1), m["name"])
		if seen[key] {
			return fmt.Errorf("the command %v stands twice", m["name"])
		}
		seen[key] = true
		if err := checkCommand(m); err != nil {
			return err
		}
	}
	return nil
}

// checkCommand checks a command with its options.
// https://docs.discord.com/developers/interactions/application-commands
func checkCommand(m map[string]any) error {
	if kind := numberOf(m["type"]); kind > 1 {
		if len(listOf(m["options"])) > 0 {
			return errors.New("only slash commands take options")
		}
		return nil
	}
	if textOf(m["description"]) == "" {
		return fmt.Errorf("command %v has no description", m["name"])
	}
	if n := size(m); n > 8000 {
		return fmt.Errorf("command %v has %d characters, at most 8000", m["name"], n)
	}
	return checkOptions(m, 0)
}

// checkOptions checks a command (depth 0), group (1) or sub-command (2) and what
// is below.
func checkOptions(m map[string]any, depth int) error {
	if err := checkNames(m); err != nil {
		return err
	}
	name := textOf(m["name"])
	if m["autocomplete"] == true && len(listOf(m["choices"])) > 0 {
		return fmt.Errorf("option %s has autocomplete and choices", name)
	}
	seen, optional := map[string]bool{}, false
	for _, e := range listOf(m["options"]) {
		o := asObject(e)
		n, kind := textOf(o["name"]), numberOf(o["type"])
		if seen[n] {
			return fmt.Errorf("option %s of %s stands twice", n, name)
		}
		seen[n] = true
		if kind == 2 && depth > 0 || kind == 1 && depth > 1 {
			return fmt.Errorf("option %s is nested too deeply", n)
		}
		if kind > 2 {
			if o["required"] == true && optional {
				return fmt.Errorf("required option %s stands after an optional one", n)
			}
			optional = optional || o["required"] != true
		}
		below := depth + 1
		if kind == 1 {
			below = 2
		}
		if err := checkOptions(o, below); err != nil {
			return err
		}
	}
	return nil
}

func checkNames(m map[string]any) error {
	name := textOf(m["name"])
	if !validName(name) {
		return fmt.Errorf("the name %q is not allowed", name)
	}
	for _, key := range []string{"name_localizations", "description_localizations"} {
		for locale, v := range asObject(m[key]) {
			if !slices.Contains(locales, locale) {
				return fmt.Errorf("%s of %s: there is no locale %q", key, name, locale)
			}
			if key == "name_localizations" && !validName(textOf(v)) {
				return fmt.Errorf("the %s name %q is not allowed", locale, textOf(v))
			}
		}
	}
	return nil
}

func validName(s string) bool { return commandName.MatchString(s) && strings.ToLower(s) == s }

// size counts name, description and value of a command and all below; of
// localisations only the longest.
func size(m map[string]any) int {
	longest := func(key string) int {
		n := utf8.RuneCountInString(textOf(m[key]))
		for _, v := range asObject(m[key+"_localizations"]) {
			n = max(n, utf8.RuneCountInString(textOf(v)))
		}
		return n
	}
	n := longest("name") + longest("description")
	for _, c := range listOf(m["choices"]) {
		choice := asObject(c)
		n += size(choice) + utf8.RuneCountInString(fmt.Sprint(choice["value"]))
	}
	for _, o := range listOf(m["options"]) {
		n += size(asObject(o))
	}
	return n
}
