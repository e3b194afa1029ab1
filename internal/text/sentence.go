package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Span is a stretch of a text in byte offsets, End exclusive.
type Span struct{ Start, End int }

// Sentences cuts s into sentences, in order, without the white space around
// them. A line break always ends one. Abbreviations, initials, "U.S.", "No. 5",
// decimals, dates with ordinal points and trailing ellipses do not.
func Sentences(s string) []Span {
	var out []Span
	start := 0
	add := func(end int) {
		lo, hi := start, end
		for lo < hi {
			r, n := utf8.DecodeRuneInString(s[lo:hi])
			if !unicode.IsSpace(r) {
				break
			}
			lo += n
		}
		for hi > lo {
			r, n := utf8.DecodeLastRuneInString(s[lo:hi])
			if !unicode.IsSpace(r) {
				break
			}
			hi -= n
		}
		if hi > lo {
			out = append(out, Span{lo, hi})
		}
		start = end
	}
	for i := 0; i < len(s); {
		r, n := utf8.DecodeRuneInString(s[i:])
		switch r {
		case '\n', '\r', '\u2028', '\u2029':
			add(i)
		case '.', '!', '?', '…', '؟', '۔', '。', '！', '？':
			end := closers(s, terminators(s, i))
			if endsHere(s, i, end, r) {
				add(end)
			}
			n = end - i
		}
		i += n
	}
	add(len(s))
	return out
}

// terminators returns the end of the run of end marks that begins at i.
func terminators(s string, i int) int {
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		if !strings.ContainsRune(".!?…؟۔。！？", r) {
			break
		}
		i += n
	}
	return i
}

// closers returns the end of the closing quotes and brackets at i.
func closers(s string, i int) int {
	for i < len(s) {
		r, n := utf8.DecodeRuneInString(s[i:])
		if unicode.IsSpace(r) && strings.HasPrefix(s[i+n:], "»") { // French sets a space before it
			i += n
			continue
		}
		if !strings.ContainsRune(`"'”’»)]›`, r) {
			break
		}
		i += n
	}
	return i
}

// endsHere decides whether the end marks s[mark:end], the first of them r, end
// a sentence.
func endsHere(s string, mark, end int, r rune) bool {
	if end >= len(s) {
		return true
	}
	next, n := utf8.DecodeRuneInString(s[end:])
	if r == '。' || r == '！' || r == '？' {
		return true
	}
	if !unicode.IsSpace(next) {
		return false
	}
	rest := strings.TrimLeftFunc(s[end+n:], func(r rune) bool { return unicode.IsSpace(r) && r != '\n' })
	if rest == "" || rest[0] == '\n' {
		return true
	}
	if r == '.' && end == mark+1 && abbreviated(s, mark) {
		return strings.HasSuffix(s[:end], ".") && acronymBefore(s, mark) && opensSentence(rest)
	}
	first, _ := utf8.DecodeRuneInString(strings.TrimLeft(rest, "\"'“‘«„([¿¡—–- "))
	return !unicode.IsLower(first) && first != utf8.RuneError
}

// abbreviated reports whether the full stop at dot belongs to the word before
// it: an abbreviation, an initial, an acronym, or a number that a month follows.
func abbreviated(s string, dot int) bool {
	from := dot
	for from > 0 && dot-from < 40 { // no abbreviation is longer, and hostile text must not cost its square
		r, n := utf8.DecodeLastRuneInString(s[:from])
		if !isWordRune(r) && r != '.' {
			break
		}
		from -= n
	}
	word := s[from:dot]
	if word == "" {
		return false
	}
	if strings.Contains(word, ".") && !isDigit(word[0]) && len(word) <= 8 {
		return true // U.S, p.m, z.B, т.е
	}
	if len(word) == 2 && word[0] == word[1] && word[0] >= 'A' && word[0] <= 'Z' && dot+1 < len(s) && s[dot+1] >= 'A' && s[dot+1] <= 'Z' {
		return true // EE.UU., a Spanish plural
	}
	after := strings.TrimLeft(s[dot+1:], " \u00a0")
	if r, n := utf8.DecodeRuneInString(word); n == len(word) && unicode.IsUpper(r) {
		return unicode.IsLetter(firstRune(after)) // an initial
	}
	if isDigit(word[0]) {
		return len(word) <= 2 && ordinalFollows(after)
	}
	low := strings.ToLower(word)
	if numbered[low] {
		return after != "" && isDigit(after[0])
	}
	return abbreviations[low]
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// acronymBefore reports whether a dotted acronym such as "U.S" ends at dot.
func acronymBefore(s string, dot int) bool {
	return dot >= 3 && isLetter(s[dot-1]) && s[dot-2] == '.'
}

// opensSentence reports whether rest begins with a word that opens sentences
// and rarely follows "U.S." inside one.
func opensSentence(rest string) bool {
	word, _, _ := strings.Cut(rest, " ")
	return openers[strings.TrimLeft(word, "\"'“‘")]
}

// ordinalFollows reports whether what follows a number with a point is a month,
// as in "5. Mai": then the point is an ordinal's.
func ordinalFollows(after string) bool {
	word, _, _ := strings.Cut(after, " ")
	return months[strings.ToLower(strings.Trim(word, ",.;"))]
}

func setOf(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}

var (
	// abbreviations are those that a name or number mostly follows, in the
	// languages of the catalogue.
	abbreviations = setOf(`mr mrs ms dr prof sr jr st gen lt col maj sgt capt cpl cmdr adm brig gov sen rep rev hon pres
		vs etc jan feb mar apr jun jul aug sep sept oct nov dec inc ltd co corp dept est approx ft mt ave blvd
		bzw ca ggf hr fr ing evtl usw nr str abs bd hl
		mme mlle mgr m-me av env
		sra srta ud uds ee uu excmo
		г гг ул им тыс млн млрд руб гр чел см др пр стр обл р-н проф акад ген кап
		вул м-р ред ім обл грн дол ст
		ul prof hab inż gen płk mjr kpt ks abp bp tys mln mld zł nr tzw tzn np im woj św
		د م أ`)
	// numbered are abbreviations only before a number: "No. 5".
	numbered = setOf("no nos art p pp fig vol sec ch para abs ziff núm n º ст п рис")
	openers  = setOf(`The A An In On At He She It They We But And This That These Those However Meanwhile Its His Her Their
		There When While If As For Since After Before Some Many Most No Both I You What`)
	months = setOf(`januar februar märz april mai juni juli august september oktober november dezember jänner
		stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia jahrhundert`)
)
