package page_test

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"
)

const (
	attack = `<script>window.owned=1</script><img src=x onerror="window.owned=1"><svg onload=window.owned=1>`
	bidi   = "safe\u202egnp.exe\u2066"
)

// TestHostileDataStaysText puts an attack into every text that the API has.
func TestHostileDataStaysText(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	guild := f.state["guilds"].([]object)[0]
	guild["name"] = attack
	for _, c := range guild["channels"].([]object) {
		c["name"], c["topic"] = attack+bidi, attack+" [x](javascript:window.owned=1)"
	}
	guild["channels"].([]object)[5]["available_tags"] = []object{{"id": "71", "name": attack, "emoji_name": attack}}
	f.state["dms"] = []object{{"id": directID, "type": 1, "permissions": allowed, "recipients": []object{{"id": "1", "username": attack}}}}
	for _, r := range guild["roles"].([]object) {
		r["name"] = attack
	}
	for _, u := range f.state["users"].([]object) {
		u["username"], u["global_name"] = attack+bidi, nil
	}
	for _, c := range f.state["commands"].([]object) {
		c["description"] = attack
	}
	f.choices = []object{{"name": attack, "value": attack}}
	m := hostileMessage()
	f.messages[alertsID] = []object{m, {"id": "301"}, {"id": "302", "timestamp": "never", "author": nil, "embeds": nil, "components": nil}}
	b := open(t, f, desktop)

	b.click(`.channel[data-key="` + forumID + `"]`)
	b.wait(`document.querySelector('.tag-bar') && document.querySelectorAll('.post').length === 2`)
	b.click(`.channel[data-key="` + alertsID + `"]`)
	b.click(`[data-key="pins"]`)
	b.wait(`document.querySelector('.pick-item')?.textContent.includes('<script>')`)
	b.keys(kb.Escape)
	eval[bool](b, `document.querySelector('#m-300 .msg-more').click() ?? true`)
	b.wait(`document.querySelector('.menu')`)
	b.keys(kb.Escape)
	b.click("#composer-input")
	b.keys("/subscribe ")
	b.wait(`document.querySelector('.popup-item')?.textContent.includes('<script>')`)
	f.post(alertsID, m)
	got := eval[[]string](b, `(() => {
		const bad = [];
		if (window.owned) bad.push('a script ran');
		for (const el of document.querySelectorAll('*')) {
			for (const a of el.attributes) {
				if (a.name.startsWith('on')) bad.push('handler ' + a.name + ' on ' + el.localName);
				if (['href', 'src', 'action'].includes(a.name) && /^\s*(javascript|data|vbscript):/i.test(a.value)) bad.push(a.name + ' ' + a.value);
			}
		}
		if (document.querySelector('body script, body svg[onload], body img[src="x"]')) bad.push('markup became elements');
		for (const el of document.querySelectorAll('img')) if (new URL(el.src).origin !== location.origin) bad.push('foreign picture ' + el.src);
		if (!document.querySelector('#m-300 .embed-title').textContent.includes('<script>')) bad.push('the title is not shown as text');
		if (!document.querySelector('#m-300 .elsewhere').textContent.includes('example.org')) bad.push('a foreign picture is not named');
		const author = document.querySelector('#m-300 .author bdi');
		if (!author || getComputedStyle(author).unicodeBidi !== 'isolate') bad.push('the name is not isolated');
		if (!document.querySelector('#m-301') || !document.querySelector('#m-302')) bad.push('a poor message is missing');
		return bad;
	})()`)
	for _, s := range got {
		t.Error(s)
	}
}

// hostileMessage has an attack in each of its fields.
func hostileMessage() object {
	link := "javascript:window.owned=1"
	m := message("300", attack+" [click]("+link+") "+bidi, time.Minute)
	m["author"] = object{"id": botID, "username": attack + bidi, "bot": true}
	m["interaction"] = object{"name": attack, "user": object{"id": "1", "username": attack}}
	m["thread"] = object{"id": "300", "name": attack + bidi, "message_count": attack}
	m["pinned"], m["flags"] = true, 1
	m["attachments"] = []object{{"id": "1", "filename": attack, "url": link, "size": 3}, {"id": "2", "filename": "a.png", "content_type": "image/png", "url": "https://example.org/a.png"}}
	m["embeds"] = []object{
		{
			"title": attack + bidi, "url": link, "description": attack, "color": "red;}*{display:none", "timestamp": attack,
			"author": object{"name": attack, "url": link}, "footer": object{"text": attack},
			"fields": []object{{"name": attack, "value": attack, "inline": true}},
			"image":  object{"url": link}, "thumbnail": object{"url": "https://example.org/t.png"},
		},
		{"title": nil, "fields": nil, "image": object{"url": nil}},
	}
	m["components"] = []object{
		{"type": 1, "components": []object{
			{"type": 2, "style": 5, "label": attack, "url": link},
			{"type": 2, "style": 99, "label": attack, "custom_id": `"]` + attack},
			{"type": 3, "custom_id": attack, "placeholder": attack, "options": []object{{"label": attack, "value": attack}}},
		}},
		{"type": 17, "components": []object{{"type": 10, "content": attack}, {"type": 12, "items": []object{{"media": object{"url": link}}}}, {"type": 9, "components": nil}}},
		{"type": 77, "components": []object{{"type": 10, "content": attack}}},
	}
	return m
}

// TestBrokenAnswersAreSaid shows an error and a way on when the sandbox fails.
func TestBrokenAnswersAreSaid(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.refuse = true
	b := open(t, f, failing)
	b.wait(`document.querySelector('.history-error')?.textContent.includes('out of order')`)
	f.mu.Lock()
	f.refuse = false
	f.messages[alertsID] = []object{message("310", "Back", 0)}
	f.mu.Unlock()
	b.click(".history-error button")
	b.wait(`document.querySelector('#m-310') && !document.querySelector('.history-error')`)
}
