package command_test

import (
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/attache-bot/attache/bot/interaction"
)

// TestButtonsOfEarlierReleases presses what stands in testdata/oldids.txtar: each
// works, or says that it no longer does and what to do.
func TestButtonsOfEarlierReleases(t *testing.T) {
	t.Parallel()
	archive, err := txtar.ParseFile("testdata/oldids.txtar")
	if err != nil {
		t.Fatal(err)
	}
	b := furnished(t)
	n := 0
	for _, f := range archive.Files {
		for line := range strings.Lines(string(f.Data)) {
			want, id, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " ")
			if !ok || want != "works" && want != "refused" {
				t.Fatalf("%s: %q is no line of it", f.Name, line)
			}
			n++
			s := b.do(t, press(id))
			said := s.text()
			refused := strings.Contains(said, "This button no longer works")
			switch {
			case said == "" || strings.Contains(said, "Something went wrong"):
				t.Errorf("%s: %s is answered %q", f.Name, id, said)
			case refused != (want == "refused"):
				t.Errorf("%s: %s is answered %q, though it %s", f.Name, id, said, want)
			case refused && s.typ != interaction.AnswerNow:
				t.Errorf("%s: %s is refused in place of its message", f.Name, id)
			}
		}
	}
	if n < 20 {
		t.Errorf("only %d ids", n)
	}
}
