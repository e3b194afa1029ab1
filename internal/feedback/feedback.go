// Package feedback owns what members say of alerts: which they call not relevant,
// what those have in common against the others, and which change of the
// subscription follows from it. Nothing changes until a moderator agrees.
package feedback

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

// ErrNoAlert means that the guild has no alert for the story.
var ErrNoAlert = errors.New("no alert for the story in the guild")

const (
	// MaxPerGuild is how many complaints of a guild are kept: the newest.
	MaxPerGuild = 2000
	// Window is how far back alerts are compared.
	Window = 30 * 24 * time.Hour
)

// Complaint says that a person called a story's alert not relevant.
type Complaint struct {
	// Guild, Channel and Person are Discord's snowflakes in decimal. Channel is
	// where it was said.
	Guild, Channel string
	Story          story.ID
	Person         string
	At             time.Time
}

// Told is one alert that a subscription asked for.
type Told struct {
	Story story.ID
	Title string
	// People counts those who called it not relevant.
	People int
	// Language and Tier are of the report that raised it and of its outlet; Stage is
	// where the subscription's topic stood in it.
	Language string
	Tier     source.Tier
	Stage    topic.Stage
	// Standing is the story's now, Outlets how many tell it.
	Standing story.Standing
	Outlets  int
	// Countries are those that the report names, as ISO 3166-1 codes.
	Countries []string
}

// Subject is a subscription that complaints are about.
type Subject struct {
	Channel string
	Topic   topic.ID
	// People counts the persons who complained, Alerts are what the subscription
	// asked for in the [Window], the newest first.
	People int
	Alerts []Told
}

// Complained are those of its alerts that somebody called not relevant.
func (s Subject) Complained() []Told {
	return slices.DeleteFunc(slices.Clone(s.Alerts), func(t Told) bool { return t.People == 0 })
}

// Kind is a property that alerts may share.
type Kind string

// The properties. They are part of the ids of buttons that are out there.
const (
	Language Kind = "language"
	Tier     Kind = "tier"
	Stage    Kind = "stage"
	Standing Kind = "standing"
	Single   Kind = "single"
	Country  Kind = "country"
)

// Trait is what the alerts called not relevant have in common.
type Trait struct {
	Kind  Kind
	Value string
	// Of counts the alerts complained of that have it, Others the remaining ones.
	Of, Others int
}

const (
	// minShared is how many alerts must share a trait before it means anything.
	minShared = 2
	// common and rare are the shares of those that have it: at least common of what
	// was complained of, and at most rare of the others.
	common = 0.6
	rare   = 0.25
)

// Traits returns what alerts called not relevant share and the others mostly do
// not have, what tells them apart best first. With nothing to compare with there
// are none: everything was complained of, or one alert only.
func Traits(all []Told) []Trait {
	bad, good := 0, 0
	counts := make(map[Trait]*Trait)
	var order []*Trait
	for _, a := range all {
		for _, k := range a.traits() {
			t, ok := counts[k]
			if !ok {
				t = &Trait{Kind: k.Kind, Value: k.Value}
				counts[k] = t
				order = append(order, t)
			}
			if a.People > 0 {
				t.Of++
			} else {
				t.Others++
			}
		}
		if a.People > 0 {
			bad++
		} else {
			good++
		}
	}
	var out []Trait
	for _, t := range order {
		if good > 0 && t.Of >= minShared && float64(t.Of) >= common*float64(bad) && float64(t.Others) <= rare*float64(good) {
			out = append(out, *t)
		}
	}
	apart := func(t Trait) float64 { return float64(t.Of)/float64(bad) - float64(t.Others)/float64(good) }
	slices.SortStableFunc(out, func(a, b Trait) int { return cmp.Compare(apart(b), apart(a)) })
	return out
}

// traits are the properties of an alert.
func (t Told) traits() []Trait {
	var out []Trait
	add := func(k Kind, v string) {
		if one := (Trait{Kind: k, Value: v}); v != "" && !slices.Contains(out, one) {
			out = append(out, one)
		}
	}
	add(Stage, string(t.Stage))
	add(Tier, string(t.Tier))
	add(Language, t.Language)
	add(Standing, string(t.Standing))
	for _, c := range t.Countries {
		add(Country, c)
	}
	if t.Outlets == 1 {
		add(Single, "one")
	}
	return out
}

// Without returns a list of what is wanted that leaves one value out. An empty
// list wants everything, which is all. It returns false when nothing would be
// left.
func Without[T comparable](wanted, all []T, out T) ([]T, bool) {
	if len(wanted) == 0 {
		wanted = all
	}
	rest := slices.DeleteFunc(slices.Clone(wanted), func(v T) bool { return v == out })
	return rest, len(rest) > 0
}
