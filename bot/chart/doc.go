// Package chart owns pictures of numbers: it turns counts over time into a PNG
// and into the words that stand for it. It is pure: the same counts give the
// same picture.
//
// # Who reads it
//
// A picture has its own background, dark, so that it reads the same whether the
// reader's Discord is dark or light, and large figures, for phones. Colour says nothing alone: the height of a bar
// does, with its number above it. What the picture shows is also said in words,
// by [Bars.Alt], for those who do not see it.
//
// Texts in the picture are numbers and dates of ours. Names come from people in
// any script, for which there is no font here: they stand in the message.
package chart
