// Package metrics owns the names under which the bot counts itself for
// Prometheus, and nothing else knows them. There is a registry for each bot and
// no global one.
//
// Counters are fed by what the parts call after each event ([Metrics.Polled],
// [Metrics.Placed], [Metrics.Settled] …), which costs a few additions. What has a
// state is asked for it when Prometheus asks ([Sources]).
//
// Labels hold names of this program and of the operator's catalogue only: ids of
// sources, feeds and topics, classes of errors, states. No address, no id of
// Discord's and no text of a feed ever becomes one.
package metrics
