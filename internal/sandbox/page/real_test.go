package page_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"

	"github.com/attache-bot/attache/internal/sandbox"
)

// bot is the smallest bot that can answer: it identifies and hands on the
// interactions that come.
type bot struct {
	t      *testing.T
	s      *sandbox.Server
	events chan object
}

func startBot(t *testing.T, s *sandbox.Server) *bot {
	t.Helper()
	b := &bot{t: t, s: s, events: make(chan object, 16)}
	gateway := b.call("GET", "/gateway", nil)["url"].(string)
	ctx, cancel := context.WithCancel(t.Context())
	conn, _, err := websocket.Dial(ctx, gateway+"/?v=10&encoding=json", nil)
	if err != nil {
		t.Fatal(err)
	}
	conn.SetReadLimit(1 << 20)
	done := make(chan struct{})
	t.Cleanup(func() {
		cancel()
		<-done
	})
	identify := object{"op": 2, "d": object{"token": s.Token(), "intents": 1, "properties": object{"os": "linux", "browser": "test", "device": "test"}}}
	if err := wsjson.Write(ctx, conn, identify); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(done)
		for {
			var event object
			if wsjson.Read(ctx, conn, &event) != nil {
				return
			}
			if event["t"] == "INTERACTION_CREATE" {
				b.events <- event["d"].(object)
			}
		}
	}()
	return b
}

// call sends a request to the REST API and gives the answer's object, if any.
func (b *bot) call(method, path string, body any) object {
	b.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		b.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(b.t.Context(), method, b.s.URL()+"/api/v10"+path, bytes.NewReader(raw))
	if err != nil {
		b.t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bot "+b.s.Token())
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "DiscordBot (https://example.org, 1)")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer func() { _ = res.Body.Close() }()
	var out any
	_ = json.NewDecoder(res.Body).Decode(&out)
	if res.StatusCode >= 300 {
		b.t.Fatalf("%s %s: status %d: %v", method, path, res.StatusCode, out)
	}
	answer, _ := out.(object)
	return answer
}

// answer takes the next interaction and answers it.
func (b *bot) answer(kind int, data object) object {
	b.t.Helper()
	select {
	case i := <-b.events:
		b.call("POST", "/interactions/"+i["id"].(string)+"/"+i["token"].(string)+"/callback", object{"type": kind, "data": data})
		return i
	case <-time.After(patience):
		b.t.Fatal("no interaction came")
		return nil
	}
}

// TestPageOnTheRealSandbox goes through alert, command, deferral, button and
// modal with the sandbox itself behind the page.
func TestPageOnTheRealSandbox(t *testing.T) {
	t.Parallel()
	s, err := sandbox.New(sandbox.Options{Limits: unhurried})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	if err := s.Start(t.Context(), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	guild, user := s.AddGuild("Foreign Desk"), s.AddUser("Ann Moreau")
	if err := s.AddMember(guild, user); err != nil {
		t.Fatal(err)
	}
	channel, err := s.AddChannel(guild, "alerts", 0)
	if err != nil {
		t.Fatal(err)
	}
	d := startBot(t, s)
	d.call("PUT", "/applications/"+s.BotID()+"/commands", []object{{
		"name": "subscribe", "description": "Alerts on a topic", "type": 1, "options": []object{
			{"type": 3, "name": "topic", "description": "What to follow", "required": true, "autocomplete": true},
			{"type": 7, "name": "channel", "description": "Where"},
		},
	}, {"name": "Explain this alert", "type": 3}})
	b := open(t, &fake{url: s.URL()}, desktop)
	b.wait(`document.querySelector('.member .presence.on')`)

	d.call("POST", "/channels/"+channel+"/messages", object{"embeds": []object{{"title": "A truce deal", "url": "https://example.org/a", "color": 255}}})
	b.wait(`document.querySelector('.embed-title')?.innerText === 'A truce deal'`)

	b.keys("/subscribe ")
	d.answer(8, object{"choices": []object{{"name": "Ceasefire", "value": "ceasefire"}}})
	b.wait(`document.querySelector('.popup-item')?.innerText === 'Ceasefire'`)
	b.keys(kb.Enter)
	b.wait(`document.activeElement.className === 'tail'`)
	b.keys("channel" + kb.Enter)
	b.wait(`document.querySelector('.popup-item')?.innerText.includes('#alerts')`)
	b.keys(kb.Enter)
	b.wait(`document.activeElement.className === 'tail'`)
	b.keys(kb.Enter)
	i := d.answer(5, object{"flags": 64})
	b.wait(`document.querySelector('.msg.ephemeral .thinking')`)
	d.call("PATCH", "/webhooks/"+s.BotID()+"/"+i["token"].(string)+"/messages/@original", object{
		"content":    "Alerts on **Ceasefire** go to <#" + channel + ">.",
		"components": []object{{"type": 1, "components": []object{{"type": 2, "style": 1, "label": "Undo", "custom_id": "undo"}}}},
	})
	b.wait(`document.querySelector('.msg.ephemeral .mention')?.innerText === '#alerts' && !document.querySelector('.thinking')`)

	b.click(`[data-key="undo"]`)
	d.answer(9, object{"custom_id": "why", "title": "Why?", "components": []object{
		{"type": 18, "label": "Reason", "component": object{"type": 4, "custom_id": "reason", "style": 1}},
	}})
	b.wait(`document.querySelector('dialog[open]')`)
	b.keys("changed my mind" + kb.Enter)
	d.answer(4, object{"content": "Undone."})
	b.wait(`!document.querySelector('dialog') && [...document.querySelectorAll('.msg')].at(-1).innerText.includes('Undone.')`)

	b.click("#composer-input")
	b.keys("Well, @Attach")
	b.wait(`document.querySelector('.popup-item.at')?.textContent.includes('@Attaché')`)
	b.keys(kb.Enter + kb.Enter)
	b.wait(`[...document.querySelectorAll('.msg')].at(-1).querySelector('.mention')?.textContent === '@Attaché'`)
	eval[bool](b, `document.querySelector('.embed').closest('.msg').querySelector('.msg-more').click() ?? true`)
	b.keys(kb.Enter + "Is it so?" + kb.Enter)
	b.wait(`[...document.querySelectorAll('.msg')].at(-1).querySelector('.above-jump')?.textContent.includes('A truce deal')`)
	eval[bool](b, `document.querySelector('.embed').closest('.msg').querySelector('.msg-more').click() ?? true`)
	b.keys(kb.End + kb.Enter)
	asked := d.answer(4, object{"content": "It is reported."})["data"].(object)
	if target := eval[string](b, `document.querySelector('.embed').closest('.msg').dataset.id`); asked["name"] != "Explain this alert" || asked["target_id"] != target {
		t.Errorf("the Apps menu asked for %v of %s", asked, target)
	}
	b.wait(`[...document.querySelectorAll('.msg')].at(-1).querySelector('.above-cmd')?.textContent === 'Explain this alert'`)

	b.do(chromedp.Reload())
	b.wait(`document.querySelectorAll('.msg').length === 6 && document.querySelector('.link-state.connected')`)
}
