// Package query owns the language in which a guild writes its own topics, the
// plain evaluator that says what a query means, and the one index that finds the
// queries of all guilds that a report matches.
//
// # The language
//
// It is that of search boxes:
//
//	truce kyiv               both words, in any order (AND may stand between)
//	truce OR ceasefire       either; AND binds closer than OR
//	truce -trade             not the other: NOT trade is the same
//	"prisoner swap"          the words in a row
//	missile*                 words that begin so, with three letters or more
//	(truce OR ceasefire) kyiv
//	drone NEAR/5 refinery    at most five words between them, either way round
//	title:truce              in the title alone; title:(truce OR "cease fire")
//	source:bbc country:ru language:uk topic:sanctions stage:imposed
//
// Words are compared as [text.Fold] has them, so that case, hyphens and marks do
// not matter; a word of several parts, such as cease-fire, is a row of words. A
// stop word in capitals, such as US, UN or WHO, is the acronym, which "us" is not.
// Texts in scripts that do not part words are compared by character, and Arabic
// words match with the particles and the article that are written with them.
//
// A row of words and NEAR do not cross from one part of a report into the next,
// but punctuation between words does not matter. NEAR stands between words,
// phrases, prefixes, and alternatives of them in parentheses; in a chain, such as
// a NEAR/5 b NEAR/3 c, each stands beside the next. It looks at the first 200 places
// of a word or phrase, unless it stands between two words alone. There are no regular
// expressions: what one query costs is bounded by its length.
//
// A query that would find nearly everything is refused with the reason: one that
// is empty, that only says what to leave out, or that may hold by stop words,
// single letters, a language or a country alone; see [Parse]. [Flood] refuses one
// that has matched too many of the last reports.
//
// # The index
//
// Each query hangs on the rarest of the words without which it cannot match, as
// counted in a sample of reports. Words are known by their hashes. Of most words of
// a report one bit says that no query hangs on them; of those that hang on the
// others, most are told by a second word, the second rarest, or by where the two
// stand, and few by a program. So a report costs what its words have in common with
// the queries, not how many queries stand. Queries come and go while reports are
// matched.
package query
