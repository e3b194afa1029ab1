// Package wording owns the words that the bot says, in every language that it
// speaks. It is pure: catalogues are part of the program.
//
// # How to say something
//
// Write the sentence into catalogue/AREA.LANG.toml, one file for each area and
// each of [Languages], under a key of small letters, digits and hyphens. Its id
// is "AREA.KEY". Placeholders have names; a sentence that counts has a form for
// each plural of its language and takes the number as "count":
//
//	# catalogue/care.en.toml             # catalogue/care.uk.toml, pl: one, few, many
//	kept = "I keep {{.topic}} for {{.time}}."
//	found.zero = "no story on {{.topic}}"   # where none at all can be counted
//	found.one = "{{.count}} story on {{.topic}}"
//	found.other = "{{.count}} stories on {{.topic}}"
//	keep-button = "Keep it"
//
// In a handler of bot/command the request speaks ([Speaker] is part of it):
//
//	q.Say("care.found", wording.Args{"count": 3, "topic": info.Title})     // message.Markup
//	q.Plain("care.keep-button")                                            // a label, a title: no markup there
//	q.Or(names...)                                                         // "a, b or c"; And likewise
//	return Reply{}, refuse(NotFound, "care.gone", wording.Args{"name": s}) // said in the asker's language
//
// Strings among the arguments are escaped as message.Format does and cut to 200
// code points; message.Markup, such as message.Channel(id), goes in as it is; a
// [Saying] is said first, and [OneOf] as a list with "or". Functions that have no request take a Speaker, last.
// Elsewhere In(locale, guild's locale) finds one; the zero Speaker speaks English.
//
// Ids stand in the code as whole literals, never put together, so that tests can
// find them: each must be in every language with the same placeholders, the
// plural forms that the language has, the same commands and as many marks; none
// may be left over. An id that ends in -button, -label, -form (the title of a
// form) or -placeholder is held to the length that Discord has for it.
//
// Every English sentence must also stand in a golden file of bot/command, or be
// named in its sentences_test.go with the test that reads it.
//
// Names of commands and options stay English everywhere: people find them in
// documents and tell them to each other. What Discord shows beside them is said
// in the reader's language: tree.go of bot/command takes ids for descriptions.
package wording
