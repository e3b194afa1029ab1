//go:build unix

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/sandbox"
)

// asProgram is the variable that makes the test binary the program itself.
const asProgram = "ATTACHE_TEST_PROGRAM"

func TestMain(m *testing.M) {
	if os.Getenv(asProgram) != "" {
		main()
	}
	os.Exit(m.Run())
}

// station is a Discord and an outlet for the program to run between, as a
// process of its own, as its operator would start it.
type station struct {
	*sandbox.Server
	t             *testing.T
	ctx           context.Context
	channel, mara string
	guild, outlet string
	listen, file  string
	mu            sync.Mutex
	titles        []string
	reads         int
	asked         map[string]bool
	log           bytes.Buffer
	cmd           *exec.Cmd
	secret        string // the file of the token; empty when the environment holds it
}

// canary is the token, which must show nowhere.
const canary = "canary-MTA0.aBc-dEf_123"

func newStation(t *testing.T) *station {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(t.Context()), 3*time.Minute)
	t.Cleanup(cancel)
	s := &station{t: t, ctx: ctx, asked: map[string]bool{}}
	var err error
	s.Server, err = sandbox.New(sandbox.Options{Token: canary, Limits: sandbox.Limits{IdentifyInterval: -1}})
	s.must(err)
	t.Cleanup(s.Server.Close)
	s.must(s.Start(ctx, "127.0.0.1:0"))
	guild := s.AddGuild("Newsroom")
	s.guild = guild
	s.channel, err = s.AddChannel(guild, "general", sandbox.Text)
	s.must(err)
	role, err := s.AddRole(guild, sandbox.Role{Name: "Staff", Permissions: sandbox.ManageGuild})
	s.must(err)
	s.mara = s.AddUser("Mara")
	s.must(s.AddMember(guild, s.mara, role))
	outlet := httptest.NewServer(http.HandlerFunc(s.serve))
	t.Cleanup(outlet.Close)
	s.outlet = outlet.URL
	_, port, err := net.SplitHostPort(strings.TrimPrefix(outlet.URL, "http://"))
	s.must(err)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	s.must(err)
	s.listen = l.Addr().String()
	s.must(l.Close())
	dir := t.TempDir()
	s.file = filepath.Join(dir, "attache.yaml")
	s.write(filepath.Join(dir, "feeds.yaml"), fmt.Sprintf("sources:\n  - {id: wire, name: Wire, country: GB, language: en, tier: wire, feeds: [{url: %q, every: 1s}]}\n", outlet.URL+"/feed"))
	s.configure("info", port)
	return s
}

func (s *station) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatalf("%v\nthe program's log:\n%s", err, &s.log)
	}
}

func (s *station) write(name, text string) {
	s.t.Helper()
	s.must(os.WriteFile(name, []byte(text), 0o600))
}

// configure writes the program's configuration; port is the outlet's.
func (s *station) configure(level, port string) {
	s.t.Helper()
	s.write(s.file, fmt.Sprintf(`
discord: {base_url: %q}
store: {path: %q}
poll: {tick: 1s, min_interval: 1s, interval: 1s}
network: {allow_private: [127.0.0.0/8], allow_ports: [%s]}
feeds: {file: feeds.yaml}
log: {level: %s}
listen: %q
`, s.URL(), filepath.Join(filepath.Dir(s.file), "attache.db"), port, level, s.listen))
}

// serve is the outlet.
func (s *station) serve(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked[r.URL.Path] = true
	if r.URL.Path == "/feed" {
		s.reads++
	}
	fmt.Fprint(w, `<rss version="2.0"><channel><title>Wire</title>`)
	for i, title := range s.titles {
		fmt.Fprintf(w, `<item><guid>%d</guid><title>%s</title><link>https://wire.example/%d</link></item>`, i, title, i)
	}
	fmt.Fprint(w, `</channel></rss>`)
}

// wasAsked reports whether the outlet was asked for a path.
func (s *station) wasAsked(path string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[path]
}

func (s *station) publish(title string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.titles = append(s.titles, title)
}

// start starts the program and waits until it is ready.
func (s *station) start() {
	s.t.Helper()
	s.cmd = exec.CommandContext(s.ctx, os.Args[0], "run", "--config", s.file) //nolint:gosec // this very binary
	s.cmd.Env = append(os.Environ(), asProgram+"=1")
	if s.secret == "" {
		s.cmd.Env = append(s.cmd.Env, "ATTACHE_TOKEN="+s.Token())
	} else {
		s.cmd.Env = append(s.cmd.Env, "ATTACHE_TOKEN_FILE="+s.secret)
	}
	s.cmd.Stderr, s.cmd.Stdout = &s.log, io.Discard
	s.must(s.cmd.Start())
	cmd := s.cmd
	s.t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() }) // it has ended before when all is well
	s.until("/readyz", `"ready": true`)
}

// until asks the program until its answer holds a text.
func (s *station) until(path, want string) {
	s.t.Helper()
	got := ""
	for s.ctx.Err() == nil {
		var err error
		if got, err = s.ask(path); err == nil && strings.Contains(got, want) {
			return
		}
	}
	s.t.Fatalf("%s never said %s, but %s", path, want, got)
}

// ask asks the program, which may not listen yet.
func (s *station) ask(path string) (string, error) {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	req, err := http.NewRequestWithContext(s.ctx, http.MethodGet, "http://"+s.listen+path, nil)
	if err != nil {
		return "", err
	}
	resp, err := client.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return string(body), err
}

func (s *station) signal(sig os.Signal) {
	s.t.Helper()
	s.must(s.cmd.Process.Signal(sig))
}

// ended waits for the end and returns how it came.
func (s *station) ended() syscall.WaitStatus {
	s.t.Helper()
	_ = s.cmd.Wait() // its state tells
	status, ok := s.cmd.ProcessState.Sys().(syscall.WaitStatus)
	if !ok {
		s.t.Fatalf("ended with %v", s.cmd.ProcessState)
	}
	return status
}

var confirmID = regexp.MustCompile(`a1:sub-confirm:[0-9a-z]+`)

// confirmable is the custom id of a message's button to confirm, or "".
func confirmable(m *sandbox.Message) string {
	raw, err := json.Marshal(m.Components)
	if err != nil {
		return ""
	}
	return confirmID.FindString(string(raw))
}

// confirm presses the button that an answer offers, and waits until it is gone.
func (s *station) confirm() {
	s.t.Helper()
	var press sandbox.Invocation
	_, err := s.WaitMessages(s.ctx, s.channel, func(ms []*sandbox.Message) bool {
		for _, m := range ms {
			if id := confirmable(m); id != "" {
				press = sandbox.Invocation{Type: sandbox.InvokeComponent, User: s.mara, Channel: s.channel, Message: m.ID, CustomID: id}
			}
		}
		return press.CustomID != ""
	})
	s.must(err)
	_, err = s.Interact(s.ctx, press)
	s.must(err)
	_, err = s.WaitMessages(s.ctx, s.channel, func(ms []*sandbox.Message) bool {
		return !slices.ContainsFunc(ms, func(m *sandbox.Message) bool { return confirmable(m) != "" })
	})
	s.must(err)
}

func (s *station) subscribe() {
	s.t.Helper()
	s.must(s.WaitCommands(s.ctx, "subscribe"))
	_, err := s.Interact(s.ctx, sandbox.Invocation{User: s.mara, Channel: s.channel, Command: "subscribe", Options: map[string]any{"topic": "ceasefire"}})
	s.must(err)
	s.confirm()
	s.mu.Lock()
	read := s.reads
	s.mu.Unlock()
	for s.ctx.Err() == nil { // what a feed holds at first raises no alert
		s.mu.Lock()
		now := s.reads
		s.mu.Unlock()
		if now >= read+2 {
			return
		}
	}
}

// headlines are those of the alerts among messages.
func headlines(messages []*sandbox.Message) []string {
	var out []string
	for _, m := range messages {
		if !m.Ephemeral() && len(m.Embeds) > 0 {
			out = append(out, m.Embeds[0].Title)
		}
	}
	return out
}

const truce = "Ceasefire takes effect along the Lebanese border"

// isPost chooses the bot's posts.
func isPost(x sandbox.Exchange) bool {
	return x.Method == http.MethodPost && strings.HasSuffix(x.Path, "/messages")
}

// TestSignals ends the program as service managers and people do.
func TestSignals(t *testing.T) {
	t.Parallel()
	t.Run("SIGTERM lets what is under way end", func(t *testing.T) {
		t.Parallel()
		s := newStation(t)
		s.start()
		s.subscribe()
		slow := s.AddFault(sandbox.Fault{Match: isPost, Delay: 3 * time.Second, Do: sandbox.Slow})
		s.publish(truce)
		s.must(slow.Wait(s.ctx, 1))
		s.signal(syscall.SIGTERM)
		s.until("/readyz", "the bot is being stopped")
		s.until("/healthz", `"ok": true`)
		if st := s.ended(); !st.Exited() || st.ExitStatus() != exitOK {
			t.Errorf("ended with %v", s.cmd.ProcessState)
		}
		if got := headlines(s.Messages(s.channel)); len(got) != 1 {
			t.Errorf("posted %q", got)
		}
		code, out, errs := attache(t, nil, "", "trace", "1", "--config", s.file)
		if code != exitOK || !strings.Contains(out, "sent after 1 try") {
			t.Errorf("the outcome is not recorded: exit %d\n%s%s", code, out, errs)
		}
	})
	// Not beside the others: on a busy machine the slow post would be over before
	// the second signal; after 20 seconds the bot would give it up.
	t.Run("a second signal ends it at once, and nothing is posted twice", func(t *testing.T) {
		s := newStation(t)
		s.start()
		s.subscribe()
		slow := s.AddFault(sandbox.Fault{Match: isPost, Delay: 19 * time.Second, Do: sandbox.Slow, Times: 1})
		s.publish(truce)
		s.must(slow.Wait(s.ctx, 1))
		s.signal(syscall.SIGTERM)
		s.until("/readyz", "the bot is being stopped")
		s.signal(os.Interrupt)
		if st := s.ended(); !st.Signaled() || st.Signal() != syscall.SIGINT {
			t.Errorf("ended with %v", s.cmd.ProcessState)
		}
		slow.Remove()
		s.start()
		_, err := s.WaitMessages(s.ctx, s.channel, func(ms []*sandbox.Message) bool { return len(headlines(ms)) > 0 })
		s.must(err)
		s.signal(os.Interrupt)
		if st := s.ended(); !st.Exited() || st.ExitStatus() != exitOK {
			t.Errorf("ended with %v", s.cmd.ProcessState)
		}
		if got := headlines(s.Messages(s.channel)); len(got) != 1 {
			t.Errorf("posted %q", got)
		}
	})
	t.Run("SIGHUP takes the log level anew and changes nothing else", func(t *testing.T) {
		t.Parallel()
		s := newStation(t)
		s.start()
		s.until("/loglevel", `"level": "INFO"`)
		text, err := os.ReadFile(s.file)
		s.must(err)
		s.write(s.file, strings.Replace(string(text), "level: info", "level: debug", 1))
		s.signal(syscall.SIGHUP)
		s.until("/loglevel", `"configured": "DEBUG"`)
		s.write(s.file, "log: {level: loud}\n")
		s.signal(syscall.SIGHUP)
		s.until("/healthz", `"ok": true`)
		s.signal(syscall.SIGTERM)
		if st := s.ended(); !st.Exited() || st.ExitStatus() != exitOK {
			t.Errorf("ended with %v", s.cmd.ProcessState)
		}
		if !strings.Contains(s.log.String(), "the configuration cannot be read; log levels stay") {
			t.Errorf("a mistake in the file is not told:\n%s", &s.log)
		}
	})
}
