package feed_test

import (
	"context"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/feed/parse"
	"github.com/attache-bot/attache/internal/report"
)

func TestPollOfAChangingFeed(t *testing.T) {
	t.Parallel()
	one := item{"1", "https://a.example/1", "Envoys meet in Geneva", noon.Add(-time.Hour)}
	two := item{"2", "https://a.example/2", "Truce agreed in Geneva", noon.Add(9 * time.Minute)}
	undated := item{"3", "https://a.example/3", "No date is given here", time.Time{}}

	t.Run("what a first import brings is quiet, what comes later is not", func(t *testing.T) {
		t.Parallel()
		p := &pages{}
		r := newRig(t, p, parts{}, "/a/feed")
		p.show("/a/feed", rss(one))
		r.want(feed.Changed)
		p.show("/a/feed", rss(undated, two, one))
		r.next("/a/feed")
		r.want(feed.Changed)
		want := map[string]report.Hush{one.title: report.HushFirstImport, two.title: "", undated.title: ""}
		if diff := cmp.Diff(want, r.reports()); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("a first import after failures is quiet too", func(t *testing.T) {
		t.Parallel()
		p := &pages{}
		r := newRig(t, p, parts{}, "/a/feed")
		r.want("not-found")
		p.show("/a/feed", rss(one))
		r.next("/a/feed")
		r.want(feed.Changed)
		if diff := cmp.Diff(map[string]report.Hush{one.title: report.HushFirstImport}, r.reports()); diff != "" {
			t.Error(diff)
		}
	})
	t.Run("an item without a date counts from when it was seen", func(t *testing.T) {
		t.Parallel()
		p := &pages{}
		r := newRig(t, p, parts{}, "/a/feed")
		p.show("/a/feed", rss(undated))
		r.want(feed.Changed)
		all, err := r.store.Unplaced(t.Context(), 10)
		must(t, err)
		if len(all) != 1 || !all[0].Published.IsZero() || !all[0].Time().Equal(noon) {
			t.Errorf("reports: %+v", all)
		}
	})
	t.Run("a feed that renames all its ids and links stays quiet", func(t *testing.T) {
		t.Parallel()
		p := &pages{}
		r := newRig(t, p, parts{}, "/a/feed")
		p.show("/a/feed", rss(numbered(30, "before", noon.Add(-5*time.Hour))...))
		r.want(feed.Changed)
		p.show("/a/feed", rss(numbered(30, "after", noon.Add(-5*time.Hour))...))
		r.next("/a/feed")
		r.want(feed.Changed)
		loud := 0
		for _, h := range r.reports() {
			if h == "" {
				loud++
			}
		}
		if loud > 0 {
			t.Errorf("%d reports may alert, want none", loud)
		}
	})
	t.Run("sibling feeds of a source bring one report", func(t *testing.T) {
		t.Parallel()
		p := &pages{}
		r := newRig(t, p, parts{}, "/a/world", "/a/top")
		p.show("/a/world", rss(one))
		p.show("/a/top", rss(one))
		if diff := cmp.Diff(map[string]feed.Result{"/a/world": feed.Changed, "/a/top": feed.Changed}, r.poll()); diff != "" {
			t.Error(diff)
		}
		if got := r.reports(); len(got) != 1 { // reports itself refuses repeats of a title
			t.Errorf("stored %v, want one report", got)
		}
	})
}

func TestValidatorsAndHash(t *testing.T) {
	t.Parallel()
	p := &pages{}
	r := newRig(t, p, parts{}, "/a/feed")
	var asked []string
	body, tag := rss(item{"1", "https://a.example/1", "Envoys meet in Geneva", noon}), `"one"`
	p.set("/a/feed", func(w http.ResponseWriter, req *http.Request) {
		asked = append(asked, req.Header.Get("If-None-Match"))
		w.Header().Set("ETag", tag)
		if req.Header.Get("If-None-Match") == tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		_, _ = w.Write([]byte(body))
	})
	r.want(feed.Changed)
	r.next("/a/feed")
	r.want(feed.NotModified)
	tag = `"two"`
	r.next("/a/feed")
	r.want(feed.SameBody)
	p.set("/a/feed", func(w http.ResponseWriter, req *http.Request) {
		asked = append(asked, req.Header.Get("If-None-Match"))
		w.WriteHeader(http.StatusInternalServerError)
	})
	r.next("/a/feed")
	r.want("server-error")
	r.next("/a/feed")
	r.want("server-error")
	if diff := cmp.Diff([]string{"", `"one"`, `"one"`, `"two"`, `"two"`}, asked); diff != "" {
		t.Errorf("validators sent: %s", diff)
	}
}

func TestHealth(t *testing.T) {
	t.Parallel()
	t.Run("a failing feed has a reason, and none when it is mended", func(t *testing.T) {
		t.Parallel()
		p := &pages{}
		r := newRig(t, p, parts{}, "/a/feed")
		for _, c := range []struct {
			what   func(w http.ResponseWriter, req *http.Request)
			reason feed.Result
		}{
			{func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusServiceUnavailable) }, "server-error"},
			{func(w http.ResponseWriter, _ *http.Request) {
				_, _ = w.Write([]byte("<!doctype html><html><head><title>Sign in</title></head><body>Please</body></html>"))
			}, "html-page"},
			{func(http.ResponseWriter, *http.Request) {}, "empty"},
			{func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusForbidden) }, "forbidden"},
		} {
			p.set("/a/feed", c.what)
			r.want(c.reason)
			f := r.status("/a/feed")
			if f.State != feed.Failing || f.Reason != string(c.reason) || !f.Since.Equal(noon) {
				t.Fatalf("feed is %s (%s) since %v, want failing (%s) since %v", f.State, f.Reason, f.Since, c.reason, noon)
			}
			r.next("/a/feed")
		}
		p.show("/a/feed", rss(item{"1", "https://a.example/1", "Envoys meet in Geneva", noon}))
		r.want(feed.Changed)
		if f := r.status("/a/feed"); f.State != feed.OK || f.Reason != "" || f.Failures != 0 || !f.Since.Equal(r.clock.Now()) {
			t.Errorf("after it mended: %+v", f)
		}
	})
	t.Run("a feed is left alone for as long as its server asks", func(t *testing.T) {
		t.Parallel()
		p := &pages{}
		r := newRig(t, p, parts{}, "/a/feed")
		p.set("/a/feed", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", strconv.Itoa(3600))
			w.WriteHeader(http.StatusTooManyRequests)
		})
		r.want("rate-limited")
		r.clock.advance(59 * time.Minute)
		if got := r.poll(); len(got) != 0 {
			t.Errorf("polled %v within the hour", got)
		}
		r.clock.advance(8 * time.Minute)
		r.want("rate-limited")
	})
	t.Run("a page instead of the feed loses no report and no validator", func(t *testing.T) {
		t.Parallel()
		p := &pages{}
		r := newRig(t, p, parts{}, "/a/feed")
		body := rss(item{"1", "https://a.example/1", "Envoys meet in Geneva", noon})
		p.show("/a/feed", body)
		r.want(feed.Changed)
		before := r.status("/a/feed").BodyHash
		p.show("/a/feed", "<html><body>Maintenance</body></html>")
		r.next("/a/feed")
		r.want("html-page")
		if got := r.status("/a/feed").BodyHash; got != before {
			t.Errorf("hash is %q, want %q", got, before)
		}
		p.show("/a/feed", body)
		r.next("/a/feed")
		r.want(feed.SameBody)
	})
}

func TestPoison(t *testing.T) {
	t.Parallel()
	p := &pages{}
	r := newRig(t, p, parts{}, "/a/feed", "/b/feed")
	p.show("/a/feed", rss(item{"1", "https://a.example/1", "Envoys meet in Geneva", noon}))
	p.show("/b/feed", rss(item{"1", "https://b.example/1", "Truce agreed in Geneva", noon}))
	ctx := t.Context()
	id := r.status("/a/feed").ID
	die := func() { // what a process leaves that dies while parsing
		must(t, r.store.MarkParsing(ctx, id, "hash"))
		must(t, r.newPoller(parts{}).Start(ctx))
	}
	die()
	if f := r.status("/a/feed"); f.State != feed.New {
		t.Fatalf("after one death the feed is %s, want new", f.State)
	}
	die()
	if f := r.status("/a/feed"); f.State != feed.Quarantined || f.Reason != "crashed-the-bot" {
		t.Fatalf("after two deaths the feed is %s (%s), want quarantined", f.State, f.Reason)
	}
	r.clock.advance(1000 * time.Hour)
	if diff := cmp.Diff(map[string]feed.Result{"/b/feed": feed.Changed}, r.poll()); diff != "" {
		t.Errorf("polls: %s", diff)
	}
	must(t, r.store.SetState(ctx, id, feed.New, "", r.clock.Now()))
	if got := r.poll(); got["/a/feed"] != feed.Changed {
		t.Errorf("once released it came to %v", got)
	}
	must(t, r.store.MarkParsing(ctx, id, "hash"))
	must(t, r.newPoller(parts{}).Start(ctx))
	if f := r.status("/a/feed"); !f.State.Answers() {
		t.Errorf("deaths before its release still count: it is %s", f.State)
	}
}

// countingParser counts the documents that it is given.
type countingParser struct {
	feed.Parser
	parsed int
}

func (p *countingParser) Parse(ctx context.Context, in parse.Input) (parse.Document, error) {
	p.parsed++
	return p.Parser.Parse(ctx, in)
}

func TestAnUnchangedDocumentIsNotParsed(t *testing.T) {
	t.Parallel()
	body := rss(item{"1", "https://a.example/1", "Envoys meet in Geneva", noon})
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   feed.Result
	}{
		"an equal body": {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(body)) }, feed.SameBody},
		"a 304": {func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("ETag", `"1"`)
			if r.Header.Get("If-None-Match") == `"1"` {
				w.WriteHeader(http.StatusNotModified)
				return
			}
			_, _ = w.Write([]byte(body))
		}, feed.NotModified},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := parse.New(parse.Options{})
			must(t, err)
			counting := &countingParser{Parser: p}
			r := newRig(t, c.answer, parts{parser: counting}, "/a/feed")
			r.want(feed.Changed)
			for range 3 {
				r.next("/a/feed")
				r.want(c.want)
			}
			if counting.parsed != 1 {
				t.Errorf("%d documents were parsed, want the first only", counting.parsed)
			}
		})
	}
}
