// Package proof owns the kill tests: the real program between a sandbox Discord
// and an outlet, ended by kill -9 again and again while answers are lost, and
// then the count of what every channel has got.
//
//	go test ./internal/proof                                            the short form
//	go test ./internal/proof -v -size full -parallel 8 -timeout 3h      the full form
//
// -size medium lies between them. The full form ends the program 500 times at
// random moments and 20 times at each of the named ones, on SQLite, and again on
// PostgreSQL with one process and with two. A server that ATTACHE_POSTGRES names
// must take 600 connections for it; else this machine's programs serve. Most of
// the time is spent waiting for what a dead process holds, so courses run side
// by side. Each form also runs a Discord that ignores nonces, where messages must
// come twice: a count that cannot see what is repeated would prove nothing.
//
// Beside that a disk is full again and again, the write-ahead log of a program
// that was killed is damaged in every way, a backup is restored, and the program
// is killed before every statement of its migrations.
//
// Days and clocks pass in virtual time, where a death is a copy of the database's
// files at a moment at which nothing is being written: outages of two days, clocks
// that are set, and channels that wait, gather, publish and are kept up to date.
//
// It also has a process of its own read hostile feeds and measures it, and in the
// full form goes round all fuzz targets until they have run ten million times.
//
// The program is built without the race detector and with the build tag
// crashpoints, which gives it the moments of internal/crashpoint and changes
// nothing else. No test depends on how fast the machine is: what is awaited is
// an event, and moments that are random may come at any time.
package proof
