//go:build unix

package proof

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/feed/parse"
	"github.com/attache-bot/attache/internal/sharedtest"
)

// What one document may cost, in the full form, which has a quiet machine.
const (
	documentTime   = 5 * time.Second // of all processors together
	documentMemory = 512             // MiB that the process holds at most
)

// asReader names, in the environment of a process of these tests, what it is to
// read: how many documents, and made how.
const asReader = "ATTACHE_PROOF_READ"

// readings are what a process that read feeds tells of itself.
type readings struct {
	Documents, Read, Items int
	Refused                map[string]int
	Faults                 []string
	Slowest                time.Duration
	SlowestName            string
	// Peak is the most memory that it held, in MiB.
	Peak float64
}

// TestNoFeedHurts has a process of its own read hostile feeds and looks at what it
// took: both conformance suites, mutations of them, and documents whose structure
// is meant to hurt.
func TestNoFeedHurts(t *testing.T) {
	for _, c := range []struct {
		made  string
		times map[string]int
	}{
		{"suites", map[string]int{"short": 1, "medium": 1, "full": 1}},
		{"mutations", map[string]int{"short": 1_000, "medium": 100_000, "full": 1_000_000}},
		{"structures", map[string]int{"short": 32, "medium": 1_000, "full": 5_000}},
	} {
		t.Run(c.made, func(t *testing.T) {
			t.Parallel()
			r := reading(t, c.made, c.times[*size])
			t.Logf("%d documents, %d read with %d items, refused %v; slowest %v (%s), peak %.0f MiB",
				r.Documents, r.Read, r.Items, r.Refused, r.Slowest.Round(time.Millisecond), r.SlowestName, r.Peak)
			for _, f := range r.Faults {
				t.Error(f)
			}
			if r.Documents < c.times[*size] || r.Read == 0 || len(r.Refused) == 0 {
				t.Errorf("%d documents, %d read: too few to show anything", r.Documents, r.Read)
			}
			if *size == "full" && (r.Slowest > documentTime || r.Peak > documentMemory) {
				t.Errorf("one took %v (%s), all took up to %.0f MiB", r.Slowest, r.SlowestName, r.Peak)
			}
		})
	}
}

// reading starts the process and waits for what it tells.
func reading(t *testing.T, made string, times int) readings {
	t.Helper()
	root := sharedtest.Path(t, "data")
	c := exec.CommandContext(t.Context(), os.Args[0]) //nolint:gosec // this test itself
	c.Env = append(os.Environ(), fmt.Sprintf("%s=%s %d %s", asReader, made, times, root), "GOMEMLIMIT=384MiB")
	c.Stderr = t.Output()
	out, err := c.Output()
	if err != nil {
		t.Fatalf("the process died: %v", err)
	}
	var r readings
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatalf("%v in %q", err, out)
	}
	return r
}

// readHostile is what the process does.
func readHostile(order string) error {
	var made, root string
	var times int
	if _, err := fmt.Sscan(order, &made, &times, &root); err != nil {
		return err
	}
	p, err := parse.New(parse.Options{Timeout: time.Hour})
	if err != nil {
		return err
	}
	r := readings{Refused: map[string]int{}}
	switch made {
	case "suites", "mutations":
		var suite [][]byte
		for _, name := range []string{"conformance-feedparser.tar.gz", "conformance-feedvalidator.tar.gz"} {
			if err := eachDocument(filepath.Join(root, name), func(name string, doc []byte) { suite = append(suite, doc) }); err != nil {
				return err
			}
		}
		if made == "suites" {
			for i, doc := range suite {
				r.read(p, fmt.Sprint("document ", i), doc)
			}
			break
		}
		for i := range times {
			rng := rand.New(rand.NewPCG(uint64(i), 1)) //nolint:gosec // repeatable, and no secret
			r.read(p, fmt.Sprint("mutation ", i), mutated(rng, suite))
		}
	case "structures":
		for i := range times {
			rng := rand.New(rand.NewPCG(uint64(i), 2)) //nolint:gosec // repeatable, and no secret
			name, doc := structure(rng, i)
			r.read(p, fmt.Sprintf("structure %d (%s, %d kB)", i, name, len(doc)>>10), doc)
		}
	}
	r.Peak = sharedtest.Peak()
	return json.NewEncoder(os.Stdout).Encode(r)
}

// read reads one document and notes what became of it.
func (r *readings) read(p *parse.Parser, name string, doc []byte) {
	before := processorTime()
	got, err := p.Parse(context.Background(), parse.Input{Body: doc, BaseURL: "https://example.org/feed", Now: time.Unix(1_700_000_000, 0)})
	if took := processorTime() - before; took > r.Slowest {
		r.Slowest, r.SlowestName = took, name
	}
	r.Documents++
	r.Items += len(got.Items)
	var pe *parse.Error
	switch {
	case err == nil:
		r.Read++
	case !errors.As(err, &pe) || pe.Class == parse.ClassFault || pe.Class == parse.ClassTimeout:
		if r.Faults = append(r.Faults, fmt.Sprintf("%s: %v", name, err)); len(r.Faults) > 20 {
			r.Faults = r.Faults[:20]
		}
	default:
		r.Refused[string(pe.Class)]++
	}
}

// processorTime is what this process has had of all processors.
func processorTime() time.Duration {
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		return 0
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}
