package topic

// Margin is by how much a topic's score must beat every competing sense.
const Margin = 1.0

// Default weights and thresholds of a topic file.
const (
	DefaultAccept     = 1.5
	DefaultStrong     = 3.0
	DefaultWeak       = 0.5
	DefaultWindow     = 7
	DefaultContextCap = 1.5
)

// Definition is a topic as its file writes it.
type Definition struct {
	ID ID `yaml:"id"`
	// Title and Keywords are by language; keywords help people find the topic
	// by another name ("truce").
	Title    map[string]string   `yaml:"title"`
	About    string              `yaml:"about"`
	Keywords map[string][]string `yaml:"keywords"`
	Codes    Codes               `yaml:"codes"`
	// Stages lists the stages that a match can have, in their usual order.
	Stages []Stage `yaml:"stages"`
	// Accept is the score from which the topic holds.
	Accept float64 `yaml:"accept"`
	Zones  Zones   `yaml:"zones"`
	// Lang holds the rules by language.
	Lang map[string]Rules `yaml:"lang"`
	// Tests holds examples by language; go test and topics test run them.
	Tests map[string]Examples `yaml:"tests"`

	// File is the name that Parse was given, for messages.
	File string `yaml:"-"`
}

// Codes are the topic's ids in the field's taxonomies.
type Codes struct {
	PLOVER []string `yaml:"plover" json:"plover,omitempty"`
	CAMEO  []string `yaml:"cameo" json:"cameo,omitempty"`
	IPTC   []string `yaml:"iptc" json:"iptc,omitempty"`
	// Reading names the taxonomies (plover, cameo, iptc) whose codes are our
	// best reading rather than checked against the taxonomy's own text.
	Reading []string `yaml:"reading" json:"reading,omitempty"`
}

// Zones weigh the parts of a report, from 0 to 1.
type Zones struct {
	Title float64 `yaml:"title"`
	Lead  float64 `yaml:"lead"`
	Body  float64 `yaml:"body"`
}

func (z Zones) of(f Field) float64 {
	switch f {
	case Title:
		return z.Title
	case Lead:
		return z.Lead
	}
	return z.Body
}

// Rules are a topic's rules in one language. See the package comment.
type Rules struct {
	Sets    map[string]Members  `yaml:"sets"`
	Strong  Patterns            `yaml:"strong"`
	Weak    Patterns            `yaml:"weak"`
	Near    Cues                `yaml:"near"`
	Context Cues                `yaml:"context"`
	Senses  map[string]Patterns `yaml:"senses"`
	// Sides weighs how many parties the report names.
	Sides Sides `yaml:"sides"`
	// Alone is added to the score when one pattern in the lead is all that
	// speaks for the topic, see weighAlone.
	Alone float64 `yaml:"alone"`
	// Against names shared senses that compete too.
	Against []string `yaml:"against"`
	Veto    Patterns `yaml:"veto"`
	// Avoid names shared veto lists.
	Avoid  []string            `yaml:"avoid"`
	Stages []StageRule         `yaml:"stages"`
	Flags  map[string]Patterns `yaml:"flags"`

	// File is where they stand when not in the topic's own file, for messages.
	File string `yaml:"-"`
}

// Sides are added to the score of a topic by how many different parties title
// and opening name: Lone for fewer than two, None when they do not even name a
// place or an armed group that the gazetteer knows. A leader counts as his or
// her state. What is between states names two of them.
type Sides struct {
	Lone float64 `yaml:"lone"`
	None float64 `yaml:"none"`
}

// Cues are weighted patterns with their reach.
type Cues struct {
	// Window is how many tokens from an occurrence a near cue may be.
	Window int `yaml:"window"`
	// Cap bounds what all cues together may add.
	Cap  float64  `yaml:"cap"`
	Cues Patterns `yaml:"cues"`
}

// StageRule gives the cues of one stage. The first rule with a cue in the title
// tells the stage, else the first with a cue in the lead.
type StageRule struct {
	Stage Stage    `yaml:"stage"`
	Cues  Patterns `yaml:"cues"`
}

// Patterns is a list of patterns, in YAML a sequence of patterns, a mapping
// from pattern to weight, or a sequence of both.
type Patterns []Pattern

// Pattern is one pattern as written.
type Pattern struct {
	Text string
	// Weight is 0 when the file gives none.
	Weight float64
	// Line is its line in the file, and File where that is not the one of the
	// rules that it belongs to, for messages.
	Line int
	File string
}

// Members are the members of a set.
type Members []Pattern

// Examples are a topic's own tests in one language.
type Examples struct {
	Wanted   []Example `yaml:"wanted"`
	Unwanted []Example `yaml:"unwanted"`
}

// Example is a report that must, or must not, bear the topic. In YAML it is a
// title alone or a mapping.
type Example struct {
	Title string `yaml:"title"`
	Lead  string `yaml:"lead"`
	// Stage and Flags are checked when given.
	Stage Stage    `yaml:"stage"`
	Flags []string `yaml:"flags"`
	Line  int      `yaml:"-"`
	// File is where it stands when not in the topic's own file, for messages.
	File string `yaml:"-"`
}

// Shared is a file of sets, senses, vetoes and flags for all topics, each by
// language and name. Its file name begins with an underscore.
type Shared struct {
	Sets   map[string]map[string]Members  `yaml:"sets"`
	Senses map[string]map[string]Patterns `yaml:"senses"`
	Vetoes map[string]map[string]Patterns `yaml:"vetoes"`
	Flags  map[string]map[string]Patterns `yaml:"flags"`
	// Topics adds languages to topics that files before this one define: by
	// language and topic. What a topic's own file says of a language holds.
	Topics map[string]map[ID]Addition `yaml:"topics"`

	File string `yaml:"-"`
	// alone says that the file is in a language's folder and holds one topic only.
	alone bool
}

// Addition is what a topic is in one more language: an entry of a shared file, or
// a file named after the topic in the language's folder.
type Addition struct {
	Rules `yaml:",inline"`
	// Keywords help people find the topic by another name.
	Keywords []string `yaml:"keywords"`
	Tests    Examples `yaml:"tests"`
}

// File is one parsed topic file: a definition, a part of one, or something shared.
type File struct {
	Definition *Definition
	Part       *Part
	Shared     *Shared
}
