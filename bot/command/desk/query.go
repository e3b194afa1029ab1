package desk

import (
	"context"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/attache-bot/attache/bot/command/tree"
	"github.com/attache-bot/attache/bot/interaction"
	"github.com/attache-bot/attache/bot/suggest"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/query"
	"github.com/attache-bot/attache/internal/text"
)

// Of each kind so many are offered in a query, so that there is room for others.
const (
	maxOfferedTopics    = 12
	maxOfferedCountries = 6
	maxOfferedOutlets   = 6
)

// CompleteQuery offers what may stand in a query: first what is typed, and then,
// in place of its last word, the topics, countries and outlets that are meant. So
// people learn of topic:, country: and source: by using them.
func (d *Desk) CompleteQuery(limit int) func(context.Context, interaction.Request, string, string) ([]interaction.Choice, error) {
	return func(_ context.Context, q interaction.Request, option, typed string) ([]interaction.Choice, error) {
		if option != tree.OptQuery {
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
		for _, o := range d.inQuery(q, last) {
			add(before+o.ID, " · "+o.Title)
		}
		return out, nil
	}
}

// inQuery are the parts of a query that a word may stand for, as they are written
// there.
func (d *Desk) inQuery(q interaction.Request, word string) []suggest.Names {
	field, value, named := strings.Cut(word, ":")
	if !named {
		field, value = "", word
	}
	var out []suggest.Names
	if field == "" || field == tree.OptTopic {
		out = append(out, asField(tree.OptTopic, Called(d.Topics.Topics(), q.Speaker), value, maxOfferedTopics)...)
	}
	if field == "" && utf8.RuneCountInString(value) < 2 {
		return out // too little to tell a country or an outlet by
	}
	if field == "" || field == tree.OptCountry {
		out = append(out, asField(tree.OptCountry, d.States(q.Speaker), value, maxOfferedCountries)...)
	}
	if field == "" || field == tree.OptSource {
		out = append(out, asField(tree.OptSource, d.Outlets(q.Speaker), value, maxOfferedOutlets)...)
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

// Vocabulary is what queries may ask of reports.
func (d *Desk) Vocabulary() query.Vocabulary { return vocabulary{d} }

type vocabulary struct{ c *Desk }

// Values implements [query.Vocabulary].
func (v vocabulary) Values(field string) []string {
	var out []string
	add := func(s string) {
		if s = strings.ToLower(s); !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	switch field {
	case "source":
		for _, s := range v.c.Sources.All() {
			add(string(s.ID))
		}
	case "topic":
		for _, t := range v.c.Topics.Topics() {
			add(string(t.ID))
		}
	case "stage":
		for _, t := range v.c.Topics.Topics() {
			for _, s := range t.Stages {
				add(string(s))
			}
		}
	}
	return out
}

// QueryError refuses a query with what is wrong in it and where; other errors stay
// as they are.
func QueryError(err error) error {
	var e *query.Error
	if !errors.As(err, &e) {
		return err
	}
	args := wording.Args{}
	for name, value := range e.Args {
		args[name] = value
	}
	why := wording.Plainly{ID: wording.ID("query." + string(e.Fault)), Args: args}
	if e.At > 0 {
		why = wording.Plainly{ID: "query.at", Args: wording.Args{"at": e.At, "what": wording.Saying(why)}}
	}
	return interaction.Refuse(interaction.BadOption, "own.bad-query", wording.Args{"why": why})
}
