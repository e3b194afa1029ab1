package message_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/attache-bot/attache/bot/message"
	"github.com/attache-bot/attache/internal/text"
)

func TestActionIDsComeBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		clean := rapid.Map(rapid.String(), text.Clean)
		a := message.ActionID{
			Name: rapid.StringMatching(`[a-z]{1,12}`).Draw(t, "name"),
			Args: rapid.SliceOfN(clean, 0, 4).Draw(t, "args"),
		}
		id := a.String()
		got, ok := message.ParseActionID(id)
		if utf8.RuneCountInString(id) > message.MaxCustomID {
			if ok {
				t.Fatalf("%q is longer than Discord allows and was read", id)
			}
			return
		}
		if len(a.Args) == 0 {
			a.Args = nil
		}
		if !ok || !cmp.Equal(got, a) {
			t.Fatalf("%q came back as %v, %t", id, got, ok)
		}
	})
}

func TestForgedActionIDsAreRefused(t *testing.T) {
	t.Parallel()
	for _, id := range []string{
		"", "a1", "a1:", "a0:mute:1", "a2:mute:1", "a1:%zz", "a1:mute:%3a", "a1:mute:%25%", "a1:mute: 1", "a1:mute:1\x00", "a1:mute:\u202e1",
		"A1:mute", "m1:mute:1", "a1:mute:" + strings.Repeat("x", 100),
	} {
		if got, ok := message.ParseActionID(id); ok {
			t.Errorf("%q was read as %v", id, got)
		}
	}
}
