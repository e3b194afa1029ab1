// Package app owns how the parts stand together: [New] builds the whole bot
// from its configuration, [App.Run] runs it until it is told to stop. The
// commands of the command line that need more than one part stand here too,
// one file each.
package app
