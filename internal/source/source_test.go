package source_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/source"
)

func post() source.Source {
	return source.Source{ID: "post", Name: "Example Post", Country: "US", Language: "en", Tier: source.National}
}

func TestValidateSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	if err := post().Validate(); err != nil {
		t.Fatalf("a good source: %v", err)
	}
	for _, c := range []struct {
		name  string
		spoil func(*source.Source)
		says  string
	}{
		{"no id", func(s *source.Source) { s.ID = "" }, "lower-case letters"},
		{"an id in capitals", func(s *source.Source) { s.ID = "Post" }, "lower-case letters"},
		{"an id with more than its line", func(s *source.Source) { s.ID = "post\n" }, "lower-case letters"},
		{"an id that is too long", func(s *source.Source) { s.ID = source.ID(strings.Repeat("a", 41)) }, "1 to 40"},
		{"a name of blanks", func(s *source.Source) { s.Name = " \t" }, "name is missing"},
		{"a country in small letters", func(s *source.Source) { s.Country = "us" }, "two-letter code"},
		{"a country in digits", func(s *source.Source) { s.Country = "12" }, "two-letter code"},
		{"a country's name", func(s *source.Source) { s.Country = "USA" }, "two-letter code"},
		{"a country that does not exist", func(s *source.Source) { s.Country = "XX" }, "two-letter code"},
		{"a country by another code than its own", func(s *source.Source) { s.Country = "UK" }, "two-letter code"},
		{"a group of countries", func(s *source.Source) { s.Country = "EU" }, "two-letter code"},
		{"a language that does not exist", func(s *source.Source) { s.Language = "xx" }, "base code"},
		{"a language by its old code", func(s *source.Source) { s.Language = "iw" }, "base code"},
		{"a language with a region", func(s *source.Source) { s.Language = "en-GB" }, "base code"},
		{"a language in capitals", func(s *source.Source) { s.Language = "EN" }, "base code"},
		{"no tier", func(s *source.Source) { s.Tier = "" }, "use wire"},
		{"an unknown tier", func(s *source.Source) { s.Tier = "blog" }, "use wire"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := post()
			c.spoil(&s)
			if err := s.Validate(); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("says %v, want %q in it", err, c.says)
			}
		})
	}
	t.Run("an international body is in no country", func(t *testing.T) {
		t.Parallel()
		s := post()
		s.Country = "INT"
		if err := s.Validate(); err != nil {
			t.Error(err)
		}
	})
	for _, tier := range source.Tiers() {
		s := post()
		s.Tier = tier
		if err := s.Validate(); err != nil {
			t.Errorf("tier %s: %v", tier, err)
		}
	}
}

func TestCatalogue(t *testing.T) {
	t.Parallel()
	wire := source.Source{ID: "wire", Name: "Example Wire", Country: "GB", Language: "en", Tier: source.Wire}
	carrier := post()
	carrier.Wires = []source.ID{"wire"}
	t.Run("keeps the order and finds by id, also a wire listed later", func(t *testing.T) {
		t.Parallel()
		c, err := source.NewCatalogue([]source.Source{carrier, wire})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff([]source.Source{carrier, wire}, c.All()); diff != "" {
			t.Error(diff)
		}
		if s, ok := c.Get("wire"); !ok || s.Name != "Example Wire" {
			t.Errorf("got %+v, %v", s, ok)
		}
		if _, ok := c.Get("other"); ok {
			t.Error("found a source that is not there")
		}
	})
	t.Run("names everything that is wrong at once", func(t *testing.T) {
		t.Parallel()
		bad := post()
		bad.ID, bad.Tier = "bad", "blog"
		_, err := source.NewCatalogue([]source.Source{carrier, post(), bad})
		if err == nil {
			t.Fatal("accepted")
		}
		for _, want := range []string{"post: listed twice", `wire "wire" is not a source`, `bad: tier "blog"`} {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%q is not in: %v", want, err)
			}
		}
	})
	t.Run("only wires are carried", func(t *testing.T) {
		t.Parallel()
		paper := wire
		paper.Tier = source.National
		_, err := source.NewCatalogue([]source.Source{carrier, paper})
		if want := `source post: "wire" is no wire: its tier is national`; err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
	})
}
