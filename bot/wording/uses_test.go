package wording

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// use is one place of the code that names an entry.
type use struct {
	where string
	id    ID
	// args are the names of the arguments beside it, if known says that these are
	// all.
	args  []string
	known bool
}

// vocabularies are areas whose keys are names of the domain: they are read with
// [Speaker.Name], and other tests hold that they are complete.
var vocabularies = []string{"topic", "topic-about", "stage", "topic-reason", "topic-flag", "feed-reason", "query"}

var idForm = regexp.MustCompile(`^([a-z-]+)\.[a-z0-9-]+$`)

// uses finds the entries that the code of a tree names, by their literals.
func uses(t *testing.T, tree fs.FS, areas map[string]bool) []use {
	t.Helper()
	var out []use
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return err
		}
		source, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, source, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		out = append(out, usesIn(fset, file, areas)...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func usesIn(fset *token.FileSet, file *ast.File, areas map[string]bool) []use {
	var out []use
	seen := map[ast.Expr]bool{}
	add := func(e, args ast.Expr, known bool) {
		id, ok := literal(e)
		form := idForm.FindStringSubmatch(id)
		if !ok || seen[e] || form == nil || !areas[form[1]] || strings.HasSuffix(id, ".png") {
			return
		}
		seen[e] = true
		u := use{where: fset.Position(e.Pos()).String(), id: ID(id), known: known}
		if args != nil {
			u.args, u.known = argNames(args)
		}
		out = append(out, u)
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.CallExpr:
			for i, a := range n.Args {
				switch rest := n.Args[i+1:]; {
				case len(rest) == 0:
					add(a, nil, says(n))
				case len(rest) == 1 && isArgs(rest[0]):
					add(a, rest[0], true)
				}
			}
		case *ast.CompositeLit:
			if id, args := saying(n); id != nil {
				add(id, args, true)
			}
		case *ast.BasicLit:
			add(n, nil, false)
		}
		return true
	})
	return out
}

// says reports whether a call says the entry that is its last argument.
func says(n *ast.CallExpr) bool {
	return slices.Contains([]string{"Say", "Plain", "refuse"}, named(n.Fun))
}

// isArgs reports whether an expression is a literal of Args.
func isArgs(e ast.Expr) bool {
	c, ok := e.(*ast.CompositeLit)
	return ok && named(c.Type) == "Args"
}

// saying returns the id and arguments of a literal of Saying.
func saying(c *ast.CompositeLit) (id, args ast.Expr) {
	if named(c.Type) != "Saying" {
		return nil, nil
	}
	for i, e := range c.Elts {
		value, key := e, [...]string{"ID", "Args"}[i]
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			value, key = kv.Value, named(kv.Key)
		}
		if key == "ID" {
			id = value
		} else {
			args = value
		}
	}
	return id, args
}

func named(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

// argNames are the keys of a literal of Args.
func argNames(e ast.Expr) (names []string, all bool) {
	c, ok := e.(*ast.CompositeLit)
	if !ok {
		return nil, false
	}
	for _, e := range c.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			return nil, false
		}
		key, ok := literal(kv.Key)
		if !ok {
			return nil, false
		}
		names = append(names, key)
	}
	slices.Sort(names)
	return names, true
}

func literal(e ast.Expr) (string, bool) {
	l, ok := e.(*ast.BasicLit)
	if !ok || l.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(l.Value)
	return s, err == nil
}

// area is the part of an id that names its file.
func area(id ID) string {
	a, _, _ := strings.Cut(string(id), ".")
	return a
}

// areasOf are the areas that have entries.
func areasOf(entries map[ID]bool) map[string]bool {
	out := map[string]bool{}
	for id := range entries {
		out[area(id)] = true
	}
	return out
}

func TestTheCodeAndTheCatalogueAgree(t *testing.T) {
	t.Parallel()
	english := builtIn().entries["en"]
	ids := map[ID]bool{}
	for id := range english {
		ids[id] = true
	}
	used := map[ID]bool{}
	for _, u := range uses(t, os.DirFS(".."), areasOf(ids)) {
		m, ok := english[u.id]
		if !ok {
			t.Errorf("bot/%s: there is no entry %s", u.where, u.id)
			continue
		}
		used[u.id] = true
		if want := takes(m); u.known && !slices.Equal(want, u.args) {
			t.Errorf("bot/%s: %s takes the arguments %v and gets %v", u.where, u.id, want, u.args)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(ids)) {
		if !used[id] && !slices.Contains(vocabularies, area(id)) {
			t.Errorf("nobody says %s", id)
		}
	}
}

func TestTheFinderFinds(t *testing.T) {
	t.Parallel()
	const source = `package a
var table = map[int]wording.ID{1: "care.table"}
var fixed = &Error{Code: x, Saying: wording.Saying{ID: "care.fixed", Args: wording.Args{"a": 1}}}
func f(q Request) {
	q.Say("care.plain")
	q.Plain("care.args", wording.Args{"b": 1, "a": 2})
	refuse(NotFound, "care.refused", wording.Args{"c": q.Say("care.inner")})
	q.Say("care.unknown", args)
	other("file.go", "elsewhere.x")
}`
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "a.go", source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	got := map[ID]use{}
	for _, u := range usesIn(fset, file, map[string]bool{"care": true}) {
		got[u.id] = u
	}
	for id, want := range map[ID]use{
		"care.table": {}, "care.fixed": {args: []string{"a"}, known: true}, "care.plain": {known: true},
		"care.args": {args: []string{"a", "b"}, known: true}, "care.refused": {args: []string{"c"}, known: true},
		"care.inner": {known: true}, "care.unknown": {},
	} {
		u, ok := got[id]
		if !ok || u.known != want.known || !slices.Equal(u.args, want.args) {
			t.Errorf("%s: found %v %+v, want %+v", id, ok, u, want)
		}
	}
	if len(got) != 7 {
		t.Errorf("found %d", len(got))
	}
}
