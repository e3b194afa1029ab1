package websub_test

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/attache-bot/attache/internal/feed"
	"github.com/attache-bot/attache/internal/feed/websub"
)

func TestAHubBringsWhatIsNew(t *testing.T) {
	t.Parallel()
	for name, set := range map[string]func(*rig){
		"a hub that confirms later":             func(*rig) {},
		"a hub that confirms before it answers": func(r *rig) { r.hub.sync = true },
		"a hub that moved":                      func(r *rig) { r.hub.at = http.StatusPermanentRedirect },
		"a hub that names no lease":             func(r *rig) { r.hub.lease = 0 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			set(r)
			r.subscribed()
			f, asked := r.feed(), r.hub.last()
			if asked.Get("hub.topic") != f.URL || asked.Get("hub.lease_seconds") != "432000" || len(asked.Get("hub.secret")) < 40 ||
				!strings.HasPrefix(asked.Get("hub.callback"), r.callback.URL+"/push/") {
				t.Errorf("the hub was asked for %v", asked)
			}
			if diff := cmp.Diff([]string{"200 c/h&a=l"}, r.hub.answers); diff != "" {
				t.Errorf("answers to the hub: %s", diff)
			}
			r.advance(time.Minute)
			r.publisher.show("Truce agreed in Geneva")
			if status := r.hub.publish(r.publisher.document(), "sha256"); status != http.StatusAccepted {
				t.Fatalf("the push was answered %d", status)
			}
			want := []string{"Envoys meet in Geneva", "Truce agreed in Geneva"}
			if diff := cmp.Diff(want, r.reports()); diff != "" {
				t.Errorf("reports: %s", diff)
			}
			r.advance(10 * time.Minute)
			r.poll()
			if f := r.feed(); f.NextReason != feed.DuePushed || f.Next.Sub(r.Now()) < 30*time.Minute {
				t.Errorf("due in %v because of %q", f.Next.Sub(r.Now()), f.NextReason)
			}
			if diff := cmp.Diff(want, r.reports()); diff != "" {
				t.Errorf("reports after the next poll: %s", diff)
			}
		})
	}
}

func TestOnlyWhatIsSignedIsRead(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.subscribed()
	callback, secret := r.hub.last().Get("hub.callback"), r.hub.last().Get("hub.secret")
	bring := func(title, signature string) int {
		t.Helper()
		body := []byte(`<rss><channel><item><title>` + title + `</title></item></channel></rss>`)
		if method, ok := strings.CutPrefix(signature, "right "); ok {
			signature = sign(method, secret, body)
		}
		status, _ := r.hub.call(http.MethodPost, callback, body, signature)
		return status
	}
	for _, s := range []string{
		"", "sha256", "sha256=", "sha256=00", "md5=" + strings.Repeat("0", 32), "sha256=" + strings.Repeat("0", 64),
		"sha256=" + strings.Repeat("zz", 32), strings.Repeat("x", 5000), sign("sha256", "guessed", []byte("x")), sign("sha256", secret, []byte("another body")),
	} {
		if status := bring("Forged", s); status != http.StatusAccepted { // it tells nothing
			t.Errorf("%.40q was answered %d", s, status)
		}
	}
	if diff := cmp.Diff([]string{"Envoys meet in Geneva"}, r.reports()); diff != "" {
		t.Errorf("reports: %s", diff)
	}
	if got := r.server.Stats(); got.Unsigned != 10 || got.Pushed != 0 {
		t.Errorf("counted %+v", got)
	}
	for _, method := range []string{"sha1", "sha256", "sha384", "sha512"} {
		bring("By "+method, "right "+method)
	}
	want := []string{"Envoys meet in Geneva", "By sha1", "By sha256", "By sha384", "By sha512"}
	if diff := cmp.Diff(want, r.reports()); diff != "" {
		t.Errorf("reports: %s", diff)
	}
}

func TestAReplayAddsNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.subscribed()
	r.publisher.show("Truce agreed in Geneva")
	body := r.publisher.document()
	for range 3 {
		if status := r.hub.publish(body, "sha512"); status != http.StatusAccepted {
			t.Fatalf("answered %d", status)
		}
	}
	if got := r.reports(); len(got) != 2 {
		t.Errorf("reports: %v", got)
	}
}

func TestAHugeDocumentIsRefused(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.subscribed()
	if status := r.hub.publish(bytes.Repeat([]byte("x"), 65<<10), "sha256"); status != http.StatusRequestEntityTooLarge {
		t.Errorf("answered %d", status)
	}
	if got := r.server.Stats(); got.Limited != 1 || got.Pushed != 0 {
		t.Errorf("counted %+v", got)
	}
}

func TestALeaseIsRenewedBeforeItEnds(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.subscribed()
	first := r.subscription()
	if !first.Lease.Equal(noon.Add(24 * time.Hour)) {
		t.Fatalf("the lease ends at %v", first.Lease)
	}
	r.advance(11 * time.Hour)
	r.tick()
	if got := r.hub.requests(); len(got) != 1 {
		t.Errorf("asked %v before two thirds of the lease", got)
	}
	r.advance(6 * time.Hour)
	r.tick()
	renewed := r.subscription()
	if !renewed.Lease.Equal(r.Now().Add(24*time.Hour)) || !renewed.Since.Equal(first.Since) || renewed.Path != first.Path {
		t.Errorf("renewed: %+v", renewed)
	}

	r.hub.status = http.StatusServiceUnavailable // and once the hub is down, the lease ends
	r.advance(17 * time.Hour)
	for range 20 {
		r.tick()
		if s := r.subscription(); r.Now().Before(renewed.Lease) && s.State != websub.Active {
			t.Fatalf("while its lease runs it is %s", s.State)
		}
		r.advance(time.Hour)
	}
	if s := r.subscription(); s.State != websub.Refused || s.Reason != "server-error" || !r.feed().PushedUntil.IsZero() {
		t.Errorf("after its lease it is %s (%s), the feed pushed until %v", s.State, s.Reason, r.feed().PushedUntil)
	}
	if n := len(r.hub.requests()); n < 5 || n > 12 {
		t.Errorf("asked %d times in a day", n)
	}
	r.hub.status = 0
	r.advance(13 * time.Hour)
	r.tick()
	if s := r.subscription(); s.State != websub.Active {
		t.Errorf("once the hub is back it is %s", s.State)
	}
}

func TestHubsThatDoNotServe(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		set    func(*rig)
		state  websub.State
		reason string
		asked  int
	}{
		{"one that denies", func(r *rig) { r.hub.deny = true }, websub.Refused, "denied", 1},
		{"one that refuses", func(r *rig) { r.hub.status = http.StatusForbidden }, websub.Refused, "forbidden", 1},
		{"one that never confirms", func(r *rig) { r.hub.mute = true }, websub.Asked, "", 1},
		{"one whose redirect would lose the form", func(r *rig) { r.hub.at = http.StatusFound }, websub.Refused, "bad-redirect", 0},
		{"one at a metadata address", func(r *rig) { r.publisher.hub = "https://169.254.169.254/hub" }, websub.Refused, "blocked-address", 0},
		{"one at a port that is closed", func(r *rig) { r.publisher.hub = "https://127.0.0.1:22/" }, websub.Refused, "blocked-port", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			r.advance(123456 * time.Nanosecond) // clocks are finer than what the store keeps
			c.set(r)
			r.publisher.show("Envoys meet in Geneva")
			r.poll()
			for range 3 { // it is not asked again at once
				r.tick()
				r.advance(time.Minute)
			}
			s := r.subscription()
			if s == nil || s.State != c.state || s.Reason != c.reason {
				t.Errorf("subscription: %+v, want %s (%s)", s, c.state, c.reason)
			}
			if got := r.hub.requests(); len(got) != c.asked {
				t.Errorf("asked %v", got)
			}
			if f := r.feed(); !f.PushedUntil.IsZero() {
				t.Errorf("the feed counts as pushed until %v", f.PushedUntil)
			}
			r.advance(5 * time.Minute)
			r.poll()
			if f := r.feed(); f.NextReason == feed.DuePushed {
				t.Errorf("the feed is due because of %q", f.NextReason)
			}
		})
	}
	t.Run("one without encryption is not asked", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		r.publisher.hub = strings.Replace(r.publisher.hub, "https://", "http://", 1)
		r.publisher.show("Envoys meet in Geneva")
		r.poll()
		r.tick()
		if s := r.subscription(); s != nil || len(r.hub.requests()) != 0 {
			t.Errorf("subscription: %+v", s)
		}
	})
}

func TestAHubMayEndASubscription(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.subscribed()
	r.advance(100 * time.Hour) // long after the request
	r.hub.deny = true
	r.hub.verify(r.hub.last())
	if s := r.subscription(); s.State != websub.Refused || s.Reason != "denied" || !r.feed().PushedUntil.IsZero() {
		t.Errorf("it is %s (%s), the feed pushed until %v", s.State, s.Reason, r.feed().PushedUntil)
	}
}

func TestAFeedThatIsNotWantedIsUnsubscribed(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.subscribed()
	must(t, r.store.SyncFeeds(t.Context(), r.Now(), nil))
	r.tick()
	if diff := cmp.Diff([]string{"subscribe", "unsubscribe"}, r.hub.requests()); diff != "" {
		t.Errorf("requests: %s", diff)
	}
	if s := r.subscription(); s != nil {
		t.Errorf("subscription: %+v", s)
	}
	if status := r.hub.publish(r.publisher.document(), "sha256"); status != http.StatusNotFound {
		t.Errorf("a push after it was answered %d", status)
	}
}

func TestAHubThatDoesNotConfirmTheEndIsLeftAlone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.subscribed()
	must(t, r.store.SyncFeeds(t.Context(), r.Now(), nil))
	r.hub.mute = true
	r.tick()
	if status := r.hub.publish(r.publisher.document(), "sha256"); status != http.StatusGone {
		t.Errorf("a push meanwhile was answered %d", status)
	}
	for range 10 {
		r.advance(time.Hour)
		r.tick()
	}
	if s, n := r.subscription(), len(r.hub.requests()); s != nil || n != 4 {
		t.Errorf("after %d requests: %+v", n, s)
	}
}

func TestANewHubGetsANewSecret(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.subscribed()
	before := r.subscription()
	r.publisher.hub += "?v=2"
	r.advance(time.Hour)
	r.poll()
	r.tick()
	after := r.subscription()
	if after.State != websub.Active || after.Hub == before.Hub || after.Secret == before.Secret || after.Path == before.Path {
		t.Errorf("before %+v, after %+v", before, after)
	}
}

func TestAHubThatMissesSomethingIsNotReliedOn(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.subscribed()
	r.advance(10 * time.Minute)
	r.poll()
	if f := r.feed(); f.NextReason != feed.DuePushed {
		t.Fatalf("due because of %q", f.NextReason)
	}
	r.advance(40 * time.Minute)
	r.publisher.show("Dated</title><pubDate>" + r.Now().Add(-20*time.Minute).Format(time.RFC1123Z) + "</pubDate><title>Truce agreed in Geneva")
	r.poll()
	if f := r.feed(); f.NextReason == feed.DuePushed || !f.PushMissed.Equal(r.Now()) {
		t.Errorf("due because of %q, missed at %v", f.NextReason, f.PushMissed)
	}
}

func TestStrangersLearnNothing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.subscribed()
	callback, topic := r.hub.last().Get("hub.callback"), r.hub.last().Get("hub.topic")
	unknown := callback[:len(callback)-1] + "_"
	query := func(mode, topic, challenge string) string {
		return "?" + url.Values{"hub.mode": {mode}, "hub.topic": {topic}, "hub.challenge": {challenge}, "hub.lease_seconds": {"60"}}.Encode()
	}
	for _, c := range []struct{ what, method, address string }{
		{"no path", http.MethodGet, r.callback.URL + "/"},
		{"a short path", http.MethodPost, r.callback.URL + "/push/abc"},
		{"an unknown path", http.MethodGet, unknown + query("subscribe", topic, "c")},
		{"a push to it", http.MethodPost, unknown},
		{"another topic", http.MethodGet, callback + query("subscribe", topic+"x", "c")},
		{"no topic", http.MethodGet, callback},
		{"no challenge", http.MethodGet, callback + query("subscribe", topic, "")},
		{"a huge challenge", http.MethodGet, callback + query("subscribe", topic, strings.Repeat("c", 5000))},
		{"the end, which nobody asked for", http.MethodGet, callback + query("unsubscribe", topic, "c")},
		{"another mode", http.MethodGet, callback + query("publish", topic, "c")},
		{"another method", http.MethodPut, callback},
		{"a third one", http.MethodDelete, callback + query("unsubscribe", topic, "c")},
	} {
		if status, body := r.hub.call(c.method, c.address, nil, ""); status != http.StatusNotFound || body != "" {
			t.Errorf("%s was answered %d %q", c.what, status, body)
		}
	}
	if got := r.server.Stats(); got.Strange != 12 {
		t.Errorf("counted %+v", got)
	}
	r.advance(25 * time.Hour)
	if status, _ := r.hub.call(http.MethodGet, callback+query("subscribe", topic, "c"), nil, ""); status != http.StatusNotFound {
		t.Errorf("a confirmation a day after the request was answered %d", status)
	}
}

func TestAFloodIsSentAway(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	ask := func(n int) map[int]int {
		got := map[int]int{}
		for range n {
			status, _ := r.hub.call(http.MethodGet, r.callback.URL+"/x", nil, "")
			got[status]++
		}
		return got
	}
	if diff := cmp.Diff(map[int]int{http.StatusNotFound: 200, http.StatusTooManyRequests: 50}, ask(250)); diff != "" {
		t.Errorf("answers at once: %s", diff)
	}
	r.advance(time.Second)
	if diff := cmp.Diff(map[int]int{http.StatusNotFound: 20, http.StatusTooManyRequests: 10}, ask(30)); diff != "" {
		t.Errorf("a second later: %s", diff)
	}
	if got := r.server.Stats(); got.Limited != 60 {
		t.Errorf("counted %+v", got)
	}
}
