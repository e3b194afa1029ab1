package pipeline_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/pipeline"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/topic"
)

func TestWhoIsAlerted(t *testing.T) {
	t.Parallel()
	title, description := truce(1)
	const both = "Israeli air strikes on Gaza continue as mediators announce ceasefire agreement"
	for _, c := range []struct {
		name string
		tell func(r *rig)
		want []string
	}{
		{"the channel that wants the topic", func(r *rig) {
			r.bring(r.told("wire", title, description))
		}, []string{"10: " + title}},
		{"once for a story, whoever tells it again", func(r *rig) {
			r.bring(r.told("wire", title, description), r.told("post", title+", officials say", "In other words."))
			r.place()
			r.now = r.now.Add(time.Hour)
			r.bring(r.told("state", title, "A third text about the same."))
		}, []string{"10: " + title}},
		{"with one message for two topics", func(r *rig) {
			r.subscribe("10", "military-strike", "7")
			r.bring(r.told("wire", both, "The army said it struck targets in Gaza while a ceasefire deal was announced in Cairo."))
		}, []string{"10: " + both}},
		{"nobody for what a first import brings", func(r *rig) {
			x := r.told("wire", title, description)
			x.Hush = report.HushFirstImport
			r.bring(x)
		}, nil},
		{"but then for what another outlet adds to that story", func(r *rig) {
			x := r.told("wire", title, description)
			x.Hush = report.HushFirstImport
			r.bring(x, r.told("post", title, "Another text of it."))
		}, []string{"10: " + title}},
		{"nobody for what is old when it is read", func(r *rig) {
			x := r.told("wire", title, description)
			x.Published = r.now.Add(-7 * time.Hour)
			r.bring(x)
		}, nil},
		{"nobody for a story that began long ago", func(r *rig) {
			x := r.told("wire", title, description)
			x.Hush = report.HushFirstImport
			r.bring(x)
			r.place()
			r.now = r.now.Add(7 * time.Hour)
			r.bring(r.told("post", title, "Another text of it."))
		}, nil},
		{"nobody for a denial", func(r *rig) {
			r.bring(r.told("wire", "No sign of a ceasefire after talks between both armies", "There was no sign of a ceasefire, mediators said."))
		}, nil},
		{"nobody for what bears no topic", func(r *rig) {
			r.bring(r.told("wire", "Bakery wins prize for its sourdough bread again", "The jury praised the crust."))
		}, nil},
		{"nobody of a guild that the bot has left", func(r *rig) {
			must(r.tb, r.store.LeaveGuild(r.tb.Context(), "1", r.now))
			r.bring(r.told("wire", title, description))
		}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t, builtIn(t))
			r.subscribe("10", "ceasefire", "")
			c.tell(r)
			r.place()
			if diff := cmp.Diff(c.want, r.headlines()); diff != "" {
				t.Error(diff)
			}
			if r.planned != len(c.want) {
				t.Errorf("told of %d alerts, want %d", r.planned, len(c.want))
			}
			left, err := r.store.Unplaced(t.Context(), 10)
			must(t, err)
			if len(left) > 0 {
				t.Errorf("%d reports are left", len(left))
			}
		})
	}
}

func TestWhatAnAlertTells(t *testing.T) {
	t.Parallel()
	r := newRig(t, builtIn(t))
	r.subscribe("10", "ceasefire", "7")
	title, _ := truce(1)
	const first = "Both armies agreed to a ceasefire in region 1 from Friday morning, mediators said."
	r.bring(r.told("state", title, first+" The truce was signed in Geneva after nine days of talks."))
	r.place()
	got := r.alerts()
	if len(got) != 1 {
		t.Fatalf("%d deliveries, want 1", len(got))
	}
	d := got[0]
	herald := alert.Outlet{Name: "State Herald", Tier: source.National, Country: "RU", StateControlled: true}
	want := alert.Content{
		Story: 1, Headline: title,
		Link: "https://state.example/" + d.Content.Link[len("https://state.example/"):], Time: noon, Language: "en", Outlet: herald,
		Topics: []alert.Topic{{ID: "ceasefire", Title: "Ceasefires and truces", Stage: "agreed"}},
		Living: alert.Living{
			Sentences: []alert.Sentence{
				{Text: first, Outlet: herald, Link: d.Content.Link},
				{Text: "The truce was signed in Geneva after nine days of talks.", Outlet: herald, Link: d.Content.Link},
			},
			Voices:      []alert.Outlet{herald},
			Independent: 1, Stages: map[topic.ID]topic.Stage{"ceasefire": "agreed"},
		},
	}
	if diff := cmp.Diff(want, d.Content, cmpopts.IgnoreFields(alert.Topic{}, "Title")); diff != "" {
		t.Error(diff)
	}
	if def, _ := builtIn(t).Lookup("ceasefire"); d.Content.Topics[0].Title != def.Title["en"] {
		t.Errorf("the topic is called %q, want %q", d.Content.Topics[0].Title, def.Title["en"])
	}
	if diff := cmp.Diff([]string{"7"}, d.Roles); diff != "" {
		t.Error(diff)
	}
}

func TestTwoTopicsMakeOneMessageThatNamesBoth(t *testing.T) {
	t.Parallel()
	r := newRig(t, twoTopics{})
	r.subscribe("10", "first", "7")
	r.subscribe("11", "second", "")
	r.subscribe("10", "second", "8")
	r.bring(r.told("wire", "Anything at all that says five words", ""))
	r.place()
	got := map[string][]topic.ID{}
	for _, d := range r.alerts() {
		for _, x := range d.Content.Topics {
			got[d.Channel] = append(got[d.Channel], x.ID)
		}
		if want := map[string][]string{"10": {"7", "8"}, "11": nil}[d.Channel]; !cmp.Equal(want, d.Roles, cmpopts.EquateEmpty()) {
			t.Errorf("channel %s: roles %v, want %v", d.Channel, d.Roles, want)
		}
	}
	if diff := cmp.Diff(map[string][]topic.ID{"10": {"first", "second"}, "11": {"second"}}, got); diff != "" {
		t.Error(diff)
	}
}

// twoTopics finds two topics in everything, and a fault in what says so.
type twoTopics struct{}

func (twoTopics) Match(d topic.Doc) []topic.Match {
	if d.Lead == "fault" {
		panic("rule out of bounds")
	}
	return []topic.Match{{Topic: "first"}, {Topic: "second"}}
}

func (twoTopics) Lookup(topic.ID) (topic.Definition, bool) { return topic.Definition{}, false }

func TestAReportThatBreaksTheRulesHoldsNoOtherUp(t *testing.T) {
	t.Parallel()
	r := newRig(t, twoTopics{})
	r.subscribe("10", "first", "")
	r.bring(r.told("wire", "Before the fault came five words", ""), r.told("wire", "The fault in at least five words", "fault"), r.told("wire", "After it there was another report", ""))
	r.place()
	if diff := cmp.Diff([]string{"10: Before the fault came five words", "10: After it there was another report"}, r.headlines()); diff != "" {
		t.Error(diff)
	}
	if n := len(r.stories()); n != 3 {
		t.Errorf("%d stories, want 3", n)
	}
}

func TestAFailedSaveIsMadeGood(t *testing.T) {
	t.Parallel()
	r := newRig(t, builtIn(t))
	r.subscribe("10", "ceasefire", "")
	title, description := truce(1)
	r.bring(r.told("wire", title, description))
	r.place()
	r.bring(r.told("post", title, "Another text of it."))
	other, text := truce(2)
	r.bring(r.told("wire", other, text))
	ctx, cancel := context.WithCancel(t.Context())
	r.placer = r.placerOver(cutting{r.store, cancel})
	if n, err := r.placer.Place(ctx); err == nil || n != 0 {
		t.Fatalf("placed %d reports with error %v, want none and an error", n, err)
	}
	if got := r.headlines(); len(got) != 1 {
		t.Fatalf("alerts after the failure: %v", got)
	}
	for range 2 {
		r.place()
	}
	if diff := cmp.Diff([]string{"10: " + title, "10: " + other}, r.headlines()); diff != "" {
		t.Error(diff)
	}
	var reports []int
	for _, s := range r.stories() {
		reports = append(reports, s.Story.Reports)
	}
	if diff := cmp.Diff([]int{2, 1}, reports); diff != "" {
		t.Errorf("reports by story: %s", diff)
	}
}

func TestAStoryKeepsWhatItsPartiesSaid(t *testing.T) {
	t.Parallel()
	r := newRig(t, builtIn(t))
	title, description := truce(1)
	answer := title + ", denied"
	r.claims = saying{
		title:                   {{Speaker: "Trump", Side: "US", Act: claim.Assert, Parties: []string{"RU"}, Field: claim.Title}},
		answer:                  {{Speaker: "Kremlin", Side: "RU", Act: claim.Deny, Field: claim.Title}},
		"Bakers hold a contest": {{Speaker: "Paris", Side: "FR", Act: claim.Deny, Field: claim.Title}},
	}
	r.restart()
	r.bring(r.told("wire", title, description), r.told("wire", "Bakers hold a contest", ""))
	r.place()
	r.restart() // what was said is read from the store
	second := r.told("post", answer, description)
	second.Keys = append(second.Keys, r.told("wire", title, description).Keys...)
	r.bring(second)
	r.place()
	s := r.stories()
	want := story.Testimony{Bound: map[string]story.Stance{"RU": story.Denies}, Claimants: []string{"US"}}
	if diff := cmp.Diff(want, s[0].Story.Testimony); diff != "" || s[0].Story.Testimony.Standing() != story.Denied {
		t.Errorf("the story is %s (-want +got):\n%s", s[0].Story.Testimony.Standing(), diff)
	}
	if !s[1].Story.Testimony.IsZero() {
		t.Errorf("a story without a topic heard %+v", s[1].Story.Testimony)
	}
}

func TestAFaultInReadingClaimsCostsTheReportItsClaimsOnly(t *testing.T) {
	t.Parallel()
	r := newRig(t, builtIn(t))
	r.subscribe("10", "ceasefire", "")
	title, description := truce(1)
	o := r.options()
	o.Claims = faulty{}
	c, err := source.NewCatalogue(outlets())
	must(t, err)
	r.placer, err = pipeline.New(r.store, r.topics, c, o)
	must(t, err)
	r.bring(r.told("wire", title, description))
	r.place()
	if got := r.headlines(); len(got) != 1 {
		t.Errorf("alerts: %v", got)
	}
}

// faulty is a reader of claims that has a fault.
type faulty struct{}

func (faulty) Extract(report.Report) []claim.Claim { panic("a fault") }

func TestANewPlacerContinuesStories(t *testing.T) {
	t.Parallel()
	r := newRig(t, builtIn(t))
	r.subscribe("10", "ceasefire", "")
	title, description := truce(1)
	r.bring(r.told("wire", title, description))
	r.place()
	r.restart()
	r.now = r.now.Add(time.Hour)
	r.bring(r.told("post", title, "Another text of it."))
	r.place()
	if s := r.stories(); len(s) != 1 || s[0].Story.Reports != 2 || s[0].Story.Sources != 2 || s[0].Story.Revision != 2 {
		t.Errorf("stories: %+v", s)
	}
	if got := r.headlines(); len(got) != 1 {
		t.Errorf("alerts: %v", got)
	}
}

func TestReportsThatWaitedLong(t *testing.T) {
	t.Parallel()
	title, description := truce(1)
	t.Run("join the story that was open when they were seen", func(t *testing.T) {
		t.Parallel()
		r := newRig(t, builtIn(t))
		r.bring(r.told("wire", title, description))
		r.place()
		r.now = r.now.Add(story.Window - time.Hour)
		again := r.told("post", title, "Another text of it.")
		again.Keys = append(again.Keys, r.told("wire", title, description).Keys...)
		r.bring(again)
		r.now = r.now.Add(48 * time.Hour) // the bot was away in between
		r.restart()
		r.place()
		if s := r.stories(); len(s) != 1 || s[0].Story.Reports != 2 {
			t.Errorf("%d stories, want one of two reports", len(s))
		}
	})
	t.Run("count as late from when they were seen", func(t *testing.T) {
		t.Parallel()
		r := newRig(t, builtIn(t))
		r.subscribe("10", "ceasefire", "")
		for n := range 9 {
			title, description := truce(n + 1)
			r.bring(r.told("wire", title, description))
		}
		r.now = r.now.Add(2 * time.Hour)
		r.place()
		folded, err := r.store.FoldLate(t.Context(), r.now, alert.DefaultLatePolicy())
		must(t, err)
		if folded != 4 {
			t.Errorf("%d alerts were held back, want 4 of 9", folded)
		}
	})
	t.Run("are placed well after a clock that was far ahead", func(t *testing.T) {
		t.Parallel()
		r := newRig(t, builtIn(t))
		r.bring(r.told("wire", title, description))
		r.place()
		right := r.now
		r.now = r.now.AddDate(1, 0, 0)
		r.bring(r.told("wire", "Bakery wins prize for its sourdough bread again", ""))
		r.place()
		r.now = right.Add(time.Minute)
		r.bring(r.told("post", title, "Another text of it."))
		r.place()
		if s := r.stories(); len(s) != 2 || s[0].Story.Reports != 2 {
			t.Errorf("%d stories, want two, the first of two reports", len(s))
		}
	})
}
