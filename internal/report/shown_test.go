package report_test

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/attache-bot/attache/internal/report"
)

func TestShownLink(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, in, want string }{
		{"campaigns go", "https://news.example/a?utm_source=rss&utm_medium=feed", "https://news.example/a"},
		{"what names the article stays, in its order", "https://news.example/a.php?z=1&utm_source=rss&id=7", "https://news.example/a.php?z=1&id=7"},
		{"nothing else is touched", "http://WWW.News.example:8080/A/?b=%20#part-2", "http://WWW.News.example:8080/A/?b=%20#part-2"},
		{"a fragment stays", "https://news.example/a?fbclid=x#live", "https://news.example/a#live"},
		{"no link", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := report.ShownLink(c.in); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func TestShownLinkIsTheSameArticle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		raw := "https://news.example/" + rapid.StringMatching(`[a-z/]{0,9}(\?[a-z0-9_=&%]{0,30})?(#[a-z!]{0,5})?`).Draw(t, "rest")
		before, err := report.CanonicalLink(raw)
		after, err2 := report.CanonicalLink(report.ShownLink(raw))
		if (err == nil) != (err2 == nil) || before != after {
			t.Fatalf("%s became another article: %s, %s", raw, before, after)
		}
	})
}
