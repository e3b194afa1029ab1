// Package ops owns what a running bot tells its operator over HTTP, and what it
// takes from them:
//
//	GET /healthz   does it live: does each of its loops still turn?
//	GET /readyz    does it serve: does each part that it needs answer?
//	GET /metrics   counts and gauges for Prometheus
//	GET /loglevel  from which level on is logged
//	PUT /loglevel  log from another level on, for a while
//
// Health is about this process: who sees 503 restarts it. Readiness is also
// about what the bot depends on: Discord being away is no reason to restart.
//
// Everything but PUT only tells. PUT works on the machine itself alone: when
// the bot listens on loopback, and was asked for by a name of loopback, so that
// no web page can have a browser do it.
package ops
