// Package message owns how things look in Discord: it turns alerts and the
// answers of commands into payloads within Discord's limits. It is pure: no
// clock, no network, the same input gives the same payload.
//
// # What comes in is hostile
//
// Headlines, summaries and links come from feeds, queries and names from
// people. Text enters a payload through [Escape] where Discord renders markup
// and through text.Clean where it does not (author and footer of an embed).
// A link enters through [CheckLink]. A masked link carries a label of ours,
// never text of a feed, because Discord does not honour escapes in it.
//
// # Mentions
//
// [AllowedMentions] always marshals an empty "parse", so that no text can
// mention anyone; only roles that are listed by id can be.
package message
