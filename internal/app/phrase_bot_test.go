package app_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/sandbox"
)

// TestASummaryIsPutByALanguageModelAfterItsAlert holds the model's answer back until
// the alert is there, so that it is seen that no alert waits for it.
func TestASummaryIsPutByALanguageModelAfterItsAlert(t *testing.T) {
	t.Parallel()
	const (
		first  = "Mediators from Qatar said on Thursday that the ceasefire would hold along the whole Lebanese border."
		second = "Hezbollah confirmed the ceasefire in a statement."
		put    = "Mediators from Qatar said on Thursday that the ceasefire would hold along the whole Lebanese border, and Hezbollah confirmed the ceasefire in a statement."
	)
	alerted := make(chan struct{})
	var asked atomic.Int64
	model := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		select {
		case <-alerted:
		case <-r.Context().Done():
		}
		_ = json.NewEncoder(w).Encode(map[string]any{"choices": []any{map[string]any{"message": map[string]any{"content": put}}}})
	}))
	t.Cleanup(model.Close)
	n := open(t, func(n *newsroom) {
		n.cfg.Alerts.EditGap = time.Second
		n.cfg.Phrase = config.Phrase{Address: model.URL + "/v1", Model: "m", Key: config.NewSecret("key"), Timeout: 2 * time.Minute, PerMinute: 60}
	})
	n.subscribe(options{"topic": "ceasefire"})
	n.outlets.publish("example-wire", item{title: truces[0], text: first + " " + second})
	n.alert(n.general, truces[0])
	close(alerted)
	_, err := n.WaitMessages(n.ctx, n.general, func(ms []*sandbox.Message) bool {
		for _, m := range ms {
			if len(m.Embeds) > 0 && strings.Contains(n.alertText(m), put) {
				return true
			}
		}
		return false
	})
	if err != nil {
		t.Fatalf("%v; there are %q", err, n.alerts(n.general))
	}
	if got := asked.Load(); got != 1 {
		t.Errorf("the model was asked %d times, want 1", got)
	}
}
