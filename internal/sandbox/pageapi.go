package sandbox

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// maxPageBody bounds what the page may send.
const maxPageBody = 64 << 10

// pageAPI serves /sandbox/api.
func (s *Server) pageAPI() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /sandbox/api/state", s.serveState)
	mux.HandleFunc("GET /sandbox/api/channels/{id}/messages", s.serveMessages)
	mux.HandleFunc("GET /sandbox/api/events", s.serveEvents)
	mux.HandleFunc("POST /sandbox/api/interactions", s.serveInteractions)
	mux.HandleFunc("POST /sandbox/api/channels/{id}/messages", s.serveSaying)
	mux.HandleFunc("GET /sandbox/api/channels/{id}/pins", s.servePins)
	mux.HandleFunc("POST /sandbox/api/channels/{id}/pins", s.servePinning)
	mux.HandleFunc("POST /sandbox/api/channels/{id}/files", s.serveUpload)
	mux.HandleFunc("POST /sandbox/api/locale", s.serveLocale)
	mux.HandleFunc("/sandbox/", func(w http.ResponseWriter, _ *http.Request) {
		pageError(w, http.StatusNotFound, "there is nothing here")
	})
	return mux
}

// guard keeps other web sites out of the page and its API: the host must be
// this machine's own (against DNS rebinding), and what changes something must
// come from the page itself.
func (s *Server) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if h.Get("Content-Security-Policy") == "" {
			h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		}
		if !s.ownHost(r.Host) {
			pageError(w, http.StatusMisdirectedRequest, "open the page at the address that the sandbox printed")
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead && !sameOrigin(r) {
			pageError(w, http.StatusForbidden, "requests from other sites are refused")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// ownHost accepts loopback and the listener's own address.
func (s *Server) ownHost(hostport string) bool {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	host = strings.Trim(host, "[]")
	if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() || strings.EqualFold(host, "localhost") {
		return true
	}
	s.mu.Lock()
	own, public := s.host, s.publicURL()
	s.mu.Unlock()
	return hostport == own || "http://"+hostport == public
}

// sameOrigin trusts what the browser says of where a request comes from. A
// client that is no browser says nothing.
func sameOrigin(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
	default:
		return false
	}
	origin := r.Header.Get("Origin")
	if origin == "" {
		return true
	}
	u, err := url.Parse(origin)
	return err == nil && u.Scheme == "http" && u.Host == r.Host
}

func pageJSON(w http.ResponseWriter, status int, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		pageError(w, http.StatusInternalServerError, "the sandbox could not write its answer")
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write(b)
}

func pageError(w http.ResponseWriter, status int, message string) {
	pageJSON(w, status, object{"message": message})
}

// viewer is the user that a request asks for, or the first one; nil when there
// is none. Called with the lock held.
func (s *Server) viewer(r *http.Request) *User {
	id := r.URL.Query().Get("user")
	if id == "" && len(s.world.users) > 0 {
		return s.world.users[0]
	}
	for _, u := range s.world.users {
		if u.ID == id {
			return u
		}
	}
	return nil
}

func (s *Server) serveState(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	me := s.viewer(r)
	if me == nil {
		s.mu.Unlock()
		pageError(w, http.StatusNotFound, "there is no such user")
		return
	}
	guilds := []object{}
	for _, g := range s.world.guilds {
		if m := g.member(me.ID); m != nil && !g.unavailable {
			guilds = append(guilds, s.guildState(g, m))
		}
	}
	dms := []object{}
	for _, g := range s.world.direct {
		c := g.channels[g.order[0]]
		if m := g.member(me.ID); m != nil {
			dms = append(dms, with(channelWith(c, g.permissionsIn(m, c)), "recipients", []*User{s.world.bot}))
		}
	}
	bot := s.world.bot
	state := object{
		"me": me, "locale": me.Locale, "users": orEmpty(s.world.users), "bot": object{"user": bot, "online": s.online()},
		"application": object{"id": bot.ID, "name": bot.Username}, "guilds": guilds, "dms": dms, "commands": orEmpty([]object(s.rest.commands)),
		"event": s.place(),
	}
	raw, err := json.Marshal(state)
	s.mu.Unlock()
	if err != nil {
		pageError(w, http.StatusInternalServerError, "the sandbox could not write its state")
		return
	}
	pageJSON(w, http.StatusOK, json.RawMessage(raw))
}

// guildState is a guild as a member sees it.
func (s *Server) guildState(g *guild, me *Member) object {
	channels, members := []object{}, []object{}
	for _, c := range g.eachChannel() {
		if have := g.permissionsIn(me, c); have.Has(ViewChannel) {
			channels = append(channels, channelWith(c, have))
		}
	}
	for _, m := range g.members {
		members = append(members, object{"user": m.User, "roles": orEmpty(m.Roles), "permissions": g.permissions(m)})
	}
	return object{
		"id": g.id, "name": g.name, "icon": nil, "locale": g.locale, "roles": g.roles, "members": members, "channels": channels,
		"commands": orEmpty([]object(s.rest.guilds[g.id])), "has_bot": g.hasBot,
	}
}

func (s *Server) serveMessages(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	limit, err := strconv.Atoi(q.Get("limit"))
	if err != nil {
		limit = 50
	}
	limit = min(max(limit, 1), 200)
	s.mu.Lock()
	me := s.viewer(r)
	g, c := s.world.channel(r.PathValue("id"))
	if me == nil || c == nil || !g.permissionsIn(g.member(me.ID), c).Has(ViewChannel) {
		s.mu.Unlock()
		pageError(w, http.StatusNotFound, "there is no such channel, or you cannot see it")
		return
	}
	before := number(q.Get("before"))
	out := []*Message{}
	list := s.world.messages[c.ID]
	for i := len(list) - 1; i >= 0 && len(out) < limit; i-- {
		m := list[i]
		if before != 0 && number(m.ID) >= before || m.onlyFor != "" && m.onlyFor != me.ID {
			continue
		}
		out = append(out, m)
	}
	s.mu.Unlock()
	for i, j := 0, len(out)-1; i < j; i, j = i+1, j-1 {
		out[i], out[j] = out[j], out[i]
	}
	pageJSON(w, http.StatusOK, out)
}

// pageInteraction is what the page posts.
type pageInteraction struct {
	User      string         `json:"user"`
	GuildID   string         `json:"guild_id"`
	ChannelID string         `json:"channel_id"`
	Type      int            `json:"type"`
	MessageID string         `json:"message_id"`
	Data      map[string]any `json:"data"`
}

// readPage decodes the JSON that the page sends, and answers when it cannot.
func readPage(w http.ResponseWriter, r *http.Request, into any) ([]byte, bool) {
	if ct := r.Header.Get("Content-Type"); !strings.HasPrefix(ct, "application/json") {
		pageError(w, http.StatusUnsupportedMediaType, "send JSON")
		return nil, false
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxPageBody))
	if err != nil {
		pageError(w, http.StatusRequestEntityTooLarge, "the request is too large")
		return nil, false
	}
	if err := json.Unmarshal(body, into); err != nil {
		pageError(w, http.StatusBadRequest, "the request must be a JSON object")
		return nil, false
	}
	return body, true
}

// serveSaying takes a message that the user writes.
func (s *Server) serveSaying(w http.ResponseWriter, r *http.Request) {
	var p struct {
		User    string `json:"user"`
		Content string `json:"content"`
		ReplyTo string `json:"reply_to"`
	}
	if _, ok := readPage(w, r, &p); !ok {
		return
	}
	s.mu.Lock()
	m, err := s.say(r.PathValue("id"), p.User, p.Content, p.ReplyTo)
	s.mu.Unlock()
	if err != nil {
		pageError(w, http.StatusBadRequest, err.Error())
		return
	}
	pageJSON(w, http.StatusCreated, m)
}

func (s *Server) serveInteractions(w http.ResponseWriter, r *http.Request) {
	var p pageInteraction
	body, ok := readPage(w, r, &p)
	if !ok {
		return
	}
	if p.Data == nil {
		pageError(w, http.StatusBadRequest, "the request must be a JSON object with data")
		return
	}
	s.mu.Lock()
	i, _, err := s.invoke(Invocation{User: p.User, Guild: p.GuildID, Channel: p.ChannelID, Type: p.Type, Message: p.MessageID, Data: exact(body, p.Data)})
	s.mu.Unlock()
	switch {
	case err != nil:
		pageError(w, http.StatusBadRequest, err.Error())
	case p.Type != InvokeSuggest:
		pageJSON(w, http.StatusAccepted, object{"id": i.id})
	default:
		s.serveSuggestions(w, r, i.id)
	}
}

// exact reads data again with numbers kept as they were written.
func exact(body []byte, fallback map[string]any) map[string]any {
	v, err := decodeJSON(body)
	if err != nil {
		return fallback
	}
	m, _ := v.(object)
	data, ok := m["data"].(object)
	if !ok {
		return fallback
	}
	return data
}

// serveSuggestions waits for the answer to an autocomplete.
func (s *Server) serveSuggestions(w http.ResponseWriter, r *http.Request, id string) {
	o, err := s.WaitOutcome(r.Context(), id)
	if err != nil { // the page or the server is gone
		pageError(w, http.StatusServiceUnavailable, "the sandbox is closing")
		return
	}
	if o.State != Answered {
		pageError(w, http.StatusGatewayTimeout, o.Reason)
		return
	}
	choices := []object{}
	for _, c := range o.Choices {
		choices = append(choices, object{"name": c.Name, "value": c.Value})
	}
	pageJSON(w, http.StatusOK, object{"choices": choices})
}
