package wording

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
)

// neverZero are the counting entries that say nothing of none at all, and why they
// are never said of 0. "0 feeds are added" reads foolishly: a new entry that can be
// said of 0 gets a form "zero": "No feed was added.", say.
var neverZero = map[string][]ID{
	"a limit, which is above 0": {
		"digest.quota", "error.field-too-long", "error.too-long", "feeds.quota", "living.mute-quota", "own.quota", "setup.full",
		"subscribe.hour-label", "subscribe.hour-range", "subscribe.per-hour", "subscribe.short-hour",
	},
	"what is left out of a list, and told where something is": {
		"alert.and-more", "alert.and-others", "alert.away", "alert.digest-more", "alert.more", "alert.repeats", "feeds.import-more", "health.more",
		"own.more-channels", "own.more-topics", "setup.more-topics", "topic-form.more",
	},
	"a list that has another sentence when it is empty": {
		"alert.sources", "feeds.exported", "feeds.list-note", "health.read-feeds", "feedback.complained", "health.stories", "feedback.complained", "living.resumed-held", "living.wake-paused",
		"living.wake-quiet", "place.hour-full", "privacy.changes", "privacy.direct", "privacy.drafts", "privacy.feedback", "privacy.made",
		"privacy.messages", "privacy.notes", "privacy.wishes", "status.channels", "status.muted", "status.refused", "status.subscriptions", "status.waiting",
		"subscribe.gathered", "subscribe.gathered-all", "subscribe.past", "subscribe.past-day", "subscribe.past-only", "subscribe.past-together",
	},
	"a story has reports of outlets": {"story.outlets", "story.reports", "story.voices"},
	"a time, of which less is told in smaller units": {
		"audit.kept", "audit.none", "lookup.days", "lookup.hours", "privacy.days", "privacy.erased", "privacy.left",
		"account.minutes", "story.ago-days", "story.ago-hours", "story.ago-minutes",
	},
	"0 s reads well":                     {"account.seconds"},
	"how often, which is rounded to one": {"feeds.per-day", "feeds.per-month"},
}

// TestNothingIsCountedAsZero says every counting sentence in every language of
// several numbers.
func TestNothingIsCountedAsZero(t *testing.T) {
	t.Parallel()
	excused := map[ID]bool{}
	for _, ids := range neverZero {
		for _, id := range ids {
			excused[id] = true
		}
	}
	english := builtIn().entries["en"]
	for _, id := range slices.Sorted(maps.Keys(english)) {
		m := english[id]
		if !counts(m) {
			if excused[id] {
				t.Errorf("%s counts nothing", id)
			}
			continue
		}
		if (m.Zero != "") == excused[id] {
			t.Errorf("%s: say what it says of none at all under zero, or in neverZero why it never does: %q", id, m.Other)
		}
		delete(excused, id)
		args := Args{}
		for _, a := range takes(m) {
			args[a] = "x"
		}
		for _, lang := range Languages() {
			said := map[string]int{}
			for _, n := range []int{0, 1, 2, 5, 21} {
				args["count"] = n
				s := In(lang).Plain(id, args)
				numbered := strings.Contains(s, fmt.Sprint(n))
				switch {
				case n == 0 && m.Zero != "" && strings.Contains(s, "0"):
					t.Errorf("%s of %s counts nothing as 0: %q", id, lang, s)
				case n > 1 && !numbered:
					t.Errorf("%s of %s does not tell %d: %q", id, lang, n, s)
				case s == "" || s == string(id) || strings.Contains(s, "{{"):
					t.Errorf("%s of %s says %q of %d", id, lang, s, n)
				}
				if was, ok := said[s]; ok {
					t.Errorf("%s of %s says the same of %d and %d: %q", id, lang, was, n, s)
				}
				said[s] = n
			}
		}
	}
	for id := range excused {
		t.Errorf("neverZero names %s, which there is not", id)
	}
}
