package contract

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

const (
	flagEphemeral    = 1 << 6
	flagComponentsV2 = 1 << 15
)

// checkRules applies what the documentation says of an operation's body and the
// file does not.
func checkRules(operation string, v any, files int) error {
	m := asObject(v)
	switch operation {
	case "create_message", "execute_webhook":
		return checkMessage(m, true, files)
	case "update_message", "update_webhook_message", "update_original_webhook_message":
		return checkMessage(m, false, files)
	case "create_thread":
		if in := asObject(m["message"]); in != nil {
			return checkMessage(in, true, files)
		}
	case "create_interaction_response":
		return checkCallback(m, files)
	case "bulk_set_application_commands", "bulk_set_guild_application_commands":
		return checkCommands(v)
	case "create_application_command", "create_guild_application_command":
		return checkCommand(m)
	}
	return nil
}

// checkCallback checks the first answer to an interaction.
// https://docs.discord.com/developers/interactions/receiving-and-responding
func checkCallback(m map[string]any, files int) error {
	data := asObject(m["data"])
	switch numberOf(m["type"]) {
	case 4:
		if data == nil {
			return errors.New("a callback of type 4 needs data")
		}
		return checkMessage(data, true, files)
	case 5:
		if numberOf(data["flags"])&^flagEphemeral != 0 {
			return errors.New("a deferred answer may carry EPHEMERAL only")
		}
	case 7:
		return checkMessage(data, false, files)
	}
	return nil
}

// checkMessage checks what a message combines.
// https://docs.discord.com/developers/resources/message
func checkMessage(m map[string]any, create bool, files int) error {
	if numberOf(m["flags"])&flagComponentsV2 != 0 {
		if err := checkComponentsV2(m); err != nil {
			return err
		}
	} else if create || m["flags"] != nil { // an edited message may have the flag already
		if err := checkRows(m["components"]); err != nil {
			return err
		}
	}
	if create && files == 0 {
		empty := true
		for _, key := range []string{"content", "embeds", "components", "sticker_ids", "poll", "attachments", "message_reference"} {
			empty = empty && !given(m[key])
		}
		if empty {
			return errors.New("the message is empty")
		}
	}
	if m["enforce_nonce"] == true && !given(m["nonce"]) {
		return errors.New("enforce_nonce without a nonce does nothing")
	}
	if n := embedSum(m["embeds"]); n > 6000 {
		return fmt.Errorf("the embeds have %d characters, at most 6000", n)
	}
	mentions := asObject(m["allowed_mentions"])
	for _, p := range listOf(mentions["parse"]) {
		if name := textOf(p); len(listOf(mentions[name])) > 0 {
			return fmt.Errorf("allowed_mentions parses %s and lists them too", name)
		}
	}
	return checkCustomIDs(m["components"], map[string]bool{})
}

// checkComponentsV2 checks what the flag forbids and bounds.
// https://docs.discord.com/developers/components/reference
func checkComponentsV2(m map[string]any) error {
	for _, key := range []string{"content", "embeds", "sticker_ids", "poll"} {
		if given(m[key]) {
			return fmt.Errorf("IS_COMPONENTS_V2 forbids %s", key)
		}
	}
	total, text := measure(m["components"])
	if total > 40 {
		return fmt.Errorf("%d components, at most 40", total)
	}
	if text > 4000 {
		return fmt.Errorf("%d characters of text, at most 4000", text)
	}
	return nil
}

// checkRows checks components of the first kind.
func checkRows(v any) error {
	list := listOf(v)
	if len(list) > 5 {
		return errors.New("more than 5 action rows")
	}
	for _, c := range list {
		if t := numberOf(asObject(c)["type"]); t != 1 {
			return fmt.Errorf("a component of type %d needs IS_COMPONENTS_V2", t)
		}
	}
	return nil
}

// measure counts components and the characters that they show.
func measure(v any) (total, text int) {
	for _, e := range listOf(v) {
		c := asObject(e)
		total++
		text += letters(c["content"])
		inner, words := measure(c["components"])
		total, text = total+inner, text+words
		if c["accessory"] != nil {
			total++
		}
	}
	return total, text
}

// checkCustomIDs checks that no two components have one custom_id.
func checkCustomIDs(v any, seen map[string]bool) error {
	for _, e := range listOf(v) {
		c := asObject(e)
		if id := textOf(c["custom_id"]); id != "" {
			if seen[id] {
				return fmt.Errorf("the custom_id %q stands twice", id)
			}
			seen[id] = true
		}
		inner := listOf(c["components"])
		if c["accessory"] != nil {
			inner = append(inner[:len(inner):len(inner)], c["accessory"])
		}
		if err := checkCustomIDs(inner, seen); err != nil {
			return err
		}
	}
	return nil
}

// embedSum counts title, description, fields, footer and author of all embeds.
// https://docs.discord.com/developers/resources/message#embed-object-embed-limits
func embedSum(v any) int {
	n := 0
	for _, e := range listOf(v) {
		m := asObject(e)
		n += letters(m["title"]) + letters(m["description"]) +
			letters(asObject(m["footer"])["text"]) + letters(asObject(m["author"])["name"])
		for _, f := range listOf(m["fields"]) {
			n += letters(asObject(f)["name"]) + letters(asObject(f)["value"])
		}
	}
	return n
}

// given tells whether a value says anything.
func given(v any) bool {
	switch t := v.(type) {
	case nil:
		return false
	case string:
		return t != ""
	case []any:
		return len(t) > 0
	}
	return true
}

func numberOf(v any) int64 {
	n, _ := v.(json.Number)
	i, _ := n.Int64() // 0 for what is no whole number, as for a missing one
	return i
}

func listOf(v any) []any  { l, _ := v.([]any); return l }
func textOf(v any) string { s, _ := v.(string); return s }

// letters counts as Discord does: code points, trimmed.
func letters(v any) int { return utf8.RuneCountInString(strings.TrimSpace(textOf(v))) }
