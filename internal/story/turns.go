package story

import (
	"slices"
	"time"

	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/text"
	"github.com/attache-bot/attache/internal/topic"
)

// TurnReason names what a turn is.
type TurnReason string

// The reasons. All but the last three are changes of what a party has said.
const (
	// OthersClaim means that a party claims something that binds others, or that
	// nobody is bound by.
	OthersClaim TurnReason = "others-claim"
	// OwnAct means that a party tells of its own decision or action.
	OwnAct TurnReason = "own-act"
	// PartyAffirms means that a party that is bound affirms.
	PartyAffirms TurnReason = "party-affirms"
	// PartyDenies means that a party that is bound denies or refuses.
	PartyDenies TurnReason = "party-denies"
	// OthersDeny means that a party that is not bound contradicts.
	OthersDeny TurnReason = "others-deny"
	// NewWord means that a party says something that changes no standing: it does
	// not comment, welcomes, demands.
	NewWord TurnReason = "new-word"
	// OutletsTell means that an outlet tells in its own voice the incident that only
	// some had told of. It has no party.
	OutletsTell TurnReason = "outlets-tell"
	// StageMoves means that a topic of the story has come to another stage.
	StageMoves TurnReason = "stage-moves"
)

// Turn is one thing that is new in what a story tells, a party's word or a
// stage, with the report that brought it and the standing that it left.
type Turn struct {
	// By is the party, as [Testimony] names it, Speaker and About the words of the
	// report. They are empty for a stage, which Topic and Stage name; it was Was
	// before, empty when none was told.
	By      string      `json:"by,omitempty"`
	Speaker string      `json:"speaker,omitempty"`
	Act     claim.Act   `json:"act,omitempty"`
	Tone    claim.Tone  `json:"tone,omitempty"`
	About   string      `json:"about,omitempty"`
	Topic   topic.ID    `json:"topic,omitempty"`
	Stage   topic.Stage `json:"stage,omitempty"`
	Was     topic.Stage `json:"was,omitempty"`
	// Titled says that the report's title tells the stage.
	Titled bool `json:"titled,omitempty"`

	Reason   TurnReason `json:"reason"`
	Standing Standing   `json:"standing"`
	// Report is the first that told it, Source its outlet, At when it appeared.
	// [Testimony.Hear] leaves them empty.
	Report report.ID `json:"report,omitempty"`
	Source source.ID `json:"source,omitempty"`
	At     time.Time `json:"at,omitzero"`
}

// maxTurns bounds the turns that a story keeps: the first, and the last ones.
const maxTurns = 64

// maxName bounds what is kept of a name, in code points.
const maxName = 120

// hear is s after the claims of its report r. The turns of s stay as they were.
func (s Story) hear(r report.Report, claims []claim.Claim) Story {
	var turns []Turn
	s.Testimony, turns = s.Testimony.listen(claims)
	_, speaks := claim.Main(claims)
	for _, t := range turns {
		t.By = s.heardAs(t.By)
		// A report that nobody speaks in tells no answers to anybody.
		said := slices.ContainsFunc(s.Turns, func(o Turn) bool { return o.same(t) })
		if t.By == "" || t.Reason == NewWord && (said || !speaks && !s.spoken()) {
			continue
		}
		t.Speaker, t.About = text.Cut(t.Speaker, maxName), text.Cut(t.About, maxName)
		s = s.turn(r, t)
	}
	return s
}

// heardAs is the name by which s has told words of a party before, or its own.
func (s Story) heardAs(by string) string {
	i := slices.IndexFunc(s.Turns, func(t Turn) bool { return isGroup(t.By) && namesake(t.By, by) })
	if i < 0 {
		return by
	}
	return s.Turns[i].By
}

// tellItself is s once its report r has come, as far as its outlet tells it itself.
func (s Story) tellItself(r report.Report, claims []claim.Claim) Story {
	var turns []Turn
	s.Testimony, turns = s.Testimony.tellItself(claims)
	for _, t := range turns {
		s = s.turn(r, t)
	}
	return s
}

// spoken reports whether a party's word was told.
func (s Story) spoken() bool {
	return slices.ContainsFunc(s.Turns, func(t Turn) bool { return t.By != "" })
}

// same reports whether two turns are the same word.
func (t Turn) same(o Turn) bool { return t.By == o.By && t.Act == o.Act && t.Tone == o.Tone }

// turn is s with a turn that r brought.
func (s Story) turn(r report.Report, t Turn) Story {
	t.Report, t.Source, t.At = r.ID, r.Source, r.Time()
	s.Turns = append(slices.Clip(s.Turns), t)
	if over := len(s.Turns) - maxTurns; over > 0 {
		s.Turns = slices.Concat(s.Turns[:1], s.Turns[1+over:])
	}
	return s
}

// Said are the words that tell where the parties of a story stand, in the order
// in which the parties spoke first: of each party the last one that counted, or
// the last one where none did. What some say with one voice stands there once.
func (s Story) Said() []Turn {
	var out []Turn
	at := map[string]int{}
	for _, t := range s.Turns {
		if t.By == "" {
			continue
		}
		i, heard := at[t.By]
		switch {
		case !heard:
			at[t.By] = len(out)
			out = append(out, t)
		case t.says():
		case t.Reason != NewWord || out[i].Reason == NewWord:
			out[i] = t
		}
	}
	return slices.CompactFunc(out, Turn.joint)
}

// joint reports whether two turns are one word of several parties.
func (t Turn) joint(o Turn) bool {
	return t.By != "" && o.By != "" && t.Report == o.Report && t.Speaker == o.Speaker && t.Act == o.Act && t.Tone == o.Tone
}

// says reports whether a turn is a party's plain word: no answer, no decision, and
// no welcome.
func (t Turn) says() bool { return t.Act == claim.Assert && t.Tone == "" && t.Reason != PartyAffirms }

// Adds reports whether a turn tells more than that somebody says something too,
// after one that left the standing was.
func (t Turn) Adds(was Standing) bool {
	switch t.Reason {
	case StageMoves:
		return t.Was != ""
	case OutletsTell:
		return false
	}
	more := t.Reason == NewWord && t.Tone == "" && (t.Act == claim.Assert || t.Act == claim.Announce)
	return !more && (!t.says() || t.Standing != was)
}
