package phrase_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/alert"
	"github.com/attache-bot/attache/internal/feed/fetch"
	"github.com/attache-bot/attache/internal/phrase"
)

const key = "canary-key-1234567890"

var noon = time.Date(2026, 1, 29, 12, 0, 0, 0, time.UTC)

// shelf holds what the alerts of one story tell, as a store would.
type shelf struct {
	mu      sync.Mutex
	living  alert.Living
	settled chan phrase.Settlement
}

func shelved() *shelf {
	s := &shelf{settled: make(chan phrase.Settlement, 10)}
	for _, one := range pause {
		s.living.Sentences = append(s.living.Sentences, alert.Sentence{Text: one})
	}
	return s
}

func (s *shelf) ClaimPhrasing(_ context.Context, now time.Time, _ int, lease time.Duration) ([]phrase.Wanted, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	w, ok := phrase.Next(now, s.living, nil)
	if !ok {
		return nil, nil
	}
	s.living.Phrasings = map[string]alert.Phrasing{w.Tongue: {Of: w.Of, Tries: w.Tries, Asked: w.Asked, Due: now.Add(lease)}}
	return []phrase.Wanted{w}, nil
}

func (s *shelf) SettlePhrasing(_ context.Context, _ time.Time, w phrase.Wanted, st phrase.Settlement) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.living.Phrasings[w.Tongue]
	p.Text, p.Due, p.Reason = st.Text, st.Due, string(st.Reason)
	s.living.Phrasings[w.Tongue] = p
	s.settled <- st
	return nil
}

// putBy has the sentences put by a server, and returns what came of it and what was
// logged. allowed says whether the bot may reach this machine.
func putBy(t *testing.T, allowed bool, patience time.Duration, answer http.HandlerFunc) (phrase.Settlement, string) {
	t.Helper()
	server := httptest.NewServer(answer)
	defer server.Close()
	u, err := url.Parse(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.ParseUint(u.Port(), 10, 16)
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	o := fetch.Options{UserAgent: "attache", Timeout: patience, HeaderTimeout: patience, MaxBody: phrase.MaxAnswer, MaxWire: phrase.MaxAnswer, AllowPorts: []uint16{uint16(port)}, Logger: logger}
	if allowed {
		o.AllowPrivate = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	}
	client, err := fetch.New(o)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	s := shelved()
	x, err := phrase.New(s, client, checker(t), phrase.Options{
		Server: phrase.Server{Address: server.URL + "/v1", Model: "m", Key: key}, PerMinute: 1, Lease: time.Minute, Every: time.Hour,
		Now: func() time.Time { return noon }, Logger: logger,
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- x.Run(ctx) }()
	got := <-s.settled
	stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	return got, log.String()
}

// patient is longer than any answer takes on the slowest machine.
const patient = 5 * time.Minute

// says answers as a chat does.
func says(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{"choices": []any{map[string]any{"message": map[string]any{"content": text}}}})
	}
}

func TestSentencesArePutByAServer(t *testing.T) {
	t.Parallel()
	const put = `Trump said Putin agreed to halt attacks on Kyiv for 7 days, but Russia has not confirmed the "one-week pause".`
	var asked struct {
		Model    string
		Messages []struct{ Role, Content string }
	}
	got, log := putBy(t, true, patient, func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || json.Unmarshal(body, &asked) != nil || r.URL.Path != "/v1/chat/completions" || r.Header.Get("Authorization") != "Bearer "+key {
			http.Error(w, "no", http.StatusTeapot)
			return
		}
		says(put)(w, r)
	})
	if got.Reason != phrase.Accepted || got.Text != put {
		t.Errorf("got %+v", got)
	}
	if asked.Model != "m" || len(asked.Messages) != 2 || asked.Messages[0].Role != "system" {
		t.Fatalf("asked %+v", asked)
	}
	var given struct {
		Language  string
		Sentences []struct {
			Text     string
			Speakers []string
		}
	}
	if err := json.Unmarshal([]byte(asked.Messages[1].Content), &given); err != nil {
		t.Fatal(err)
	}
	if given.Language != "en" || len(given.Sentences) != 3 || given.Sentences[0].Text != pause[0] || strings.Join(given.Sentences[0].Speakers, ",") != "Trump" {
		t.Errorf("given %+v", given)
	}
	if strings.Contains(log, key) {
		t.Errorf("the key is in the log: %s", log)
	}
}

func TestNoServerHarmsASummary(t *testing.T) {
	t.Parallel()
	again := noon.Add(time.Minute)
	for name, tt := range map[string]struct {
		answer http.HandlerFunc
		want   phrase.Settlement
		closed bool
		slow   bool
	}{
		"one that makes things up": {answer: says("Putin confirmed that the war is over and that Kyiv has surrendered."), want: phrase.Settlement{Reason: phrase.NewWord}},
		"one that is no chat":      {answer: func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") }, want: phrase.Settlement{Reason: phrase.BadAnswer}},
		"one that never ends": {answer: func(w http.ResponseWriter, _ *http.Request) {
			for range 1000 {
				if _, err := io.WriteString(w, strings.Repeat("a", 4096)); err != nil {
					return
				}
			}
		}, want: phrase.Settlement{Reason: phrase.Failed}},
		"one that does not answer": {answer: func(_ http.ResponseWriter, r *http.Request) {
			_, _ = io.Copy(io.Discard, r.Body) // a server sees a client leave only once it has read
			<-r.Context().Done()
		}, slow: true, want: phrase.Settlement{Reason: phrase.Failed, Due: again}},
		"one that is ill": {answer: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }, want: phrase.Settlement{Reason: phrase.Failed, Due: again}},
		"one that has enough": {answer: func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "120")
			w.WriteHeader(http.StatusTooManyRequests)
		}, want: phrase.Settlement{Reason: phrase.Failed, Due: noon.Add(2 * time.Minute)}},
		"one that knows no key": {answer: func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusUnauthorized) }, want: phrase.Settlement{Reason: phrase.Failed}},
		"one that leads elsewhere": {answer: func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/elsewhere" {
				says("KEEP")(w, r)
				return
			}
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		}, want: phrase.Settlement{Reason: phrase.Failed}},
		"one inside that nobody has opened": {answer: says("KEEP"), want: phrase.Settlement{Reason: phrase.Failed}, closed: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			patience := patient
			if tt.slow {
				patience = 50 * time.Millisecond
			}
			got, log := putBy(t, !tt.closed, patience, tt.answer)
			if got != tt.want {
				t.Errorf("got %+v, want %+v", got, tt.want)
			}
			if strings.Contains(log, key) {
				t.Errorf("the key is in the log: %s", log)
			}
		})
	}
}

func TestTriesAreBounded(t *testing.T) {
	t.Parallel()
	l := shelved().living
	of := alert.Of(l.Sentences)
	for name, tt := range map[string]struct {
		p    alert.Phrasing
		want bool
	}{
		"never tried":           {want: true},
		"held":                  {p: alert.Phrasing{Of: of, Tries: 1, Asked: 1, Due: noon.Add(1)}},
		"due again":             {p: alert.Phrasing{Of: of, Tries: 1, Asked: 1, Due: noon}, want: true},
		"put":                   {p: alert.Phrasing{Of: of, Tries: 1, Asked: 1, Text: "text"}},
		"tried often":           {p: alert.Phrasing{Of: of, Tries: phrase.MaxTries, Asked: 3, Due: noon}},
		"other sentences":       {p: alert.Phrasing{Of: "other", Tries: phrase.MaxTries, Asked: 3}, want: true},
		"a story of many turns": {p: alert.Phrasing{Of: "other", Asked: phrase.MaxAsked}},
	} {
		l.Phrasings = map[string]alert.Phrasing{"": tt.p}
		if _, got := phrase.Next(noon, l, nil); got != tt.want {
			t.Errorf("%s: %t", name, got)
		}
	}
	l.Phrasings, l.Sentences = nil, l.Sentences[:1]
	if _, got := phrase.Next(noon, l, nil); got {
		t.Error("one sentence is put")
	}
}

func TestAFailureIsTriedAgainLaterAndLater(t *testing.T) {
	t.Parallel()
	ill := &fetch.Error{Class: fetch.ClassServerError}
	for tries, want := range map[int]time.Time{1: noon.Add(time.Minute), 2: noon.Add(5 * time.Minute), 3: {}} {
		if got := phrase.Judge(noon, phrase.Wanted{Tries: tries}, "", phrase.Kept, ill); !got.Due.Equal(want) || got.Reason != phrase.Failed {
			t.Errorf("try %d: %+v", tries, got)
		}
	}
	stopped := phrase.Judge(noon, phrase.Wanted{Tries: 3}, "", phrase.Kept, &fetch.Error{Class: fetch.ClassCanceled})
	if !stopped.Free || !stopped.Due.Equal(noon) {
		t.Errorf("stopped: %+v", stopped)
	}
	if got := phrase.Judge(noon, phrase.Wanted{}, "", phrase.Kept, errors.New("no")); got != (phrase.Settlement{Reason: phrase.Failed}) {
		t.Errorf("another failure: %+v", got)
	}
}
