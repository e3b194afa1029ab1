// Package times owns how people and the bot tell each other times in commands: spans
// and times of the day that are typed, the days on which something comes, and hours and
// ends in words.
package times
