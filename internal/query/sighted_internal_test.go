package query

import "testing"

// TestMarksAreOfOneReport marks one report after the other, more of them than marks
// have numbers.
func TestMarksAreOfOneReport(t *testing.T) {
	t.Parallel()
	var m marks
	for i := range mark(700) {
		m.next()
		if m.has(i) != 0 || m.has(i-1) != 0 || m.has(0) != 0 {
			t.Fatalf("report %d has marks before it is read", i)
		}
		m.set(i)
		if m.has(i) != 1 || m.has(i+1) != 0 {
			t.Fatalf("report %d has other marks than its own", i)
		}
	}
}
