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
// a NEAR/5 b NEAR/3 c, each stands beside the next. It looks at the first 100 places
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
// counted in a sample of reports. So a report costs what its words have in common with
// the queries, not how many queries stand. Words, prefixes and attributes are known by
// their names: 64 bits of hash, mixed with a key that each index draws ([key]), so that
// nobody can choose words that fall together.
//
//	a report's words ──▶ names ──▶ filter ──▶ table ──▶ list: a row on the shelf
//	       │               ▲       (parted.go)    ┌──────┬──────────┬───────────┬──────────┐
//	       └─▶ openings ───┘       a bit or two   │ more │ ids of   │ entries:  │ programs │
//	           that may begin      say that       │ rows │ queries  │ what else │ of some  │
//	           with prefixes       nothing hangs  │      │ that are │ it needs, │ entries  │
//	           that have names     on a name      │      │ one word │ shape, id │          │
//	           (heads.go)                         └──────┴──────────┴───────────┴──────────┘
//
// Several reports are matched together, each step for all of them before the next, so
// that waiting for memory overlaps (search.go):
//
//   - present: the names of the words and attributes (present.go), in order of their
//     positions, and the openings of the words, which are their first letters. Of a
//     prefix only one on which a query hangs has a name, and one that is longer than an
//     opening; two bits tell most words that begin with none of those. Other prefixes
//     are sought among the openings when a query asks for them.
//   - reach: the names that pass the filter, and the lists that hang on those;
//   - match: the ids of queries of one word are copied. Of the others most go by what
//     else they need, the second rarest of their words, whose mark the report does not
//     bear (sighted.go); most of the rest by their shape: the two stand side by side, or
//     near each other, or a third word is there. What is left is told by its program
//     (program.go, run.go), a row of bytes that stands behind the entries.
//
// A table that is full parts in two and a row that is full moves by itself (list.go,
// shelf.go), so no addition waits for all to be copied: it moves one row, of two
// kilobytes at most, for each word on which the query hangs, and now and then a table
// of four. It asks for no memory but for what it keeps (work, in index.go). What is left
// to wait for is memory that the program has not used before, and the garbage collector.
// A query that goes leaves its place to the next; for that its rule has the place of its
// record (index.go). [Query.Match] looks for each word of a query in the report; the
// index must find the same.
package query
