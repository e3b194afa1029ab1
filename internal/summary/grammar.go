package summary

import (
	"embed"
	"fmt"
	"path"
	"strings"

	"go.yaml.in/yaml/v3"

	"github.com/attache-bot/attache/internal/text"
)

//go:embed grammar/*.yaml
var grammarFiles embed.FS

// words are folded words.
type words map[string]bool

// UnmarshalYAML implements [yaml.Unmarshaler].
func (w *words) UnmarshalYAML(node *yaml.Node) error {
	var list []string
	if err := node.Decode(&list); err != nil {
		return err
	}
	*w = make(words, len(list))
	for _, one := range list {
		(*w)[text.Fold(one)] = true
	}
	return nil
}

// grammar are the words by which a language leans on what was said before, and
// by which it names who speaks; en.yaml says what each list is.
type grammar struct {
	Openers, Anaphors                       words
	Leans, Leaning                          phrases
	People, Owners, Others, Things          words
	Counts, Explaining, Titles, Months      words
	Unknown, Unknowns                       phrases
	Clauses, Introduces, Function, Definite words
	Bodies, Roles, Credits, Voice, Hearsay  words
	Rumours                                 phrases
	Verbs, Participles, Accusing, Agents    words
	Plainly, Relatives, Nouns               words
	Being, Helping, Joins                   words
	Page, Pages, Captions                   phrases
	// Loose says that speakers are not always found, so that a name beside a verb
	// of speech has to do.
	Loose bool
}

// grammars are those of the languages that are known, and the words of pages in
// all of them: pages mix languages. A sentence of another language is only judged
// by its form.
type grammars struct {
	of                    map[string]*grammar
	page, pages, captions []phrases
}

// readGrammars reads the grammars that the program carries.
func readGrammars() (grammars, error) {
	out := grammars{of: map[string]*grammar{}}
	files, err := grammarFiles.ReadDir("grammar")
	if err != nil {
		return out, fmt.Errorf("list grammars: %w", err)
	}
	for _, f := range files {
		raw, err := grammarFiles.ReadFile(path.Join("grammar", f.Name()))
		if err != nil {
			return out, fmt.Errorf("read grammar: %w", err)
		}
		g := &grammar{}
		if err := yaml.Unmarshal(raw, g); err != nil {
			return out, fmt.Errorf("read grammar %s: %w", f.Name(), err)
		}
		out.of[strings.TrimSuffix(f.Name(), ".yaml")] = g
		out.page, out.pages, out.captions = append(out.page, g.Page), append(out.pages, g.Pages), append(out.captions, g.Captions)
	}
	return out, nil
}
