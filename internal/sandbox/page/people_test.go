package page_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"
)

func TestDirectMessages(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.state["commands"] = append(sampleCommands()[:1], object{"id": "830", "name": "hello", "description": "Says hello", "type": 1, "contexts": []int{0, 1}, "default_member_permissions": "32"},
		object{"id": "831", "name": "guilds", "description": "In guilds alone", "type": 1, "contexts": []int{0}})
	b := open(t, f, desktop)
	f.post(directID, message("7000", "For you alone", 0))
	b.wait(`document.querySelector('.guild.direct.unread')`)
	b.click(".guild.direct")
	b.wait(`document.querySelector('.header-name').textContent === 'Attaché' && document.querySelector('.welcome').textContent.includes('beginning of your direct messages') && document.querySelector('#m-7000')`)
	b.click("#composer-input")
	b.keys("/")
	b.wait(`[...document.querySelectorAll('.popup-text bdi')].map((e) => e.textContent).join() === '/hello,/subscribe'`)
	b.keys("hello " + kb.Enter)
	sent := f.next(t)
	delete(sent, "_id")
	if diff := cmp.Diff(object{"user": "101", "channel_id": directID, "type": 2.0, "data": object{"id": "830", "name": "hello", "type": 1.0, "options": []any{}}}, sent); diff != "" {
		t.Errorf("interaction (-want +got):\n%s", diff)
	}
}

func TestPinsAreListedAndSet(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	for _, c := range f.state["guilds"].([]object)[0]["channels"].([]object) {
		c["permissions"] = "2251801961171968" // VIEW_CHANNEL, SEND_MESSAGES, USE_APPLICATION_COMMANDS, PIN_MESSAGES
	}
	old := message("150", "Remember this", time.Minute)
	old["pinned"] = true
	told := message("151", "", time.Minute)
	told["type"], told["message_reference"] = 6, object{"message_id": "150"}
	f.messages[alertsID] = []object{old, told, message("152", "Later", 0)}
	b := open(t, f, desktop)
	b.wait(`document.querySelector('#m-151').innerText.startsWith('Attaché pinned a message to this channel.')`)
	b.click(`[data-key="pins"]`)
	b.wait(`document.querySelector('.pick-item').textContent === 'Attaché: Remember this'`)
	b.keys(kb.Enter)
	b.wait(`document.activeElement.matches('#m-150.flash')`)
	eval[bool](b, `document.querySelector('#m-152 .msg-more').click() ?? true`)
	b.wait(`document.querySelectorAll('.menu-item')[1].textContent === 'Pin message'`)
	b.keys(kb.ArrowDown + kb.Enter)
	if diff := cmp.Diff(object{"user": "101", "message_id": "152", "pinned": true, "_channel": alertsID}, f.next(t)); diff != "" {
		t.Errorf("pin (-want +got):\n%s", diff)
	}
	b.click(`.channel[data-key="` + kyivID + `"]`)
	b.click(`[data-key="pins"]`)
	b.wait(`document.querySelector('.pick-none').textContent === 'Nothing is pinned here yet.'`)
}

// TestTheEndStaysInView loads pictures of unknown size below the reader's eyes.
func TestTheEndStaysInView(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	for i := range 30 {
		f.messages[alertsID] = append(f.messages[alertsID], message(fmt.Sprint(1000+i), "Report", time.Minute))
	}
	for i := range 3 {
		m := message(fmt.Sprint(1100+i), "", 0)
		m["components"] = []object{{"type": 12, "items": []object{{"media": object{"url": f.url + "/icon.svg"}}}}}
		f.messages[alertsID] = append(f.messages[alertsID], m)
	}
	b := open(t, f, desktop)
	b.wait(`[...document.querySelectorAll('.v2-picture img')].filter((e) => e.naturalWidth > 0 && e.offsetHeight > 100).length === 3`)
	b.wait(`(() => { const s = document.getElementById('scroller'); return s.scrollHeight - s.scrollTop - s.clientHeight < 2 && document.getElementById('pill').hidden; })()`)
	eval[int](b, `document.getElementById('scroller').scrollTop -= 300`)
	b.wait(`!document.getElementById('pill').hidden`)
}

func TestSelectsOfManySearchAndCount(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	guild := f.state["guilds"].([]object)[0]
	for _, name := range []string{"Chidi", "Dana", "Emeka", "Farah", "Grace", "Hana"} {
		guild["members"] = append(guild["members"].([]object), object{"user": object{"id": "11" + name[:1], "username": name}, "roles": []string{}})
	}
	m := message("150", "", 0)
	m["components"] = []object{{"type": 1, "components": []object{{"type": 5, "custom_id": "who", "min_values": 2, "max_values": 3}}}}
	f.messages[alertsID] = []object{m}
	b := open(t, f, desktop)
	b.click(`[data-key="who"]`)
	b.wait(`document.querySelector('.pick-foot').textContent === 'Choose 2 to 3 · 0 chosen' && document.querySelectorAll('.pick-item').length === 9`)
	b.keys("dan")
	b.wait(`document.querySelectorAll('.pick-item').length === 1 && document.querySelector('.pick-item').textContent.includes('Dana')`)
	b.keys(kb.Enter + kb.Backspace + kb.Backspace + kb.Backspace + "gra" + kb.Enter)
	b.wait(`document.querySelector('.pick-foot').textContent === 'Choose 2 to 3 · 2 chosen'`)
	b.keys(kb.Tab)
	if diff := cmp.Diff(object{"custom_id": "who", "component_type": 5.0, "values": []any{"11D", "11G"}}, f.next(t)["data"]); diff != "" {
		t.Errorf("select (-want +got):\n%s", diff)
	}
	b.wait(`document.querySelector('[data-key="who"]').textContent === 'Dana, Grace'`)
}

func TestPicturesKeepTheirPlace(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	m := message("150", "", time.Minute)
	m["attachments"] = []object{{"id": "1", "filename": "trend.png", "content_type": "image/png", "url": f.url + "/never.png", "size": 9, "width": 300, "height": 200, "description": "A rising line"}}
	m["embeds"] = []object{{"author": object{"name": "A", "icon_url": f.url + "/icon.svg"}, "footer": object{"text": "F", "icon_url": "https://example.org/x.png"}}}
	f.messages[alertsID] = []object{m}
	b := open(t, f, failing)
	b.wait(`document.querySelector('.embed-author .embed-icon').naturalWidth > 0 && !document.querySelector('.embed-footer img')`)
	b.wait(`document.querySelector('.attached').textContent.includes('not available')`)
	size := eval[[]float64](b, `(async () => {
		const { picture } = await import('/js/embeds.js');
		const box = picture({url: '/icon.svg', width: 300, height: 200, description: 'A rising line'}, {}, 'attached');
		document.querySelector('#m-150 .msg-body').append(box);
		const r = box.querySelector('img').getBoundingClientRect();
		return [r.width, r.height, box.querySelector('.alt') ? 1 : 0, box.querySelector('img').alt === 'A rising line' ? 1 : 0];
	})()`)
	if diff := cmp.Diff([]float64{300, 200, 1, 1}, size); diff != "" {
		t.Errorf("before it is loaded, width, height, alt text (-want +got):\n%s", diff)
	}
}
