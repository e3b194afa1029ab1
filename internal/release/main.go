package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	if err == nil || errors.Is(err, flag.ErrHelp) {
		return
	}
	fmt.Fprintln(os.Stderr, "release:", err)
	stop()
	os.Exit(1) //nolint:gocritic // stop has run
}

// target is a system to build for.
type target struct{ os, arch string }

func (t target) String() string { return t.os + "/" + t.arch }

// allTargets are those of a release.
const allTargets = "linux/amd64,linux/arm64,darwin/arm64,windows/amd64"

type options struct {
	from, out, commit string
	targets           []target
	check             bool
}

var targetName = regexp.MustCompile(`^([a-z0-9]+)/([a-z0-9]+)$`)

func parse(args []string, usage io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("release", flag.ContinueOnError)
	f.SetOutput(usage)
	f.StringVar(&o.from, "from", ".", "the checkout whose commit is released")
	f.StringVar(&o.commit, "commit", "HEAD", "the commit, or its tag")
	f.StringVar(&o.out, "out", "dist", "the folder to write to; made when missing")
	f.BoolVar(&o.check, "check", false, "build this machine's target twice and compare; nothing is kept")
	names := f.String("targets", allTargets, "the systems to build for, separated by commas")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if o.check {
		*names = runtime.GOOS + "/" + runtime.GOARCH
	}
	for name := range strings.SplitSeq(*names, ",") {
		m := targetName.FindStringSubmatch(strings.TrimSpace(name))
		if m == nil {
			return o, fmt.Errorf("-targets: %q is no system: write it as linux/amd64", name)
		}
		o.targets = append(o.targets, target{m[1], m[2]})
	}
	return o, nil
}

// run makes a release and tells on out what it made.
func run(ctx context.Context, args []string, out, progress io.Writer) (err error) {
	o, err := parse(args, progress)
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "attache-release-")
	if err != nil {
		return fmt.Errorf("make working folder: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(work)) }()
	b := builder{progress: progress}
	if o.check {
		return b.check(ctx, o, work, out)
	}
	sums, err := b.release(ctx, o, filepath.Join(work, "source"), o.out)
	if err != nil {
		return err
	}
	_, err = fmt.Fprint(out, sums)
	return err
}

// check builds twice and compares the sums: in two folders, the second time
// with nothing built before. A branch may move meanwhile, a commit may not.
func (b builder) check(ctx context.Context, o options, work string, out io.Writer) error {
	var err error
	if o.commit, err = b.resolve(ctx, o); err != nil {
		return err
	}
	first, err := b.release(ctx, o, filepath.Join(work, "one"), filepath.Join(work, "first"))
	if err != nil {
		return err
	}
	b.environ = []string{"GOCACHE=" + filepath.Join(work, "cache")}
	second, err := b.release(ctx, o, filepath.Join(work, "another", "two"), filepath.Join(work, "second"))
	if err != nil {
		return err
	}
	if first != second {
		return fmt.Errorf("two builds of one commit differ:\n%sand\n%s", first, second)
	}
	_, err = fmt.Fprintf(out, "two builds are equal:\n%s", first)
	return err
}
