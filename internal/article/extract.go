package article

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"
	"unicode/utf8"

	readability "codeberg.org/readeck/go-readability/v2"
	"golang.org/x/net/html"

	"github.com/attache-bot/attache/internal/text"
)

const (
	// MaxSentences is how many sentences of a page are kept at most.
	MaxSentences = 12
	// MaxText bounds them together, in bytes.
	MaxText = 6_000
	// minText is how many code points a text has at least.
	minText = 200
	// maxElements bounds the elements that the library is given.
	maxElements = 20_000
)

// Page is a document as it was fetched.
type Page struct {
	Body        []byte
	ContentType string
	// URL is where it was found, after redirects.
	URL string
	// Title is the report's, whose words the page must share.
	Title string
}

// ExtractOptions bound an [Extractor]. Zero values mean the defaults named at
// each field.
type ExtractOptions struct {
	// Timeout is how long one page may take; 3 s.
	Timeout time.Duration
	// Workers is how many pages are read at once; 2.
	Workers int
}

// Extractor takes the beginning of an article's text out of its page. It is safe
// for concurrent use.
type Extractor struct {
	timeout   time.Duration
	slots     chan struct{}
	abandoned atomic.Int64
	read      func(Page) (string, error)
}

// NewExtractor returns an extractor, or says which option is wrong.
func NewExtractor(o ExtractOptions) (*Extractor, error) {
	if o.Timeout < 0 || o.Workers < 0 {
		return nil, errors.New("extract options: a limit is negative")
	}
	if o.Timeout == 0 {
		o.Timeout = 3 * time.Second
	}
	if o.Workers == 0 {
		o.Workers = 2
	}
	return &Extractor{timeout: o.Timeout, slots: make(chan struct{}, o.Workers), read: read}, nil
}

// Abandoned returns how many pages missed their deadline.
func (x *Extractor) Abandoned() int64 { return x.abandoned.Load() }

// Extract returns the first sentences of the article on a page: plain text, a
// paragraph a line, at most [MaxSentences] and [MaxText]. It waits for a free
// worker; the deadline covers the wait. Every error is an [*Error].
func (x *Extractor) Extract(ctx context.Context, p Page) (string, error) {
	limited, cancel := context.WithTimeout(ctx, x.timeout)
	defer cancel()
	select {
	case x.slots <- struct{}{}:
	case <-limited.Done():
		return "", stopped(ctx)
	}
	type result struct {
		text string
		err  error
	}
	done := make(chan result, 1)
	go func() {
		defer func() { <-x.slots }()
		text, err := x.safely(p)
		done <- result{text, err}
	}()
	select {
	case r := <-done:
		return r.text, r.err
	case <-limited.Done():
		x.abandoned.Add(1)
		return "", stopped(ctx)
	}
}

// stopped tells our own end from a page that took too long.
func stopped(caller context.Context) *Error {
	if errors.Is(caller.Err(), context.Canceled) {
		return &Error{Reason: Stopped, cause: caller.Err()}
	}
	return &Error{Reason: TooSlow, cause: context.DeadlineExceeded}
}

// safely turns a panic of the libraries into an error.
func (x *Extractor) safely(p Page) (out string, err error) {
	defer func() {
		if r := recover(); r != nil {
			out, err = "", &Error{Reason: Fault, cause: fmt.Errorf("panic: %v\n%s", r, debug.Stack())}
		}
	}()
	return x.read(p)
}

// read does the whole work on one page, in the order that the package comment
// gives.
func read(p Page) (string, error) {
	body, err := decode(p)
	if err != nil {
		return "", err
	}
	if locked(body) {
		return "", &Error{Reason: Paywall}
	}
	if err := inspect(body); err != nil {
		return "", err
	}
	root, err := html.Parse(strings.NewReader(body))
	if err != nil {
		return "", &Error{Reason: TooComplex, cause: err}
	}
	if err := measure(root); err != nil {
		return "", err
	}
	return article(root, p)
}

// article has the library find the article in the tree, and keeps its beginning.
func article(root *html.Node, p Page) (string, error) {
	base, err := url.Parse(p.URL)
	if err != nil {
		base = nil
	}
	reader := readability.NewParser()
	reader.MaxElemsToParse, reader.DisableJSONLD = maxElements, true
	found, err := reader.ParseAndMutate(root, base)
	if err != nil {
		return "", &Error{Reason: TooComplex, cause: err}
	}
	if found.Node == nil {
		return "", &Error{Reason: NoText}
	}
	var b strings.Builder
	if err := found.RenderText(&b); err != nil {
		return "", &Error{Reason: NoText, cause: err}
	}
	whole := text.CleanLines(strings.ToValidUTF8(b.String(), ""))
	if utf8.RuneCountInString(whole) < minText {
		return "", &Error{Reason: NoText}
	}
	out := beginning(whole)
	if !related(p.Title, found.Title()+"\n"+out) {
		return "", &Error{Reason: Unrelated}
	}
	return out, nil
}

// beginning is the first sentences of a text.
func beginning(whole string) string {
	sentences := text.Sentences(whole[:cutAt(whole, 2*MaxText)])
	end := 0
	for i, s := range sentences {
		if i == MaxSentences || s.End > MaxText {
			break
		}
		end = s.End
	}
	if end == 0 {
		end = cutAt(whole, MaxText)
	}
	return strings.TrimSpace(whole[:end])
}

// cutAt is the last place at or before n bytes where s can be cut.
func cutAt(s string, n int) int {
	if len(s) <= n {
		return len(s)
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return n
}

// relatedShare is the share of a headline's longer words that its page has at
// least. Front pages, notices of consent and errors that say 200 have hardly any.
const relatedShare = 0.34

// related reports whether a text may be the article of a headline. One that has no
// longer words tells nothing.
func related(title, body string) bool {
	has := make(map[string]bool)
	for _, w := range text.Words(body) {
		has[w] = true
	}
	all, both := 0, 0
	for _, w := range text.Words(title) {
		if utf8.RuneCountInString(w) < 4 || text.IsStopWord(w) {
			continue
		}
		all++
		if has[w] {
			both++
		}
	}
	return all == 0 || float64(both) >= relatedShare*float64(all)
}
