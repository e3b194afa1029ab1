package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"debug/buildinfo"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// builder runs git and go.
type builder struct {
	// environ is what go and git get beside our own environment.
	environ  []string
	progress io.Writer
}

// settled are the variables that would change what is built, set to one value
// for everybody, and the permission to use git in others' checkouts.
func settled() []string {
	return []string{
		"CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off", "GOEXPERIMENT=", "GOFIPS140=off", "GOAMD64=v1", "GOARM64=v8.0",
		"GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=safe.directory", "GIT_CONFIG_VALUE_0=*",
	}
}

// release builds all targets of a commit from a clone in the folder source into
// the folder out, and returns the text of SHA256SUMS.
func (b builder) release(ctx context.Context, o options, source, out string) (string, error) {
	when, err := b.clone(ctx, o, source)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return "", fmt.Errorf("make output folder: %w", err)
	}
	var sums strings.Builder
	for _, t := range o.targets {
		made, err := b.target(ctx, t, when, source)
		if err != nil {
			return "", fmt.Errorf("build for %s: %w", t, err)
		}
		for _, f := range made {
			if err := write(filepath.Join(out, f.name), f.data); err != nil {
				return "", err
			}
			fmt.Fprintf(&sums, "%s  %s\n", sum(f.data), f.name)
		}
	}
	return sums.String(), write(filepath.Join(out, "SHA256SUMS"), []byte(sums.String()))
}

// clone takes the commit into a folder of its own and returns its time. Nobody
// but the owner of a checkout may use git there unless told that it is safe;
// what is cloned here is only compiled.
func (b builder) clone(ctx context.Context, o options, source string) (time.Time, error) {
	from, err := filepath.Abs(o.from)
	if err != nil {
		return time.Time{}, fmt.Errorf("find checkout: %w", err)
	}
	if err := os.MkdirAll(source, 0o755); err != nil {
		return time.Time{}, fmt.Errorf("make source folder: %w", err)
	}
	id, err := b.resolve(ctx, o)
	if err != nil {
		return time.Time{}, err
	}
	if _, err := b.output(ctx, source, "git", "clone", "--quiet", "--no-checkout", "-u", "git -c safe.directory=* upload-pack", from, "."); err != nil {
		return time.Time{}, fmt.Errorf("clone checkout: %w", err)
	}
	if _, err := b.output(ctx, source, "git", "-c", "advice.detachedHead=false", "checkout", "--quiet", id); err != nil {
		return time.Time{}, fmt.Errorf("check out commit: %w", err)
	}
	at, err := b.output(ctx, source, "git", "log", "-1", "--format=%ct")
	if err != nil {
		return time.Time{}, fmt.Errorf("read time of commit: %w", err)
	}
	seconds, err := strconv.ParseInt(strings.TrimSpace(at), 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("read time of commit: %w", err)
	}
	return time.Unix(seconds, 0).UTC(), nil
}

// resolve returns the id of the commit that is released.
func (b builder) resolve(ctx context.Context, o options) (string, error) {
	from, err := filepath.Abs(o.from)
	if err != nil {
		return "", fmt.Errorf("find checkout: %w", err)
	}
	id, err := b.output(ctx, from, "git", "rev-parse", "--verify", o.commit+"^{commit}")
	if err != nil {
		return "", fmt.Errorf("find commit %s: %w", o.commit, err)
	}
	return strings.TrimSpace(id), nil
}

// made is a file of a release.
type made struct {
	name string
	data []byte
}

// companions are the files that go beside the program.
func companions() []string {
	return []string{"README.md", "config/README.md", "config/deploy", "config/monitor", "cmd/attache/README.md"}
}

// target builds one target: its archive, and its bill of materials.
func (b builder) target(ctx context.Context, t target, when time.Time, source string) ([]made, error) {
	fmt.Fprintf(b.progress, "building %s\n", t)
	program := "attache"
	if t.os == "windows" {
		program += ".exe"
	}
	file := filepath.Join(source, program) // ignored by git, so that the build does not count as changed
	if err := b.compile(ctx, t, source, file); err != nil {
		return nil, err
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("read program: %w", err)
	}
	info, err := buildinfo.Read(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("read what the program is made of: %w", err)
	}
	if len(info.Deps) == 0 {
		return nil, errors.New("the program does not say which modules it is made of")
	}
	name := strings.Join([]string{"attache", info.Main.Version, t.os, t.arch}, "_")
	bill, err := billOf(info, sum(data), when)
	if err != nil {
		return nil, err
	}
	files := []entry{{name: program, mode: 0o755, data: data}, {name: "sbom.cdx.json", mode: 0o644, data: bill}}
	for _, c := range companions() {
		more, err := entries(os.DirFS(source), c)
		if err != nil {
			return nil, err
		}
		files = append(files, more...)
	}
	packed, err := pack(name, when, files)
	if err != nil {
		return nil, err
	}
	return []made{{name + ".tar.gz", packed}, {name + ".cdx.json", bill}}, nil
}

// compile builds the program without cgo and without anything of this machine.
func (b builder) compile(ctx context.Context, t target, source, file string) error {
	b.environ = append(b.environ, "GOOS="+t.os, "GOARCH="+t.arch)
	_, err := b.output(ctx, source, "go", "build", "-trimpath", "-buildvcs=true", "-mod=readonly", "-ldflags=-s -w", "-o", file, "./cmd/attache")
	return err
}

// output runs a program and returns what it prints.
func (b builder) output(ctx context.Context, dir, name string, args ...string) (string, error) {
	c := exec.CommandContext(ctx, name, args...) //nolint:gosec // git and go, with the arguments above
	c.Dir = dir
	c.Env = append(append(os.Environ(), settled()...), b.environ...)
	var out, errs bytes.Buffer
	c.Stdout, c.Stderr = &out, &errs
	if err := c.Run(); err != nil {
		return "", fmt.Errorf("%s %s: %w: %s", name, args[0], err, strings.TrimSpace(errs.String()))
	}
	return out.String(), nil
}

func write(name string, data []byte) error {
	if err := os.WriteFile(name, data, 0o644); err != nil { //nolint:gosec // a release is for everybody
		return fmt.Errorf("write release: %w", err)
	}
	return nil
}

func sum(data []byte) string {
	s := sha256.Sum256(data)
	return hex.EncodeToString(s[:])
}
