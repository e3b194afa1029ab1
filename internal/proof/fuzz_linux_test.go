package proof

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// What the full form of fuzzing comes to. No target counts for more than fuzzMost,
// so that the quickest ones do not stand for all.
const (
	fuzzAll   = 10_000_000
	fuzzFeeds = 3_000_000 // of those that read what feeds and their hosts say
	fuzzLeast = 50_000    // of each
	fuzzMost  = 500_000
	// fuzzTurn is the first turn of each. One that comes to less than fuzzWorth
	// is spent on setting up, and on what is known already, so that the next one is
	// twice as long, up to fuzzLongest.
	fuzzTurn    = 30 * time.Second
	fuzzLongest = 8 * time.Minute
	fuzzWorth   = 2000
	// fuzzMemory is the most that any process may take, in kB.
	fuzzMemory = 512 << 10
)

var fuzzed = flag.String("fuzzed", "", "folder that keeps what fuzzing has come to, so that it may go on later")

// target is a fuzz target, and what it has come to.
type target struct {
	Folder, Name string
	Runs         int
	Peak         int64 // kB
	turn         time.Duration
	failed       bool
}

func (x *target) String() string { return x.Folder + " " + x.Name }

// counts is how many of its executions count.
func (x *target) counts() int { return min(x.Runs, fuzzMost) }

// ofFeeds says whether it reads what feeds and their hosts say.
func (x *target) ofFeeds() bool {
	return slices.ContainsFunc([]string{"internal/feed/", "internal/article/", "internal/report/"}, func(folder string) bool {
		return strings.HasPrefix(x.Folder+"/", folder)
	})
}

// campaign is all targets, and where what they come to is kept.
type campaign struct {
	folder  string
	targets []*target
}

// sum adds up what counts: of all, and of those that read feeds.
func (c *campaign) sum() (all, feeds int) {
	for _, x := range c.targets {
		all += x.counts()
		if x.ofFeeds() {
			feeds += x.counts()
		}
	}
	return all, feeds
}

// wants says whether a target's turn brings the campaign nearer to its end.
func (c *campaign) wants(x *target) bool {
	all, feeds := c.sum()
	return !x.failed && (x.Runs < fuzzLeast || x.Runs < fuzzMost && (all < fuzzAll || feeds < fuzzFeeds && x.ofFeeds()))
}

// TestTenMillionExecutions goes round all fuzz targets, each for its turn and first
// those that have the fewest, until they have had their executions. It may be ended at any time and goes on from
// what the folder of -fuzzed has. The short form of it is that CI gives each
// target some seconds.
func TestTenMillionExecutions(t *testing.T) {
	if *size != "full" {
		t.Skip("CI fuzzes each target for a short time: -size full")
	}
	c := campaign{folder: *fuzzed, targets: fuzzTargets(t, filepath.Join("..", ".."))}
	if c.folder == "" {
		c.folder = t.TempDir()
	}
	c.recall(t)
	built, dir := map[string]string{}, t.TempDir()
	for {
		turns := 0
		for _, x := range c.inTurn() {
			if !c.wants(x) {
				continue
			}
			turns++
			if built[x.Folder] == "" {
				built[x.Folder] = build(t, x.Folder, dir)
			}
			x.run(t, c.folder, built[x.Folder])
			c.keep(t)
		}
		all, feeds := c.sum()
		fmt.Fprintf(os.Stderr, "%d executions count, %d of them of what reads feeds; %d targets had a turn\n", all, feeds, turns)
		if turns == 0 {
			break
		}
	}
	for _, x := range c.targets {
		t.Logf("%-45v %10d executions, peak %3d MB", x, x.Runs, x.Peak>>10)
	}
	if all, feeds := c.sum(); !t.Failed() && (all < fuzzAll || feeds < fuzzFeeds) {
		t.Errorf("%d executions count, %d of them of what reads feeds: there are too few targets", all, feeds)
	}
}

// inTurn returns the targets as they are to have their next turns: those that lack
// executions of their own, then those that read feeds, and the others.
func (c *campaign) inTurn() []*target {
	rank := func(x *target) int {
		switch {
		case x.Runs < fuzzLeast:
			return 0
		case x.ofFeeds():
			return 1
		}
		return 2
	}
	out := slices.Clone(c.targets)
	slices.SortStableFunc(out, func(a, b *target) int { return cmp.Compare(rank(a), rank(b)) })
	return out
}

// fuzzTargets finds the targets below a folder, those that read feeds first.
func fuzzTargets(t *testing.T, root string) []*target {
	t.Helper()
	declared := regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`)
	var out []*target
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
			out = append(out, &target{Folder: folder, Name: string(m[1])})
		}
		return err
	})
	if err != nil || len(out) == 0 {
		t.Fatalf("%d targets, %v", len(out), err)
	}
	slices.SortStableFunc(out, func(a, b *target) int {
		if a.ofFeeds() != b.ofFeeds() {
			return map[bool]int{true: -1, false: 1}[a.ofFeeds()]
		}
		return cmp.Compare(a.String(), b.String())
	})
	return out
}

func (c *campaign) file() string { return filepath.Join(c.folder, "totals.json") }

// keep writes what the targets have come to.
func (c *campaign) keep(t *testing.T) {
	t.Helper()
	raw, err := json.MarshalIndent(c.targets, "", "  ")
	if err == nil {
		err = os.WriteFile(c.file()+".new", raw, 0o600)
	}
	if err == nil {
		err = os.Rename(c.file()+".new", c.file())
	}
	if err != nil {
		t.Fatal(err)
	}
}

// recall reads what keep wrote; targets that are there no more are forgotten.
func (c *campaign) recall(t *testing.T) {
	t.Helper()
	raw, err := os.ReadFile(c.file())
	if errors.Is(err, fs.ErrNotExist) {
		return
	}
	var before []target
	if err == nil {
		err = json.Unmarshal(raw, &before)
	}
	if err != nil {
		t.Fatalf("%v: remove the folder of -fuzzed to begin anew", err)
	}
	for _, x := range c.targets {
		for _, b := range before {
			if b.String() == x.String() {
				x.Runs, x.Peak = b.Runs, b.Peak
			}
		}
	}
}

// build makes a test binary of a folder that tells the fuzzer where it has been, but
// not in SQLite, which is C turned into Go: to hear of each of its branches takes ten
// times as long as what is looked at.
func build(t *testing.T, folder, dir string) (binary string) {
	t.Helper()
	binary = filepath.Join(dir, strings.ReplaceAll(folder, "/", "_")+".test")
	b := exec.CommandContext(t.Context(), "go", "test", "-c", "-fuzz", ".", "-gcflags", "modernc.org/sqlite/lib=-d=libfuzzer=0", "-o", binary, "./"+folder) //nolint:gosec // of this checkout
	b.Dir = filepath.Join("..", "..")
	if out, err := b.CombinedOutput(); err != nil {
		t.Fatalf("build %s: %v\n%s", folder, err, out)
	}
	return binary
}

var executed = regexp.MustCompile(`execs: (\d+)`)

// run gives a target one turn. An input that reaches new code is kept as it is:
// to make it smaller would take most of the turn.
func (x *target) run(t *testing.T, folder, binary string) {
	t.Helper()
	x.turn = max(x.turn, fuzzTurn)
	corpus, err := filepath.Abs(filepath.Join(folder, "corpus", x.Folder))
	if err != nil {
		t.Fatal(err)
	}
	c := exec.CommandContext(t.Context(), binary, "-test.run=^$", "-test.fuzz=^"+x.Name+"$", //nolint:gosec // built before
		"-test.fuzztime="+x.turn.String(), "-test.fuzzminimizetime=1x", "-test.fuzzcachedir="+corpus)
	c.Dir = filepath.Join("..", "..", x.Folder)
	c.Env = append(os.Environ(), "GOMEMLIMIT=384MiB") // as in config/deploy
	out, err := c.CombinedOutput()
	// A target may end so though nothing was found (https://go.dev/issue/48591).
	over := bytes.Contains(out, []byte("context deadline exceeded")) && !bytes.Contains(out, []byte("Failing input"))
	if err != nil && !over {
		x.failed = true
		t.Errorf("%v: %v\n%s", x, err, out)
		fmt.Fprintf(os.Stderr, "%v: %v\n%s\n", x, err, out)
	}
	runs := 0
	if all := executed.FindAllSubmatch(out, -1); len(all) > 0 {
		runs, _ = strconv.Atoi(string(all[len(all)-1][1])) // digits
	}
	if use, ok := c.ProcessState.SysUsage().(*syscall.Rusage); ok {
		x.Peak = max(x.Peak, use.Maxrss)
	}
	if x.Peak > fuzzMemory {
		t.Errorf("%v took %d MB", x, x.Peak>>10)
	}
	x.Runs += runs
	if runs < fuzzWorth {
		x.turn = min(2*x.turn, fuzzLongest)
	}
	fmt.Fprintf(os.Stderr, "%v: %d executions, %d in all, peak %d MB\n", x, runs, x.Runs, x.Peak>>10)
}
