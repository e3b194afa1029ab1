// Package storetest owns the conformance suite of the store: what every engine
// must do alike, told as tests by area. An engine's own test calls [Run] with a
// function that opens an empty, migrated database.
package storetest
