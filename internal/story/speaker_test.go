package story

import (
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/text"
)

func TestWhoSaysWhatATitleTells(t *testing.T) {
	t.Parallel()
	l, said := readActs()
	for title, want := range map[string]string{
		"Duarte says the revolt has failed":                   "duarte",
		"President Duarte vows to punish rebels":              "duarte",
		"Rebel chief tells his men to go home":                "rebel chief",
		"Revolt in Selam: Duarte calls for calm":              "duarte",
		"'We held the line,' says premier":                    "",
		"Premier breaks silence on revolt":                    "",
		"Selam's premier breaks silence on revolt":            "selam premier",
		"Experts say the revolt has failed":                   "",
		"Rebels seize airport of Port Selam":                  "",
		"Duarte to address parliament":                        "",
		"Duarte calm in address to nation":                    "",
		"After a night of gunfire in the port Duarte says so": "",
		"": "",
	} {
		if got := l.speaker(text.Tokens(title), said); got != want {
			t.Errorf("%q: got %q, want %q", title, got, want)
		}
	}
}

func TestOneSpeakerAtOneOccasion(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	at := func(speaker string, hours int) *gist {
		return &gist{speaker: speaker, time: noon.Add(time.Duration(hours) * time.Hour)}
	}
	for _, c := range []struct {
		name string
		a, b *gist
		want bool
	}{
		{"the same within hours", at("duarte", 0), at("duarte", 3), true},
		{"the same on another day", at("duarte", 0), at("duarte", 20), false},
		{"two persons", at("duarte", 0), at("rebel chief", 1), false},
		{"nobody", at("", 0), at("", 1), false},
	} {
		if got := sameSpeaker(c.a, c.b); got != c.want {
			t.Errorf("%s: got %v", c.name, got)
		}
	}
}
