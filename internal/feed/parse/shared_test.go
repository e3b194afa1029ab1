package parse

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/attache-bot/attache/internal/sharedtest"
)

// feedFiles returns the real feeds by folder, captures in order.
func feedFiles(tb testing.TB) []string {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join(sharedtest.Path(tb, "data", "feeds"), "*", "*.xml"))
	if err != nil || len(files) == 0 {
		tb.Fatalf("no feeds: %v", err)
	}
	return files
}

// eachFile calls do with each regular file of a .tar.gz.
func eachFile(tb testing.TB, path string, do func(name string, body []byte)) {
	tb.Helper()
	f, err := os.Open(path)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		tb.Fatal(err)
	}
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			tb.Fatal(err)
		}
		if h.Typeflag != tar.TypeReg {
			continue
		}
		body, err := io.ReadAll(r)
		if err != nil {
			tb.Fatal(err)
		}
		do(h.Name, body)
	}
}
