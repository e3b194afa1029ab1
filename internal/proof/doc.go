// Package proof owns the kill tests: the real program between a sandbox Discord
// and an outlet, ended by kill -9 again and again while answers are lost, and
// then the count of what every channel has got.
//
//	go test ./internal/proof                               the short form
//	go test ./internal/proof -v -size full -timeout 3h     the full form
//
// -size medium lies between them. The full form ends the program 500 times at
// random moments and 20 times at each of the named ones, on SQLite; on
// PostgreSQL, which ATTACHE_POSTGRES names or this machine's programs serve, it
// runs one process and then two. Each form also runs a Discord that ignores
// nonces, where messages must come twice: a count that cannot see what is
// repeated would prove nothing.
//
// The program is built without the race detector and with the build tag
// crashpoints, which gives it the moments of internal/crashpoint and changes
// nothing else. No test depends on how fast the machine is: what is awaited is
// an event, and moments that are random may come at any time.
package proof
