package reading

import (
	"github.com/attache-bot/attache/internal/feed/fetch"
	"github.com/attache-bot/attache/internal/feed/parse"
)

// FailureText gives the class of a failure to read a feed in words, "" for what is
// no such class.
func FailureText(reason string) string {
	if reason == "" {
		return ""
	}
	for _, words := range []string{fetch.Class(reason).Text(), parse.Class(reason).Text()} {
		if words != fetch.Class("").Text() && words != parse.Class("").Text() {
			return words
		}
	}
	return ""
}
