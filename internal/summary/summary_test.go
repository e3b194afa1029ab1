package summary_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/summary"
)

func texts(sentences []summary.Sentence) []string {
	out := []string{}
	for _, s := range sentences {
		out = append(out, string(s.Source)+": "+s.Text)
	}
	return out
}

func TestStory(t *testing.T) {
	t.Parallel()
	const paused = "President Trump said Russia would hold fire on Kyiv for a week."
	for _, c := range []struct {
		name, headline string
		reports        []report.Report
		want           []string
	}{
		{
			"takes the first sentences of one report", "A week without missiles on Kyiv?",
			told("en", [2]string{"", paused + " Ukraine's air force counted no missile on Monday night. Winter has begun in the capital. Nobody knows who watches over it."}),
			[]string{"a: " + paused, "a: Ukraine's air force counted no missile on Monday night.", "a: Winter has begun in the capital."},
		},
		{
			"passes over what the headline says", "Russia agrees to pause attacks on Kyiv for a week",
			told("en", [2]string{"", "Russia agrees to pause attacks on Kyiv for a week. The Kremlin has not commented."}),
			[]string{"a: The Kremlin has not commented."},
		},
		{
			"has the answer of the party that is spoken of", "Trump says Russia agreed to pause attacks on Kyiv",
			told("en", [2]string{"Trump says Russia agreed to pause attacks on Kyiv", paused + " Fighting has gone on for four years. Winter has begun in the capital. Snow fell on Kyiv over the weekend. The White House has promised more news. The Kremlin has not confirmed an agreement."}),
			[]string{"a: " + paused, "a: Fighting has gone on for four years.", "a: The Kremlin has not confirmed an agreement."},
		},
		{
			"has it from another outlet", "Trump says Russia agreed to pause attacks on Kyiv",
			told("en",
				[2]string{"Trump says Russia agreed to pause attacks on Kyiv", paused},
				[2]string{"Kremlin denies a deal on Kyiv", "Russia denied on Tuesday that there was any deal, the state agency Tass said."}),
			[]string{"a: " + paused, "b: Russia denied on Tuesday that there was any deal, the state agency Tass said."},
		},
		{
			"leaves out that a party kept silent once it has answered", "Trump says Russia agreed to pause attacks on Kyiv",
			told("en",
				[2]string{"Trump says Russia agreed to pause attacks on Kyiv", paused + " The Kremlin has not confirmed an agreement."},
				[2]string{"Kremlin confirms a pause in attacks on Kyiv", "Russia confirmed on Tuesday that its army had got the order, the state agency Tass said."}),
			[]string{"a: " + paused, "b: Russia confirmed on Tuesday that its army had got the order, the state agency Tass said."},
		},
		{
			"keeps it while only another party has answered", "Trump says Russia agreed to pause attacks on Kyiv",
			told("en",
				[2]string{"Trump says Russia agreed to pause attacks on Kyiv", paused + " The Kremlin has not confirmed an agreement."},
				[2]string{"Ukraine confirms a pause in attacks on Kyiv", "Poland has closed four airports near its border."}),
			[]string{"a: " + paused, "a: The Kremlin has not confirmed an agreement.", "b: Poland has closed four airports near its border."},
		},
		{
			"says nothing twice, whoever says it, and takes the newest", "A week without missiles?",
			told("en", [2]string{"", paused}, [2]string{"", "Trump said Russia will hold fire on Kyiv for one week."}, [2]string{"", "Poland has closed four airports near its border."}),
			[]string{"b: Trump said Russia will hold fire on Kyiv for one week.", "c: Poland has closed four airports near its border."},
		},
		{
			"lets a sentence lean on the one before it only right behind it", "A fire in the port of Odesa",
			told("en", [2]string{"", "A drone hit a grain ship in the port of Odesa. It burned for six hours on Monday. In 2023 ships were hit too."}),
			[]string{"a: A drone hit a grain ship in the port of Odesa.", "a: It burned for six hours on Monday.", "a: In 2023 ships were hit too."},
		},
		{
			"never begins with one that leans", "A fire in a port",
			told("en", [2]string{"", "It burned for six hours on Monday. Firemen from three towns came to the harbour of Odesa."}),
			[]string{"a: Firemen from three towns came to the harbour of Odesa."},
		},
		{
			"keeps a sentence whole in which a name has an article", "Actor asked to talk to police",
			told("en", [2]string{"", "Karim Abadi, who plays a spy in the serial The Harbour, said on Monday he had got a letter from the police."}),
			[]string{"a: Karim Abadi, who plays a spy in the serial The Harbour, said on Monday he had got a letter from the police."},
		},
		{
			"takes no headline for a sentence", "Ships leave Oslo for strait",
			told("en", [2]string{"Norway war live: fleet of twelve ships is on its way", "Norway war live: fleet of twelve ships is on its way"}),
			[]string{},
		},
		{
			"parts a heading from the sentence behind it", "Ships leave Oslo for strait",
			told("en", [2]string{"", "Fleet is to guard tankers and to clear the waters of mines A Norwegian frigate led twelve ships out of the harbour on Monday."}),
			[]string{"a: A Norwegian frigate led twelve ships out of the harbour on Monday."},
		},
		{
			"is empty where nothing can stand alone", "A pause",
			told("en", [2]string{"", "He said so. It is over. \"We will see,\" she added on Monday."}),
			[]string{},
		},
		{"is empty without reports", "A pause", nil, []string{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, texts(maker(t).Story(c.headline, c.reports, "en"))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestStoryKeepsToOneLanguage(t *testing.T) {
	t.Parallel()
	both := append(told("en", [2]string{"", "Poland has closed four airports near its border."}),
		told("de", [2]string{"", "Polen hat vier Flughäfen nahe der Grenze geschlossen."})...)
	both[1].ID, both[1].Source = 2, "b"
	m := maker(t)
	for wanted, want := range map[string][]string{
		"de": {"b: Polen hat vier Flughäfen nahe der Grenze geschlossen."},
		"en": {"a: Poland has closed four airports near its border."},
		"fr": {"a: Poland has closed four airports near its border."},
		"":   {"a: Poland has closed four airports near its border."},
	} {
		if diff := cmp.Diff(want, texts(m.Story("Flights", both, wanted))); diff != "" {
			t.Errorf("%q: %s", wanted, diff)
		}
	}
}

func TestSentencesKnowWhereTheyStand(t *testing.T) {
	t.Parallel()
	reports := told("en",
		[2]string{"Trump says Russia agreed to pause attacks on Kyiv", "President Trump said Russia would hold fire on Kyiv for a week."},
		[2]string{"Kremlin denies a deal on Kyiv", "MOSCOW (AP) — The Kremlin denied on Tuesday that there was any deal."})
	want := []summary.Sentence{
		{Text: "President Trump said Russia would hold fire on Kyiv for a week.", Report: 1, Source: "a", Link: "https://a.example/1"},
		{Text: "The Kremlin denied on Tuesday that there was any deal.", Report: 2, Source: "b", Link: "https://b.example/1", Answer: true},
	}
	got := maker(t).Story(reports[0].Title, reports, "en")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if got := summary.Text(got); got != want[0].Text+" "+want[1].Text {
		t.Errorf("joined: %q", got)
	}
}

func TestTellingTakesTheFirstAndTheNewest(t *testing.T) {
	t.Parallel()
	var all []report.Report
	for i := range 25 {
		all = append(all, report.Report{ID: report.ID(i)})
	}
	var got []report.ID
	for _, r := range summary.Telling(all) {
		got = append(got, r.ID)
	}
	if diff := cmp.Diff([]report.ID{0, 1, 2, 18, 19, 20, 21, 22, 23, 24}, got); diff != "" {
		t.Error(diff)
	}
	if got := summary.Telling(all[:10]); len(got) != 10 {
		t.Errorf("of ten, %d are left", len(got))
	}
}

// TestWhatNoSummaryTakes has sentences that are refused behind one that is taken
// in any case.
func TestWhatNoSummaryTakes(t *testing.T) {
	t.Parallel()
	m := maker(t)
	for why, sentences := range map[string][]string{
		"a quotation without its speaker": {
			`"We are ready for everything that comes now."`,
			`“There will be no deal without guarantees,” the official added.`,
			`The proposal would be "a grave mistake for the whole region".`,
		},
		"a claim by somebody who is not named": {
			"He said the talks would go on in Geneva.",
			"The spokesman told reporters that talks would go on in Geneva.",
			"On Monday, she insisted that Norway would pay.",
			"The ministry denied every word of the report from Oslo.",
			"The president also announced a visit to Norway in May.",
		},
		"hearsay": {
			"It is believed that the general left Oslo last night.",
			"The general allegedly left Oslo in a private plane.",
			"The ship is said to carry arms for Norway.",
		},
		"words that lean on others": {
			"However, Norway will send no ships to the strait.",
			"But Norway will send no ships to the strait.",
			"The move surprised diplomats in Oslo on Monday.",
			"About 40 ships of those countries wait near Oslo.",
			"The two had sailed together in the navy of Norway.",
			"The pair have sailed together in the navy of Norway.",
			"The assailants' motives in Oslo are still unknown.",
			"The image, which was taken in Oslo, shows a ship.",
		},
		"a pronoun for somebody unknown": {
			"His wife waits in a hotel near the harbour.",
			"Having lost the vote in Oslo, he left the hall.",
			"In the hall of the palace, they waited for hours.",
		},
		"the page's own words": {
			"Read more about the Norwegian fleet on our pages.",
			"Sign up for the Oslo newsletter, every morning at six.",
			"The post Norway sends ships appeared first on Oslo Daily.",
			"This article was first published in Oslo on Monday.",
			"We look at what the vote means for Norway.",
			"Oslo Daily's Jane Doe has the latest from the harbour.",
		},
		"somebody by a role that only his name would explain": {
			"In a post on Monday, the Ohio Democrat urged Congress to send ships.",
			"On Monday the billionaire has bought two more ships for the Norwegian fleet.",
		},
		"what was known before it": {
			"The information was passed to the Norwegian navy on Monday.",
			"Norway has in turn asked Sweden for two ships.",
		},
		"a picture's caption": {
			"Soldiers walk past a burnt tank near Oslo. (Jane Doe/Getty Images)",
			"A file photo shows the Norwegian fleet near Oslo harbour.",
			"Jonas Støre speaks to sailors of the fleet in Oslo on June 24, 2023.",
			"Photo: Jane Doe of the Oslo Daily/Norwegian Press",
		},
		"what is no whole sentence": {
			"Norway will send ships to the strait and…",
			"Norway will send ships to the strait and other places, where [...]",
			"Norway will send (and this is new ships to the strait.",
			"Will Norway send more ships to the strait?",
			"Oslo is calm.",
		},
	} {
		for _, s := range sentences {
			reports := told("en", [2]string{"", "Denmark has opened two hospitals for wounded children. Sweden waits. " + s})
			for _, got := range m.Story("News", reports, "en") {
				if strings.Contains(s, got.Text) {
					t.Errorf("%s: %q was taken", why, got.Text)
				}
			}
		}
	}
}

func TestWhatASummaryTakes(t *testing.T) {
	t.Parallel()
	m := maker(t)
	for _, s := range []string{
		`"We are ready," said Jonas Støre, the prime minister of Norway.`,
		`Norway's government called the plan "a grave mistake for the whole region".`,
		"A senior official told reporters that talks would go on in Geneva.",
		"Police said two people were hurt in the harbour.",
		"As Jonas Støre arrived in Oslo, he said the talks would go on.",
		"The attack on the harbour of Odesa killed two sailors.",
		"Ships worth $2.5bn left Oslo at 5 p.m. on Monday, the U.S. Navy said.",
		"Norway accused Russia of hiding ships; Moscow has denied it.",
		"A 'special' fleet of the sailors' union left Oslo on Monday.",
		"The talks between Norway and Russia ended without a deal.",
		"The two sides of the war in Chad met in Oslo.",
		"Jane Doe of Ohio joined the vote, and the Ohio Democrat urged others to follow.",
		"In Ohio the Republican candidate Jane Doe said she would vote for the ships.",
	} {
		reports := told("en", [2]string{"", s})
		if diff := cmp.Diff([]string{"a: " + s}, texts(m.Story("News", reports, "en"))); diff != "" {
			t.Error(diff)
		}
	}
}

func TestOtherLanguagesKeepTheirSpeakersToo(t *testing.T) {
	t.Parallel()
	m := maker(t)
	for language, c := range map[string]struct{ taken, refused []string }{
		"de": {
			[]string{"Bundeskanzler Merz sagte am Montag, die Gespräche gingen weiter.", "Polen hat vier Flughäfen nahe der Grenze geschlossen."},
			[]string{"„Wir sind auf alles gut vorbereitet“, sagte er am Montag.", "Doch die Lage in der Stadt bleibt sehr angespannt.", "Wir zeigen, was die Wahl für Polen bedeutet."},
		},
		"fr": {
			[]string{"Emmanuel Macron a déclaré lundi que les discussions continuaient.", "La Pologne a fermé quatre aéroports près de la frontière."},
			[]string{"« Nous sommes prêts à tout », a-t-il ajouté lundi soir.", "Il a quitté la salle sans un mot lundi soir.", "Mais la situation reste très tendue dans la ville."},
		},
		"ru": {
			[]string{"Дмитрий Песков заявил, что переговоры продолжатся в Женеве.", "Польша закрыла четыре аэропорта недалеко от границы."},
			[]string{"Он добавил, что переговоры продолжатся в Женеве завтра.", "По его словам, переговоры продолжатся в Женеве завтра.", "Генерал якобы покинул Москву вчера поздно вечером."},
		},
		"uk": {
			[]string{"Володимир Зеленський заявив, що переговори триватимуть у Женеві.", "Польща закрила чотири аеропорти недалеко від кордону."},
			[]string{"Він додав, що переговори триватимуть у Женеві завтра.", "За його словами, переговори триватимуть у Женеві завтра."},
		},
		"es": {
			[]string{"Pedro Sánchez dijo el lunes que las conversaciones continúan.", "Polonia ha cerrado cuatro aeropuertos cerca de la frontera."},
			[]string{"Pero la situación en la ciudad sigue muy tensa.", "El general presuntamente abandonó la ciudad el lunes."},
		},
		"pl": {
			[]string{"Donald Tusk powiedział w poniedziałek, że rozmowy trwają.", "Polska zamknęła cztery lotniska w pobliżu granicy."},
			[]string{"Dodał, że rozmowy potrwają do końca tego tygodnia.", "Jego zdaniem rozmowy potrwają do końca tego tygodnia."},
		},
	} {
		for _, s := range c.taken {
			if got := m.Story("!", told(language, [2]string{"", s}), language); len(got) != 1 {
				t.Errorf("%s: %q was not taken", language, s)
			}
		}
		for _, s := range c.refused {
			if got := m.Story("!", told(language, [2]string{"", s}), language); len(got) != 0 {
				t.Errorf("%s: %q was taken", language, s)
			}
		}
	}
}
