package story_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
	"github.com/attache-bot/attache/internal/story"
)

// press is a small world of outlets.
func press(tb testing.TB) *source.Catalogue {
	tb.Helper()
	outlet := func(id source.ID, owner string, wires ...source.ID) source.Source {
		return source.Source{ID: id, Name: string(id), Country: "GB", Language: "en", Tier: source.National, Owner: owner, Wires: wires}
	}
	wire := func(id source.ID) source.Source {
		s := outlet(id, string(id))
		s.Tier = source.Wire
		return s
	}
	c, err := source.NewCatalogue([]source.Source{
		wire("alpha"), wire("beta"),
		outlet("morning", "press-co"), outlet("evening", "press-co"),
		outlet("carrier", "", "alpha"), outlet("second-carrier", "", "alpha"), outlet("both", "", "alpha", "beta"),
		outlet("own", ""), outlet("other", ""),
	})
	if err != nil {
		tb.Fatal(err)
	}
	return c
}

// tellers reads "outlet" or "outlet=text,text", separated by blanks.
func tellers(s string) []story.Teller {
	var out []story.Teller
	for i, one := range strings.Fields(s) {
		id, text, _ := strings.Cut(one, "=")
		t := story.Teller{Report: report.ID(i + 1), Source: source.ID(id), At: time.Unix(int64(i), 0)}
		for k := range strings.SplitSeq(text, ",") {
			if k != "" {
				t.Texts = append(t.Texts, report.Key("t:"+k))
			}
		}
		out = append(out, t)
	}
	return out
}

// spoken writes voices as "first+other+other", separated by blanks.
func spoken(vs []story.Voice) string {
	var out []string
	for _, v := range vs {
		one := string(v.Source)
		for _, o := range v.Others {
			one += "+" + string(o)
		}
		out = append(out, one)
	}
	return strings.Join(out, " ")
}

func TestWhoSpeaksForItself(t *testing.T) {
	t.Parallel()
	sources := press(t)
	for _, c := range []struct{ name, told, want string }{
		{"nobody", "", ""},
		{"one outlet twice", "own own", "own"},
		{"two outlets that share nothing", "own other", "own other"},
		{"two of one owner", "morning evening", "morning+evening"},
		{"a wire and one that carries it", "alpha carrier", "alpha+carrier"},
		{"one that carries a wire, then the wire", "carrier alpha", "carrier+alpha"},
		{"two that carry one wire", "carrier second-carrier", "carrier+second-carrier"},
		{"two wires", "alpha beta", "alpha beta"},
		{"two wires, then one that carries both", "alpha beta both", "alpha+both beta"},
		{"one that carries two wires comes first", "both alpha beta", "both+alpha+beta"},
		{"the same text in outlets that share nothing", "own=x other=x", "own+other"},
		{"a copy of a copy", "own=x other=x,y carrier=y", "own+other+carrier"},
		{"one that copied speaks for itself later", "own=x other=x other=y", "own other"},
		{"one that spoke for itself copies later", "own=x other=y other=x", "own other"},
		{"unknown outlets stand alone", "nowhere own elsewhere nowhere", "nowhere own elsewhere"},
	} {
		if got := spoken(story.Voices(tellers(c.told), sources)); got != c.want {
			t.Errorf("%s: %q speaks as %q, want %q", c.name, c.told, got, c.want)
		}
	}
}

// TestMoreReportsNeverMakeFewerVoices, and each outlet stands in one voice.
func TestMoreReportsNeverMakeFewerVoices(t *testing.T) {
	t.Parallel()
	sources := press(t)
	var names []string
	for _, s := range sources.All() {
		names = append(names, string(s.ID))
	}
	rapid.Check(t, func(t *rapid.T) {
		one := rapid.Custom(func(t *rapid.T) string {
			return fmt.Sprintf("%s=%d", rapid.SampledFrom(names).Draw(t, "outlet"), rapid.IntRange(0, 5).Draw(t, "text"))
		})
		told := tellers(strings.Join(rapid.SliceOfN(one, 0, 12).Draw(t, "told"), " "))
		count := 0
		for n := range told {
			vs := story.Voices(told[:n+1], sources)
			if len(vs) < count {
				t.Fatalf("%d voices after %d reports, %d before the last", len(vs), n+1, count)
			}
			count = len(vs)
			var all, want []source.ID
			for _, v := range vs {
				all = append(append(all, v.Source), v.Others...)
			}
			for _, x := range told[:n+1] {
				want = append(want, x.Source)
			}
			slices.Sort(all)
			slices.Sort(want)
			if diff := cmp.Diff(slices.Compact(want), all); diff != "" {
				t.Fatalf("outlets in voices (-want +got):\n%s", diff)
			}
		}
	})
}
