package subscribing

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/bot/command/desk"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/feedback"
)

// TestWhatAlertsHaveInCommonIsNamed reads what moderators are told that they could leave
// out.
func TestWhatAlertsHaveInCommonIsNamed(t *testing.T) {
	t.Parallel()
	h := New(desk.New(nil, desk.Options{}), nil, nil, nil)
	var got strings.Builder
	for _, trait := range []feedback.Trait{
		{Kind: feedback.Language, Value: "uk"},
		{Kind: feedback.Tier, Value: "local"},
		{Kind: feedback.Standing, Value: "claimed"},
		{Kind: feedback.Country, Value: "IR"},
		{Kind: feedback.Single},
	} {
		fmt.Fprintln(&got, h.traitWords(trait, wording.Speaker{}))
	}
	want, err := os.ReadFile("testdata/traits.txtar")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Errorf("what people read differs (-want +got):\n%s", diff)
	}
}
