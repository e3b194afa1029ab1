package parse

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// BenchmarkRealFeeds reports, beside the time, how many times as long parsing
// takes as walking the same bytes with encoding/xml ("x-token").
func BenchmarkRealFeeds(b *testing.B) {
	for _, file := range feedFiles(b) {
		if filepath.Base(file) != "01.xml" {
			continue
		}
		body, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(filepath.Base(filepath.Dir(file)), func(b *testing.B) {
			p := newParser(b)
			b.SetBytes(int64(len(body)))
			b.ReportAllocs()
			var parsing, walking time.Duration
			for b.Loop() {
				start := time.Now()
				if _, err := p.Parse(b.Context(), Input{Body: body, Now: captured}); err != nil {
					b.Fatal(err)
				}
				parsing += time.Since(start)
				// In turns, so that both see the same machine.
				b.StopTimer()
				start = time.Now()
				walk(b, body)
				walking += time.Since(start)
				b.StartTimer()
			}
			b.ReportMetric(float64(parsing)/float64(walking), "x-token")
		})
	}
}

func walk(b *testing.B, body []byte) {
	d := newDecoder(bytes.NewReader(body))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			return
		} else if err != nil {
			b.Fatal(err)
		}
	}
}
