// Package parse turns the bytes of a feed into cleaned items. It owns the feed
// formats (RSS 0.9 to 2.0, RDF, Atom, JSON Feed) and everything that is odd
// about them: charsets, markup in text, relative links, dates in every form.
// It is the only importer of gofeed.
//
// # Order of things
//
// The bytes are normalised once: cut off above a size, decoded to UTF-8, freed
// of characters that XML forbids and of the XML declaration. Then it takes one of
// two ways to gofeed.
//
// The short way is for well-formed, ordinary RSS and Atom, which is nearly all
// there is: one walk over the bytes drops what nobody reads and sets long texts
// aside, so that gofeed, which is slow for each byte and each element, gets a
// skeleton. It keeps within the guard's limits, and says nothing that the whole
// document would not: tests hold every document to both ways.
//
// The long way is for everything else: a guard reads the document, and only what
// it passes is given to gofeed, which reads the very same bytes with the same
// decoder settings. The guard exists because gofeed recurses into nested
// elements without a limit and a stack overflow cannot be recovered from: five
// kilobytes on the wire would end the process. It bounds depth, elements,
// attributes and namespace declarations, and whatever it does not understand it
// rejects.
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
