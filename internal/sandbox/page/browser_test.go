package page_test

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// patience bounds a whole test, so that a broken page fails instead of hanging.
const patience = 90 * time.Second

// browser is one tab on the page, with a record of what its console said.
type browser struct {
	t   testing.TB
	ctx context.Context
	win window

	mu       sync.Mutex
	troubles []string
}

// chromium finds the browser; without one the test is skipped, but not in CI.
func chromium(t testing.TB) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") != "" {
		t.Fatal("find chromium: not in PATH; CI must install it")
	}
	t.Skip("no Chromium in PATH")
	return ""
}

// window is what a test wants of its browser.
type window struct {
	width, height int
	scheme        string // "dark" or "light"
	failing       bool   // requests fail on purpose in this test
	long          bool   // the test does so much that it takes some patience more
	zone          string // time zone, such as "Asia/Kolkata"; "" is one where it is about noon
	language      string // of the reader, such as "de-DE"; "" leaves American English
}

// shared is the one browser of all tests; each test has a window of its own in
// it. It starts with the first test that asks, and TestMain ends it.
var shared struct {
	once sync.Once
	ctx  context.Context
	err  error
	end  []func()
}

func TestMain(m *testing.M) {
	code := m.Run()
	for _, end := range slices.Backward(shared.end) {
		end()
	}
	os.Exit(code)
}

// startShared starts the browser.
func startShared(path string) {
	dir, err := os.MkdirTemp("", "attache-page-")
	if err != nil {
		shared.err = err
		return
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.UserDataDir(dir), chromedp.WSURLReadTimeout(patience),
	)
	alloc, cancelAlloc := chromedp.NewExecAllocator(context.Background(), opts...)
	ctx, cancel := chromedp.NewContext(alloc)
	shared.ctx, shared.err = ctx, chromedp.Do(ctx)
	shared.end = []func(){
		func() { _ = os.RemoveAll(dir) }, cancelAlloc, cancel,
		func() { _ = chromedp.Cancel(ctx) }, // waits until the process is gone
	}
}

// open loads the page in a window of its own, with storage of its own. The test
// fails at its end if the console reported an error.
func open(t testing.TB, f *fake, win window) *browser {
	t.Helper()
	path := chromium(t)
	shared.once.Do(func() { startShared(path) })
	if shared.err != nil {
		t.Fatalf("start browser: %v", shared.err)
	}
	b := &browser{t: t, win: win}
	limit := patience
	if _, ok := t.(*testing.B); ok || os.Getenv("ATTACHE_WALK") != "" { // pictures take time
		limit *= 10
	}
	if win.long {
		limit *= 4
	}
	limited, cancelLimit := context.WithTimeout(shared.ctx, limit)
	ctx, cancel := chromedp.NewContext(limited, chromedp.WithListener(b.listen), chromedp.WithNewBrowserContext())
	b.ctx = ctx
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx)
		cancel()
		cancelLimit()
		b.mu.Lock()
		defer b.mu.Unlock()
		if len(b.troubles) > 0 {
			t.Errorf("console reported errors:\n%s", strings.Join(b.troubles, "\n"))
		}
	})
	b.do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		if _, err := cdp.Call(ctx, tab, log.Enable, cdp.Empty{}); err != nil {
			return err
		}
		// The windows lie above each other: each acts as if it had the focus.
		_, err := cdp.Call(ctx, tab, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
		return err
	}), chromedp.EmulateViewport(int64(win.width), int64(win.height)), prefer(win.scheme), live(cmp.Or(win.zone, noonZone(time.Now()))), speak(win.language), chromedp.Navigate(f.url))
	b.wait(`document.getElementById('app').dataset.ready === 'true' && document.querySelector('.link-state.connected') && document.querySelector('.welcome, .msg, .history-error')`)
	return b
}

// prefer sets the colour scheme that the system is said to prefer.
func prefer(scheme string) chromedp.Action[chromedp.Void] {
	features := []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme},
		{Name: "prefers-reduced-motion", Value: "reduce"},
	}
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: features})
		return err
	})
}

// noonZone names the zone in which it is between noon and one: messages of the
// last hours are of today there, whatever the hour of the test. Etc/GMT-3 is
// three hours east of Greenwich.
func noonZone(now time.Time) string {
	return fmt.Sprintf("Etc/GMT%+d", now.UTC().Hour()-12)
}

// live sets the time zone that the reader lives in.
func live(zone string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: zone})
		return err
	})
}

// speak sets the language that the reader prefers.
func speak(language string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		if language == "" {
			return nil
		}
		_, err := cdp.Call(ctx, tab, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: "test", AcceptLanguage: language})
		return err
	})
}

func (b *browser) listen(event any) {
	trouble := ""
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		trouble = e.ExceptionDetails.Text
		if e.ExceptionDetails.Exception != nil {
			trouble += " " + e.ExceptionDetails.Exception.Description
		}
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
			for _, a := range e.Args {
				trouble += string(a.Value) + a.Description + " "
			}
		}
	case *log.EventEntryAdded:
		// The browser itself tells of each failed request.
		wanted := b.win.failing && e.Entry.Source == log.EntrySourceNetwork
		if !wanted && (e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning) {
			trouble = e.Entry.Text + " " + e.Entry.URL
		}
	}
	if trouble != "" {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.troubles = append(b.troubles, trouble)
	}
}

func (b *browser) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatalf("drive browser: %v", err)
	}
}

// wait blocks until a JavaScript condition holds.
func (b *browser) wait(condition string) {
	b.t.Helper()
	held, err := b.holds(condition)
	if err == nil && held {
		return
	}
	body, _ := chromedp.Run(b.ctx, chromedp.Evaluate[string](`document.body.innerText`))
	b.mu.Lock()
	defer b.mu.Unlock()
	b.t.Fatalf("condition %s does not come true (%v)\nconsole: %v\npage:\n%s", condition, err, b.troubles, body)
}

// clickOn waits for an element and clicks on it within one look, so that the page cannot
// draw another in its place between the two.
func (b *browser) clickOn(element string) {
	b.t.Helper()
	b.wait(`((e) => e && (e.click(), true))(` + element + `)`)
}

// holds tells whether a JavaScript condition comes true. It looks after each frame;
// chromedp's own polling compiles strings in the page, which the page forbids.
func (b *browser) holds(condition string) (bool, error) {
	return chromedp.Run(b.ctx, chromedp.Evaluate[bool](fmt.Sprintf(`new Promise((resolve) => {
		const end = performance.now() + %d;
		const look = () => {
			let held = false;
			try { held = Boolean(%s); } catch { held = false; }
			if (held || performance.now() > end) resolve(held);
			else requestAnimationFrame(look);
		};
		look();
	})`, (20*time.Second).Milliseconds(), condition), chromedp.EvalAwaitPromise))
}

// eval gives the value of an expression, which may be a promise.
func eval[T any](b *browser, expression string) T {
	b.t.Helper()
	out, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("evaluate %s: %v", expression, err)
	}
	return out
}

// keys presses keys where the focus is.
func (b *browser) keys(keys string) {
	b.t.Helper()
	b.do(chromedp.KeyEvent(keys))
}

// insert puts words where the focus is, as a keyboard with whole words does.
func (b *browser) insert(words string) {
	b.t.Helper()
	b.do(chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, input.InsertText, input.InsertTextParams{Text: words})
		return err
	}))
}

// click presses the first element that a selector finds.
func (b *browser) click(selector string) {
	b.t.Helper()
	b.do(chromedp.Click(chromedp.CSS(selector)))
}

func quote(v any) string {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("marshal: %v", err))
	}
	return string(raw)
}
