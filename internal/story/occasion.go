package story

import (
	"slices"

	"github.com/attache-bot/attache/internal/text"
)

// occasions is a set of feasts and events, a bit for each of those that name truces.
type occasions uint16

// occasionNames are what truces are called after, and truceNouns what follows then.
var (
	occasionNames = []string{
		"easter", "christmas", "ramadan", "eid", "nowruz", "passover", "olympic", "olympics", "thanksgiving", "diwali", "hajj", "tet", "pentecost",
	}
	truceNouns = []string{"truce", "ceasefire", "cease-fire", "armistice", "pause", "lull"}
)

// occasionsIn are those that a text names. Those in truces are named as what a truce is
// called after, as in "Easter truce".
func occasionsIn(tokens []text.Token) (named, truces occasions) {
	for i, t := range tokens {
		n := slices.Index(occasionNames, t.Fold)
		if n < 0 {
			continue
		}
		named |= 1 << n
		if i+1 < len(tokens) && slices.Contains(truceNouns, tokens[i+1].Fold) {
			truces |= 1 << n
		}
	}
	return named, truces
}

// otherTruce reports whether one title is about a truce that is called after an
// occasion of which the other report says nothing: the truces of one war share
// parties, words and fate, and are not one.
func otherTruce(a, b *gist) bool {
	return a.truces&^b.occasions != 0 || b.truces&^a.occasions != 0
}
