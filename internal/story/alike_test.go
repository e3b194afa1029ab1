package story_test

import (
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/gazetteer"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

// told is what one outlet tells.
type told struct{ title, lead string }

func TestReportsThatTellOneDevelopmentInTheirOwnWords(t *testing.T) {
	t.Parallel()
	g, err := gazetteer.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name          string
		first, second told
		after         time.Duration
		want          story.Reason
	}{
		{
			"other words, the same names and event",
			told{"Rebels seize airport of Port Selam in dawn raid", "Fighters of the Coastal Front took the airport of Port Selam early on Friday, the army of Sudan said."},
			told{"Sudan: Port Selam airport captured by Coastal Front fighters", "The army said on Friday that rebels had taken the airport of Port Selam before dawn."},
			0, story.Alike,
		},
		{
			"the same two days later",
			told{"Rebels seize airport of Port Selam in dawn raid", "Fighters of the Coastal Front took the airport of Port Selam early on Friday."},
			told{"Life resumes in the streets of Port Selam, city of rebels", "Shops opened again, and the airport of the Coastal Front has its first flight."},
			48 * time.Hour, story.OpensNew,
		},
		{
			"the same four days later, by when its words are forgotten",
			told{"Rebels seize airport of Port Selam in dawn raid", "Fighters of the Coastal Front took the airport of Port Selam early on Friday."},
			told{"Sudan: Port Selam airport captured by Coastal Front fighters", "Rebels took the airport of Port Selam before dawn."},
			95 * time.Hour, story.OpensNew,
		},
		{
			"strikes on two cities on one day",
			told{"Russian missile strike hits apartment block in Kharkiv, killing several", "Rescuers searched the rubble in the eastern city."},
			told{"Russian missile strike hits apartment block in Odesa, killing several", "Firefighters worked through the night in the port."},
			0, story.OpensNew,
		},
		{
			"visits of two ministers",
			told{"German foreign minister arrives in Beijing for talks on trade", "Annalena Baerbock will meet her counterpart."},
			told{"Australian foreign minister arrives in Beijing for talks on trade", "Penny Wong is the first in years to come."},
			0, story.OpensNew,
		},
		{
			"how the other side takes it",
			told{"Bolton calls Orban a tyrant at donors' dinner in Miami", "The senator spoke of Viktor Orban, prime minister of Hungary, as a tyrant on Friday."},
			told{"Hungary furious after Bolton calls Orban a tyrant at Miami dinner", "Hungary spoke of a provocation after the senator called Viktor Orban a tyrant."},
			time.Hour, story.OpensNew,
		},
		{
			"the same words, told by another",
			told{"Bolton calls Orban a tyrant at donors' dinner in Miami", "The senator spoke of Viktor Orban, prime minister of Hungary, as a tyrant on Friday."},
			told{"Bolton likens Orban of Hungary to a tyrant at dinner in Miami", "The senator called Viktor Orban, prime minister of Hungary, a tyrant before donors."},
			time.Hour, story.Alike,
		},
		{
			"the dead of two strikes",
			told{"Seven people killed in Israeli strike on village in southern Lebanon", "The ministry of health gave the number."},
			told{"Three people killed in Israeli strike on village in southern Lebanon", "The ministry of health gave the number."},
			0, story.OpensNew,
		},
		{
			"who did what to whom, turned round",
			told{"India expels two envoys of Canada in row over killing", "Delhi gave them five days."},
			told{"Canada expels two envoys of India in row over killing", "Ottawa gave them five days."},
			0, story.OpensNew,
		},
		{
			"a briefing that tells of it among other things",
			told{"Rebels seize airport of Port Selam in dawn raid", "Fighters of the Coastal Front took the airport."},
			told{"Your Friday Briefing: Rebels seize airport of Port Selam", "Also, fighters of the Coastal Front and a vote in Peru."},
			0, story.OpensNew,
		},
		{
			"one affair, another development",
			told{"Rebels seize airport of Port Selam in dawn raid", "Fighters of the Coastal Front took the airport early on Friday."},
			told{"Port Selam: United Nations evacuates its staff by sea", "A ship with two hundred aid workers left for Jeddah."},
			3 * time.Hour, story.OpensNew,
		},
		{
			"a claim and what the other side says to it",
			told{"Trump says Putin agreed to week-long pause in attacks on Kyiv", "He asked for it because of the cold."},
			told{"Kremlin confirms Putin agreed to pause in attacks on Kyiv at Trump's request", "It holds for a week."},
			time.Hour, story.OpensNew,
		},
		{
			"who confirms what outlets tell themselves",
			told{"Two crew die as army helicopter goes down off Port Selam", "The machine went down in the bay off Port Selam on Friday with three on board."},
			told{"Selam defence ministry confirms two crew died as army helicopter went down off port", "The machine went down in the bay off Port Selam with three on board."},
			time.Hour, story.Alike,
		},
		{
			"two outlets on how the other side takes it",
			told{"Hungary furious after Bolton calls Orban a tyrant at Miami dinner", "Hungary spoke of a provocation after the senator called Viktor Orban a tyrant."},
			told{"Hungary lashes out at Bolton after he calls Orban a tyrant at dinner in Miami", "The senator had called Viktor Orban a tyrant, a provocation in Hungary's eyes."},
			time.Hour, story.Alike,
		},
		{
			"the parties in another order over one description",
			told{"Canada protests to India after envoy's expulsion over temple row", "Ottawa called it an act without reason that would harm both, and asked Delhi to think again by Monday."},
			told{"India hears protests of Canada after envoy's expulsion over temple row", "Ottawa called it an act without reason that would harm both, and asked Delhi to think again by Monday."},
			time.Hour, story.Alike,
		},
		{
			"the headline of a recap",
			told{"Rebels seize airport of Port Selam in dawn raid", "Fighters of the Coastal Front took the airport."},
			told{"Selam Recap: Rebels seize airport of Port Selam", "Fighters of the Coastal Front took the airport at dawn."},
			time.Hour, story.Alike,
		},
		{
			"a few words over what is told alike",
			told{"Tull resigns as premier of Selam", "Mara Tull gave up after the coalition lost its majority over the harbour loan."},
			told{"Premier Tull resigns", "Mara Tull of Selam gave up after the coalition lost its majority over the loan for the harbour."},
			time.Hour, story.Alike,
		},
		{
			"a few words over something else",
			told{"Tull resigns as premier of Selam", "Mara Tull gave up after the coalition lost its majority over the harbour loan."},
			told{"Premier Tull resigns", "Our critic on a play about power, ambition and lonely kitchens."},
			time.Hour, story.OpensNew,
		},
		{
			"the same boilerplate below",
			told{"Power returns to most of Port Selam after storm", "Get our morning and afternoon news emails, free app or daily news podcast."},
			told{"Parliament of Chile debates new pension law", "Get our morning and afternoon news emails, free app or daily news podcast."},
			0, story.OpensNew,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			x := story.NewIndex(g.Naming().Parties)
			busy(x)
			for i, tale := range []told{c.first, c.second} {
				r := tell(i+1, tale.title)
				r.Description = tale.lead
				if i == 1 {
					r.Seen = r.Seen.Add(c.after)
				}
				got := x.Place(r, nil)
				if i == 1 && got.Reason.Rule() != c.want {
					t.Errorf("got %s, want %s", got.Reason, c.want)
				}
			}
		})
	}
}

// A new installation knows few reports, in which what is said every day looks
// rare: what is alike then stays apart.
func TestFewReportsDoNotTellHowRareAWordIs(t *testing.T) {
	t.Parallel()
	x := story.NewIndex(nil)
	for i, place := range []string{"Alban", "Boril", "Cador", "Dunic", "Evran", "Farun"} {
		r := tell(i+1, "Ceasefire agreed in "+place+" valley after talks between envoys of "+place+"ia and Goran"+place)
		if p := x.Place(r, nil); !p.Opened {
			t.Errorf("%s: got %s", r.Title, p.Reason)
		}
	}
}

func TestAReasonNamesTheWordsThatTwoReportsShare(t *testing.T) {
	t.Parallel()
	x := story.NewIndex(nil)
	for i, title := range []string{"Rebels seize airport of Port Selam in dawn raid", "Rebels capture the airport of Port Selam at dawn"} {
		p := x.Place(report.Report{ID: report.ID(i + 1), Source: source.ID(title[:4]), Title: title, Language: "en", Seen: start}, nil)
		if i == 0 {
			continue
		}
		if p.Reason.Rule() != story.Alike || p.Reason.Words() != "airport, dawn, port" {
			t.Errorf("got %q with the words %q", p.Reason, p.Reason.Words())
		}
	}
	if story.SameLink.Rule() != story.SameLink || story.SameLink.Words() != "" {
		t.Errorf("a reason without words is %q with %q", story.SameLink.Rule(), story.SameLink.Words())
	}
}

func TestANewDevelopmentFollowsTheStoryBeforeIt(t *testing.T) {
	t.Parallel()
	claim := told{"Trump says Putin agreed to week-long pause in attacks on Kyiv", "He asked for it because of the cold."}
	for _, c := range []struct {
		name   string
		second told
		after  time.Duration
		want   story.ID
	}{
		{"an answer", told{"Kremlin confirms Putin agreed to pause in attacks on Kyiv at Trump's request", "It holds for a week."}, time.Hour, 1},
		{"what comes of it", told{"Attacks on Kyiv stop at midnight as Putin's pause begins", "It began at midnight."}, 20 * time.Hour, 1},
		{"something else", told{"Parliament of Chile debates new pension law", "The vote is on Friday."}, time.Hour, 0},
		{"the same affair, long after", told{"Kremlin confirms Putin agreed to pause in attacks on Kyiv at Trump's request", "It holds for a week."}, 95 * time.Hour, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			x := story.NewIndex(nil)
			busy(x)
			var p story.Placement
			for i, tale := range []told{claim, c.second} {
				r := tell(i+1, tale.title)
				r.Description = tale.lead
				r.Seen = r.Seen.Add(time.Duration(i) * c.after)
				p = x.Place(r, nil)
			}
			if !p.Opened || p.Story.Follows != c.want {
				t.Errorf("opened %v, follows %d, want %d", p.Opened, p.Story.Follows, c.want)
			}
			joined := tell(3, c.second.title)
			joined.Seen = joined.Seen.Add(c.after)
			if p = x.Place(joined, nil); p.Opened || p.Story.Follows != c.want {
				t.Errorf("the next report: opened %v, follows %d, want %d", p.Opened, p.Story.Follows, c.want)
			}
		})
	}
}

// TestABreachFollowsTheTruceThatItBreaks: a report of a breach shares its words with
// the breaches of earlier truces, and carries on with the one that was agreed last.
func TestABreachFollowsTheTruceThatItBreaks(t *testing.T) {
	t.Parallel()
	x := story.NewIndex(nil)
	busy(x)
	place := func(id int, after time.Duration, title, lead string, stage topic.Stage) story.Placement {
		r := tell(id, title)
		r.Description, r.Seen = lead, r.Seen.Add(after)
		r.Published = r.Seen
		return x.Place(r, []topic.Match{{Topic: "ceasefire", Stage: stage, Score: 3, Evidence: []topic.Evidence{{Kind: topic.StageCue, Field: topic.Title}}}})
	}
	old := place(901, 0, "Ukraine accuses Russia of violating truce with drone strikes on Sumy", "Ukraine's army said Russia had broken the truce in Sumy 90 times.", "violated")
	pause := place(902, 20*time.Hour, "Russia and Ukraine agree to week-long pause in attacks on energy sites", "The pause begins at midnight, mediators said.", "agreed")
	breach := place(903, 30*time.Hour, "Ukraine accuses Russia of violating pause with drone strikes on energy sites in Kharkiv", "Ukraine's army said Russia had broken the pause within hours.", "violated")
	if !pause.Opened || !breach.Opened || breach.Story.Follows != pause.Story.ID {
		t.Errorf("pause %v, breach opened %v and follows %d; want %d and not %d", pause.Opened, breach.Opened, breach.Story.Follows, pause.Story.ID, old.Story.ID)
	}
	more := place(904, 31*time.Hour, "Russia broke pause with drones on energy sites in Kharkiv, Ukraine's army says", "The pause was violated within hours by drone strikes on Kharkiv, the army said.", "violated")
	if more.Story.ID != breach.Story.ID {
		t.Errorf("another report of the breach is in %d, want %d", more.Story.ID, breach.Story.ID)
	}
}
