package text

import "unicode"

// scriptLanguage names the language of a text in a script that one language of
// the news is written in, "" when it is in another. Chinese characters are
// Japanese where kana stand among them or the hint says so: short Japanese titles
// have none.
func scriptLanguage(s, hint string) string {
	var hebrew, greek, thai, armenian, hangul, kana, han int
	for _, r := range s {
		switch {
		case r < 0x370:
		case unicode.Is(unicode.Han, r):
			han++
		case unicode.Is(unicode.Hangul, r):
			hangul++
		case unicode.In(r, unicode.Hiragana, unicode.Katakana):
			kana++
		case unicode.Is(unicode.Hebrew, r):
			hebrew++
		case unicode.Is(unicode.Greek, r):
			greek++
		case unicode.Is(unicode.Thai, r):
			thai++
		case unicode.Is(unicode.Armenian, r):
			armenian++
		}
	}
	if kana*10 > han || kana == 0 && hint == "ja" {
		han, kana = 0, kana+han
	}
	best, most := "", 0
	for _, c := range []struct {
		lang string
		n    int
	}{{"he", hebrew}, {"el", greek}, {"th", thai}, {"hy", armenian}, {"ko", hangul}, {"ja", kana}, {"zh", han}} {
		if c.n > most {
			best, most = c.lang, c.n
		}
	}
	return best
}
