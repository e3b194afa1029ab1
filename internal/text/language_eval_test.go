package text_test

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/attache-bot/attache/internal/text"
)

// measuring opens a file of the measuring data, which is other people's and
// stays outside the repository, or skips.
func measuring(t *testing.T, name string) io.Reader {
	t.Helper()
	dir := os.Getenv("ATTACHE_SHARED")
	if dir == "" {
		dir = filepath.Join("..", "..", "..", "shared")
	}
	f, err := os.Open(filepath.Join(dir, "data", name))
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatalf("measuring data: %v; set ATTACHE_SHARED", err)
		}
		t.Skipf("no measuring data: %v", err)
	}
	t.Cleanup(func() { _ = f.Close() })
	if !strings.HasSuffix(name, ".gz") {
		return f
	}
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// TestLanguageOfShortTexts tells how often the language of a headline, or of the
// first eight words of a sentence, is found without a hint.
func TestLanguageOfShortTexts(t *testing.T) {
	t.Parallel()
	tests := []struct {
		lang, file string
		least      float64 // share that must be right
		wrong      float64 // share that may be taken for another language
	}{
		{"en", "topics-dev.jsonl", 0.95, 0.01},
		{"pl", "replay-pl-2023-06.jsonl.gz", 0.98, 0.015},
		{"de", "sentences-de.txt.gz", 0.97, 0.025},
		{"fr", "sentences-fr.txt.gz", 0.97, 0.02},
		{"ru", "sentences-ru.txt.gz", 0.98, 0.015},
		{"uk", "sentences-uk.txt.gz", 0.93, 0.07}, // one in twenty of these is Russian,
	}
	for _, tt := range tests {
		t.Run(tt.lang, func(t *testing.T) {
			t.Parallel()
			lines := bufio.NewScanner(measuring(t, tt.file))
			lines.Buffer(nil, 1<<20)
			all, found := 0, map[string]int{}
			for lines.Scan() {
				s := lines.Text()
				if strings.Contains(tt.file, "jsonl") {
					var r struct{ Title string }
					if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
						t.Fatal(err)
					}
					s = r.Title
				} else if words := strings.Fields(s); len(words) > 8 {
					s = strings.Join(words[:8], " ")
				}
				all++
				got := text.Language(s, "")
				found[got]++
				if os.Getenv("ATTACHE_SHOW") != "" && got != tt.lang && got != "und" {
					t.Log(got, s)
				}
			}
			if err := lines.Err(); err != nil {
				t.Fatal(err)
			}
			right := float64(found[tt.lang]) / float64(all)
			wrong := float64(all-found[tt.lang]-found[text.Undetermined]) / float64(all)
			t.Logf("%d texts: %.3f right, %.3f taken for another language: %v", all, right, wrong, found)
			if right < tt.least || wrong > tt.wrong {
				t.Errorf("right %.3f, want at least %.3f; wrong %.3f, want at most %.3f", right, tt.least, wrong, tt.wrong)
			}
		})
	}
}
