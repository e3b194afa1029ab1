// Command bench measures how fast the bot is and prints one table: each figure,
// the floor that was measured in the same run, their ratio, the target, and
// whether it is met. From the top of the checkout:
//
//	go run ./internal/bench            everything, a quarter of an hour
//	go run ./internal/bench -quick     the same with less to do
//	go run ./internal/bench -only search
//
// It owns the targets, which stand in targets.go and nowhere else; the
// benchmarks stand beside what they measure. It exits with 1 when a target is
// missed or a benchmark fails. With -quick only a failure counts: small runs say
// little.
package main
