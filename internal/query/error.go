package query

import (
	"fmt"
	"strings"
)

// Reason says why a query is refused.
type Reason string

// The reasons.
const (
	ReasonEmpty     Reason = "empty"
	ReasonTooLong   Reason = "too-long"
	ReasonTooMany   Reason = "too-many-words"
	ReasonTooDeep   Reason = "too-deep"
	ReasonSyntax    Reason = "syntax"
	ReasonNoWord    Reason = "no-word"
	ReasonOneLetter Reason = "one-letter"
	ReasonStopWord  Reason = "stop-word"
	ReasonBroad     Reason = "too-broad" // holds by a language or the like alone
	ReasonNegative  Reason = "only-negative"
	ReasonUnknown   Reason = "unknown-value"
	ReasonFlood     Reason = "flood"
)

// Fault is what exactly is wrong: a key for those who say it in other languages.
type Fault string

// The faults.
const (
	FaultEmpty         Fault = "empty"
	FaultTooLong       Fault = "too-long"
	FaultTooMany       Fault = "too-many-words"
	FaultTooDeep       Fault = "too-deep"
	FaultNeverOpened   Fault = "never-opened"
	FaultNotClosed     Fault = "not-closed"
	FaultNothingInside Fault = "nothing-inside"
	FaultNothingBefore Fault = "nothing-before"
	FaultNothingBehind Fault = "nothing-behind"
	FaultNearPart      Fault = "near-part"
	FaultNearNot       Fault = "near-not"
	FaultNearRange     Fault = "near-range"
	FaultNearNumber    Fault = "near-number"
	FaultSmallOperator Fault = "small-operator"
	FaultNoField       Fault = "no-field"
	FaultFieldWithin   Fault = "field-within"
	FaultFieldEmpty    Fault = "field-empty"
	FaultNoWord        Fault = "no-word"
	FaultEmptyPhrase   Fault = "empty-phrase"
	FaultOpenPhrase    Fault = "open-phrase"
	FaultLoneDash      Fault = "lone-dash"
	FaultStarWithin    Fault = "star-within"
	FaultStarAlone     Fault = "star-alone"
	FaultPrefixShort   Fault = "prefix-short"
	FaultPrefixLong    Fault = "prefix-long"
	FaultBar           Fault = "bar"
	FaultAndSign       Fault = "and-sign"
	FaultRegexp        Fault = "regexp"
	FaultCountry       Fault = "country"
	FaultLanguage      Fault = "language"
	FaultValue         Fault = "value"
	FaultUnknown       Fault = "unknown"
	FaultUnknownNear   Fault = "unknown-near"
	FaultUnknownSome   Fault = "unknown-some"
	FaultNegative      Fault = "only-negative"
	FaultBroad         Fault = "too-broad"
	FaultOneLetter     Fault = "one-letter"
	FaultStopWord      Fault = "stop-word"
	FaultFlood         Fault = "flood"
)

// faults are what each is a case of, and how it is said in English, with {names} of
// arguments.
var faults = map[Fault]struct {
	reason Reason
	says   string
}{
	FaultEmpty:         {ReasonEmpty, "The query is empty. Give words to look for, as in truce OR ceasefire."},
	FaultTooLong:       {ReasonTooLong, "The query has {number} characters; {most} are possible. Leave some out, or make two topics of it."},
	FaultTooMany:       {ReasonTooMany, "The query has {number} words; {most} are possible. Leave some out, or make two topics of it."},
	FaultTooDeep:       {ReasonTooDeep, "there are more than {most} parentheses within each other. Take some away."},
	FaultNeverOpened:   {ReasonSyntax, "this parenthesis was never opened. Take it away, or open it before."},
	FaultNotClosed:     {ReasonSyntax, "this parenthesis is not closed."},
	FaultNothingInside: {ReasonSyntax, "a word is missing before this parenthesis."},
	FaultNothingBefore: {ReasonSyntax, "a word is missing before this operator. To look for the word itself, put it in quotation marks."},
	FaultNothingBehind: {ReasonSyntax, "a word is missing at the end."},
	FaultNearPart:      {ReasonSyntax, "{text} cannot stand beside NEAR. Only words, phrases, prefixes and alternatives of them in parentheses can."},
	FaultNearNot:       {ReasonSyntax, "NEAR takes no NOT. Leave the word out behind it, as in drone NEAR/5 refinery -exercise."},
	FaultNearRange:     {ReasonSyntax, "NEAR takes 1 to {most} words between, as in drone NEAR/5 refinery."},
	FaultNearNumber:    {ReasonSyntax, "write NEAR in capitals, then a slash and a number from 1 to {most}, as in drone NEAR/5 refinery."},
	FaultSmallOperator: {ReasonSyntax, `write {operator} in capitals to combine words, or "{text}" in quotation marks to look for the word.`},
	FaultNoField:       {ReasonSyntax, "there is no {field}: to ask for. There are title:, source:, country:, language:, topic: and stage:. To look for a colon's words, put them in quotation marks."},
	FaultFieldWithin:   {ReasonSyntax, "{field}: cannot stand within the parentheses of {within}:. Close them before."},
	FaultFieldEmpty:    {ReasonSyntax, "write what to ask for right behind {field}:, without a blank."},
	FaultNoWord:        {ReasonNoWord, "{text} holds no word to look for."},
	FaultEmptyPhrase:   {ReasonNoWord, "this phrase holds no word to look for."},
	FaultOpenPhrase:    {ReasonSyntax, `this quotation mark has no partner. Close the phrase, as in "prisoner swap".`},
	FaultLoneDash:      {ReasonSyntax, "a dash alone leaves nothing out. Write it right before a word, as in -trade."},
	FaultStarWithin:    {ReasonSyntax, "in {text}, * may stand at the end of a word only, as in missile*."},
	FaultStarAlone:     {ReasonSyntax, "write * right behind at least {least} letters, as in missile*."},
	FaultPrefixShort:   {ReasonOneLetter, "{text} finds too many words. Write at least {least} letters before *, as in missile*."},
	FaultPrefixLong:    {ReasonTooLong, "{text} is longer than a prefix can be. Take letters away before *."},
	FaultBar:           {ReasonSyntax, "write OR between alternatives, as in truce OR ceasefire."},
	FaultAndSign:       {ReasonSyntax, "leave this out: words beside each other must all occur."},
	FaultRegexp:        {ReasonSyntax, `there are no regular expressions. Use words, "phrases" and prefix*.`},
	FaultCountry:       {ReasonUnknown, "“{text}” is no country's code. Use two letters, such as country:ua, or country:int for international bodies."},
	FaultLanguage:      {ReasonUnknown, "“{text}” is no language's code. Use two letters, such as language:uk."},
	FaultValue:         {ReasonUnknown, "“{text}” cannot stand behind {field}:. Use its id: small letters, digits and hyphens."},
	FaultUnknown:       {ReasonUnknown, "there is no {field} “{text}”."},
	FaultUnknownNear:   {ReasonUnknown, "there is no {field} “{text}”. Did you mean {near}?"},
	FaultUnknownSome:   {ReasonUnknown, "there is no {field} “{text}”. There are, for example, {some}."},
	FaultNegative:      {ReasonNegative, "“{text}” only says what to leave out, and finds nearly everything. Add a word to look for beside it."},
	FaultBroad:         {ReasonBroad, "“{text}” alone finds too much. Add a word or topic: to look for beside it."},
	FaultOneLetter:     {ReasonOneLetter, "“{text}” is a single letter, which stands in nearly every report. Add a word to look for beside it."},
	FaultStopWord:      {ReasonStopWord, "“{text}” stands in nearly every report. Add a word to look for beside it, or put both into quotation marks."},
	FaultFlood:         {ReasonFlood, "It would have matched {matched} of the last {of} reports, and nobody can read that many. At most {most} may match: add a word that must occur too, or title: before a word."},
}

// Faults are all that there are, with how each is said in English. {names} stand for
// the arguments.
func Faults() map[Fault]string {
	out := map[Fault]string{}
	for f, is := range faults {
		out[f] = is.says
	}
	return out
}

// Error says what is wrong with a query, where, and what to do.
type Error struct {
	Reason Reason
	// At is the character at which the fault stands, from 1; 0 concerns the whole
	// query.
	At int
	// Fault and Args are what is wrong, for saying it in another language.
	Fault Fault
	Args  map[string]string
	// Remedy is an English sentence that names the fault and what to do.
	Remedy string
}

// failure makes an error; args are names and values in turn.
func failure(at int, f Fault, args ...string) *Error {
	is := faults[f]
	e := &Error{Reason: is.reason, At: at, Fault: f, Args: map[string]string{}}
	var filled []string
	for i := 0; i+1 < len(args); i += 2 {
		e.Args[args[i]] = args[i+1]
		filled = append(filled, "{"+args[i]+"}", args[i+1])
	}
	e.Remedy = strings.NewReplacer(filled...).Replace(is.says)
	return e
}

func (e *Error) Error() string {
	if e.At == 0 {
		return e.Remedy
	}
	return fmt.Sprintf("Character %d: %s", e.At, e.Remedy)
}
