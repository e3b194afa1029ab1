package main

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"debug/buildinfo"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

var noon = time.Date(2026, 1, 29, 12, 0, 0, 0, time.UTC)

// TestABillNamesWhatAProgramHolds is for modules, replaced ones among them, and
// for the standard library.
func TestABillNamesWhatAProgramHolds(t *testing.T) {
	t.Parallel()
	info := &buildinfo.BuildInfo{
		GoVersion: "go1.26.6", Main: debug.Module{Path: "example.org/a", Version: "v1.0.0+dirty"},
		Deps: []*debug.Module{
			{Path: "example.org/z", Version: "v1.0.0", Replace: &debug.Module{Path: "example.org/y", Version: "v1.0.1", Sum: "h1:y="}},
			{Path: "example.org/b", Version: "v0.1.0", Sum: "h1:b="},
		},
		Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: "abc"}},
	}
	raw, err := billOf(info, "00ff", noon)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := billOf(info, "00ff", noon); err != nil || !bytes.Equal(raw, again) {
		t.Errorf("the second bill differs: %v", err)
	}
	var b bill
	if err := json.Unmarshal(raw, &b); err != nil {
		t.Fatal(err)
	}
	if len(b.Components) != 3 || len(b.Dependencies) != 1 || len(b.Dependencies[0].On) != 3 {
		t.Errorf("%d components, dependencies %v", len(b.Components), b.Dependencies)
	}
	for _, want := range []string{
		`"pkg:golang/example.org/a@v1.0.0%2Bdirty"`, `"name": "example.org/y"`, `"value": "h1:y="`, `"content": "00ff"`,
		`"timestamp": "2026-01-29T12:00:00Z"`, `"name": "go:build:vcs.revision"`, `"pkg:golang/std@1.26.6"`,
	} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("no %s in\n%s", want, raw)
		}
	}
	if strings.Contains(string(raw), "example.org/z") {
		t.Error("what was replaced is listed")
	}
}

func TestAnArchiveIsTheSameEachTime(t *testing.T) {
	t.Parallel()
	fsys := fstest.MapFS{
		"deploy/b": {Data: []byte("b"), ModTime: noon.Add(time.Hour), Mode: 0o600}, "deploy/a/c": {Data: []byte("c")}, "README.md": {Data: []byte("r")},
	}
	collect := func() []byte {
		var files []entry
		for _, root := range []string{"README.md", "deploy"} {
			more, err := entries(fsys, root)
			if err != nil {
				t.Fatal(err)
			}
			files = append(files, more...)
		}
		packed, err := pack("attache_v1", noon, files)
		if err != nil {
			t.Fatal(err)
		}
		return packed
	}
	first := collect()
	fsys["deploy/b"].ModTime = noon
	if !bytes.Equal(first, collect()) {
		t.Error("it depends on when the files were written")
	}
	z, err := gzip.NewReader(bytes.NewReader(first))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if !h.ModTime.Equal(noon) || h.Uid != 0 || h.Uname != "" {
			t.Errorf("%s: %v, user %d %q", h.Name, h.ModTime, h.Uid, h.Uname)
		}
		names = append(names, h.Name)
	}
	if want := []string{"attache_v1/README.md", "attache_v1/deploy/a/c", "attache_v1/deploy/b"}; !slices.Equal(names, want) {
		t.Errorf("holds %q, want %q", names, want)
	}
}

func TestCompanionsAreThere(t *testing.T) {
	t.Parallel()
	for _, c := range companions() {
		files, err := entries(os.DirFS(filepath.Join("..", "..")), c)
		if err != nil || len(files) == 0 {
			t.Errorf("%s: %d files, %v", c, len(files), err)
		}
	}
}

func TestTargets(t *testing.T) {
	t.Parallel()
	o, err := parse([]string{"-targets", "linux/amd64, plan9/arm"}, io.Discard)
	if want := []target{{"linux", "amd64"}, {"plan9", "arm"}}; err != nil || !slices.Equal(o.targets, want) {
		t.Errorf("%v, %v", o.targets, err)
	}
	if _, err := parse([]string{"-targets", "linux"}, io.Discard); err == nil || !strings.Contains(err.Error(), `write it as linux/amd64`) {
		t.Errorf("a target without a machine: %v", err)
	}
}
