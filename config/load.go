package config

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// Flag is a setting given on the command line.
type Flag struct {
	// Name is the flag as people typed it, e.g. "--log-level", for errors.
	Name string
	// Key is the setting, e.g. "log.level", and Value its text; lists are
	// separated by commas.
	Key, Value string
}

// Sources are the places where settings come from. A later one goes over an
// earlier one: defaults, file, environment, flags.
type Sources struct {
	// File is the YAML file; empty means none.
	File string
	// Environ is the environment in the form of [os.Environ].
	Environ []string
	// Flags are in the order of the command line.
	Flags []Flag
}

// Setting is what one key came to.
type Setting struct {
	Key string
	// Value is its text, "<secret>" for a token; lists are joined by commas.
	Value string
	// Origin is where it was set: file and line, variable, flag, or "default".
	Origin string
}

// Loaded is a configuration together with where each part came from.
type Loaded struct {
	Config Config
	// Settings lists every key, in the order of the reference.
	Settings []Setting
	// Warnings are things that an operator should look at, one line each.
	Warnings []string
}

// Load reads the settings from their sources. When any of them cannot be used
// the error is [Problems], and it names all of them at once.
func Load(s Sources) (Loaded, error) {
	l := newLoader()
	if s.File != "" {
		l.file(s.File)
	}
	l.environment(s.Environ)
	l.flags(s.Flags)
	l.across()
	if err := l.problems.err(); err != nil {
		return Loaded{}, err
	}
	return Loaded{Config: l.config, Settings: l.settings(), Warnings: l.warnings}, nil
}

// loader gathers settings layer by layer.
type loader struct {
	config   Config
	keys     []key
	byName   map[string]key
	origin   map[string]string // by key; absent means default
	layer    map[string]bool   // keys set in the present layer
	problems Problems
	warnings []string
}

func newLoader() *loader {
	l := &loader{config: Default(), keys: keys(), byName: map[string]key{}, origin: map[string]string{}}
	for _, k := range l.keys {
		l.byName[k.name] = k
	}
	return l
}

func (l *loader) problem(where, key, what, remedy string) {
	l.problems = append(l.problems, Problem{Where: where, Key: key, What: what, Remedy: remedy})
}

// set applies one setting, or notes why it cannot be.
func (l *loader) set(k key, words []string, where string) {
	err := k.set(&l.config, words)
	var bad *invalid
	switch {
	case errors.As(err, &bad):
		l.problem(where, k.name, bad.what, bad.remedy)
	case err != nil:
		l.problem(where, k.name, err.Error(), "")
	default:
		l.origin[k.name] = where
		l.layer[k.name] = true
	}
}

// beginLayer and endLayer enclose one source of settings. Within one, a token
// and a token file contradict each other; between two, the later one wins.
func (l *loader) beginLayer() { l.layer = map[string]bool{} }

func (l *loader) endLayer() {
	token, file := l.layer[tokenKey], l.layer[tokenFileKey]
	switch {
	case token && file:
		l.problem(l.origin[tokenFileKey], tokenFileKey, "a token is set beside it, at "+l.origin[tokenKey], "keep one of the two")
	case token:
		l.config.Discord.TokenFile = ""
		delete(l.origin, tokenFileKey)
	case file:
		l.config.Discord.Token = Secret{}
		delete(l.origin, tokenKey)
	}
}

// environment applies the variables. An empty one counts as not set, which is
// what a compose file makes of a variable that nobody gave.
func (l *loader) environment(environ []string) {
	l.beginLayer()
	defer l.endLayer()
	given := map[string]string{}
	for _, kv := range environ {
		if name, v, ok := strings.Cut(kv, "="); ok && v != "" && strings.HasPrefix(name, envPrefix) {
			given[name] = v
		}
	}
	var known []string
	for _, k := range l.keys {
		name := k.variable()
		known = append(known, name)
		v, ok := given[name]
		if !ok {
			continue
		}
		delete(given, name)
		l.set(k, k.words(v), name)
	}
	l.misspelt(given, known)
}

// misspelt warns of variables that nearly are ours. Others with our prefix are
// let be: orchestrators make some of their own for every service.
func (l *loader) misspelt(given map[string]string, known []string) {
	for _, name := range sortedKeys(given) {
		if n := nearest(name, known); n != "" {
			l.warnings = append(l.warnings, fmt.Sprintf("%s sets nothing: did you mean %s?", name, n))
		}
	}
}

func (l *loader) flags(flags []Flag) {
	l.beginLayer()
	defer l.endLayer()
	for _, f := range flags {
		k, ok := l.byName[f.Key]
		switch {
		case !ok:
			l.problem(f.Name, "", "there is no setting "+quote(f.Key), l.didYouMean(f.Key))
		case k.holds(k.words(f.Value)) != "":
			l.problem(f.Name, k.name, "a flag shows in the list of processes", k.elsewhere())
		case f.Value == "" && !k.list:
			l.problem(f.Name, k.name, "has no value", "write "+k.name+"=VALUE")
		default:
			l.set(k, k.words(f.Value), f.Name)
		}
	}
}

// holds names what in the words nobody may see; empty for nothing.
func (k key) holds(words []string) string {
	if k.secret == nil {
		return ""
	}
	return k.secret(words)
}

// elsewhere says where a secret can be set.
func (k key) elsewhere() string {
	remedy := "set " + k.variable() + " in the environment"
	if k.name == tokenKey {
		remedy += ", or " + tokenFileKey
	}
	return remedy
}

// words splits the text of a variable or a flag.
func (k key) words(v string) []string {
	if !k.list {
		return []string{v}
	}
	words := []string{}
	for w := range strings.SplitSeq(v, ",") {
		if w = strings.TrimSpace(w); w != "" {
			words = append(words, w)
		}
	}
	return words
}

func (l *loader) didYouMean(name string) string {
	names := make([]string, len(l.keys))
	for i, k := range l.keys {
		names[i] = k.name
	}
	if n := nearest(name, names); n != "" {
		return "did you mean " + n + "?"
	}
	return "attache config check lists them all"
}

// across checks what involves two settings. The one that was set is to blame.
func (l *loader) across() {
	c := l.config
	if c.Poll.MinInterval > c.Poll.Interval {
		l.blame("poll.interval", "poll.min_interval",
			"poll.interval ("+ShortDuration(c.Poll.Interval)+") is shorter than poll.min_interval ("+ShortDuration(c.Poll.MinInterval)+")",
			"lower poll.min_interval or raise poll.interval")
	}
	if c.Poll.MinInterval > c.Poll.MaxInterval {
		l.blame("poll.max_interval", "poll.min_interval",
			"poll.max_interval ("+ShortDuration(c.Poll.MaxInterval)+") is shorter than poll.min_interval ("+ShortDuration(c.Poll.MinInterval)+")",
			"lower poll.min_interval or raise poll.max_interval")
	}
	if (c.WebSub.CallbackURL == "") != (c.WebSub.Listen == "") {
		l.blame("websub.callback_url", "websub.listen", "one of websub.callback_url and websub.listen is set without the other",
			"set both, or none")
	}
	if (c.Phrase.Address == "") != (c.Phrase.Model == "") {
		l.blame("phrase.address", "phrase.model", "one of phrase.address and phrase.model is set without the other",
			"set both, or none")
	}
	if c.Alerts.Late > c.Alerts.MaxAge {
		l.blame("alerts.late", "alerts.max_age",
			"alerts.late ("+ShortDuration(c.Alerts.Late)+") is longer than alerts.max_age ("+ShortDuration(c.Alerts.MaxAge)+")",
			"lower alerts.late or raise alerts.max_age")
	}
}

func (l *loader) blame(a, b, what, remedy string) {
	key := a
	if l.origin[a] == "" {
		key = b
	}
	l.problem(l.origin[key], key, what, remedy)
}

func (l *loader) settings() []Setting {
	out := make([]Setting, 0, len(l.keys))
	for _, k := range l.keys {
		s := Setting{Key: k.name, Value: strings.Join(k.get(&l.config), ","), Origin: l.origin[k.name]}
		if s.Origin == "" {
			s.Origin = "default"
		}
		out = append(out, s)
	}
	return out
}

// readBounded reads a whole file of at most limit bytes.
func readBounded(name string, limit int64) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, fmt.Errorf("%s is a folder", name)
	}
	if info.Size() > limit {
		return nil, fmt.Errorf("%s is larger than %d bytes", name, limit)
	}
	return os.ReadFile(name)
}
