// Package operator owns what an operator asks on the command line, beside running
// the bot: whether its feeds can be read, what its topics find, why a report
// raised no alert, how a running bot is, backups and migrations. Each function
// answers one command and writes for people, or a line of JSON a thing.
//
// Nothing here needs Discord. What asks a running bot does so over HTTP at the
// address that the setting listen names.
package operator
