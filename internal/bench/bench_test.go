package main

import (
	"bytes"
	"errors"
	"go/parser"
	"go/token"
	"io"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const printed = `goos: linux
pkg: example.com/x
cpu: Some
BenchmarkFast/size=1-2         	       1	      4000 floor	       120.4 peak-MB	         0.5500 ratio	      2200 reports/s
BenchmarkSlow-2 	 10	 1500000 ns/op	 64 B/op
--- SKIP: BenchmarkAbsent
PASS
ok  	example.com/x	2.1s
`

func TestTable(t *testing.T) {
	t.Parallel()
	lines := []target{
		{"speed", "Fast/size=1", "reports/s", "reports/s", least(2000)},
		{"memory", "Fast/size=1", "peak-MB", "peak-MB", most(100)},
		{"speed over the floor's", "Fast/size=1", "reports/s", "ratio", least(0.6)},
		{"no target", "Slow", "ns/op", "", limit{}},
		{"skipped", "Absent", "ms", "ms", most(1)},
	}
	m := measured{}
	if err := m.read(strings.NewReader(printed)); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := m.write(&out, lines); !errors.Is(err, errMissed) {
		t.Errorf("error %v, want that a target is missed", err)
	}
	want := `| what | figure | floor | ratio | target | met |
|---|---:|---:|---:|---:|---|
| speed | 2200 reports/s | 4000 | 0.55 | ≥ 2000 reports/s | yes |
| memory | 120 MB |  |  | ≤ 100 MB | **no** |
| speed over the floor's | 2200 reports/s | 4000 | 0.55 | ≥ 0.6 | **no** |
| no target | 1500000 ns/op |  |  |  |  |
| skipped |  |  |  | ≤ 1 ms | not measured |
`
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Error(diff)
	}
	if err := m.write(io.Discard, lines[:1]); err != nil {
		t.Errorf("a table in which all is met: %v", err)
	}
}

// TestEveryTargetIsMeasured holds the names in the table to the benchmarks that
// the suites run.
func TestEveryTargetIsMeasured(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	for _, target := range targets() {
		top, _, _ := strings.Cut(target.name, "/")
		found := false
		for _, s := range suites() {
			pattern, _, _ := strings.Cut(s.bench, "/")
			if regexp.MustCompile(pattern).MatchString("Benchmark"+top) && declares(t, s.pkg, "Benchmark"+top) {
				found, used[s.pkg] = true, true
			}
		}
		if !found {
			t.Errorf("no suite runs Benchmark%s", top)
		}
	}
	for _, s := range suites() {
		if !used[s.pkg] {
			t.Errorf("no line of the table shows what %s measures", s.pkg)
		}
	}
}

// declares reports whether a package's tests have a function.
func declares(t *testing.T, pkg, name string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", "..", filepath.FromSlash(pkg), "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		tree, err := parser.ParseFile(token.NewFileSet(), f, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		if tree.Scope.Lookup(name) != nil {
			return true
		}
	}
	return false
}

func TestArguments(t *testing.T) {
	t.Parallel()
	s := suite{pkg: "internal/x", bench: "^BenchmarkX$", time: "3x", quick: []string{"-feeds", "10"}}
	for _, c := range []struct {
		quick bool
		want  string
	}{
		{false, "test ./internal/x -run ^$ -bench ^BenchmarkX$ -benchtime 3x -timeout 1h"},
		{true, "test ./internal/x -run ^$ -bench ^BenchmarkX$ -benchtime 1x -timeout 1h -feeds 10"},
	} {
		if got := strings.Join(s.arguments(c.quick), " "); got != c.want {
			t.Errorf("quick %t: go %s, want go %s", c.quick, got, c.want)
		}
	}
	if _, err := parse([]string{"-only", "("}, io.Discard); err == nil {
		t.Error("a pattern that is none is accepted")
	}
}
