// Package rest is the one way in which the bot talks HTTP to Discord.
//
// [Transport] is an http.RoundTripper that keeps Discord's rules for the
// caller: it speaks API version 10 to one base address, paces every request by
// the global limit and by the bucket of its route before sending, pauses on
// each kind of 429, stops long before Discord would ban the address for invalid
// requests, and turns every refusal into a typed error. It never sends a
// request a second time: whoever keeps the ledger of what was sent decides.
//
// [Client] stands on a Transport and adds the bot's token, JSON and multipart
// bodies, and the few calls whose form matters for exactly-once delivery.
//
// # Errors
//
// A caller meets five kinds, all found with errors.As through an *url.Error:
//
//   - [Error]: Discord answered with something else than success.
//   - [WaitError]: the limits would hold the request beyond its context's
//     deadline, or the context ended while it was held. Nothing was sent.
//   - [RefusedError]: the token was refused earlier, too many invalid requests
//     were sent lately, or the guild refuses the bot. Nothing was sent.
//   - [NetworkError]: no answer came.
//   - [DecodeError]: Discord accepted the request, its answer is unreadable.
//
// [Ambiguous] tells whether Discord may have processed the request all the
// same, [RetryAfter] how long to leave Discord alone.
//
// # Secrets
//
// No error and no log line carries the bot's token or an interaction's token:
// routes are named by their template, and what Discord sends back is cleaned of
// the secrets that were sent with the request. An *url.Error made by an
// http.Client does hold the request's address, with an interaction's token when
// there is one; Client takes it off, other callers use [Strip].
package rest
