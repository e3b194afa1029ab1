package feed

import (
	"strings"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/feed/parse"
)

func TestReportsComeOldestFirst(t *testing.T) {
	t.Parallel()
	at := func(hour int) time.Time { return time.Date(2026, 1, 30, hour, 0, 0, 0, time.UTC) }
	for _, c := range []struct {
		name  string
		items []parse.Item
		want  string
	}{
		{"a feed that begins with its newest", []parse.Item{{Title: "c", Published: at(3)}, {Title: "b", Published: at(2)}, {Title: "a", Published: at(1)}}, "abc"},
		{"a feed that ends with its newest", []parse.Item{{Title: "a", Published: at(1)}, {Title: "b", Published: at(2)}, {Title: "c", Published: at(3)}}, "abc"},
		{"a feed without dates begins with its newest", []parse.Item{{Title: "c"}, {Title: "b"}, {Title: "a"}}, "abc"},
		{"one time for all", []parse.Item{{Title: "c", Published: at(1)}, {Title: "b", Published: at(1)}, {Title: "a", Published: at(1)}}, "abc"},
		{"a report without a date stays beside the older one", []parse.Item{{Title: "d", Published: at(4)}, {Title: "c"}, {Title: "b", Published: at(2)}, {Title: "a", Published: at(1)}}, "abcd"},
		{"a pinned item at the top", []parse.Item{{Title: "a", Published: at(1)}, {Title: "c", Published: at(3)}, {Title: "b", Published: at(2)}}, "abc"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var got strings.Builder
			for _, r := range Reports(Feed{}, parse.Document{Items: c.items}, "en", at(12)) {
				got.WriteString(r.Title)
			}
			if got.String() != c.want {
				t.Errorf("got %s, want %s", got.String(), c.want)
			}
		})
	}
}
