package pipeline_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

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
