package wording

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/attache-bot/attache/bot/markup"
)

func TestIn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		locales []string
		want    string
	}{
		{nil, "en"},
		{[]string{"uk"}, "uk"},
		{[]string{"en-GB", "uk"}, "en"},
		{[]string{"es-419"}, "es"},
		{[]string{"es-ES"}, "es"},
		{[]string{"PL"}, "pl"},
		{[]string{"de_AT"}, "de"},
		{[]string{"", "ja", "fr"}, "fr"},
		{[]string{"ja", "ru"}, "en"},
		{[]string{"ukr", "\xff", "-", "en-"}, "en"},
	} {
		if got := In(c.locales...).Language(); got != c.want {
			t.Errorf("%q: %s, want %s", c.locales, got, c.want)
		}
	}
	if Spoken("ja") || !Spoken("uk") || Spoken("") {
		t.Error("what is spoken is not told")
	}
}

func TestArgumentsAreSafe(t *testing.T) {
	t.Parallel()
	args := Args{"before": "**a** {{.last}}", "last": markup.Markup("<#1>")}
	if got, want := In("uk").Say("list.or", args), markup.Markup(`\*\*a\*\* {{.last}} або <#1>`); got != want {
		t.Errorf("said %q, want %q", got, want)
	}
	if got, want := In("de").Plain("list.or", Args{"before": "**a**\n", "last": 3}), "**a** oder 3"; got != want {
		t.Errorf("said %q, want %q", got, want)
	}
	nested := Args{"before": "a", "last": Saying{"list.and", Args{"before": "b", "last": "c"}}}
	if got, want := In("fr").Say("list.or", nested), markup.Markup("a ou b et c"); got != want {
		t.Errorf("said %q, want %q", got, want)
	}
	several := Args{"before": "x", "last": Sayings{{ID: "list.or", Args: Args{"before": "*", "last": "b"}}, {ID: "list.nothing"}}}
	if got, want := In("pl").Say("list.and", several), markup.Markup(`x i \* lub b, list.nothing`); got != want {
		t.Errorf("said %q, want %q", got, want)
	}
	either := Args{"before": "x", "last": OneOf{"a*", "b", "c"}}
	if got, want := In("es").Say("list.and", either), markup.Markup(`x y a\*, b o c`); got != want {
		t.Errorf("said %q, want %q", got, want)
	}
	if got, want := In("es").Plain("list.and", either), "x y a*, b o c"; got != want {
		t.Errorf("said %q, want %q", got, want)
	}
	if len(args) != 2 || args["before"] != "**a** {{.last}}" {
		t.Errorf("the caller's arguments were changed: %v", args)
	}
}

func TestSomethingIsAlwaysSaid(t *testing.T) {
	t.Parallel()
	if got := In("uk").Say("list.nothing"); got != "list.nothing" {
		t.Errorf("said %q of what there is not", got)
	}
	if got := In("uk").Say("list.or", Args{"before": "a"}); got != "list.or" {
		t.Errorf("said %q with an argument missing", got)
	}
}

func TestLists(t *testing.T) {
	t.Parallel()
	for want, names := range map[markup.Markup][]markup.Markup{"": nil, "a": {"a"}, "a або b": {"a", "b"}, "a, b або c": {"a", "b", "c"}} {
		if got := In("uk").Or(names...); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := (Speaker{}).And("a", "b", "c"); got != "a, b and c" {
		t.Errorf("%q", got)
	}
}

func TestCountries(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ locale, code, want string }{
		{"en-US", "UA", "Ukraine"}, {"uk", "UA", "Україна"}, {"de", "FR", "Frankreich"}, {"pl", "DE", "Niemcy"}, {"fr", "??", "??"},
	} {
		if got := In(c.locale).Country(c.code); got != c.want {
			t.Errorf("%s in %s: %q, want %q", c.code, c.locale, got, c.want)
		}
	}
}

func TestAnAreaIsItsFilesName(t *testing.T) {
	t.Parallel()
	c, err := read(fstest.MapFS{
		"care.en.toml": {Data: []byte("a = \"b\"\nn.one = \"{{.count}} c\"\nn.other = \"{{.count}} cs\"\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if c.entries["en"]["care.a"] == nil || c.entries["en"]["care.n"] == nil || c.entries["en"]["care.n"].One == "" {
		t.Errorf("read %v", c.entries["en"])
	}
}

func TestQuotationsAndPlainSentences(t *testing.T) {
	t.Parallel()
	for l, want := range map[string]string{"en": `“a\*b”`, "uk": `«a\*b»`, "de": `„a\*b“`, "fr": "«\u00a0a\\*b\u00a0»"} {
		if got := string(In(l).Quoted("a*b")); got != want {
			t.Errorf("%s: %q, want %q", l, got, want)
		}
	}
	why := Plainly{ID: "query.at", Args: Args{"at": 3, "what": Saying{ID: "query.regexp"}}}
	const want = "I can't use this query. Character 3: there are no regular expressions. Use words, \"phrases\" and prefix\\*."
	if got := string(In("en").Say("own.bad-query", Args{"why": why})); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestDates(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 5, 2, 23, 30, 0, 0, time.FixedZone("", -3600))
	for l, want := range map[string]string{
		"en": "3 May 2026, 3 May, 00:30 on 3 May", "uk": "3 травня 2026 р., 3 тра, 00:30 3 травня", "fr": "3 mai 2026, 3 mai, 00:30 le 3 mai",
		"de": "3. Mai 2026, 3. Mai, 00:30 am 3. Mai", "es": "3 de mayo de 2026, 3 may, 00:30 del 3 de mayo", "pl": "3 maja 2026, 3 maj, 00:30, 3 maja",
	} {
		in := In(l)
		if got := in.Date(at) + ", " + in.ShortDay(at) + ", " + in.Hour(at); got != want {
			t.Errorf("%s: %s, want %s", l, got, want)
		}
		for _, id := range []ID{"date.months", "date.short-months"} {
			if n := len(strings.Fields(in.Plain(id))); n != 12 {
				t.Errorf("%s: %s has %d months", l, id, n)
			}
		}
	}
}
