package topic

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

// Field is a part of a report.
type Field string

// The fields of a report, in reading order.
const (
	Title Field = "title"
	Lead  Field = "lead"
	Body  Field = "body"
)

// Evidence is one passage that spoke for or against a topic.
type Evidence struct {
	Field Field `json:"field"`
	// Start and End are byte offsets in the field's text.
	Start int    `json:"start"`
	End   int    `json:"end"`
	Text  string `json:"text"`
	// Rule is the pattern that matched, as the topic's file writes it.
	Rule string `json:"rule"`
	// Weight is what it added to the score; negative when it spoke against.
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
