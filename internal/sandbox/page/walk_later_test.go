package page_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/chromedp/kb"

	"github.com/attache-bot/attache/internal/app"
	"github.com/attache-bot/attache/internal/sandbox"
)

// TestNewcomersTryWhatComesByItself has Mara and Robin set something up and see what
// the bot then does unasked: alerts in every kind of channel and how they go on, what
// quiet hours held, a digest, and the notices of what fails and is mended. The demo's
// own story does not begin, and the test puts its clock forward.
func TestNewcomersTryWhatComesByItself(t *testing.T) {
	t.Parallel()
	chromium(t)
	c := &clock{}
	c.pass(-60 * 24 * time.Hour) // behind all other clocks, which none of it can then pass
	d := demo(t, app.DemoOptions{Speed: 1e-6, Now: c.now})
	tried := &trial{used: map[string]bool{}}
	l := &later{mara: begin(t, d, tried, "Mara"), robin: begin(t, d, tried, "Robin"), clock: c}
	l.mara.who, l.robin.who = "later-mara", "later-robin"
	if l.mara.locale != "" {
		l.mara.speak("guild-language")
	}
	l.passed(0)
	l.setUp()
	l.readAlerts()
	l.haveQuiet()
	l.learnOfTroubles()
	l.typeExamples()
}

// clock is the demo's: it goes as clocks do, and can be put forward.
type clock struct{ ahead atomic.Int64 }

func (c *clock) now() time.Time       { return time.Now().Add(time.Duration(c.ahead.Load())) }
func (c *clock) pass(d time.Duration) { c.ahead.Add(int64(d)) }

// onTheWall has the page show the demo's time.
const onTheWall = `(() => {
	const real = window.real ??= Date;
	window.Date = class extends real {
		constructor(...given) { if (given.length) super(...given); else super(real.now() + %[1]d); }
		static now() { return real.now() + %[1]d; }
	};
	return true;
})()`

// later is the way of the two.
type later struct {
	mara, robin *walk
	clock       *clock
	// direct and bulletin are the channels whose messages are waited for.
	direct, bulletin string
}

// setUp has Robin subscribe alone, and Mara for the server.
func (l *later) setUp() {
	r, m := l.robin, l.mara
	eval[bool](r.b, `document.querySelector('.guild.direct').click() ?? true`)
	r.b.wait(`document.querySelector('.guild.direct.here') && document.querySelector('.welcome, .msg')`)
	l.direct = r.place()
	r.use("subscribe", "topic:truce")
	r.press("subscribe.confirm-button").see("direct subscribed", "Done. From now on")

	m.enter("general")
	m.use("notices", "channel:general").see("notices", "#general")
	m.use("feed add", "address:"+m.Outlets+"/harbour")
	m.press("feeds.add-button")
	m.use("subscribe", "topic:truce", "channel:bulletin", "updates:thread")
	m.press("subscribe.confirm-button")
	m.use("subscribe", "topic:truce", "channel:developments")
	m.press("subscribe.confirm-button")
	m.use("digest add", "topic:truce", "at:"+l.clockTime(time.Hour), "channel:ceasefire-watch").see("digest add", "#ceasefire-watch")
}

// clockTime is what clocks show in so long, in the zone of servers that chose none.
func (l *later) clockTime(in time.Duration) string {
	return l.clock.now().Add(in).UTC().Format("15:04")
}

const (
	pause  = "Trump says Putin agreed to week-long pause in attacks on Kyiv during extreme cold"
	agreed = "Kremlin confirms Russia agreed to halt strikes on Kyiv until Sunday at Trump's request"
	truce  = "Rival generals extend truce in Khartoum by a week to let aid in"
	depot  = "Israeli air strike hits weapons depot in southern Lebanon"
	drone  = "Turkish drone strike kills three fighters in northern Iraq"
)

// readAlerts has a claim come and then its confirmation, and looks at both in
// channels of each kind.
func (l *later) readAlerts() {
	r, m := l.robin, l.mara
	m.News.Publish("northwire", pause, `"I personally asked President Putin not to fire on Kyiv and the cities and towns for a week," he told his cabinet. Russia has not confirmed such a pledge.`)
	m.enter("bulletin")
	l.bulletin = m.place()
	thread := m.comes(l.bulletin, 1, saying(pause))
	m.drawn()
	m.see("alert", "week-long pause")
	m.enter("developments")
	post := m.asked(http.MethodPost, "/channels/"+m.place()+"/threads")
	m.b.wait(`document.querySelector('.post')`)
	m.see("post with its tags", "week-long pause", "Ceasefire", "Claimed")
	m.inside(`.post-open`)
	m.see("post", "week-long pause")
	topic := m.place()
	if !strings.Contains(string(post.Answer), topic) {
		m.t.Errorf("the post %s is not the one that was made: %s", topic, post.Answer)
	}
	r.comes(l.direct, 1, saying(pause))
	r.look("direct alert")

	m.News.Publish("capital", agreed, "Dmitry Peskov said Trump had personally asked Putin to refrain from striking Kyiv until 1 February.")
	answers := func(msg *sandbox.Message) bool { return msg.MessageReference != nil }
	m.comes(m.Truce, 1, answers)
	m.enter("ceasefire-watch")
	m.see("reply", "Confirmed by the parties")
	m.comes(thread, 1, anything)
	m.enter("bulletin")
	m.b.wait(`document.querySelector('.thread-card')`)
	m.look("thread below its alert")
	m.inside(`.thread-card`)
	m.see("thread", "Confirmed by the parties")
	m.comes(topic, 2, anything)
	m.asked(http.MethodPatch, "/channels/"+topic) // its tags
	m.enter("developments")
	m.b.wait(`document.querySelector('.post')?.innerText.includes('Confirmed by the parties')`)
	m.look("post with other tags")
	r.comes(l.direct, 1, answers)
	r.look("direct reply")
	r.press("living.timeline-button").see("direct timeline", "Kremlin")
}

// haveQuiet lets an alert come in quiet hours, which hold now wherever and whenever
// this is, and ends them.
func (l *later) haveQuiet() {
	m := l.mara
	m.enter("general")
	m.use("quiet set", "from:"+l.clockTime(-2*time.Hour), "to:"+l.clockTime(-3*time.Hour), "channel:bulletin").see("quiet set", "is quiet from")
	m.News.Publish("northwire", truce, "Both armies signed in Jeddah.")
	m.comes(m.Truce, 1, saying(truce)) // and in the same moment it is held elsewhere
	m.use("quiet off", "channel:bulletin").see("quiet off", "no quiet hours any more")
	m.comes(l.bulletin, 1, saying(truce))
	m.enter("bulletin")
	m.see("what quiet hours held", "In the quiet hours", "Khartoum")
}

// learnOfTroubles has a feed and a channel fail and be mended. A digest comes
// meanwhile.
func (l *later) learnOfTroubles() {
	m := l.mara
	m.enter("general")
	general, strikes, feed := m.place(), saying("<#"+m.Strikes+">"), saying("Harbour Diary")
	noticed := m.News.Fail("harbour")
	m.allow(sandbox.SendMessages)
	m.News.Publish("dnipro", depot, "Two people were hurt, residents said.")
	m.comes(m.Truce, 1, saying(depot))
	l.passes(70*time.Minute, general, 1, strikes)
	m.see("notice of a channel", "#strikes-and-talks gets no alerts")
	m.comes(m.Truce, 2, saying(truce)) // which it has as an alert
	m.enter("ceasefire-watch")
	m.see("digest", "Khartoum")
	m.enter("general")
	select {
	case <-noticed:
	case <-m.b.ctx.Done():
	}
	l.passes(25*time.Hour, general, 1, feed)
	m.see("notice of a feed", "can't read")
	m.use("status").see("status in trouble", "Harbour Diary")

	m.News.Mend("harbour")
	m.allow(0)
	m.News.Publish("northwire", drone, "The defence ministry in Ankara said it had hit a cave.")
	m.comes(m.Strikes, 1, saying(drone))
	l.passes(7*time.Hour, general, 2, feed)
	m.comes(general, 2, strikes)
	m.look("notices of what is mended")
	m.enter("strikes-and-talks")
	m.see("after the trouble", "three fighters")
}

// typeExamples types every example of /help as it stands there, and sends it.
func (l *later) typeExamples() {
	m := l.mara
	const shown = `[...[...document.querySelectorAll('#messages .msg')].at(-1).querySelectorAll('code')].map((e) => e.innerText).filter((s) => s.includes(':'))`
	m.enter("general")
	m.use("help")
	examples := eval[[]string](m.b, shown)
	m.press("help.managers-button")
	examples = append(examples, eval[[]string](m.b, shown)...)
	examples = append(examples, "/recent topic:ceasefire since:7d")
	if len(examples) < 10 {
		m.t.Errorf("/help has the examples %q only", examples)
	}
	for _, typed := range examples {
		m.act(func() {
			eval[bool](m.b, `document.getElementById('composer-input').focus() ?? true`)
			m.b.insert(typed)
			m.b.wait(`document.activeElement.className === 'tail'`)
			m.b.keys(kb.Enter)
			m.b.wait(`document.activeElement.className === 'box-input' || document.querySelector('.form-error')?.innerText`)
			if why := eval[string](m.b, `document.querySelector('.form-error')?.innerText ?? ''`); why != "" {
				m.t.Fatalf("%s is refused: %s", typed, why)
			}
		})
		m.see("example " + strings.Fields(typed)[0][1:])
	}
}

// place is the id of the open channel.
func (w *walk) place() string {
	w.t.Helper()
	return eval[string](w.b, `location.hash.split('/').at(-1)`)
}

// inside opens the post or thread behind something on the page.
func (w *walk) inside(selector string) {
	w.t.Helper()
	from := w.place()
	eval[bool](w.b, `document.querySelector('`+selector+`').click() ?? true`)
	w.b.wait(`!location.hash.endsWith('/` + from + `') && document.querySelector('#messages .msg')`)
}

// anything holds for every message.
func anything(*sandbox.Message) bool { return true }

// saying holds for messages that have the words in them.
func saying(words string) func(*sandbox.Message) bool {
	return func(m *sandbox.Message) bool {
		said := m.Content
		for _, e := range m.Embeds {
			said += "\n" + e.Title + "\n" + e.Description
		}
		return strings.Contains(strings.ReplaceAll(said, `\`, ""), words)
	}
}

// comes waits until everybody can read n messages in a channel for which it holds,
// and returns the last one's id.
func (w *walk) comes(channel string, n int, holds func(*sandbox.Message) bool) string {
	w.t.Helper()
	id, err := w.within(w.b.ctx, channel, n, holds)
	if err != nil {
		w.t.Fatal(err)
	}
	w.drawn()
	return id
}

func (w *walk) within(ctx context.Context, channel string, n int, holds func(*sandbox.Message) bool) (id string, err error) {
	_, err = w.Discord.WaitMessages(ctx, channel, func(all []*sandbox.Message) bool {
		found := 0
		for _, m := range all {
			if m.Flags&sandbox.FlagEphemeral == 0 && holds(m) {
				found++
				id = m.ID
			}
		}
		return found >= n
	})
	return id, err
}

// asked waits until the bot has made a request that succeeded.
func (w *walk) asked(method, path string) sandbox.Exchange {
	w.t.Helper()
	x, err := w.Discord.WaitRequest(w.b.ctx, func(x sandbox.Exchange) bool {
		return x.Method == method && x.Path == path && x.Status < http.StatusMultipleChoices
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return x
}

// allow denies the bot something in the channel of strikes, or nothing.
func (w *walk) allow(denied sandbox.Permissions) {
	w.t.Helper()
	if err := w.Discord.DenyBot(w.Strikes, denied); err != nil {
		w.t.Fatal(err)
	}
}

// passed puts the clock forward, and those that the two look at.
func (l *later) passed(d time.Duration) {
	l.clock.pass(d)
	for _, w := range []*walk{l.mara, l.robin} {
		eval[bool](w.b, fmt.Sprintf(onTheWall, time.Duration(l.clock.ahead.Load()).Milliseconds()))
	}
}

// passes lets so much time pass, and again, until n messages came for which it
// holds: nobody knows from outside when the bot has noted what it waits with.
func (l *later) passes(d time.Duration, channel string, n int, holds func(*sandbox.Message) bool) {
	m := l.mara
	m.t.Helper()
	for m.b.ctx.Err() == nil {
		l.passed(d)
		ctx, cancel := context.WithTimeout(m.b.ctx, 4*time.Second)
		_, err := m.within(ctx, channel, n, holds)
		cancel()
		if err == nil {
			m.drawn()
			return
		}
	}
	m.t.Fatal(fmt.Errorf("wait for a message: %w", m.b.ctx.Err()))
}
