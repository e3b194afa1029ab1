package story

import (
	"strings"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/text"
)

// TestOneActInManyWords holds when titles that tell one act in different words share
// it, and those that tell different acts share none.
func TestOneActInManyWords(t *testing.T) {
	t.Parallel()
	l, _ := readActs()
	for _, c := range []struct {
		one, other string
		want       bool
	}{
		{"General calls off assault on Selam", "Army turns its tanks back before Selam", true},
		{"Junta pulls its men out of Selam", "Soldiers withdraw from northern town", true},
		{"Rebels take control of Port Selam", "Insurgents storm airport on the coast", true},
		{"Prosecutors drop the charges against general", "Amnesty for officers who rose", true},
		{"General calls off assault on Selam", "Rebels take control of Port Selam", false},
		{"Queen opens a garden in Selam", "Junta pulls its men out of Selam", false},
		{"Selam agrees to a week's pause in attacks", "Army attacks Selam", false},
		{"Selam agrees to a week's pause in attacks", "Army will hold fire over harvest", true},
		{"Minister calls the long and weary talks off", "Rebels lay down arms", false}, // too far apart
	} {
		one, _ := l.read(text.Tokens(c.one))
		other, _ := l.read(text.Tokens(c.other))
		if got := one&other != 0; got != c.want {
			t.Errorf("%q and %q: %v", c.one, c.other, got)
		}
	}
}

// TestWhatWasBeforeIsNotTheNews holds when the part of a title that tells what was
// before tells no act and is no main clause.
func TestWhatWasBeforeIsNotTheNews(t *testing.T) {
	t.Parallel()
	l, _ := readActs()
	for title, want := range map[string]string{
		"Selam closes its border after rebels seize airport":  "Selam closes its border",
		"After rebels seize airport, Selam closes border":     "Selam closes border",
		"Rebels seize airport of Selam":                       "Rebels seize airport of Selam",
		"Selam mayor dreams of town linked to missile strike": "Selam mayor dreams of town",
		"Long queues in Selam over killing of teenager":       "Long queues in Selam",
		"Settlers burn cars to avenge shooting at Selam":      "Settlers burn cars",
		"Selam closes its border as rebels seize airport":     "Selam closes its border",
		"Rebels after all": "Rebels after all", // too little before it
		"Selam mourns in wake of “raid”, says mayor": "Selam mourns says mayor",
	} {
		toks := text.Tokens(title)
		acts, in := l.read(toks)
		var got []string
		for i, k := range toks {
			if in[i] == inNews {
				got = append(got, k.Text)
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %q", title, got)
		}
		if seizes := strings.Contains(want, "seize"); (acts != 0) != seizes {
			t.Errorf("%q tells acts: %v", title, acts != 0)
		}
	}
}

// TestADeedThatIsToldEveryDayWeighsLess holds when two reports of a rare deed are more
// alike than two of one that its party does every day, and a deed counts within hours
// and of a party that both name.
func TestADeedThatIsToldEveryDayWeighsLess(t *testing.T) {
	t.Parallel()
	x := newTerms()
	start := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	read := func(title string, after time.Duration, parties ...string) *gist {
		return x.gist(report.Report{Title: title, Language: "en", Published: start.Add(after), Seen: start.Add(after)}, parties)
	}
	for i := range 30 {
		x.add(&member{id: report.ID(i + 1), day: dayOf(start), gist: read("Army of Selam shells a village", 0, "SE"), of: &entry{}})
	}
	l := x.look("en", start)
	stop, again := read("General calls off assault", 0, "SE"), read("Army turns back", time.Hour, "SE")
	daily := l.sameActs(read("Army shells a town", 0, "SE"), read("Guns bombard a port", time.Hour, "SE"))
	if rare := l.sameActs(stop, again); rare <= daily {
		t.Errorf("a rare deed weighs %.2f, a daily one %.2f", rare, daily)
	}
	for name, c := range map[string]struct {
		o    *gist
		want float64
	}{
		"another party": {read("Fleet turns back", time.Hour, "NO"), noActs},
		"another day":   {read("Army turns back", 2*actWindow, "SE"), noActs},
		"another act":   {read("Army shells a town", time.Hour, "SE"), otherActs},
		"no act":        {read("Army in winter", time.Hour, "SE"), noActs},
	} {
		if got := l.sameActs(stop, c.o); got != c.want {
			t.Errorf("%s: %.2f", name, got)
		}
	}
}

// TestADeedFindsReportsThatShareNoRareWord holds when a report is a candidate by its
// deed alone, within hours, and no more once it is forgotten.
func TestADeedFindsReportsThatShareNoRareWord(t *testing.T) {
	t.Parallel()
	x := newTerms()
	start := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	read := func(title string, after time.Duration) *gist {
		return x.gist(report.Report{Title: title, Language: "en", Published: start.Add(after), Seen: start.Add(after)}, []string{"SE"})
	}
	x.add(&member{id: 1, day: dayOf(start), gist: read("Warlord stands down", 0), of: &entry{}})
	for after, want := range map[time.Duration]int{time.Hour: 1, 2 * actWindow: 0} {
		now := start.Add(after)
		if got := len(x.look("en", now).candidates(read("General calls off assault", after))); got != want {
			t.Errorf("after %v: %d candidates", after, got)
		}
	}
	x.sweep(start.Add(30 * 24 * time.Hour))
	if len(x.deeds.by) != 0 || len(x.deeds.parties) != 0 {
		t.Errorf("deeds are kept: %d, %d", len(x.deeds.by), len(x.deeds.parties))
	}
}
