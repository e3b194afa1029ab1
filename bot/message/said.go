package message

import (
	"strings"

	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/text"
)

// standingWords are what readers are told of a standing. What outlets alone tell
// needs no word: the outlet is named.
var standingWords = map[story.Standing]string{
	story.Claimed:         "Claimed, not confirmed",
	story.PartlyConfirmed: "Confirmed by one party, not by all",
	story.Confirmed:       "Confirmed by the parties",
	story.Disputed:        "Disputed",
	story.Denied:          "Claimed, and denied",
}

// standingIDs are the same in every language.
var standingIDs = map[story.Standing]wording.ID{
	story.Claimed:         "standing.claimed",
	story.PartlyConfirmed: "standing.partly-confirmed",
	story.Confirmed:       "standing.confirmed",
	story.Disputed:        "standing.disputed",
	story.Denied:          "standing.denied",
}

// actWords are what a speaker does, with and without whom it is about.
var actWords = map[claim.Act][2]string{
	claim.Announce:  {"announces it", "announces it, with %"},
	claim.Assert:    {"says so", "says so, about %"},
	claim.Confirm:   {"confirms it", "confirms it, with %"},
	claim.Deny:      {"denies it", "denies it, about %"},
	claim.Reject:    {"refuses", "refuses"},
	claim.NoComment: {"does not confirm or comment", "does not confirm or comment"},
	claim.Accuse:    {"accuses others", "accuses %"},
	claim.Threaten:  {"threatens", "threatens"},
	claim.Demand:    {"demands it", "demands it"},
}

// toneWords are what a speaker does whose tone says more than the act.
var toneWords = map[claim.Tone]string{claim.Welcome: "welcomes it", claim.Doubt: "doubts it"}

// saidLines tell who says what; empty when nobody does.
func saidLines(said []alert.Said) string {
	var lines []string
	for _, one := range said[:min(len(said), alert.MaxSaid)] {
		if line := saidLine(one, maxSpeaker); line != "" {
			lines = append(lines, line)
		}
	}
	return joinLines(lines, "", maxSaidLines)
}

// saidLine is "**Trump** says so, about Putin", with names of at most so many
// code points.
func saidLine(s alert.Said, maxName int) string {
	speaker, about := text.Clean(s.Speaker), text.Clean(s.About)
	words := actWords[s.Act][0]
	if about != "" {
		words = strings.Replace(actWords[s.Act][1], "%", Escape(about, maxName), 1)
	}
	if w := toneWords[s.Tone]; w != "" {
		words = w
	}
	if speaker == "" || words == "" {
		return ""
	}
	return "**" + Escape(speaker, maxName) + "** " + words
}
