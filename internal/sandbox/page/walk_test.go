package page_test

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/bwmarrin/discordgo"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/attache-bot/attache/bot/command"
	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/app"
	"github.com/attache-bot/attache/internal/sandbox"
)

// TestNewcomersTryEveryCommand lets three people use the page with the real bot and
// the demo's news behind it, as somebody would who has not used the bot before: Mara
// in a server where much is set up, Robin in one where nothing is, Noor in direct
// messages. They read every answer. With ATTACHE_WALK naming a folder pictures of
// each are written, dark and light, on a desktop and a phone, for people to look at;
// ATTACHE_WALK_LOCALE names the language of all, such as "uk".
func TestNewcomersTryEveryCommand(t *testing.T) {
	t.Parallel()
	chromium(t)
	d := demo(t, app.DemoOptions{Speed: 30})
	tried := &trial{used: map[string]bool{}}
	t.Run("walks", func(t *testing.T) {
		for name, walk := range map[string]func(*walk){"Mara": mara, "Robin": robin, "Noor": noor} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				walk(begin(t, d, tried, name))
			})
		}
	})
	if t.Failed() {
		return
	}
	for _, c := range command.Tree() {
		for _, name := range leaves(c) {
			if !tried.used[name] {
				t.Errorf("nobody has tried %s", name)
			}
		}
	}
}

// unhurried lets bots take their time to answer, which Discord would not: no test
// depends on how fast the machine is.
var unhurried = sandbox.Limits{AnswerWithin: patience}

// demo is a demo that runs until the test ends.
func demo(t *testing.T, o app.DemoOptions) *app.Demo {
	t.Helper()
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	o.Address, o.Limits = "127.0.0.1:0", unhurried
	d, err := app.NewDemo(ctx, o, slog.New(slog.DiscardHandler))
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
	select {
	case <-d.News.Begun():
	case <-ctx.Done():
	}
	return d
}

// leaves are what of a command can be used: its subcommands, or itself.
func leaves(c *discordgo.ApplicationCommand) []string {
	var out []string
	for _, o := range c.Options {
		if o.Type == discordgo.ApplicationCommandOptionSubCommand {
			out = append(out, c.Name+" "+o.Name)
		}
	}
	if len(out) == 0 {
		out = append(out, c.Name)
	}
	return out
}

// trial notes which commands were used.
type trial struct {
	mu   sync.Mutex
	used map[string]bool
}

func (tr *trial) note(name string) {
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.used[name] = true
}

// walk is one person's way through the page.
type walk struct {
	*app.Demo
	t      *testing.T
	b      *browser
	trial  *trial
	who    string
	say    wording.Speaker
	locale string
	dir    string
	n      int
}

// begin opens the page as somebody.
func begin(t *testing.T, d *app.Demo, tried *trial, who string) *walk {
	t.Helper()
	w := &walk{Demo: d, t: t, trial: tried, who: strings.ToLower(who), dir: os.Getenv("ATTACHE_WALK"), locale: os.Getenv("ATTACHE_WALK_LOCALE")}
	w.say = wording.In(w.locale)
	win := desktop
	win.long = true
	w.b = open(t, &fake{url: d.Discord.URL()}, win)
	w.b.t = t
	if who != "Mara" {
		w.b.click(`[data-key="act-as"]`)
		w.pick(`e.querySelector('.pick-label').innerText === ` + quote(who))
		w.b.wait(`document.querySelector('.act-name').innerText === ` + quote(who) + ` && document.querySelector('.welcome')`)
	}
	if w.locale != "" {
		w.speak("language")
	}
	return w
}

// speak chooses the language of the person, or of the server.
func (w *walk) speak(key string) {
	w.t.Helper()
	w.b.click(`[data-key="` + key + `"]`)
	w.pick(`e.textContent.startsWith(new Intl.DisplayNames(['` + w.locale + `'], {type: 'language'}).of('` + w.locale + `').replace(/^./u, (c) => c.toLocaleUpperCase('` + w.locale + `')))`)
}

// pick picks what holds from the list that is open.
func (w *walk) pick(condition string) {
	w.t.Helper()
	w.b.clickOn(`[...document.querySelectorAll('.pick-item')].find((e) => ` + condition + `)`)
	w.b.wait(`!document.querySelector('.pick')`)
}

// enter opens a channel.
func (w *walk) enter(channel string) {
	w.t.Helper()
	w.b.clickOn(`[...document.querySelectorAll('.channel')].find((e) => e.querySelector('.channel-name')?.innerText === ` + quote(channel) + `)`)
	w.b.wait(`document.querySelector('.header-name').textContent === ` + quote(channel) + ` && document.querySelector('.welcome, .msg, .post')`)
}

// settled is how many of the person's commands, presses and forms were answered.
const settled = `Number(document.getElementById('app').dataset.settled ?? 0)`

// act does something to which the bot answers, and waits until that is shown.
func (w *walk) act(do func()) {
	w.t.Helper()
	before := eval[int](w.b, settled)
	do()
	w.b.wait(fmt.Sprintf(`%s > %d`, settled, before))
	w.drawn()
}

// drawn waits until what has come is drawn.
func (w *walk) drawn() {
	w.t.Helper()
	eval[bool](w.b, `new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(true))))`)
}

// use types a command with options, "name:what is typed", of which the first that
// is offered is taken.
func (w *walk) use(name string, options ...string) *walk {
	w.t.Helper()
	w.trial.note(name)
	w.act(func() {
		w.typed(name, options...)
		w.b.keys(kb.Enter)
		w.b.wait(`document.activeElement.id === 'composer-input' && document.activeElement.className !== 'tail' || document.querySelector('dialog[open]')`)
	})
	return w
}

// typed types a command with options and does not send it.
func (w *walk) typed(name string, options ...string) *walk {
	w.t.Helper()
	b := w.b
	b.wait(`document.getElementById('composer-input')`)
	eval[bool](b, `document.getElementById('composer-input').focus() ?? true`)
	w.b.insert("/" + name + " ")
	b.wait(`document.activeElement.dataset.option || document.activeElement.className === 'tail'`)
	for _, o := range options {
		option, value, _ := strings.Cut(o, ":")
		if eval[bool](b, `document.activeElement.className === 'tail'`) {
			w.b.insert(option)
			b.keys(kb.Enter)
		}
		b.wait(`document.activeElement.dataset.option === ` + quote(option))
		if option == "file" {
			eval[bool](b, attach(value))
			b.wait(`document.activeElement.className === 'tail'`)
			continue
		}
		w.b.insert(value)
		b.wait(`document.querySelector('.popup-list').ariaBusy !== 'true'`)
		if eval[bool](b, `Boolean(document.querySelector('.popup-item'))`) {
			b.keys(kb.Enter)
			b.wait(`document.activeElement.dataset.option !== ` + quote(option))
			continue
		}
		eval[bool](b, `document.querySelector('.tail').focus() ?? true`)
	}
	return w
}

// discard gives up the command that is typed.
func (w *walk) discard() {
	w.t.Helper()
	w.b.keys(kb.Escape + kb.Escape)
	w.b.wait(`document.activeElement.id === 'composer-input' && document.activeElement.value === ''`)
}

// attach puts a file into the command's option as the browser's dialogue does.
func attach(content string) string {
	return `(() => {
	const input = document.querySelector('.chip-file');
	const picked = new DataTransfer();
	picked.items.add(new File([` + quote(content) + `], 'list.opml'));
	input.files = picked.files;
	return input.dispatchEvent(new Event('change'));
})()`
}

// last is the last message that has something that can be pressed.
const last = `[...document.querySelectorAll('#messages .msg')].filter((e) => e.querySelector('.parts button')).at(-1)`

// press presses a button of the last message by what it is called.
func (w *walk) press(label wording.ID) *walk {
	w.t.Helper()
	w.pressed(last, w.say.Plain(label))
	return w
}

// pressed presses a button by its words.
func (w *walk) pressed(in, label string) {
	w.t.Helper()
	w.act(func() {
		w.b.clickOn(`[...` + in + `.querySelectorAll('.parts button.btn')].find((e) => e.innerText === ` + quote(label) + ` && !e.disabled)`)
	})
}

// choose chooses in the nth menu of the last message: items by place or, where
// their names are the same in all languages, by name.
func (w *walk) choose(menu int, items ...any) *walk {
	w.t.Helper()
	w.act(func() {
		w.b.clickOn(fmt.Sprintf(`%s.querySelectorAll('.parts .select')[%d]`, last, menu))
		for _, item := range items {
			w.b.clickOn(fmt.Sprintf(`[...document.querySelectorAll('.pick-item')].find((e, i) => i === %[1]s || e.querySelector('.pick-label').innerText === %[1]s)`, quote(item)))
		}
		eval[bool](w.b, `document.querySelector('.pick') ? document.dispatchEvent(new Event('pointerdown')) : true`)
		w.b.wait(`!document.querySelector('.pick')`)
	})
	return w
}

// fill fills in the form that is open and sends it.
func (w *walk) fill(values ...string) *walk {
	w.t.Helper()
	w.b.wait(`document.querySelector('dialog[open] .modal-input')`)
	for i, v := range values {
		// Typed within one look: whatever else takes the focus comes before or after it.
		w.b.wait(fmt.Sprintf(`((e, v) => { e.focus(); e.select(); document.execCommand('insertText', false, v); return e.value === v; })(document.querySelectorAll('dialog .modal-input')[%d], %s)`, i, quote(v)))
	}
	w.act(func() { eval[bool](w.b, `document.querySelector('dialog [type=submit]').click() ?? true`) })
	w.b.wait(`!document.querySelector('dialog')`)
	return w
}

// faults are words that no answer has.
var faults = []string{"Something went wrong", "I don't know this command", "took too long", "did not respond", "takes no messages", "undefined", "%!", "<no value>", "[object"}

// see reads what the last answer says, which in English has the words in it, and
// takes pictures.
func (w *walk) see(name string, words ...string) *walk {
	w.t.Helper()
	return w.reads("#messages .msg, .welcome, .post", name, words...)
}

// answered is see where alerts arrive too: it reads the last answer that only the
// person sees.
func (w *walk) answered(name string, words ...string) *walk {
	w.t.Helper()
	return w.reads("#messages .msg.ephemeral", name, words...)
}

// reads is see for the last of some elements.
func (w *walk) reads(elements, name string, words ...string) *walk {
	w.t.Helper()
	read := `(document.querySelector('dialog[open], .popup:not([hidden])') ?? [...document.querySelectorAll(` + quote(elements) + `)].at(-1)).innerText`
	for _, s := range words {
		if w.locale != "" {
			break
		}
		if held, err := w.b.holds(read + `.includes(` + quote(s) + `)`); err != nil || !held {
			w.t.Errorf("%s: it does not say %q (%v), but %s", name, s, err, eval[string](w.b, read))
			break
		}
	}
	said := eval[string](w.b, read)
	for _, bad := range faults {
		if strings.Contains(said, bad) {
			w.t.Errorf("%s: it says %s", name, said)
		}
	}
	if strings.TrimSpace(said) == "" {
		w.t.Errorf("%s: it says nothing", name)
	}
	if w.dir != "" {
		fmt.Printf("--- %s %s\n%s\n", w.who, name, said)
	}
	w.look(name)
	return w
}

// look takes pictures of what the reader sees, if they are wanted.
func (w *walk) look(name string) {
	w.t.Helper()
	w.n++
	if w.dir == "" {
		return
	}
	for _, size := range [][2]int64{{1280, 800}, {360, 740}} {
		for _, scheme := range []string{"dark", "light"} {
			w.b.do(chromedp.EmulateViewport(size[0], size[1]), prefer(scheme))
			w.drawn()
			eval[bool](w.b, `(() => { const s = document.getElementById('scroller'); s.scrollTop = s.scrollHeight; return true; })()`)
			png, err := chromedp.Run(w.b.ctx, chromedp.CaptureScreenshot())
			if err != nil {
				w.t.Fatal(err)
			}
			file := fmt.Sprintf("%s-%03d-%s-%s-%d.png", w.who, w.n, strings.NewReplacer(" ", "-", "?", "").Replace(name), scheme, size[0])
			if err := os.WriteFile(filepath.Join(w.dir, file), png, 0o600); err != nil {
				w.t.Fatal(err)
			}
		}
	}
	w.b.do(chromedp.EmulateViewport(int64(desktop.width), int64(desktop.height)), prefer(desktop.scheme))
	w.drawn() // a list that opens before the page hears of its size closes again
}
