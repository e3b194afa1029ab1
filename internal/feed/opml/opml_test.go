package opml_test

import (
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/attache-bot/attache/internal/feed/opml"
)

func TestRead(t *testing.T) {
	t.Parallel()
	declared := `<?xml version="1.0" encoding="UTF-16"?><opml><body><outline text="Вісник 📰" xmlUrl="https://visnyk.example/"/></body></opml>`
	herald := []opml.Feed{{URL: "https://visnyk.example/", Title: "Вісник 📰"}}
	nested := strings.Repeat("<outline text='x'>", 30) + strings.Repeat("</outline>", 30)
	for name, c := range map[string]struct {
		body string
		want []opml.Feed
		err  error
	}{
		"a list with folders": {
			`<opml version="2.0"><head><title>mine</title></head><body><outline text="News"><outline type="rss" text="Diary" xmlUrl="https://diary.example/feed"/>` +
				`<outline title="Notes" text="n" XMLURL=" https://notes.example/ "/></outline><outline text="no feed"/><outline xmlUrl="https://diary.example/feed"/></body></opml>`,
			[]opml.Feed{{URL: "https://diary.example/feed", Title: "Diary"}, {URL: "https://notes.example/", Title: "Notes"}},
			nil,
		},
		"an empty list":       {`<opml/>`, nil, nil},
		"another document":    {`<rss version="2.0"/>`, nil, opml.ErrNoList},
		"no document":         {`hello`, nil, opml.ErrNoList},
		"nothing":             {``, nil, opml.ErrNoList},
		"a broken document":   {`<opml><body><outline xmlUrl="https://a.example/">`, nil, opml.ErrNoList},
		"two documents":       {`<opml/><opml/>`, nil, opml.ErrNoList},
		"entities":            {`<!DOCTYPE opml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><opml><body><outline text="&b;"/></body></opml>`, nil, opml.ErrHostile},
		"an unknown entity":   {`<opml><body><outline text="&b;"/></body></opml>`, nil, opml.ErrNoList},
		"a deep document":     {`<opml>` + nested + `</opml>`, nil, opml.ErrHostile},
		"one that is too big": {`<opml>` + strings.Repeat(" ", opml.MaxSize) + `</opml>`, nil, opml.ErrTooLarge},
		"a list in Latin-1": {
			"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><opml><body><outline text=\"Caf\xe9 d'Orient\" xmlUrl=\"https://cafe.example/\"/></body></opml>",
			[]opml.Feed{{URL: "https://cafe.example/", Title: "Café d'Orient"}},
			nil,
		},
		"a list in Cyrillic": {
			"<?xml version='1.0' encoding='windows-1251'?><opml><body><outline text='\xcd\xee\xe2\xee\xf1\xf2\xb3' xmlUrl='https://novosti.example/'/></body></opml>",
			[]opml.Feed{{URL: "https://novosti.example/", Title: "Новості"}},
			nil,
		},
		"UTF-16 with a mark":             {"\xff\xfe" + wide(declared, binary.LittleEndian), herald, nil},
		"the other way round":            {"\xfe\xff" + wide(declared, binary.BigEndian), herald, nil},
		"UTF-16 without one":             {wide(declared, binary.LittleEndian), herald, nil},
		"the other way round without":    {wide(declared, binary.BigEndian), herald, nil},
		"UTF-16 that declares another":   {"\xff\xfe" + wide(strings.Replace(declared, "UTF-16", "ISO-8859-1", 1), binary.LittleEndian), herald, nil},
		"UTF-8 that declares it":         {declared, herald, nil},
		"UTF-8 with a mark":              {"\ufeff" + strings.Replace(declared, "UTF-16", "utf-8", 1), herald, nil},
		"half a letter of UTF-16":        {"\xff\xfe" + wide("<opml/>", binary.LittleEndian) + "x", nil, nil},
		"a list too deep in UTF-16":      {"\xff\xfe" + wide("<opml>"+nested+"</opml>", binary.LittleEndian), nil, opml.ErrHostile},
		"many charsets behind a mark":    {"\xff\xfe" + wide(strings.Repeat(`<?xml version="1.0" encoding="UTF-16"?>`, 1000)+`<opml/>`, binary.LittleEndian), nil, opml.ErrNoList},
		"UTF-32, which nobody writes in": {"\xff\xfe\x00\x00<\x00\x00\x00", nil, opml.ErrNoList},

		"an unknown charset": {`<?xml version="1.0" encoding="x-klingon"?><opml/>`, nil, opml.ErrNoList},
		"many charsets":      {strings.Repeat(`<?xml version="1.0" encoding="ISO-8859-1"?>`, 1000) + `<opml/>`, nil, opml.ErrNoList},
		"a dirty address":    {"<opml><body><outline xmlUrl=\"https://a.example/\u202e\"/></body></opml>", nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := opml.Read([]byte(c.body))
			if !errors.Is(err, c.err) || !slices.Equal(got.Feeds, c.want) {
				t.Errorf("got %+v, %v, want %+v, %v", got, err, c.want, c.err)
			}
		})
	}
}

// wide is a text as UTF-16.
func wide(s string, order binary.AppendByteOrder) string {
	var out []byte
	for _, unit := range utf16.Encode([]rune(s)) {
		out = order.AppendUint16(out, unit)
	}
	return string(out)
}

func TestOfManyFeedsTheFirstAreRead(t *testing.T) {
	t.Parallel()
	var feeds []opml.Feed
	for i := range opml.MaxFeeds + 5 {
		feeds = append(feeds, opml.Feed{URL: "https://" + strings.Repeat("a", i+1) + ".example/", Title: "n"})
	}
	doc, err := opml.Write("all", feeds)
	if err != nil {
		t.Fatal(err)
	}
	got, err := opml.Read(doc)
	if err != nil || !got.More || !slices.Equal(got.Feeds, feeds[:opml.MaxFeeds]) {
		t.Errorf("read %d, more %t, %v", len(got.Feeds), got.More, err)
	}
}

// FuzzRead holds that no list does harm, and that what is read can be written and
// read again, unless it grows too large by that.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`<opml><body><outline text="a&amp;b" xmlUrl="https://a.example/?x=1&amp;y=2"/></body></opml>`))
	f.Add([]byte("<opml><outline xmlurl=\"x\xff\"/></opml>"))
	f.Add([]byte("\xff\xfe" + wide(`<opml><outline xmlUrl="https://a.example/"/></opml>`, binary.LittleEndian)))
	f.Fuzz(func(t *testing.T, doc []byte) {
		got, err := opml.Read(doc)
		if err != nil {
			return
		}
		if len(got.Feeds) > opml.MaxFeeds {
			t.Fatalf("%d feeds", len(got.Feeds))
		}
		again, err := opml.Write("x", got.Feeds)
		if err != nil {
			t.Fatal(err)
		}
		if len(again) > opml.MaxSize {
			return
		}
		read, err := opml.Read(again)
		if err != nil || len(read.Feeds) != len(got.Feeds) {
			t.Fatalf("%+v came back as %+v, %v", got, read, err)
		}
	})
}
