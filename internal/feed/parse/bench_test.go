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

// BenchmarkRealFeeds reports the time that parsing takes ("ms"), the time of
// walking the same bytes with encoding/xml ("floor"), and how many times as long
// the first is ("ratio"). For all feeds together it is to stay below 3.
func BenchmarkRealFeeds(b *testing.B) {
	var all [][]byte
	for _, file := range feedFiles(b) {
		if filepath.Base(file) != "01.xml" {
			continue
		}
		body, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		all = append(all, body)
		b.Run(filepath.Base(filepath.Dir(file)), func(b *testing.B) { benchmarkFeeds(b, body) })
	}
	b.Run("all", func(b *testing.B) { benchmarkFeeds(b, all...) })
}

func benchmarkFeeds(b *testing.B, bodies ...[]byte) {
	const passes = 5 // so that one iteration tells something
	p := newParser(b)
	size := 0
	for _, body := range bodies {
		size += len(body)
	}
	b.SetBytes(int64(passes * size))
	b.ReportAllocs()
	timed := func(read func(body []byte)) time.Duration {
		start := time.Now()
		for _, body := range bodies {
			read(body)
		}
		return time.Since(start)
	}
	parsing, walking := time.Duration(0), time.Duration(0)
	for b.Loop() {
		for range passes {
			parsing += timed(func(body []byte) {
				if _, err := p.Parse(b.Context(), Input{Body: body, Now: captured}); err != nil {
					b.Fatal(err)
				}
			})
			// In turns, so that both see the same machine.
			b.StopTimer()
			walking += timed(func(body []byte) { walk(b, body) })
			b.StartTimer()
		}
	}
	ms := func(d time.Duration) float64 { return d.Seconds() * 1000 / float64(b.N*passes) }
	b.ReportMetric(ms(parsing), "ms")
	b.ReportMetric(ms(walking), "floor")
	b.ReportMetric(float64(parsing)/float64(walking), "ratio")
	b.ReportMetric(0, "ns/op")
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
