package command

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/suggest"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/text"
)

// Of each kind so many are offered in a query, so that there is room for others.
const (
	maxOfferedTopics    = 12
	maxOfferedCountries = 6
	maxOfferedOutlets   = 6
)

// completeQuery offers what may stand in a query: first what is typed, and then,
// in place of its last word, the topics, countries and outlets that are meant. So
// people learn of topic:, country: and source: by using them.
func (c *commands) completeQuery(limit int) func(context.Context, interaction.Request, string, string) ([]interaction.Choice, error) {
	return func(_ context.Context, q interaction.Request, option, typed string) ([]interaction.Choice, error) {
		if option != optQuery {
			return nil, nil
		}
		before, last, open := lastWord(typed)
		var out []interaction.Choice
		add := func(value, title string) {
			if value != "" && utf8.RuneCountInString(value) <= limit && len(out) < interaction.MaxChoices {
				name := suggest.CutChoice(value, utf8.RuneCountInString(title))
				out = append(out, interaction.Choice{Name: text.Cut(name+title, interaction.MaxChoice), Value: value})
			}
		}
		add(typed, "")
		if open {
			return out, nil
		}
		for _, o := range c.inQuery(q, last) {
			add(before+o.ID, " · "+o.Title)
		}
		return out, nil
	}
}

// inQuery are the parts of a query that a word may stand for, as they are written
// there.
func (c *commands) inQuery(q interaction.Request, word string) []suggest.Names {
	field, value, named := strings.Cut(word, ":")
	if !named {
		field, value = "", word
	}
	var out []suggest.Names
	if field == "" || field == optTopic {
		out = append(out, asField(optTopic, called(c.topics.Topics(), q.Speaker), value, maxOfferedTopics)...)
	}
	if field == "" && utf8.RuneCountInString(value) < 2 {
		return out // too little to tell a country or an outlet by
	}
	if field == "" || field == optCountry {
		out = append(out, asField(optCountry, c.states(q.Speaker), value, maxOfferedCountries)...)
	}
	if field == "" || field == optSource {
		out = append(out, asField(optSource, c.outlets(q.Speaker), value, maxOfferedOutlets)...)
	}
	return out
}

// asField are those of all that fit, at most limit, as a field of a query.
func asField[T suggest.Named](field string, all []T, typed string, limit int) []suggest.Names {
	found, _ := suggest.Fitting(all, typed)
	var out []suggest.Names
	for _, f := range found[:min(len(found), limit)] {
		n := f.Names()
		out = append(out, suggest.Names{ID: field + ":" + n.ID, Title: n.Title})
	}
	return out
}

// lastWord cuts a query before the word that is being typed. A phrase may be open
// there, in which a word stands for itself alone.
func lastWord(typed string) (before, last string, open bool) {
	if strings.Count(typed, `"`)%2 == 1 {
		return typed, "", true
	}
	i := strings.LastIndexAny(typed, " ()\"") + 1
	if i < len(typed) && typed[i] == '-' {
		i++
	}
	return typed[:i], typed[i:], false
}

// completeLink offers the reports of the latest stories, and those that hold what
// is typed, by their titles.
func (c *commands) completeLink(ctx context.Context, q interaction.Request, option, typed string) ([]interaction.Choice, error) {
	if option != optLink {
		return nil, nil
	}
	return c.offerStories(ctx, q, typed, func(l story.Listing) string { return l.Report.Link })
}
