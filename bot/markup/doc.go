// Package markup owns what text may do in Discord: [Markup] is ours to mean
// something, and whatever comes from outside enters it through [Escape], which
// takes every meaning away. It is pure.
package markup

// Markup is text in Discord's markup in which everything from outside has been
// escaped. Only constants, this package and those that build on it make it.
type Markup string
