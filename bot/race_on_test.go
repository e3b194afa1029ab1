//go:build race

package bot

// fewer divides what is too much for the race detector, under which SQLite is
// twenty times slower.
const fewer = 10
