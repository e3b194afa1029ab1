// Package claim owns who says what: it reads the claims of a report, each with
// its speaker, the act of speech, its tone, the committed party, and a verbatim
// quote. It never decides whether a claim is true.
//
// # How a report is read
//
// Title and description are cut into sentences and tokens. In each sentence the
// cues are found outside of quotation marks: verbs and phrases of speech from
// the language's lexicon ("denies", "has not confirmed", "according to"). A
// cue's class and what follows it give the act: "rejects" before "allegations"
// denies, before "a truce" it refuses. Its speaker is the noun phrase before it,
// behind it where the order is inverted (", says X"), or at the end of the
// sentence ("… – Kremlin"). A speaker that is only a role ("Israeli minister")
// or a pronoun takes the name that the report gives him elsewhere, unless that name
// has another office or only undergoes what is told. A paper ("… , study finds")
// speaks for its maker where the description begins with him by name, else for
// itself. What an outlet tells it tells itself, unless it is a state's own. Whoever a
// headline begins with shares his later verbs: "Macron opens summit, calls for".
// Where nobody speaks in a headline, a quotation that ends it behind a colon is said by
// the person with whom it begins.
//
// The first claim of the title is the main one, else the first of the opening
// sentence of the description. What hangs on "after", "as" or "who" is background
// and never the main claim. Where a headline tells something itself, neither is what
// the description has others say of another matter, or police of the case.
package claim
