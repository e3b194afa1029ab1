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
			if shot.width < 500 {
				b.click("#nav-button")
				b.wait(`document.querySelector('.nav').getBoundingClientRect().left === 0`)
				snap("7-drawer")
				return
			}
			b.click(".parts .select")
			b.wait(`document.querySelector('.pick')`)
			snap("7-select")
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
