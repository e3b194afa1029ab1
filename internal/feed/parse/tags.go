package parse

import "bytes"

// attributes reads up to the end of a start tag and tells how many namespaces
// it declares and whether it is closed at once.
func (t *trimmer) attributes() (spaces int, closed, ok bool) {
	t.attrs = t.attrs[:0]
	for {
		i := skipSpace(t.b, t.at)
		if i+1 >= len(t.b) {
			return 0, false, false
		}
		switch {
		case t.b[i] == '>':
			t.at = i + 1
			return spaces, false, true
		case t.b[i] == '/':
			t.at = i + 2
			return spaces, true, t.b[i+1] == '>'
		}
		a, ok := t.attribute(i)
		if !ok {
			return 0, false, false
		}
		t.attrs = append(t.attrs, a)
		t.at = a.to
		if declares(a.name) {
			if !t.declare(a) {
				return 0, false, false
			}
			spaces++
		}
	}
}

func (t *trimmer) attribute(from int) (attribute, bool) {
	end := nameEnd(t.b, from)
	_, local, ok := cutName(t.b[from:end])
	if !ok || string(local) == "base" {
		return attribute{}, false
	}
	i := skipSpace(t.b, end)
	if i >= len(t.b) || t.b[i] != '=' {
		return attribute{}, false
	}
	i = skipSpace(t.b, i+1)
	if i >= len(t.b) || t.b[i] != '"' && t.b[i] != '\'' {
		return attribute{}, false
	}
	n := bytes.IndexByte(t.b[i+1:], t.b[i])
	if n < 0 {
		return attribute{}, false
	}
	a := attribute{name: t.b[from:end], value: t.b[i+1 : i+1+n], from: from, to: i + n + 2}
	return a, bytes.IndexByte(a.value, '<') < 0
}

// plainText tells whether an Atom text of these attributes is read as if it had
// none, when there are no elements in it.
func (t *trimmer) plainText() bool {
	types := 0
	for _, a := range t.attrs {
		switch string(a.name) {
		case "type":
			types++
			if v := string(a.value); v != "html" && v != "text" {
				return false
			}
		case "xml:lang", "xml:space":
		default:
			return false
		}
	}
	return types <= 1
}

// cutName splits a name of ASCII at its colon; false when it is none.
func cutName(name []byte) (prefix, local []byte, ok bool) {
	if len(name) == 0 || !isNameStart(name[0]) {
		return nil, nil, false
	}
	prefix, local, found := bytes.Cut(name, []byte(":"))
	if !found {
		return nil, name, true
	}
	return prefix, local, len(local) > 0 && bytes.IndexByte(local, ':') < 0
}

func localPart(name []byte) []byte { return name[bytes.IndexByte(name, ':')+1:] }

// declares tells whether an attribute declares a namespace.
func declares(name []byte) bool {
	return bytes.HasPrefix(name, []byte("xmlns")) && (len(name) == 5 || name[5] == ':')
}

// nameEnd returns the end of the name that begins at i. A character beyond ASCII
// ends it too, which is then no end that anything else accepts.
func nameEnd(b []byte, i int) int {
	for i < len(b) && (isNameStart(b[i]) || b[i] >= '0' && b[i] <= '9' || b[i] == '-' || b[i] == '.' || b[i] == ':') {
		i++
	}
	return i
}

func isNameStart(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' }

func skipSpace(b []byte, i int) int {
	for i < len(b) && (b[i] == ' ' || b[i] == '\n' || b[i] == '\t' || b[i] == '\r') {
		i++
	}
	return i
}
