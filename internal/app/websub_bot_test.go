package app_test

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/feed/websub"
	"github.com/attache-bot/attache/internal/store"
)

// hubbed lets hubs call the bot, at an address that was free a moment ago.
func hubbed(n *newsroom) {
	var lc net.ListenConfig
	l, err := lc.Listen(n.ctx, "tcp", "127.0.0.1:0")
	n.must(err)
	address := l.Addr().String()
	n.must(l.Close())
	n.cfg.WebSub = config.WebSub{CallbackURL: "http://" + address + "/hubs", Listen: address}
}

// TestWhatAHubBringsRaisesAnAlert brings a report to a running bot as the hub of
// one of its feeds would.
func TestWhatAHubBringsRaisesAnAlert(t *testing.T) {
	t.Parallel()
	n := open(t, hubbed)
	n.subscribe(options{"topic": "ceasefire"})
	s, err := store.Open(n.ctx, store.Options{DSN: n.cfg.Store.DSN().Reveal(), Logger: slog.New(slog.DiscardHandler)})
	n.must(err)
	t.Cleanup(func() { n.must(s.Close()) })
	feeds, err := s.FeedStatus(n.ctx)
	n.must(err)
	call := func(path, signature string, body []byte) (int, string) {
		t.Helper()
		req, err := http.NewRequestWithContext(n.ctx, http.MethodPost, n.cfg.WebSub.CallbackURL+"/"+path, bytes.NewReader(body))
		n.must(err)
		req.Header.Set("X-Hub-Signature", signature)
		resp, err := http.DefaultClient.Do(req)
		n.must(err)
		defer resp.Body.Close()
		answer, err := io.ReadAll(resp.Body)
		n.must(err)
		return resp.StatusCode, string(answer)
	}
	const path, secret = "abcdefghijklmnopqrstuvwxyz", "secret"
	if status, answer := call(path, "", nil); status != http.StatusNotFound || answer != "" {
		t.Errorf("a stranger was answered %d %q", status, answer)
	}
	body := fmt.Appendf(nil, `<rss><channel><item><title>%s</title><guid>pushed</guid><link>https://wire.example/pushed</link><pubDate>%s</pubDate></item></channel></rss>`,
		truces[0], time.Now().UTC().Format(time.RFC1123Z))
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	for n.ctx.Err() == nil { // the feed names no hub, so the bot may forget it before it is called
		n.must(store.WebSub{Store: s}.Begin(n.ctx, websub.Subscription{
			Feed: feeds[0].ID, Hub: "https://hub.example/", Topic: feeds[0].URL, Callback: n.cfg.WebSub.CallbackURL + "/" + path,
			Path: path, Secret: secret, State: websub.Asked, Since: time.Now(), Next: time.Now().Add(time.Hour),
		}))
		if status, _ := call(path, "sha256="+hex.EncodeToString(mac.Sum(nil)), body); status == http.StatusAccepted {
			break
		}
	}
	if m := n.alert(n.general, truces[0]); !strings.Contains(m.Embeds[0].URL, "wire.example/pushed") {
		t.Errorf("the alert links to %s", m.Embeds[0].URL)
	}
}
