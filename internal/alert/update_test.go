package alert_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/story"
	"github.com/attache-bot/attache/internal/subscription"
	"github.com/attache-bot/attache/internal/topic"
)

// turned makes turns, of one report each, that leave these standings.
func turned(turns ...story.Turn) []story.Turn {
	for i := range turns {
		turns[i].Report = report.ID(i + 1)
	}
	return turns
}

func word(why story.TurnReason, s story.Standing) story.Turn {
	acts := map[story.TurnReason]claim.Act{
		story.OthersClaim: claim.Assert, story.OwnAct: claim.Announce, story.NewWord: claim.NoComment,
		story.PartyAffirms: claim.Confirm, story.PartyDenies: claim.Deny, story.OthersDeny: claim.Deny,
	}
	return story.Turn{By: "RU", Act: acts[why], Reason: why, Standing: s}
}

// saysMore is a word of a party that only says more of its own.
func saysMore(s story.Standing) story.Turn {
	t := word(story.PartyAffirms, s)
	t.Act = claim.Assert
	return t
}

// inText is a turn to a stage that no title tells.
func inText(t story.Turn) story.Turn {
	t.Titled = false
	return t
}

func stage(id topic.ID, was, s topic.Stage) story.Turn {
	return story.Turn{Topic: id, Was: was, Stage: s, Titled: true, Reason: story.StageMoves, Standing: story.Claimed}
}

func TestWhichChangesAreWorthAMessage(t *testing.T) {
	t.Parallel()
	claimed := word(story.OthersClaim, story.Claimed)
	for _, c := range []struct {
		name  string
		turns []story.Turn
		want  bool // of the last one
	}{
		{"a claim after outlets told it alone", turned(claimed), false},
		{"the other side confirms it", turned(claimed, word(story.PartyAffirms, story.Confirmed)), true},
		{"one of two sides does", turned(claimed, word(story.PartyAffirms, story.PartlyConfirmed)), true},
		{"it denies it", turned(claimed, word(story.PartyDenies, story.Denied)), true},
		{"a third party contradicts", turned(claimed, word(story.OthersDeny, story.Disputed)), true},
		{"it does not comment", turned(claimed, word(story.NewWord, story.Claimed)), false},
		{"a second denial", turned(claimed, word(story.PartyDenies, story.Denied), word(story.NewWord, story.Denied)), false},
		{"what outlets told is denied", turned(word(story.PartyDenies, story.Denied)), true},
		{"it announces something: that is no answer", turned(claimed, word(story.OwnAct, story.Confirmed)), false},
		{"nor is what it says of its own", turned(claimed, saysMore(story.Confirmed)), false},
		{"a further stage", turned(claimed, stage("ceasefire", "agreed", "in-effect")), true},
		{"one that the text mentions", turned(claimed, inText(stage("ceasefire", "agreed", "in-effect"))), false},
		{"a stage where none was told", turned(claimed, stage("ceasefire", "", "in-effect")), false},
		{"an earlier stage", turned(stage("ceasefire", "in-effect", "agreed")), false},
		{"a stage that it was at", turned(stage("ceasefire", "proposed", "in-effect"), stage("ceasefire", "in-effect", "agreed"), stage("ceasefire", "agreed", "in-effect")), false},
		{"a stage that the topic does not have", turned(stage("ceasefire", "agreed", "carried-out")), false},
		{"a stage of what it is not about", turned(stage("treaty", "proposed", "agreed")), false},
		{
			"after many of them", turned(
				claimed, word(story.PartyAffirms, story.Confirmed), word(story.PartyDenies, story.Denied), word(story.PartyAffirms, story.Confirmed),
				word(story.PartyDenies, story.Denied), word(story.PartyAffirms, story.Confirmed), word(story.PartyDenies, story.Denied),
			), false,
		},
	} {
		change := alert.Change{
			Report: report.Report{ID: report.ID(len(c.turns))}, Turns: c.turns,
			Subject: "ceasefire", Stages: []topic.Stage{"proposed", "agreed", "in-effect"},
		}
		var want []story.Turn
		if c.want {
			want = c.turns[len(c.turns)-1:]
		}
		if diff := cmp.Diff(want, change.News()); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}

func TestWhoGetsAReply(t *testing.T) {
	t.Parallel()
	confirmed := []story.Turn{word(story.PartyAffirms, story.Confirmed)}
	begun := []story.Turn{stage("ceasefire", "agreed", "in-effect")}
	sub := func(change func(*subscription.Subscription)) subscription.Subscription {
		s := subscription.Subscription{Topic: "ceasefire", Channel: "10"}
		change(&s)
		return s
	}
	replies := sub(func(*subscription.Subscription) {})
	threads := sub(func(s *subscription.Subscription) { s.Updates = subscription.Thread })
	quiet := sub(func(s *subscription.Subscription) {
		s.Updates, s.Role, s.Mention = subscription.Thread, "8", subscription.TwoVoices
	})
	edits := sub(func(s *subscription.Subscription) { s.Updates = subscription.Edit })
	other := sub(func(s *subscription.Subscription) { s.Topic = "sanctions" })
	two := sub(func(s *subscription.Subscription) {
		s.Updates, s.Role, s.Mention = subscription.Edit, "5", subscription.TwoVoices
	})
	sure := sub(func(s *subscription.Subscription) { s.Role, s.Mention = "6", subscription.WhenConfirmed })
	anyReport := sub(func(s *subscription.Subscription) {
		s.Updates, s.Role, s.Mention = subscription.Edit, "7", subscription.AnyReport
	})
	for _, c := range []struct {
		name   string
		change alert.Change
		news   []story.Turn
		told   []string // mentioned before
		subs   []subscription.Subscription
		roles  []string
		want   subscription.Updates
	}{
		{"who wants replies", alert.Change{}, confirmed, nil, []subscription.Subscription{edits, replies}, nil, subscription.Reply},
		{"not who wants edits only", alert.Change{}, confirmed, nil, []subscription.Subscription{edits}, nil, ""},
		{"a thread for who wants it there", alert.Change{}, confirmed, nil, []subscription.Subscription{edits, threads}, nil, subscription.Thread},
		{"what one subscription wants in the channel is told there", alert.Change{}, confirmed, nil, []subscription.Subscription{threads, replies}, nil, subscription.Reply},
		{"a mention stands where the updates do", alert.Change{Voices: 2}, nil, nil, []subscription.Subscription{quiet}, []string{"8"}, subscription.Thread},
		{"nobody without news", alert.Change{}, nil, nil, []subscription.Subscription{replies}, nil, ""},
		{"a stage of the own topic", alert.Change{}, begun, nil, []subscription.Subscription{replies}, nil, subscription.Reply},
		{"not that of another", alert.Change{Topics: []topic.ID{"ceasefire", "sanctions"}}, begun, nil, []subscription.Subscription{other}, nil, ""},
		{"nor what is told of another topic", alert.Change{}, confirmed, nil, []subscription.Subscription{other}, nil, ""},
		{"one voice mentions nobody", alert.Change{Voices: 1}, nil, nil, []subscription.Subscription{two}, nil, ""},
		{"the second one mentions the role, without other news", alert.Change{Voices: 2}, nil, nil, []subscription.Subscription{two}, []string{"5"}, subscription.Reply},
		{"but once", alert.Change{Voices: 3}, nil, []string{"5"}, []subscription.Subscription{two}, nil, ""},
		{"a claim mentions nobody who waits for its confirmation", alert.Change{Voices: 3, Standing: story.Claimed}, nil, nil, []subscription.Subscription{sure}, nil, ""},
		{"which the reply then does", alert.Change{Voices: 1, Standing: story.Confirmed}, confirmed, []string{"5"}, []subscription.Subscription{two, sure, sure}, []string{"6"}, subscription.Reply},
		{"who is mentioned with any report has been", alert.Change{Voices: 3, Standing: story.Confirmed}, nil, nil, []subscription.Subscription{anyReport}, nil, ""},
		{"what a first import brings says nothing", alert.Change{Report: report.Report{Hush: report.HushFirstImport}, Voices: 2}, confirmed, nil, []subscription.Subscription{replies, two}, nil, ""},
		{"nor does what comes after an outage", alert.Change{Report: report.Report{Overdue: true}, Voices: 2}, confirmed, nil, []subscription.Subscription{replies, two}, nil, ""},
	} {
		if c.change.Topics == nil {
			c.change.Topics = []topic.ID{"ceasefire"}
		}
		roles, way := alert.Follow(c.change, c.news, alert.Recipient{Channel: "10", Mentioned: c.told}, c.subs)
		if way != c.want || !slices.Equal(roles, c.roles) {
			t.Errorf("%s: %q, mentions %v; want %q, %v", c.name, way, roles, c.want, c.roles)
		}
	}
}

func TestWhomFiltersAndThresholdsLeaveOut(t *testing.T) {
	t.Parallel()
	agreed := topic.Match{Topic: "ceasefire", Stage: "agreed"}
	strike := topic.Match{Topic: "military-strike"}
	wants := func(id topic.ID, change func(*subscription.Subscription)) subscription.Subscription {
		s := subscription.Subscription{Guild: "1", Channel: "10", Topic: id}
		change(&s)
		return s
	}
	stages := func(id topic.ID, all ...topic.Stage) subscription.Subscription {
		return wants(id, func(s *subscription.Subscription) { s.Stages = all })
	}
	standings := func(id topic.ID, all ...story.Standing) subscription.Subscription {
		return wants(id, func(s *subscription.Subscription) { s.Standings = all })
	}
	role := func(r string, when subscription.Threshold) subscription.Subscription {
		return wants("ceasefire", func(s *subscription.Subscription) { s.Role, s.Mention = r, when })
	}
	for _, c := range []struct {
		name string
		c    alert.Case
		subs []subscription.Subscription
		want alert.Target
	}{
		{"the stage is wanted", alert.Case{Matches: []topic.Match{agreed}}, []subscription.Subscription{stages("ceasefire", "violated", "agreed")}, alert.Target{Verdict: alert.Alerts, Topics: []topic.ID{"ceasefire"}}},
		{"it is not", alert.Case{Matches: []topic.Match{agreed}}, []subscription.Subscription{stages("ceasefire", "violated")}, alert.Target{Verdict: alert.OtherStage, Topics: []topic.ID{"ceasefire"}}},
		{"it is not known", alert.Case{Matches: []topic.Match{strike}}, []subscription.Subscription{stages("military-strike", "carried-out")}, alert.Target{Verdict: alert.OtherStage, Topics: []topic.ID{"military-strike"}}},
		{
			"an earlier report told it",
			alert.Case{Matches: []topic.Match{strike}, Stages: []story.TopicStage{{Topic: "military-strike", Stage: "carried-out"}}},
			[]subscription.Subscription{stages("military-strike", "carried-out")},
			alert.Target{Verdict: alert.Alerts, Topics: []topic.ID{"military-strike"}},
		},
		{"the standing is wanted", alert.Case{Matches: []topic.Match{agreed}, Standing: story.Confirmed}, []subscription.Subscription{standings("ceasefire", story.Confirmed)}, alert.Target{Verdict: alert.Alerts, Topics: []topic.ID{"ceasefire"}}},
		{"it is another", alert.Case{Matches: []topic.Match{agreed}, Standing: story.Claimed}, []subscription.Subscription{standings("ceasefire", story.Confirmed)}, alert.Target{Verdict: alert.OtherStanding, Topics: []topic.ID{"ceasefire"}}},
		{
			"one topic's filter does not silence the other's",
			alert.Case{Matches: []topic.Match{agreed, strike}},
			[]subscription.Subscription{stages("ceasefire", "violated"), wants("military-strike", func(*subscription.Subscription) {})},
			alert.Target{Verdict: alert.Alerts, Topics: []topic.ID{"military-strike"}},
		},
		{
			"nor is it named with it, whichever comes first",
			alert.Case{Matches: []topic.Match{agreed, strike}},
			[]subscription.Subscription{wants("military-strike", func(*subscription.Subscription) {}), stages("ceasefire", "violated")},
			alert.Target{Verdict: alert.Alerts, Topics: []topic.ID{"military-strike"}},
		},
		{
			"roles wait for their thresholds",
			alert.Case{Matches: []topic.Match{agreed}, Voices: 2, Standing: story.Claimed},
			[]subscription.Subscription{role("5", ""), role("6", subscription.AnyReport), role("7", subscription.TwoVoices), role("8", subscription.WhenConfirmed)},
			alert.Target{Verdict: alert.Alerts, Topics: []topic.ID{"ceasefire", "ceasefire", "ceasefire", "ceasefire"}, Roles: []string{"5", "6", "7"}},
		},
		{"who was told the claim gets its answer there", alert.Case{Matches: []topic.Match{agreed}, Claim: []string{"10"}}, []subscription.Subscription{stages("ceasefire", "violated")}, alert.Target{Verdict: alert.Answered, Topics: []topic.ID{"ceasefire"}}},
		{"who was told the answer too has that", alert.Case{Matches: []topic.Match{agreed}, Claim: []string{"10"}, Told: []string{"10"}}, []subscription.Subscription{stages("ceasefire", "violated")}, alert.Target{Verdict: alert.Told, Topics: []topic.ID{"ceasefire"}}},
	} {
		c.c.Opened, c.c.MaxAge, c.c.Wanting = noon, time.Hour, c.subs
		c.want.Guild, c.want.Channel = "1", "10"
		if diff := cmp.Diff([]alert.Target{c.want}, alert.Decide(noon, c.c), cmpopts.IgnoreFields(alert.Target{}, "By")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
}
