package app_test

import (
	"strings"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/sandbox"
)

// TestAnAlertIsEditedOnceTheArticleIsRead lets the pages of one outlet be read,
// and of the other not.
func TestAnAlertIsEditedOnceTheArticleIsRead(t *testing.T) {
	t.Parallel()
	n := open(t, func(n *newsroom) {
		n.cfg.Alerts.EditGap = time.Second
		n.sources[0].Feeds[0].Articles = true
	})
	n.subscribe(options{"topic": "ceasefire"})
	const sentence = "Mediators from Qatar told reporters in Doha on Thursday that the ceasefire would hold along the whole Lebanese border."
	body := "<html><title>" + truces[0] + "</title><nav><a href=/>Home</a></nav><article><h1>" + truces[0] + "</h1><p>" + sentence + "</p><p>" +
		"The army of Lebanon said that its soldiers had taken up their posts along the border in the early morning.</p><p>" +
		"Villagers came back to their houses during the day, many of which the fighting of the last weeks had damaged.</p></article></html>"
	n.outlets.publish("example-wire", item{title: truces[0], link: n.outlets.write("/allowed", body)})
	n.outlets.publish("gazette", item{title: truces[1], link: n.outlets.write("/not-allowed", strings.ReplaceAll(body, truces[0], truces[1]))})
	n.alert(n.general, truces[1])
	_, err := n.WaitMessages(n.ctx, n.general, func(ms []*sandbox.Message) bool {
		for _, m := range ms {
			if len(m.Embeds) > 0 && m.Embeds[0].Title == truces[0] {
				return strings.Contains(n.alertText(m), sentence)
			}
		}
		return false
	})
	if err != nil {
		t.Fatalf("%v; there are %q", err, n.alerts(n.general))
	}
	if a, b := n.outlets.opens("/allowed"), n.outlets.opens("/not-allowed"); a != 1 || b != 0 {
		t.Errorf("the pages were asked for %d and %d times, want 1 and 0", a, b)
	}
	if got := n.alerts(n.general); len(got) != 2 {
		t.Errorf("the channel has %q", got)
	}
}
