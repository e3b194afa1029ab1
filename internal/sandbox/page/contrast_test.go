package page_test

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
)

// contrast lists the texts in view whose colour stands less than 4.5:1 from its
// ground (3:1 when large), after WCAG 2.2, 1.4.3. Disabled controls are exempt.
const contrast = `(() => {
	const parse = (c) => {
		const m = c.match(/[\d.]+/g).map(Number);
		const scale = c.startsWith('color(') ? 255 : 1;
		return {r: m[0] * scale, g: m[1] * scale, b: m[2] * scale, a: m[3] ?? 1};
	};
	const over = (top, under) => ({r: top.r * top.a + under.r * (1 - top.a), g: top.g * top.a + under.g * (1 - top.a), b: top.b * top.a + under.b * (1 - top.a), a: 1});
	const ground = (el) => {
		const layers = [];
		for (let e = el; e; e = e.parentElement) {
			const c = parse(getComputedStyle(e).backgroundColor);
			if (c.a > 0) layers.push(c);
			if (c.a === 1) break;
		}
		return layers.reduceRight((under, top) => over(top, under), {r: 255, g: 255, b: 255, a: 1});
	};
	const light = ({r, g, b}) => {
		const f = (v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
		return 0.2126 * f(r) + 0.7152 * f(g) + 0.0722 * f(b);
	};
	const bad = new Map();
	const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
	let seen = 0;
	for (let n = walker.nextNode(); n; n = walker.nextNode()) {
		const el = n.parentElement;
		if (!n.data.trim() || !el.checkVisibility({visibilityProperty: true, opacityProperty: true}) || el.closest(':disabled, .sr, script, noscript, title, .member.away')) continue;
		seen++;
		const style = getComputedStyle(el);
		const under = ground(el);
		const a = light(over(parse(style.color), under));
		const b = light(under);
		const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
		const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
		if (ratio < (large ? 3 : 4.5)) bad.set(el.localName + '.' + el.className, ratio.toFixed(2) + ' for ' + n.data.trim().slice(0, 40));
	}
	if (seen < 20) bad.set('page', 'only ' + seen + ' texts');
	return [...bad].map(([k, v]) => k + ': ' + v);
})()`

func TestTextStandsOutInBothThemes(t *testing.T) {
	t.Parallel()
	for _, scheme := range []string{"dark", "light"} {
		t.Run(scheme, func(t *testing.T) {
			t.Parallel()
			f := newFake(t)
			f.messages[alertsID] = append(newsDay(), message("400", "`code` <#3001> **b** [l](https://example.org) <t:0:R>\n> q\n-# s\n```\nx\n```", 0))
			f.state["bot"].(object)["online"] = false
			b := open(t, f, window{width: 1280, height: 800, scheme: scheme})
			f.post("3005", message("9001", "x", 0))
			b.wait(`document.querySelector('.channel.unread')`)
			check := func(when string) {
				for _, s := range eval[[]string](b, contrast) {
					t.Errorf("%s, %s", when, s)
				}
			}
			check("at rest")
			b.keys("/")
			b.wait(`document.querySelectorAll('.popup-item').length > 5`)
			check("with the commands open")
			b.keys("search ")
			b.wait(`document.activeElement.dataset.option === 'words'`)
			b.keys(kb.Enter)
			b.wait(`document.querySelector('.chip.wrong')`)
			check("with an error")
			b.keys(kb.Escape + kb.Escape)
			b.wait(`document.activeElement.value === ''`)
			f.mu.Lock()
			f.messages[kyivID] = oneOfEach(f.url)
			f.mu.Unlock()
			eval[bool](b, `document.querySelector('.channel[data-key="`+kyivID+`"]').click() ?? true`)
			b.wait(`document.querySelectorAll('.msg').length === 6`)
			f.post(kyivID, message("250", "x", 0))
			eval[int](b, `document.getElementById('scroller').scrollTop = 300`)
			b.wait(`!document.getElementById('pill').hidden`)
			f.post(kyivID, message("251", "y", 0))
			b.wait(`document.querySelector('.new-line')`)
			eval[bool](b, `document.querySelector('#m-222 .msg-more').click() ?? true`)
			b.wait(`document.querySelector('.menu')`)
			check("with all that there is, and a menu")
			b.keys(kb.Enter)
			b.wait(`!document.querySelector('.reply-bar').hidden`)
			check("with a reply")
			eval[bool](b, `document.querySelector('.channel[data-key="`+forumID+`"]').click() ?? true`)
			b.wait(`document.querySelectorAll('.post').length === 2`)
			check("in a forum")
		})
	}
}

// TestControlsHaveNames looks for controls that a screen reader cannot name.
func TestControlsHaveNames(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.messages[alertsID] = newsDay()
	b := open(t, f, desktop)
	for _, s := range eval[[]string](b, `[...document.querySelectorAll('button, a, input, [role="button"], [role="listbox"], nav, aside, section')]
		.filter((e) => e.checkVisibility() && !(e.getAttribute('aria-label') || e.textContent.trim() || document.getElementById(e.getAttribute('aria-labelledby'))))
		.map((e) => e.outerHTML.slice(0, 120))`) {
		t.Errorf("no name: %s", s)
	}
}
