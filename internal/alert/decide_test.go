package alert_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

var noon = time.Date(2026, 1, 29, 12, 0, 0, 0, time.UTC)

func TestDecide(t *testing.T) {
	t.Parallel()
	wants := func(channel string, id topic.ID, role string) subscription.Subscription {
		return subscription.Subscription{Guild: "1", Channel: channel, Topic: id, Role: role}
	}
	truce, strike := topic.Match{Topic: "ceasefire"}, topic.Match{Topic: "military-strike"}
	denied := topic.Match{Topic: "ceasefire", Flags: topic.Negated}
	remembered := topic.Match{Topic: "ceasefire", Flags: topic.Historical}
	for _, c := range []struct {
		name string
		c    alert.Case
		want []alert.Target
	}{
		{
			"a channel gets the first report of a story on its topic",
			alert.Case{Matches: []topic.Match{truce}, Opened: noon, Wanting: []subscription.Subscription{wants("10", "ceasefire", "")}},
			[]alert.Target{{Guild: "1", Channel: "10", Verdict: alert.Alerts, Topics: []topic.ID{"ceasefire"}}},
		},
		{
			"two topics of one channel make one alert that names both and mentions a role once",
			alert.Case{Matches: []topic.Match{truce, strike}, Opened: noon, Wanting: []subscription.Subscription{
				wants("10", "military-strike", "5"), wants("10", "ceasefire", "5"), wants("11", "ceasefire", ""),
			}},
			[]alert.Target{
				{Guild: "1", Channel: "10", Verdict: alert.Alerts, Topics: []topic.ID{"ceasefire", "military-strike"}, Roles: []string{"5"}},
				{Guild: "1", Channel: "11", Verdict: alert.Alerts, Topics: []topic.ID{"ceasefire"}},
			},
		},
		{
			"a channel that has an alert for the story gets no second one",
			alert.Case{Matches: []topic.Match{truce}, Opened: noon, Told: []string{"10"}, Wanting: []subscription.Subscription{wants("10", "ceasefire", "")}},
			[]alert.Target{{Guild: "1", Channel: "10", Verdict: alert.Told, Topics: []topic.ID{"ceasefire"}}},
		},
		{"what a first import brings stays quiet", alert.Case{Report: report.Report{Hush: report.HushFirstImport}, Matches: []topic.Match{truce}, Opened: noon, Wanting: []subscription.Subscription{wants("10", "ceasefire", "")}}, []alert.Target{{Verdict: alert.Hushed}}},
		{"a story of long ago stays quiet", alert.Case{Matches: []topic.Match{truce}, Opened: noon.Add(-7 * time.Hour), Wanting: []subscription.Subscription{wants("10", "ceasefire", "")}}, []alert.Target{{Verdict: alert.Old}}},
		{"no topic, no alert", alert.Case{Opened: noon}, []alert.Target{{Verdict: alert.Unwanted}}},
		{"a denial alone raises none", alert.Case{Matches: []topic.Match{denied}, Opened: noon, Wanting: []subscription.Subscription{wants("10", "ceasefire", "")}}, []alert.Target{{Verdict: alert.Unwanted}}},
		{"nor does history", alert.Case{Matches: []topic.Match{remembered}, Opened: noon, Wanting: []subscription.Subscription{wants("10", "ceasefire", "")}}, []alert.Target{{Verdict: alert.Unwanted}}},
		{
			"a topic that is only remembered is not named beside one that happens",
			alert.Case{Matches: []topic.Match{remembered, strike}, Opened: noon, Wanting: []subscription.Subscription{wants("10", "ceasefire", ""), wants("10", "military-strike", "")}},
			[]alert.Target{{Guild: "1", Channel: "10", Verdict: alert.Alerts, Topics: []topic.ID{"military-strike"}}},
		},
		{"nobody wants it", alert.Case{Matches: []topic.Match{truce}, Opened: noon}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.c.MaxAge = 6 * time.Hour
			if diff := cmp.Diff(c.want, alert.Decide(noon, c.c), cmpopts.IgnoreFields(alert.Target{}, "By")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestDecideNamesWhatIsNotWanted has one subscription with one wish, and a report
// in English by a British wire about Ukraine.
func TestDecideNamesWhatIsNotWanted(t *testing.T) {
	t.Parallel()
	wire := source.Source{ID: "wire", Country: "GB", Language: "en", Tier: source.Wire}
	organ := source.Source{ID: "organ", Country: "RU", Language: "ru", Tier: source.Wire, StateControlled: true}
	yesterday := noon.Add(-24 * time.Hour)
	for _, c := range []struct {
		name string
		wish subscription.Subscription
		edit func(c *alert.Case)
		want alert.Verdict
	}{
		{"what asks for nothing special is alerted", subscription.Subscription{}, nil, alert.Alerts},
		{"a country that is named is wanted", subscription.Subscription{Countries: []string{"RU", "UA"}}, nil, alert.Alerts},
		{"one that is not named is not", subscription.Subscription{Countries: []string{"RU"}}, nil, alert.OtherCountry},
		{"a language of several", subscription.Subscription{Languages: []string{"de", "en"}}, nil, alert.Alerts},
		{"another language", subscription.Subscription{Languages: []string{"de"}}, nil, alert.OtherLanguage},
		{"another kind of outlet", subscription.Subscription{Tiers: []source.Tier{source.National, source.Local}}, nil, alert.OtherTier},
		{"an outlet that is not in the catalogue is of no kind", subscription.Subscription{Tiers: source.Tiers()}, func(c *alert.Case) { c.Outlet = source.Source{ID: "new"} }, alert.OtherTier},
		{"an outlet of a state", subscription.Subscription{Independent: true}, func(c *alert.Case) { c.Outlet = organ }, alert.StateControlled},
		{"an outlet of a state where that does not matter", subscription.Subscription{}, func(c *alert.Case) { c.Outlet = organ }, alert.Alerts},
		{"a full hour", subscription.Subscription{ID: 1, PerHour: 3}, func(c *alert.Case) { c.Full = map[subscription.ID]bool{1: true} }, alert.Gathered},
		{"a digest", subscription.Subscription{ID: 1, Way: subscription.Digest}, func(c *alert.Case) { c.Full = map[subscription.ID]bool{1: true} }, alert.InDigest},
		{"what is not wanted is not gathered", subscription.Subscription{ID: 1, Way: subscription.Digest, Languages: []string{"de"}}, nil, alert.OtherLanguage},
		{
			"what a state's outlet told yesterday is news when a wire tells it",
			subscription.Subscription{Independent: true},
			func(c *alert.Case) { c.Opened, c.Tellers = yesterday, []alert.Teller{{Outlet: organ, At: yesterday}} },
			alert.Alerts,
		},
		{
			"what a wire told yesterday is none when another wire tells it",
			subscription.Subscription{Independent: true},
			func(c *alert.Case) {
				c.Opened, c.Tellers = yesterday, []alert.Teller{{Outlet: organ, At: yesterday}, {Outlet: wire, At: yesterday.Add(time.Hour)}}
			},
			alert.Old,
		},
		{"a channel that was told is not told again by another outlet", subscription.Subscription{Independent: true}, func(c *alert.Case) { c.Told = []string{"10"} }, alert.Told},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.wish.Channel, c.wish.Topic = "10", "ceasefire"
			in := alert.Case{
				Report: report.Report{Language: "en", Published: noon}, Outlet: wire, Countries: []string{"UA"}, Opened: noon, MaxAge: 6 * time.Hour,
				Matches: []topic.Match{{Topic: "ceasefire"}}, Wanting: []subscription.Subscription{c.wish},
			}
			if c.edit != nil {
				c.edit(&in)
			}
			got := alert.Decide(noon, in)
			if len(got) != 1 || got[0].Verdict != c.want {
				t.Errorf("decided %+v, want %s", got, c.want)
			}
		})
	}
}

func TestOneWishForAnAlertIsEnough(t *testing.T) {
	t.Parallel()
	want := func(id subscription.ID, way subscription.Way, silent bool) subscription.Subscription {
		return subscription.Subscription{ID: id, Channel: "10", Topic: topic.ID("t" + string(rune('0'+id))), Way: way, Silent: silent, PerHour: 1}
	}
	for _, c := range []struct {
		name   string
		subs   []subscription.Subscription
		want   alert.Verdict
		by     []int
		silent bool
	}{
		{"at once before gathered", []subscription.Subscription{want(1, "", false), want(2, "", true)}, alert.Alerts, []int{1}, true},
		{"gathered before a digest", []subscription.Subscription{want(3, subscription.Digest, false), want(1, "", true)}, alert.Gathered, []int{1}, true},
		{"a sound for one is a sound", []subscription.Subscription{want(2, "", true), want(4, "", false)}, alert.Alerts, []int{0, 1}, false},
		{"silent when all are", []subscription.Subscription{want(2, "", true), want(4, "", true)}, alert.Alerts, []int{0, 1}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			in := alert.Case{Opened: noon, MaxAge: time.Hour, Wanting: c.subs, Full: map[subscription.ID]bool{1: true}}
			for _, s := range c.subs {
				in.Matches = append(in.Matches, topic.Match{Topic: s.Topic})
			}
			got := alert.Decide(noon, in)
			if len(got) != 1 || got[0].Verdict != c.want || got[0].Silent != c.silent || !slices.Equal(got[0].By, c.by) {
				t.Errorf("decided %+v", got)
			}
		})
	}
}
