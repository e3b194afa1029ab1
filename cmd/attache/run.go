package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"github.com/attache-bot/attache/config"
)

// Exit codes, as the help tells them.
const (
	exitOK    = 0
	exitFault = 1 // what was asked for failed, or found something wrong
	exitUsage = 2 // the command line or the configuration is wrong
)

// environment is everything that a run takes from outside.
type environment struct {
	args, environ  []string
	stdin          io.Reader
	stdout, stderr io.Writer
}

// run does what the arguments say and returns the exit code.
func run(e environment) int {
	var c cli
	exited := -1
	parser, err := kong.New(&c,
		kong.Name("attache"),
		kong.Description(about),
		kong.Writers(e.stdout, e.stderr),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, Summary: false, WrapUpperBound: 100}),
		kong.ShortUsageOnError(),
		// Help ends the parsing, not the process.
		kong.Exit(func(code int) { exited = code }),
	)
	if err != nil {
		fmt.Fprintf(e.stderr, "attache: build command line: %v\n", err)
		return exitFault
	}
	if len(e.args) == 0 {
		e.args = []string{"--help"}
	}
	command, err := parser.Parse(e.args)
	if exited >= 0 {
		return exited
	}
	if err != nil {
		fmt.Fprintf(e.stderr, "attache: %v\n%s\n", err, hint(err))
		return exitUsage
	}
	if err := command.Run(&session{environment: e, flags: c.flags}); err != nil {
		return e.fail(err)
	}
	return exitOK
}

// hint says where the usage of the command stands that was asked for.
func hint(err error) string {
	var parsing *kong.ParseError
	path := "attache"
	if errors.As(err, &parsing) && parsing.Context != nil && parsing.Context.Selected() != nil {
		path = parsing.Context.Selected().FullPath()
	}
	return "See " + path + " --help."
}

// fail prints an error, a line each, and returns its exit code.
func (e environment) fail(err error) int {
	for line := range strings.SplitSeq(err.Error(), "\n") {
		fmt.Fprintf(e.stderr, "attache: %s\n", line)
	}
	var problems config.Problems
	if errors.As(err, &problems) {
		return exitUsage
	}
	return exitFault
}

// session is what a command has to work with.
type session struct {
	environment
	flags flags
}

// defaultFile is the configuration that is read when none is named.
const defaultFile = "attache.yaml"

// load reads the configuration; extra are the settings of a command's own
// flags. Warnings go to standard error.
func (s *session) load(extra ...config.Flag) (config.Loaded, error) {
	file := s.flags.ConfigFile
	if file == "" {
		file = lookup(s.environ, "ATTACHE_CONFIG")
	}
	if file == "" {
		if _, err := os.Stat(defaultFile); err == nil {
			file = defaultFile
		}
	}
	return config.Load(config.Sources{File: file, Environ: s.environ, Flags: append(s.flags.settings(), extra...)})
}

func lookup(environ []string, name string) string {
	value := ""
	for _, kv := range environ {
		if v, ok := strings.CutPrefix(kv, name+"="); ok {
			value = v
		}
	}
	return value
}

// begin loads the configuration and builds the logger that it asks for.
func (s *session) begin(extra ...config.Flag) (config.Config, *slog.Logger, error) {
	loaded, err := s.load(extra...)
	if err != nil {
		return config.Config{}, nil, err
	}
	log := newLogger(s.stderr, loaded.Config.Log)
	for _, w := range loaded.Warnings {
		log.Warn(w, "component", "config")
	}
	return loaded.Config, log, nil
}

func newLogger(w io.Writer, l config.Log) *slog.Logger {
	o := &slog.HandlerOptions{Level: l.Level}
	if l.Format == config.JSON {
		return slog.New(slog.NewJSONHandler(w, o))
	}
	return slog.New(slog.NewTextHandler(w, o))
}

// untilSignal returns a context that ends with the first SIGINT or SIGTERM, so
// that what is under way is brought to an end. A second one ends the process.
func untilSignal() (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// isTerminal reports whether w is a terminal, where a line can be written over.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
