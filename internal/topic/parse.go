package topic

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"path"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxFile bounds a topic file in bytes.
const maxFile = 1 << 20

var idForm = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// ParseFS parses every *.yaml file in the top folder of fsys and in its folders of
// languages, in name order but parts of topics after them and shared files and
// languages last, so that they can add to the topics beside them.
// All bad files are reported together.
func ParseFS(fsys fs.FS) ([]File, error) {
	top, err := fs.Glob(fsys, "*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list topic files: %w", err)
	}
	ofLanguages, err := fs.Glob(fsys, "[a-z][a-z]/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list topic files of languages: %w", err)
	}
	var files []File
	var errs []error
	for _, name := range slices.Concat(top, ofLanguages) {
		f, err := parseFile(fsys, name)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		files = append(files, f)
	}
	slices.SortStableFunc(files, func(a, b File) int { return cmp.Compare(a.rank(), b.rank()) })
	return files, errors.Join(errs...)
}

func (f File) rank() int {
	switch {
	case f.Shared != nil:
		return 2
	case f.Part != nil:
		return 1
	}
	return 0
}

func parseFile(fsys fs.FS, name string) (File, error) {
	r, err := fsys.Open(name)
	if err != nil {
		return File{}, fmt.Errorf("open topic file: %w", err)
	}
	defer func() { _ = r.Close() }()
	return Parse(name, r)
}

// Parse reads one topic file. A file whose base name begins with an underscore
// holds what topics share, one in a language's folder an [Addition], one with a
// second dot in it a [Part]. Unknown keys are errors; errors name the file, the
// line and the remedy.
func Parse(name string, r io.Reader) (File, error) {
	raw, err := io.ReadAll(io.LimitReader(r, maxFile+1))
	if err != nil {
		return File{}, fmt.Errorf("read %s: %w", name, err)
	}
	if len(raw) > maxFile {
		return File{}, fmt.Errorf("%s: larger than %d bytes; split it", name, maxFile)
	}
	if strings.HasPrefix(path.Base(name), "_") {
		s := &Shared{File: name}
		if err := decode(name, raw, s); err != nil {
			return File{}, err
		}
		return File{Shared: s}, nil
	}
	if lang := languageOf(name); lang != "" {
		s, err := parseLanguage(name, lang, raw)
		return File{Shared: s}, err
	}
	if of := partOf(name); of != "" {
		p := &Part{Of: of, File: name}
		if err := decode(name, raw, p); err != nil {
			return File{}, err
		}
		return File{Part: p}, nil
	}
	d := &Definition{File: name, Accept: DefaultAccept, Zones: Zones{Title: 1, Lead: 0.65, Body: 0.3}}
	if err := decode(name, raw, d); err != nil {
		return File{}, err
	}
	if err := d.validate(); err != nil {
		return File{}, err
	}
	return File{Definition: d}, nil
}

var unknownKey = regexp.MustCompile(`line (\d+): field (\S+) not found in type topic\.(\w+)`)

func decode(name string, raw []byte, into any) error {
	dec := yaml.NewDecoder(strings.NewReader(string(raw)))
	dec.KnownFields(true)
	err := dec.Decode(into)
	switch {
	case errors.Is(err, io.EOF):
		return fmt.Errorf("%s: empty; write at least id, title and lang", name)
	case err != nil:
		return fmt.Errorf("%s: %s", name, explainYAML(err))
	}
	if err := dec.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return fmt.Errorf("%s: more than one document; keep one topic in a file", name)
	}
	return nil
}

// explainYAML puts the decoder's messages into words of the file's author.
func explainYAML(err error) string {
	msg := strings.TrimPrefix(err.Error(), "yaml: ")
	msg = strings.TrimPrefix(msg, "unmarshal errors:\n")
	msg = unknownKey.ReplaceAllStringFunc(msg, func(m string) string {
		p := unknownKey.FindStringSubmatch(m)
		return fmt.Sprintf("line %s: unknown key %q; allowed are %s", p[1], p[2], strings.Join(keysOf[p[3]], ", "))
	})
	return strings.TrimSpace(strings.ReplaceAll(msg, "\n", ";"))
}

// keysOf lists the keys of each mapping, for messages.
var keysOf = map[string][]string{
	"Definition": {"id", "title", "about", "keywords", "codes", "stages", "accept", "zones", "lang", "tests"},
	"Part":       {"about", "lang", "tests"},
	"PartRules":  {"strong", "veto"},
	"Codes":      {"plover", "cameo", "iptc", "reading"},
	"Zones":      {"title", "lead", "body"},
	"Rules":      {"sets", "strong", "weak", "near", "context", "senses", "sides", "alone", "against", "veto", "avoid", "stages", "flags"},
	"Cues":       {"window", "cap", "cues"},
	"Sides":      {"lone", "none"},
	"StageRule":  {"stage", "cues"},
	"Examples":   {"wanted", "unwanted"},
	"Shared":     {"sets", "senses", "vetoes", "flags", "topics"},
	"Addition":   {"sets", "strong", "weak", "near", "context", "senses", "sides", "alone", "against", "veto", "avoid", "stages", "flags", "keywords", "tests"},
	"plain":      {"title", "lead", "stage", "flags"},
}

func (d *Definition) validate() error {
	bad := func(format string, args ...any) error {
		return fmt.Errorf("%s: "+format, append([]any{d.File}, args...)...)
	}
	switch {
	case !idForm.MatchString(string(d.ID)):
		return bad("id %q must be lower-case words joined by hyphens, such as peace-talks", d.ID)
	case d.Title["en"] == "":
		return bad("title: give at least an English title, en")
	case len(d.Lang) == 0:
		return bad("lang: give rules for at least one language")
	case !(d.Accept > 0 && d.Accept < 100):
		return bad("accept: %v must be above 0 and below 100", d.Accept)
	}
	for _, z := range []float64{d.Zones.Title, d.Zones.Lead, d.Zones.Body} {
		if !(z >= 0 && z <= 1) {
			return bad("zones: %v must be between 0 and 1", z)
		}
	}
	for _, name := range d.Codes.Reading {
		if !slices.Contains([]string{"plover", "cameo", "iptc"}, name) {
			return bad("codes.reading: %q must be plover, cameo or iptc", name)
		}
	}
	for lang, rules := range d.Lang {
		if err := d.validateRules(rules); err != nil {
			return bad("lang.%s%w", lang, err)
		}
	}
	return nil
}

// validateRules checks the rules of one language; its errors begin where the
// place that they name ends.
func (d *Definition) validateRules(rules Rules) error {
	for i, s := range rules.Stages {
		if !slices.Contains(d.Stages, s.Stage) {
			return fmt.Errorf(".stages[%d]: stage %q is not in the list stages", i, s.Stage)
		}
	}
	for name := range rules.Flags {
		if !slices.Contains(flagNames[:], name) {
			return fmt.Errorf(".flags: %q must be one of %s", name, strings.Join(flagNames[:], ", "))
		}
	}
	if len(rules.Strong)+len(rules.Weak) == 0 {
		return errors.New(": give at least one strong or weak pattern")
	}
	return nil
}

// UnmarshalYAML reads a sequence, a mapping to weights, or a mixture.
func (p *Patterns) UnmarshalYAML(n *yaml.Node) error {
	switch n.Kind {
	case yaml.SequenceNode:
		for _, item := range n.Content {
			if item.Kind == yaml.MappingNode {
				if err := p.weighted(item); err != nil {
					return err
				}
				continue
			}
			if item.Kind != yaml.ScalarNode || item.Value == "" {
				return fmt.Errorf("line %d: write a pattern in quotes, or a pattern and its weight", item.Line)
			}
			*p = append(*p, Pattern{Text: item.Value, Line: item.Line})
		}
		return nil
	case yaml.MappingNode:
		return p.weighted(n)
	}
	return fmt.Errorf("line %d: write a list of patterns, or patterns with weights", n.Line)
}

func (p *Patterns) weighted(n *yaml.Node) error {
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, val := n.Content[i], n.Content[i+1]
		var w float64
		if err := val.Decode(&w); err != nil || math.IsNaN(w) || math.Abs(w) > 100 || w == 0 {
			return fmt.Errorf("line %d: the weight of %q must be a number other than 0, at most 100", val.Line, key.Value)
		}
		*p = append(*p, Pattern{Text: key.Value, Weight: w, Line: key.Line})
	}
	return nil
}

// UnmarshalYAML reads a sequence of words and phrases.
func (m *Members) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind != yaml.SequenceNode {
		return fmt.Errorf("line %d: write a list of words", n.Line)
	}
	for _, item := range n.Content {
		if item.Kind != yaml.ScalarNode || strings.TrimSpace(item.Value) == "" {
			return fmt.Errorf("line %d: a member must be a word or phrase", item.Line)
		}
		*m = append(*m, Pattern{Text: item.Value, Line: item.Line})
	}
	return nil
}

// UnmarshalYAML reads a title, or a mapping.
func (e *Example) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		*e = Example{Title: n.Value, Line: n.Line}
		return nil
	}
	if n.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: write an example's title, or title and lead", n.Line)
	}
	for i := 0; i < len(n.Content); i += 2 {
		if k := n.Content[i]; !slices.Contains(keysOf["plain"], k.Value) {
			return fmt.Errorf("line %d: unknown key %q; allowed are %s", k.Line, k.Value, strings.Join(keysOf["plain"], ", "))
		}
	}
	type plain Example // without this method
	if err := n.Decode((*plain)(e)); err != nil {
		return err
	}
	e.Line = n.Line
	return nil
}
