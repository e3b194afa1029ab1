// Package command owns the slash commands: what they are called, who may use
// them, and what they answer. Each is a function from an [interaction.Request] to an
// [interaction.Reply] in a file of its own; commands.go is the table of all of them
// with their buttons, menus and forms, and [Tree] is what Discord is told.
//
// # Trust
//
// Every look-up in the store names the guild, and what a custom id or an option
// says grants nothing: whoever forges one gets what the command would give them.
//
// # Pages
//
// A list's button carries a [Cursor] in its custom id: bounded, readable by any
// later release or refused with a clear answer, and without authority.
package command
