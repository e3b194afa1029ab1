// Package phrase owns how a summary is put by a language model, where the operator
// has named one. It is off unless he has, and no alert waits for it: the alert goes
// out with the sentences of its reports, and what the model made of them comes by
// an edit.
//
// # What a model may do
//
// It is given the chosen sentences with their speakers, and nothing else. It may
// join two of them, leave out one in which nobody says anything, leave out a
// clause such as "which lies on the border", and say "said" for "says".
// [Checker.Check] takes an answer only if it can lay every word of it on a
// sentence that was given; so no quotation, number or name is new, no verb is
// stronger, nothing is turned around, and whoever says something still stands
// beside it. Any doubt is a [Reason], and the sentences stay as they are.
//
// That makes harmless whatever a feed writes to the model, and whatever a server
// answers.
//
// # The queue
//
// What is wanted follows from what alerts tell ([Next]): sentences that have not
// been put. The try is counted in the store before the server is asked and its
// outcome is recorded with the wish to edit, so that a process may end anywhere.
// [Judge] decides what becomes of a try. Tries of one story are bounded, and so is
// how many a minute there are.
package phrase
