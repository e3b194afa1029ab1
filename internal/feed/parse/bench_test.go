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
			for b.Loop() {
				if _, err := p.Parse(b.Context(), Input{Body: body, Now: captured}); err != nil {
					b.Fatal(err)
				}
			}
			perParse := b.Elapsed() / time.Duration(b.N)
			b.StopTimer()
			start, rounds := time.Now(), 0
			for ; rounds < 10 || time.Since(start) < b.Elapsed()/4; rounds++ {
				walk(b, body)
			}
			perWalk := time.Since(start) / time.Duration(rounds)
			b.ReportMetric(float64(perParse)/float64(perWalk), "x-token")
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
