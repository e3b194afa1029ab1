// Package gazetteer owns the names of those who act in diplomacy and war:
// states, their leaders, international bodies, armed groups, and the places that
// are fought over, each by language and with a code that is the same in every
// language.
//
// # Codes
//
// A state's code is its ISO 3166 letters, with XK for Kosovo, YU for Yugoslavia
// and KX for "Korea" when the text does not say which. A leader has the code of
// the side that he or she speaks for; a body and a group have one of their own,
// such as NATO and hamas. The codes [Any], [Other] and [West] name no side.
//
// # Offices
//
// Who has held the highest offices of some sides, and since when, [Gazetteer.Office]
// knows, so that a president and his name are one speaker. Where it does not know the
// holder, the office stays what it is.
//
// # Terms
//
//	berlin         the word, in any case
//	new delhi      words in a row
//	russia*        words that begin so
//	росі~          words that begin so and end within [MaxEnding] letters
//	=US            the word in exactly this case
package gazetteer
