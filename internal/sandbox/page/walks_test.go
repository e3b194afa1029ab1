package page_test

import (
	"fmt"

	"github.com/chromedp/chromedp/kb"

	"github.com/attache-bot/attache/bot/wording"
	"github.com/attache-bot/attache/internal/sandbox"
)

// mara manages the Newsroom and tries everything there in which something is set
// up, with the answer that people get as a rule.
func mara(w *walk) {
	if w.locale != "" {
		w.speak("guild-language")
	}
	w.enter("general")
	w.see("greeting", "Hello, I am Attaché")
	w.news()
	w.setsUp()
	w.subscribes()
	w.looksUp()
	w.makesATopic()
	w.addsFeeds()
	w.arrangesDigests()
	w.findsQuiet()
	w.asksWhatIsKept()
	w.readsAlerts()
}

// news has outlets tell something that is fresh, and waits until the bot has
// told the last of it.
func (w *walk) news() {
	w.t.Helper()
	for _, it := range [][2]string{
		{"Canada puts sanctions on shipping insurers of Russian crude", "The measures begin on Monday. Ottawa named six companies."},
		{"Norway follows the EU with an asset freeze for Russian shipyards", "The sanctions concern four yards in the Arctic, the foreign ministry said."},
		{"US extends sanctions on Syrian central bank by a year", "The Treasury wants to see a new government's first steps."},
		{"Envoys of Iran and Iraq open peace talks on border clashes in Muscat", "Oman's foreign minister received both delegations on Thursday."},
	} {
		w.News.Publish("northwire", it[0], it[1])
	}
	if _, err := w.Discord.WaitMessages(w.t.Context(), w.Strikes, func(ms []*sandbox.Message) bool { return len(ms) > 0 }); err != nil {
		w.t.Fatal(err)
	}
}

func (w *walk) setsUp() {
	w.use("setup").see("setup", "Set me up", "Finish")
	w.choose(0, "developments")
	w.choose(1, 1, 16)
	w.choose(2, "@Watch desk")
	w.choose(3, 1).see("setup chosen", "#developments", "two independent")
	w.press("setup.server-button").see("setup server", "Time zone")
	w.press("setup.other-zone-button").see("setup zone form")
	w.fill("Kyiv").see("setup zone", "Europe/Kyiv")
	w.press("setup.back-button")
	w.press("setup.finish-button").see("setup finished", "Ready")
	w.press("setup.sample-button").see("setup sample", "I have posted a sample in #developments")
	w.use("test", "channel:bulletin").see("test", "I have posted a sample in #bulletin")
}

func (w *walk) subscribes() {
	w.typed("subscribe", "topic:truce").see("subscribe options", "channel").discard()
	w.use("subscribe", "topic:sanct", "channel:bulletin", "role:Watch").see("subscribe", "In the last 7 days: 3 stories, 3 mentions")
	w.press("subscribe.adjust-button").see("subscribe adjust what", "Choose what to change")
	w.choose(0, 1, 2)
	w.press("subscribe.who-button")
	w.choose(0, 0, 1).see("subscribe adjust who", "only from outlets of this kind")
	w.press("subscribe.how-button")
	w.choose(2, 2)
	w.choose(3, 1).see("subscribe adjust how", "without a sound")
	w.press("subscribe.what-button")
	w.press("subscribe.countries-button").see("subscribe countries form", "Which countries")
	w.fill("Russia, Japan").see("subscribe countries", "only about Russia or Japan")
	w.press("subscribe.done-button").see("subscribe adjusted", "In the last 7 days")
	w.press("subscribe.confirm-button").see("subscribe confirmed", "Done. From now on")
	w.use("subscribe", "topic:peace", "channel:developments")
	w.press("subscribe.confirm-button").see("subscribe forum", "#developments gets alerts about Peace talks")
	w.use("subscribe", "topic:truce", "channel:bulletin", "updates:thread", "silent:True").see("subscribe silent", "in a thread of it")
	w.press("subscribe.confirm-button")
	w.use("subscribe", "topic:truce", "channel:editors").see("subscribe hidden", "I may not post in #editors yet")
	w.use("subscribe", "topic:truce", "channel:bulletin").see("subscribe again", "already gets alerts about Ceasefire")
	w.use("subscribe", "topic:truce", "channel:no-bots").see("subscribe closed", "Send Messages")
	w.use("subscriptions").see("subscriptions", "#bulletin: Sanctions")
	w.choose(0, 0).see("subscription", "gets alerts about")
	w.press("subscribe.change-button").see("subscription change", "Choose what to change")
	w.press("subscribe.done-button").see("subscription changed", "In the last 7 days")
	w.press("subscribe.cancel-button").see("subscription unchanged", "Nothing was changed")
	w.use("subscriptions")
	w.choose(0, 1)
	w.press("subscribe.move-button").see("subscription move", "instead of")
	w.press("subscribe.back-button")
	w.press("subscribe.end-button").see("subscription delete", "no more alerts")
	w.press("subscribe.sure-button").see("subscription deleted", "gets no more alerts about")
	w.use("unsubscribe", "topic:peace", "channel:developments").see("unsubscribe", "gets no more alerts about Peace talks")
	w.use("unsubscribe", "topic:sanct").see("unsubscribe none", "gets no alerts")
}

func (w *walk) looksUp() {
	w.use("recent").see("recent", "Recent stories", "Norway follows")
	w.press("lookup.more-button").see("recent second page")
	w.use("recent", "topic:sanct", "country:russ").see("recent of a topic", "Norway follows")
	w.use("search", "query:tankers OR prisoners").see("search", "157 prisoners")
	w.use("search", "query:tanker NEAR/ russia").see("search wrong", "Character 8: write NEAR in capitals")
	w.typed("story", "story:pause").see("story offered").discard()
	w.use("story", "story:tankers").see("story", "sanctions")
	w.use("trend", "topic:sanct", "period:7").see("trend", "about Sanctions in 7 days")
	w.use("topics").see("topics", "Ceasefire")
	w.use("sources").see("sources", "Northwire")
	w.use("help").see("help", "What I can do")
	w.press("help.managers-button").see("help for managers")
}

func (w *walk) makesATopic() {
	w.use("topic create").see("topic create form", "New topic")
	w.fill("Tankers", "tanker OR (ship NEAR/5 oil)").see("topic create", "tanker")
	w.press("topic-form.confirm-button").see("topic created", "Tankers")
	w.use("topic test", "query:prisoners exchange").see("topic test", "157 prisoners")
	w.use("topic list").see("topic list", "Tankers")
	w.use("topic edit", "topic:Tankers").see("topic edit form")
	w.fill("Tankers", "tanker OR").see("topic edit wrong")
	w.press("topic-form.change-button")
	w.fill("Tankers at sea", "tanker OR tankers").see("topic edited preview", "tanker")
	w.press("topic-form.confirm-button").see("topic edited", "Tankers at sea")
	w.use("subscribe", "topic:Tankers").see("subscribe own topic", "In the last 7 days")
	w.press("subscribe.cancel-button")
	w.use("topic delete", "topic:Tankers").see("topic delete", "Tankers at sea")
}

func (w *walk) addsFeeds() {
	w.use("feed add", "address:"+w.Outlets+"/harbour").see("feed add", "Is this the feed?", "New cranes")
	w.press("feeds.add-button").see("feed added", "Harbour Diary is read for this server")
	w.use("feed add", "address:"+w.Outlets+"/harbour").see("feed add again", "already")
	w.use("feed add", "address:"+w.Outlets).see("feed add several", "several feeds")
	w.choose(0, 0).see("feed add known", "I read that already")
	w.use("feed add", "address:http://10.0.0.1/feed").see("feed add private", "not on the public internet")
	w.use("feed list").see("feed list", "Harbour Diary")
	w.use("feed status", "feed:Harbour").see("feed status", "Harbour Diary")
	w.use("feed remove", "feed:Harbour").see("feed remove", "no longer read")
	w.use("feed import", "file:"+fmt.Sprintf(`<opml version="2.0"><body><outline xmlUrl="%[1]s/harbour/feed" text="Harbour"/><outline xmlUrl="%[1]s/northwire/feed"/><outline text="Diary of a pilot" xmlUrl="%[1]s/pilot/feed"/></body></opml>`, w.Outlets)).see("feed import", "Harbour Diary: added", "1 feed is added")
	w.use("feed export").see("feed export", "1 feed")
}

func (w *walk) arrangesDigests() {
	w.use("digest add", "at:8:00").see("digest add", "every day at 08:00")
	w.use("digest add", "topic:truce", "every:0 18 * * 1-5", "channel:strikes").see("digest add weekly")
	w.use("digest list").see("digest list", "#general")
	w.typed("digest remove", "digest:general").see("digest remove offered").discard()
	w.use("digest remove", "digest:all").see("digest remove", "gets no more digests")
}

func (w *walk) findsQuiet() {
	w.use("mute topic", "topic:truce", "for:2 h").see("mute topic", "Ceasefire")
	w.use("mute story", "story:tankers").see("mute story", "is muted in this server")
	w.use("mute list").see("mute list", "Muted in this server", "Ceasefire")
	w.use("mute end", "what:Ceasefire").see("mute end", "no longer muted")
	w.use("pause", "channel:strikes", "for:2 h").see("pause", "is paused")
	w.use("quiet set", "from:22:00", "to:7:00", "channel:bulletin", "through:nuclear").see("quiet set", "is quiet from")
	w.use("quiet show").see("quiet show", "Pauses and quiet hours", "#strikes-and-talks")
	w.use("status").see("status paused")
	w.use("resume", "channel:strikes").see("resume", "gets alerts again")
	w.use("quiet off", "channel:bulletin").see("quiet off", "no quiet hours any more")
}

func (w *walk) asksWhatIsKept() {
	w.use("notices").see("notices", "system channel")
	w.use("notices", "channel:general").see("notices chosen", "#general")
	w.use("audit").see("audit", "Who changed what")
	w.press("lookup.more-button").see("audit second page")
	w.use("privacy show").see("privacy show", "What I keep")
	w.use("privacy delete").see("privacy delete", "cannot be undone")
	w.press("privacy.server-button").see("privacy delete server", "Type the server's name")
	w.b.keys(kb.Escape)
	w.b.wait(`!document.querySelector('dialog')`)
}

// readsAlerts looks at what came meanwhile, and presses its buttons.
func (w *walk) readsAlerts() {
	w.enter("ceasefire-watch")
	if _, err := w.Discord.WaitMessages(w.t.Context(), w.Truce, func(ms []*sandbox.Message) bool { return len(ms) > 0 }); err != nil {
		w.t.Fatal(err)
	}
	w.b.wait(`[...document.querySelectorAll('.embed')].some((e) => e.innerText.includes('week-long pause'))`)
	w.look("alerts")
	const alert = `[...document.querySelectorAll('#messages .msg')].find((e) => e.querySelector('.embed-title')?.innerText.includes('week-long pause'))`
	for _, label := range []wording.ID{"living.timeline-button", "living.sources-button", "living.why-button", "living.not-relevant-button", "living.mute-button"} {
		w.pressed(alert, w.say.Plain(label))
		w.see(string(label))
	}
	w.act(func() {
		eval[bool](w.b, alert+`.querySelector('.msg-more').click() ?? true`)
		w.b.wait(`document.querySelector('.menu-item')`)
		w.b.keys(kb.End + kb.Enter)
	})
	w.see("Why this alert?", "In this server")
	w.trial.note("Why this alert?")
	w.use("mute end", "what:week-long").answered("unmute", "no longer muted")
	w.use("feedback").answered("feedback", "not relevant")
	w.use("why", "story:pause").answered("why", "In this server")
	w.use("whynot", "link:"+w.Outlets+"/capital/20").answered("whynot")
	w.enter("developments")
	w.see("forum")
	eval[bool](w.b, `document.querySelector('.post-open').click() ?? true`)
	w.b.wait(`document.querySelector('#messages .msg')`)
	w.look("post")
	w.enter("bulletin")
	w.b.wait(`document.querySelector('#messages .embed')`)
	w.see("bulletin")
}

// robin leads Relief Watch, where nothing is set up, and only reads in the
// Newsroom.
func robin(w *walk) {
	w.enter("general")
	w.use("subscriptions").see("reader subscriptions", "Subscriptions")
	w.typed("recent")
	w.b.insert("coun")
	w.see("reader recent option", "country")
	w.discard()
	eval[bool](w.b, `[...document.querySelectorAll('.guild')].find((e) => e.title === 'Relief Watch').click() ?? true`)
	w.b.wait(`document.querySelector('.header-name').textContent === 'situation-room' && document.querySelector('.welcome, .msg')`)
	if w.locale != "" {
		w.speak("guild-language")
	}
	w.see("greeting")
	for _, name := range []string{"subscriptions", "recent", "digest list", "topic list", "topic edit", "mute list", "resume", "quiet show", "quiet off", "feedback", "feed list", "feed export", "status", "audit", "notices"} {
		w.use(name).see("none: " + name)
	}
	for _, typed := range [][]string{
		{"unsubscribe", "topic:truce"},
		{"digest remove", "digest:general"},
		{"topic delete", "topic:Tankers"},
		{"mute end", "what:x"},
		{"feed status", "feed:Harbour"},
		{"feed remove", "feed:Harbour"},
		{"digest add"},
		{"digest add", "at:25:00"},
		{"digest add", "at:8:00", "zone:Atlantis"},
		{"quiet set", "from:8:00", "to:8:00"},
		{"mute topic", "topic:truce", "for:soon"},
		{"story", "story:qwertz"},
		{"search", "query:the"},
		{"topic create", "name:x", "query:the"},
		{"subscribe", "topic:qwertz"},
		{"recent", "since:yore"},
		{"recent", "country:Atlantis"},
		{"whynot", "link:https://example.org/news/1"},
		{"whynot", "link:hello"},
		{"why", "story:qwertz"},
		{"trend", "topic:coup"},
		{"feed add", "address:hello"},
		{"feed add", "address:" + w.Outlets + "/nowhere"},
		{"feed import", "file:hello"},
	} {
		w.use(typed[0], typed[1:]...).see(fmt.Sprint("refused ", typed[0], w.n))
	}
	w.use("setup").see("setup nothing", "Set me up")
	w.press("setup.finish-button").see("setup nothing finished")
}

// noor is in no server and writes to the bot alone.
func noor(w *walk) {
	w.see("beginning")
	w.use("help").see("help direct", "What I can do")
	w.use("subscribe", "topic:truce").see("subscribe direct")
	w.press("subscribe.confirm-button").see("subscribe direct confirmed", "Done. From now on")
	w.use("subscriptions").see("subscriptions direct", "Ceasefire")
	w.use("privacy show").see("privacy direct", "What I keep")
	w.use("recent").see("recent direct", "Recent stories")
	w.use("status").see("status direct")
	w.use("unsubscribe", "topic:truce").see("unsubscribe direct", "no more alerts")
}
