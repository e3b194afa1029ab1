// Package archtest holds the tree to its own rules: which package may import
// which, who alone may import certain libraries, how long files and functions
// may be, and a few habits. It has no code but its tests.
//
// The rules are data (rules_test.go), read against the source by go/parser
// in-process: a test that asked the go command would be cached by it, and stay
// green after a violation.
package archtest
