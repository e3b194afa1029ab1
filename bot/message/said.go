package message

import (
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

// acts are what a speaker does, without and with whom it is about.
var acts = map[claim.Act][2]wording.ID{
	claim.Announce:  {"said.announce", "said.announce-with"},
	claim.Assert:    {"said.assert", "said.assert-about"},
	claim.Confirm:   {"said.confirm", "said.confirm-with"},
	claim.Deny:      {"said.deny", "said.deny-about"},
	claim.Reject:    {"said.reject"},
	claim.NoComment: {"said.no-comment"},
	claim.Accuse:    {"said.accuse", "said.accuse-about"},
	claim.Threaten:  {"said.threaten"},
	claim.Demand:    {"said.demand"},
}

// tones are what a speaker does whose tone says more than the act.
var tones = map[claim.Tone]wording.ID{claim.Welcome: "said.welcome", claim.Doubt: "said.doubt"}

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
// code points.
func saidLine(s alert.Said, maxName int, in wording.Speaker) string {
	speaker, about := text.Clean(s.Speaker), text.Clean(s.About)
	args := wording.Args{"speaker": Markup("**" + Escape(speaker, maxName) + "**")}
	id := acts[s.Act][0]
	if with := acts[s.Act][1]; about != "" && with != "" {
		id, args["about"] = with, Markup(Escape(about, maxName))
	}
	if t := tones[s.Tone]; t != "" {
		id = t
	}
	if speaker == "" || id == "" {
		return ""
	}
	return string(in.Say(id, args))
}
