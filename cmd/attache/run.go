package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
	"golang.org/x/term"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/logging"
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
	command, err := parser.Parse(asked(e.args))
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

// asked are the arguments as the parser knows them: "attache" and "attache help run"
// ask for help as "--help" does.
func asked(args []string) []string {
	switch {
	case len(args) == 0:
		return []string{"--help"}
	case args[0] == "help":
		return append(slices.Clone(args[1:]), "--help")
	}
	return args
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
	// levels are those of the logger that begin has built.
	levels *logging.Levels
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
	s.levels = logging.New(loaded.Config.Log.Level)
	log := newLogger(s.stderr, loaded.Config.Log.Format, s.levels)
	for _, w := range loaded.Warnings {
		log.Warn(w, "component", "config")
	}
	return loaded.Config, log, nil
}

// newLogger returns a logger whose levels can be changed.
func newLogger(w io.Writer, format config.Format, levels *logging.Levels) *slog.Logger {
	o := &slog.HandlerOptions{Level: lowest}
	var h slog.Handler = slog.NewTextHandler(w, o)
	if format == config.JSON {
		h = slog.NewJSONHandler(w, o)
	}
	return slog.New(levels.Handler(h))
}

// lowest is a level below all: the levels decide.
const lowest = slog.Level(-1 << 10)

// isTerminal reports whether w is a terminal, where a line can be written over.
func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
