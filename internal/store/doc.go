// Package store keeps everything that must outlive the process: feeds, reports,
// stories, subscriptions, guilds and the ledger of deliveries.
//
// # Shape
//
// One [Store] serves every consumer; each declares the interface that it needs
// ([feed.Store], [pipeline.Store], [alert.Ledger], and those of the commands).
// Every method that writes is one transaction: it happens as a whole or, when
// it fails or its context ends, not at all.
//
// There is one SQL text for both kinds of database, with $1 placeholders, ON
// CONFLICT and RETURNING. Times are milliseconds in UTC, 0 for none; lists that
// are read as a whole are JSON. The schema's steps are in migrations, for each
// kind. What a database is, and what differs between the two, is [engine]'s
// business; only the index of words is here for each kind, since it knows what
// reports are.
//
// # Where things are
//
// The tools that all others use:
//
//	store.go         Open, and how to write and to read: write, snapshot
//	together.go      small writes that share one commit
//	spoken.go        what a transaction says to other processes at its end
//	locks.go         in which order rows are taken
//	claiming.go      how what is due is claimed, for a time
//	sqltext.go       lists in statements, rows in results, times, JSON
//	visible.go       what a guild sees
//	database.go      what is asked of the database itself: schema, clock, backup
//	operation.go     what operators are told: failures, backlog
//
// What comes in, in the order of the flow:
//
//	feeds.go, polls.go, websub.go            whom to poll, and what polls bring
//	reports.go, articles.go                  reports, and the pages behind them
//	placing.go, placements.go, stories.go    reports become stories
//	changes.go, updates.go                   stories that are merged, split, go on
//	phrasings.go, telling.go                 what a story's alerts tell
//
// What goes out:
//
//	ledger.go, late.go          deliveries, and those that come too late
//	edits.go, publications.go   messages that are changed, or passed on to followers
//	digests.go, gathered.go     what is told by schedule, or some together
//	quiet.go, held.go           what is muted, and what waits for the morning
//
// What guilds have:
//
//	guilds.go, settings.go, places.go        guilds and their channels
//	subscriptions.go, drafts.go, past.go     what channels want
//	owntopics.go, guildfeeds.go, additions.go  topics and feeds of a guild's own
//	feedback.go, troubles.go, audit.go       what they say, are told and have done
//	privacy.go, erase.go                     what is kept of whom, and how it goes
//
// What people look up:
//
//	lookups.go, told.go, trend.go, status.go  stories, and figures of them
//	words.go, search.go, sqlite_search.go, postgres_search.go  by words
//	traces.go, guildtraces.go                 why something was told, or not
//
// What keeps it going: leases.go, who does what; upkeep.go, what is forgotten.
//
// # Queues
//
// Each channel is a queue, and its row knows its head: the oldest open delivery
// and when that may be claimed. Claiming therefore looks at as many rows as it
// returns, whatever waits behind, and one slow channel costs the others
// nothing. What changes a queue sets the head again in the same transaction.
//
// [feed.Store]: https://pkg.go.dev/github.com/attache-bot/attache/internal/feed#Store
// [pipeline.Store]: https://pkg.go.dev/github.com/attache-bot/attache/internal/pipeline#Store
// [alert.Ledger]: https://pkg.go.dev/github.com/attache-bot/attache/internal/alert#Ledger
// [engine]: https://pkg.go.dev/github.com/attache-bot/attache/internal/store/engine
package store
