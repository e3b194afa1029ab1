// Package engine owns the two kinds of database that the store can keep its
// data in: SQLite, one file for one process, and PostgreSQL, a server for any
// number. It knows nothing of what is kept, only how: connecting, transactions,
// whose turn it is, whose clock counts, the steps of a schema, damage, copies.
//
// What both do is told by [DB]; what differs stands behind the kind interface,
// in sqlite*.go and postgres*.go. A statement is written once for both, with $1
// placeholders, ON CONFLICT and RETURNING; the few words that are not the same
// in it, such as FOR UPDATE, a DB names.
//
// SQLite's transactions follow each other. PostgreSQL's overlap: what must not,
// takes turns ([DB.InTurn]), and a transaction that another one stood in the way
// of is run again.
package engine
