package topic

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"sync"

	"github.com/attache-bot/attache/internal/gazetteer"
)

// Set is a compiled set of topics. It does not change and is safe for
// concurrent use.
type Set struct {
	defs  []Definition // by id
	byID  map[ID]int
	langs map[string]*program
	pool  sync.Pool
}

// Load parses and compiles every topic file of fsys, e.g. the embedded ones.
func Load(fsys fs.FS) (*Set, error) {
	files, err := ParseFS(fsys)
	if err != nil {
		return nil, err
	}
	return Compile(files)
}

// Compile builds a set. Of two definitions with one id the later one holds, and
// of two shared sets of one name and language too, so that an operator's files
// can add to and replace the built-in ones. All faults are reported together,
// with file, line and remedy.
func Compile(files []File) (*Set, error) {
	actors, err := gazetteer.Load()
	if err != nil {
		return nil, fmt.Errorf("compile topics: %w", err)
	}
	return compileFor(actors, files)
}

// compileFor is Compile for these actors.
func compileFor(actors *gazetteer.Gazetteer, files []File) (*Set, error) {
	defs := map[ID]Definition{}
	shared := []*Shared{actorSets(actors)}
	var errs []error
	for _, f := range files {
		if f.Definition != nil {
			defs[f.Definition.ID] = f.Definition.clone()
		}
		if f.Part != nil {
			errs = append(errs, f.Part.join(defs))
		}
		if f.Shared != nil {
			shared = append(shared, f.Shared)
			errs = append(errs, f.Shared.extend(defs))
		}
	}
	if len(defs) == 0 {
		return nil, errors.New("compile topics: no topic; give at least one topic file")
	}
	s := &Set{byID: map[ID]int{}, langs: map[string]*program{}}
	s.defs = slices.SortedFunc(maps.Values(defs), func(a, b Definition) int { return cmp.Compare(a.ID, b.ID) })
	langs := map[string]bool{}
	for i, d := range s.defs {
		s.byID[d.ID] = i
		for lang := range d.Lang {
			langs[lang] = true
		}
	}
	for _, lang := range slices.Sorted(maps.Keys(langs)) {
		c := newCompiler(lang, shared)
		c.sides(actors.Actors(lang))
		s.langs[lang] = c.compile(s.defs)
		errs = append(errs, c.errs...)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	s.pool.New = func() any { return new(scan) }
	return s, nil
}

// Definitions returns the topics by id. The caller must not change them.
func (s *Set) Definitions() []Definition { return s.defs }

// Lookup returns the topic with this id.
func (s *Set) Lookup(id ID) (Definition, bool) {
	i, ok := s.byID[id]
	if !ok {
		return Definition{}, false
	}
	return s.defs[i], true
}

// program is all topics' rules of one language, compiled.
type program struct {
	words   vocabulary
	topics  []*rules
	trigger []trigger
	byClass [][]int32 // class → triggers whose rarest step it is
	maxLen  []int32   // class → longest member in tokens
	cost    []float64 // class → how common its members are, roughly
	// sideOf tells the party that a class's members name, from 1; 0 is none.
	sideOf []uint16
	codes  []string // of the parties, from 1
	nobody uint16   // the one that stands for places and unnamed groups
	// background is the class of the words that begin a clause of circumstances;
	// earlier that of those which begin one of what came before the news. -1 when
	// the language names none.
	background, earlier int32
	// and is how a comma between the parties of a headline is read, "" when the
	// language does not write so.
	and string
}

// trigger is a strong or weak pattern of a topic.
type trigger struct {
	rules *rules
	kind  Kind
	pat   *pattern
}

// rules are one topic's rules in one language, compiled.
type rules struct {
	def     *Definition
	veto    []*pattern
	near    []*pattern
	window  int
	nearCap float64
	context []*pattern
	ctxCap  float64
	senses  []sense
	sides   Sides
	alone   float64
	stages  []stageRule
	flags   [len(flagNames)][]*pattern
	// unsettled are words before which nothing counts as done; see readStage.
	unsettled []*pattern
}

type sense struct {
	name string
	cues []*pattern
}

type stageRule struct {
	stage Stage
	cues  []*pattern
}

// pattern is a compiled pattern.
type pattern struct {
	src    string
	weight float64
	steps  []step
	rare   int // the step that occurs least
	// minBefore and maxBefore bound how many tokens come before that step.
	minBefore, maxBefore int
	// frame is what else must stand beside an occurrence; nil for nothing.
	frame *frame
}

// step matches one member of any of its classes, at most gap tokens behind the
// step before.
type step struct {
	gap     int
	classes []int32
	hit     bool
}

type compiler struct {
	lang   string
	shared []*Shared
	prog   *program
	named  map[string]int32 // "set" for shared, "topic/set" for a topic's own
	open   map[string]bool  // sets being resolved, to find circles
	file   string
	own    map[string]Members // sets of the topic at hand
	topic  ID
	errs   []error
}

func newCompiler(lang string, shared []*Shared) *compiler {
	return &compiler{lang: lang, shared: shared, prog: &program{words: newVocabulary(lang)}, named: map[string]int32{}, open: map[string]bool{}}
}

func (c *compiler) fail(line int, format string, args ...any) {
	c.failIn(c.file, line, format, args...)
}

func (c *compiler) failIn(file string, line int, format string, args ...any) {
	c.errs = append(c.errs, fmt.Errorf("%s:%d: "+format, append([]any{file, line}, args...)...))
}

func (c *compiler) compile(defs []Definition) *program {
	c.prog.background, c.prog.earlier = -1, -1
	if c.hasSet(backgroundSet) {
		c.prog.background, _ = c.set(backgroundSet)
	}
	if c.hasSet(earlierSet) {
		c.prog.earlier, _ = c.set(earlierSet)
	}
	c.prog.and = c.word(andSet)
	for i := range defs {
		if src, ok := defs[i].Lang[c.lang]; ok {
			c.prog.topics = append(c.prog.topics, c.rules(&defs[i], src))
		}
	}
	c.prog.byClass = make([][]int32, len(c.prog.cost))
	for i, t := range c.prog.trigger {
		for _, class := range t.pat.steps[t.pat.rare].classes {
			c.prog.byClass[class] = append(c.prog.byClass[class], int32(i))
		}
	}
	return c.prog
}

func (c *compiler) rules(d *Definition, src Rules) *rules {
	c.file, c.own, c.topic = cmp.Or(src.File, d.File), src.Sets, d.ID
	r := &rules{
		def: d, window: src.Near.Window, nearCap: src.Near.Cap, ctxCap: src.Context.Cap,
		sides: src.Sides, alone: src.Alone, near: c.patterns(src.Near.Cues, 1, true), context: c.patterns(src.Context.Cues, 0.5, true),
		veto: c.patterns(src.Veto, 1, false),
	}
	if r.window == 0 {
		r.window = DefaultWindow
	}
	if r.nearCap == 0 {
		r.nearCap = DefaultStrong
	}
	if r.ctxCap == 0 {
		r.ctxCap = DefaultContextCap
	}
	c.triggers(r, Strong, src.Strong, DefaultStrong)
	c.triggers(r, Weak, src.Weak, DefaultWeak)
	for _, name := range slices.Sorted(maps.Keys(src.Senses)) {
		r.senses = append(r.senses, sense{name, c.patterns(src.Senses[name], 1.5, true)})
	}
	for _, name := range src.Against {
		r.senses = append(r.senses, sense{name, c.fromShared(name, "senses", func(s *Shared) map[string]Patterns { return s.Senses[c.lang] }, 1.5)})
	}
	for _, name := range src.Avoid {
		r.veto = append(r.veto, c.fromShared(name, "vetoes", func(s *Shared) map[string]Patterns { return s.Vetoes[c.lang] }, 1)...)
	}
	for _, s := range src.Stages {
		r.stages = append(r.stages, stageRule{s.Stage, c.patterns(s.Cues, 1, true)})
	}
	if c.hasShared(unsettled) {
		r.unsettled = c.fromShared(unsettled, "flags", func(s *Shared) map[string]Patterns { return s.Flags[c.lang] }, 1)
	}
	for i, name := range flagNames {
		r.flags[i] = c.patterns(src.Flags[name], 1, true)
		if c.hasShared(name) {
			r.flags[i] = append(r.flags[i], c.fromShared(name, "flags", func(s *Shared) map[string]Patterns { return s.Flags[c.lang] }, 1)...)
		}
	}
	return r
}

// backgroundSet is the shared set of words that begin a clause of circumstances,
// earlierSet that of words which begin a clause of what came before the news,
// andSet that of the word for which a comma stands between two parties.
const (
	backgroundSet = "background"
	earlierSet    = "earlier"
	andSet        = "comma"
)

// word is the first word of a shared set, or "".
func (c *compiler) word(set string) string {
	for _, s := range c.shared {
		if m := s.Sets[c.lang][set]; len(m) > 0 {
			return m[0].Text
		}
	}
	return ""
}

func (c *compiler) hasSet(name string) bool {
	return slices.ContainsFunc(c.shared, func(s *Shared) bool { return s.Sets[c.lang][name] != nil })
}

func (c *compiler) hasShared(flag string) bool {
	for _, s := range c.shared {
		if _, ok := s.Flags[c.lang][flag]; ok {
			return true
		}
	}
	return false
}

// fromShared compiles a named list of a shared file; its sets are the shared
// ones, not those of the topic at hand.
func (c *compiler) fromShared(name, what string, list func(*Shared) map[string]Patterns, weight float64) []*pattern {
	for _, s := range slices.Backward(c.shared) {
		src, ok := list(s)[name]
		if !ok {
			continue
		}
		file, own := c.file, c.own
		c.file, c.own = s.File, nil
		out := c.patterns(src, weight, true)
		c.file, c.own = file, own
		return out
	}
	c.fail(0, "lang.%s: no shared %s named %q; define it in a file whose name begins with _", c.lang, what, name)
	return nil
}

func (c *compiler) triggers(r *rules, kind Kind, src Patterns, weight float64) {
	for _, p := range src {
		if p.Weight == 0 {
			p.Weight = weight
		}
		if q := c.framed(p); q != nil {
			c.prog.trigger = append(c.prog.trigger, trigger{r, kind, q})
		}
	}
}

func (c *compiler) patterns(src Patterns, weight float64, hits bool) []*pattern {
	var out []*pattern
	for _, p := range src {
		if p.Weight == 0 {
			p.Weight = weight
		}
		if q := c.pattern(p, hits); q != nil {
			out = append(out, q)
		}
	}
	return out
}

func (c *compiler) pattern(src Pattern, hits bool) *pattern {
	file := cmp.Or(src.File, c.file)
	elements, err := parsePattern(src.Text)
	if e := checkFrames(src.Text); e != nil {
		err = e
	}
	if err != nil {
		c.failIn(file, src.Line, "pattern %q: %v", src.Text, err)
		return nil
	}
	p := &pattern{src: src.Text, weight: src.Weight}
	for _, e := range elements {
		if e.hit && !hits {
			c.failIn(file, src.Line, "pattern %q: {@} is known only after strong, weak and veto; leave it out here", src.Text)
			return nil
		}
		st := step{gap: e.gap, hit: e.hit}
		for _, name := range e.sets {
			class, err := c.set(name)
			if err != nil {
				c.failIn(file, src.Line, "pattern %q: %v", src.Text, err)
				return nil
			}
			st.classes = append(st.classes, class)
		}
		if len(e.alts) > 0 {
			st.classes = append(st.classes, c.class(e.alts))
		}
		p.steps = append(p.steps, st)
	}
	c.choose(p)
	return p
}

// choose picks the rarest step and its distance from the start.
func (c *compiler) choose(p *pattern) {
	best := 0.0
	for i, st := range p.steps {
		cost := 0.0
		for _, class := range st.classes {
			cost += c.prog.cost[class]
		}
		if st.hit {
			cost = -1
		}
		if i == 0 || cost < best {
			best, p.rare = cost, i
		}
	}
	for i, st := range p.steps[:p.rare] {
		longest := int32(1)
		for _, class := range st.classes {
			longest = max(longest, c.prog.maxLen[class])
		}
		p.minBefore++
		p.maxBefore += int(longest) + p.steps[i+1].gap
	}
}
