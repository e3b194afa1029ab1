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
// There is one SQL text for every engine, with $1 placeholders, ON CONFLICT and
// RETURNING. What must differ is behind the engine interface, in files of the
// engine (sqlite*.go, postgres*.go), beside the schema in migrations/<engine>.
// Times are milliseconds in UTC, 0 for none; lists that are read as a whole are
// JSON.
//
// SQLite serves one process, and its transactions follow each other. PostgreSQL
// serves any number, and its transactions overlap: what must not, takes turns
// (engine.inTurn) or takes its rows in one order (locks.go), and a
// transaction that another one stood in the way of is run again.
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
package store
