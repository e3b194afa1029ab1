// Package text owns what every other part asks of plain text: making hostile
// feed text safe, folding it for comparison, cutting it into tokens and
// sentences, naming its language, shortening it without harm and telling
// whether two titles say the same.
//
// It is a leaf: it imports nothing of ours, keeps no state, and every function
// is safe for concurrent use, accepts any bytes and never panics.
package text
