package command

import (
	"cmp"
	"slices"
	"strings"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/text"
	"github.com/attache-bot/attache/internal/topic"
)

// Limits of autocomplete
// (https://discord.com/developers/docs/interactions/receiving-and-responding#interaction-response-object-autocomplete).
const (
	maxChoices = 25
	maxChoice  = 100
)

// rank says how well a topic fits what somebody typed; smaller is better, and
// noFit is none.
type rank int

const (
	isTopic       rank = iota // its id or title
	beginsTitle               // the title's or id's beginning
	isAlias                   // another word for it
	inTitle                   // the beginning of a word of the title
	beginsAlias               // the beginning of another word for it
	inAlias                   // a word within one
	inDescription             // a word of its description
	nearTitle                 // a slip of the keyboard away from one of these words
	noFit
)

// fit ranks a topic for a text, which is folded.
func fit(t TopicInfo, typed string) rank {
	title, id := text.Fold(t.Title), text.Fold(string(t.ID))
	aliases := make([]string, len(t.Aliases))
	for i, a := range t.Aliases {
		aliases[i] = text.Fold(a)
	}
	some := func(f func(string) bool, of ...string) bool { return slices.ContainsFunc(of, f) }
	is := func(s string) bool { return s == typed }
	begins := func(s string) bool { return strings.HasPrefix(s, typed) }
	words := func(s string) bool { return wordsBegin(s, typed) }
	switch {
	case typed == "" || is(title) || is(id):
		return isTopic
	case begins(title) || begins(id):
		return beginsTitle
	case some(is, aliases...):
		return isAlias
	case words(title):
		return inTitle
	case some(begins, aliases...):
		return beginsAlias
	case some(words, aliases...):
		return inAlias
	case len(typed) > 2 && words(text.Fold(t.Description)):
		return inDescription
	case some(func(s string) bool { return slip(s, typed) }, append(aliases, title, id)...):
		return nearTitle
	}
	return noFit
}

// wordsBegin reports whether every word of typed begins a word of s.
func wordsBegin(s, typed string) bool {
	have := strings.FieldsFunc(s, notWord)
	want := strings.FieldsFunc(typed, notWord)
	for _, w := range want {
		if !slices.ContainsFunc(have, func(h string) bool { return strings.HasPrefix(h, w) }) {
			return false
		}
	}
	return len(want) > 0
}

func notWord(r rune) bool { return strings.ContainsRune(" -,.;:/()'\"", r) }

// slip reports whether a and b, both of five letters or more, differ by one
// letter that is missing, added, wrong, or has changed places with its
// neighbour.
func slip(a, b string) bool {
	s, l := []rune(a), []rune(b)
	if len(s) > len(l) {
		s, l = l, s
	}
	if len(s) < 5 || len(l)-len(s) > 1 {
		return false
	}
	i := 0
	for i < len(s) && s[i] == l[i] {
		i++
	}
	if len(l) > len(s) {
		return slices.Equal(s[i:], l[i+1:])
	}
	if i == len(s) || slices.Equal(s[i+1:], l[i+1:]) {
		return true
	}
	return i+1 < len(s) && s[i] == l[i+1] && s[i+1] == l[i] && slices.Equal(s[i+2:], l[i+2:])
}

// fitting returns the topics that fit what was typed, best first and otherwise
// in catalogue order, with the rank of the best.
func fitting(topics []TopicInfo, typed string) ([]TopicInfo, rank) {
	typed = text.Fold(text.Clean(typed))
	type ranked struct {
		TopicInfo
		rank rank
	}
	var found []ranked
	for _, t := range topics {
		if r := fit(t, typed); r != noFit {
			found = append(found, ranked{t, r})
		}
	}
	slices.SortStableFunc(found, func(a, b ranked) int { return cmp.Compare(a.rank, b.rank) })
	out := make([]TopicInfo, len(found))
	for i, f := range found {
		out[i] = f.TopicInfo
	}
	if len(found) == 0 {
		return nil, noFit
	}
	return out, found[0].rank
}

// pick returns the one topic that a person means: the one with that id or title,
// or the only one with that other name. Else it says what was near.
func pick(topics []TopicInfo, typed string) (TopicInfo, error) {
	if typed == "" {
		return TopicInfo{}, &Error{Code: BadOption, Message: "Say which topic: type /, choose the command, and pick one from the list."}
	}
	if t, ok := byID(topics, topic.ID(typed)); ok {
		return t, nil
	}
	near, best := fitting(topics, typed)
	sole := len(near) == 1 || len(near) > 1 && fit(near[1], text.Fold(typed)) != best
	if (best == isTopic || best == isAlias) && sole {
		return near[0], nil
	}
	if len(near) == 0 {
		return TopicInfo{}, &Error{Code: NotFound, Message: message.Format("I don't know the topic “%s”. Pick one from the list that appears while you type; /help shows them all.", typed)}
	}
	names := make([]string, 0, maxNear)
	for _, t := range near[:min(len(near), maxNear)] {
		names = append(names, t.Title)
	}
	return TopicInfo{}, &Error{Code: NotFound, Message: message.Format("I don't know the topic “%s”. Did you mean %s?", typed, either(names))}
}

// either joins names: "a", "a or b", "a, b or c".
func either(names []string) string {
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// maxNear is how many topics are proposed for one that is not known.
const maxNear = 3

// choices offers topics in autocomplete.
func choices(topics []TopicInfo) []Choice {
	out := make([]Choice, 0, min(len(topics), maxChoices))
	for _, t := range topics {
		// A longer id would not come back whole.
		if len(out) < maxChoices && t.ID != "" && len(t.ID) <= maxTopicID {
			out = append(out, Choice{Name: text.Cut(cmp.Or(text.Clean(t.Title), string(t.ID)), maxChoice), Value: string(t.ID)})
		}
	}
	return out
}

func byID(topics []TopicInfo, id topic.ID) (TopicInfo, bool) {
	i := slices.IndexFunc(topics, func(t TopicInfo) bool { return t.ID == id })
	if i < 0 {
		return TopicInfo{}, false
	}
	return topics[i], true
}

// title returns a topic's title, or its id when the catalogue has it no more.
func title(topics []TopicInfo, id topic.ID) string {
	t, _ := byID(topics, id)
	return cmp.Or(t.Title, string(id))
}

// named gives stages of topics their titles.
func named(topics []TopicInfo, stages []story.TopicStage) []alert.Topic {
	out := make([]alert.Topic, len(stages))
	for i, s := range stages {
		out[i] = alert.Topic{ID: s.Topic, Title: title(topics, s.Topic), Stage: s.Stage}
	}
	return out
}
