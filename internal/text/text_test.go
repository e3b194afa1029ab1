package text_test

import (
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/text"
)

func TestLanguage(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, in, hint, want string }{
		{"English", "Russia says it will halt the attacks on Kyiv", "", "en"},
		{"Ukrainian", "Росія оголосила перемир’я", "", "uk"},
		{"Ukrainian without its letters", "Удар по Харкову та Одесі", "", "uk"},
		{"Russian", "Россия объявила о прекращении огня", "", "ru"},
		{"French", "La Russie annonce un cessez-le-feu dans l'est du pays", "", "fr"},
		{"German", "Russland kündigt eine Waffenruhe für die Ukraine an", "", "de"},
		{"Spanish", "Rusia anuncia un alto el fuego en el este del país", "", "es"},
		{"Polish", "Rosja ogłasza zawieszenie broni na wschodzie", "", "pl"},
		{"Arabic", "روسيا تعلن وقف إطلاق النار في أوكرانيا", "", "ar"},
		{"Persian is not Arabic", "روسیه آتش‌بس را در اوکراین اعلام کرد", "", "fa"},
		{"Italian is not Spanish", "La Russia annuncia una tregua nella guerra con l'Ucraina", "", "it"},
		{"Bulgarian is not Russian", "Русия обяви, че ще спре огъня в Украйна", "", "bg"},
		{"a headline without common words, German", "Nordkorea feuert ballistische Raketen ab", "", "de"},
		{"a headline without common words, French", "Deux diplomates expulsés, représailles annoncées", "", "fr"},
		{"a headline without common words, Polish", "Haga: nakaz aresztowania Putina", "", "pl"},
		{"a headline without common words, English", "Police Searching Streets", "", "en"},
		{"a Spanish headline is not Portuguese", "Ecuador expulsa a diplomáticos mexicanos", "", "es"},
		{"an English possessive", "Putin's Secret Spy Balloon Brouhaha", "", "en"},
		{"a Ukrainian headline that could be Russian", "Китай подав скаргу до СОТ через тарифи США", "", "uk"},
		{"names alone follow the hint", "Putin, Kim", "de-AT", "de"},
		{"names alone without a hint", "Putin, Kim", "", "und"},
		{"a wrong hint yields to the text", "Russia says that it will halt the attacks on the city", "fr", "en"},
		{"a name that is a word elsewhere follows the hint", "State media: Kim Jong Un made first public appearance in weeks", "en-US", "en"},
		{"a name that is a word elsewhere, French feed", "Kim Jong Un rencontre Poutine à Vladivostok", "fr", "fr"},
		{"a place name follows the hint", "Los Angeles braces for El Niño", "en", "en"},
		{"a prefix is no word of another language", "UN urges de-escalation as border clashes spread", "", "en"},
		{"a short German title among Dutch words", "In Kiew: Tote na Angriff", "de", "de"},
		{"a short Spanish title like Portuguese", "Maduro acusa a Guyana de provocar", "es", "es"},
		{"a short Polish title like Czech", "Rosja atakuje Charków, są ranni po nalocie", "pl", "pl"},
		{"a short Russian title like Bulgarian", "Удар по Харькову: что известно", "ru", "ru"},
		{"a short Ukrainian title without its letters", "Атака на Харків", "uk", "uk"},
		{"Ukrainian on a Russian feed", "Сили оборони відбили атаку на північ від міста, повідомляє Генштаб", "ru", "uk"},
		{"Russian on a Ukrainian feed", "Россия объявила о прекращении огня, но удары не были прекращены", "uk", "ru"},
		{"German on an English feed", "Die Regierung will die Waffen nicht an das Land liefern", "en", "de"},
		{"French on an English feed", "Le président reçoit les ministres des pays de la région", "en", "fr"},
		{"English on a German feed", "What to know about the talks in Berlin", "de", "en"},
		{"Persian on an Arabic feed", "روسیه آتش‌بس را در اوکراین اعلام کرد", "ar", "fa"},
		{"a hostile hint is ignored", "123", "../../etc", "und"},
		{"Japanese", "ロシアが停戦", "", "ja"},
		{"a Japanese title without kana", "首相会談", "ja", "ja"},
		{"Chinese", "俄罗斯宣布停火", "", "zh"},
		{"Chinese on an English feed", "俄罗斯宣布停火", "en", "zh"},
		{"Korean", "러시아, 휴전 선언", "", "ko"},
		{"Hebrew", "רוסיה הכריזה על הפסקת אש", "", "he"},
		{"Greek", "Η Ρωσία ανακοίνωσε εκεχειρία", "", "el"},
		{"other scripts follow the hint", "রাশিয়া যুদ্ধবিরতি ঘোষণা করেছে", "bn", "bn"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := text.Language(tt.in, tt.hint); got != tt.want {
				t.Errorf("Language(%q, %q) = %q, want %q", tt.in, tt.hint, got, tt.want)
			}
		})
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, in string
		max      int
		want     string
	}{
		{"what fits stays", "truce", 5, "truce"},
		{"between words", "Russia says truce holds", 15, "Russia says…"},
		{"at a word's end", "Russia says truce", 12, "Russia says…"},
		{"inside a long word", "Donaudampfschifffahrt", 6, "Donau…"},
		{"no dangling comma", "Well, yes, no", 6, "Well…"},
		{"emoji stay whole", "ab👩\u200D🚀cd", 5, "ab…"},
		{"nothing fits", "abc", 0, ""},
		{"one", "abc", 1, "…"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := text.Cut(tt.in, tt.max); got != tt.want {
				t.Errorf("Cut(%q, %d) = %q, want %q", tt.in, tt.max, got, tt.want)
			}
		})
	}
}

func FuzzCut(f *testing.F) {
	for i, s := range hostile {
		f.Add(s, i)
	}
	f.Fuzz(func(t *testing.T, s string, limit int) {
		got := text.Cut(s, limit)
		if utf8.RuneCountInString(got) > max(limit, 0) {
			t.Fatalf("Cut(%q, %d) = %q is too long", s, limit, got)
		}
		if utf8.ValidString(s) && !utf8.ValidString(got) {
			t.Fatalf("Cut(%q, %d) = %q is not valid UTF-8", s, limit, got)
		}
	})
}

func TestFingerprintTellsTitlesApart(t *testing.T) {
	t.Parallel()
	a := text.Fingerprint("Russia says the truce in Kyiv holds")
	if b := text.Fingerprint("RUSSIA SAYS: TRUCE IN KYIV ‘HOLDS’"); a != b {
		t.Error("case, quotes and stop words change it")
	}
	if c := text.Fingerprint("Russia says the truce in Kharkiv holds"); a == c {
		t.Error("another place does not change it")
	}
	if text.Fingerprint("of the") != 0 {
		t.Error("stop words alone have a fingerprint")
	}
}

func TestCapital(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"defence ministry": "Defence ministry", "Kremlin": "Kremlin", "міністерство": "Міністерство", "élysée": "Élysée", "157 men": "157 men", "": "", "\xffé": "\xffé",
	} {
		if got := text.Capital(in); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestWordsKeepCapitalsThatLookLikeStopWords(t *testing.T) {
	t.Parallel()
	if diff := cmp.Diff([]string{"us", "who", "agree"}, text.Words("US and WHO agree with us")); diff != "" {
		t.Error(diff)
	}
}

func TestJaccard(t *testing.T) {
	t.Parallel()
	a := []string{"a", "b", "c", "d"}
	if got := text.Jaccard(a, a, 2); got != 1 {
		t.Errorf("same: %v", got)
	}
	if got := text.Jaccard(a, []string{"a", "b", "x"}, 2); got != 0.25 {
		t.Errorf("one of four: %v", got)
	}
	if got := text.Jaccard(nil, nil, 4); got != 0 {
		t.Errorf("empty: %v", got)
	}
	if got := text.Jaccard([]string{"a"}, []string{"a"}, 4); got != 1 {
		t.Errorf("short: %v", got)
	}
}
