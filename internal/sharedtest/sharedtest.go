// Package sharedtest finds the measuring data that tests read: real reports and
// feeds, conformance archives and Discord's OpenAPI file. They belong to others
// and lie beside the checkout, in ../shared or where ATTACHE_SHARED says.
package sharedtest

import (
	"os"
	"path/filepath"
	"testing"
)

// Path returns the path of a file or folder of the measuring data. Without it
// the test is skipped, but in CI it fails.
func Path(tb testing.TB, elem ...string) string {
	tb.Helper()
	path, ok := Find(tb, elem...)
	if !ok {
		tb.Skipf("measuring data is missing, ATTACHE_SHARED may name its folder: %s", filepath.Join(elem...))
	}
	return path
}

// Find is Path for tests that do without: ok is false where the data is
// missing, which in CI is a failure.
func Find(tb testing.TB, elem ...string) (path string, ok bool) {
	tb.Helper()
	root := os.Getenv("ATTACHE_SHARED")
	if root == "" {
		root = filepath.Join(checkout(tb), "..", "shared")
	}
	path = filepath.Join(append([]string{root}, elem...)...)
	_, err := os.Stat(path)
	if err != nil && os.Getenv("CI") != "" {
		tb.Fatalf("measuring data is missing: %v", err)
	}
	return path, err == nil
}

// checkout is the folder above the test that holds go.mod.
func checkout(tb testing.TB) string {
	tb.Helper()
	dir, err := os.Getwd()
	if err != nil {
		tb.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			tb.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
}
