package sandbox

import (
	"encoding/json"
	"slices"
	"unicode/utf8"
)

// Types of components.
// https://docs.discord.com/developers/components/reference#component-object-component-types
const (
	compRow          = 1
	compButton       = 2
	compStrings      = 3
	compInput        = 4
	compUsers        = 5
	compRoles        = 6
	compMentionables = 7
	compChannels     = 8
	compSection      = 9
	compText         = 10
	compThumbnail    = 11
	compGallery      = 12
	compFile         = 13
	compSeparator    = 14
	compContainer    = 17
	compLabel        = 18
)

// Limits of components.
const (
	maxRows        = 5
	maxButtons     = 5
	maxComponents  = 40
	maxTextSum     = 4000
	maxCustomID    = 100
	maxButtonLabel = 80
	maxButtonURL   = 512
	maxSelect      = 25
)

// componentReader reads the components of one message.
type componentReader struct {
	next  int // the id of the next component without one
	total int
	text  int
	seen  map[string]bool
}

// readComponents checks components and completes them as Discord stores them:
// each with an id, and with its defaults.
func readComponents(r reader, v2 bool) []object {
	cr := &componentReader{next: 1, seen: map[string]bool{}}
	most, kinds := maxRows, []int64{compRow}
	if v2 {
		most, kinds = maxComponents, []int64{compRow, compSection, compText, compGallery, compFile, compSeparator, compContainer}
	}
	out := cr.children(r, 0, most, kinds...)
	if cr.total > maxComponents {
		r.f.fail(join(r.path, "components"), "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", "The total number of components cannot exceed %d", maxComponents)
	}
	if cr.text > maxTextSum {
		r.f.fail(join(r.path, "components"), "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", "The displayable text exceeds %d", maxTextSum)
	}
	return out
}

// component reads one component and what is inside.
func (cr *componentReader) component(c reader, kind int64) object {
	cr.total++
	out := object{"type": kind, "id": cr.number(c)}
	switch kind {
	case compRow:
		cr.row(c, out)
	case compSection:
		cr.section(c, out)
	case compText:
		text := c.text("content", 1, maxTextSum)
		cr.text += utf8.RuneCountInString(text)
		out["content"] = text
	case compThumbnail:
		out["media"], out["description"], out["spoiler"] = media(c, "media"), c.m["description"], c.boolean("spoiler")
	case compGallery:
		cr.gallery(c, out)
	case compFile:
		out["file"], out["spoiler"] = media(c, "file"), c.boolean("spoiler")
		out["name"], out["size"] = nil, nil
	case compSeparator:
		spacing := c.integer("spacing", 1, 2)
		setDefault(&spacing, 1)
		out["spacing"], out["divider"] = spacing, c.m["divider"] != false
	case compContainer:
		out["components"] = cr.children(c, 1, maxComponents, compRow, compText, compSection, compGallery, compSeparator, compFile)
		out["accent_color"], out["spoiler"] = c.m["accent_color"], c.boolean("spoiler")
	case compButton:
		cr.button(c, out)
	default:
		if kind == compStrings || kind >= compUsers && kind <= compChannels {
			cr.selection(c, kind, out)
			break
		}
		c.f.fail(join(c.path, "type"), "UNION_TYPE_CHOICES", "Components of type %d cannot stand here.", kind)
	}
	return out
}

// section reads up to three texts beside a button or a picture.
func (cr *componentReader) section(c reader, out object) {
	out["components"] = cr.children(c, 1, 3, compText)
	a, ok := c.inside("accessory")
	if !ok {
		c.f.fail(join(c.path, "accessory"), "BASE_TYPE_REQUIRED", "This field is required")
		return
	}
	kind := a.integer("type", 1, 30)
	if kind != compButton && kind != compThumbnail {
		a.f.fail(join(a.path, "type"), "UNION_TYPE_CHOICES", "Components of type %d cannot stand here.", kind)
	}
	out["accessory"] = cr.component(a, kind)
}

// number is the component's own id, or the next free one.
func (cr *componentReader) number(c reader) int64 {
	if n := c.integer("id", 0, 1<<31-1); n != 0 {
		return n
	}
	n := cr.next
	cr.next++
	return int64(n)
}

// children reads what is inside a component and must be of certain types.
func (cr *componentReader) children(c reader, least, most int, kinds ...int64) []object {
	out := []object{}
	c.each("components", most, func(in reader) {
		kind := in.integer("type", 1, 30)
		if slices.Contains(kinds, kind) {
			out = append(out, cr.component(in, kind))
			return
		}
		in.f.fail(join(in.path, "type"), "UNION_TYPE_CHOICES", "Components of type %d cannot stand here.", kind)
	})
	if n := len(c.list("components", most)); n < least {
		c.f.fail(join(c.path, "components"), "BASE_TYPE_BAD_LENGTH", "Must be between %d and %d in length.", least, most)
	}
	return out
}

// row reads up to five buttons or one select.
func (cr *componentReader) row(c reader, out object) {
	kids := cr.children(c, 1, maxButtons, compButton, compStrings, 5, 6, 7, 8)
	selects := 0
	for _, k := range kids {
		if k["type"] != int64(compButton) {
			selects++
		}
	}
	if selects > 0 && len(kids) > 1 {
		c.f.fail(join(c.path, "components"), "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified component exceeds the maximum width")
	}
	out["components"] = kids
}

// https://docs.discord.com/developers/components/reference#button
func (cr *componentReader) button(c reader, out object) {
	style := c.integer("style", 1, 6)
	label := c.text("label", 0, maxButtonLabel)
	out["style"] = style
	if label != "" {
		out["label"] = label
	}
	if e, ok := c.inside("emoji"); ok {
		out["emoji"] = emoji(e)
	}
	if c.boolean("disabled") {
		out["disabled"] = true
	}
	switch {
	case style == 0:
		c.f.fail(join(c.path, "style"), "BASE_TYPE_REQUIRED", "This field is required")
	case style == 5:
		out["url"] = c.link("url", maxButtonURL, "http", "https", "discord")
		if !c.has("url") || c.m["url"] == "" {
			c.f.fail(join(c.path, "url"), "BASE_TYPE_REQUIRED", "A url is required")
		}
		if c.has("custom_id") && c.m["custom_id"] != "" {
			c.f.fail(join(c.path, "custom_id"), "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "A custom id and url cannot both be specified")
		}
	case style == 6:
		out["sku_id"] = c.id("sku_id")
	default:
		out["custom_id"] = cr.customID(c)
	}
	if label == "" && !c.has("emoji") && style != 6 {
		c.f.fail(c.path, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A label or an emoji is required")
	}
}

// customID reads a custom_id, which must be the only one of its message.
func (cr *componentReader) customID(c reader) string {
	id, _ := c.m["custom_id"].(string)
	c.text("custom_id", 1, maxCustomID)
	if cr.seen[id] && id != "" {
		c.f.fail(join(c.path, "custom_id"), "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
	}
	cr.seen[id] = true
	return id
}

// https://docs.discord.com/developers/components/reference#string-select
func (cr *componentReader) selection(c reader, kind int64, out object) {
	out["custom_id"] = cr.customID(c)
	least, most := int64(1), int64(1)
	if c.has("min_values") {
		least = c.integer("min_values", 0, maxSelect)
	}
	if c.has("max_values") {
		most = c.integer("max_values", 1, maxSelect)
	}
	out["min_values"], out["max_values"] = least, most
	if p := c.text("placeholder", 0, 150); p != "" {
		out["placeholder"] = p
	}
	if c.boolean("disabled") {
		out["disabled"] = true
	}
	if kind != compStrings {
		for _, k := range []string{"channel_types", "default_values"} {
			if c.has(k) {
				out[k] = c.list(k, maxSelect)
			}
		}
		return
	}
	out["options"] = selectOptions(c)
}

// selectOptions reads the options of a string select.
func selectOptions(c reader) []object {
	options, seen := []object{}, map[string]bool{}
	c.each("options", maxSelect, func(o reader) {
		opt := object{"label": o.text("label", 1, 100), "value": o.text("value", 1, 100)}
		if d := o.text("description", 0, 100); d != "" {
			opt["description"] = d
		}
		if e, ok := o.inside("emoji"); ok {
			opt["emoji"] = emoji(e)
		}
		if o.boolean("default") {
			opt["default"] = true
		}
		value := opt["value"].(string)
		if seen[value] {
			o.f.fail(join(o.path, "value"), "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used")
		}
		seen[value] = true
		options = append(options, opt)
	})
	if len(options) == 0 {
		c.f.fail(join(c.path, "options"), "BASE_TYPE_REQUIRED", "This field is required")
	}
	return options
}

func (cr *componentReader) gallery(c reader, out object) {
	items := []object{}
	c.each("items", 10, func(i reader) {
		items = append(items, object{"media": media(i, "media"), "description": i.m["description"], "spoiler": i.boolean("spoiler")})
		i.text("description", 0, 1024)
	})
	if len(items) == 0 {
		c.f.fail(join(c.path, "items"), "BASE_TYPE_REQUIRED", "This field is required")
	}
	out["items"] = items
}

// media reads a picture or file that a component shows.
func media(c reader, key string) object {
	m, ok := c.inside(key)
	if !ok {
		c.f.fail(join(c.path, key), "BASE_TYPE_REQUIRED", "This field is required")
		return nil
	}
	u := m.link("url", maxURL, "http", "https", "attachment")
	return object{"id": "0", "url": u, "proxy_url": u, "width": nil, "height": nil, "content_type": nil}
}

func emoji(e reader) object {
	out := object{"name": e.text("name", 0, 100)}
	if id := e.id("id"); id != "" {
		out["id"] = id
	}
	if e.boolean("animated") {
		out["animated"] = true
	}
	return out
}

// findComponent finds the component with a custom_id.
func findComponent(list []object, customID string) object {
	for _, c := range list {
		if c["custom_id"] == customID {
			return c
		}
		kids, _ := c["components"].([]object)
		if a, ok := c["accessory"].(object); ok {
			kids = append(kids[:len(kids):len(kids)], a)
		}
		if found := findComponent(kids, customID); found != nil {
			return found
		}
	}
	return nil
}

// clone copies a JSON value through its text.
func clone(v any) any {
	b, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	out, _ := decodeJSON(b) // what was encoded decodes
	return out
}
