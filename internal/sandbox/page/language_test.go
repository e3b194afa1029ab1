package page_test

import (
	"testing"

	"github.com/chromedp/chromedp/kb"

	"github.com/attache-bot/attache/internal/sandbox"
)

// newsDesk is a real sandbox with a guild that ann owns and a bot that has
// registered a command with texts in Ukrainian.
func newsDesk(t *testing.T) (*browser, *bot) {
	t.Helper()
	s, err := sandbox.New(sandbox.Options{Limits: unhurried})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	if err := s.Start(t.Context(), "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	guild, ann := s.AddGuild("Foreign Desk"), s.AddUser("Ann Moreau")
	if err := s.AddMember(guild, ann); err != nil {
		t.Fatal(err)
	}
	if err := s.SetOwner(guild, ann); err != nil {
		t.Fatal(err)
	}
	if _, err := s.AddChannel(guild, "alerts", sandbox.Text); err != nil {
		t.Fatal(err)
	}
	d := startBot(t, s)
	d.call("PUT", "/applications/"+s.BotID()+"/commands", []object{{
		"name": "import", "description": "Reads a list", "description_localizations": object{"uk": "Читає список"}, "type": 1, "options": []object{
			{"type": 11, "name": "file", "description": "The list", "description_localizations": object{"uk": "Список"}, "required": true},
			{"type": 3, "name": "order", "description": "How", "choices": []object{{"name": "Newest", "name_localizations": object{"uk": "Найновіші"}, "value": "new"}}},
		},
	}})
	return open(t, &fake{url: s.URL()}, desktop), d
}

func TestLanguagesOfTheUserAndTheServer(t *testing.T) {
	t.Parallel()
	b, d := newsDesk(t)
	b.click(`[data-key="language"]`)
	b.wait(`document.querySelector('.pick-item')?.textContent.includes('Українська') && document.querySelector('.pick-item .pick-detail')`)
	b.keys("deutsch")
	b.wait(`document.querySelectorAll('.pick-item').length === 1`)
	b.keys(kb.Enter)
	b.wait(`document.querySelector('[data-key="language"]').title === 'Your language: Deutsch'`)
	b.click(`[data-key="language"]`)
	b.keys("uk" + kb.Enter)
	b.wait(`document.querySelector('[data-key="language"]').title === 'Your language: Українська'`)
	b.click(`[data-key="guild-language"]`)
	b.keys("français fr" + kb.Enter)
	b.wait(`document.querySelector('[data-key="guild-language"]').title === "The server's language: Français"`)

	b.click("#composer-input")
	b.keys("/imp")
	b.wait(`document.querySelector('.popup-item.at .popup-detail').textContent === 'Читає список'`)
	b.keys(kb.Enter)
	eval[bool](b, choose)
	b.wait(`document.activeElement.className === 'tail'`)
	b.keys("order" + kb.Enter)
	b.wait(`document.querySelector('.popup-item')?.innerText === 'Найновіші'`)
	b.keys(kb.Enter + kb.Enter)
	i := d.answer(4, object{"content": "<t:86400:D>"})
	if i["locale"] != "uk" || i["guild_locale"] != "fr" {
		t.Errorf("the command came in %v from a server in %v", i["locale"], i["guild_locale"])
	}
	b.wait(`document.querySelector('.msg .stamp')?.textContent.includes('1970 р.')`)
}

// choose puts a file into the command's option as the browser's dialogue does.
const choose = `(() => {
	const input = document.querySelector('.chip-file');
	const picked = new DataTransfer();
	picked.items.add(new File(['<opml version="2.0"><body><outline xmlUrl="https://example.org/feed.xml"/></body></opml>'], 'list.opml'));
	input.files = picked.files;
	return input.dispatchEvent(new Event('change'));
})()`

func TestFilesAreSentWithCommands(t *testing.T) {
	t.Parallel()
	b, d := newsDesk(t)
	b.keys("/import ")
	b.wait(`document.activeElement.dataset.option === 'file' && document.activeElement.type === 'file'`)
	b.click(".box-send")
	b.wait(`document.querySelector('.form-error').textContent === 'file: Choose a file.'`)
	eval[bool](b, choose)
	b.wait(`document.activeElement.className === 'tail' && document.querySelector('.form-error').textContent === ''`)
	b.keys(kb.Enter)
	data := d.answer(4, object{"content": "Read."})["data"].(object)
	files := data["resolved"].(object)["attachments"].(object)
	file, _ := files[data["options"].([]any)[0].(object)["value"].(string)].(object)
	if file["filename"] != "list.opml" || file["content_type"] == nil {
		t.Errorf("the command came with %v", data)
	}
}

// TestAClosedFormLeavesTheKeysToTheBox closes a form with Escape, whose button's
// row has been drawn anew meanwhile.
func TestAClosedFormLeavesTheKeysToTheBox(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	m := message("150", "Choose", 0)
	m["components"] = []object{{"type": 1, "components": []object{{"type": 2, "style": 1, "label": "Form", "custom_id": "form"}}}}
	f.messages[alertsID] = []object{m}
	b := open(t, f, desktop)
	show := func() {
		id := f.next(t)["_id"]
		f.emit("interaction", object{"id": id, "state": "modal", "modal": sampleModal()})
		b.wait(`document.querySelector('dialog[open]')`)
	}
	b.click(`[data-key="form"]`)
	show()
	changed := message("150", "Chosen", 0)
	f.emit("message_update", object{"channel_id": alertsID, "message": changed})
	b.wait(`document.querySelector('#m-150').innerText.includes('Chosen')`)
	b.keys(kb.Escape)
	b.wait(`!document.querySelector('dialog') && document.activeElement.id === 'composer-input'`)
	b.keys("/help ")
	b.wait(`document.activeElement.className === 'tail'`)
	b.keys(kb.Enter)
	show()
	b.keys(kb.Escape)
	b.wait(`!document.querySelector('dialog')`)
	eval[bool](b, `document.activeElement.blur() ?? true`)
	b.keys("well")
	b.wait(`document.getElementById('composer-input').value === 'well'`)
}
