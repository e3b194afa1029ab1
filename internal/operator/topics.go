package operator

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/reading"
	"github.com/attache-bot/attache/internal/text"
	"github.com/attache-bot/attache/internal/topic"
)

// unknownTopic names the topics that there are.
func unknownTopic(s *topic.Set, id string) error {
	var ids []string
	for _, d := range s.Definitions() {
		ids = append(ids, string(d.ID))
	}
	return fmt.Errorf("there is no topic %q: use one of %s", id, strings.Join(ids, ", "))
}

// ListTopics prints a table of the topics.
func ListTopics(_ context.Context, c config.Config, out io.Writer) error {
	set, err := reading.LoadTopics(c.Topics)
	if err != nil {
		return err
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "ID\tTITLE\tLANGUAGES\tEXAMPLES\tSTAGES")
	for _, d := range set.Definitions() {
		languages := make([]string, 0, len(d.Lang))
		for l := range d.Lang {
			languages = append(languages, l)
		}
		slices.Sort(languages)
		examples := 0
		for _, e := range d.Tests {
			examples += len(e.Wanted) + len(e.Unwanted)
		}
		stages := make([]string, len(d.Stages))
		for i, s := range d.Stages {
			stages[i] = string(s)
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%d\t%s\n", d.ID, d.Title["en"], strings.Join(languages, " "), examples, strings.Join(stages, ", "))
	}
	return w.Flush()
}

// TestTopics runs the examples that the topics' files carry, of all topics or
// of those with the given ids, and prints each that does not come out as the
// file says. It fails when there is one.
func TestTopics(ctx context.Context, c config.Config, only []string, out io.Writer) error {
	set, err := reading.LoadTopics(c.Topics)
	if err != nil {
		return err
	}
	for _, id := range only {
		if _, ok := set.Lookup(topic.ID(id)); !ok {
			return unknownTopic(set, id)
		}
	}
	topics, examples, failed := 0, 0, 0
	for _, d := range set.Definitions() {
		if len(only) > 0 && !slices.Contains(only, string(d.ID)) {
			continue
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		topics++
		n, faults := testTopic(set, d)
		examples += n
		failed += len(faults)
		for _, f := range faults {
			fmt.Fprintln(out, f)
		}
	}
	if failed > 0 {
		return fmt.Errorf("%d of %d examples of %d topics fail", failed, examples, topics)
	}
	if examples == 0 {
		return errors.New("no topic has an example: add tests: to its file")
	}
	_, err = fmt.Fprintf(out, "ok: %d examples of %d topics\n", examples, topics)
	return err
}

// testTopic runs one topic's examples and returns their number and the faults.
func testTopic(set *topic.Set, d topic.Definition) (n int, faults []string) {
	languages := make([]string, 0, len(d.Tests))
	for l := range d.Tests {
		languages = append(languages, l)
	}
	slices.Sort(languages)
	for _, lang := range languages {
		for _, e := range d.Tests[lang].Wanted {
			n++
			if fault := testWanted(set, d.ID, lang, e); fault != "" {
				faults = append(faults, describe(d, e, fault))
			}
		}
		for _, e := range d.Tests[lang].Unwanted {
			n++
			if m, ok := matchOf(set, d.ID, lang, e); ok {
				faults = append(faults, describe(d, e, fmt.Sprintf("is unwanted, but matches (score %.2f: %s)", m.Score, strings.Join(spokeFor(m), ", "))))
			}
		}
	}
	return n, faults
}

func describe(d topic.Definition, e topic.Example, fault string) string {
	return fmt.Sprintf("%s:%d: %s: %q %s", cmp.Or(e.File, d.File), e.Line, d.ID, text.Cut(e.Title, 100), fault)
}

// testWanted returns what is wrong with a wanted example, "" when nothing is.
func testWanted(set *topic.Set, id topic.ID, lang string, e topic.Example) string {
	m, ok := matchOf(set, id, lang, e)
	switch {
	case !ok:
		return "is wanted, but does not match: " + whyNot(set, id, lang, e)
	case e.Stage != "" && m.Stage != e.Stage:
		return fmt.Sprintf("has stage %q, not %q", m.Stage, e.Stage)
	case len(e.Flags) > 0 && !sameFlags(m.Flags, e.Flags):
		return fmt.Sprintf("has flags %q, not %q", m.Flags.String(), strings.Join(e.Flags, "|"))
	}
	return ""
}

func sameFlags(got topic.Flags, want []string) bool {
	have := strings.Split(got.String(), "|")
	slices.Sort(have)
	return slices.Equal(have, slices.Sorted(slices.Values(want)))
}

func docOf(lang string, e topic.Example) topic.Doc {
	return topic.Doc{Title: e.Title, Lead: e.Lead, Language: lang}
}

func matchOf(set *topic.Set, id topic.ID, lang string, e topic.Example) (topic.Match, bool) {
	for _, m := range set.Match(docOf(lang, e)) {
		if m.Topic == id {
			return m, true
		}
	}
	return topic.Match{}, false
}

func whyNot(set *topic.Set, id topic.ID, lang string, e topic.Example) string {
	for _, v := range set.Explain(docOf(lang, e)) {
		if v.Topic == id {
			return fmt.Sprintf("%s (score %.2f)", v.Reason, v.Score)
		}
	}
	return topic.ReasonNothing
}

// ExplainOptions say what is explained.
type ExplainOptions struct {
	Config config.Config
	// Title and Lead are the report; Language is found from them when empty.
	Title, Lead, Language string
}

// ExplainTopics prints what spoke for and against each topic of which something
// occurs in a report.
func ExplainTopics(_ context.Context, o ExplainOptions, out io.Writer) error {
	set, err := reading.LoadTopics(o.Config.Topics)
	if err != nil {
		return err
	}
	doc := topic.Doc{Title: text.Clean(o.Title), Lead: text.Clean(o.Lead), Language: o.Language}
	if doc.Title == "" && doc.Lead == "" {
		return errors.New("there is no text to explain: give a headline in quotes")
	}
	lang := set.LanguageOf(doc)
	if lang == "" {
		return fmt.Errorf("no topic has rules for the language %q", text.Language(doc.Title+"\n"+doc.Lead, doc.Language))
	}
	fmt.Fprintf(out, "language: %s\n", lang)
	verdicts := set.Explain(doc)
	if len(verdicts) == 0 {
		_, err := fmt.Fprintln(out, "no topic: "+topic.ReasonNothing)
		return err
	}
	for _, v := range verdicts {
		if err := explain(out, v); err != nil {
			return err
		}
	}
	return nil
}

// explain prints one verdict.
func explain(out io.Writer, v topic.Verdict) error {
	fmt.Fprintf(out, "\n%s: %s, score %.2f", v.Topic, v.Reason, v.Score)
	if v.Against > 0 {
		fmt.Fprintf(out, ", against it %s %.2f", v.Sense, v.Against)
	}
	if v.Stage != "" {
		fmt.Fprintf(out, ", stage %s", v.Stage)
	}
	if v.Flags != 0 {
		fmt.Fprintf(out, ", %s", v.Flags)
	}
	fmt.Fprintln(out)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, e := range v.Evidence {
		weight := fmt.Sprintf("%+.2f", e.Weight)
		if e.Weight == 0 {
			weight = ""
		}
		fmt.Fprintf(w, "  %s\t%s\t%s\t%q\t%s\n", weight, e.Kind, e.Field, e.Text, text.Cut(e.Rule, 80))
	}
	return w.Flush()
}
