package page_test

import (
	"testing"

	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"
)

// TestCommandsTypedWithNamesAndValues puts whole commands into the box, as people
// copy them from each other and from /help, and sends them.
func TestCommandsTypedWithNamesAndValues(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.choices = []object{{"name": "Ceasefire", "value": "ceasefire"}}
	b := open(t, f, desktop)
	b.click("#composer-input")
	topic := func(value string) object { return object{"name": "topic", "type": 3.0, "value": value} }
	channel := object{"name": "channel", "type": 7.0, "value": kyivID}
	for _, c := range []struct {
		typed string
		want  []any
	}{
		{"/subscribe topic:truce channel:#kyiv-desk quiet:true", []any{topic("truce"), channel, object{"name": "quiet", "type": 5.0, "value": true}}},
		{"/subscribe channel: <#" + kyivID + ">  topic: Peace talks", []any{topic("Peace talks"), channel}},
		{"/subscribe truce stage:in force mention:@desk: Eastern Europe", []any{
			topic("truce"), object{"name": "stage", "type": 3.0, "value": "in-force"}, object{"name": "mention", "type": 8.0, "value": "2003"},
		}},
		{"/Subscribe Topic:truce topic:again nothing:here", []any{topic("truce topic:again nothing:here")}},
		{"/recent count:7", []any{object{"name": "count", "type": 4.0, "value": 7.0}}},
		{"/search Hormuz (tanker OR ship) at:sea", []any{object{"name": "words", "type": 3.0, "value": "Hormuz (tanker OR ship) at:sea"}}},
		{"/topics show topic:truce", []any{object{"name": "show", "type": 1.0, "options": []any{topic("truce")}}}},
	} {
		b.insert(c.typed)
		b.wait(`document.querySelector('.form') && document.querySelector('.popup-list').ariaBusy !== 'true'`)
		eval[bool](b, `document.querySelector('.tail').focus() ?? true`)
		b.keys(kb.Enter)
		if diff := cmp.Diff(c.want, f.next(t)["data"].(object)["options"]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.typed, diff)
		}
		b.wait(`document.activeElement.id === 'composer-input' && document.activeElement.value === ''`)
	}
}

// TestOptionsAreTypedByName types letter by letter: a name and a colon begin an
// option, wherever one is.
func TestOptionsAreTypedByName(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	b := open(t, f, desktop)
	b.keys("/subscribe channel:")
	b.wait(`document.activeElement.dataset.option === 'channel' && document.querySelector('.popup-item')?.innerText.includes('#')`)
	b.keys("kyiv-desk quiet:True mention:")
	b.wait(`document.activeElement.dataset.option === 'mention' && document.querySelector('[data-option=quiet]').value === 'True'`)
	b.keys("nobody topic: tru")
	b.wait(`document.activeElement.dataset.option === 'topic' && document.activeElement.value === 'tru' && document.querySelector('.popup-list').ariaBusy !== 'true'`)
	b.keys(kb.Enter)
	b.wait(`document.querySelector('.form-error').innerText === 'mention: There is no such role here.' && document.activeElement.dataset.option === 'mention'`)
	for range "nobody" {
		b.keys(kb.Backspace)
	}
	b.wait(`document.activeElement.value === ''`)
	b.keys(kb.Escape + kb.Backspace)
	b.wait(`!document.querySelector('[data-option=mention]')`)
	eval[bool](b, `document.querySelector('.tail').focus() ?? true`)
	b.keys("stages:agreed" + kb.Enter)
	b.wait(`document.querySelector('.form-error').innerText.startsWith('stages:agreed belongs to no option.')`)
	for range "stages:agreed" {
		b.keys(kb.Backspace)
	}
	b.wait(`document.activeElement.value === ''`)
	b.keys(kb.Enter)
	want := []any{
		object{"name": "topic", "type": 3.0, "value": "tru"}, object{"name": "channel", "type": 7.0, "value": kyivID}, object{"name": "quiet", "type": 5.0, "value": true},
	}
	if diff := cmp.Diff(want, f.next(t)["data"].(object)["options"]); diff != "" {
		t.Errorf("options (-want +got):\n%s", diff)
	}
}
