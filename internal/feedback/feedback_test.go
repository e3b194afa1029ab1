package feedback_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/attache-bot/attache/internal/feedback"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/topic"
)

// told is an alert of two outlets, called not relevant by so many.
func told(people int, stage topic.Stage, tier source.Tier, countries ...string) feedback.Told {
	return feedback.Told{People: people, Stage: stage, Tier: tier, Language: "en", Outlets: 2, Countries: countries}
}

func TestTraits(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		all  []feedback.Told
		want []feedback.Trait
	}{
		{"nobody complained", []feedback.Told{told(0, "threatened", source.Wire), told(0, "imposed", source.Wire)}, nil},
		{"one alert shares nothing", []feedback.Told{told(9, "threatened", source.Wire), told(0, "imposed", source.Wire)}, nil},
		{"all were complained of: there is nothing to compare with", []feedback.Told{told(1, "threatened", source.Wire), told(1, "threatened", source.Wire)}, nil},
		{
			"a stage that only these have",
			[]feedback.Told{told(1, "threatened", source.Wire), told(2, "threatened", source.Wire), told(0, "imposed", source.Wire), told(0, "lifted", source.Wire)},
			[]feedback.Trait{{Kind: feedback.Stage, Value: "threatened", Of: 2}},
		},
		{
			"what the others have as well is none",
			[]feedback.Told{told(1, "imposed", source.Wire), told(2, "imposed", source.Wire), told(0, "imposed", source.Wire), told(0, "lifted", source.Wire)},
			nil,
		},
		{
			"what tells them apart best comes first",
			[]feedback.Told{
				told(1, "threatened", source.Local, "IR"), told(1, "threatened", source.Local, "IR"), told(1, "imposed", source.Local, "IR"),
				told(0, "imposed", source.Wire), told(0, "lifted", source.Wire, "IR", "IR"), told(0, "lifted", source.Wire), told(0, "lifted", source.Wire),
			},
			[]feedback.Trait{
				{Kind: feedback.Tier, Value: "local", Of: 3}, {Kind: feedback.Country, Value: "IR", Of: 3, Others: 1}, {Kind: feedback.Stage, Value: "threatened", Of: 2},
			},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(c.want, feedback.Traits(c.all)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestATraitIsSharedByWhatWasComplainedOf holds for whatever people press.
func TestATraitIsSharedByWhatWasComplainedOf(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOf(rapid.Custom(func(t *rapid.T) feedback.Told {
			one := told(rapid.IntRange(0, 2).Draw(t, "people"), topic.Stage(rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "stage")),
				rapid.SampledFrom(source.Tiers()).Draw(t, "tier"), rapid.SliceOf(rapid.SampledFrom([]string{"IR", "US"})).Draw(t, "countries")...)
			one.Outlets = rapid.IntRange(1, 2).Draw(t, "outlets")
			return one
		})).Draw(t, "alerts")
		s := feedback.Subject{Alerts: all}
		for _, trait := range feedback.Traits(all) {
			bad := len(s.Complained())
			if trait.Of < 2 || trait.Of > bad || trait.Others > len(all)-bad || trait.Value == "" {
				t.Fatalf("%+v of %d alerts, %d of them complained of", trait, len(all), bad)
			}
		}
	})
}

func TestWithout(t *testing.T) {
	t.Parallel()
	all := []string{"a", "b", "c"}
	for _, c := range []struct {
		wanted []string
		out    string
		want   []string
		ok     bool
	}{
		{nil, "b", []string{"a", "c"}, true},
		{[]string{"a", "b"}, "b", []string{"a"}, true},
		{[]string{"b"}, "b", []string{}, false},
		{[]string{"a"}, "b", []string{"a"}, true},
	} {
		got, ok := feedback.Without(c.wanted, all, c.out)
		if diff := cmp.Diff(c.want, got); diff != "" || ok != c.ok {
			t.Errorf("%v without %s: %v\n%s", c.wanted, c.out, ok, diff)
		}
	}
}
