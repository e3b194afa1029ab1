package page_test

import (
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestScreenshots writes pictures of the page for people to look at, into the
// folder that ATTACHE_SCREENSHOTS names.
func TestScreenshots(t *testing.T) {
	dir := os.Getenv("ATTACHE_SCREENSHOTS")
	if dir == "" {
		t.Skip("ATTACHE_SCREENSHOTS names no folder")
	}
	for _, shot := range []struct {
		name          string
		width, height int
		scheme        string
	}{
		{"desktop-dark", 1280, 800, "dark"},
		{"desktop-light", 1280, 800, "light"},
		{"phone-dark", 360, 740, "dark"},
		{"phone-light", 360, 740, "light"},
	} {
		t.Run(shot.name, func(t *testing.T) {
			f := newFake(t)
			f.messages[alertsID] = newsDay()
			f.choices = []object{{"name": "Ceasefire", "value": "ceasefire"}, {"name": "Peace talks", "value": "peace-talks"}, {"name": "Sanctions", "value": "sanctions"}}
			b := open(t, f, window{width: shot.width, height: shot.height, scheme: shot.scheme})
			snap := func(what string) {
				png, err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot())
				if err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, shot.name+"-"+what+".png"), png, 0o600); err != nil {
					t.Fatal(err)
				}
			}
			f.post("3005", message("9001", "A quiet word", 0))
			b.wait(`document.querySelector('.channel.unread')`)
			snap("1-bottom")
			eval[int](b, `document.getElementById('scroller').scrollTop = 0`)
			b.wait(`!document.getElementById('pill').hidden`)
			snap("2-top")
			eval[bool](b, `document.getElementById('composer-input').focus() ?? true`)
			b.keys("/")
			b.wait(`document.querySelectorAll('.popup-item').length > 5`)
			snap("3-commands")
			b.keys("subscribe ")
			b.wait(`document.querySelectorAll('.popup-item').length === 3`)
			snap("4-autocomplete")
			b.keys(kb.Enter)
			b.wait(`document.activeElement.className === 'tail'`)
			snap("5-options")
			b.keys("q" + kb.Enter)
			b.wait(`document.activeElement.dataset.option === 'quiet'`)
			b.keys("x" + kb.Enter)
			b.wait(`document.querySelector('.chip.wrong')`)
			snap("6-error")
			b.keys(kb.Escape + kb.Escape)
			f.messages["3005"] = oneOfEach(f.url)
			b.wait(`document.activeElement.id === 'composer-input'`)
			eval[bool](b, `document.querySelector('.channel[data-key="3005"]').click() ?? true`)
			b.wait(`document.querySelector('#m-240')`)
			snap("8-end")
			eval[int](b, `document.getElementById('scroller').scrollTop -= document.getElementById('scroller').clientHeight - 60`)
			b.wait(`!document.getElementById('pill').hidden`)
			snap("8-mid")
			eval[int](b, `document.getElementById('scroller').scrollTop = 0`)
			b.wait(`document.querySelector('#scroller').scrollTop === 0`)
			snap("8-begin")
			eval[bool](b, `document.querySelector('#m-222 .msg-more').click() ?? true`)
			b.wait(`document.querySelector('.menu')`)
			snap("9-menu")
			b.keys(kb.Enter)
			b.wait(`!document.querySelector('.reply-bar').hidden`)
			snap("9-reply")
			eval[bool](b, `document.querySelector('.channel[data-key="`+forumID+`"]').click() ?? true`)
			b.wait(`document.querySelectorAll('.post').length === 2`)
			snap("9-forum")
			eval[bool](b, `document.querySelector('.channel[data-key="3005"]').click() ?? true`)
			b.wait(`document.querySelector('#m-240')`)
			eval[bool](b, `(document.querySelector('[data-key="users"]').scrollIntoView({block: 'center'}), document.querySelector('[data-key="users"]').click()) ?? true`)
			b.wait(`document.querySelector('.pick')`)
			snap("9-users")
			b.keys(kb.Escape)
			b.wait(`!document.querySelector('.pick')`)
			eval[bool](b, `document.querySelector('[data-key="modal"]').click() ?? true`)
			f.emit("interaction", object{"id": f.next(t)["_id"], "state": "modal", "modal": sampleModal()})
			b.wait(`document.querySelector('dialog[open]')`)
			snap("9-modal")
			b.click("dialog .tool")
			b.wait(`!document.querySelector('dialog')`)
			if shot.width < 500 {
				b.click("#nav-button")
				b.wait(`document.querySelector('.nav').getBoundingClientRect().left === 0`)
				snap("7-drawer")
				return
			}
			f.emit("guild", object{})
			eval[bool](b, `document.querySelector('[data-key="fails"]').click() ?? true`)
			f.emit("interaction", object{"id": f.next(t)["_id"], "state": "failed"})
			b.wait(`document.querySelector('#m-222 .failed')`)
			snap("9-failed")
		})
	}
}

func newsDay() []object {
	fields := func(pairs ...string) []object {
		var out []object
		for i := 0; i < len(pairs); i += 2 {
			out = append(out, object{"name": pairs[i], "value": pairs[i+1], "inline": true})
		}
		return out
	}
	stamp := func(ago time.Duration) string { return time.Now().Add(-ago).UTC().Format(time.RFC3339) }
	with := func(m, more object) object {
		maps.Copy(m, more)
		return m
	}
	ann := object{"id": "101", "username": "ann", "global_name": "Ann Moreau"}
	return []object{
		with(message("100", "", 26*time.Hour), object{"embeds": []object{{
			"title": "EU envoys agree in principle on a nineteenth round of sanctions", "url": "https://example.org/eu", "color": 0xc78a10,
			"author":      object{"name": "Continental Wire · wire", "url": "https://example.org"},
			"description": "Ambassadors of the 27 reached a **political agreement** late on Sunday, two diplomats said. The text still needs the capitals' consent.",
			"fields":      fields("Topics", "Sanctions", "Stage", "agreed", "Standing", "claimed"),
			"footer":      object{"text": "First seen by Attaché"}, "timestamp": stamp(26 * time.Hour),
		}}}),
		with(message("101", "", 24*time.Minute), object{
			"interaction": object{"name": "subscribe", "user": ann},
			"content":     "Alerts on **Ceasefire** now go to <#3001>.\n-# Change them with </subscriptions:803> · mention <@&2002> when one comes",
		}),
		with(message("102", "", 22*time.Minute), object{"embeds": []object{{
			"title": "Trump says Putin agreed to a week-long pause in attacks on Kyiv", "url": "https://example.org/pause", "color": 0x4b64d8,
			"author":      object{"name": "Atlantic News Agency · wire"},
			"description": "The US president said Russia's leader had agreed not to strike the capital for a week because of the cold. **Russia has not confirmed.**\n> “I personally asked President Putin,” he told reporters.",
			"fields":      append(fields("Topics", "Ceasefire", "Stage", "announced", "Standing", "claimed"), object{"name": "Said by", "value": "Trump — *claims* · party: Russia\nKremlin — no comment <t:" + quote(time.Now().Add(-9*time.Minute).Unix()) + ":R>"}),
			"footer":      object{"text": "4 outlets, 2 wires · first seen"}, "timestamp": stamp(22 * time.Minute),
		}}, "edited_timestamp": stamp(9 * time.Minute), "components": []object{{"type": 1, "components": []object{
			{"type": 2, "style": 1, "label": "Timeline", "custom_id": "timeline:1"},
			{"type": 2, "style": 2, "label": "Mute story", "custom_id": "mute:1"},
			{"type": 2, "style": 5, "label": "Read", "url": "https://example.org/pause"},
		}}}}),
		with(message("103", "<@101> the story moved: **confirmed** by the other side.", 20*time.Minute), object{"mentions": []object{ann}}),
		with(message("104", "", 3*time.Minute), object{"flags": 1 << 15, "components": []object{{"type": 17, "accent_color": 0x24794a, "components": []object{
			{"type": 10, "content": "### Morning digest\n1. Grain corridor talks resume\n2. Two strikes near the border\n   - one denied\n\n`5` stories in `3` topics"},
			{"type": 14},
			{"type": 1, "components": []object{{"type": 3, "custom_id": "pick", "placeholder": "Show a topic", "options": []object{
				{"label": "Ceasefire", "value": "ceasefire", "description": "2 stories"}, {"label": "Military strike", "value": "strike", "description": "2 stories"}, {"label": "Sanctions", "value": "sanctions"},
			}}}},
		}}}}),
		with(message("105", "Only editors may remove subscriptions.", time.Minute), object{"flags": 64, "interaction": object{"name": "unsubscribe", "user": ann}}),
		with(message("106", "", 10*time.Second), object{"flags": 128, "interaction": object{"name": "search", "user": ann}}),
	}
}

// oneOfEach has a message for each thing that the page can show.
func oneOfEach(url string) []object {
	ann := object{"id": "101", "username": "ann", "global_name": "Ann Moreau"}
	with := func(id string, more object) object {
		m := message(id, "", time.Minute)
		maps.Copy(m, more)
		return m
	}
	said := with("220", object{"author": ann, "content": "Morning. Did **anyone** read the ~~leak~~ ||statement||? `code`, __underlined__, *slanted*, [a link](https://example.org/a)"})
	return []object{
		said,
		with("221", object{"content": "# Heading\n## Smaller\n### Smallest\n-# and a note\n> quoted\n1. one\n2. two\n   - below\n```go\nfunc main() {}\n```\n<t:1767312000:F> · <t:1767312000:d> · <t:1767312000:R>", "message_reference": object{"message_id": "220"}, "type": 19, "referenced_message": said}),
		with("222", object{"content": "@everyone <@&2002> <@101> <#3001> </subscribe:801> \U0001f54a\ufe0f", "mention_everyone": true, "flags": 1, "components": []object{
			{"type": 1, "components": []object{
				{"type": 2, "style": 1, "label": "Primary", "custom_id": "modal"},
				{"type": 2, "style": 2, "label": "Secondary", "custom_id": "fails"},
				{"type": 2, "style": 3, "label": "Success", "custom_id": "b3", "emoji": object{"name": "\u2705"}},
				{"type": 2, "style": 4, "label": "Danger", "custom_id": "b4"},
				{"type": 2, "style": 5, "label": "Link", "url": "https://example.org"},
			}},
			{"type": 1, "components": []object{{"type": 2, "style": 1, "label": "Disabled", "custom_id": "b5", "disabled": true}, {"type": 2, "style": 2, "emoji": object{"name": "\U0001f514"}, "custom_id": "b6"}}},
			{"type": 1, "components": []object{{"type": 5, "custom_id": "users", "placeholder": "Choose members", "min_values": 1, "max_values": 3}}},
		}}),
		with("230", object{"edited_timestamp": time.Now().UTC().Format(time.RFC3339), "embeds": []object{{
			"title": "An embed with everything", "url": "https://example.org", "color": 0x24794a, "description": "Words with **marks** and\n- a list\n- of two",
			"author": object{"name": "An author", "icon_url": url + "/icon.svg"}, "thumbnail": object{"url": url + "/icon.svg"}, "image": object{"url": "https://elsewhere.example/p.png"},
			"fields": []object{{"name": "One", "value": "1", "inline": true}, {"name": "Two", "value": "2", "inline": true}, {"name": "Three", "value": "wide"}},
			"footer": object{"text": "A footer", "icon_url": url + "/icon.svg"}, "timestamp": "2026-01-02T00:00:00Z",
		}}}),
		with("231", object{"thread": object{"id": "231", "name": "Talk of it", "message_count": 4}, "attachments": []object{
			{"id": "1", "filename": "trend.svg", "content_type": "image/svg+xml", "url": url + "/icon.svg", "size": 900, "description": "A chart", "width": 120, "height": 120},
			{"id": "2", "filename": "reports.csv", "content_type": "text/csv", "url": url + "/reports.csv", "size": 48213},
		}}),
		with("240", object{"flags": 1 << 15, "components": []object{{"type": 17, "accent_color": 0xc78a10, "components": []object{
			{"type": 9, "components": []object{{"type": 10, "content": "### A section\nwith a button beside it"}}, "accessory": object{"type": 2, "style": 2, "label": "Open", "custom_id": "open"}},
			{"type": 14, "spacing": 2},
			{"type": 9, "components": []object{{"type": 10, "content": "and a picture"}}, "accessory": object{"type": 11, "media": object{"url": url + "/icon.svg"}, "description": "The case"}},
			{"type": 12, "items": []object{{"media": object{"url": url + "/icon.svg"}}, {"media": object{"url": url + "/icon.svg"}, "spoiler": true}}},
		}}}}),
	}
}

func sampleModal() object {
	return object{"custom_id": "m", "title": "A topic of your own", "components": []object{
		{"type": 10, "content": "Words that a report must hold, **one a line**."},
		{"type": 18, "label": "Name", "component": object{"type": 4, "custom_id": "a", "style": 1, "required": true, "min_length": 3, "max_length": 40, "placeholder": "Grain corridor"}},
		{"type": 18, "label": "Words", "description": "At least two", "component": object{"type": 4, "custom_id": "b", "style": 2, "required": false}},
		{"type": 18, "label": "Where", "component": object{"type": 8, "custom_id": "c", "max_values": 2}},
		{"type": 18, "label": "How", "component": object{"type": 21, "custom_id": "d", "options": []object{{"label": "At once", "value": "1", "default": true}, {"label": "As a digest", "value": "2", "description": "Every morning"}}}},
	}}
}
