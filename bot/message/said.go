package message

import (
	"slices"
	"strings"

	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/text"
)

// standingIDs are what readers are told of a standing. What outlets alone tell
// needs no word: the outlet is named.
var standingIDs = map[story.Standing]wording.ID{
	story.Claimed:         "standing.claimed",
	story.PartlyConfirmed: "standing.partly-confirmed",
	story.Confirmed:       "standing.confirmed",
	story.Disputed:        "standing.disputed",
	story.Denied:          "standing.denied",
}

// standingWords is a standing in words; "" for one that needs none.
func standingWords(s story.Standing, in wording.Speaker) string {
	if id := standingIDs[s]; id != "" {
		return in.Plain(id)
	}
	return ""
}

// verbs are what one speaker does, and several: without and with whom it is about.
type verbs struct{ one, with, many, manyWith wording.ID }

// acts are what a speaker does.
var acts = map[claim.Act]verbs{
	claim.Announce:  {"said.announce", "said.announce-with", "said-many.announce", "said-many.announce-with"},
	claim.Assert:    {"said.assert", "said.assert-about", "said-many.assert", "said-many.assert-about"},
	claim.Confirm:   {"said.confirm", "said.confirm-with", "said-many.confirm", "said-many.confirm-with"},
	claim.Deny:      {"said.deny", "said.deny-about", "said-many.deny", "said-many.deny-about"},
	claim.Reject:    {one: "said.reject", many: "said-many.reject"},
	claim.NoComment: {one: "said.no-comment", many: "said-many.no-comment"},
	claim.Accuse:    {"said.accuse", "said.accuse-about", "said-many.accuse", "said-many.accuse-about"},
	claim.Threaten:  {one: "said.threaten", many: "said-many.threaten"},
	claim.Demand:    {one: "said.demand", many: "said-many.demand"},
}

// tones are what a speaker does whose tone says more than the act.
var tones = map[claim.Tone]verbs{
	claim.Welcome: {one: "said.welcome", many: "said-many.welcome"},
	claim.Doubt:   {one: "said.doubt", many: "said-many.doubt"},
}

// saidLines tell who says what; empty when nobody does.
func saidLines(said []alert.Said, in wording.Speaker) string {
	var lines []string
	for _, one := range said[:min(len(said), alert.MaxSaid)] {
		if line := saidLine(one, maxSpeaker, in); line != "" {
			lines = append(lines, line)
		}
	}
	return joinLines(lines, "", maxSaidLines)
}

// saidLine is "**Trump** says so, about Putin", with names of at most so many
// code points. It begins as sentences do.
func saidLine(s alert.Said, maxName int, in wording.Speaker) string {
	speaker, about := text.Clean(s.Speaker), text.Clean(s.About)
	args := wording.Args{"speaker": Markup("**" + Escape(text.Capital(speaker), maxName) + "**")}
	v, toned := tones[s.Tone]
	if !toned {
		v = acts[s.Act]
	}
	id, with := v.one, v.with
	if several(speaker) {
		id, with = v.many, v.manyWith
	}
	if speaker == "" || id == "" {
		return ""
	}
	if about != "" && with != "" {
		id, args["about"] = with, Markup(Escape(about, maxName))
	}
	return string(in.Say(id, args))
}

// joined are the words between two speakers in the languages in which they are read,
// bodies what a name with one of them may be all the same, and crowds those who are
// several also where a headline or a sentence begins with them.
var (
	joined = []string{", ", " and ", " & ", " und ", " et ", " y ", " i ", " і ", " й ", " та ", " и "}
	crowds = []string{
		"authorities", "critics", "democrats", "doctors", "experts", "houthis", "israelis", "lawmakers", "medics", "militants", "officials",
		"palestinians", "prosecutors", "rebels", "republicans", "residents", "soldiers", "witnesses",
	}
	bodies = []string{
		"affairs", "agency", "association", "authority", "bank", "bureau", "center", "centre", "co", "commission", "committee", "company",
		"council", "department", "fund", "group", "institute", "ministry", "office", "organisation", "organization", "party", "security", "services", "union",
	}
)

// several reports whether a speaker is more than one, so that verbs agree: two with a
// word between them, or an English noun in the plural, such as "EU ambassadors" or
// "officials of the ministry". A name is one, whatever it ends in.
func several(speaker string) bool {
	for _, of := range []string{" of ", " from ", " in ", " at ", " with "} {
		speaker, _, _ = strings.Cut(speaker, of)
	}
	last := speaker[strings.LastIndexByte(speaker, ' ')+1:]
	if slices.ContainsFunc(joined, func(and string) bool { return strings.Contains(speaker, and) }) {
		return !slices.Contains(bodies, strings.ToLower(last))
	}
	switch {
	case last == "police" || last == "people", slices.Contains(crowds, strings.ToLower(speaker)):
		return true
	case last == "news" || strings.ToLower(last) != last || strings.HasSuffix(last, "'s") || strings.HasSuffix(last, "’s"):
		return false
	}
	return strings.HasSuffix(last, "s") && !strings.HasSuffix(last, "ss") && !strings.HasSuffix(last, "us") && !strings.HasSuffix(last, "is")
}
