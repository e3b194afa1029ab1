//go:build unix

package main

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/attache-bot/attache/internal/sandbox"
)

// interactionToken finds the tokens of interactions in the paths of requests.
var interactionToken = regexp.MustCompile(`^/(?:interactions|webhooks)/\d+/([^/]+)`)

// TestTheRunningProgramKeepsItsSecrets runs the real program at its most
// talkative through an alert, commands, and a Discord that says the token back
// in refusals and breaks off, until it dies with all its stacks. Then it looks
// for the token and for those of the interactions wherever somebody may read.
func TestTheRunningProgramKeepsItsSecrets(t *testing.T) {
	t.Parallel()
	s := newStation(t)
	s.secret = filepath.Join(filepath.Dir(s.file), "token")
	s.write(s.secret, canary+"\n")
	text, err := os.ReadFile(s.file)
	s.must(err)
	s.write(s.file, strings.Replace(string(text), "level: info", "level: debug", 1))
	s.start()
	s.subscribe()
	for _, f := range []sandbox.Fault{
		{Do: sandbox.Answer, Status: http.StatusInternalServerError, Body: `{"message":"Bot ` + canary + `","code":0}`},
		{Do: sandbox.Answer, Status: http.StatusBadGateway, Body: canary, Header: http.Header{"X-Token": {canary}}},
		{Do: sandbox.CutAfter},
		{Do: sandbox.Answer, Status: http.StatusForbidden, Body: `{"message":"` + canary + `","code":50001}`},
	} {
		f.Match, f.Times = isPost, 1
		s.AddFault(f)
	}
	refused := s.AddFault(sandbox.Fault{
		Do: sandbox.Answer, Status: http.StatusNotFound, Times: 1, Body: `{"message":"Unknown interaction","code":10062}`,
		Match: func(x sandbox.Exchange) bool { return strings.HasSuffix(x.Path, "/callback") },
	})
	_, err = s.Invoke(sandbox.Invocation{User: s.mara, Channel: s.channel, Command: "status"})
	s.must(err)
	s.must(refused.Wait(s.ctx, 1))
	s.publish(truce)
	s.until("/metrics", `attache_deliveries_total{outcome="pending",reason="missing-permission"} 1`)

	places := map[string]string{}
	for _, path := range []string{"/metrics", "/healthz", "/readyz", "/loglevel"} {
		places[path], err = s.ask(path)
		s.must(err)
	}
	places["the list of processes"] = processList(t, s.cmd.Process.Pid)
	s.signal(syscall.SIGQUIT) // which has Go print every stack
	if st := s.ended(); st.Exited() && st.ExitStatus() == exitOK {
		t.Errorf("ended with %v", s.cmd.ProcessState)
	}
	places["the log"] = s.log.String()
	if !strings.Contains(s.log.String(), "goroutine ") || !strings.Contains(s.log.String(), "level=DEBUG") {
		t.Error("the log holds no stacks, or nothing for debugging")
	}
	files, err := filepath.Glob(filepath.Join(filepath.Dir(s.file), "attache.db*"))
	s.must(err)
	for _, f := range files {
		raw, err := os.ReadFile(f)
		s.must(err)
		places["the database "+filepath.Base(f)] = string(raw)
	}

	secrets := []string{canary}
	for _, x := range s.Requests() {
		if m := interactionToken.FindStringSubmatch(x.Path); m != nil {
			secrets = append(secrets, m[1])
		}
	}
	if len(secrets) < 3 || len(files) == 0 {
		t.Fatalf("%d secrets, %d files of the database", len(secrets), len(files))
	}
	for place, text := range places {
		for _, secret := range secrets {
			if i := strings.Index(text, secret); i >= 0 {
				t.Errorf("%s tells a secret: …%s…", place, text[max(0, i-200):min(len(text), i+len(secret)+20)])
			}
		}
	}
}

// processList is what others see of a process.
func processList(t *testing.T, pid int) string {
	t.Helper()
	raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err == nil {
		return string(raw)
	}
	out, err := exec.CommandContext(t.Context(), "ps", "-o", "args=", "-p", strconv.Itoa(pid)).Output() //nolint:gosec // a number
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
