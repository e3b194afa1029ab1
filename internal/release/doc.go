// Command release builds what is given to operators. From a checkout:
//
//	go run ./internal/release                       every target, into dist
//	go run ./internal/release -targets linux/amd64
//	go run ./internal/release -check                this machine's, twice, and compared
//
// It owns what a release is made of: for each target an archive with the
// program and the files to run it by, its bill of materials (CycloneDX), and
// one SHA256SUMS over all of them.
//
// A release is made of a commit, never of changed files: the commit is cloned
// into a folder of its own. The same commit and the same Go give the same
// bytes, on any machine and in any folder. -check builds a second time, from
// another folder and with an empty cache, and compares.
//
// The bill of materials says what the linker recorded in the program itself,
// not what go.mod would allow, and needs no network.
package main
