package page_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"
)

var (
	desktop = window{width: 1280, height: 800, scheme: "dark"}
	failing = window{width: 1280, height: 800, scheme: "dark", failing: true}
)

func TestPageShowsTheState(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.messages[alertsID] = newsDay()
	b := open(t, f, desktop)

	got := eval[[]string](b, `[...document.querySelectorAll('.channel-name')].map((e) => e.textContent)`)
	want := []string{"alerts", "kyiv-desk", "the week-long pause", "stories", "Black Sea grain", "coffee", "standup"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("channels (-want +got):\n%s", diff)
	}
	embed := eval[map[string]string](b, `(() => {
		const e = document.querySelector('#m-102 .embed');
		const text = (s) => e.querySelector(s)?.textContent ?? '';
		return {author: text('.embed-author'), title: text('.embed-title'), href: e.querySelector('.embed-title a').href,
			bold: text('.embed-text strong'), quote: text('.embed-text blockquote'), bar: getComputedStyle(e).borderLeftColor,
			fields: [...e.querySelectorAll('.field-name')].map((x) => x.textContent).join(), footer: text('.embed-footer bdi')};
	})()`)
	wantEmbed := map[string]string{
		"author": "Atlantic News Agency · wire", "title": "Trump says Putin agreed to a week-long pause in attacks on Kyiv",
		"href": "https://example.org/pause", "bold": "Russia has not confirmed.", "quote": "“I personally asked President Putin,” he told reporters.",
		"bar": "rgb(75, 100, 216)", "fields": "Topics,Stage,Standing,Said by", "footer": "4 outlets, 2 wires · first seen",
	}
	if diff := cmp.Diff(wantEmbed, embed); diff != "" {
		t.Errorf("embed (-want +got):\n%s", diff)
	}
}

func TestPageShowsMessagesInDiscordsManner(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.messages[alertsID] = newsDay()
	b := open(t, f, desktop)
	for what, condition := range map[string]string{
		"inline fields share a row":       `new Set([...document.querySelectorAll('#m-102 .field')].slice(0, 3).map((e) => e.offsetTop)).size === 1`,
		"a mention is marked":             `document.querySelector('#m-103').matches('.mentioned.continued')`,
		"days are separated":              `[...document.querySelectorAll('.day')].map((e) => e.textContent).join() === 'Yesterday,Today'`,
		"an ephemeral message can go":     `document.querySelector('#m-105 .only-you button')`,
		"a deferred answer is thinking":   `document.querySelector('#m-106').innerText.includes('Attaché is thinking…')`,
		"the bot carries a badge":         `document.querySelector('#m-101 .badge').textContent === 'APP'`,
		"relative times stay live":        `document.querySelector('#m-102 time[data-relative]').textContent === '9 minutes ago'`,
		"components of both kinds appear": `document.querySelector('#m-104 .v2-box .select') && document.querySelectorAll('#m-102 .btn').length === 3`,
		"the newest message is in view":   `(() => { const s = document.getElementById('scroller'); return s.scrollHeight - s.scrollTop - s.clientHeight < 2; })()`,
		"nobody is asked outside":         `performance.getEntriesByType('resource').every((e) => new URL(e.name).origin === location.origin)`,
	} {
		if !eval[bool](b, "Boolean("+condition+")") {
			t.Errorf("%s: no", what)
		}
	}
	b.click("#m-105 .only-you button")
	b.wait(`!document.querySelector('#m-105')`)
}

func TestMessagesArriveWithoutReload(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.messages[alertsID] = []object{message("100", "Earlier", time.Minute)}
	b := open(t, f, desktop)

	f.post(alertsID, message("110", "A **truce** deal", 0))
	b.wait(`document.querySelector('#m-110 strong')?.textContent === 'truce'`)
	b.wait(`document.getElementById('live').textContent.includes('Attaché: A truce deal')`)

	edited := message("110", "A truce deal, confirmed", 0)
	edited["edited_timestamp"] = time.Now().UTC().Format(time.RFC3339)
	f.emit("message_update", object{"channel_id": alertsID, "message": edited})
	b.wait(`document.querySelector('#m-110').innerText.includes('confirmed') && document.querySelector('#m-110 .edited')`)

	f.emit("message_delete", object{"channel_id": alertsID, "message_id": "110"})
	b.wait(`!document.querySelector('#m-110')`)

	f.post(kyivID, message("111", "Elsewhere", 0))
	b.wait(`document.querySelector('.channel.unread[data-key="` + kyivID + `"]')`)
	b.click(`.channel[data-key="` + kyivID + `"]`)
	b.wait(`document.querySelector('#m-111') && !document.querySelector('.channel.unread')`)
}

// away drops the connection, lets things happen, and waits until the page is
// back.
func (b *browser) away(f *fake, happens func()) {
	b.t.Helper()
	eval[bool](b, `(() => { window.lost = false; new MutationObserver(() => { window.lost ||= Boolean(document.querySelector('.link-state.lost')); }).observe(document.getElementById('header'), {childList: true}); return true; })()`)
	f.drop()
	happens()
	b.wait(`window.lost && document.querySelector('.link-state.connected')`)
}

func TestPageCatchesUpAfterALostConnection(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := open(t, f, failing)

	b.away(f, func() {
		f.post(alertsID, message("120", "Written while the page was away", 0))
		f.post(kyivID, message("121", "Elsewhere meanwhile", 0))
	})
	b.wait(`document.querySelector('#m-120') && document.querySelector('.channel.unread').dataset.key === '` + kyivID + `'`)
	if n := eval[int](b, `performance.getEntriesByType('resource').filter((e) => e.name.includes('/api/state')).length`); n != 1 {
		t.Errorf("the state was asked for %d times: the events alone should do", n)
	}
	b.away(f, func() {
		f.mu.Lock()
		f.messages[alertsID] = append(f.messages[alertsID], message("122", "Beyond what the sandbox remembers", 0))
		f.lapsed = true
		f.mu.Unlock()
	})
	b.wait(`document.querySelector('#m-120') && document.querySelector('#m-122')`)
}

func TestNewMessagesAreMarked(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	for i := range 60 {
		f.messages[alertsID] = append(f.messages[alertsID], message(fmt.Sprint(1000+i), fmt.Sprintf("Report %d", i), time.Minute))
	}
	b := open(t, f, desktop)
	b.wait(`document.querySelectorAll('.msg').length === 50`)
	eval[int](b, `document.getElementById('scroller').scrollTop = 900`)
	b.wait(`!document.getElementById('pill').hidden`)
	f.post(alertsID, message("1100", "New", 0))
	f.post(alertsID, message("1101", "Newer", 0))
	b.wait(`document.getElementById('pill').textContent === '2 new messages' && document.querySelector('.new-line').nextElementSibling.id === 'm-1100' && document.querySelectorAll('.new-line').length === 1`)
	b.click("#pill")
	b.wait(`document.getElementById('pill').hidden && !document.querySelector('.channel.unread')`)

	// What comes in another channel waits there below a line, also after a reload.
	eval[bool](b, `localStorage.setItem('attache.read.ended.101', '{}') ?? true`)
	f.post(kyivID, message("1102", "Elsewhere", 0))
	b.wait(`document.querySelector('.channel.unread')`)
	f.mu.Lock()
	for _, c := range f.state["guilds"].([]object)[0]["channels"].([]object) {
		c["last_message_id"] = map[any]any{kyivID: "1102", alertsID: "1101"}[c["id"]]
	}
	f.mu.Unlock()
	b.do(chromedp.Reload())
	b.wait(`[...document.querySelectorAll('.channel.unread')].map((e) => e.dataset.key).join() === '` + kyivID + `'`)
	b.click(`.channel[data-key="` + kyivID + `"]`)
	b.wait(`document.querySelector('.new-line').nextElementSibling.id === 'm-1102' && !document.querySelector('.channel.unread')`)
	b.do(chromedp.Reload())
	b.wait(`document.querySelector('#m-1102') && !document.querySelector('.channel.unread, .new-line')`)
	b.wait(`Object.keys(localStorage).join() === 'attache.read.fake.101'`)
}

func TestAQuotedMessageFarBackIsFound(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	for i := range 180 {
		f.messages[alertsID] = append(f.messages[alertsID], message(fmt.Sprint(1000+i), fmt.Sprintf("Report %d", i), time.Minute))
	}
	reply := message("1200", "As I said", 0)
	reply["type"], reply["message_reference"], reply["referenced_message"] = 19, object{"message_id": "1003"}, f.messages[alertsID][3]
	f.messages[alertsID] = append(f.messages[alertsID], reply)
	b := open(t, f, desktop)
	b.wait(`document.querySelector('#m-1200 .above').textContent.includes('Report 3')`)
	b.click("#m-1200 .above-jump")
	b.wait(`(() => { const r = document.querySelector('#m-1003')?.getBoundingClientRect(); return r && r.top > 0 && r.bottom < innerHeight; })()`)
}

func TestOlderMessagesLoadOnScrollingUp(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	for i := range 120 {
		f.messages[alertsID] = append(f.messages[alertsID], message(fmt.Sprint(1000+i), fmt.Sprintf("Report %d", i), time.Duration(120-i)*time.Minute))
	}
	b := open(t, f, desktop)
	b.wait(`document.querySelectorAll('.msg').length === 50`)
	eval[int](b, `document.getElementById('scroller').scrollTop = 100`)
	b.wait(`document.querySelectorAll('.msg').length === 100`)
	if !eval[bool](b, `document.getElementById('scroller').scrollTop > 300`) {
		t.Error("the view jumped when the older page came")
	}
	f.post(alertsID, message("2000", "News", 0))
	b.wait(`document.getElementById('pill').innerText.includes('1 new message')`)
	b.click("#pill")
	b.wait(`document.getElementById('pill').hidden && document.querySelector('#m-2000').getBoundingClientRect().bottom < innerHeight`)
	eval[int](b, `document.getElementById('scroller').scrollTop = 0`)
	b.wait(`document.querySelectorAll('.msg').length === 121 && document.querySelector('.welcome')`)
}

func TestTheWholePageWorksByKeyboard(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.messages[alertsID] = []object{message("160", "||hidden||", 0)}
	b := open(t, f, desktop)
	b.keys(kb.Tab)
	b.wait(`document.activeElement.matches('.skip')`)
	b.keys(kb.Tab + kb.ArrowDown)
	b.wait(`document.activeElement.matches('.guild[data-key="1001"]')`)
	b.keys(kb.ArrowUp + kb.Tab + kb.ArrowDown)
	b.wait(`document.activeElement.dataset.key === '3002' && getComputedStyle(document.activeElement).outlineStyle === 'solid'`)
	b.keys(kb.Enter)
	b.wait(`document.querySelector('.channel.here').dataset.key === '3002'`)
	b.do(chromedp.KeyEvent(kb.ArrowUp, chromedp.KeyModifiers(chromedp.ModifierAlt)))
	b.wait(`document.querySelector('.channel.here').dataset.key === '3001' && document.querySelector('#m-160')`)
	eval[bool](b, `document.querySelector('.spoiler').focus() ?? true`)
	b.keys(kb.Enter)
	b.wait(`document.querySelector('.spoiler.shown')`)
	b.keys("/")
	b.wait(`document.activeElement.value === '/' && document.querySelector('.popup-item.at')`)
	b.keys(kb.Escape)
	b.wait(`document.querySelector('.popup').hidden && document.activeElement.value === '/'`)
	b.keys(kb.Escape)
	b.wait(`document.activeElement.value === ''`)
}

func TestSwitchingTheUserChangesWhatIsAllowed(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := open(t, f, desktop)
	eval[bool](b, `document.querySelector('.act-as').focus() ?? true`)
	b.keys(kb.Enter)
	b.wait(`document.querySelectorAll('.pick-item').length === 2`)
	f.mu.Lock()
	for _, c := range f.state["guilds"].([]object)[0]["channels"].([]object) {
		c["permissions"] = forbidden
	}
	f.mu.Unlock()
	b.keys(kb.ArrowDown + kb.Enter)
	b.wait(`document.querySelector('.act-name').innerText === 'ben' && document.getElementById('composer-input').disabled`)
	b.wait(`document.getElementById('composer-input').placeholder.includes('do not have permission') && location.hash.startsWith('#/102/')`)
}

func TestLongLogsAreTrimmedAndComeBack(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := open(t, f, desktop)
	for i := range 401 {
		f.post(alertsID, message(fmt.Sprint(5000+i), fmt.Sprintf("Report %d", i), 0))
	}
	b.wait(`document.querySelector('#m-5400') && document.querySelectorAll('.msg').length === 200`)
	eval[int](b, `document.getElementById('scroller').scrollTop = 0`)
	b.wait(`document.querySelectorAll('.msg').length === 250`)
}

func TestPicturesOfTheSandboxAreShown(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	m := message("140", "", 0)
	m["attachments"] = []object{{"id": "1", "filename": "trend.svg", "content_type": "image/svg+xml", "url": strings.Replace(f.url, "127.0.0.1", "localhost", 1) + "/icon.svg", "size": 9}}
	m["embeds"] = []object{{"title": "Trend", "image": object{"url": "attachment://trend.svg"}}}
	f.messages[alertsID] = []object{m}
	b := open(t, f, desktop)
	b.wait(`document.querySelectorAll('#m-140 img').length === 1 && document.querySelector('#m-140 .embed-image img').naturalWidth > 0`)
}

func TestForumListsItsPosts(t *testing.T) {
	t.Parallel()
	b := open(t, newFake(t), desktop)
	b.click(`.channel[data-key="` + forumID + `"]`)
	b.wait(`[...document.querySelectorAll('.post')].map((e) => e.querySelector('.post-name').textContent).join() === 'Black Sea grain,Sanctions, round 19'`)
	b.wait(`document.querySelector('.post .tag').textContent.includes('trade') && document.querySelector('.post-foot').textContent.startsWith('3 messages')`)
	b.click(".tag-bar .tag:last-child")
	b.wait(`document.querySelectorAll('.post').length === 1 && document.querySelector('.post .tag').textContent.includes('sanctions')`)
	b.click(".post-open")
	b.wait(`document.querySelector('.header-name').innerText === 'Sanctions, round 19' && document.querySelector('.welcome').textContent.includes('in #stories')`)
	b.click(".crumb")
	b.wait(`document.querySelectorAll('.post').length === 2`)
}

func TestThreadsOpenFromTheirMessage(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.messages[kyivID] = []object{message(threadID, "It begins", time.Minute)}
	b := open(t, f, desktop)
	b.click(`.channel[data-key="` + kyivID + `"]`)
	b.wait(`document.querySelector('.thread-card').textContent.includes('the week-long pause') && document.querySelector('.thread-count').textContent.startsWith('0 messages')`)
	f.post(threadID, message("3100", "In the thread", 0))
	b.wait(`document.querySelector('.channel.unread').dataset.key === '` + threadID + `'`)
	b.click(`[data-key="threads"]`)
	b.wait(`document.querySelector('.pick-item').textContent.includes('1 message')`)
	b.keys(kb.Escape)
	b.click(".thread-card")
	b.wait(`document.querySelector('#m-3100') && document.querySelector('.crumb').textContent === 'kyiv-desk'`)
}

func TestWhatIsSaidOfAMessage(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	edited := message("150", "", time.Minute)
	edited["embeds"], edited["edited_timestamp"] = []object{{"title": "A truce deal"}}, time.Now().UTC().Format(time.RFC3339)
	sent := message("151", "@everyone <@&2002>", time.Minute)
	sent["flags"], sent["mention_everyone"] = 1, true
	f.messages[alertsID] = []object{edited, sent, message("152", "@everyone", time.Minute)}
	b := open(t, f, desktop)
	for what, condition := range map[string]string{
		"an edit of an embed is told":     `document.querySelector('#m-150 .edited')`,
		"a crosspost is told":             `document.querySelector('#m-151 .published').textContent === 'Published'`,
		"everyone is called":              `document.querySelector('#m-151').matches('.mentioned') && document.querySelectorAll('#m-151 .mention').length === 2`,
		"a role has its colour":           `document.querySelectorAll('#m-151 .mention')[1].style.getPropertyValue('--role') === '#2f6f8f'`,
		"who may not call everyone won't": `!document.querySelector('#m-152 .mention') && !document.querySelector('#m-152').matches('.mentioned')`,
	} {
		if !eval[bool](b, "Boolean("+condition+")") {
			t.Errorf("%s: no", what)
		}
	}
}

func TestPhoneHasDrawersAndNoSidewaysScroll(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.messages[alertsID] = append(newsDay(), message("200", strings.Repeat("W", 400)+" https://example.org/"+strings.Repeat("a", 300)+"\n```\n"+strings.Repeat("code ", 80)+"\n```", 0))
	b := open(t, f, window{width: 360, height: 740, scheme: "light"})
	fits := `document.documentElement.scrollWidth <= 360 && document.getElementById('scroller').scrollWidth <= 360
		&& [...document.querySelectorAll('.main .msg, .main .embed, .main .box, .header')].every((e) => e.getBoundingClientRect().right <= 360.5)`
	b.wait(fits)
	b.click("#nav-button")
	b.wait(`document.activeElement.matches('.channel.here') && document.querySelector('.nav').getBoundingClientRect().left === 0 && document.querySelector('.main').inert`)
	b.keys(kb.Escape)
	b.wait(`document.activeElement.id === 'nav-button' && !document.querySelector('.main').inert && document.querySelector('.nav').inert`)
	b.click("#members-button")
	b.wait(`document.querySelector('.members').getBoundingClientRect().right <= 360.5`)
	b.keys(kb.Escape)
	eval[bool](b, `document.getElementById('composer-input').focus() ?? true`)
	b.keys("/subscribe ")
	b.wait(`document.activeElement.dataset.option === 'topic'`)
	b.wait(fits)
}

func TestThemeCanBeChosenAndStays(t *testing.T) {
	t.Parallel()
	b := open(t, newFake(t), desktop)
	ground := `getComputedStyle(document.body).backgroundColor`
	dark := eval[string](b, ground)
	b.click(`[data-key="theme"]`)
	b.click(`[data-key="theme"]`)
	b.wait(`document.documentElement.dataset.theme === 'light' && ` + ground + ` !== ` + quote(dark))
	b.do(chromedp.Reload())
	b.wait(`document.documentElement.dataset.theme === 'light' && document.getElementById('app').dataset.ready === 'true'`)
}
