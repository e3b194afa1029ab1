// Package alert owns what channels are told: which stories become alerts, the
// ledger of deliveries, and bringing each delivery to Discord once.
//
// # From decision to message
//
// [Decide] says, for a report that has just joined a story, which channels get
// an alert and why the others do not. The pipeline records its answer together
// with one pending [Delivery] an alert. The [Deliverer] then claims due
// deliveries from the [Ledger], posts them through the [Sender], and settles
// them. Every claim is committed before the request leaves, every outcome
// after it.
//
// # Exactly once
//
// Discord returns the earlier message instead of creating a second one when a
// request repeats a nonce within "the past few minutes"
// (https://discord.com/developers/docs/resources/message#create-message).
// All tries of one series therefore carry one nonce, and are only made within
// [NonceWindow] of the first. After that, a delivery in [Delivery.Doubt] is
// looked for in the channel's history before it is posted under a new nonce.
package alert
