// Package report owns the report: one item of a feed, cleaned, and the rules by
// which it is recognised when it comes again.
//
// # Identity
//
// Feeds rename ids, move links, add tracking parameters and change dates, and
// each of these has flooded channels of other bots. A report therefore has
// several keys ([Key]), made by [Identify] from what the feed gave:
//
//   - guid: the id as the feed wrote it;
//   - link: the canonical link ([CanonicalLink]), and that of an id which is
//     itself a link. A site's front page identifies nothing;
//   - text: folded title and description together, when they are long enough
//     to be one text and not a rubric such as "Live updates". It catches feeds
//     that rename ids and links at once.
//
// A report is known when any one of its keys is known within its source. No
// date takes part. Keys are compared within a source only: two outlets that
// print the same wire copy are two reports.
//
// A key that several items of one document carry under different headlines
// tells them not apart, such as the address of a live page or an id that says
// "article" on each item: [Identify] sees the whole document and drops it. Two
// items with one headline and one shared key are the same report listed twice
// and keep it. An item that is left without any key is identified by
// everything it says.
//
// Keys are stored, so how they are made is fixed: a change makes every known
// report look new once. The folding stands here, apart from the text package,
// so that it does not change with it.
package report
