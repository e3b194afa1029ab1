package archtest

import (
	"fmt"
	"io/fs"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// aMap is a document with a table of packages: the first column names folders
// below its own, the second may name files in them.
const aMap = "internal/README.md"

var ticked = regexp.MustCompile("`([^`]+)`")

// mapFaults returns packages below a map's folder that it does not name, and
// files that it names and that are not there.
func mapFaults(t *testing.T, fsys fs.FS) []string {
	t.Helper()
	raw, err := fs.ReadFile(fsys, aMap)
	if err != nil {
		t.Fatal(err)
	}
	top := path.Dir(aMap)
	_, table, ok := strings.Cut(string(raw), "| folder | its one page |\n|---|---|\n")
	if !ok {
		return []string{aMap + ": no table of folders"}
	}
	var named, faults []string
	for row := range strings.Lines(table) {
		cells := strings.Split(row, "|")
		if len(cells) != 4 {
			break
		}
		var folders []string
		for _, m := range ticked.FindAllStringSubmatch(cells[1], -1) {
			folders = append(folders, path.Join(top, m[1]))
		}
		named = append(named, folders...)
		for _, m := range ticked.FindAllStringSubmatch(cells[2], -1) {
			if path.Ext(m[1]) != "" && !slices.ContainsFunc(folders, func(dir string) bool { return isFile(fsys, path.Join(dir, m[1])) }) {
				faults = append(faults, fmt.Sprintf("%s: %s has no %s", aMap, cells[1], m[1]))
			}
		}
	}
	entries, err := fs.ReadDir(fsys, top)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if dir := path.Join(top, e.Name()); e.IsDir() && !slices.Contains(named, dir) {
			faults = append(faults, aMap+": "+dir+" is not in the table of folders")
		}
	}
	return faults
}

func isFile(fsys fs.FS, name string) bool {
	info, err := fs.Stat(fsys, name)
	return err == nil && info.Mode().IsRegular()
}

// TestTheMapIsTrue holds the table of internal/README.md to the tree.
func TestTheMapIsTrue(t *testing.T) {
	t.Parallel()
	for _, f := range mapFaults(t, os.DirFS(top(t))) {
		t.Error(f)
	}
}

func TestWhatAMapLacksIsFound(t *testing.T) {
	t.Parallel()
	const head = "| folder | its one page |\n|---|---|\n"
	for text, want := range map[string]string{
		head + "| `a`, `b` | `a.go`: all |\n":          "",
		head + "| `a` | `a.go`: all |\n":               "internal/b is not in the table",
		head + "| `a` | `c.go`: all |\n| `b` | it |\n": "has no c.go",
		"no table": "no table of folders",
	} {
		got := mapFaults(t, fstest.MapFS{
			aMap: {Data: []byte(text)}, "internal/a/a.go": {}, "internal/b/b.go": {},
		})
		if want == "" && len(got) > 0 || want != "" && (len(got) != 1 || !strings.Contains(got[0], want)) {
			t.Errorf("%q: found %q, want %q", text, got, want)
		}
	}
}
