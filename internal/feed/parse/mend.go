package parse

import (
	"bytes"
	"encoding/json"
)

// memberKind is what a member of a JSON Feed is, https://www.jsonfeed.org/version/1.1/.
type memberKind int

const (
	aText memberKind = iota + 1
	aPerson
	people
	texts
)

// feedMembers and itemMembers are the members that are read, and what they must be.
func feedMembers() map[string]memberKind {
	return map[string]memberKind{
		"version": aText, "title": aText, "home_page_url": aText, "feed_url": aText, "description": aText, "user_comment": aText,
		"next_url": aText, "icon": aText, "favicon": aText, "language": aText, "author": aPerson, "authors": people,
	}
}

func itemMembers() map[string]memberKind {
	return map[string]memberKind{
		"id": aText, "url": aText, "external_url": aText, "title": aText, "content_html": aText, "content_text": aText,
		"summary": aText, "image": aText, "banner_image": aText, "date_published": aText, "date_modified": aText, "language": aText,
		"author": aPerson, "authors": people, "tags": texts,
	}
}

// mendJSON returns a JSON Feed whose members are of the kinds that they must be: a
// number becomes text, a name a person, and what fits nowhere is left out, since one
// such member is no reason to miss all other items. It is false for what is no
// JSON Feed at all, or has no item left.
func mendJSON(doc []byte) ([]byte, bool) {
	var feed map[string]json.RawMessage
	var items []json.RawMessage
	if json.Unmarshal(doc, &feed) != nil || json.Unmarshal(feed["items"], &items) != nil {
		return nil, false
	}
	mendMembers(feed, feedMembers())
	sound := []map[string]json.RawMessage{}
	for _, raw := range items {
		var it map[string]json.RawMessage
		if json.Unmarshal(raw, &it) != nil || it == nil {
			continue
		}
		mendMembers(it, itemMembers())
		sound = append(sound, it)
	}
	if len(sound) == 0 {
		return nil, false
	}
	list, err := json.Marshal(sound)
	if err != nil {
		return nil, false
	}
	feed["items"] = list
	out, err := json.Marshal(feed)
	return out, err == nil
}

// mendMembers mends the members that are read and leaves out the others.
func mendMembers(of map[string]json.RawMessage, kinds map[string]memberKind) {
	for name, raw := range of {
		var mended any
		var ok bool
		switch kinds[name] {
		case aText:
			mended, ok = asText(raw)
		case aPerson:
			mended, ok = asPerson(raw)
		case people:
			mended, ok = asList(raw, asPerson), true
		case texts:
			mended, ok = asList(raw, asText), true
		}
		if text, err := json.Marshal(mended); ok && err == nil {
			of[name] = text
		} else {
			delete(of, name)
		}
	}
}

// asText reads text, or a number as it is written.
func asText(raw json.RawMessage) (string, bool) {
	var s string
	var n json.Number
	switch {
	case string(raw) == "null":
		return "", false
	case json.Unmarshal(raw, &s) == nil:
		return s, true
	case json.Unmarshal(raw, &n) == nil:
		return n.String(), true
	}
	return "", false
}

// person is an author, of whom the name is read.
type person struct {
	Name string `json:"name"`
}

// asPerson reads a person, or the name of one.
func asPerson(raw json.RawMessage) (person, bool) {
	var named struct {
		Name json.RawMessage `json:"name"`
	}
	if json.Unmarshal(raw, &named) == nil {
		raw = named.Name
	}
	name, ok := asText(raw)
	return person{name}, ok
}

// asList reads a list, or one that stands for it.
func asList[T any](raw json.RawMessage, read func(json.RawMessage) (T, bool)) []T {
	list := []json.RawMessage{raw}
	if bytes.HasPrefix(bytes.TrimSpace(raw), []byte("[")) && json.Unmarshal(raw, &list) != nil {
		return nil
	}
	out := []T{}
	for _, e := range list {
		if v, ok := read(e); ok {
			out = append(out, v)
		}
	}
	return out
}
