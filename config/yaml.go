package config

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxFile bounds what is read of a configuration file or a catalogue, in bytes.
const maxFile = 4 << 20

// document reads the one YAML document of a file into nodes. The nodes, rather
// than structs, give every error its line, and none hides another.
func document(name string, data []byte, ps *Problems) *yaml.Node {
	dec := yaml.NewDecoder(bytes.NewReader(data))
	var doc yaml.Node
	err := dec.Decode(&doc)
	if errors.Is(err, io.EOF) {
		return nil // empty
	}
	if err != nil {
		where, what := syntaxError(name, err)
		*ps = append(*ps, Problem{Where: where, What: what, Remedy: "check the indentation, the colons and the quotes"})
		return nil
	}
	var second yaml.Node
	if !errors.Is(dec.Decode(&second), io.EOF) {
		*ps = append(*ps, Problem{
			Where: name, What: "there is more than one document in the file",
			Remedy: "remove the line --- and what follows it",
		})
		return nil
	}
	if len(doc.Content) == 0 {
		return nil
	}
	return doc.Content[0]
}

var yamlLine = regexp.MustCompile(`^(?:yaml: )?line (\d+): (.*)`)

// syntaxError takes the line out of the library's text, where it has one.
func syntaxError(name string, err error) (where, what string) {
	if m := yamlLine.FindStringSubmatch(err.Error()); m != nil {
		return name + ":" + m[1], "this is not YAML: " + m[2]
	}
	return name, "this is not YAML: " + strings.TrimPrefix(err.Error(), "yaml: ")
}

// reader walks the nodes of one file and gathers what is wrong.
type reader struct {
	file     string
	problems *Problems
}

func (r reader) at(n *yaml.Node) string { return fmt.Sprintf("%s:%d", r.file, n.Line) }

func (r reader) problem(n *yaml.Node, key, what, remedy string) {
	*r.problems = append(*r.problems, Problem{Where: r.at(n), Key: key, What: what, Remedy: remedy})
}

// fields calls the function of each key of a mapping. Unknown and repeated
// keys are problems; so is anything that is no mapping.
func (r reader) fields(n *yaml.Node, under string, known map[string]func(k, v *yaml.Node)) {
	if n.Kind != yaml.MappingNode {
		r.problem(n, under, "names with values are wanted here", "use "+strings.Join(sortedKeys(known), ", "))
		return
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		k, v := n.Content[i], n.Content[i+1]
		name := k.Value
		if line, ok := seen[name]; ok {
			r.problem(k, join(under, name), "is set twice", fmt.Sprintf("remove this one or line %d", line))
			continue
		}
		seen[name] = k.Line
		visit, ok := known[name]
		if !ok {
			r.unknown(k, under, sortedKeys(known))
			continue
		}
		visit(k, v)
	}
}

func (r reader) unknown(k *yaml.Node, under string, names []string) {
	remedy := "use " + strings.Join(names, ", ")
	if n := nearest(k.Value, names); n != "" {
		remedy = "did you mean " + n + "?"
	}
	where := "there is no setting " + quote(k.Value)
	if under != "" {
		where += " in " + under
	}
	r.problem(k, "", where, remedy)
}

// words returns the scalar, or the scalars of a list.
func (r reader) words(key string, v *yaml.Node) ([]string, bool) {
	switch v.Kind {
	case yaml.ScalarNode:
		w, ok := r.word(key, v)
		return []string{w}, ok
	case yaml.SequenceNode:
		out := make([]string, 0, len(v.Content))
		for _, item := range v.Content {
			w, ok := r.word(key, item)
			if !ok {
				return nil, false
			}
			out = append(out, w)
		}
		return out, true
	}
	r.wrongKind(key, v)
	return nil, false
}

// word returns a scalar that is not empty.
func (r reader) word(key string, v *yaml.Node) (string, bool) {
	if v.Kind != yaml.ScalarNode {
		r.wrongKind(key, v)
		return "", false
	}
	if v.Value == "" || v.Tag == "!!null" {
		r.problem(v, key, "has no value", "give one, or remove the line")
		return "", false
	}
	return v.Value, true
}

func (r reader) wrongKind(key string, v *yaml.Node) {
	if v.Kind == yaml.AliasNode {
		r.problem(v, key, "is a YAML alias", "write the value out")
		return
	}
	r.problem(v, key, "a plain value is wanted here", "write it on the same line")
}

func join(under, name string) string {
	if under == "" {
		return name
	}
	return under + "." + name
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// file applies the settings of a YAML file.
func (l *loader) file(name string) {
	l.beginLayer()
	defer l.endLayer()
	data, err := readBounded(name, maxFile)
	if err != nil {
		l.problem("", "", "read configuration: "+err.Error(), "check --config and ATTACHE_CONFIG")
		return
	}
	root := document(name, data, &l.problems)
	if root == nil {
		return
	}
	r := reader{file: name, problems: &l.problems}
	r.fields(root, "", l.tree(r, ""))
}

// tree returns what may stand under a path of the file: settings, and the
// groups that hold settings.
func (l *loader) tree(r reader, under string) map[string]func(k, v *yaml.Node) {
	known := map[string]func(k, v *yaml.Node){}
	for _, k := range l.keys {
		rest, ok := strings.CutPrefix(k.name, under)
		if !ok {
			continue
		}
		if group, _, nested := strings.Cut(rest, "."); nested {
			path := under + group
			known[group] = func(_, v *yaml.Node) { r.fields(v, path, l.tree(r, path+".")) }
			continue
		}
		known[rest] = func(_, v *yaml.Node) { l.fromFile(r, k, v) }
	}
	return known
}

// fromFile applies one setting of the file.
func (l *loader) fromFile(r reader, k key, v *yaml.Node) {
	words, ok := r.words(k.name, v)
	if !ok {
		return
	}
	if what := k.holds(words); what != "" && l.openToOthers(r, k, v, what) {
		return
	}
	var scratch Config
	if k.path && k.set(&scratch, words) == nil { // else the error repeats what the file says
		for i, w := range words {
			if !filepath.IsAbs(w) && !isServer(w) {
				words[i] = filepath.Join(filepath.Dir(r.file), w)
			}
		}
	}
	l.set(k, words, r.at(v))
}

// openToOthers refuses a secret in a file that others can read.
func (l *loader) openToOthers(r reader, k key, v *yaml.Node, what string) bool {
	info, err := os.Stat(r.file)
	if err == nil && !othersMayRead(info) {
		return false
	}
	r.problem(v, k.name, "others on this machine can read this file, and the "+what+" with it",
		"run chmod 600 "+r.file+", or set "+k.variable()+" instead")
	return true
}
