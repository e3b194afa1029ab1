package main

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/signal"
	"regexp"
	"runtime"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return
	case !errors.Is(err, errMissed):
		fmt.Fprintln(os.Stderr, "bench:", err)
	}
	stop()
	os.Exit(1) //nolint:gocritic // stop has run
}

// options are those of the command line.
type options struct {
	quick bool
	only  *regexp.Regexp
}

// run measures and prints the table to out, and what go test says to progress.
func run(ctx context.Context, args []string, out, progress io.Writer) error {
	o, err := parse(args, progress)
	if err != nil {
		return err
	}
	m := measured{}
	var failed []error
	for _, s := range suites() {
		if !o.only.MatchString(s.pkg + " " + s.bench) {
			continue
		}
		if err := s.run(ctx, o.quick, m, progress); err != nil {
			failed = append(failed, fmt.Errorf("benchmarks of %s: %w", s.pkg, err))
		}
	}
	kind := "whole run"
	if o.quick {
		kind = "quick run, with less to do than the words say"
	}
	fmt.Fprintf(out, "\n%s, %s/%s, %d processors, %s, %s\n\n", kind, runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version(), time.Now().UTC().Format(time.DateOnly))
	err = m.write(out, m.wanted(o))
	if o.quick && errors.Is(err, errMissed) {
		err = nil
	}
	return errors.Join(append(failed, err)...)
}

func parse(args []string, usage io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("bench", flag.ContinueOnError)
	f.SetOutput(usage)
	f.BoolVar(&o.quick, "quick", false, "do each thing once, and less of it")
	only := f.String("only", "", "a pattern for the packages and benchmarks to run")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	var err error
	if o.only, err = regexp.Compile("(?i)" + *only); err != nil {
		return o, fmt.Errorf("-only: %w", err)
	}
	return o, nil
}

// wanted are the lines to print: all of them, or those that were asked for.
func (m measured) wanted(o options) []target {
	if o.only.String() == "(?i)" {
		return targets()
	}
	var out []target
	for _, t := range targets() {
		if _, ok := m[t.name]; ok {
			out = append(out, t)
		}
	}
	return out
}

// run runs the suite's benchmarks and adds what they print to m.
func (s suite) run(ctx context.Context, quick bool, m measured, progress io.Writer) error {
	var printed bytes.Buffer
	c := exec.CommandContext(ctx, "go", s.arguments(quick)...) //nolint:gosec // the arguments stand in targets.go
	c.Stdout, c.Stderr = io.MultiWriter(&printed, progress), progress
	err := c.Run()
	return errors.Join(err, m.read(&printed))
}

// arguments are those of go.
func (s suite) arguments(quick bool) []string {
	benchtime, more := s.time, s.args
	if quick {
		benchtime, more = "1x", s.quick
		if s.time == "1s" { // too short for one alone
			benchtime = "100x"
		}
	}
	return append([]string{"test", "./" + s.pkg, "-run", "^$", "-bench", s.bench, "-benchtime", benchtime, "-timeout", "1h"}, more...)
}
