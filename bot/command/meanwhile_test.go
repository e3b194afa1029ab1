package command_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/attache-bot/attache/internal/topic"
)

// byAnother makes an interaction that of another member.
func byAnother(in object) {
	in["member"].(object)["user"] = object{"id": strangerID, "username": "bo"}
}

// gets are the topics of which a channel gets alerts, sorted.
func (b bench) gets(t *testing.T, channel string) []topic.ID {
	t.Helper()
	subs, err := b.store.Subscriptions(t.Context(), guildID)
	if err != nil {
		t.Fatal(err)
	}
	var out []topic.ID
	for _, s := range subs {
		if s.Channel == channel {
			out = append(out, s.Topic)
		}
	}
	slices.Sort(out)
	return out
}

// TestNothingIsSubscribedToATopicThatIsGone deletes a topic between a draft and its
// confirmation, and after a subscription was ended that can be had again.
func TestNothingIsSubscribedToATopicThatIsGone(t *testing.T) {
	t.Parallel()
	make, del := use("topic", within("create", "name", "Aden", "query", "aden")), use("topic", within("delete", "topic", "Aden"))
	for name, c := range map[string]struct {
		steps []object
		press string
	}{
		"confirmed late": {[]object{make, use("subscribe", about("Aden"), into(newsID))}, "Confirm"},
		"undone late": {[]object{
			make, use("subscribe", about("Aden"), into(newsID)), press("a1:sub-confirm:" + draftToken), use("unsubscribe", about("Aden"), into(newsID)),
		}, "Undo"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			var last sent
			for _, in := range c.steps {
				last = b.do(t, in)
			}
			b.do(t, del)
			if got := b.do(t, press(last.labelled(c.press))).text(); !strings.Contains(got, "That topic is gone") {
				t.Errorf("said: %s", got)
			}
			if got := b.gets(t, newsID); len(got) > 0 {
				t.Errorf("the channel gets %v", got)
			}
		})
	}
}

// TestAPageOfATopicThatIsGoneSaysSo turns the pages of a topic that was deleted.
func TestAPageOfATopicThatIsGoneSaysSo(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for _, id := range []string{"m1:r:zz:own-1", "m1:d:u:own-1"} {
		if got := b.do(t, press(id)).text(); !strings.Contains(got, "That topic is gone") {
			t.Errorf("%s: %s", id, got)
		}
	}
}

// TestSetupLeavesWhatOthersAddMeanwhile has two members set up one channel at once: the
// one who finishes last ends nothing that they never saw, and sees it then.
func TestSetupLeavesWhatOthersAddMeanwhile(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.confirm(t, b.do(t, use("subscribe", about("military-strike"), into(newsID))))
	b.do(t, use("setup"))
	b.do(t, choosingChannel("a1:setup-channel:1", newsID))
	b.do(t, choosing("a1:setup-topics:2", []string{"ceasefire"}))
	b.confirm(t, b.do(t, use("subscribe", about("sanctions"), into(newsID), byAnother)), byAnother)
	said := b.do(t, press("a1:setup-finish:3")).text()
	if got := b.gets(t, newsID); !slices.Equal(got, []topic.ID{"ceasefire", "sanctions"}) {
		t.Errorf("the channel gets %v; said: %s", got, said)
	}
	b.do(t, press("a1:setup"))
	b.do(t, choosing("a1:setup-topics:4", []string{"ceasefire"}))
	b.do(t, press("a1:setup-finish:5"))
	if got := b.gets(t, newsID); !slices.Equal(got, []topic.ID{"ceasefire"}) {
		t.Errorf("what was seen and taken away: the channel gets %v", got)
	}
}

// TestNoChangeUndoesAnothersUnseen has two members change one subscription at once: who
// confirms last is told, and so is who undoes what somebody has changed since.
func TestNoChangeUndoesAnothersUnseen(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.confirm(t, b.do(t, use("subscribe", about("ceasefire"), into(newsID))))
	const setSilent, setEdits = "a1:sub-set:" + draftToken + ":how:silent", "a1:sub-set:" + draftToken + ":how:updates"
	change, confirm := "a1:sub-change:1", "a1:sub-confirm:"+draftToken
	b.do(t, press(change))
	b.do(t, choosing(setSilent, []string{"true"}))
	b.do(t, press(change, byAnother))
	b.do(t, choosing(setEdits, []string{"edit"}, byAnother))
	undo := b.do(t, press(confirm, byAnother)).labelled("Undo")
	const told = "Somebody has changed this subscription since you began."
	if got := b.do(t, press(confirm)).text(); !strings.HasPrefix(got, told) {
		t.Errorf("confirmed last: %s", got)
	}
	if s := b.everything(t)[0]; s.Silent || s.Updates != "edit" {
		t.Errorf("it became %+v", s)
	}
	b.do(t, press(change))
	b.do(t, choosing(setSilent, []string{"true"}))
	if got := b.do(t, press(confirm)).text(); !strings.Contains(got, "Done.") {
		t.Errorf("begun anew: %s", got)
	}
	if got := b.do(t, press(undo, byAnother)).text(); !strings.HasPrefix(got, told) {
		t.Errorf("undone late: %s", got)
	}
}

// TestWhoSubscribesToWhatIsHushedIsTold mutes a topic and pauses a channel before
// somebody subscribes the one to the other.
func TestWhoSubscribesToWhatIsHushedIsTold(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.do(t, use("mute", within("topic", "topic", "ceasefire", "for", "2 hours"), byAnother))
	b.do(t, use("pause", into(newsID), byAnother))
	preview := b.do(t, use("subscribe", about("ceasefire"), into(newsID)))
	for what, got := range map[string]string{
		"preview": preview.text(), "confirmed": b.confirm(t, preview).text(), "card": b.do(t, press("a1:sub-card:1")).text(),
	} {
		for _, told := range []string{"No channel of this server gets alerts about **Ceasefire** until", "<#" + newsID + "> is paused until somebody ends it"} {
			if !strings.Contains(got, told) {
				t.Errorf("%s lacks %q: %s", what, told, got)
			}
		}
	}
	other := b.do(t, use("subscribe", about("sanctions"))).text()
	if strings.Contains(other, "paused") || strings.Contains(other, "No channel") {
		t.Errorf("of another topic and channel: %s", other)
	}
}
