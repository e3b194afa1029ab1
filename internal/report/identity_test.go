package report

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func kinds(keys []Key) []KeyKind {
	out := make([]KeyKind, len(keys))
	for i, k := range keys {
		out[i] = k.Kind()
	}
	return out
}

// sameReport tells whether the second item is known once the first was seen,
// each in a document of its own.
func sameReport(a, b Raw) bool {
	ka, kb := Identify([]Raw{a})[0], Identify([]Raw{b})[0]
	return slices.ContainsFunc(ka, func(k Key) bool { return slices.Contains(kb, k) })
}

func TestIdentifyRecognises(t *testing.T) {
	t.Parallel()
	first := Raw{
		GUID: "https://www.example.org/news/articles/c1#0", Link: "https://www.example.org/news/articles/c1?at_medium=RSS",
		Title: "Truce holds in the north", Description: "The guns were silent on Friday, monitors say.",
	}
	tests := []struct {
		name   string
		change func(*Raw)
		want   bool
	}{
		{"the same again", func(*Raw) {}, true},
		{"another headline", func(r *Raw) { r.Title, r.Description = "Truce breaks", "Shelling resumed." }, true},
		{"another counter in the id", func(r *Raw) { r.GUID = "https://www.example.org/news/articles/c1#3" }, true},
		{"a random id", func(r *Raw) { r.GUID = "f81d4fae-7dec-11d0" }, true},
		{"no id", func(r *Raw) { r.GUID = "" }, true},
		{"a moved link", func(r *Raw) { r.Link = "https://www.example.org/archive/1" }, true},
		{"a moved link and no id", func(r *Raw) { r.GUID, r.Link = "", "https://www.example.org/archive/1" }, true},
		{"all ids and links renamed", func(r *Raw) { r.GUID, r.Link = "new:1", "https://new.example.org/1" }, true},
		{"the same text in other marks", func(r *Raw) {
			*r = Raw{GUID: "new:1", Title: "TRUCE HOLDS – in the north", Description: "The guns were silent on Friday: monitors say"}
		}, true},
		{"another article", func(r *Raw) {
			*r = Raw{GUID: "https://www.example.org/news/articles/c2#0", Link: "https://www.example.org/news/articles/c2?at_medium=RSS", Title: "Truce holds in the south", Description: r.Description}
		}, false},
		{"another number in the text", func(r *Raw) {
			*r = Raw{GUID: "2", Title: r.Title, Description: "The guns were silent on Saturday, monitors say."}
		}, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			second := first
			tt.change(&second)
			if got := sameReport(first, second); got != tt.want {
				t.Errorf("known: %v, want %v\n%+v\n%+v", got, tt.want, first, second)
			}
		})
	}
}

func TestIdentifyDropsKeysThatTellNothingApart(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		items []Raw
		want  [][]KeyKind
	}{
		{
			"a shared link",
			[]Raw{
				{GUID: "1", Link: "https://e.example/live", Title: "Minister speaks in parliament", Description: "He spoke."},
				{GUID: "2", Link: "https://e.example/live", Title: "Minister leaves for talks", Description: "He left."},
			},
			[][]KeyKind{{KeyGUID, KeyText}, {KeyGUID, KeyText}},
		},
		{
			"a shared id",
			[]Raw{
				{GUID: "article", Link: "https://e.example/1", Title: "One"},
				{GUID: "article", Link: "https://e.example/2", Title: "Two"},
			},
			[][]KeyKind{{KeyLink}, {KeyLink}},
		},
		{
			"one report listed twice",
			[]Raw{
				{GUID: "1", Link: "https://e.example/1", Title: "One"},
				{GUID: "1", Link: "https://e.example/1", Title: "One!"},
			},
			[][]KeyKind{{KeyGUID, KeyLink}, {KeyGUID, KeyLink}},
		},
		{
			"a rubric",
			[]Raw{{GUID: "1", Link: "https://e.example/", Title: "Live updates"}},
			[][]KeyKind{{KeyGUID}},
		},
		{
			"nothing but a short headline",
			[]Raw{{Title: "Live updates", Link: "https://www.e.example/?utm_source=rss"}},
			[][]KeyKind{{KeyWhole}},
		},
		{
			"nothing that tells two apart",
			[]Raw{{GUID: "x", Title: "One"}, {GUID: "x", Title: "Two"}},
			[][]KeyKind{{KeyWhole}, {KeyWhole}},
		},
		{
			"a long headline in a script without blanks",
			[]Raw{{Title: "停戦交渉が再開され両国の代表団が協議を始めた模様"}},
			[][]KeyKind{{KeyText}},
		},
		{"an empty item", []Raw{{}}, [][]KeyKind{{KeyWhole}}},
		{"no items", nil, [][]KeyKind{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := make([][]KeyKind, 0, len(tt.items))
			seen := map[Key]int{}
			for i, keys := range Identify(tt.items) {
				got = append(got, kinds(keys))
				for _, k := range keys {
					if j, ok := seen[k]; ok && fold(tt.items[i].Title) != fold(tt.items[j].Title) {
						t.Errorf("items %d and %d share %s", j, i, k)
					}
					seen[k] = i
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// article is one that differs from any of another number in everything.
func article(n int) Raw {
	return Raw{
		GUID: fmt.Sprintf("tag:example.org,2023:%d", n), Link: fmt.Sprintf("https://example.org/news/%d/truce?page=1&id=%d", n, n),
		Title: fmt.Sprintf("Truce number %d holds in the north", n), Description: fmt.Sprintf("Monitors counted %d violations.", n),
	}
}

func TestTrackingOrderAndCaseNeverChangeTheLink(t *testing.T) {
	t.Parallel()
	prefixes := rapid.SampledFrom(trackingPrefixes)
	word := rapid.StringMatching(`[a-z0-9_]{1,12}`)
	rapid.Check(t, func(t *rapid.T) {
		want, err := CanonicalLink(article(rapid.IntRange(0, 1e6).Draw(t, "n")).Link)
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(want)
		if err != nil {
			t.Fatal(err)
		}
		params := strings.Split(u.RawQuery, "&")
		for range rapid.IntRange(0, 4).Draw(t, "tracking") {
			params = append(params, prefixes.Draw(t, "prefix")+word.Draw(t, "name")+"="+word.Draw(t, "value"))
		}
		for name := range trackingNames {
			if rapid.IntRange(0, 20).Draw(t, "named") == 0 {
				params = append(params, strings.ToUpper(name)+"="+word.Draw(t, "value"))
			}
		}
		params = rapid.Permutation(params).Draw(t, "order")
		scheme := rapid.SampledFrom([]string{"http", "https", "HTTPS"}).Draw(t, "scheme")
		host := rapid.SampledFrom([]string{"example.org", "EXAMPLE.org", "www.example.org", "m.Example.org", "example.org."}).Draw(t, "host")
		tail := rapid.SampledFrom([]string{"", "/", "/amp", "/amp/"}).Draw(t, "tail")
		fragment := rapid.SampledFrom([]string{"", "#top", "#0"}).Draw(t, "fragment")
		got, err := CanonicalLink(scheme + "://" + host + u.Path + tail + "?" + strings.Join(params, "&") + fragment)
		if err != nil || got != want {
			t.Fatalf("%q %v, want %q", got, err, want)
		}
	})
}

func TestAnyOneKeyIsEnough(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a := article(rapid.IntRange(0, 1e6).Draw(t, "n"))
		b := article(rapid.IntRange(2e6, 3e6).Draw(t, "other"))
		// Of the three one at least stays; the others become another article's.
		stays := rapid.IntRange(1, 7).Draw(t, "stays")
		if stays&1 != 0 {
			b.GUID = a.GUID
		}
		if stays&2 != 0 {
			b.Link = strings.ToUpper(a.Link[:20]) + a.Link[20:] + "&utm_campaign=x"
		}
		if stays&4 != 0 {
			b.Title, b.Description = strings.ToUpper(a.Title)+"!", "“"+a.Description+"”"
		}
		if !sameReport(a, b) {
			t.Fatalf("not known:\n%+v\n%+v", a, b)
		}
	})
}

func TestDifferentArticlesNeverShareAKey(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		numbers := rapid.SliceOfNDistinct(rapid.IntRange(0, 1e6), 2, 20, rapid.ID[int]).Draw(t, "numbers")
		raws := make([]Raw, len(numbers))
		common := rapid.IntRange(0, 3).Draw(t, "common")
		for i, n := range numbers {
			raws[i] = article(n)
			if common&1 != 0 {
				raws[i].GUID = "article"
			}
			if common&2 != 0 {
				raws[i].Link = "https://example.org/live"
			}
		}
		owner := map[Key]int{}
		for i, keys := range Identify(raws) {
			if len(keys) == 0 {
				t.Fatalf("no key for %+v", raws[i])
			}
			for _, k := range keys {
				if j, ok := owner[k]; ok {
					t.Fatalf("%+v and %+v share %s", raws[j], raws[i], k.Kind())
				}
				owner[k] = i
			}
		}
	})
}

// Keys are stored: a change here makes all known reports look new.
func TestKeysAreTheSameForever(t *testing.T) {
	t.Parallel()
	got := Identify([]Raw{{
		GUID: "tag:example.org,2023:1", Link: "http://www.example.org/a/?utm_source=rss",
		Title: "Café: l’accord “tient”", Description: "Перемирие соблюдается на севере.",
	}})[0]
	want := []Key{"g:ebe2ba77ad44c95b9dc89ece9d1fbbdb", "l:fd32356f3bab68f9ca15392d4f61380f", "t:f02bb56e1cc93ccc9ee7002b41542f00"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func FuzzIdentify(f *testing.F) {
	f.Add("tag:1", "https://example.org/a", "Truce holds", "In the north", "Truce ends")
	f.Add("", "", "", "", "")
	f.Add("", "", "\xf3ϔ", "", "")
	f.Fuzz(func(t *testing.T, guid, link, title, description, other string) {
		a := Raw{guid, link, title, description}
		keys := Identify([]Raw{a, {guid, link, other, description}})
		for _, ks := range keys {
			if len(ks) == 0 {
				t.Fatal("an item without a key")
			}
			for _, k := range ks {
				if k.Kind() == "" || len(k) != 34 {
					t.Errorf("key %q", k)
				}
			}
		}
		if !sameReport(a, a) {
			t.Error("an item is not known by its own keys")
		}
		if fold(fold(title)) != fold(title) {
			t.Errorf("%q folds to %q and then to %q", title, fold(title), fold(fold(title)))
		}
	})
}
