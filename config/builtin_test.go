package config

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// regions says which countries the built-in catalogue has outlets in, by region
// of the world. Outlets in exile count where they are published.
var regions = map[string]string{
	"North America":                   "CA US",
	"Latin America and the Caribbean": "AR BR CO CU MX PE UY VE",
	"Western and northern Europe":     "AT BE CH DE DK FI FR GB IE NL NO SE",
	"Southern Europe":                 "ES GR IT PT VA",
	"Central and eastern Europe":      "BA BG BY CZ EE HU LV PL RO RS RU UA",
	"Middle East":                     "IL IQ IR JO LB QA SY TR",
	"North Africa":                    "DZ EG LY MA TN",
	"Sub-Saharan Africa":              "BF CD CG ET KE ML MZ NG SO ZA",
	"Caucasus and Central Asia":       "AM AZ GE KG KZ UZ",
	"South Asia":                      "BD IN LK NP PK",
	"East Asia":                       "CN HK JP KR TW",
	"South-East Asia":                 "ID KH MY PH SG TH VN",
	"Oceania":                         "AU NZ PG",
	"international":                   "INT",
}

func builtIn(t *testing.T) []Source {
	t.Helper()
	sources, err := LoadSources(Feeds{})
	if err != nil {
		t.Fatal(err)
	}
	return sources
}

// TestTheBuiltInCatalogueCoversTheWorld holds what the catalogue promises: wires,
// governments and outlets of every region, in the languages of diplomacy.
func TestTheBuiltInCatalogueCoversTheWorld(t *testing.T) {
	t.Parallel()
	feeds := map[string]int{} // by country, and by language
	total := 0
	for _, s := range builtIn(t) {
		feeds[s.Country] += len(s.Feeds)
		feeds[s.Language] += len(s.Feeds)
		total += len(s.Feeds)
	}
	known := map[string]bool{}
	for name, countries := range regions {
		n := 0
		for c := range strings.FieldsSeq(countries) {
			known[c] = true
			n += feeds[c]
			if feeds[c] == 0 {
				t.Errorf("%s has no feed of %s any more", name, c)
			}
		}
		if n < 4 {
			t.Errorf("%s has %d feeds, want at least 4", name, n)
		}
	}
	for _, s := range builtIn(t) {
		if !known[s.Country] {
			t.Errorf("%s: country %s stands in no region of this test", s.ID, s.Country)
		}
	}
	for l := range strings.FieldsSeq("en uk ru fr de es ar pl pt zh tr fa he ja ko it") {
		if feeds[l] < 3 {
			t.Errorf("%d feeds in %s, want at least 3", feeds[l], l)
		}
	}
	if total < 200 {
		t.Errorf("%d feeds, want at least 200", total)
	}
}

// TestEveryBuiltInFeedTellsWhereItsAddressIsFrom keeps addresses from being
// added on a guess.
func TestEveryBuiltInFeedTellsWhereItsAddressIsFrom(t *testing.T) {
	t.Parallel()
	for _, s := range builtIn(t) {
		for _, f := range s.Feeds {
			if f.Origin.IsZero() {
				t.Errorf("%s: %s: no origin", f.Where, f.URL)
			}
		}
	}
}

// TestBuiltInAddressesAreTheOutletsOwn keeps out plain http, but for servers
// that speak nothing else, and addresses that go through somebody else.
func TestBuiltInAddressesAreTheOutletsOwn(t *testing.T) {
	t.Parallel()
	plain := []string{"kremlin", "kremlin-ru", "ru-government"}
	strangers := []string{"feedburner.com", "news.google.com", "rsshub", "rss.app", "feedspot.com", "rss2json"}
	for _, s := range builtIn(t) {
		for _, f := range s.Feeds {
			if !strings.HasPrefix(f.URL, "https://") && !slices.Contains(plain, s.ID) {
				t.Errorf("%s: %s is not https", f.Where, f.URL)
			}
			for _, host := range strangers {
				if strings.Contains(f.URL, host) {
					t.Errorf("%s: %s is not the outlet's own address", f.Where, f.URL)
				}
			}
		}
	}
}

// TestBuiltInWiresAreKnownAndStatesSpeakWithOneVoice holds the fields that
// decide which outlets confirm each other.
func TestBuiltInWiresAreKnownAndStatesSpeakWithOneVoice(t *testing.T) {
	t.Parallel()
	sources := map[string]Source{}
	owners := map[string]map[string]bool{} // of state-controlled outlets, by country
	for _, s := range builtIn(t) {
		sources[s.ID] = s
		if s.Owner == "" {
			t.Errorf("%s: no owner", s.Where)
		}
		if s.StateControlled {
			if owners[s.Country] == nil {
				owners[s.Country] = map[string]bool{}
			}
			owners[s.Country][s.Owner] = true
			if s.Tier == "official" {
				t.Errorf("%s: %s is official, which says more than state_controlled", s.Where, s.ID)
			}
		}
	}
	for _, s := range sources {
		for _, w := range s.Wires {
			if wire, ok := sources[w]; !ok || wire.Tier != "wire" {
				t.Errorf("%s: %s is no wire of the catalogue", s.Where, w)
			}
		}
	}
	for country, names := range owners {
		if len(names) > 1 {
			t.Errorf("%s: its state speaks by several owners: %v", country, slices.Sorted(maps.Keys(names)))
		}
	}
	for id := range strings.FieldsSeq("tass tass-ru ria xinhua chinanews cgtn irna mehr isna press-tv anadolu trt-haber ukrinform belta prensa-latina granma") {
		if !sources[id].StateControlled {
			t.Errorf("%s is not marked as controlled by its state", id)
		}
	}
	for id := range strings.FieldsSeq("bbc dw npr france24 rfi tagesschau orf svt nhk abc-australia cbc pbs err") {
		if sources[id].ID == "" || sources[id].StateControlled {
			t.Errorf("%s is a public broadcaster that decides for itself", id)
		}
	}
}

func TestOriginInWords(t *testing.T) {
	t.Parallel()
	for want, o := range map[string]Origin{
		"":                           {},
		"1 list":                     {Lists: 1},
		"answered 2026-10, 10 lists": {Answered: "2026-10", Lists: 10},
		"publisher 2026-11, self link 2026-08, answered 2026-10, archive 2023-06": {
			Publisher: "2026-11", SelfLink: "2026-08", Answered: "2026-10", Archive: "2023-06",
		},
	} {
		if got := o.String(); got != want {
			t.Errorf("%+v is %q, want %q", o, got, want)
		}
	}
}

func TestFeedKeyIsTheSameForOneFeed(t *testing.T) {
	t.Parallel()
	const want = "a.example/rss?b=2&c=1"
	for _, address := range []string{
		"https://a.example/rss?b=2&c=1", "http://www.A.example:80/RSS/?c=1&b=2#top", "https://A.EXAMPLE:443/rss?c=1&b=2",
	} {
		if got := feedKey(address); got != want {
			t.Errorf("%s gives %s, want %s", address, got, want)
		}
	}
	for _, address := range []string{"https://a.example/rss2?b=2&c=1", "https://b.a.example/rss?b=2&c=1", "https://a.example:8443/rss?b=2&c=1"} {
		if feedKey(address) == want {
			t.Errorf("%s counts as the same feed", address)
		}
	}
}
