// Package websub owns the subscriptions to the hubs of feeds, after the W3C's
// recommendation WebSub (https://www.w3.org/TR/websub/): a feed that names a hub
// is brought by it within seconds of being published, instead of being found by
// the next poll.
//
// A [Manager] asks hubs, each through the guarded fetcher, since a feed names its
// hub and a feed may be anyone's. What to ask is decided by [Decide], a pure
// function. A [Server] answers the hubs: it confirms only what was asked for, and
// hands on only what is signed with the subscription's secret.
//
// # What a push does
//
// A push carries the document itself, and it is read at once by the same guarded
// parser and saved in the same transaction as a poll's ([feed.Poller.Push]). To
// make the feed due instead would be simpler, but slower, and wrong where the
// publisher's own cache still holds the document of before the push. The poll's
// validators, health and due time stay as they are: polling goes on beside it as
// a safety net, so that nothing depends on a hub.
//
// # What is refused
//
// Only https hubs are asked: the secret goes to the hub with the request, and
// what comes back without a signature made with it is worth nothing.
package websub
