package parse

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestOneLine(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                          "",
		"Truce holds":               "Truce holds",
		" Truce\n\tholds ":          "Truce holds",
		"<b>Truce</b> <i>holds</i>": "Truce holds",
		"Truce<br/>holds":           "Truce holds",
		"AT&T in talks":             "AT&T in talks",
		"Q&A: what now?":            "Q&A: what now?",
		"AT&amp;T in talks":         "AT&T in talks",
		"AT&amp;amp;T in talks":     "AT&T in talks",
		"It&amp;#8217;s &amp;quot;over&amp;quot;":  `It’s "over"`,
		"5 < 6 and 7 > 3":                          "5 < 6 and 7 > 3",
		"a &lt; b":                                 "a < b",
		"&lt;b&gt;Truce&lt;/b&gt;":                 "Truce",
		"&amp;lt;b&amp;gt;Truce&amp;lt;/b&amp;gt;": "Truce",
		"<![CDATA[<![CDATA[Truce]]]]>":             "Truce",
		"<script>alert(1)</script>Truce":           "Truce",
		"Truce\u202egnp.exe":                       "Trucegnp.exe",
		"I <3 peace":                               "I <3 peace",
		"&zzz; stays":                              "&zzz; stays",
		"<unknown>Truce</unknown>":                 "Truce",
		"Truce <img src=x onerror=alert(1)>":       "Truce",
	} {
		if got := oneLine(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestParagraphs(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"<p>One.</p><p>Two.</p>":                                            "One.\nTwo.",
		"One.<br><br>Two.":                                                  "One.\nTwo.",
		"<ul><li>One</li><li>Two</li></ul>":                                 "One\nTwo",
		"<div>One <span>and</span> a half</div>two":                         "One and a half\ntwo",
		"One.<img src='https://t.example/p.gif' width=1 height=1>":          "One.",
		"<style>p{}</style>One.<noscript>no</noscript>":                     "One.",
		"<figure><img src=x><figcaption>Photo: A</figcaption></figure>One.": "One.",
		"<!-- hidden -->One.":                                               "One.",
		"One. <iframe src=x>fallback</iframe>Two.":                          "One.\nTwo.",
		"<script>never closed":                                              "",
		"<svg><script>x</script></svg>One.":                                 "One.",
		"One. <iframe src=x />Two &amp; <b>three</b>.":                      "One.\nTwo & three.",
		"One. <form>Two.":                                                   "One.\nTwo.",
		"One. <figcaption>A</figcaption><object>Two.":                       "One.\nA\nTwo.",
		// Tails.
		"One. <a href=x>Read more</a>":                       "One.",
		"One. Read more...":                                  "One.",
		"One.\nContinue reading…":                            "One.",
		"<p>One.</p><p><a href=x>Continue reading →</a></p>": "One.",
		"One. [Read the full story]":                         "One.",
		"One... (more…)":                                     "One...",
		"One. Read more on our site »":                       "One.",
		"<p>One.</p><p>The post <a href=x>Truce</a> appeared first on <a href=y>The Post</a>.</p>": "One.",
		"<p>One. Read more</p>\n<p>The post Truce first appeared on The Post.</p>":                 "One.",
		"Один. Читать далее":                                                                       "Один.",
		"Один.\nЧитати далі...":                                                                    "Один.",
		"Eins. Weiterlesen":                                                                        "Eins.",
		"Un. Lire la suite…":                                                                       "Un.",
		// Sentences that only sound like tails stay.
		"Ministers want schools to read more":                         "Ministers want schools to read more",
		"Analysts say the full story is not known.":                   "Analysts say the full story is not known.",
		"The post office appeared to be closed.":                      "The post office appeared to be closed.",
		"He said: “We will continue reading the treaty line by line”": "He said: “We will continue reading the treaty line by line”",
	} {
		if diff := cmp.Diff(want, paragraphs(in)); diff != "" {
			t.Errorf("%q: %s", in, diff)
		}
	}
}

func TestWebLink(t *testing.T) {
	t.Parallel()
	base := parseBase("https://www.example.org/news/")
	for in, want := range map[string]string{
		"https://e.example/a?b=c#d":    "https://e.example/a?b=c#d",
		" https://e.example/a\n":       "https://e.example/a",
		"https://e.example/\n  a":      "https://e.example/%20%20a",
		"HTTP://E.example/A":           "http://E.example/A",
		"/a":                           "https://www.example.org/a",
		"a":                            "https://www.example.org/news/a",
		"../a":                         "https://www.example.org/a",
		"?id=1":                        "https://www.example.org/news/?id=1",
		"//e.example/a":                "https://e.example/a",
		"www.e.example/a":              "https://www.e.example/a",
		"https://e.example/a b":        "https://e.example/a%20b",
		"https://e.example/a)>(<b":     "https://e.example/a%29%3E%28%3Cb",
		"https://e.example/?q=`x\"<y>": "https://e.example/?q=%60x%22%3Cy%3E",
		"https://пример.example/новина": "https://%D0%BF%D1%80%D0%B8%D0%BC%D0%B5%D1%80.example/%D0%BD%D0%BE%D0%B2%D0%B8%D0%BD%D0%B0",
		"javascript:alert(1)":           "",
		" java\nscript:alert(1)":        "",
		"data:text/html,x":              "",
		"file:///etc/passwd":            "",
		"discord://-/channels":          "",
		"mailto:a@e.example":            "",
		"https://user:pw@e.example/":    "",
		"https://":                      "",
		"https:///a":                    "",
		"http:a":                        "",
		"":                              "",
	} {
		if got, _ := webLink(in, base); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
	if got, ok := webLink("/a", nil); ok {
		t.Errorf("a relative link without a base is %q", got)
	}
}

func TestNormalizeFindsTheCharset(t *testing.T) {
	t.Parallel()
	const word = "перемирие"
	koi8 := "\xd0\xc5\xd2\xc5\xcd\xc9\xd2\xc9\xc5"
	cp1251 := "\xef\xe5\xf0\xe5\xec\xe8\xf0\xe8\xe5"
	tests := []struct {
		name, body, contentType, want string
		note                          Reason
	}{
		{"plain UTF-8", "<rss>" + word + "</rss>", "", "<rss>" + word + "</rss>", ""},
		{"byte order mark", "\xEF\xBB\xBF<rss>" + word + "</rss>", "text/xml; charset=koi8-r", "<rss>" + word + "</rss>", ""},
		{"UTF-16 with mark", utf16("<rss>a</rss>"), "", "<rss>a</rss>", ""},
		{"UTF-16 without mark", utf16("<rss>a</rss>")[2:], "", "<rss>a</rss>", ""},
		{"declared in the document", `<?xml version="1.0" encoding="windows-1251"?><rss>` + cp1251 + "</rss>", "text/xml; charset=utf-8", "<rss>" + word + "</rss>", ""},
		{"declared with single quotes", `<?xml version='1.0' encoding='KOI8-R' ?>` + "\n<rss>" + koi8 + "</rss>", "", "<rss>" + word + "</rss>", ""},
		{"declared by the server", "<rss>" + koi8 + "</rss>", "application/xml; charset=KOI8-R", "<rss>" + word + "</rss>", ""},
		{"declared, but UTF-8", `<?xml version="1.0" encoding="ISO-8859-1"?><rss>` + word + "</rss>", "", "<rss>" + word + "</rss>", NoteCharsetMismatch},
		{"declared UTF-16, but bytes", `<?xml version="1.0" encoding="utf-16"?><rss>` + word + "</rss>", "", "<rss>" + word + "</rss>", ""},
		{"declared unknown, but UTF-8", `<?xml version="1.0" encoding="x-own"?><rss>` + word + "</rss>", "", "<rss>" + word + "</rss>", NoteCharsetMismatch},
		{"ISO-2022-JP", `<?xml version="1.0" encoding="iso-2022-jp"?><rss>` + "\x1b$B@oAh\x1b(B</rss>", "", "<rss>戦争</rss>", ""},
		{"not declared, not UTF-8", "<rss>caf\xe9</rss>", "", "<rss>café</rss>", NoteCharsetGuessed},
		{"UTF-8 with broken bytes", `<?xml version="1.0" encoding="utf-8"?><rss>caf` + "\xe9 " + word + "</rss>", "", "<rss>caf\uFFFD " + word + "</rss>", NoteBadBytes},
		{"control bytes", "<rss>\x00a\x08b\x1fc\td</rss>", "", "<rss>abc\td</rss>", NoteBadBytes},
		{"references to control bytes", "<rss>&#8;a&#x1F;b&#xFFFF;c&#9;&#65;&#;&#x;&#8</rss>", "", "<rss>abc&#9;&#65;&#;&#x;&#8</rss>", NoteBadBytes},
		{"text in front", "Warning: x in y on line 3\n<?xml version=\"1.0\"?><rss/>", "", "<rss/>", NoteLeadingJunk},
		{"version 1.1", `<?xml version="1.1" encoding="utf-8"?><rss/>`, "", "<rss/>", ""},
		{"two declarations", `<?xml version="1.0"?> <?xml version="1.0"?><rss/>`, "", "<rss/>", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			ns := notes{}
			got, err := normalize([]byte(tt.body), tt.contentType, 1<<20, ns)
			if err != nil {
				t.Fatal(err)
			}
			var want []Note
			if tt.note != "" {
				want = []Note{{tt.note, 1}}
			}
			if string(got) != tt.want || !cmp.Equal(ns.list(), want) {
				t.Errorf("%q with %v, want %q with %v", got, ns.list(), tt.want, want)
			}
		})
	}
}
