package store

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
)

func TestParseSearch(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, text string
		want       [][]string
	}{
		{"words are phrases of one", "Gaza TRUCE", [][]string{{"gaza"}, {"truce"}}},
		{"quoted words are one phrase", `"truce deal" Gaza`, [][]string{{"truce", "deal"}, {"gaza"}}},
		{"quotes of any style", "„truce deal“ «à Gaza»", [][]string{{"truce", "deal"}, {"à", "gaza"}}},
		{"an unclosed quote is none", `Gaza "truce deal`, [][]string{{"gaza"}, {"truce"}, {"deal"}}},
		{"stop words are left out", "the truce of Gaza", [][]string{{"truce"}, {"gaza"}}},
		{"stop words alone stay", "of the", [][]string{{"of"}, {"the"}}},
		{"an initialism is one word", "U.S. troops", [][]string{{"us"}, {"troops"}}},
		{"numbers keep their marks", "1,000 3.5", [][]string{{"1,000"}, {"3.5"}}},
		{"characters of unspaced scripts stand together", "停火协议", [][]string{{"停", "火", "协", "议"}}},
		{"a character that stands for several words", "ﷺ", [][]string{{"صلي", "الله", "عليه", "وسلم"}}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := parseSearch(c.text)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, got); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

func TestInListsKeepToFewTexts(t *testing.T) {
	t.Parallel()
	texts := make(map[string]bool)
	for n := range 1000 {
		list := make([]int, n)
		for i := range list {
			list[i] = i
		}
		seen := make(map[any]bool)
		err := inLists(list, 3, func(in string, args []any) error {
			texts[in] = true
			if !strings.HasPrefix(in, "($3") || strings.Count(in, "$") != len(args) {
				t.Errorf("%d arguments for %s", len(args), in)
			}
			for _, a := range args {
				seen[a] = true
			}
			return nil
		})
		if err != nil || len(seen) != n {
			t.Fatalf("%d of %d elements, error %v", len(seen), n, err)
		}
	}
	if len(texts) != len(sizes) {
		t.Errorf("%d texts, want %d", len(texts), len(sizes))
	}
}

// FuzzWords checks what the search of every engine relies on.
func FuzzWords(f *testing.F) {
	for _, s := range []string{"U.S. truce", `"a b" c`, "1,000.5", "停火", "ﷺ", "o’brien's", "\xff\x00", "㎧ ⑴ ½", "a.b.c.", "\u0301"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, w := range appendWords(nil, s) {
			if w == "" || !utf8.ValidString(w) || strings.ContainsAny(w, "\x00 \t\r\n\"'*():^-¶") {
				t.Errorf("word %q of %q", w, s)
			}
		}
		phrases, err := parseSearch(s)
		if (err != nil) != (len(phrases) == 0) || len(phrases) > maxPhrases {
			t.Errorf("%d phrases, error %v", len(phrases), err)
		}
	})
}
