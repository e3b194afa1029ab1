package websub_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// direct has the server answer a request without a network between.
func (r *rig) direct(method, address, body string) int {
	w := httptest.NewRecorder()
	r.server.ServeHTTP(w, httptest.NewRequestWithContext(r.t.Context(), method, address, strings.NewReader(body)))
	return w.Code
}

// TestStrangersDoNotUseUpWhatAHubMayBring floods the address with paths of nobody,
// and then has the hub bring something.
func TestStrangersDoNotUseUpWhatAHubMayBring(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.subscribed()
	for range 210 {
		r.direct(http.MethodGet, "/push/"+strings.Repeat("a", 5), "")
	}
	if got := r.server.Stats(); got.Limited == 0 {
		t.Fatal("strangers are not limited")
	}
	r.publisher.show("Truce agreed in Geneva")
	if status := r.hub.publish(r.publisher.document(), "sha256"); status != http.StatusAccepted {
		t.Errorf("the hub was answered %d", status)
	}
	if got := r.reports(); len(got) != 2 {
		t.Errorf("reports: %v", got)
	}
}

// TestAHubThatFloodsIsSentAwayAlone has a hub bring forged documents without end:
// it is sent away, and strangers still find that there is nothing for them.
func TestAHubThatFloodsIsSentAwayAlone(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.subscribed()
	callback := r.hub.last().Get("hub.callback")
	got := map[int]int{}
	for range 300 {
		got[r.direct(http.MethodPost, callback, "x")]++
	}
	if got[http.StatusTooManyRequests] < 270 {
		t.Errorf("a flood of 300 was answered %v", got)
	}
	if status, _ := r.hub.call(http.MethodGet, r.callback.URL+"/x", nil, ""); status != http.StatusNotFound {
		t.Errorf("somebody else is answered %d", status)
	}
	r.advance(time.Minute)
	r.publisher.show("Truce agreed in Geneva")
	if status := r.hub.publish(r.publisher.document(), "sha256"); status != http.StatusAccepted {
		t.Errorf("a minute later the hub was answered %d", status)
	}
}

// TestASubscriptionsSecretsAreNotLogged looks through a log at its most talkative
// for what proves that a document comes from the hub.
func TestASubscriptionsSecretsAreNotLogged(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.publisher.hub += "?token=canary-hub-key"
	r.subscribed()
	callback, secret := r.hub.last().Get("hub.callback"), r.hub.last().Get("hub.secret")
	_, _ = r.hub.call(http.MethodPost, callback, []byte("x"), "sha256=00")
	_, _ = r.hub.call(http.MethodPost, callback, []byte("x"), sign("sha256", secret, []byte("x")))
	_, _ = r.hub.call(http.MethodGet, callback+"?hub.mode=denied&hub.topic="+r.hub.last().Get("hub.topic"), nil, "")
	log := r.logged()
	if !strings.Contains(log, "without a valid signature") || !strings.Contains(log, "denied") {
		t.Fatalf("the log does not tell what happened: %s", log)
	}
	for _, canary := range []string{secret, callback[strings.LastIndexByte(callback, '/')+1:], "canary-hub-key"} {
		if canary == "" || strings.Contains(log, canary) {
			t.Errorf("the log tells %q: %s", canary, log)
		}
	}
}

// TestAConfirmationIsToldOnce has a hub confirm again and again what it has
// confirmed: the log tells it once.
func TestAConfirmationIsToldOnce(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	r.subscribed()
	for range 10 {
		r.hub.verify(r.hub.last())
	}
	if n := strings.Count(r.logged(), `level=INFO msg="hub confirmed"`); n != 1 {
		t.Errorf("told %d times", n)
	}
}
