package pipeline_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/pipeline"
)

func TestBadOptionsAreRefused(t *testing.T) {
	t.Parallel()
	good := pipeline.Options{Batch: 1, MaxAge: time.Hour, Now: time.Now, Logger: slog.New(slog.DiscardHandler)}
	if _, err := pipeline.New(nil, nil, nil, good); err != nil {
		t.Fatalf("good options: %v", err)
	}
	for name, spoil := range map[string]func(*pipeline.Options){
		"no batch":                  func(o *pipeline.Options) { o.Batch = 0 },
		"no age limit":              func(o *pipeline.Options) { o.MaxAge = 0 },
		"no clock":                  func(o *pipeline.Options) { o.Now = nil },
		"nowhere to tell of faults": func(o *pipeline.Options) { o.Logger = nil },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := good
			spoil(&o)
			if _, err := pipeline.New(nil, nil, nil, o); err == nil {
				t.Error("accepted")
			}
		})
	}
}
