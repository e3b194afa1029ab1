// Package story owns stories: a story is one development, as told by one or
// more reports. It decides to which story a report belongs.
//
// # Joining
//
// A report joins an open story that has a report with the same canonical link,
// the same text, or, in the same language, a title that says nearly the same in
// the same words. Otherwise it opens a story of its own. A wrong join hides
// news, a missed one only tells it twice, so every rule errs on the side of
// opening: two titles that differ in a number, in a negation, or each in a word
// that the other lacks, or whose parties changed places, stay apart.
//
// An [Index] decides by the open stories and their reports alone, so that one
// that is restored from the store goes on as the one before it would have.
//
// A story's id is the id of the report that opened it, so that the decision is
// complete before anything is stored, and the same when it is taken again.
package story
