// Package topic owns the topics: the file form in which they are written, the
// pattern language of their rules, compiling them, and recognising them in a
// report with the evidence that spoke for and against.
//
// # How a report is judged
//
// A report is cut into tokens once. Every token is looked up in the compiled
// vocabulary, and only patterns whose rarest word occurs are tried. For a topic
// with at least one occurrence of a strong or weak pattern:
//
//   - vetoes kill the occurrences that they overlap, and no others;
//   - a live occurrence scores its weight, a weak one plus the cues within a
//     window of it, times the weight of its zone (title, lead, body); the best
//     occurrence counts, and the best of a second field corroborates it;
//     what a clause of circumstances tells ("amid …", "who …", the words of the
//     shared set background) weighs less, least what a lead tells of the time
//     before the news ("after", the shared set earlier);
//   - context cues anywhere add up to a cap, weighed by the zone of that
//     occurrence;
//   - what happens between parties loses when the report names too few of them,
//     see [Sides];
//   - it loses, or gains, what the topic says for one strong pattern of the lead
//     that is all that speaks for it (alone);
//   - competing senses (labour, sport …) are scored alike.
//
// The topic holds when its score reaches the file's accept threshold and beats
// every competing sense by [Margin]. Then the stage and flags are read. No topic's
// verdict depends on which other topics there are.
//
// # Patterns
//
// A pattern is a row of elements; each matches one token unless said otherwise.
//
//	truce          the word, in any case; 's and hyphens do not matter
//	cease-fire     the words "cease" and "fire" in a row
//	rule*_out      two words in a row as one alternative
//	ceasefire*     words that begin so
//	*angriff       words that end so
//	перемир~       words that begin so and have an ending of up to three letters
//	=US            the word in exactly this case ("US", "U.S.", never "us")
//	a|b|{set}      any of these
//	{set}          any member of a set, of one or several words
//	{@}            a live occurrence of the topic itself (not in strong, weak, veto)
//	#              a number
//	..3            up to three tokens, none of which ends a clause
//
// A word with an ß is found with ss too, as the Swiss and capitals write it.
//
// The sets country, leader, body, group and conflict-place are there in every
// language that the gazetteer knows. Arabic words match without the particles, the
// article and the pronoun that are written with them.
//
// # Parts
//
// A topic with more patterns than a reader takes in at once has further files that
// hold those of one kind, with examples of their own: military-strike.sea.yaml holds
// attacks on ships. See [Part].
//
// # Languages
//
// A topic's file may hold rules for several languages. A folder named after a
// language adds it to the topics beside it: es/ceasefire.yaml is an [Addition] to
// the topic ceasefire, and es/_shared.yaml the words that Spanish topics share. A
// file whose name begins with an underscore may also add a language to many topics
// under the key topics; see [Shared]. Each adds to topics that were defined before
// it and never replaces what a topic's own file says.
//
// # Frames
//
// A strong or weak pattern may ask for more in the same sentence, in any order:
//
//	ambassador*|envoy* & recall*|expel* & {2}
//
// The first part is what occurs; the others stand beside it, within twelve
// tokens, or in its gaps. {2} are two different parties: "Putin" and "Moscow" are one. {apart} asks
// that the first part itself names two, so that "{leader} in {country} & {apart}" is
// found in "Putin in China" and not in "Putin in Russia".
//
// A comma between two parties that begin a title, or a clause of it, is read as
// the first word of the shared set comma: "Xi, Putin meet" as "Xi and Putin meet".
package topic
