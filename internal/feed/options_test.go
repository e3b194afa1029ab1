package feed_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/source"
)

func TestBadOptionsAreRefused(t *testing.T) {
	t.Parallel()
	good := feed.Options{
		Pace: feed.Pace{Min: time.Minute, Max: time.Hour, MaxBackoff: time.Hour}, Concurrency: 1, PerHost: 1, Lease: time.Minute,
		Now: time.Now, Logger: slog.New(slog.DiscardHandler), Language: func(source.ID) string { return "" },
	}
	if _, err := feed.NewPoller(nil, nil, nil, good); err != nil {
		t.Fatalf("good options: %v", err)
	}
	for name, spoil := range map[string]func(*feed.Options){
		"no shortest interval":      func(o *feed.Options) { o.Pace.Min = 0 },
		"a back-off that hurries":   func(o *feed.Options) { o.Pace.MaxBackoff = time.Second },
		"a longest below it":        func(o *feed.Options) { o.Pace.Max = time.Second },
		"a gap below zero":          func(o *feed.Options) { o.HostGap = -1 },
		"a lease of a day":          func(o *feed.Options) { o.Lease = 24 * time.Hour },
		"no polls at once":          func(o *feed.Options) { o.Concurrency = 0 },
		"no polls of a host":        func(o *feed.Options) { o.PerHost = 0 },
		"no lease":                  func(o *feed.Options) { o.Lease = 0 },
		"no clock":                  func(o *feed.Options) { o.Now = nil },
		"no languages of outlets":   func(o *feed.Options) { o.Language = nil },
		"nowhere to tell of faults": func(o *feed.Options) { o.Logger = nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := good
			spoil(&o)
			if _, err := feed.NewPoller(nil, nil, nil, o); err == nil {
				t.Error("accepted")
			}
		})
	}
}
