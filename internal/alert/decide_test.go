package alert_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/report"
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
			if diff := cmp.Diff(c.want, alert.Decide(noon, c.c)); diff != "" {
				t.Error(diff)
			}
		})
	}
}
