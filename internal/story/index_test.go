package story_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/gazetteer"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

var start = time.Date(2026, 1, 29, 18, 0, 0, 0, time.UTC)

// tell makes the nth report with a title of its own outlet.
// busy places so many reports of other things that it is known how rare words are.
func busy(x *story.Index) {
	for n := range 40 {
		r := tell(1000+n, fmt.Sprintf("Unrelated%d matter%d of village%d", n, n, n))
		r.Seen = start
		x.Place(r, nil)
	}
}

func tell(n int, title string) report.Report {
	return report.Report{
		ID: report.ID(n), Source: source.ID(rune('a' + n)), Title: title, Language: "en",
		Seen: start.Add(time.Duration(n) * time.Minute),
		Keys: report.Identify([]report.Raw{{
			Link: fmt.Sprintf("https://outlet%d.example/news", n), Title: title,
			Description: fmt.Sprintf("The text of outlet %d, in words of its own about what happened.", n),
		}})[0],
	}
}

// keys are r's keys of one kind.
func keys(r report.Report, kind report.KeyKind) []report.Key {
	return slices.DeleteFunc(slices.Clone(r.Keys), func(k report.Key) bool { return k.Kind() != kind })
}

func TestTitlesNearEnoughToBeOneStory(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, first, second string
		want                story.Reason
	}{
		{"the same title in other case and marks", "Russia pauses attacks on Kyiv during extreme cold", "RUSSIA PAUSES ATTACKS ON KYIV, DURING EXTREME COLD", story.NearTitle},
		{"the outlet's name at the end", "Russia pauses attacks on Kyiv during extreme cold", "Russia pauses attacks on Kyiv during extreme cold | Example News", story.NearTitle},
		{"a few words more", "Russia pauses attacks on Kyiv during extreme cold", "Russia pauses attacks on Kyiv during extreme cold, officials say", story.NearTitle},
		{"another form of a word", "Russian strikes hit power plant near Kharkiv overnight", "Russian strike hits power plants near Kharkiv overnight", story.NearTitle},
		{"another city", "Russian drone strike on Kharkiv market kills shoppers", "Russian drone strike on Odesa market kills shoppers", story.OpensNew},
		{"another number", "Israeli strike on southern Lebanon kills 4 people, ministry says", "Israeli strike on southern Lebanon kills 9 people, ministry says", story.OpensNew},
		{"another number in words", "Two killed in Israeli strike on southern Lebanon village", "Four killed in Israeli strike on southern Lebanon village", story.OpensNew},
		{"a negation", "Kremlin agreed to pause attacks on Kyiv power grid", "Kremlin has not agreed to pause attacks on Kyiv power grid", story.OpensNew},
		{"a denial", "Kremlin agreed pause in attacks on Kyiv power grid", "Kremlin denies agreed pause in attacks on Kyiv power grid", story.OpensNew},
		{"the parties changed places", "Israel launches new missile attack on Iran overnight", "Iran launches new missile attack on Israel overnight", story.OpensNew},
		{"the parties changed places behind the same first word", "Overnight Israel launches new missile attack on Iran", "Overnight Iran launches new missile attack on Israel", story.OpensNew},
		{"a phrase moved to the front", "Envoys of both sides resume truce talks in Geneva", "In Geneva, envoys of both sides resume truce talks", story.NearTitle},
		{"places with like names", "Niger coup leaders close border after talks with envoys", "Nigeria coup leaders close border after talks with envoys", story.OpensNew},
		{"a short word and its plural", "Minister warns of trade war with China over tariffs", "Minister warns of trade wars with China over tariffs", story.NearTitle},
		{"two words of the first for one of the second", "Strike and strikes: Kharkiv power plant hit overnight again", "Strike at Kharkiv power plant, hit overnight again", story.NearTitle},
		{"the same number of words, of which only one side covers the other", "Kharkiv attack, attacks: power plant burns", "Kharkiv attack: power plant burns overnight", story.Alike},
		{"the same title, too short to tell", "Live: Ukraine war", "Live: Ukraine war", story.OpensNew},
		{"words in common only", "Zelensky thanks Trump for help with pause in attacks", "Zelensky asks Trump for help with air defence missiles", story.OpensNew},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			x := story.NewIndex(nil)
			x.Place(tell(1, c.first), nil)
			got := x.Place(tell(2, c.second), nil)
			if got.Reason.Rule() != c.want {
				t.Errorf("got %s, want %s", got.Reason, c.want)
			}
		})
	}
}

func TestPlace(t *testing.T) {
	t.Parallel()
	truce := func(s topic.Stage) []topic.Match { return []topic.Match{{Topic: "ceasefire", Stage: s}} }

	t.Run("the first report opens a story under its own id", func(t *testing.T) {
		t.Parallel()
		p := story.NewIndex(nil).Place(tell(7, "Trump says Putin agreed to pause attacks on Kyiv"), truce("agreed"))
		want := story.Story{
			ID: 7, Lead: 7, Title: "Trump says Putin agreed to pause attacks on Kyiv", Language: "en",
			Topics: []story.TopicStage{{Topic: "ceasefire", Stage: "agreed"}},
			Opened: start.Add(7 * time.Minute), Updated: start.Add(7 * time.Minute), Reports: 1, Sources: 1, Revision: 1,
		}
		if diff := cmp.Diff(want, p.Story); diff != "" || !p.Opened {
			t.Errorf("opened %v, story differs: %s", p.Opened, diff)
		}
	})
	t.Run("one link in two outlets is one story", func(t *testing.T) {
		t.Parallel()
		x := story.NewIndex(nil)
		a, b := tell(1, "Pause in attacks announced by White House today"), tell(2, "What we know about a winter lull in Ukraine")
		b.Keys = a.Keys
		x.Place(a, nil)
		if p := x.Place(b, nil); p.Reason != story.SameLink || p.Story.ID != 1 || p.Story.Sources != 2 {
			t.Errorf("got %s in story %d with %d sources", p.Reason, p.Story.ID, p.Story.Sources)
		}
	})
	t.Run("a later report moves the stage and keeps it when it tells none", func(t *testing.T) {
		t.Parallel()
		x := story.NewIndex(nil)
		const title = "Russia and Ukraine begin week without attacks on towns"
		x.Place(tell(1, title), truce("agreed"))
		x.Place(tell(2, title), truce("in-effect"))
		p := x.Place(tell(3, title), truce(""))
		if got := p.Story.Topics[0].Stage; got != "in-effect" {
			t.Errorf("stage %q, want in-effect", got)
		}
		if p.Story.Reports != 3 || p.Story.Revision != 3 {
			t.Errorf("%d reports in revision %d, want 3 and 3", p.Story.Reports, p.Story.Revision)
		}
	})
	t.Run("a silent story closes", func(t *testing.T) {
		t.Parallel()
		x := story.NewIndex(nil)
		const title = "Russia and Ukraine begin week without attacks on towns"
		x.Place(tell(1, title), nil)
		late := tell(2, title)
		late.Seen = start.Add(story.Window + time.Hour)
		if p := x.Place(late, nil); !p.Opened {
			t.Errorf("joined story %d", p.Story.ID)
		}
	})
	t.Run("a closed story is forgotten when nothing seen before can come any more", func(t *testing.T) {
		t.Parallel()
		x := story.NewIndex(nil)
		first, late := tell(1, "Russia and Ukraine begin week without attacks"), tell(2, "Envoys of both sides resume truce talks in Geneva")
		x.Place(first, nil)
		late.Seen = first.Seen.Add(story.Window + story.Slack + time.Minute)
		x.Place(late, nil)
		if x.Len() != 1 {
			t.Errorf("%d stories are kept, want 1", x.Len())
		}
	})
	t.Run("a report that was seen before the last one joins what was open then", func(t *testing.T) {
		t.Parallel()
		x := story.NewIndex(nil)
		first, other, before := tell(1, "Russia and Ukraine begin week without attacks"), tell(2, "Envoys of both sides resume truce talks in Geneva"), tell(3, "A lull begins")
		x.Place(first, nil)
		other.Seen = first.Seen.Add(story.Window + 2*time.Hour)
		x.Place(other, nil)
		before.Seen = first.Seen.Add(story.Window)
		before.Keys = first.Keys
		if p := x.Place(before, nil); p.Story.ID != 1 {
			t.Errorf("is in story %d, want 1", p.Story.ID)
		}
	})
	t.Run("an index that saw the far future knows that it lacks the present", func(t *testing.T) {
		t.Parallel()
		x := story.NewIndex(nil)
		if !x.Covers(start) {
			t.Error("a new index lacks something")
		}
		x.Place(tell(1, "Russia and Ukraine begin week without attacks"), nil)
		if !x.Covers(start) {
			t.Error("lacks what was open a minute ago")
		}
		future := tell(2, "Envoys of both sides resume truce talks in Geneva")
		future.Seen = start.AddDate(1, 0, 0)
		x.Place(future, nil)
		if x.Covers(start) || !x.Covers(future.Seen) {
			t.Error("does not know what it lacks")
		}
	})
	t.Run("of two stories with a key, the older open one is joined, and the younger when that is closed", func(t *testing.T) {
		t.Parallel()
		x := story.NewIndex(nil)
		a, b, both := tell(1, "Russia and Ukraine begin week without attacks"), tell(2, "Envoys of both sides resume truce talks in Geneva"), tell(3, "A report of neither words")
		x.Place(a, nil)
		x.Place(b, nil)
		both.Keys = append(slices.Clone(keys(a, report.KeyLink)), keys(b, report.KeyText)...)
		if p := x.Place(both, nil); p.Story.ID != 1 || p.Reason != story.SameLink {
			t.Fatalf("got %s in story %d", p.Reason, p.Story.ID)
		}
		again := tell(4, "B again")
		again.Keys = keys(b, report.KeyText)
		if p := x.Place(again, nil); p.Story.ID != 1 {
			t.Errorf("is in story %d, want 1: both have the text, 1 is older", p.Story.ID)
		}
	})
	t.Run("what a title tells behind a word such as after does not move the stage", func(t *testing.T) {
		t.Parallel()
		x := story.NewIndex(nil)
		const link = "https://news.example/envoy"
		at := func(id int, title, cue string, stage topic.Stage) []story.TopicStage {
			r := tell(id, title)
			r.Link, r.Keys = link, []report.Key{"l:" + link}
			from := strings.Index(title, cue)
			told := topic.Evidence{Field: topic.Title, Kind: topic.StageCue, Start: from, End: from + len(cue), Text: cue}
			return x.Place(r, []topic.Match{{Topic: "coup", Stage: stage, Evidence: []topic.Evidence{told}}}).Story.Topics
		}
		at(1, "Soldiers march on palace in Bamako", "march", "under-way")
		if got := at(2, "President shown on television for first time since mutiny", "since mutiny", "ended")[0].Stage; got != "under-way" {
			t.Errorf("looking back moves the stage to %q", got)
		}
		if got := at(3, "Mutiny ends as president returns after a week abroad", "Mutiny ends", "ended")[0].Stage; got != "ended" {
			t.Errorf("stage %q, want ended", got)
		}
	})
	t.Run("what is denied or remembered does not move the stage", func(t *testing.T) {
		t.Parallel()
		x := story.NewIndex(nil)
		const title = "Russia and Ukraine begin week without attacks on towns"
		x.Place(tell(1, title), truce("announced"))
		x.Place(tell(2, title), []topic.Match{{Topic: "ceasefire", Stage: "agreed", Flags: topic.Negated}})
		p := x.Place(tell(3, title), []topic.Match{{Topic: "ceasefire", Stage: "collapsed", Flags: topic.Historical}, {Topic: "treaty", Stage: "signed", Flags: topic.Negated}})
		want := []story.TopicStage{{Topic: "ceasefire", Stage: "announced"}, {Topic: "treaty"}}
		if diff := cmp.Diff(want, p.Story.Topics); diff != "" {
			t.Error(diff)
		}
	})
}

func TestReportsInOtherLanguagesFindEachOther(t *testing.T) {
	t.Parallel()
	g, err := gazetteer.Load()
	if err != nil {
		t.Fatal(err)
	}
	match := func(id topic.ID, s topic.Stage) []topic.Match { return []topic.Match{{Topic: id, Stage: s}} }
	agreed := match("ceasefire", "agreed")
	const three = "Trump says Putin agreed to week-long pause in attacks on Kyiv"
	for _, c := range []struct {
		name, first, language, second string
		matches                       [2][]topic.Match
		after                         time.Duration
		want                          story.Reason
	}{
		{"the same three parties at the same stage", three, "uk", "Трамп заявив, що Путін погодився призупинити удари по Києву", [2][]topic.Match{agreed, agreed}, 0, story.SameParties},
		{"two parties that settle something", "Russia and Ukraine agree Easter truce", "uk", "Росія та Україна домовилися про великоднє перемир'я", [2][]topic.Match{agreed, agreed}, 0, story.SameParties},
		{"two parties in one more fight", "Russia fires missiles at Ukraine", "uk", "Росія вдарила ракетами по Україні", [2][]topic.Match{match("military-strike", "carried-out"), match("military-strike", "carried-out")}, 0, story.OpensNew},
		{"another stage", three, "uk", "Трамп заявив, що Путін погодився призупинити удари по Києву", [2][]topic.Match{agreed, match("ceasefire", "violated")}, 0, story.OpensNew},
		{"another topic", three, "uk", "Трамп заявив, що Путін погодився призупинити удари по Києву", [2][]topic.Match{agreed, match("peace-talks", "agreed")}, 0, story.OpensNew},
		{"another party first", three, "uk", "Путін заявив, що Трамп хоче миру в Києві", [2][]topic.Match{agreed, agreed}, 0, story.OpensNew},
		{"a party fewer", three, "uk", "Трамп заявив, що Путін погодився", [2][]topic.Match{agreed, agreed}, 0, story.OpensNew},
		{"another number", three + " on 14 days", "uk", "Трамп заявив, що Путін погодився на 7 днів не бити по Києву", [2][]topic.Match{agreed, agreed}, 0, story.OpensNew},
		{"a day later", three, "uk", "Трамп заявив, що Путін погодився призупинити удари по Києву", [2][]topic.Match{agreed, agreed}, 24 * time.Hour, story.OpensNew},
		{"the same language in other words", three, "en", "Trump: Putin accepts a lull of strikes near Kyiv", [2][]topic.Match{agreed, agreed}, 0, story.Alike},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			x := story.NewIndex(g.Naming().Parties)
			busy(x)
			x.Place(tell(1, c.first), c.matches[0])
			r := tell(2, c.second)
			r.Language, r.Seen = c.language, r.Seen.Add(c.after)
			if got := x.Place(r, c.matches[1]); got.Reason.Rule() != c.want {
				t.Errorf("got %s, want %s", got.Reason, c.want)
			}
		})
	}
}
