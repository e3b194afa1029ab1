package topic

import "strings"

// ID names a topic, e.g. "ceasefire". The ids of the built-in topics are part
// of the interface: commands, configuration and classify use them.
type ID string

// Stage says where a development stands; each topic has its own list.
type Stage string

// Flags qualify a match. They are bits of a set.
type Flags uint8

// The flags, after PLOVER's auxiliary modes.
const (
	// Negated: the text says that it did not happen.
	Negated Flags = 1 << iota
	// Hypothetical: it stands under an if or a could.
	Hypothetical
	// Future: it is announced or expected.
	Future
	// Historical: it lies in the past that a report looks back on.
	Historical
)

// flagNames are in the order of the bits.
var flagNames = [...]string{"negated", "hypothetical", "future", "historical"}

// String lists the flags, e.g. "future|hypothetical"; none is "".
func (f Flags) String() string {
	var names []string
	for i, name := range flagNames {
		if f&(1<<i) != 0 {
			names = append(names, name)
		}
	}
	return strings.Join(names, "|")
}

// Field is a part of a report.
type Field string

// The fields of a report, in reading order.
const (
	Title Field = "title"
	Lead  Field = "lead"
	Body  Field = "body"
)

// Kind says which part a passage played.
type Kind string

// The kinds of evidence.
const (
	// Strong: enough alone.
	Strong Kind = "strong"
	// Weak: an occurrence that needs support.
	Weak Kind = "weak"
	// Near: a cue beside a weak occurrence.
	Near Kind = "near"
	// Context: a cue anywhere in the report.
	Context Kind = "context"
	// With: a word that had to stand beside an occurrence.
	With Kind = "with"
	// Party: the only party that is named.
	Party Kind = "party"
	// Lonely: the only pattern that spoke for it, and in the lead only.
	Lonely Kind = "alone"
	// Sense: a cue for another meaning.
	Sense Kind = "sense"
	// Veto: it killed the occurrences that it overlaps.
	Veto Kind = "veto"
	// StageCue: it told the stage.
	StageCue Kind = "stage"
	// FlagCue: it set a flag.
	FlagCue Kind = "flag"
	// Asked: the query of a guild's own topic asks for it.
	Asked Kind = "asked"
)

// Evidence is one passage that spoke for or against a topic.
type Evidence struct {
	Field Field `json:"field"`
	Kind  Kind  `json:"kind"`
	// Start and End are byte offsets in the field's text.
	Start int    `json:"start"`
	End   int    `json:"end"`
	Text  string `json:"text"`
	// Rule is the pattern that matched, as the topic's file writes it.
	Rule string `json:"rule"`
	// Weight is what it added to the score before its zone; negative when it
	// spoke against, 0 for stages and flags.
	Weight float64 `json:"weight"`
}

// Match is a topic recognised in a report.
type Match struct {
	Topic    ID         `json:"topic"`
	Score    float64    `json:"score"`
	Stage    Stage      `json:"stage,omitempty"`
	Flags    Flags      `json:"flags,omitempty"`
	Evidence []Evidence `json:"evidence,omitempty"`
}

// Alerts reports whether the match may raise an alert: a development that is
// denied or only remembered raises none.
func (m Match) Alerts() bool { return m.Flags&(Negated|Historical) == 0 }
