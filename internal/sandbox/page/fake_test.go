package page_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/sandbox/page"
)

type object = map[string]any

// fake answers the sandbox's API from memory, and serves the page beside it.
type fake struct {
	url string

	mu       sync.Mutex
	state    object
	messages map[string][]object
	posted   []object
	streams  map[chan string]struct{}
	events   []string // all that were sent, in order
	lapsed   bool     // what a page missed is gone
	serial   int
	arrived  chan object // each interaction but autocomplete, as posted
	choices  []object    // the answer to autocomplete
	asked    []object    // autocomplete requests
	refuse   bool        // answer requests for messages and choices with an error
}

func newFake(t testing.TB) *fake {
	t.Helper()
	f := &fake{
		state: sampleState(), messages: map[string][]object{}, streams: map[chan string]struct{}{},
		arrived: make(chan object, 16), serial: 500,
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /sandbox/api/state", f.serveState)
	mux.HandleFunc("GET /sandbox/api/channels/{id}/messages", f.serveMessages)
	mux.HandleFunc("GET /sandbox/api/events", f.serveEvents)
	mux.HandleFunc("POST /sandbox/api/interactions", f.serveInteractions)
	mux.HandleFunc("POST /sandbox/api/channels/{id}/messages", f.serveSaying)
	mux.HandleFunc("POST /sandbox/api/channels/{id}/pins", f.serveSaying)
	mux.HandleFunc("GET /sandbox/api/channels/{id}/pins", f.servePins)
	mux.Handle("/", page.Handler())
	srv := httptest.NewServer(mux)
	t.Cleanup(func() {
		srv.CloseClientConnections()
		srv.Close()
	})
	f.url = srv.URL
	return f
}

func (f *fake) serveState(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	answer := object{}
	maps.Copy(answer, f.state)
	users := f.state["users"].([]object)
	answer["me"] = users[0]
	answer["event"] = f.place()
	for _, u := range users {
		if u["id"] == r.URL.Query().Get("user") {
			answer["me"] = u
		}
	}
	writeJSON(w, http.StatusOK, answer)
}

func (f *fake) serveMessages(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.refuse {
		writeJSON(w, http.StatusInternalServerError, object{"message": "the store is out of order"})
		return
	}
	limit, err := strconv.Atoi(r.URL.Query().Get("limit"))
	if err != nil {
		limit = 50
	}
	before, all := r.URL.Query().Get("before"), f.messages[r.PathValue("id")]
	end := len(all)
	for i, m := range all {
		if m["id"] == before {
			end = i
		}
	}
	writeJSON(w, http.StatusOK, append([]object{}, all[max(0, end-limit):end]...))
}

func (f *fake) serveEvents(w http.ResponseWriter, r *http.Request) {
	stream := make(chan string, 1024)
	f.mu.Lock()
	f.streams[stream] = struct{}{}
	n, err := strconv.Atoi(strings.TrimPrefix(r.URL.Query().Get("after"), "fake-"))
	if err != nil || f.lapsed {
		stream <- "id: " + f.place() + "\nevent: reset\ndata: {}\n\n"
	} else {
		for _, e := range f.events[n:] {
			stream <- e
		}
	}
	f.lapsed = false
	f.mu.Unlock()
	defer func() {
		f.mu.Lock()
		delete(f.streams, stream)
		f.mu.Unlock()
	}()
	w.Header().Set("Content-Type", "text/event-stream")
	w.WriteHeader(http.StatusOK)
	w.(http.Flusher).Flush()
	for {
		select {
		case <-r.Context().Done():
			return
		case event, ok := <-stream:
			if !ok {
				return
			}
			_, _ = io.WriteString(w, event)
			w.(http.Flusher).Flush()
		}
	}
}

func (f *fake) serveInteractions(w http.ResponseWriter, r *http.Request) {
	var body object
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		writeJSON(w, http.StatusBadRequest, object{"message": err.Error()})
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if body["type"] == float64(4) {
		f.asked = append(f.asked, body)
		if f.refuse {
			writeJSON(w, http.StatusGatewayTimeout, object{"message": "the bot gave no choices in time"})
			return
		}
		writeJSON(w, http.StatusOK, object{"choices": f.choices})
		return
	}
	f.serial++
	id := strconv.Itoa(f.serial)
	f.posted = append(f.posted, body)
	writeJSON(w, http.StatusAccepted, object{"id": id})
	body["_id"] = id
	f.arrived <- body
}

// servePins gives the pinned messages.
func (f *fake) servePins(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	pins := []object{}
	for _, m := range f.messages[r.PathValue("id")] {
		if m["pinned"] == true {
			pins = append(pins, m)
		}
	}
	writeJSON(w, http.StatusOK, pins)
}

// serveSaying takes what the user writes, and refuses the word "forbidden".
func (f *fake) serveSaying(w http.ResponseWriter, r *http.Request) {
	var body object
	if err := json.NewDecoder(r.Body).Decode(&body); err != nil {
		writeJSON(w, http.StatusBadRequest, object{"message": err.Error()})
		return
	}
	if body["content"] == "forbidden" {
		writeJSON(w, http.StatusBadRequest, object{"message": "you may not say that"})
		return
	}
	body["_channel"] = r.PathValue("id")
	writeJSON(w, http.StatusCreated, object{})
	f.arrived <- body
}

// emit sends an event to every page that listens.
func (f *fake) emit(name string, data object) {
	raw, err := json.Marshal(data)
	if err != nil {
		panic(fmt.Sprintf("marshal event: %v", err))
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.events = append(f.events, "")
	event := fmt.Sprintf("id: %s\nevent: %s\ndata: %s\n\n", f.place(), name, raw)
	f.events[len(f.events)-1] = event
	for s := range f.streams {
		s <- event
	}
}

// place names the newest event.
func (f *fake) place() string { return "fake-" + strconv.Itoa(len(f.events)) }

// post adds a message to a channel and tells the pages.
func (f *fake) post(channel string, m object) {
	f.mu.Lock()
	f.messages[channel] = append(f.messages[channel], m)
	f.mu.Unlock()
	f.emit("message_create", object{"channel_id": channel, "message": m})
}

// drop ends all event streams, as a lost connection would.
func (f *fake) drop() {
	f.mu.Lock()
	defer f.mu.Unlock()
	for s := range f.streams {
		close(s)
		delete(f.streams, s)
	}
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(v)
}

const (
	alertsID  = "3001"
	kyivID    = "3002"
	forumID   = "3004"
	threadID  = "3006"
	directID  = "5001"
	botID     = "900"
	allowed   = "2147486720" // VIEW_CHANNEL, SEND_MESSAGES, USE_APPLICATION_COMMANDS
	forbidden = "1024"       // VIEW_CHANNEL
)

func sampleState() object {
	ann := object{"id": "101", "username": "ann", "global_name": "Ann Moreau"}
	ben := object{"id": "102", "username": "ben"}
	bot := object{"id": botID, "username": "Attaché", "bot": true}
	roles := []object{
		{"id": "2001", "name": "@everyone", "position": 0, "color": 0},
		{"id": "2002", "name": "editor", "position": 2, "color": 0x2f6f8f},
		{"id": "2003", "name": "desk: Eastern Europe", "position": 1, "color": 0xa63d63},
	}
	channel := func(id, name string, kind, position int, parent, topic string) object {
		return object{"id": id, "name": name, "type": kind, "position": position, "parent_id": parent, "topic": topic, "permissions": allowed}
	}
	channels := []object{
		channel("3000", "Wire", 4, 0, "", ""),
		channel(alertsID, "alerts", 5, 0, "3000", "Ceasefires, strikes and sanctions, **as they happen**"),
		channel(kyivID, "kyiv-desk", 0, 1, "3000", "Only what touches Ukraine"),
		channel(threadID, "the week-long pause", 11, 0, kyivID, ""),
		channel("3003", "Newsroom", 4, 1, "", ""),
		channel(forumID, "stories", 15, 0, "3003", "One post for each story"),
		channel("3007", "Sanctions, round 19", 11, 0, forumID, ""),
		channel("3008", "Black Sea grain", 11, 0, forumID, ""),
		channel("3005", "coffee", 0, 1, "3003", ""),
		channel("3009", "standup", 2, 2, "3003", ""),
	}
	channels[5]["available_tags"] = []object{{"id": "71", "name": "trade", "emoji_name": "⚓"}, {"id": "72", "name": "sanctions"}}
	channels[6]["applied_tags"], channels[6]["thread_metadata"] = []string{"72"}, object{"archived": true, "locked": true}
	channels[7]["applied_tags"], channels[7]["message_count"] = []string{"71"}, 3
	members := []object{
		{"user": ann, "roles": []string{"2002"}, "permissions": "8"},
		{"user": ben, "roles": []string{}, "permissions": allowed},
		{"user": bot, "roles": []string{}, "permissions": allowed},
	}
	direct := object{"id": directID, "type": 1, "recipients": []object{bot}, "permissions": allowed}
	second := channel("4001", "general", 0, 0, "", "")
	return object{
		"users": []object{ann, ben}, "bot": object{"user": bot, "online": true}, "application": object{"id": botID, "name": "Attaché"},
		"guilds": []object{
			{"id": "1000", "name": "Foreign Desk", "roles": roles, "members": members, "channels": channels},
			{"id": "1001", "name": "Relief Watch", "roles": roles[:1], "members": members[:1], "channels": []object{second}},
		},
		"commands": sampleCommands(), "dms": []object{direct},
	}
}

func sampleCommands() []object {
	topic := object{"type": 3, "name": "topic", "description": "What to follow", "required": true, "autocomplete": true}
	channel := object{"type": 7, "name": "channel", "description": "Where alerts go", "channel_types": []int{0, 5}}
	return []object{
		{"id": "801", "name": "subscribe", "description": "Alerts on a topic in a channel", "type": 1, "options": []object{
			topic, channel,
			{"type": 3, "name": "stage", "description": "Only from this stage on", "choices": []object{
				{"name": "Proposed", "value": "proposed"}, {"name": "Agreed", "value": "agreed"}, {"name": "In force", "value": "in-force"},
			}},
			{"type": 8, "name": "mention", "description": "A role to mention"},
			{"type": 5, "name": "quiet", "description": "Send without a notification"},
		}},
		{"id": "802", "name": "unsubscribe", "description": "Stop alerts on a topic", "type": 1, "options": []object{topic, channel}},
		{"id": "803", "name": "subscriptions", "description": "What this server follows", "type": 1},
		{"id": "804", "name": "recent", "description": "The latest stories", "type": 1, "options": []object{
			{"type": 4, "name": "count", "description": "How many", "min_value": 1, "max_value": 10},
		}},
		{"id": "805", "name": "search", "description": "Find reports by words", "type": 1, "options": []object{
			{"type": 3, "name": "words", "description": "What to look for", "required": true, "max_length": 100},
		}},
		{"id": "806", "name": "status", "description": "How the feeds are doing", "type": 1},
		{"id": "807", "name": "help", "description": "What the bot can do", "type": 1},
		{"id": "808", "name": "topics", "description": "Topics of this server", "type": 1, "options": []object{
			{"type": 1, "name": "list", "description": "All topics"},
			{"type": 1, "name": "show", "description": "One topic's rules", "options": []object{topic}},
		}},
	}
}

// message is one of the bot's, written some time ago.
func message(id, content string, ago time.Duration) object {
	return object{
		"id": id, "type": 0, "author": object{"id": botID, "username": "Attaché", "bot": true},
		"content": content, "embeds": []object{}, "components": []object{}, "attachments": []object{}, "flags": 0,
		"timestamp": time.Now().Add(-ago).UTC().Format(time.RFC3339Nano), "edited_timestamp": nil,
	}
}

// next gives the next interaction that the page sent.
func (f *fake) next(t *testing.T) object {
	t.Helper()
	select {
	case body := <-f.arrived:
		return body
	case <-time.After(patience):
		t.Fatal("the page sent no interaction")
		return nil
	}
}
