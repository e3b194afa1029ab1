// Package fetch gets one feed document over HTTP from an address that a
// stranger may have chosen. It owns everything between the URL and the bytes:
// which addresses may be dialled, how long and how large an answer may be, how
// it is decoded and what a failure is called. It knows nothing of feeds.
//
// # What may be reached
//
// The text of a URL decides nothing: a name can resolve to anything, can
// resolve to something else a moment later, and the many spellings of
// 127.0.0.1 are normalised only deep inside net/http. The decision falls in
// [net.Dialer.Control], on the address that is about to be connected to, for
// every connection of every redirect. Only public addresses pass, on ports 80
// and 443; an operator can open further networks and ports, but never the
// metadata services of clouds.
//
// # What comes back
//
// A [Response] is complete or it is not there. A body that ends early, does
// not decode or exceeds a limit is an error, because a poll that saw half of a
// feed would take the other half for deleted.
//
// # What a failure tells
//
// An [Error] says its [Class] and nothing else, so that whoever can add a feed
// cannot use the bot to look around inside its network. The cause is kept for
// the log ([Error.LogValue]) and for [errors.Is].
package fetch
