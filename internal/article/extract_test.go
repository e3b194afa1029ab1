package article_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"github.com/attache-bot/attache/internal/article"
)

// news is a page as outlets make them: the article among what is on every page.
func news(head string, paragraphs ...string) string {
	return "<!doctype html><html lang=en><head><title>Truce agreed in Geneva | Example Wire</title>" + head + "</head><body>" +
		"<nav><ul><li><a href=/>Home</a><li><a href=/world>World</a><li><a href=/login>Subscribe now for 1 euro</a></ul></nav>" +
		"<main><article><h1>Truce agreed in Geneva</h1><p>" + strings.Join(paragraphs, "</p><p>") + "</p></article></main>" +
		"<aside class=related><h3>Most read</h3><a href=/x>Ten recipes for the weekend</a></aside>" +
		"<footer>Copyright Example Wire. All rights reserved.</footer><script>var x = 1</script></body></html>"
}

var geneva = []string{
	"The two armies agreed a truce in Geneva on Thursday, the mediators said after three days of talks.",
	"The foreign ministry of the northern republic confirmed the agreement and said that it would hold from midnight.",
	"A spokesman for the southern army declined to comment on the terms, which were not published, and left the hall.",
}

func TestThePageOfAReportGivesTheBeginningOfItsArticle(t *testing.T) {
	t.Parallel()
	got, err := extractor(t).Extract(t.Context(), page(news("", geneva...)))
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.Join(geneva, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestOfALongArticleTheFirstSentencesAreKept(t *testing.T) {
	t.Parallel()
	long := make([]string, 200)
	for i := range long {
		long[i] = geneva[i%3]
	}
	got, err := extractor(t).Extract(t.Context(), page(news("", long...)))
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(got, "."); n != article.MaxSentences || !strings.HasSuffix(got, ".") {
		t.Errorf("%d sentences, want %d: %q", n, article.MaxSentences, got)
	}
}

func TestAPageIsReadInItsOwnCharset(t *testing.T) {
	t.Parallel()
	const sentence = "Міністерство закордонних справ повідомило у четвер, що сторони домовилися про перемир’я після тривалих переговорів у Женеві."
	body := news("", strings.ReplaceAll(sentence, "’", "'"), strings.Repeat("Перемир'я почне діяти опівночі, заявили посередники. ", 3))
	encoded, err := charmap.Windows1251.NewEncoder().String(body)
	if err != nil {
		t.Fatal(err)
	}
	p := page(encoded)
	p.ContentType, p.Title = "text/html; charset=windows-1251", "Сторони домовилися про перемир'я"
	got, err := extractor(t).Extract(t.Context(), p)
	if err != nil || !strings.HasPrefix(got, "Міністерство закордонних справ") {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestWhatIsNoArticleOfTheReportIsRefused(t *testing.T) {
	t.Parallel()
	whole := news("", geneva...)
	for name, c := range map[string]struct {
		page article.Page
		want article.Reason
	}{
		"a picture":           {article.Page{Body: []byte("\x89PNG\r\n\x1a\n"), ContentType: "image/png"}, article.NotAPage},
		"a feed":              {article.Page{Body: []byte(whole), ContentType: "application/rss+xml"}, article.NotAPage},
		"bytes of no kind":    {article.Page{Body: []byte{0, 1, 2, 3}}, article.NotAPage},
		"a page for a few":    {page(news(`<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree": "False"}</script>`, geneva...)), article.Paywall},
		"an older mark of it": {page(news(`<meta property="article:content_tier" content="locked">`, geneva...)), article.Paywall},
		"an empty page":       {page("<html><body></body></html>"), article.NoText},
		"a notice":            {page("<html><body><p>Please enable cookies.</p></body></html>"), article.NoText},
		"a front page": {page("<html><title>Welcome</title><body><article><p>" +
			strings.Repeat("Before you go on, we and our partners ask for your consent to the use of cookies. ", 8) + "</p></article></body></html>"), article.Unrelated},
	} {
		got, err := extractor(t).Extract(t.Context(), c.page)
		var e *article.Error
		if !errors.As(err, &e) || e.Reason != c.want || got != "" {
			t.Errorf("%s: %q, %v, want %s", name, got, err, c.want)
		}
	}
	free := page(news(`<script type="application/ld+json">{"isAccessibleForFree": true}</script><meta property="article:content_tier" content="free">`, geneva...))
	if got, err := extractor(t).Extract(t.Context(), free); err != nil || got == "" {
		t.Errorf("a page that is free to read: %q, %v", got, err)
	}
}

func TestAnEndOfOurOwnSaysNothingOfThePage(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	x := extractor(t)
	for range 50 { // whichever of the two is seen first
		_, err := x.Extract(ctx, page(news("", geneva...)))
		var e *article.Error
		if err != nil && (!errors.As(err, &e) || e.Reason != article.Stopped) {
			t.Fatalf("got %v, want %s", err, article.Stopped)
		}
	}
}
