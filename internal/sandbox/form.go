package sandbox

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/url"
	"strings"
	"unicode/utf8"
)

// decodeJSON reads one JSON value; numbers stay json.Number.
func decodeJSON(data []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("more than one value")
	}
	return v, nil
}

// reader reads the fields of an object at a path of a form and notes what is
// wrong with them.
type reader struct {
	f    *form
	path string
	m    object
}

// has tells whether a field is there and not null.
func (r reader) has(key string) bool { return r.m[key] != nil }

// text reads a text of min to most code points, trimmed. most 0 sets no limit.
func (r reader) text(key string, least, most int) string {
	v, ok := r.m[key]
	if !ok || v == nil {
		if least > 0 {
			r.f.fail(join(r.path, key), "BASE_TYPE_REQUIRED", "This field is required")
		}
		return ""
	}
	s, ok := v.(string)
	if !ok {
		r.f.fail(join(r.path, key), "STRING_TYPE_CONVERT", "Could not interpret %q as string.", kindOf(v))
		return ""
	}
	s = strings.TrimSpace(s)
	n := utf8.RuneCountInString(s)
	switch {
	case n < least && s == "":
		r.f.fail(join(r.path, key), "BASE_TYPE_REQUIRED", "This field is required")
	case n < least:
		r.f.fail(join(r.path, key), "BASE_TYPE_BAD_LENGTH", "Must be between %d and %d in length.", least, most)
	case most > 0 && n > most && least > 0:
		r.f.fail(join(r.path, key), "BASE_TYPE_BAD_LENGTH", "Must be between %d and %d in length.", least, most)
	case most > 0 && n > most:
		r.f.fail(join(r.path, key), "BASE_TYPE_MAX_LENGTH", "Must be %d or fewer in length.", most)
	}
	return s
}

// integer reads a whole number from least to most; 0 when missing.
func (r reader) integer(key string, least, most int64) int64 {
	v := r.m[key]
	if v == nil {
		return 0
	}
	n, ok := v.(json.Number)
	i, err := n.Int64()
	if !ok || err != nil {
		r.f.fail(join(r.path, key), "NUMBER_TYPE_COERCE", "Value %q is not int.", kindOf(v))
		return 0
	}
	switch {
	case i < least:
		r.f.fail(join(r.path, key), "NUMBER_TYPE_MIN", "int value should be greater than or equal to %d.", least)
	case i > most:
		r.f.fail(join(r.path, key), "NUMBER_TYPE_MAX", "int value should be less than or equal to %d.", most)
	}
	return i
}

// boolean reads true or false; false when missing.
func (r reader) boolean(key string) bool {
	v := r.m[key]
	b, ok := v.(bool)
	if v != nil && !ok {
		r.f.fail(join(r.path, key), "BOOLEAN_TYPE_CONVERT", "Must be either true or false.")
	}
	return b
}

// list reads a list of at most so many.
func (r reader) list(key string, most int) []any {
	v := r.m[key]
	if v == nil {
		return nil
	}
	l, ok := v.([]any)
	if !ok {
		r.f.fail(join(r.path, key), "LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
		return nil
	}
	if len(l) > most {
		r.f.fail(join(r.path, key), "BASE_TYPE_MAX_LENGTH", "Must be %d or fewer in length.", most)
		return nil
	}
	return l
}

// each reads a list of objects.
func (r reader) each(key string, most int, read func(reader)) {
	for i, v := range r.list(key, most) {
		path := join(join(r.path, key), i)
		m, ok := v.(object)
		if !ok {
			r.f.fail(path, "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
			continue
		}
		read(reader{r.f, path, m})
	}
}

// inside reads an object; ok is false when it is missing or none.
func (r reader) inside(key string) (reader, bool) {
	v := r.m[key]
	if v == nil {
		return reader{}, false
	}
	m, ok := v.(object)
	if !ok {
		r.f.fail(join(r.path, key), "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
		return reader{}, false
	}
	return reader{r.f, join(r.path, key), m}, true
}

// ids reads a list of ids.
func (r reader) ids(key string, most int) []string {
	var out []string
	for i, v := range r.list(key, most) {
		s := idText(v)
		if s == "" {
			r.f.fail(join(join(r.path, key), i), "NUMBER_TYPE_COERCE", "Value is not snowflake.")
			continue
		}
		out = append(out, s)
	}
	return out
}

// id reads an id; "" when missing.
func (r reader) id(key string) string {
	v := r.m[key]
	if v == nil {
		return ""
	}
	s := idText(v)
	if s == "" {
		r.f.fail(join(r.path, key), "NUMBER_TYPE_COERCE", "Value is not snowflake.")
	}
	return s
}

// link reads a URL with one of the schemes.
func (r reader) link(key string, most int, schemes ...string) string {
	s := r.text(key, 0, most)
	if s == "" {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" && u.Scheme != "attachment" || strings.ContainsAny(s, " \t\n") {
		r.f.fail(join(r.path, key), "URL_TYPE_INVALID_URL", "Not a well formed URL.")
		return ""
	}
	for _, scheme := range schemes {
		if strings.EqualFold(u.Scheme, scheme) {
			return s
		}
	}
	r.f.fail(join(r.path, key), "URL_TYPE_INVALID_SCHEME", "Scheme %q must be one of ('%s').", u.Scheme, strings.Join(schemes, "', '"))
	return ""
}

// idText reads an id, which may be a text or a number.
func idText(v any) string {
	switch t := v.(type) {
	case string:
		if isID(t) {
			return t
		}
	case json.Number:
		if isID(t.String()) {
			return t.String()
		}
	}
	return ""
}

func kindOf(v any) string {
	switch v.(type) {
	case []any:
		return "list"
	case object:
		return "dict"
	case bool:
		return "bool"
	}
	b, _ := json.Marshal(v)
	return string(b)
}
