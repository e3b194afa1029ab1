// Package command owns the slash commands as a whole: [Tree] is what Discord is told of
// them, and [Router] answers them. What each answers stands in the rooms below, as
// functions from an [interaction.Request] to an [interaction.Reply]:
//
//   - subscribing says what a channel gets, and what of it members find not relevant,
//   - lookup tells what happened and why,
//   - living quiets alerts and gathers them into digests,
//   - own is what a server makes for itself: topics and feeds,
//   - care is help, privacy, the audit and notices.
//
// Each has a table of its commands, of what its buttons, menus and forms do, and of its
// lists' pages (handlers.go), and says what it needs of the store (store.go). They know
// nothing of each other; desk is what they share, times how they tell times, and tree the names.
//
// # Trust
//
// Every look-up in the store names the guild, and what a custom id or an option
// says grants nothing: whoever forges one gets what the command would give them.
//
// # Pages
//
// A list's button carries a [desk.Cursor] in its custom id: bounded, readable by any
// later release or refused with a clear answer, and without authority.
package command
