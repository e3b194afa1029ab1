// Attache is the command line: it reads flags, sets up logging and signals, and
// leaves the work to internal/app.
package main

import (
	"os"
)

func main() {
	os.Exit(run(environment{
		args: os.Args[1:], environ: os.Environ(),
		stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr,
	}))
}
