package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// attache runs the program in-process and returns its exit code and outputs.
func attache(t *testing.T, environ []string, stdin string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	code = run(environment{
		args: args, environ: environ, stdin: strings.NewReader(stdin), stdout: &out, stderr: &errs,
	})
	return code, out.String(), errs.String()
}

// commands are all leaves of the tree, as people type them.
func commands() []string {
	return []string{
		"run", "demo", "classify", "feeds list", "feeds check", "topics list", "topics test", "topics explain",
		"config check", "migrate", "backup", "trace", "healthcheck", "loglevel", "version",
	}
}

func TestEveryCommandHelpsWithAnExample(t *testing.T) {
	t.Parallel()
	for _, c := range commands() {
		t.Run(c, func(t *testing.T) {
			t.Parallel()
			code, out, errs := attache(t, nil, "", append(strings.Fields(c), "--help")...)
			if code != exitOK || errs != "" {
				t.Fatalf("exit %d, standard error %q", code, errs)
			}
			_, examples, ok := strings.Cut(out, "Example")
			if !ok || !strings.Contains(examples, "attache "+c) {
				t.Errorf("no example:\n%s", out)
			}
			if !strings.Contains(out, "Usage: attache "+c) {
				t.Errorf("no usage:\n%s", out)
			}
			if _, same, _ := attache(t, nil, "", append([]string{"help"}, strings.Fields(c)...)...); same != out {
				t.Errorf("help %s says something else:\n%s", c, same)
			}
		})
	}
}

func TestTheHelpNamesEveryCommand(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{nil, {"--help"}, {"-h"}, {"help"}} {
		code, out, errs := attache(t, nil, "", args...)
		if code != exitOK || errs != "" {
			t.Fatalf("%v: exit %d, standard error %q", args, code, errs)
		}
		for _, c := range commands() {
			if !strings.Contains(out, "\n  "+c+" ") {
				t.Errorf("%v: %s is not named:\n%s", args, c, out)
			}
		}
	}
}

func TestExitCodesAndErrors(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	bad := filepath.Join(dir, "bad.yaml")
	if err := os.WriteFile(bad, []byte("poll:\n  tick: 5\n  concurency: 3\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, args string
		environ    []string
		code       int
		stderr     []string
	}{
		{"no such command", "polls", nil, exitUsage, []string{"attache: unexpected argument polls", "See attache --help."}},
		{"no such flag", "classify --summery", nil, exitUsage, []string{"attache: unknown flag --summery", "See attache classify --help."}},
		{"half a command", "topics", nil, exitUsage, []string{`expected one of`}},
		{"an argument is missing", "topics explain", nil, exitUsage, []string{`expected "<text> ..."`, "See attache topics explain --help."}},
		{"a bad file", "config check -c " + bad, nil, exitUsage, []string{
			"attache: " + bad + `:2: poll.tick: "5" is not a duration: write a number with its unit`,
			"attache: " + bad + `:3: there is no setting "concurency" in poll: did you mean concurrency?`,
		}},
		{"a bad file from the environment", "migrate --status", []string{"ATTACHE_CONFIG=" + bad}, exitUsage, []string{bad + ":2: poll.tick"}},
		{"no such file", "config check -c " + filepath.Join(dir, "none.yaml"), nil, exitUsage, []string{"read configuration", "check --config"}},
		{"a bad variable", "config check", []string{"ATTACHE_LOG_LEVEL=loud"}, exitUsage, []string{`attache: ATTACHE_LOG_LEVEL: log.level: "loud" is unknown: use debug, info, warn, error`}},
		{"bad flags, all of them", "config check --set poll.tick --set tick=1s --log-format xml", nil, exitUsage, []string{
			"attache: --set poll.tick: poll.tick: has no value", `attache: --set tick: there is no setting "tick"`, `attache: --log-format: log.format: "xml" is unknown`,
		}},
		{"no token", "run --set listen=off --set store.path=" + filepath.Join(dir, "attache.db"), nil, exitFault, []string{
			"attache: no Discord token is set: put it in the environment variable ATTACHE_TOKEN",
		}},
		{"nobody to ask for health", "healthcheck --set listen=off", nil, exitFault, []string{"attache: the bot cannot be asked: set listen"}},
		{"a source that is not there", "feeds check nobody", nil, exitFault, []string{`attache: there is no source "nobody"`}},
		{"no topics", "topics list --topics " + filepath.Join(dir, "none"), nil, exitFault, []string{"attache: read topics.dir"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			code, out, errs := attache(t, tt.environ, "", strings.Fields(tt.args)...)
			if code != tt.code {
				t.Errorf("exit %d, want %d", code, tt.code)
			}
			if out != "" {
				t.Errorf("standard output %q", out)
			}
			for _, want := range tt.stderr {
				if !strings.Contains(errs, want) {
					t.Errorf("standard error lacks %q:\n%s", want, errs)
				}
			}
		})
	}
}

func TestVersionNamesTheCompiler(t *testing.T) {
	t.Parallel()
	code, out, _ := attache(t, nil, "", "version")
	if code != exitOK || !strings.HasPrefix(out, "attache ") || !strings.Contains(out, ", go1.") {
		t.Errorf("exit %d, %q", code, out)
	}
}

func TestClassifyReadsStandardInput(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	topic := "id: sample\ntitle: {en: Sample}\nabout: A sample.\nstages: [agreed]\nlang: {en: {strong: [truce]}}\n"
	if err := os.WriteFile(filepath.Join(dir, "sample.yaml"), []byte(topic), 0o600); err != nil {
		t.Fatal(err)
	}
	code, out, errs := attache(t, nil, `{"id":"a","title":"Truce agreed in the north of the country"}`+"\nnonsense\n",
		"classify", "--topics", dir, "--only", "sample")
	want := `{"id":"a","language":"en","topics":[{"id":"sample","score":3,"stage":"","evidence":["Truce"]}],"story":"s1","standing":"reported","claims":[]}` + "\n" +
		`{"id":null,"error":"this is not JSON, at byte 2: invalid character 'o' in literal null (expecting 'u')"}` + "\n"
	if out != want {
		t.Errorf("standard output\n%swant\n%s", out, want)
	}
	if code != exitFault || !strings.Contains(errs, "line 2: this is not JSON") || !strings.Contains(errs, "attache: 1 of 2 lines could not be classified") {
		t.Errorf("exit %d, standard error %q", code, errs)
	}
}

func TestMigrateAtAPlaceOfOnesChoice(t *testing.T) {
	t.Parallel()
	db := "store.path=" + filepath.Join(t.TempDir(), "attache.db")
	for _, step := range []struct{ args, want string }{
		{"migrate --status", "not there yet"}, {"migrate", ", was 0"}, {"migrate --status", "up to date"},
	} {
		code, out, errs := attache(t, nil, "", append(strings.Fields(step.args), "--set", db, "--log-format", "json")...)
		if code != exitOK || !strings.Contains(out, step.want) {
			t.Errorf("%s: exit %d, %q, %q", step.args, code, out, errs)
		}
	}
}

// TestTheTokenIsNeverPrinted runs every command with a token in all the places
// that can hold one.
func TestTheTokenIsNeverPrinted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, mode := range map[string]os.FileMode{"open.yaml": 0o644, "closed.yaml": 0o600} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte("discord:\n  token: "+canary+"\n"), mode); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(file, mode); err != nil {
			t.Fatal(err)
		}
	}
	db := []string{"--set", "store.path=" + filepath.Join(dir, "attache.db"), "--set", "listen=off", "--log-level", "debug"}
	places := map[string]struct{ environ, args []string }{
		"environment":        {environ: []string{"ATTACHE_TOKEN=" + canary}},
		"two in environment": {environ: []string{"ATTACHE_TOKEN=" + canary, "ATTACHE_TOKEN_FILE=" + canary}},
		"open file":          {args: []string{"--config", filepath.Join(dir, "open.yaml")}},
		"closed file":        {args: []string{"--config", filepath.Join(dir, "closed.yaml")}},
		"flag":               {args: []string{"--set", "discord.token=" + canary}},
	}
	for place, p := range places {
		for _, c := range []string{"config check", "migrate", "topics list", "healthcheck", "classify"} {
			t.Run(place+", "+c, func(t *testing.T) {
				t.Parallel()
				args := append(append(strings.Fields(c), db...), p.args...)
				_, out, errs := attache(t, p.environ, "", args...)
				if strings.Contains(out+errs, canary) {
					t.Errorf("the token is printed:\n%s\n%s", out, errs)
				}
			})
		}
	}
}
