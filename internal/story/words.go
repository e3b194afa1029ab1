package story

import (
	"slices"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/attache-bot/attache/internal/text"
)

const (
	// minStemmed is how many letters of an English word are left when an ending
	// is taken off.
	minStemmed = 4
	// stemLetters is how many letters of a word count in other languages, whose
	// endings are many.
	stemLetters = 6
)

// stemOf is the part of a word that its forms share, nearly: that two words have
// one stem is evidence among other.
func stemOf(w, language string) string {
	if language != "en" {
		n := 0
		for i := range w {
			if n++; n > stemLetters {
				return w[:i]
			}
		}
		return w
	}
	for _, end := range [...]string{"ies", "ied", "ing", "ed", "es", "s", "e", "y"} {
		s, ok := strings.CutSuffix(w, end)
		if !ok || len(s) < minStemmed || end == "s" && strings.HasSuffix(s, "s") {
			continue
		}
		w = s
		break
	}
	if len(w) > minStemmed && strings.HasSuffix(w, "e") {
		w = w[:len(w)-1]
	}
	if n := len(w); n > minStemmed && w[n-1] == w[n-2] && w[n-1] < utf8.RuneSelf {
		w = w[:n-1]
	}
	return w
}

// maxConcepts is how many kinds of what happens there may be.
const maxConcepts = 64

// concepts are kinds of what happens, each with the words that headlines use for
// it; at most [maxConcepts].
const concepts = `
mutiny mutineer rebellion rebel rebels rebelled revolt uprising insurrection insurgency coup putsch junta overthrow
kill killed kills killing dead death deaths die died dies slain deadly toll fatal fatality casualty
injure injured wound wounded hurt
strike strikes struck airstrike attack attacked hit hits bomb bombed bombing bombard shell shelling blast explosion raid assault
missile rocket drone uav projectile warhead
halt halted stop call off end ended stand down retreat retreated withdraw withdrew withdrawal turnaround abandon pull
charge case probe criminal investigation investigate prosecution prosecute indict indicted indictment
trial court convict convicted guilty sentence sentenced verdict judge
sanction blacklist embargo restriction curb freeze
meet met meeting visit visited trip arrive arrives travel host
talk negotiation negotiate dialogue mediate mediation
summit conference forum
treason betrayal traitor backstab
deal agreement accord pact agree agreed agrees treaty
accuse accused blame blamed allege alleged
deny denied denial reject rejected refuse refused dismiss dismissed rebuff
vow vowed threaten threatened threat warn warned warning pledge pledged
seize seized capture captured occupy storm stormed overrun
march marched advance advanced
elect election vote voted poll ballot referendum
arrest arrested detain detained detention custody
jail jailed prison imprison
ceasefire truce armistice pause lull
exile asylum flee fled
hostage captive prisoner abduct abducted kidnap kidnapped
release released free freed swap exchange
veto block blocked bar ban banned
quit resign resigned resignation oust ousted sack sacked dismissal
react reaction respond response
spy spies spying espionage intelligence surveillance
ambassador envoy diplomat embassy consulate
expel expelled expulsion summon summoned recall recalled
nuclear uranium atomic enrichment
test tested launch launched fire fired
deploy deployed deployment station stationed
exercise drill manoeuvre maneuver
down downed intercept intercepted shot shoot
aid assistance package fund funding donate donation
weapon arm arms ammunition tank jet howitzer
tariff duty levy export import trade
evacuate evacuated evacuation refugee displace displaced
protest rally demonstrator demonstration riot
squat squatter squatting
annex annexation settlement settler
approve approved back backed pass passed ratify ratified
propose proposed proposal plan offer
reconstruction rebuild rebuilding recovery
crash collapse sank sink capsize
`

// common are words that news is full of, in classes of how many reports in a
// thousand have them. They stand in until the reports of the last days tell.
const (
	common80 = "say said year report new peopl president first former state government country world leader minister"
	common25 = `russia russian ukrain ukrainian china chines unit american america washington british israel israeli
		war militar force attack kill offic official news latest liv day week month tim two three police court support
		presid prime chief head group part hous national secur biden trump putin european union foreign international
		talk deal polit power crisis call plan claim face hit end set back show help ris move make take tak mak amid citi home
		deat peopl women children man men live updat million billion accord public media compan`
	common10 = `moscow kyiv beij london paris berlin german germani french franc britain india indian iran iranian korea korean japan
		nato palestinian gaza jerusalem taiwan zelenski zelenskiy netanyahu blinken south north east west western eastern
		southern northern border capital region citi town armi troop soldier missil dron strik weapon arm defens defenc nuclear
		sanction trad econom econom bank oil gas energi market vote elect parti law trial charg case investig arrest jail
		secretar spokesman statement letter summit meet visit trip ambassador diplomat embass parliament oppos polici right
		human aid refuge victim dead injur wound surviv emerg hospit rescu warn threat threaten accus blam den reject refus
		vow pledg urg demand seek want need expect face fear hop concern worri tension conflict fight fighter rebel militant
		terror terrorist peac ceasef truc agre agreement treat accord sign hold held tell told ask believ know thing way
		place point face issu caus reason result effect impact chang chanc start begin began open clos near outsid insid
		across around includ among former senior top key major big larg high long short early late lead led lost loss win won
		run turn put keep left return bring brought give gave use using work job pay price cost monei dollar`
)

// lexicon is what the package knows of words by their stems.
type lexicon struct {
	// concept is the number of a word's kind.
	concept map[string]int
	// usual is the share of reports that have a word.
	usual map[string]float64
	// acts are the kinds of acts, speech tells how somebody is had to speak.
	acts   actLexicon
	speech speech
}

// words is the lexicon, which nothing changes: each feed of a server's own has an index,
// and all share it.
var words = sync.OnceValue(newLexicon)

func newLexicon() *lexicon {
	l := &lexicon{concept: map[string]int{}, usual: map[string]float64{}}
	l.acts, l.speech = readActs()
	for n, line := range strings.Split(strings.TrimSpace(concepts), "\n") {
		for w := range strings.FieldsSeq(line) {
			l.concept[stemOf(w, "en")] = n
		}
	}
	for _, class := range []struct {
		words string
		share float64
	}{{common10, 0.010}, {common25, 0.025}, {common80, 0.080}} {
		for w := range strings.FieldsSeq(class.words) {
			l.usual[stemOf(w, "en")] = class.share
		}
	}
	return l
}

// answer is a set of the answers to a claim that a title tells. Until an alert
// can follow a story, an answer is news of its own: it must not vanish in the
// story of the claim.
type answer uint8

const (
	confirms answer = 1 << iota
	denies
	declines
	doubts
	// retorts is how somebody takes what another has said of him.
	retorts
)

// answersIn reads the answers from a title.
func answersIn(title []text.Token) answer {
	var a answer
	blames, said, words := false, false, false
	for i, t := range title {
		blames, said = blames || isRetort(t.Fold), said || t.Fold == "say" || t.Fold == "says" || t.Fold == "said"
		words = words || isWords(t.Fold) || blames && (t.Fold == "calls" || t.Fold == "likens")
		switch t.Fold {
		case "confirm", "confirms", "confirmed", "confirming", "acknowledges", "acknowledged", "admits", "admitted":
			a |= confirms
		case "deny", "denies", "denied", "denying", "reject", "rejects", "rejected", "refuse", "refuses", "refused",
			"dismisses", "dismissed", "refutes", "rebuffs":
			if !isRuling(title, i) && (i+1 == len(title) || !isWorry(title[i+1].Fold)) {
				a |= denies
			}
		case "decline", "declines", "declined":
			a |= declines
		case "doubts", "doubted":
			a |= doubts
		case "comment":
			if i > 0 && title[i-1].Fold == "no" {
				a |= declines
			}
		}
	}
	if words && (blames || said) {
		a |= retorts
	}
	return a
}

// isRuling reports whether word i of a title tells what a court has decided, which
// contradicts no claim: "court rejects bid", "appeal denied by court", and not "Kyiv
// rejects court's ruling" or "appeal for truce rejected".
func isRuling(title []text.Token, i int) bool {
	court := func(t text.Token) bool { return isCourt(t.Fold) }
	appeal := i > 0 && (title[i-1].Fold == "appeal" || title[i-1].Fold == "appeals")
	return slices.ContainsFunc(title[:i], court) || appeal && slices.ContainsFunc(title[i:], court)
}

// isCourt knows those who judge.
func isCourt(w string) bool {
	switch w {
	case "court", "courts", "judge", "judges", "justices", "tribunal":
		return true
	}
	return false
}

// isWorry knows what somebody dismisses who denies nothing that was claimed.
func isWorry(w string) bool {
	switch w {
	case "concern", "concerns", "fear", "fears", "worry", "worries", "criticism":
		return true
	}
	return false
}

// isRetort knows the words for how somebody takes what another has said.
func isRetort(w string) bool {
	switch w {
	case "slams", "slammed", "blasts", "blasted", "condemns", "condemned", "denounces", "denounced",
		"decries", "protests", "criticises", "criticizes", "criticised", "criticized", "rebukes", "fumes", "furious", "outraged", "fury",
		"lash", "lashes", "lashed", "bristles", "irate", "angry", "anger", "angered", "angers", "outrage", "uproar", "rebuke", "rebuked":
		return true
	}
	return false
}

// isWords knows the nouns for what somebody has said.
func isWords(w string) bool {
	switch w {
	case "remark", "remarks", "comment", "comments", "calling", "labelling", "labeling", "likening", "description":
		return true
	}
	return false
}
