package parse

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TestParseReadsWhatAFeedAsksFor holds the parts of a document that tell when and
// where it is to be asked, in each format.
func TestParseReadsWhatAFeedAsksFor(t *testing.T) {
	t.Parallel()
	type wishes struct {
		Hub, Self   string
		TTL, Update time.Duration
		Hours       []int
		Days        []time.Weekday
	}
	const rss = `<rss version="2.0" xmlns:a10="http://www.w3.org/2005/Atom" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>`
	const end = `</channel></rss>`
	tests := []struct {
		what, doc string
		want      wishes
	}{
		{"nothing", rss + end, wishes{}},
		{"RSS, links under another prefix", rss + `<a10:link rel="self" href="/feed"/><a10:link rel="hub" href="https://hub.example/"/>` + end, wishes{Hub: "https://hub.example/", Self: "https://a.example/feed"}},
		{"RSS, the first of two hubs", rss + `<a10:link rel="hub" href="https://one.example/"/><a10:link rel="hub" href="https://two.example/"/>` + end, wishes{Hub: "https://one.example/"}},
		{"RSS, a hub that is no web address", rss + `<a10:link rel="hub" href="javascript:alert(1)"/>` + end, wishes{}},
		{"Atom", `<feed xmlns="http://www.w3.org/2005/Atom"><link rel="hub" href="https://hub.example/"/><link rel="self" href="https://a.example/feed"/></feed>`, wishes{Hub: "https://hub.example/", Self: "https://a.example/feed"}},
		{"JSON Feed", `{"version":"https://jsonfeed.org/version/1.1","feed_url":"https://a.example/feed","hubs":[{"type":"WebSub","url":"https://hub.example/"}],"items":[]}`, wishes{Hub: "https://hub.example/", Self: "https://a.example/feed"}},
		{"ttl in minutes", rss + `<ttl>15</ttl>` + end, wishes{TTL: 15 * time.Minute}},
		{"ttl of more than a week", rss + `<ttl>99999999</ttl>` + end, wishes{TTL: 7 * 24 * time.Hour}},
		{"ttl that is no number", rss + `<ttl>soon</ttl>` + end, wishes{}},
		{"ttl below zero", rss + `<ttl>-5</ttl>` + end, wishes{}},
		{"a period alone", rss + `<sy:updatePeriod>daily</sy:updatePeriod>` + end, wishes{Update: 24 * time.Hour}},
		{"a period and a frequency", rss + `<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>` + end, wishes{Update: 15 * time.Minute}},
		{"a frequency of zero", rss + `<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>` + end, wishes{Update: time.Hour}},
		{"a frequency alone", rss + `<sy:updateFrequency>4</sy:updateFrequency>` + end, wishes{}},
		{"a period of more than a week", rss + `<sy:updatePeriod>yearly</sy:updatePeriod>` + end, wishes{Update: 7 * 24 * time.Hour}},
		{"a period that is unknown", rss + `<sy:updatePeriod>often</sy:updatePeriod>` + end, wishes{}},
		{"hours and days to skip", rss + `<skipHours><hour>3</hour><hour>24</hour><hour>-1</hour><hour>x</hour><hour>3</hour></skipHours><skipDays><day>sunday</day><day>Noday</day></skipDays>` + end, wishes{Hours: []int{0, 3}, Days: []time.Weekday{time.Sunday}}},
	}
	for _, tt := range tests {
		t.Run(tt.what, func(t *testing.T) {
			t.Parallel()
			opts, err := Options{}.withDefaults()
			if err != nil {
				t.Fatal(err)
			}
			doc, err := read(Input{Body: []byte(tt.doc), BaseURL: "https://a.example/news", Now: noon}, opts)
			if err != nil {
				t.Fatal(err)
			}
			got := wishes{doc.Hub, doc.Self, doc.TTL, doc.Update, doc.SkipHours, doc.SkipDays}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}
