package demo_test

import (
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/demo"
)

// stage is a demo server on a clock that the test turns.
type stage struct {
	t   *testing.T
	now time.Time
	s   *demo.Server
}

func play(t *testing.T, script string) *stage {
	t.Helper()
	sc, err := demo.ReadScript(strings.NewReader(script))
	if err != nil {
		t.Fatal(err)
	}
	st := &stage{t: t, now: time.Date(2026, 1, 29, 18, 0, 0, 0, time.UTC)}
	if st.s, err = demo.NewServer(sc, 1, func() time.Time { return st.now }); err != nil {
		t.Fatal(err)
	}
	return st
}

func (st *stage) get(path, etag string) (*http.Response, string) {
	st.t.Helper()
	r := httptest.NewRequest(http.MethodGet, "http://demo.example"+path, nil)
	r.Header.Set("If-None-Match", etag)
	w := httptest.NewRecorder()
	st.s.ServeHTTP(w, r)
	res := w.Result()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		st.t.Fatal(err)
	}
	return res, string(b)
}

const small = `
outlets:
  - {id: wire, name: Wire, country: GB, language: en, tier: wire, format: rss}
  - {id: post, name: Post, country: GB, language: en, tier: national, format: atom}
  - {id: site, name: Site, country: GB, language: en, tier: national, format: json}
items:
  - {outlet: wire, at: -60, title: Old news, text: From before.}
  - {outlet: wire, at: 10, title: New news, text: From now.}
  - {outlet: wire, at: 20, rename: true}
`

func TestTheStoryBeginsWhenEveryFeedWasAskedFor(t *testing.T) {
	t.Parallel()
	st := play(t, small)
	st.get("/wire/feed", "")
	st.now = st.now.Add(time.Hour)
	if _, body := st.get("/wire/feed", ""); strings.Contains(body, "New news") {
		t.Error("the story began before the other feeds were asked for")
	}
	st.get("/post/feed", "")
	st.get("/site/feed", "")
	<-st.s.Begun()
	if _, body := st.get("/wire/feed", ""); strings.Contains(body, "New news") {
		t.Error("an item appeared before its time")
	}
	st.now = st.now.Add(10 * time.Second)
	if _, body := st.get("/wire/feed", ""); !strings.Contains(body, "New news") || !strings.Contains(body, "Old news") {
		t.Errorf("items are missing at their time:\n%s", body)
	}
	st.now = st.now.Add(10 * time.Second)
	st.get("/wire/feed", "") // whoever asks again has acted on what stood there
	if _, body := st.get("/wire/feed", ""); !strings.Contains(body, "/wire/story-1") {
		t.Errorf("the outlet did not rename its items:\n%s", body)
	}
}

func TestTheStoryWaitsForSlowReaders(t *testing.T) {
	t.Parallel()
	st := play(t, small+"  - {outlet: post, at: 30, title: Later news, text: After that.}\n")
	feeds := []string{"/wire/feed", "/post/feed", "/site/feed"}
	for _, f := range feeds {
		st.get(f, "")
	}
	st.now = st.now.Add(time.Hour)
	later := func() bool {
		_, body := st.get("/post/feed", "")
		return strings.Contains(body, "Later news")
	}
	for _, want := range []string{"nobody asked for the earlier news", "it was handed over", "its renaming was not", "that was handed over"} {
		if later() {
			t.Errorf("the later news came while %s", want)
		}
		st.get("/wire/feed", "")
	}
	if !later() {
		t.Error("the later news does not come once the earlier was acted on")
	}
}

func TestUnchangedFeedsAnswer304(t *testing.T) {
	t.Parallel()
	st := play(t, small)
	res, _ := st.get("/wire/feed", "")
	if res, _ := st.get("/wire/feed", res.Header.Get("ETag")); res.StatusCode != http.StatusNotModified {
		t.Errorf("status %d, want 304", res.StatusCode)
	}
}

func TestTheSampleIsWellFormed(t *testing.T) {
	t.Parallel()
	sc, err := demo.Sample()
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	s, err := demo.NewServer(sc, 1, func() time.Time { return now })
	if err != nil {
		t.Fatal(err)
	}
	st := &stage{t: t, s: s}
	for _, o := range sc.Outlets {
		st.get(demo.FeedPath(o.ID), "")
	}
	now = now.Add(sc.Length())
	for _, o := range sc.Outlets {
		_, body := st.get(demo.FeedPath(o.ID), "")
		var err error
		if o.Format == "json" {
			err = json.Unmarshal([]byte(body), new(any))
		} else {
			err = xml.Unmarshal([]byte(body), new(struct{}))
		}
		if err != nil {
			t.Errorf("%s: %v\n%s", o.ID, err, body)
		}
	}
	for i, it := range sc.Items {
		if it.Rename {
			continue
		}
		if res, body := st.get(fmt.Sprintf("/%s/%d", it.Outlet, i), ""); res.StatusCode != http.StatusOK || !strings.Contains(body, "<h1>") {
			t.Errorf("article %d: status %d", i, res.StatusCode)
		}
	}
}

func TestBadScriptsAreRefused(t *testing.T) {
	t.Parallel()
	for name, s := range map[string]string{
		"empty": "", "not YAML": "\t", "unknown key": "outlets: [{id: a, name: A, format: rss, colour: red}]",
		"unknown format":  "outlets: [{id: a, name: A, format: doc}]",
		"unknown outlet":  "outlets: [{id: a, name: A, format: rss}]\nitems: [{outlet: b, title: T}]",
		"outlet twice":    "outlets: [{id: a, name: A, format: rss}, {id: a, name: A, format: rss}]",
		"nothing to tell": "outlets: [{id: a, name: A, format: rss}]\nitems: [{outlet: a}]",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := demo.ReadScript(strings.NewReader(s)); err == nil {
				t.Error("accepted")
			}
		})
	}
}

func TestTheStoryIsReadWhenEveryFeedWasAskedForAgainAfterItsEnd(t *testing.T) {
	t.Parallel()
	st := play(t, small)
	feeds := []string{"/wire/feed", "/post/feed", "/site/feed"}
	read := func() bool {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		// Of two reasons to return either may win: the end counts when it can.
		for range 64 {
			if st.s.WaitRead(ctx) == nil {
				return true
			}
		}
		return false
	}
	for _, f := range feeds {
		st.get(f, "")
	}
	st.now = st.now.Add(time.Minute)
	// Twice until the news was acted on, and three times from the end on.
	for range 5 {
		if read() {
			t.Fatal("counts as read before its time")
		}
		for _, f := range feeds {
			st.get(f, "")
		}
	}
	if !read() {
		t.Error("does not count as read")
	}
}

// TestWhatIsBesideTheScript adds a report, finds a feed by its site, and has the
// outlet fail and answer again.
func TestWhatIsBesideTheScript(t *testing.T) {
	t.Parallel()
	st := play(t, strings.Replace(small, "items:", "  - {id: own, name: Own Diary, country: GB, language: en, tier: local, format: rss, own: true}\nitems:", 1))
	for _, f := range []string{"/wire/feed", "/post/feed", "/site/feed"} {
		st.get(f, "")
	}
	<-st.s.Begun() // though nobody reads the diary
	st.s.Publish("own", "Just in", "Beside the script.")
	if _, body := st.get("/own/feed", ""); !strings.Contains(body, "Just in") {
		t.Errorf("what was published is not in the feed:\n%s", body)
	}
	if _, body := st.get("/own/3", ""); !strings.Contains(body, "Beside the script.") {
		t.Errorf("its article: %s", body)
	}
	if _, body := st.get("/own", ""); !strings.Contains(body, `href="/own/feed"`) {
		t.Errorf("the site does not name its feed:\n%s", body)
	}
	if _, body := st.get("/", ""); strings.Count(body, "<link") != 4 {
		t.Errorf("not every feed is named:\n%s", body)
	}
	noticed := st.s.Fail("own")
	for range 2 {
		select {
		case <-noticed:
			t.Error("the failure counts as noticed before anybody has asked again")
		default:
		}
		if res, _ := st.get("/own/feed", ""); res.StatusCode != http.StatusServiceUnavailable {
			t.Errorf("while it fails: status %d", res.StatusCode)
		}
	}
	<-noticed
	st.s.Mend("own")
	if res, _ := st.get("/own/feed", ""); res.StatusCode != http.StatusOK {
		t.Errorf("after it was mended: status %d", res.StatusCode)
	}
}
