package archtest

// The packages of the tree and what each may import of the others. A pattern
// that ends in /... means the package and all below it; [nouns] stand for
// themselves. Test files may import more.
//
// The table follows the design. Whoever changes it says why in the commit.

const module = "github.com/attache-bot/attache"

// nouns are the packages that are named after what they hold.
func nouns() []string {
	return []string{
		"internal/source", "internal/feed", "internal/report", "internal/topic", "internal/claim", "internal/story",
		"internal/subscription", "internal/guild", "internal/digest", "internal/quiet", "internal/feedback", "internal/alert", "internal/archive",
	}
}

// rule says what a package may import of the tree.
type rule struct {
	// of is the package, or with /... at its end that and all below it.
	of string
	// may are packages, or patterns of the same form.
	may []string
}

// layers is the table. The first rule that fits a package holds. A package that
// no rule fits is a violation: it belongs in the table first.
func layers() []rule {
	with := func(more ...string) []string { return append(nouns(), more...) }
	room := func(more ...string) []string { // of commands: they know nothing of each other
		return with(append(more, "bot/command/desk", "bot/command/times", "bot/command/tree", "bot/interaction", "bot/suggest", "bot/message", "bot/wording", "internal/text")...)
	}
	return []rule{
		{"cmd/attache", []string{"config", "internal/app", "internal/operator", "internal/logging"}},
		{"config", nil},

		{"bot/command/tree", []string{"bot/interaction", "bot/message", "bot/wording", "internal/guild", "internal/query", "internal/source", "internal/story"}},
		{"bot/command/times", []string{"bot/message", "bot/suggest", "bot/wording", "internal/digest", "internal/quiet", "internal/text"}},
		{"bot/command/desk", with("bot/command/tree", "bot/interaction", "bot/suggest", "bot/message", "bot/wording", "internal/query", "internal/text")},
		{"bot/command/subscribing", room("internal/query")},
		{"bot/command/lookup", room("bot/chart", "internal/query", "internal/trace")},
		{"bot/command/living", room("internal/schedule")},
		{"bot/command/own", room("internal/feed/opml", "internal/query")},
		{"bot/command/care", room()},
		{"bot/command", with("bot/command/...", "bot/interaction", "bot/message", "bot/wording")},
		{"bot/interaction", []string{"bot/message", "bot/wording", "internal/guild", "internal/text"}},
		{"bot/suggest", []string{"bot/interaction", "bot/wording", "internal/text"}},
		{"bot/message", with("bot/markup", "bot/wording", "internal/text")},
		{"bot/wording", []string{"bot/markup", "internal/text"}},
		{"bot/markup", []string{"internal/text"}},
		{"bot/chart", []string{"bot/wording"}},
		{"bot/rest", nil},
		{"bot/gateway", []string{"bot/rest", "internal/bell"}},
		{"bot", with("bot/...", "internal/bell", "internal/text")},

		{"internal/app", []string{"..."}},
		// What an operator asks on the command line needs no Discord.
		{"internal/operator", with("config", "internal/bell", "internal/claim", "internal/feed/fetch", "internal/feed/parse", "internal/logging", "internal/ops", "internal/reading", "internal/store", "internal/summary", "internal/text", "internal/trace")},
		{"internal/reading", []string{"config", "internal/claim", "internal/feed", "internal/feed/fetch", "internal/feed/parse", "internal/gazetteer", "internal/source", "internal/story", "internal/topic"}},
		{"internal/pipeline", with("internal/crashpoint", "internal/query", "internal/summary", "internal/text")},
		{"internal/feed/fetch", nil},
		{"internal/feed/fetch/fetchtest", nil},
		{"internal/feed/parse", []string{"internal/text"}},
		{"internal/feed/opml", []string{"internal/text"}},
		{"internal/feed/websub", []string{"internal/feed", "internal/feed/fetch"}},
		{"internal/feed", []string{"internal/crashpoint", "internal/feed/fetch", "internal/feed/parse", "internal/report", "internal/source", "internal/text"}},
		{"internal/source", nil},
		{"internal/report", []string{"internal/source", "internal/text"}},
		{"internal/topic", []string{"internal/report", "internal/gazetteer", "internal/text"}},
		{"internal/story", []string{"internal/report", "internal/source", "internal/topic", "internal/claim", "internal/text"}},
		{"internal/gazetteer", []string{"internal/text"}},
		{"internal/claim", []string{"internal/report", "internal/topic", "internal/gazetteer", "internal/text"}},
		{"internal/query", []string{"internal/report", "internal/source", "internal/topic", "internal/text"}},
		{"internal/summary", []string{"internal/report", "internal/source", "internal/claim", "internal/text"}},
		{"internal/subscription", []string{"internal/topic", "internal/source", "internal/story"}},
		{"internal/guild", []string{"internal/feed", "internal/topic"}},
		// A digest may come by a cron expression, which only schedule reads.
		{"internal/digest", []string{"internal/schedule", "internal/story", "internal/topic"}},
		// Quiet hours are local times, which digest knows; alerts wait for them.
		{"internal/quiet", []string{"internal/digest", "internal/story", "internal/topic"}},
		{"internal/feedback", []string{"internal/source", "internal/story", "internal/topic"}},
		{"internal/alert", []string{
			"internal/bell", "internal/crashpoint", "internal/report", "internal/source", "internal/topic", "internal/story", "internal/claim",
			"internal/subscription", "internal/guild", "internal/quiet", "internal/text",
		}},
		// The pages behind reports: fetched as feeds are, read under bounds of their own.
		{"internal/article", []string{"internal/bell", "internal/feed/fetch", "internal/report", "internal/text"}},
		// A language model puts what alerts tell, and is believed nothing.
		{"internal/phrase", []string{"internal/alert", "internal/bell", "internal/claim", "internal/feed/fetch", "internal/report", "internal/story", "internal/text"}},
		// What people ask of what was reported, put in the words of all nouns.
		{"internal/archive", with("internal/query")},
		{"internal/bell", nil},
		{"internal/schedule", nil},
		{"internal/logging", nil},
		{"internal/upkeep", []string{"internal/bell", "internal/story"}},
		{"internal/ops", []string{"internal/logging"}},
		{"internal/trace", with("internal/pipeline", "internal/text")},
		{"internal/metrics", with("internal/phrase", "internal/pipeline", "bot/rest", "bot/gateway")},
		{"internal/store/storetest", with("internal/schedule", "internal/article", "internal/phrase", "internal/feed/websub", "internal/store", "internal/pipeline", "internal/query", "internal/trace", "internal/upkeep", "internal/text")},
		{"internal/store/engine", []string{"internal/crashpoint"}},
		{"internal/store", with("internal/store/engine", "internal/article", "internal/phrase", "internal/feed/websub", "internal/pipeline", "internal/query", "internal/trace", "internal/upkeep", "internal/text")},
		{"internal/sandbox/...", []string{"internal/sandbox/..."}},
		{"internal/demo", nil},
		{"internal/text", nil},
		{"internal/archtest", nil},
		{"internal/crashpoint", nil},
		{"internal/proof", []string{"internal/crashpoint"}},
		{"internal/bench", nil},
		{"internal/release", nil},
		{"internal/sharedtest", nil},
	}
}

// sole are the libraries that only some packages may import.
func sole() []rule {
	return []rule{
		{"github.com/mmcdole/gofeed/...", []string{"internal/feed/parse"}},
		{"codeberg.org/readeck/go-readability/...", []string{"internal/article"}},
		{"github.com/robfig/cron/...", []string{"internal/schedule"}},
		{"github.com/bwmarrin/discordgo/...", []string{"bot/..."}},
		{"github.com/go-analyze/charts/...", []string{"bot/chart"}},
		{"github.com/nicksnyder/go-i18n/...", []string{"bot/wording"}},
		{"modernc.org/sqlite/...", []string{"internal/store/engine"}},
		{"github.com/jackc/pgx/...", []string{"internal/store/..."}},
		{"github.com/pressly/goose/...", []string{"internal/store/engine"}},
		{"database/sql/...", []string{"internal/store/..."}},
		{"github.com/prometheus/...", []string{"internal/metrics"}},
		{"github.com/alecthomas/kong/...", []string{"cmd/attache"}},
		{"testing/...", []string{"internal/store/storetest", "internal/sharedtest", "internal/feed/fetch/fetchtest"}},
		{"unsafe", nil},
	}
}

// The limits of size, in lines.
const (
	maxFileLines     = 600
	maxFunctionLines = 80
)
