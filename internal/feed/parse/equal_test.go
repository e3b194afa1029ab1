package parse

import (
	"errors"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/sharedtest"
)

// readWhole reads a document the long way.
func readWhole(in Input, o Options) (Document, error) {
	ns := notes{}
	body, err := normalize(in.Body, in.ContentType, o.MaxBody, ns)
	if err != nil {
		return Document{}, err
	}
	format, err := inspect(body)
	if err != nil {
		return Document{}, err
	}
	raw, err := decode(trimmed{format: format, doc: body})
	if err != nil {
		if e := new(Error); errors.As(err, &e) {
			return Document{}, e
		}
		return Document{}, &Error{Class: ClassMalformed, cause: err}
	}
	return refine(raw, in, o, ns), nil
}

// checkSame holds trimming to its word: a document says the same with it and
// without.
func checkSame(tb testing.TB, name string, in Input) (short bool) {
	tb.Helper()
	o, err := Options{}.withDefaults()
	if err != nil {
		tb.Fatal(err)
	}
	body, err := normalize(in.Body, in.ContentType, o.MaxBody, notes{})
	if err != nil {
		return false
	}
	if _, short = trim(body); !short {
		return false
	}
	got, errGot := read(in, o)
	want, errWant := readWhole(in, o)
	if diff := cmp.Diff(want, got); diff != "" {
		tb.Errorf("%s: trimmed reads otherwise (-whole +trimmed):\n%s", name, diff)
	}
	if class(errGot) != class(errWant) {
		tb.Errorf("%s: trimmed %v, whole %v", name, errGot, errWant)
	}
	return short
}

func class(err error) Class {
	if e := new(Error); errors.As(err, &e) {
		return e.Class
	}
	return ""
}

func TestTrimmedFeedsSayTheSame(t *testing.T) {
	t.Parallel()
	t.Run("real feeds", func(t *testing.T) {
		t.Parallel()
		for _, file := range feedFiles(t) {
			body, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !checkSame(t, file, Input{Body: body, BaseURL: "https://example.org/feed", Now: captured}) {
				t.Errorf("%s: goes the long way", file)
			}
		}
	})
	for _, archive := range []string{"conformance-feedparser.tar.gz", "conformance-feedvalidator.tar.gz"} {
		t.Run(archive, func(t *testing.T) {
			t.Parallel()
			files, short := 0, 0
			eachFile(t, sharedtest.Path(t, "data", archive), func(name string, body []byte) {
				files++
				if checkSame(t, name, Input{Body: body, BaseURL: "https://example.org/feed", Now: captured}) {
					short++
				}
			})
			t.Logf("%d of %d files are trimmed", short, files)
			if short*3 < files {
				t.Errorf("only %d of %d files are trimmed", short, files)
			}
		})
	}
	t.Run("bombs", func(t *testing.T) {
		t.Parallel()
		for _, b := range bombs() {
			if len(b.doc) < 1<<20 {
				checkSame(t, b.name, Input{Body: []byte(b.doc), BaseURL: "https://example.org/", Now: captured})
			}
		}
	})
}
