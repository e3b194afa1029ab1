// Package parse turns the bytes of a feed into cleaned items. It owns the feed
// formats (RSS 0.9 to 2.0, RDF, Atom, JSON Feed) and everything that is odd
// about them: charsets, markup in text, relative links, dates in every form.
// It is the only importer of gofeed.
//
// # Order of things
//
// The bytes are normalised once: cut off above a size, decoded to UTF-8, freed
// of characters that XML forbids and of the XML declaration. Then a guard reads
// the result, and only what it passes is given to gofeed, which reads the very
// same bytes with the same decoder settings. The guard exists because gofeed
// recurses into nested elements without a limit and a stack overflow cannot be
// recovered from: five kilobytes on the wire would end the process. It bounds
// depth, elements, attributes and namespace declarations, and whatever it does
// not understand it rejects.
//
// Parsing runs in a worker with a deadline. A worker that misses it is
// abandoned and counted ([Parser.Abandoned]) and keeps its slot until it ends,
// so that hostile documents can take the parser's slots but not more.
//
// # What comes out
//
// A [Document] holds items whose text is plain, whose links are absolute http
// or https and whose dates do not lie in the future. What had to be mended or
// dropped is told in [Document.Notes]. Anything else is an [Error] with a
// [Class].
package parse
