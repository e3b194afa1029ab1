package gazetteer

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

//go:embed data/*.yaml
var data embed.FS

// MaxEnding is how many letters may follow a stem written with ~.
const MaxEnding = 3

// Codes that name no side.
const (
	Any   = "any"   // "rebels", "militants"
	Other = "other" // bodies and groups that hardly ever are a party
	West  = "west"  // "the west", "allies"
)

var sideless = []string{Any, Other, West}

// Kind says what an actor is.
type Kind string

// The kinds of actors.
const (
	State  Kind = "state"
	Leader Kind = "leader"
	Body   Kind = "body"
	Group  Kind = "group"
	Place  Kind = "place"
)

// Actor is one entry in one language.
type Actor struct {
	Kind Kind
	// Code is the same in every language; leaders have that of their side.
	Code string
	// Side is the code of the party that the name names: mostly Code, for some
	// groups the state that they fight for, "" for places and where no one knows.
	Side string
	// Party is the code of the party that the name speaks for: Side, but for a group
	// that stands up against a state, and for its leaders, that of the group. Land is
	// the code of that state.
	Party, Land string
	// Home is the code of the state that a place lies in, "" where that is in
	// dispute; whoever holds office there speaks for it.
	Home string
	// Terms are the words and phrases that name the actor.
	Terms []string
}

// Gazetteer holds the actors of every language. It does not change.
type Gazetteer struct {
	actors  map[string][]Actor
	offices *offices
}

// file is a language's file.
type file struct {
	States  map[string][]string `yaml:"states"`
	Leaders map[string][]string `yaml:"leaders"`
	Bodies  map[string][]string `yaml:"bodies"`
	Groups  map[string][]string `yaml:"groups"`
	Places  map[string][]string `yaml:"places"`
}

// Load reads the built-in names.
func Load() (*Gazetteer, error) {
	names, err := fs.Glob(data, "data/*.yaml")
	if err != nil {
		return nil, fmt.Errorf("list gazetteer files: %w", err)
	}
	sides, err := loadCodes(sidesFile)
	if err != nil {
		return nil, err
	}
	homes, err := loadCodes(homesFile)
	if err != nil {
		return nil, err
	}
	lands, err := loadCodes(landsFile)
	if err != nil {
		return nil, err
	}
	g := &Gazetteer{actors: map[string][]Actor{}}
	if g.offices, err = loadOffices(); err != nil {
		return nil, err
	}
	for _, name := range names {
		if slices.Contains([]string{sidesFile, homesFile, landsFile, officesFile}, name) {
			continue
		}
		raw, err := data.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read gazetteer file: %w", err)
		}
		actors, err := parse(raw, codes{sides: sides, homes: homes, lands: lands})
		if err != nil {
			return nil, fmt.Errorf("gazetteer %s: %w", name, err)
		}
		g.actors[strings.TrimSuffix(path.Base(name), ".yaml")] = actors
	}
	return g, nil
}

// sidesFile tells for which state some groups fight, homesFile in which one places
// lie, landsFile against which one groups stand up.
const (
	sidesFile = "data/sides.yaml"
	homesFile = "data/homes.yaml"
	landsFile = "data/lands.yaml"
)

// codes are what those files tell, by the codes of actors.
type codes struct{ sides, homes, lands map[string]string }

func loadCodes(name string) (map[string]string, error) {
	raw, err := data.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("read gazetteer file: %w", err)
	}
	out := map[string]string{}
	if err := yaml.Unmarshal(raw, &out); err != nil {
		return nil, fmt.Errorf("gazetteer %s: %w", name, err)
	}
	return out, nil
}

func parse(raw []byte, of codes) ([]Actor, error) {
	dec := yaml.NewDecoder(strings.NewReader(string(raw)))
	dec.KnownFields(true)
	var f file
	if err := dec.Decode(&f); err != nil {
		return nil, err
	}
	var out []Actor
	for _, part := range []struct {
		kind Kind
		by   map[string][]string
	}{{State, f.States}, {Leader, f.Leaders}, {Body, f.Bodies}, {Group, f.Groups}, {Place, f.Places}} {
		for _, code := range slices.Sorted(maps.Keys(part.by)) {
			if len(part.by[code]) == 0 {
				return nil, errors.New(code + ": give at least one name")
			}
			a := Actor{Kind: part.kind, Code: code, Side: code, Terms: part.by[code]}
			if side, ok := of.sides[code]; ok {
				a.Side = side
			} else if a.Kind == Place || slices.Contains(sideless, code) {
				a.Side = ""
			}
			if a.Kind == Place {
				a.Home = of.homes[code]
			}
			a.Party, a.Land = a.Side, of.lands[code]
			if a.Land != "" {
				a.Party = code
			}
			out = append(out, a)
		}
	}
	return out, nil
}

// Languages lists the languages that have names, in order.
func (g *Gazetteer) Languages() []string { return slices.Sorted(maps.Keys(g.actors)) }

// Actors returns the actors of a language by kind and code. The caller must not
// change them.
func (g *Gazetteer) Actors(lang string) []Actor { return g.actors[lang] }
