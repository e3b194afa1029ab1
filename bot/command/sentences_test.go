package command_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"github.com/attache-bot/attache/bot/wording"
)

// elsewhere are sentences that other tests hold, because they take time or a
// full server to come up.
var elsewhere = map[string]string{
	"it wants ": "TestEveryVerdictHasWords", "the story is muted": "TestEveryVerdictHasWords", "the topic is muted": "TestEveryVerdictHasWords", "it had as many": "TestEveryVerdictHasWords", "its next digest": "TestEveryVerdictHasWords",
	"… and {{.count}} more feed":              "TestStatusNamesTenFeedsInTrouble",
	"feed of this server":                     "TestAFeedOfAServersOwnIsMarked",
	"That took too long":                      "TestRouterAnswersInTime",
	"I am being restarted":                    "TestRouterAnswersInTime",
	"I was too slow to open the form":         "TestARefusalAfterAPromiseLeavesTheMessage",
	"The field {{.field}} is too long":        "TestActions",
	"joined by a language model":              "TestASummaryThatWasPutSaysSo of bot/message",
	"Hello, I am Attaché":                     "TestANewcomersPath of internal/app",
	"This server has {{.most}} subscriptions": "TestSubscriptionsOfAFullServerArePaged",
	"In the quiet hours: {{.count}}":          "TestAWakeUpSaysWhyAndHowMany of bot/message",
	"These complaints are listed again":       "TestComplaintsAreListedAgain", "The subscription is as it was": "TestComplaintsAreListedAgain",
	"Somebody has changed this subscription": "TestNoChangeUndoesAnothersUnseen",
	"As it was before":                       "TestWhatIsDoneCanBeUndone",
	"feed is no longer read for":             "TestWhatIsDoneCanBeUndone", "feeds are no longer read": "TestWhatIsDoneCanBeUndone", "None of these feeds was read": "TestAnImportThatIsGoneIsUndone",
	"While paused: {{.count}}": "TestAWakeUpSaysWhyAndHowMany of bot/message",
}

// TestNoSentenceStandsInTheCode finds sentences in the source: what people read
// stands in the catalogues of package wording, in every language.
func TestNoSentenceStandsInTheCode(t *testing.T) {
	t.Parallel()
	var files []string
	for pattern, atLeast := range map[string]int{"*.go": 5, "*/*.go": 50, "../message/*.go": 10, "../interaction/*.go": 5, "../suggest/*.go": 1, "../chart/*.go": 1} {
		some, err := filepath.Glob(pattern)
		if err != nil || len(some) < atLeast {
			t.Fatal(pattern, len(some), err)
		}
		files = append(files, some...)
	}
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") || f == "commands.go" || f == "../interaction/call.go" {
			continue // those hold words for operators
		}
		for _, s := range literals(t, f) {
			if !strings.HasPrefix(s, "`/") && s != "Why this alert?" { // what to type and the name of a command are the same everywhere
				t.Errorf("%s: put %q into bot/wording/catalogue", f, s)
			}
		}
	}
}

// goldenFiles are all golden files in one, with commands as they are typed.
func goldenFiles(t *testing.T) string {
	t.Helper()
	names, err := filepath.Glob("testdata/*.txtar")
	for _, others := range []string{"*/testdata/*.txtar", "../message/testdata/*.txt*"} {
		more, _ := filepath.Glob(others)
		names = append(names, more...)
	}
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	var all strings.Builder
	for _, name := range names {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(raw)
	}
	return wording.Typed(all.String())
}

// TestEveryEntryIsInTheGoldenFile is the same for the English catalogue.
func TestEveryEntryIsInTheGoldenFile(t *testing.T) {
	t.Parallel()
	golden := goldenFiles(t)
	files, err := filepath.Glob("../wording/catalogue/*.en.toml")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		if slices.Contains([]string{"topic.en.toml", "topic-about.en.toml", "stage.en.toml", "topic-reason.en.toml", "topic-flag.en.toml", "feed-reason.en.toml", "query.en.toml", "date.en.toml", "time.en.toml"}, filepath.Base(f)) {
			continue // which are names, or held by a test of package wording
		}
		raw, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		var entries map[string]any
		if err := toml.Unmarshal(raw, &entries); err != nil {
			t.Fatal(err)
		}
		for key, entry := range entries {
			forms := texts(entry)
			if !slices.ContainsFunc(forms, func(s string) bool { return strings.Count(s, " ") < 3 || shown(golden, s) }) {
				t.Errorf("%s: nobody has read %s: %q", filepath.Base(f), key, forms)
			}
		}
	}
}

// TestNobodyReadsThatThereAreNoneAsANumber finds what counts nothing in what people
// read: "0 feeds are added".
func TestNobodyReadsThatThereAreNoneAsANumber(t *testing.T) {
	t.Parallel()
	counted := regexp.MustCompile(`(?:^|[\s(*•])0 (\pL{2,})`)
	for line := range strings.Lines(goldenFiles(t)) {
		for _, m := range counted.FindAllStringSubmatch(line, -1) {
			if m[1] != "to" && m[1] != "of" { // a range, or so many of them
				t.Errorf("%s", line)
			}
		}
	}
}

// texts are an entry of a catalogue in its forms.
func texts(entry any) []string {
	switch e := entry.(type) {
	case string:
		return []string{e}
	case map[string]any:
		var out []string
		for _, form := range e {
			if s, ok := form.(string); ok {
				out = append(out, s)
			}
		}
		return out
	}
	return nil
}

// literals returns the texts of a file that are sentences or parts of some.
func literals(t *testing.T, file string) []string {
	t.Helper()
	tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	ast.Inspect(tree, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.CallExpr:
			// Errors are wrapped for the log.
			if f, ok := n.Fun.(*ast.SelectorExpr); ok && slices.Contains([]string{"Errorf", "New", "WarnContext"}, f.Sel.Name) {
				return false
			}
		case *ast.BasicLit:
			if s, err := strconv.Unquote(n.Value); err == nil && n.Kind == token.STRING && phrase.MatchString(s) && !pattern(s) {
				out = append(out, s)
			}
		}
		return true
	})
	return out
}

// phrase finds two words, one after the other.
var phrase = regexp.MustCompile(`\pL\pL+[,:;’']? \pL\pL+`)

// pattern reports whether a text is a pattern or a layout of times.
func pattern(s string) bool {
	return strings.HasPrefix(s, "^") || strings.HasPrefix(s, "2 January 2006") || strings.HasPrefix(s, "2 Jan 2006")
}

var verbs = regexp.MustCompile(`%[sdv]|\{\{\.[a-zA-Z]+\}\}`)

// shown reports whether every part of a sentence between its arguments stands
// in the golden file, or the sentence in another test.
func shown(golden, s string) bool {
	for known := range elsewhere {
		if strings.HasPrefix(s, known) {
			return true
		}
	}
	for _, part := range verbs.Split(s, -1) {
		if part = strings.TrimSpace(part); len(part) > 3 && !strings.Contains(golden, part) {
			return false
		}
	}
	return true
}
