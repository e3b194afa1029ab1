package parse

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

// shared returns the path of a file of the data that tests measure with. It
// lies beside the checkout, or where ATTACHE_SHARED says; only CI insists on it.
func shared(tb testing.TB, elem ...string) string {
	tb.Helper()
	root := os.Getenv("ATTACHE_SHARED")
	if root == "" {
		dir, err := os.Getwd()
		if err != nil {
			tb.Fatal(err)
		}
		for {
			if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
				break
			}
			if dir == filepath.Dir(dir) {
				tb.Fatal("no go.mod above the test")
			}
			dir = filepath.Dir(dir)
		}
		root = filepath.Join(dir, "..", "shared")
	}
	path := filepath.Join(append([]string{root, "data"}, elem...)...)
	if _, err := os.Stat(path); err != nil {
		if os.Getenv("CI") != "" {
			tb.Fatalf("shared data is missing: %v", err)
		}
		tb.Skipf("shared data is missing: %v", err)
	}
	return path
}

// feedFiles returns the real feeds by folder, captures in order.
func feedFiles(tb testing.TB) []string {
	tb.Helper()
	files, err := filepath.Glob(filepath.Join(shared(tb, "feeds"), "*", "*.xml"))
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
