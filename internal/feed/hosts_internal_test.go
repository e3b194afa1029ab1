package feed

import (
	"fmt"
	"testing"
	"time"
)

// TestHostsThatNobodyAsksAreForgotten goes through pages of ever other hosts, as those
// are to which feeds link.
func TestHostsThatNobodyAsksAreForgotten(t *testing.T) {
	t.Parallel()
	g := &hostGates{size: 1, now: time.Now, gates: map[string]*hostGate{}}
	stays, _, err := g.enter(t.Context(), "https://busy.example/a")
	if err != nil || stays == nil {
		t.Fatalf("no place at the first host: %v", err)
	}
	busy := g.gates["busy.example"]
	for i := range 3 * maxGates {
		leave, _, err := g.enter(t.Context(), fmt.Sprintf("https://h%d.example/page", i))
		if err != nil || leave == nil {
			t.Fatalf("no place at host %d: %v", i, err)
		}
		leave()
	}
	if n := len(g.gates); n > maxGates {
		t.Errorf("%d hosts are remembered, want at most %d", n, maxGates)
	}
	if g.gates["busy.example"] != busy {
		t.Error("a host that is being asked was forgotten")
	}
	stays()
}
