// Package article owns the pages behind reports: of the feeds for which the
// operator allows it, it fetches the page of a report that bears a topic, takes
// the beginning of its text out of it, and leaves that in the store for whoever
// reads claims and tells stories.
//
// # Whose pages
//
// The permission stands with the feed in the catalogue and is looked at again
// before each request. A page that the publisher keeps for subscribers (401, 402,
// 403, 451, or marked as not free) is left alone at once and for good.
//
// # What is done to a page
//
// The bytes come through [fetch.Client], with its limits of addresses, sizes and
// times. [Extractor] decodes them and counts, before any tree is built, what the
// tree would cost: nested formatting makes a parser of HTML grow a few bytes into
// many nodes. Then the tree's depth is measured, and only then does the library
// read it, in one of a few workers with a deadline. A worker that misses it is
// abandoned and keeps its place until it ends.
//
// # The queue
//
// A report stands in the queue once. A claim is held for a time, the tries are
// counted, and before a page is read a mark is committed, so that a page which
// ends the process is given up after [MaxCrashes]. [Judge] decides what becomes
// of a try. The text is kept apart from the report: nothing shows it whole.
package article
