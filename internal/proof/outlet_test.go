//go:build unix

package proof

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// outlet serves one feed. It publishes more news whenever the bot shows, by the
// validator that it sends, that it has stored what was there before: so news
// flow as fast as the bot takes them, and none leaves the feed unread.
type outlet struct {
	// wanted says, from how many stories there are, how many more to publish.
	wanted func(stories int) int

	mu      sync.Mutex
	stories []time.Time // when each was published
	changed chan struct{}
}

// shown is how many stories the feed holds.
const shown = 40

// firstRounds is the number in the first story's headline. Headlines that
// differ in their numbers only are different stories.
const firstRounds = 13

func headline(i int) string {
	return fmt.Sprintf("Ceasefire agreed after %d rounds of talks between the armies", firstRounds+i)
}

// storyOf is the number of the story that a headline tells, or -1.
func storyOf(title string) int {
	var n int
	if _, err := fmt.Sscanf(title, "Ceasefire agreed after %d rounds", &n); err != nil {
		return -1
	}
	return n - firstRounds
}

// count is how many stories there are, and what is closed at the next request.
func (o *outlet) count() (int, <-chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return len(o.stories), o.changed
}

// ServeHTTP implements [http.Handler].
func (o *outlet) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	close(o.changed)
	o.changed = make(chan struct{})
	stored, err := strconv.Atoi(strings.Trim(r.Header.Get("If-None-Match"), `"`))
	if err == nil && stored == len(o.stories) {
		for range o.wanted(len(o.stories)) {
			o.stories = append(o.stories, time.Now())
		}
		if stored == len(o.stories) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
	}
	w.Header().Set("ETag", strconv.Quote(strconv.Itoa(len(o.stories))))
	w.Header().Set("Content-Type", "application/rss+xml")
	fmt.Fprint(w, `<rss version="2.0"><channel><title>Example Wire</title>`)
	for i := len(o.stories) - 1; i >= max(0, len(o.stories)-shown); i-- { // the newest first, as everywhere
		fmt.Fprintf(w, "<item><guid>%d</guid><title>%s</title><link>https://wire.example/%d</link><pubDate>%s</pubDate>"+
			"<description>Both armies signed the ceasefire on day %d of the war.</description></item>",
			i, headline(i), i, o.stories[i].UTC().Format(time.RFC1123Z), firstRounds+i)
	}
	fmt.Fprint(w, `</channel></rss>`)
}
