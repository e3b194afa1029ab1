package page_test

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bwmarrin/discordgo"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/attache-bot/attache/bot/command"
	"github.com/attache-bot/attache/internal/app"
	"github.com/attache-bot/attache/internal/sandbox"
)

// TestANewcomerTriesEveryCommand types each command of the tree into the page,
// with the real bot and the demo's news behind it, and reads the answer. With
// ATTACHE_WALK naming a folder it writes pictures of each, dark and light, on a
// desktop and a phone, for people to look at; ATTACHE_WALK_LOCALE names the
// newcomer's language and the server's, such as "uk".
func TestANewcomerTriesEveryCommand(t *testing.T) {
	t.Parallel()
	chromium(t)
	d := demo(t)
	if _, err := d.Discord.WaitMessages(t.Context(), d.Truce, func(ms []*sandbox.Message) bool { return len(ms) > 0 }); err != nil {
		t.Fatal(err)
	}
	b := open(t, &fake{url: d.Discord.URL()}, desktop)
	w := &walk{b: b, dir: os.Getenv("ATTACHE_WALK")}
	if locale := os.Getenv("ATTACHE_WALK_LOCALE"); locale != "" {
		w.speak(locale)
	}
	for _, c := range command.Tree() {
		if c.Type == discordgo.MessageApplicationCommand {
			continue
		}
		for _, leaf := range leaves(c) {
			w.use(strings.TrimSpace(c.Name+" "+leaf.Name), leaf.Options)
		}
	}
	if w.n < 20 {
		t.Errorf("only %d commands", w.n)
	}
}

// speak chooses the language of the newcomer, who manages the server, and of the
// server.
func (w *walk) speak(locale string) {
	w.b.t.Helper()
	for _, key := range []string{"language", "guild-language"} {
		w.b.click(`[data-key="` + key + `"]`)
		w.b.wait(`document.querySelector('.pick-filter')`)
		eval[bool](w.b, `[...document.querySelectorAll('.pick-item')].find((e) => e.textContent.startsWith(new Intl.DisplayNames(['`+locale+`'], {type: 'language'}).of('`+locale+`').replace(/^./u, (c) => c.toLocaleUpperCase('`+locale+`')))).click() ?? true`)
		w.b.wait(`!document.querySelector('.pick')`)
	}
}

// demo is a demo that runs until the test ends.
func demo(t *testing.T) *app.Demo {
	t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	d, err := app.NewDemo(ctx, app.DemoOptions{Address: "127.0.0.1:0", Speed: 30}, slog.New(slog.DiscardHandler))
	if err != nil {
		stop()
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- d.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := cmp.Or(<-ended, d.Close()); err != nil {
			t.Error(err)
		}
	})
	return d
}

// leaves are a command's subcommands, or itself without its name.
func leaves(c *discordgo.ApplicationCommand) []*discordgo.ApplicationCommandOption {
	var out []*discordgo.ApplicationCommandOption
	for _, o := range c.Options {
		switch o.Type {
		case discordgo.ApplicationCommandOptionSubCommand:
			out = append(out, o)
		case discordgo.ApplicationCommandOptionSubCommandGroup:
			for _, leaf := range o.Options {
				named := *leaf
				named.Name = o.Name + " " + leaf.Name
				out = append(out, &named)
			}
		}
	}
	if len(out) == 0 {
		out = append(out, &discordgo.ApplicationCommandOption{Options: c.Options})
	}
	return out
}

// typed is what a newcomer types for an option that must be given.
func typed(command, option string) string {
	switch option {
	case "topic":
		if strings.HasPrefix(command, "topic ") {
			return "horm"
		}
		return "sanct"
	case "story":
		return "pause"
	case "query":
		return "pause kyiv"
	case "address":
		return "https://example.org/feed.xml"
	case "feed":
		return "Harbour"
	case "link":
		return "https://example.org/news/1"
	case "name":
		return "Hormuz"
	case "at", "from":
		return "8:00"
	case "to":
		return "18:00"
	}
	return ""
}

// walk goes through commands, one after the other.
type walk struct {
	b   *browser
	dir string
	n   int
}

// settled holds when the last thing in the channel is not the one that was, and is
// whole.
const settled = `(() => { const all = [...document.querySelectorAll('.msg')]; const last = all.at(-1);
	return document.querySelector('dialog[open]') || last && last.id !== window.before && !last.querySelector('.thinking') && document.activeElement; })()`

// use types a command with the options that it must have.
func (w *walk) use(name string, options []*discordgo.ApplicationCommandOption) {
	w.b.t.Helper()
	w.n++
	b := w.b
	eval[bool](b, `(() => { window.before = [...document.querySelectorAll('.msg')].at(-1)?.id ?? ''; document.getElementById('composer-input').focus(); return true; })()`)
	b.keys("/" + name + " ")
	b.wait(`document.activeElement.dataset.option || document.activeElement.className === 'tail'`)
	for _, o := range options {
		if !o.Required {
			if name != "digest add" || o.Name != "at" { // without a time there is nothing to add
				continue
			}
			b.wait(`document.activeElement.className === 'tail'`)
			b.keys(o.Name + kb.Enter)
		}
		b.wait(`document.activeElement.dataset.option === ` + quote(o.Name))
		if o.Type == discordgo.ApplicationCommandOptionAttachment {
			eval[bool](b, choose)
			b.wait(`document.activeElement.className === 'tail'`)
			continue
		}
		b.keys(typed(name, o.Name))
		if o.Autocomplete || len(o.Choices) > 0 {
			b.wait(`document.querySelector('.popup-item, .popup-note') && !document.querySelector('.popup')?.innerText.includes('Loading')`)
		}
		b.keys(kb.Enter)
		b.wait(`document.activeElement.dataset.option !== ` + quote(o.Name) + ` || ` + settled)
	}
	if eval[bool](b, `document.activeElement.className === 'tail'`) {
		b.keys(kb.Enter)
	}
	b.wait(settled)
	w.look(strings.ReplaceAll(name, " ", "-"))
	said := eval[string](b, `(document.querySelector('dialog[open]') ?? [...document.querySelectorAll('.msg')].at(-1)).innerText`)
	for _, bad := range []string{"Something went wrong", "I don't know this command", "took too long", "did not respond", "I could not read", "takes no messages"} {
		if strings.Contains(said, bad) {
			b.t.Errorf("/%s is answered: %s", name, said)
		}
	}
	if strings.TrimSpace(said) == "" {
		b.t.Errorf("/%s is answered with nothing", name)
	}
	if w.dir != "" {
		fmt.Printf("--- /%s\n%s\n", name, said)
	}
	if eval[bool](b, `Boolean(document.querySelector('dialog[open]'))`) {
		b.do(chromedp.Reload()) // somebody who does not fill it in
		b.wait(`document.getElementById('app').dataset.ready === 'true' && document.querySelector('.link-state.connected') && document.querySelector('.msg')`)
	}
}

// look takes pictures of what the reader sees, if they are wanted.
func (w *walk) look(name string) {
	w.b.t.Helper()
	if w.dir == "" {
		return
	}
	for _, size := range [][2]int64{{1280, 800}, {360, 740}} {
		for _, scheme := range []string{"dark", "light"} {
			w.b.do(chromedp.EmulateViewport(size[0], size[1]), prefer(scheme))
			w.b.wait(`new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`)
			eval[bool](w.b, `(() => { const s = document.getElementById('scroller'); s.scrollTop = s.scrollHeight; return true; })()`)
			png, err := chromedp.Run(w.b.ctx, chromedp.CaptureScreenshot())
			if err != nil {
				w.b.t.Fatal(err)
			}
			file := fmt.Sprintf("%02d-%s-%s-%d.png", w.n, name, scheme, size[0])
			if err := os.WriteFile(filepath.Join(w.dir, file), png, 0o600); err != nil {
				w.b.t.Fatal(err)
			}
		}
	}
	w.b.do(chromedp.EmulateViewport(int64(desktop.width), int64(desktop.height)), prefer(desktop.scheme))
}
