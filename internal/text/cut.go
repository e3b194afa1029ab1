package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// ellipsis ends a text that was cut.
const ellipsis = "…"

// Cut shortens s to at most max code points, "…" included, and returns it
// unchanged when it fits. It cuts between graphemes and, when that loses less
// than a third, between words. A max below one gives the empty string.
func Cut(s string, max int) string {
	if max < 1 {
		return ""
	}
	if len(s) <= max || utf8.RuneCountInString(s) <= max {
		return s
	}
	room, end, count, state := max-1, 0, 0, -1
	rest := s
	for rest != "" {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		n := utf8.RuneCountInString(cluster)
		if count+n > room {
			break
		}
		count += n
		end += len(cluster)
	}
	kept := s[:end]
	if space := strings.LastIndexFunc(kept, unicode.IsSpace); space > 0 && !startsWithSpace(s[end:]) &&
		utf8.RuneCountInString(kept[:space])*3 >= count*2 {
		kept = kept[:space]
	}
	return strings.TrimRightFunc(kept, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(",;:–—-(", r)
	}) + ellipsis
}

func startsWithSpace(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsSpace(r)
}
