package archtest

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// file is one Go file of the tree.
type file struct {
	name   string // from the top, with slashes
	pkg    string // its folder
	test   bool
	fset   *token.FileSet
	syntax *ast.File
	source []byte
}

// top is the folder of go.mod.
func top(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no go.mod above the test")
		}
		dir = filepath.Dir(dir)
	}
}

// tree reads every Go file of a module.
func tree(t *testing.T, fsys fs.FS) []file {
	t.Helper()
	var out []file
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && name != "." && (strings.HasPrefix(d.Name(), ".") || d.Name() == "testdata") {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") {
			return nil
		}
		source, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		fset := token.NewFileSet()
		syntax, err := parser.ParseFile(fset, name, source, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		out = append(out, file{name, path.Dir(name), strings.HasSuffix(name, "_test.go"), fset, syntax, source})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// wholeTree reads the module that the test is part of.
func wholeTree(t *testing.T) []file {
	t.Helper()
	files := tree(t, os.DirFS(top(t)))
	if len(files) < 10 {
		t.Fatalf("only %d Go files found", len(files))
	}
	return files
}

// fits reports whether a name fits a pattern of the rules.
func fits(pattern, name string) bool {
	if pattern == "..." {
		return true
	}
	base, below := strings.CutSuffix(pattern, "/...")
	return name == base || below && strings.HasPrefix(name, base+"/")
}

func anyFits(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return fits(p, name) })
}

func imports(f file) []string {
	out := make([]string, len(f.syntax.Imports))
	for i, s := range f.syntax.Imports {
		out[i] = strings.Trim(s.Path.Value, "`\"")
	}
	return out
}

// layerFaults returns what breaks the table of layers.
func layerFaults(files []file) []string {
	var faults []string
	unknown := map[string]bool{}
	for _, f := range files {
		i := slices.IndexFunc(layers(), func(r rule) bool { return fits(r.of, f.pkg) })
		if i < 0 {
			if !unknown[f.pkg] {
				faults = append(faults, f.pkg+": this package is not in the table of layers")
			}
			unknown[f.pkg] = true
			continue
		}
		if f.test {
			continue
		}
		for _, imported := range imports(f) {
			ours, ok := strings.CutPrefix(imported, module+"/")
			if ok && ours != f.pkg && !anyFits(layers()[i].may, ours) {
				faults = append(faults, fmt.Sprintf("%s: %s may not import %s", f.name, f.pkg, ours))
			}
		}
	}
	return faults
}

// soleFaults returns the imports of libraries that belong to other packages.
func soleFaults(files []file) []string {
	var faults []string
	for _, f := range files {
		if f.test {
			continue
		}
		for _, imported := range imports(f) {
			for _, r := range sole() {
				if fits(r.of, imported) && !anyFits(r.may, f.pkg) {
					faults = append(faults, fmt.Sprintf("%s: only %s may import %s", f.name, strings.Join(r.may, ", "), imported))
				}
			}
		}
	}
	return faults
}

// docFaults returns the packages without a package comment.
func docFaults(files []file) []string {
	documented := map[string]bool{}
	for _, f := range files {
		if f.test {
			continue
		}
		documented[f.pkg] = documented[f.pkg] || f.syntax.Doc != nil && len(f.syntax.Doc.Text()) > 20
	}
	var faults []string
	for pkg, ok := range documented {
		if !ok {
			faults = append(faults, pkg+": no package comment that says what it owns")
		}
	}
	slices.Sort(faults)
	return faults
}

var exempt = regexp.MustCompile(`//nolint:funlen // \S.{5,}`)

// sizeFaults returns files and functions that are too long. A function may be
// longer when the comment above it, or the line of its name, says why.
func sizeFaults(files []file) []string {
	var faults []string
	for _, f := range files {
		if ast.IsGenerated(f.syntax) {
			continue
		}
		if n := f.fset.File(f.syntax.Pos()).LineCount(); n > maxFileLines && !f.test {
			faults = append(faults, fmt.Sprintf("%s: %d lines, at most %d", f.name, n, maxFileLines))
		}
		lines := strings.Split(string(f.source), "\n")
		for _, d := range f.syntax.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			from := f.fset.Position(fn.Pos()).Line
			if n := f.length(fn); n > maxFunctionLines && !excused(fn, lines[from-1]) {
				faults = append(faults, fmt.Sprintf("%s:%d: %s has %d lines, at most %d", f.name, from, fn.Name.Name, n, maxFunctionLines))
			}
		}
	}
	return faults
}

// length is the number of lines of a function. A test's cases are data and
// functions in their own right: of a function that tests, only the longest
// stretch of statements counts, tables and inner functions apart.
func (f file) length(fn *ast.FuncDecl) int {
	whole := f.lines(fn)
	if !f.test && !slices.Contains(imports(f), "testing") || fn.Body == nil {
		return whole
	}
	longest := 0
	ast.Inspect(fn, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			longest = max(longest, f.lines(n)-f.apart(n))
		}
		return true
	})
	return longest
}

func (f file) lines(n ast.Node) int {
	return f.fset.Position(n.End()).Line - f.fset.Position(n.Pos()).Line + 1
}

// apart counts the lines of the tables and functions inside a function.
func (f file) apart(fn ast.Node) int {
	total := 0
	ast.Inspect(fn, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.CompositeLit, *ast.FuncLit:
			if n != fn {
				total += f.lines(n) - 1
				return false
			}
		}
		return true
	})
	return total
}

func excused(fn *ast.FuncDecl, line string) bool {
	if fn.Doc == nil {
		return exempt.MatchString(line)
	}
	return exempt.MatchString(line) || slices.ContainsFunc(fn.Doc.List, func(c *ast.Comment) bool { return exempt.MatchString(c.Text) })
}

var unfinished = regexp.MustCompile(`\b(TODO|FIXME|XXX)\b`)

// habitFaults returns init functions, unfinished work and sleeping tests.
func habitFaults(files []file) []string {
	var faults []string
	bubbles := bubbleHelpers(files)
	for _, f := range files {
		at := func(pos token.Pos) string { return fmt.Sprintf("%s:%d", f.name, f.fset.Position(pos).Line) }
		for _, g := range f.syntax.Comments {
			for _, c := range g.List {
				if f.pkg != "internal/archtest" && unfinished.MatchString(c.Text) {
					faults = append(faults, at(c.Pos())+": unfinished by its own words")
				}
			}
		}
		for _, d := range f.syntax.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
				faults = append(faults, at(fn.Pos())+": init hides work at start-up; do it where it is wanted")
			}
		}
		if !f.test {
			continue
		}
		for _, pos := range sleeps(f.syntax, bubbles[f.pkg]) {
			faults = append(faults, at(pos)+": a test that sleeps; use testing/synctest or wait for an event")
		}
	}
	return faults
}

// sleeps finds the calls of time.Sleep outside of bubbles of virtual time:
// outside of what is handed to synctest.Test or to one of the helpers.
func sleeps(n ast.Node, helpers map[string]bool) []token.Pos {
	var found []token.Pos
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if name, ok := n.Fun.(*ast.Ident); ok && helpers[name.Name] || isSelector(n.Fun, "synctest", "Test") {
				return false
			}
		case *ast.SelectorExpr:
			if isSelector(n, "time", "Sleep") {
				found = append(found, n.Pos())
			}
		}
		return true
	})
	return found
}

// bubbleHelpers are, by package, the functions of tests that run what they are
// given in a bubble of virtual time.
func bubbleHelpers(files []file) map[string]map[string]bool {
	out := map[string]map[string]bool{}
	for _, f := range files {
		for _, d := range f.syntax.Decls {
			fn, ok := d.(*ast.FuncDecl)
			if !ok || !f.test || fn.Body == nil || strings.HasPrefix(fn.Name.Name, "Test") {
				continue
			}
			ast.Inspect(fn.Body, func(n ast.Node) bool {
				if e, ok := n.(ast.Expr); ok && isSelector(e, "synctest", "Test") {
					if out[f.pkg] == nil {
						out[f.pkg] = map[string]bool{}
					}
					out[f.pkg][fn.Name.Name] = true
				}
				return true
			})
		}
	}
	return out
}

func isSelector(e ast.Expr, pkg, name string) bool {
	s, ok := e.(*ast.SelectorExpr)
	if !ok || s.Sel.Name != name {
		return false
	}
	x, ok := s.X.(*ast.Ident)
	return ok && x.Name == pkg
}

// machinePath finds absolute paths that exist on one machine only. The folders
// of programs and of mounted secrets, as examples name them, are no such paths.
var machinePath = regexp.MustCompile(`(?:^|[\s"'` + "`" + `=(:])(/(?:home|Users|tmp|work|root|private|mnt|opt)/[A-Za-z0-9._-]+|[A-Z]:\\\\?[A-Za-z])`)

// pathFaults returns absolute paths of machines in any text file of the tree.
func pathFaults(t *testing.T, fsys fs.FS) []string {
	t.Helper()
	var faults []string
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == ".git" || d.Name() == ".cache" || d.Name() == "testdata") {
			return fs.SkipDir
		}
		if d.IsDir() || !slices.Contains([]string{".go", ".md", ".yaml", ".yml", ".sql", ".js", ".html", ".css", ""}, path.Ext(name)) || strings.HasPrefix(name, "internal/archtest/") {
			return nil
		}
		raw, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		if slices.Contains(raw[:min(len(raw), 1024)], 0) {
			return nil // a binary
		}
		for i, line := range strings.Split(string(raw), "\n") {
			if m := machinePath.FindStringSubmatch(line); m != nil {
				faults = append(faults, fmt.Sprintf("%s:%d: a path of one machine: %s", name, i+1, m[1]))
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return faults
}

func TestTheTreeKeepsItsRules(t *testing.T) {
	t.Parallel()
	files := wholeTree(t)
	for name, faults := range map[string][]string{
		"packages import only what their layer allows": layerFaults(files),
		"libraries stay behind their one package":      soleFaults(files),
		"every package says what it owns":              docFaults(files),
		"files and functions are of readable size":     sizeFaults(files),
		"tests do not sleep and nothing is unfinished": habitFaults(files),
		"no path of one machine":                       pathFaults(t, os.DirFS(top(t))),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, f := range faults {
				t.Error(f)
			}
		})
	}
}
