package story

import (
	"slices"
	"strings"

	"github.com/attache-bot/attache/internal/text"
)

// genre is a set of marks of tellings that are no plain report of one event.
type genre uint8

const (
	// asks marks forecasts and what weighs an event.
	asks genre = 1 << iota
	// gathers marks what tells of several events: briefings, newsletters.
	gathers
	// explains marks what is about an affair and not about what has just happened:
	// questions, explainers, portraits, lists of lessons. Such a piece shares the
	// words of every development of the affair, so that it is a story of its own.
	explains
	// muses marks words and forms that analyses and features have more often than
	// reports.
	muses
)

// line is a title's words, each between blanks, with its colons and question
// marks as words; it begins and ends with a blank.
type line string

func lineOf(title []text.Token) line {
	var b strings.Builder
	b.WriteByte(' ')
	for _, t := range title {
		switch {
		case t.Kind == text.Quote, t.Kind == text.Symbol, t.Kind == text.Clause && t.Text != ":":
			continue
		case t.Kind == text.Stop && t.Text != "?":
			b.WriteByte('.')
		default:
			b.WriteString(t.Fold)
		}
		b.WriteByte(' ')
	}
	return line(b.String())
}

// has reports whether one of the words or phrases is in the line.
func (l line) has(phrases ...string) bool {
	return slices.ContainsFunc(phrases, func(p string) bool { return strings.Contains(string(l), " "+p+" ") })
}

// begins reports whether one of the words or phrases begins the line.
func (l line) begins(phrases ...string) bool {
	return slices.ContainsFunc(phrases, func(p string) bool { return strings.HasPrefix(string(l), " "+p+" ") })
}

// subtitle is what follows the first colon, unless what stands before it is the
// label of a running report.
func (l line) subtitle() line {
	label, rest, ok := strings.Cut(string(l), " : ")
	if !ok || line(label+" ").has("live", "latest", "updates", "recap", "briefing", "breaking") {
		return " "
	}
	return line(" " + rest)
}

// minAnswer is how many words tell something behind a question.
const minAnswer = 4

// behindQuestion is what a line tells behind its question: "Exile begun? Jet lands in
// Belarus"; the whole line where that is too little.
func (l line) behindQuestion() line {
	_, rest, ok := strings.Cut(string(l), " ? ")
	if rest = " " + rest; !ok || strings.Count(rest, " ") <= minAnswer || line(rest).begins("the", "a", "an", "here's", "here", "this", "it", "we") {
		return l
	}
	return line(rest)
}

// speaks reports whether somebody says what the line tells.
func (l line) speaks() bool {
	return l.has("say", "says", "said", "saying", "tell", "tells", "told", "warn", "warns", "warned", "accuse", "accuses", "accused",
		"claim", "claims", "claimed", "report", "reports", "reported", "poll", "survey")
}

// genre reads the marks from a title. The words are English; other languages
// have the question mark.
func (l line) genre(language string) genre {
	var g genre
	l = l.behindQuestion()
	if l.has("?") || language == "en" && l.isExplainer() {
		g |= explains
	}
	if language != "en" {
		return g
	}
	if l.isForecast() {
		g |= asks
	}
	if !l.speaks() && l.isAnalysis() {
		g |= muses
	}
	if l.has("briefing", "newsletter", "weekly", "roundup", "first thing", "headlines", "key events", "week in") && !l.has("live") {
		g |= gathers
	}
	return g
}

func (l line) isExplainer() bool {
	sub := l.subtitle()
	return l.begins("who", "what", "why", "how", "where", "which", "is", "can", "will", "does", "has", "inside", "scenes from",
		"analysis", "opinion", "explainer", "making sense of") ||
		sub.begins("how", "why", "who", "where", "inside", "tracking", "lessons", "from", "timeline", "in pictures") ||
		sub.begins("what") && !sub.begins("what we know") ||
		sub.begins("the", "a", "an") && !l.speaks() ||
		l.has("explained", "explainer", "timeline", "in pictures", "in photos", "lessons", "takeaways", ". here", "things to know", "what to know",
			"what comes next", "what happens next", "the history of", "the story of", "the rise of", "the man who", "the woman who", "the day when")
}

func (l line) isForecast() bool {
	return l.has("could", "may", "might", "why", "how", "future", "fears", "uncertain", "lessons", "risk", "risks", "questions", "means",
		"opinion", "what we know", "analysis", "review of")
}

func (l line) isAnalysis() bool {
	return l.begins("the", "a", "an", "as", "after", "amid", "in", "on", "for", "with", "at") ||
		l.has("should", "uncertainty", "expose", "exposes", "exposed", "exposing", "reveal", "reveals", "revealed", "echo", "echoes", "undermine",
			"undermines", "underscores", "humiliation", "vulnerability", "vulnerabilities", "flaws", "winner", "winners", "loser", "losers",
			"nightmare", "wild card", "legacy", "matters", "braces", "brace", "in jeopardy", "turning point", "strongman", "impact",
			"implications", "aftermath", "fallout", "roots", "rivalries", "outlook", "memories", "struggle", "struggles", "is a", "is an",
			"is the", "are the", "is not")
}

// gathersInLead reports whether a description is that of a newsletter.
func gathersInLead(lead []text.Token) bool {
	if len(lead) == 0 || lead[0].Fold == "also" {
		return len(lead) > 0
	}
	for i, t := range lead {
		if t.Fold == "newsletter" && i > 0 && (lead[i-1].Fold == "this" || lead[i-1].Fold == "today") {
			return true
		}
	}
	return false
}

// isCaption reports whether a description is no text but tells what a picture
// shows: it ends with whose picture that is.
func isCaption(s string) bool {
	s = strings.TrimSpace(s)
	i := strings.LastIndexByte(s, '(')
	if i < 0 || !strings.HasSuffix(s, ")") {
		return false
	}
	credit := s[i:]
	return strings.Contains(credit, "/") || strings.HasPrefix(credit, "(Photo") || strings.HasPrefix(credit, "(File") || strings.HasPrefix(credit, "(Screenshot")
}
