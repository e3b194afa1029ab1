package summary

import (
	"errors"
	"fmt"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/attache-bot/attache/internal/text"
)

// phrases are patterns of words in a row, by the words that they may begin with.
type phrases map[string][]pattern

// pattern is a row of words.
type pattern []element

// element is one word of a pattern: one of exact, or with one of the beginnings;
// any word, or a number. It may be missing if it is optional.
type element struct {
	exact                 words
	beginnings            []string
	any, number, optional bool
}

// UnmarshalYAML implements [yaml.Unmarshaler].
func (p *phrases) UnmarshalYAML(node *yaml.Node) error {
	var list []string
	if err := node.Decode(&list); err != nil {
		return err
	}
	*p = phrases{}
	for _, one := range list {
		row, err := parsePattern(one)
		if err != nil {
			return fmt.Errorf("phrase %q: %w", one, err)
		}
		for first := range row[0].exact {
			(*p)[first] = append((*p)[first], row[1:])
		}
	}
	return nil
}

func parsePattern(s string) (pattern, error) {
	var row pattern
	for word := range strings.FieldsSeq(s) {
		var e element
		word, e.optional = strings.CutPrefix(word, "?")
		switch word {
		case "_":
			e.any = true
		case "#":
			e.number = true
		default:
			e.exact = words{}
			for one := range strings.SplitSeq(word, "|") {
				if stem, ok := strings.CutSuffix(one, "*"); ok {
					e.beginnings = append(e.beginnings, text.Fold(stem))
				} else {
					e.exact[text.Fold(one)] = true
				}
			}
		}
		row = append(row, e)
	}
	if len(row) == 0 || len(row[0].exact) == 0 || len(row[0].beginnings) > 0 || row[0].optional {
		return nil, errors.New("begin with a plain word")
	}
	return row, nil
}

// at reports whether a phrase begins with the first token.
func (p phrases) at(toks []text.Token) bool {
	if len(toks) == 0 {
		return false
	}
	for _, row := range p[toks[0].Fold] {
		if row.matches(toks[1:]) {
			return true
		}
	}
	return false
}

// in reports whether a phrase stands anywhere among the tokens.
func (p phrases) in(toks []text.Token) bool {
	for i := range toks {
		if p.at(toks[i:]) {
			return true
		}
	}
	return false
}

func (p pattern) matches(toks []text.Token) bool {
	for i, e := range p {
		if e.optional && p[i+1:].matches(toks) {
			return true
		}
		if len(toks) == 0 || !e.is(toks[0]) {
			return false
		}
		toks = toks[1:]
	}
	return true
}

func (e element) is(t text.Token) bool {
	switch {
	case t.Kind == text.Number:
		return e.number
	case t.Kind != text.Word:
		return false
	case e.any, e.exact[t.Fold]:
		return true
	}
	for _, b := range e.beginnings {
		if strings.HasPrefix(t.Fold, b) {
			return true
		}
	}
	return false
}
