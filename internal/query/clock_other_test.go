//go:build !linux

package query_test

import "time"

var began = time.Now()

// worked is the time on the wall, where the processor's is not asked.
func worked() time.Duration { return time.Since(began) }

// disturbed is not known there.
func disturbed() int64 { return 0 }
