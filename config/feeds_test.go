package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const catalogue = `sources:
  - {id: wire, name: Wire, country: INT, language: en, tier: wire, feeds: []}
  - id: paper
    name: The Paper
    country: GB
    language: en
    tier: national
    owner: someone
    wires: [wire]
    state_controlled: true
    feeds:
      - {url: "https://paper.example/rss", every: 15m, section: world, origin: {publisher: 2026-10, self_link: 2026-09, answered: 2026-08, archive: 2023-06, lists: 3}}
      - url: https://paper.example/other
`

func TestParseFeeds(t *testing.T) {
	t.Parallel()
	got, err := ParseFeeds("c.yaml", []byte(catalogue))
	if err != nil {
		t.Fatal(err)
	}
	want := []Source{
		{ID: "wire", Name: "Wire", Country: "INT", Language: "en", Tier: "wire", Feeds: []Feed{}, Where: "c.yaml:2"},
		{
			ID: "paper", Name: "The Paper", Country: "GB", Language: "en", Tier: "national", Owner: "someone",
			Wires: []string{"wire"}, StateControlled: true, Where: "c.yaml:3",
			Feeds: []Feed{
				{URL: "https://paper.example/rss", Every: 15 * time.Minute, Section: "world", Where: "c.yaml:12", Origin: Origin{
					Publisher: "2026-10", SelfLink: "2026-09", Answered: "2026-08", Archive: "2023-06", Lists: 3,
				}},
				{URL: "https://paper.example/other", Where: "c.yaml:13"},
			},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("sources (-want +got):\n%s", diff)
	}
}

func TestABadCatalogueIsToldLineByLine(t *testing.T) {
	t.Parallel()
	const head = "sources:\n  - {id: a, feeds: [{url: \"https://a.example/\"}]}\n"
	tests := []struct{ name, text, want string }{
		{"empty", "", "c.yaml: the catalogue is empty: begin with sources:"},
		{"no list", "sources: {a: b}\n", "c.yaml:1: sources: a list is wanted here"},
		{"no id", "sources:\n  - {name: A, feeds: []}\n", "c.yaml:2: a source has no id"},
		{"no feeds", "sources:\n  - {id: a}\n", "c.yaml:2: a: has no feeds: add feeds:"},
		{"no address", "sources:\n  - {id: a, feeds: [{every: 5m}]}\n", "c.yaml:2: a feed has no url"},
		{"unknown key", "sources:\n  - {id: a, feeds: [], contry: GB}\n", `c.yaml:2: there is no setting "contry" in a source: did you mean country?`},
		{"no web address", "sources:\n  - {id: a, feeds: [{url: \"file:///etc/passwd\"}]}\n", `c.yaml:2: url: "file:///etc/passwd" is not a web address`},
		{"password", "sources:\n  - {id: a, feeds: [{url: \"https://u:p@a.example/\"}]}\n", "c.yaml:2: url: holds a password"},
		{"interval", "sources:\n  - {id: a, feeds: [{url: \"https://a.example/\", every: 5}]}\n", `c.yaml:2: every: "5" cannot be used`},
		{"truth", "sources:\n  - {id: a, feeds: [], state_controlled: maybe}\n", "c.yaml:2: state_controlled: true or false is wanted here"},
		{"same id", head + "  - {id: a, feeds: []}\n", "c.yaml:3: a: this id is taken: choose another than the one at line 2"},
		{"same feed", head + "  - {id: b, feeds: [{url: \"https://A.example\"}]}\n", "c.yaml:3: b: this feed is listed already, at c.yaml:2"},
		{"same feed by http and www", head + "  - {id: b, feeds: [{url: \"http://www.a.example:80/#top\"}]}\n", "c.yaml:3: b: this feed is listed already, at c.yaml:2"},
		{"no origin", "sources:\n  - {id: a, feeds: [{url: \"https://a.example/\", origin: lists}]}\n", "c.yaml:2: origin: names with values are wanted here: use answered, archive"},
		{"unknown origin", "sources:\n  - {id: a, feeds: [{url: \"https://a.example/\", origin: {list: 3}}]}\n", `c.yaml:2: there is no setting "list" in origin: did you mean lists?`},
		{"no month", "sources:\n  - {id: a, feeds: [{url: \"https://a.example/\", origin: {answered: 2026-13}}]}\n", `c.yaml:2: answered: "2026-13" is not a month: write one such as 2026-10`},
		{"no lists", "sources:\n  - {id: a, feeds: [{url: \"https://a.example/\", origin: {lists: 0}}]}\n", `c.yaml:2: lists: "0" cannot be used: give the number of lists, from 1 to 1000`},
		{"no source", "sources:\n  - just text\n", "c.yaml:2: a source: names with values are wanted here"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			_, err := ParseFeeds("c.yaml", []byte(tt.text))
			if err == nil || !strings.HasPrefix(err.Error(), tt.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
}

func TestExtraCataloguesAddAndReplace(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	put := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	base := put("base.yaml", catalogue)
	extra := put("extra.yaml", "sources:\n  - {id: paper, name: Replaced, feeds: []}\n  - {id: new, feeds: [{url: \"https://paper.example/rss\"}]}\n")
	got, err := LoadSources(Feeds{File: base, Extra: []string{extra}})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, s := range got {
		names = append(names, s.ID+"="+s.Name)
	}
	if diff := cmp.Diff([]string{"wire=Wire", "paper=Replaced", "new="}, names); diff != "" {
		t.Errorf("sources (-want +got):\n%s", diff)
	}
	_, err = LoadSources(Feeds{File: base, Extra: []string{filepath.Join(dir, "none.yaml")}})
	if err == nil || !strings.Contains(err.Error(), "check feeds.file and feeds.extra") {
		t.Errorf("missing file: %v", err)
	}
}

func FuzzParseFeeds(f *testing.F) {
	f.Add(catalogue)
	f.Add("sources:\n  - {id: a, feeds: [{url: 'http://A.example:80/?b&a#c', origin: {lists: 1, answered: 2026-10}}]}")
	f.Add("sources: [&a {id: a, feeds: []}, *a]")
	f.Add("sources:\n  - {id: a, id: b, feeds: [{url: 'https://[::1'}]}")
	f.Fuzz(func(t *testing.T, text string) {
		sources, err := ParseFeeds("c.yaml", []byte(text))
		var ps Problems
		if err != nil && !errors.As(err, &ps) {
			t.Fatalf("error of another kind: %T %v", err, err)
		}
		for _, p := range ps {
			if strings.ContainsAny(p.Error(), "\n\r\x00") {
				t.Fatalf("problem that is not one line: %q", p.Error())
			}
		}
		if err != nil {
			return
		}
		for _, s := range sources {
			if s.ID == "" {
				t.Fatal("source without an id")
			}
			for _, fd := range s.Feeds {
				if !strings.HasPrefix(strings.ToLower(fd.URL), "http") {
					t.Fatalf("feed without an address: %+v", fd)
				}
			}
		}
	})
}
