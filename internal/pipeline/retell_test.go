package pipeline_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/report"
	"github.com/attache-bot/attache/internal/source"
)

func TestAnAlertTellsTheAnswerInTheWordsOfItsReport(t *testing.T) {
	t.Parallel()
	r := pauseRig(t)
	r.subscribe("10", "ceasefire", "")
	comes := func(src source.ID, title, description string) []string {
		r.now = r.now.Add(time.Minute)
		r.bring(r.told(src, title, description))
		r.place()
		var out []string
		for _, s := range r.edited("10").Sentences {
			out = append(out, s.Outlet.Name+": "+s.Text)
		}
		return out
	}
	const claimed = "President Trump told reporters in Iowa that Moscow would hold fire for a week."
	const agreed = "Dmitry Peskov, who speaks for the Kremlin, confirmed the pause on Thursday."
	comes("wire", pauseClaimed, claimed)
	want := []string{"Example Wire: " + claimed, "State Herald: " + agreed}
	if diff := cmp.Diff(want, comes("state", pauseAgreed, agreed)); diff != "" {
		t.Errorf("after the answer (-want +got):\n%s", diff)
	}
	// A voice that brings no new word changes the alert, and not what it is told in.
	if diff := cmp.Diff(want, comes("post", pauseClaimed, "Mr Trump said so in a hall in Clive, Iowa, on Thursday evening.")); diff != "" {
		t.Errorf("after one more voice (-want +got):\n%s", diff)
	}
}

func TestAStoryIsToldInEachLanguageThatAReportIsIn(t *testing.T) {
	t.Parallel()
	r := pauseRig(t)
	r.subscribe("10", "ceasefire", "")
	const english = "President Trump told reporters in Iowa that Moscow would hold fire for a week."
	const french = "La Russie suspend ses frappes sur Kiev pendant une semaine à cause du froid extrême qui règne dans la région."
	r.now = r.now.Add(time.Minute)
	first := r.told("wire", pauseClaimed, english)
	r.bring(first)
	r.place()
	r.edited("10")
	r.now = r.now.Add(time.Minute)
	other := r.told("post", "Trump annonce une pause des frappes russes sur Kiev", french)
	other.Language, other.Link = "fr", first.Link
	other.Keys = report.Identify([]report.Raw{{Link: other.Link, Title: other.Title, Description: other.Description}})[0]
	r.bring(other)
	r.place()
	got := r.edited("10")
	for language, want := range map[string]string{"en": english, "fr": french, "de": english} {
		if in := got.In(language).Sentences; len(in) != 1 || in[0].Text != want {
			t.Errorf("in %s it is told in %+v", language, in)
		}
	}
}
