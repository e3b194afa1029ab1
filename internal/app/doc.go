// Package app owns how the parts stand together: [New] builds the whole bot
// from its configuration, [App.Run] runs it until it is told to stop, and
// [RunDemo] runs it with a Discord and outlets of its own. What an operator asks
// beside that stands in internal/operator.
package app
