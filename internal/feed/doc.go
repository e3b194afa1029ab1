// Package feed owns whom to poll and when: the feeds, their health, and the
// polls that bring reports.
//
// A [Poller] claims due feeds from its [Store], fetches and parses them side by
// side, and hands the store one [Outcome] a feed, which is committed at once.
// What follows from a poll is decided by pure functions: [After] when the feed
// is due again and how it does, [Hush] which reports must stay quiet, and
// [Reports] what the document's items are.
//
// # Poison
//
// Some documents can end the process in a way that nothing recovers from, such
// as an overflown stack. Before a body is parsed, the feed is marked in the
// store, and the mark goes with the poll's outcome. A mark found at start
// therefore names the feed that brought the last run down; the second time it
// is [Quarantined].
package feed
