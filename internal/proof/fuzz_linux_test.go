package proof

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// What the full form of fuzzing comes to: executions of all targets together,
// and the most memory that any process of them may take.
const (
	executions = 10_000_000
	fuzzMemory = 512 << 10 // kB
	fuzzRound  = "60s"
)

// target is a fuzz target, and what it has come to.
type target struct {
	folder, name string
	binary       string
	runs         int
	peak         int64 // kB
}

// TestTenMillionExecutions goes round all fuzz targets, each for its turn, until
// they have had their executions. The short form of it is that CI gives each
// target some seconds.
func TestTenMillionExecutions(t *testing.T) {
	if *size != "full" {
		t.Skip("CI fuzzes each target for a short time: -size full")
	}
	targets := fuzzTargets(t, filepath.Join("..", ".."))
	for i := range targets {
		targets[i].build(t)
	}
	total := 0
	for round := 1; total < executions && !t.Failed(); round++ {
		for i := range targets {
			total += targets[i].run(t)
		}
		t.Logf("round %d: %d executions", round, total)
	}
	for _, x := range targets {
		t.Logf("%-28s %-16s %10d executions, peak %3d MB", x.folder, x.name, x.runs, x.peak>>10)
	}
}

// fuzzTargets finds the targets below a folder.
func fuzzTargets(t *testing.T, root string) []target {
	t.Helper()
	declared := regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`)
	var out []target
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(name, "_test.go") {
			return err
		}
		raw, err := os.ReadFile(name) //nolint:gosec // a file of this checkout
		for _, m := range declared.FindAllSubmatch(raw, -1) {
			folder, err := filepath.Rel(root, filepath.Dir(name))
			if err != nil {
				return err
			}
			out = append(out, target{folder: folder, name: string(m[1])})
		}
		return err
	})
	if err != nil || len(out) == 0 {
		t.Fatalf("%d targets, %v", len(out), err)
	}
	return out
}

// build makes a test binary that tells the fuzzer where it has been.
func (x *target) build(t *testing.T) {
	t.Helper()
	x.binary = filepath.Join(t.TempDir(), "fuzz.test")
	c := exec.CommandContext(t.Context(), "go", "test", "-c", "-fuzz", "^"+x.name+"$", "-o", x.binary, "./"+x.folder) //nolint:gosec // of this checkout
	c.Dir = filepath.Join("..", "..")
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("build %s of %s: %v\n%s", x.name, x.folder, err, out)
	}
}

var fuzzed = regexp.MustCompile(`execs: (\d+)`)

// run gives a target one turn and returns how many executions that were.
func (x *target) run(t *testing.T) int {
	t.Helper()
	c := exec.CommandContext(t.Context(), x.binary, "-test.run=^$", "-test.fuzz=^"+x.name+"$", "-test.fuzztime="+fuzzRound, //nolint:gosec // built above
		"-test.fuzzcachedir="+filepath.Join(filepath.Dir(x.binary), "corpus"))
	c.Dir = filepath.Join("..", "..", x.folder)
	c.Env = append(os.Environ(), "GOMEMLIMIT=384MiB") // as in config/deploy
	out, err := c.CombinedOutput()
	// A target may end so though nothing was found (https://go.dev/issue/48591).
	over := bytes.Contains(out, []byte("context deadline exceeded")) && !bytes.Contains(out, []byte("Failing input"))
	if err != nil && !over {
		t.Errorf("%s of %s: %v\n%s", x.name, x.folder, err, out)
	}
	runs := 0
	if all := fuzzed.FindAllSubmatch(out, -1); len(all) > 0 {
		runs, _ = strconv.Atoi(string(all[len(all)-1][1])) // digits
	}
	if use, ok := c.ProcessState.SysUsage().(*syscall.Rusage); ok {
		x.peak = max(x.peak, use.Maxrss)
	}
	if x.peak > fuzzMemory {
		t.Errorf("%s of %s took %d MB", x.name, x.folder, x.peak>>10)
	}
	x.runs += runs
	fmt.Fprintf(os.Stderr, "%s %s: %d executions, peak %d MB\n", x.folder, x.name, runs, x.peak>>10)
	return runs
}
