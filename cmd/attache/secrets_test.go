//go:build unix

package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/guild"
	"github.com/attache-bot/attache/internal/sandbox"
	"github.com/attache-bot/attache/internal/store"
)

// interactionToken finds the tokens of interactions in the paths of requests.
var interactionToken = regexp.MustCompile(`^/(?:interactions|webhooks)/\d+/([^/]+)`)

// feedKey is part of the address of a feed that a guild has added for itself, and
// pathKey another one: who has the address may read it.
const feedKey, pathKey = "canary-feed-key-77ab", "canary-feed-path-41cd"

// addKeyed gives a guild a feed of its own whose address holds keys, before the
// program starts.
func (s *station) addKeyed(guildID string) {
	s.t.Helper()
	db, err := store.Open(s.ctx, store.Options{DSN: filepath.Join(filepath.Dir(s.file), "attache.db"), Logger: slog.New(slog.DiscardHandler)})
	s.must(err)
	s.must(db.Migrate(s.ctx))
	_, err = db.AddFeed(s.ctx, guild.NewFeed{
		Guild: guildID, URL: s.outlet + "/" + pathKey + "/own?key=" + feedKey, Title: "Desk", Every: time.Second, By: s.mara, At: time.Now(), Room: 10,
	})
	s.must(errors.Join(err, db.Close()))
}

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
	s.write(s.file, strings.NewReplacer("level: info", "level: debug", "allow_private:", "allow_own: [127.0.0.0/8], allow_private:").Replace(string(text)))
	s.addKeyed(s.guild)
	s.start()
	s.subscribe()
	for !s.wasAsked("/" + pathKey + "/own") {
		s.must(s.ctx.Err())
	}
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
	for _, o := range []sandbox.Invocation{{Command: "status"}, {Command: "feed list"}} {
		o.User, o.Channel = s.mara, s.channel
		_, err = s.Interact(s.ctx, o)
		s.must(err)
	}
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

	s.printed(places)
	for _, x := range s.Requests() {
		places["what Discord is told"] += string(x.Body)
	}

	secrets := []string{canary, feedKey, pathKey}
	for _, x := range s.Requests() {
		if m := interactionToken.FindStringSubmatch(x.Path); m != nil {
			secrets = append(secrets, m[1])
		}
	}
	if len(secrets) < 5 || len(files) == 0 {
		t.Fatalf("%d secrets, %d files of the database", len(secrets), len(files))
	}
	for place, text := range places {
		for _, secret := range secrets {
			if strings.HasPrefix(place, "the database") && strings.HasPrefix(secret, "canary-feed-") {
				continue // where else would the address be kept
			}
			if i := strings.Index(text, secret); i >= 0 {
				t.Errorf("%s tells a secret: …%s…", place, text[max(0, i-200):min(len(text), i+len(secret)+20)])
			}
		}
	}
}

// printed adds what commands print of the feeds.
func (s *station) printed(places map[string]string) {
	s.t.Helper()
	for _, command := range [][]string{{"feeds", "status"}, {"feeds", "status", "--json"}, {"feeds", "readmit", "1", "2"}} {
		code, out, errs := attache(s.t, []string{"ATTACHE_TOKEN_FILE=" + s.secret}, "", append(command, "--config", s.file)...)
		if code != exitOK || !strings.Contains(out, "127.0.0.1") {
			s.t.Errorf("%v: exit %d, %s%s", command, code, out, errs)
		}
		places["attache "+strings.Join(command, " ")] = out + errs
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

// TestADatabasesPasswordIsNotTold starts the program with databases that do not
// answer, or whose addresses only the driver finds wrong.
func TestADatabasesPasswordIsNotTold(t *testing.T) {
	t.Parallel()
	for name, address := range map[string]string{
		"nobody there":             "postgres://bot:%s@127.0.0.1:1/attache?connect_timeout=2",
		"no such host":             "postgres://bot:%s@db.invalid/attache?connect_timeout=2",
		"no number for the port":   "postgres://bot:%s@127.0.0.1:port/attache",
		"two hosts":                "postgres://bot:%s@127.0.0.1:1,127.0.0.1:2/attache?connect_timeout=2",
		"an option of another":     "postgres://bot:%s@127.0.0.1:1/attache?sslmode=sometimes",
		"a timeout that is none":   "postgres://bot:%s@127.0.0.1:1/attache?connect_timeout=soon",
		"a file that is not there": "postgres://bot:%s@127.0.0.1:1/attache?sslmode=verify-ca&sslrootcert=/nowhere",
		"among the options":        "postgres://127.0.0.1:1/attache?user=bot&password=%s&connect_timeout=2",
		"an option not known":      "postgres://bot:%s@127.0.0.1:1/attache?fallback=%%00&connect_timeout=2",
		"a space":                  "postgres://bot:%s @127.0.0.1:1/attache",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const password = "canary-database-0815"
			for _, command := range [][]string{{"migrate"}, {"config", "check"}, {"trace", "1"}} {
				environ := []string{"ATTACHE_TOKEN=" + canary, "ATTACHE_LOG_LEVEL=debug", "ATTACHE_STORE_PATH=" + fmt.Sprintf(address, password)}
				code, out, errs := attache(t, environ, "", command...)
				if all := out + errs; strings.Contains(all, password) || strings.Contains(all, canary) {
					t.Errorf("%v tells a secret: %s", command, all)
				}
				if code == exitOK && command[0] != "config" {
					t.Errorf("%v succeeds", command)
				}
			}
		})
	}
}
