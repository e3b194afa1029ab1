// Package story owns stories: a story is one development, as told by one or
// more reports. It decides to which story a report belongs.
//
// # Joining
//
// A report joins an open story that has a report with the same canonical link,
// the same text, or, in the same language, a title that says nearly the same in
// the same words; in another language, one that names the same parties at the
// same stage of a topic. Last it is compared with reports of the last days: by their
// words, rare ones and names first, by descriptions, parties, numbers, topic, the acts
// that they tell of one party and the time between them. It joins the story into which
// it fits best, when it does so well enough: one whose reports are more like it than
// those of all others, one by one and together, and not long ago. Otherwise it opens a
// story of its own. A wrong join hides news, a missed one only tells it twice, so every
// rule errs on the side of opening: look-alikes whose titles differ in a number, a name,
// a negation, or whose parties changed places, stay apart, and so do briefings that tell
// of many things and pieces that explain.
//
// A story that opens may follow another: one that it is much like but not enough
// so, or one whose claim it answers. Such a chain is one affair.
//
// How rare a word is, the reports of the last three days tell. A report is
// looked up by its rarest words and by its acts, and each leads to a bounded number
// of the newest reports, so that placing costs the same however many stories are open.
//
// An [Index] decides by the open stories and their reports alone, so that one
// that is restored from the store goes on as the one before it would have.
//
// A story's id is the id of the report that opened it, so that the decision is
// complete before anything is stored, and the same when it is taken again.
package story
