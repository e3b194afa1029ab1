package bot

import (
	"log/slog"
	"net/http"
	"path"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/bot/rest"
)

// nameless is Discord as far as it tells of channels: a name it has, "" for a channel
// that it does not show, and no answer at all for what it does not know.
type nameless struct {
	mu    sync.Mutex
	names map[string]string
	asked map[string]int
}

func (d *nameless) RoundTrip(r *http.Request) (*http.Response, error) {
	id := path.Base(r.URL.Path)
	d.mu.Lock()
	name, ok := d.names[id]
	d.asked[id]++
	d.mu.Unlock()
	switch {
	case !ok:
		<-r.Context().Done()
		return nil, r.Context().Err()
	case name == "":
		return said(403, `{"code":50001,"message":"Missing Access"}`, "Content-Type: application/json"), nil
	}
	return said(200, `{"id":"`+id+`","name":"`+name+`"}`, "Content-Type: application/json"), nil
}

// TestChannelsAreNamed asks for names of channels: Discord is asked once for each in a
// while, whether it tells or not, and nobody waits long for one that does not answer.
func TestChannelsAreNamed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const first, second, hidden, mute = "201", "202", "203", "204"
		d := &nameless{names: map[string]string{first: "news", second: "strikes", hidden: ""}, asked: map[string]int{}}
		tr, err := rest.New(rest.Options{BaseURL: "http://discord.example/api/v10", Next: d, Logger: slog.New(slog.DiscardHandler)})
		must(t, err)
		client, err := rest.NewClient(tr, "token")
		must(t, err)
		names := &channelNames{rest: client, now: time.Now}
		began := time.Now()
		want := map[string]string{first: "news", second: "strikes"}
		if diff := cmp.Diff(want, names.Names(t.Context(), first, second, first, hidden, mute, "../users/@me", "")); diff != "" {
			t.Errorf("names differ (-want +got):\n%s", diff)
		}
		if waited := time.Since(began); waited != namesWithin {
			t.Errorf("one that does not answer kept people waiting for %v", waited)
		}
		if diff := cmp.Diff(want, names.Names(t.Context(), first, second, hidden)); diff != "" {
			t.Errorf("names differ the second time (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(map[string]int{first: 1, second: 1, hidden: 1, mute: 1}, d.asked); diff != "" {
			t.Errorf("requests differ (-want +got):\n%s", diff)
		}
		d.names[first] = "desk"
		time.Sleep(namedFor)
		if got := names.Names(t.Context(), first)[first]; got != "desk" {
			t.Errorf("after a while it is still called %q", got)
		}
	})
}
