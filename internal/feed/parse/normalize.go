package parse

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"mime"
	"regexp"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html/charset"
	"golang.org/x/text/encoding"
	"golang.org/x/text/transform"
)

// normalize returns the document as UTF-8 that holds no character which XML
// forbids, without byte order mark, leading white space and XML declaration.
// Guard and parser both read this and nothing else.
func normalize(body []byte, contentType string, maxBody int, ns notes) ([]byte, error) {
	if len(body) > maxBody {
		return nil, fail(ClassTooBig, fmt.Sprintf("%d bytes", len(body)))
	}
	out, err := toUTF8(body, contentType, ns)
	if err != nil {
		return nil, err
	}
	out = dropIllegal(out, ns)
	out = dropPrologue(out, ns)
	if len(out) > maxBody {
		return nil, fail(ClassTooBig, fmt.Sprintf("%d bytes as utf-8", len(out)))
	}
	if len(out) == 0 {
		return nil, fail(ClassEmpty, "no content")
	}
	return out, nil
}

// toUTF8 decides the charset: a byte order mark, then what the document or
// else the server declares, except that bytes which are valid UTF-8 are taken
// for it whatever they are called. Only encodings that can look like UTF-8
// without being it are believed against that.
func toUTF8(body []byte, contentType string, ns notes) ([]byte, error) {
	if label, size := byteOrderMark(body); label != "" {
		return decodeCharset(body[size:], label, ns)
	}
	declared := declaredCharset(body, contentType)
	enc, name := charset.Lookup(declared)
	switch {
	case declared != "" && enc != nil && looksLikeUTF8(name):
		return decodeCharset(body, name, ns)
	case utf8.Valid(body):
		if declared != "" && name != "utf-8" {
			ns.add(NoteCharsetMismatch)
		}
		return body, nil
	case declared == "":
		ns.add(NoteCharsetGuessed)
		return decodeCharset(body, "windows-1252", ns)
	}
	return decodeCharset(body, declared, ns)
}

// looksLikeUTF8 names the encodings whose bytes are valid UTF-8 although they
// mean something else.
func looksLikeUTF8(name string) bool {
	return name == "iso-2022-jp" || strings.HasPrefix(name, "utf-16")
}

func byteOrderMark(b []byte) (label string, size int) {
	switch {
	case bytes.HasPrefix(b, []byte{0xEF, 0xBB, 0xBF}):
		return "utf-8", 3
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE, 0, 0}), bytes.HasPrefix(b, []byte{0, 0, 0xFE, 0xFF}):
		return "utf-32", 4
	case bytes.HasPrefix(b, []byte{0xFF, 0xFE}):
		return "utf-16le", 2
	case bytes.HasPrefix(b, []byte{0xFE, 0xFF}):
		return "utf-16be", 2
	}
	// UTF-16 and UTF-32 without a mark: a document begins with "<" or "{".
	if len(b) >= 4 {
		switch {
		case binary.BigEndian.Uint32(b) == '<', binary.LittleEndian.Uint32(b) == '<':
			return "utf-32", 0
		case b[0] == 0 && (b[1] == '<' || b[1] == '{') && b[2] == 0:
			return "utf-16be", 0
		case b[1] == 0 && (b[0] == '<' || b[0] == '{') && b[3] == 0:
			return "utf-16le", 0
		}
	}
	return "", 0
}

var xmlEncoding = regexp.MustCompile(`^[^<]*<\?xml\s[^>]{0,200}?encoding\s*=\s*["']\s*([A-Za-z0-9._:-]{1,40})\s*["']`)

// declaredCharset returns the label in the XML declaration, or else in the
// Content-Type header. The document goes first: servers send their default.
func declaredCharset(body []byte, contentType string) string {
	if m := xmlEncoding.FindSubmatch(body[:min(len(body), 2048)]); m != nil {
		label := strings.ToLower(string(m[1]))
		// A declaration that could be read byte by byte is not in UTF-16.
		if !strings.HasPrefix(label, "utf-16") && !strings.HasPrefix(label, "ucs-2") && !strings.HasPrefix(label, "iso-10646") {
			return label
		}
		return "utf-8"
	}
	if _, params, err := mime.ParseMediaType(contentType); err == nil {
		return strings.ToLower(params["charset"])
	}
	return ""
}

func decodeCharset(body []byte, label string, ns notes) ([]byte, error) {
	enc, name := charset.Lookup(label)
	if enc == nil || enc == encoding.Replacement || name == "replacement" {
		return nil, fail(ClassBadCharset, fmt.Sprintf("charset %.40q", label))
	}
	if name == "utf-8" {
		if utf8.Valid(body) {
			return body, nil
		}
		ns.add(NoteBadBytes)
		return bytes.ToValidUTF8(body, []byte("\uFFFD")), nil
	}
	out, _, err := transform.Bytes(enc.NewDecoder(), body)
	if err != nil {
		return nil, &Error{Class: ClassBadCharset, cause: err}
	}
	if bytes.ContainsRune(out, utf8.RuneError) {
		ns.add(NoteBadBytes)
	}
	return out, nil
}

// dropIllegal removes the characters that XML 1.0 forbids
// (https://www.w3.org/TR/xml/#charsets), also where they are written as
// references, which encoding/xml refuses just the same.
func dropIllegal(b []byte, ns notes) []byte {
	i := indexIllegal(b)
	if i < 0 {
		return b
	}
	ns.add(NoteBadBytes)
	out := make([]byte, 0, len(b))
	for i >= 0 {
		out = append(out, b[:i]...)
		b = b[i+illegalSize(b[i:]):]
		i = indexIllegal(b)
	}
	return append(out, b...)
}

// indexIllegal finds the first forbidden character or reference to one.
func indexIllegal(b []byte) int {
	for i := 0; i < len(b); i++ {
		for i+8 <= len(b) && isOrdinary(binary.LittleEndian.Uint64(b[i:])) {
			i += 8
		}
		if i == len(b) {
			break
		}
		switch c := b[i]; {
		case c < 0x20 && c != '\t' && c != '\n' && c != '\r', c == '&', c == 0xEF:
			if illegalSize(b[i:]) > 0 {
				return i
			}
		}
	}
	return -1
}

// isOrdinary tells of eight bytes at once that none is below 0x20, '&' or 0xEF.
func isOrdinary(w uint64) bool {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	less := func(x, n uint64) uint64 { return (x - ones*n) &^ x & highs } // some byte of x is below n
	return less(w, 0x20)|less(w^ones*'&', 1)|less(w^ones*0xEF, 1) == 0
}

// illegalSize returns the length of the forbidden character, or reference to
// one, at the beginning of b; 0 when there is none.
func illegalSize(b []byte) int {
	switch {
	case b[0] < 0x20:
		if b[0] == '\t' || b[0] == '\n' || b[0] == '\r' {
			return 0
		}
		return 1
	case b[0] == 0xEF:
		// U+FFFE and U+FFFF; surrogates are no valid UTF-8.
		if len(b) >= 3 && b[1] == 0xBF && (b[2] == 0xBE || b[2] == 0xBF) {
			return 3
		}
		return 0
	}
	return illegalReference(b)
}

// illegalReference measures a numeric reference, "&#8;" or "&#x8;", to a
// forbidden character.
func illegalReference(b []byte) int {
	if len(b) < 4 || b[0] != '&' || b[1] != '#' {
		return 0
	}
	i, base := 2, 10
	if b[2] == 'x' || b[2] == 'X' {
		i, base = 3, 16
	}
	n, start := 0, i
	for ; i < len(b) && b[i] != ';'; i++ {
		d := digit(b[i])
		if d < 0 || d >= base {
			return 0
		}
		n = min(n*base+d, utf8.MaxRune+1)
	}
	if i == len(b) || i == start || isXMLChar(rune(n)) {
		return 0
	}
	return i + 1
}

func digit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

func isXMLChar(r rune) bool {
	return r == '\t' || r == '\n' || r == '\r' || r >= 0x20 && r <= 0xD7FF ||
		r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= utf8.MaxRune
}

// maxJunk is how much text in front of a document is overlooked, such as the
// warning of a script or a second byte order mark.
const maxJunk = 1024

var xmlDeclaration = regexp.MustCompile(`^<\?xml(\s[^<>]{0,500})?\?>\s*`)

// dropPrologue removes what stands before the document and the XML
// declaration, which would make a decoder convert the charset a second time.
func dropPrologue(b []byte, ns notes) []byte {
	const space = " \t\r\n\uFEFF\u00a0"
	b = bytes.Trim(b, space)
	if len(b) > 0 && b[0] != '<' && b[0] != '{' && b[0] != '[' {
		i := bytes.IndexByte(b, '<')
		if i < 0 || i > maxJunk || bytes.ContainsAny(b[:i], "{[") {
			return b
		}
		ns.add(NoteLeadingJunk)
		b = b[i:]
	}
	for {
		m := xmlDeclaration.Find(b)
		if m == nil {
			return b
		}
		b = b[len(m):]
	}
}
