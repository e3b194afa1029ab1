// Package times owns how people and the bot tell each other times in commands: spans
// and time zones that are typed, the days on which something comes, and hours and ends
// in words.
package times
