package page_test

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"
)

func TestCommandByKeyboard(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.choices = []object{{"name": "Ceasefire", "value": "ceasefire"}, {"name": "Peace talks", "value": "peace-talks"}}
	b := open(t, f, desktop)

	b.keys("/subs")
	b.wait(`document.querySelector('.popup-item.at')?.innerText.includes('/subscribe') && document.querySelectorAll('.popup-item').length === 3`)
	b.keys(kb.Enter)
	b.wait(`document.activeElement.dataset.option === 'topic' && document.querySelectorAll('.popup-item').length === 2`)
	b.keys("c")
	b.wait(`document.activeElement.value === 'c'`)
	b.keys(kb.Escape + kb.Backspace + kb.Enter)
	b.wait(`document.querySelector('.form-error').innerText.includes('required') && document.activeElement.getAttribute('aria-invalid') === 'true'`)
	b.keys("p")
	b.wait(`document.querySelectorAll('.popup-item').length === 2`)
	b.keys(kb.ArrowDown)
	b.wait(`document.querySelector('.popup-item.at').innerText === 'Peace talks' && document.activeElement.getAttribute('aria-activedescendant') === 'popup-1'`)
	b.keys(kb.Tab)
	b.wait(`document.activeElement.className === 'tail'`)
	b.keys("ch" + kb.Enter)
	b.wait(`document.activeElement.dataset.option === 'channel' && document.querySelectorAll('.popup-item').length === 3`)
	b.keys("kyiv" + kb.Enter)
	b.wait(`document.activeElement.className === 'tail'`)
	b.keys("quiet" + kb.Enter)
	b.wait(`document.activeElement.dataset.option === 'quiet'`)
	b.keys("t" + kb.Enter)
	b.wait(`document.activeElement.className === 'tail'`)
	b.keys(kb.Enter)

	got := f.next(t)
	delete(got, "_id")
	want := object{
		"user": "101", "guild_id": "1000", "channel_id": alertsID, "type": 2.0,
		"data": object{"id": "801", "name": "subscribe", "type": 1.0, "options": []any{
			object{"name": "topic", "type": 3.0, "value": "peace-talks"},
			object{"name": "channel", "type": 7.0, "value": kyivID},
			object{"name": "quiet", "type": 5.0, "value": true},
		}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("interaction (-want +got):\n%s", diff)
	}
}

func TestAutocompleteAsksTheBot(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.choices = []object{{"name": "Ceasefire", "value": "ceasefire"}}
	b := open(t, f, desktop)
	b.keys("/topics show ")
	b.wait(`document.querySelectorAll('.popup-item').length === 1`)
	b.keys("p")
	b.wait(`document.activeElement.value === 'p'`)
	asked := func() object {
		f.mu.Lock()
		defer f.mu.Unlock()
		return f.asked[len(f.asked)-1]
	}
	b.wait(`performance.getEntriesByType('resource').filter((e) => e.name.endsWith('/interactions')).length === 2`)
	want := object{
		"user": "101", "guild_id": "1000", "channel_id": alertsID, "type": 4.0,
		"data": object{"id": "808", "name": "topics", "type": 1.0, "options": []any{
			object{"name": "show", "type": 1.0, "options": []any{
				object{"name": "topic", "type": 3.0, "value": "p", "focused": true},
			}},
		}},
	}
	if diff := cmp.Diff(want, asked()); diff != "" {
		t.Errorf("autocomplete (-want +got):\n%s", diff)
	}
}

func TestSilentAutocompleteLeavesTypingFree(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := open(t, f, failing)
	f.mu.Lock()
	f.refuse = true
	f.mu.Unlock()
	b.keys("/unsubscribe ")
	b.wait(`document.querySelector('.popup-note').textContent.includes('Loading options failed')`)
	b.keys("sanctions" + kb.Enter)
	if diff := cmp.Diff([]any{object{"name": "topic", "type": 3.0, "value": "sanctions"}}, f.next(t)["data"].(object)["options"]); diff != "" {
		t.Errorf("options (-want +got):\n%s", diff)
	}
}

func TestSubCommandsNestAndNumbersAreChecked(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := open(t, f, desktop)
	b.keys("/topics list ")
	b.wait(`document.activeElement.className === 'tail'`)
	b.keys(kb.Enter)
	if diff := cmp.Diff(object{"id": "808", "name": "topics", "type": 1.0, "options": []any{
		object{"name": "list", "type": 1.0, "options": []any{}},
	}}, f.next(t)["data"]); diff != "" {
		t.Errorf("sub-command (-want +got):\n%s", diff)
	}
	b.keys("/recent ")
	b.wait(`document.activeElement.className === 'tail'`)
	b.keys("count" + kb.Enter)
	b.wait(`document.activeElement.dataset.option === 'count'`)
	b.keys("11" + kb.Enter)
	b.wait(`document.querySelector('.form-error').innerText.includes('The most is 10.')`)
	b.keys(kb.Backspace + kb.Enter)
	if diff := cmp.Diff([]any{object{"name": "count", "type": 4.0, "value": 1.0}}, f.next(t)["data"].(object)["options"]); diff != "" {
		t.Errorf("number (-want +got):\n%s", diff)
	}
}

func TestWritingAMessage(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.messages[alertsID] = newsDay()
	b := open(t, f, failing)
	b.click("#composer-input")
	b.keys("hello @an")
	b.wait(`document.querySelector('.popup-item.at')?.textContent.includes('@Ann Moreau')`)
	b.keys(kb.Enter)
	b.wait(`document.activeElement.value === 'hello @Ann Moreau '`)
	b.keys("see #ky")
	b.wait(`document.querySelector('.popup-item.at')?.textContent.includes('#kyiv-desk')`)
	b.keys(kb.Tab + kb.Enter)
	if diff := cmp.Diff(object{"user": "101", "content": "hello <@101> see <#3002>", "_channel": alertsID}, f.next(t)); diff != "" {
		t.Errorf("message (-want +got):\n%s", diff)
	}
	b.wait(`document.activeElement.value === ''`)

	b.keys("forbidden" + kb.Enter)
	b.wait(`document.querySelector('.box-hint').textContent === 'you may not say that' && document.activeElement.value === 'forbidden'`)
	eval[bool](b, `document.activeElement.select() ?? true`)

	b.click("#m-104 .author")
	b.wait(`document.activeElement.matches('.menu-item') && document.querySelector('.menu').getAttribute('aria-label').includes('Attaché')`)
	b.keys(kb.Escape)
	b.wait(`!document.querySelector('.menu') && document.activeElement.matches('.author')`)
	eval[bool](b, `document.querySelector('#m-102 .msg-more').click() ?? true`)
	b.wait(`document.activeElement.textContent.includes('Reply')`)
	b.keys(kb.Enter)
	b.wait(`document.querySelector('.reply-bar').textContent.includes('Replying to Attaché') && document.activeElement.id === 'composer-input'`)
	b.keys("noted" + kb.Enter)
	if diff := cmp.Diff(object{"user": "101", "content": "noted", "reply_to": "102", "_channel": alertsID}, f.next(t)); diff != "" {
		t.Errorf("reply (-want +got):\n%s", diff)
	}
	b.wait(`document.querySelector('.reply-bar').hidden`)
}

func TestCommandsOfTheAppsMenu(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.messages[alertsID] = newsDay()
	f.state["commands"] = append(sampleCommands(),
		object{"id": "820", "name": "Explain this alert", "type": 3}, object{"id": "821", "name": "Who follows what", "type": 2},
		object{"id": "822", "name": "For moderators", "type": 3, "default_member_permissions": "32"}, object{"id": "823", "name": "In direct messages", "type": 3, "contexts": []int{1}})
	b := open(t, f, desktop)

	eval[bool](b, `document.getElementById('scroller').focus() ?? true`)
	b.keys(kb.ArrowUp + kb.ArrowUp + kb.ArrowUp)
	b.wait(`document.activeElement.id === 'm-104' && getComputedStyle(document.activeElement).outlineStyle === 'solid'`)
	b.keys(kb.Enter)
	b.wait(`[...document.querySelectorAll('.menu [role="group"] .menu-item')].map((e) => e.textContent).join() === 'Explain this alert'`)
	b.keys(kb.End + kb.Enter)
	sent := f.next(t)
	if diff := cmp.Diff(object{"id": "820", "name": "Explain this alert", "type": 3.0, "target_id": "104"}, sent["data"]); diff != "" || sent["type"] != 2.0 {
		t.Errorf("message command (-want +got):\n%s", diff)
	}
	b.wait(`document.querySelector('.msg.sending .above-cmd').textContent === 'Explain this alert'`)

	b.click(".members section:last-child li:last-child .member")
	b.wait(`document.querySelector('.menu')`)
	b.keys(kb.End + kb.Enter)
	if diff := cmp.Diff(object{"id": "821", "name": "Who follows what", "type": 2.0, "target_id": "102"}, f.next(t)["data"]); diff != "" {
		t.Errorf("user command (-want +got):\n%s", diff)
	}
	eval[bool](b, `document.querySelector('#m-105 .msg-more').click() ?? true`)
	b.wait(`document.querySelector('.menu') && !document.querySelector('.menu [role="group"]') && !document.querySelector('.menu').textContent.includes('Reply')`)
}

func TestFateOfInteractions(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.messages[alertsID] = newsDay()
	b := open(t, f, desktop)

	b.keys("/status " + kb.Enter)
	id := f.next(t)["_id"]
	b.wait(`document.querySelector('.msg.sending')?.innerText.includes('/status') || document.querySelector('.msg.sending')?.innerText.includes('status')`)
	f.emit("interaction", object{"id": id, "state": "failed"})
	b.wait(`document.querySelector('.failed')?.innerText.includes('did not respond')`)
	b.click(".msg:last-child .only-you button")
	b.wait(`!document.querySelector('.failed')`)

	b.click(`#m-102 [data-key="timeline:1"]`)
	press := f.next(t)
	if diff := cmp.Diff(object{"custom_id": "timeline:1", "component_type": 2.0}, press["data"]); diff != "" || press["message_id"] != "102" || press["type"] != 3.0 {
		t.Errorf("press is %v (-want +got):\n%s", press, diff)
	}
	b.wait(`document.querySelector('#m-102 [aria-busy="true"]')`)
	f.emit("interaction", object{"id": press["_id"], "state": "failed"})
	b.wait(`document.querySelector('#m-102 .failed')?.innerText === 'This interaction failed.' && !document.querySelector('[aria-busy="true"]')`)

	eval[bool](b, `document.querySelector('#m-104 .select').focus() ?? true`)
	b.keys(kb.Enter)
	b.wait(`document.querySelector('.pick')`)
	b.keys(kb.ArrowDown + kb.Enter)
	if diff := cmp.Diff(object{"custom_id": "pick", "component_type": 3.0, "values": []any{"strike"}}, f.next(t)["data"]); diff != "" {
		t.Errorf("select (-want +got):\n%s", diff)
	}
}

func TestModal(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := open(t, f, desktop)
	b.keys("/help " + kb.Enter)
	f.emit("interaction", object{"id": f.next(t)["_id"], "state": "modal", "modal": object{
		"custom_id": "rules", "title": "A topic of your own", "components": []object{
			{"type": 18, "label": "Name", "component": object{"type": 4, "custom_id": "name", "style": 1, "required": true, "min_length": 3}},
			{"type": 1, "components": []object{{"type": 4, "custom_id": "words", "label": "Words", "style": 2, "required": false}}},
		},
	}})
	b.wait(`document.querySelector('dialog[open] h2')?.innerText === 'A topic of your own' && document.activeElement.matches('.modal-input')`)
	b.keys("ab" + kb.Enter)
	b.wait(`document.querySelector('dialog .form-error').innerText.includes('at least 3')`)
	b.keys("c" + kb.Enter)
	sent := f.next(t)
	if diff := cmp.Diff(object{"custom_id": "rules", "components": []any{
		object{"type": 18.0, "component": object{"type": 4.0, "custom_id": "name", "value": "abc"}},
		object{"type": 1.0, "components": []any{object{"type": 4.0, "custom_id": "words", "value": ""}}},
	}}, sent["data"]); diff != "" || sent["type"] != 5.0 {
		t.Errorf("modal (-want +got):\n%s", diff)
	}
	f.emit("interaction", object{"id": sent["_id"], "state": "answered"})
	b.wait(`!document.querySelector('dialog')`)
}
