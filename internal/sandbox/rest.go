package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Exchange is one REST request with its answer.
type Exchange struct {
	// Time is when the request came.
	Time time.Time
	// Version is that of the path, 9 or 10.
	Version int
	// Method and Path are as requested; Path without /api/v10.
	Method, Path string
	Query        url.Values
	// Route is the path with its parameters named, "" for an unknown one.
	Route  string
	Header http.Header
	Body   []byte
	// Status is 0 when the connection was cut without an answer.
	Status       int
	AnswerHeader http.Header
	Answer       []byte
	// Faulty tells that a scripted fault made or changed the answer.
	Faulty bool
}

// route is one operation. handle is called with the lock held.
type route struct {
	method string
	path   string
	segs   []string
	// open routes need no token: their own stands in the path.
	open   bool
	handle func(*Server, *call) (int, any, *apiError)
}

// call is a request under way.
type call struct {
	r      *http.Request
	route  *route
	params map[string]string
	body   []byte
	now    time.Time
}

// restState is what REST remembers beside the world.
type restState struct {
	log     []Exchange
	buckets map[string]*window
	global  window
	invalid []time.Time
	nonces  map[string]nonceEntry
	sweep   int // the number of nonces at which old ones are dropped
	// crossposts are the times of the last hour by channel.
	crossposts map[string][]time.Time
	commands   commandSet            // the application's own commands
	guilds     map[string]commandSet // those of guilds
	creates    []time.Time
}

func newRESTState() restState {
	return restState{
		buckets: map[string]*window{}, nonces: map[string]nonceEntry{},
		crossposts: map[string][]time.Time{}, guilds: map[string]commandSet{},
	}
}

// routeTable lists every operation that the sandbox knows.
func routeTable() []route {
	table := slices.Concat(worldRoutes(), messageRoutes(), commandRoutes())
	for i := range table {
		table[i].segs = strings.Split(strings.Trim(table[i].path, "/"), "/")
	}
	// The most literal first, so that /members/@me wins over /members/{user_id}.
	slices.SortStableFunc(table, func(a, b route) int { return strings.Count(a.path, "{") - strings.Count(b.path, "{") })
	return table
}

func worldRoutes() []route {
	return []route{
		{method: "GET", path: "/gateway", open: true, handle: (*Server).getGateway},
		{method: "GET", path: "/gateway/bot", handle: (*Server).getGatewayBot},
		{method: "GET", path: "/users/@me", handle: (*Server).getMe},
		{method: "GET", path: "/users/@me/guilds", handle: (*Server).getMyGuilds},
		{method: "POST", path: "/users/@me/channels", handle: (*Server).createDM},
		{method: "GET", path: "/oauth2/applications/@me", handle: (*Server).getApplication},
		{method: "GET", path: "/applications/@me", handle: (*Server).getApplication},
		{method: "GET", path: "/guilds/{guild_id}", handle: (*Server).getGuild},
		{method: "GET", path: "/guilds/{guild_id}/channels", handle: (*Server).getGuildChannels},
		{method: "GET", path: "/guilds/{guild_id}/members/@me", handle: (*Server).getGuildMember},
		{method: "GET", path: "/guilds/{guild_id}/members/{user_id}", handle: (*Server).getGuildMember},
		{method: "GET", path: "/users/@me/guilds/{guild_id}/member", handle: (*Server).getGuildMember},
		{method: "GET", path: "/guilds/{guild_id}/roles", handle: (*Server).getGuildRoles},
		{method: "GET", path: "/channels/{channel_id}", handle: (*Server).getChannel},
		{method: "POST", path: "/channels/{channel_id}/typing", handle: (*Server).postTyping},
		{method: "POST", path: "/channels/{channel_id}/threads", handle: (*Server).startThread},
		{method: "PATCH", path: "/channels/{channel_id}", handle: (*Server).changeThread},
		{method: "GET", path: "/channels/{channel_id}/threads/archived/public", handle: (*Server).archivedThreads},
		{method: "GET", path: "/guilds/{guild_id}/threads/active", handle: (*Server).activeThreads},
	}
}

func messageRoutes() []route {
	const (
		msgs = "/channels/{channel_id}/messages"
		hook = "/webhooks/{webhook_id}/{webhook_token}"
	)
	return []route{
		{method: "GET", path: msgs, handle: (*Server).listMessages},
		{method: "POST", path: msgs, handle: (*Server).createMessage},
		{method: "GET", path: msgs + "/{message_id}", handle: (*Server).getMessage},
		{method: "PATCH", path: msgs + "/{message_id}", handle: (*Server).editMessage},
		{method: "DELETE", path: msgs + "/{message_id}", handle: (*Server).deleteMessage},
		{method: "GET", path: msgs + "/pins", handle: (*Server).getPins},
		{method: "PUT", path: msgs + "/pins/{message_id}", handle: (*Server).putPin},
		{method: "DELETE", path: msgs + "/pins/{message_id}", handle: (*Server).deletePin},
		{method: "POST", path: msgs + "/{message_id}/crosspost", handle: (*Server).crosspost},
		{method: "POST", path: msgs + "/{message_id}/threads", handle: (*Server).startThreadFrom},
		{method: "POST", path: "/interactions/{interaction_id}/{interaction_token}/callback", open: true, handle: (*Server).callback},
		{method: "POST", path: hook, open: true, handle: (*Server).followUp},
		{method: "GET", path: hook + "/messages/{message_id}", open: true, handle: (*Server).getAnswer},
		{method: "PATCH", path: hook + "/messages/{message_id}", open: true, handle: (*Server).editAnswer},
		{method: "DELETE", path: hook + "/messages/{message_id}", open: true, handle: (*Server).deleteAnswer},
	}
}

func commandRoutes() []route {
	var table []route
	for _, base := range []string{"/applications/{application_id}/commands", "/applications/{application_id}/guilds/{guild_id}/commands"} {
		table = append(table,
			route{method: "GET", path: base, handle: (*Server).listCommands},
			route{method: "PUT", path: base, handle: (*Server).putCommands},
			route{method: "POST", path: base, handle: (*Server).postCommand},
			route{method: "GET", path: base + "/{command_id}", handle: (*Server).getCommand},
			route{method: "PATCH", path: base + "/{command_id}", handle: (*Server).patchCommand},
			route{method: "DELETE", path: base + "/{command_id}", handle: (*Server).deleteCommand})
	}
	return table
}

// find matches a path; other is true when only the method differs.
func (s *Server) find(method, path string) (rt *route, params map[string]string, other bool) {
	segs := strings.Split(strings.Trim(path, "/"), "/")
	for i := range s.routes {
		p, ok := match(s.routes[i].segs, segs)
		if !ok {
			continue
		}
		if s.routes[i].method == method {
			return &s.routes[i], p, false
		}
		other = true
	}
	return nil, nil, other
}

func match(pattern, segs []string) (map[string]string, bool) {
	if len(pattern) != len(segs) {
		return nil, false
	}
	params := map[string]string{}
	for i, p := range pattern {
		switch {
		case strings.HasPrefix(p, "{"):
			if segs[i] == "" {
				return nil, false
			}
			params[strings.Trim(p, "{}")] = segs[i]
		case p != segs[i]:
			return nil, false
		}
	}
	return params, true
}

// answer is what goes back.
type answer struct {
	status int
	header http.Header
	body   []byte
}

func jsonAnswer(status int, v any) answer {
	a := answer{status: status, header: http.Header{}}
	if v == nil {
		return a
	}
	b, err := json.Marshal(v)
	if err != nil { // values of the sandbox's own making always encode
		return answer{status: http.StatusInternalServerError, header: http.Header{}, body: []byte(`{"message":"500: Internal Server Error","code":0}`)}
	}
	a.body = b
	a.header.Set("Content-Type", "application/json")
	return a
}

func refusal(e *apiError) answer {
	a := jsonAnswer(e.status, e.body())
	if e.retryAfter > 0 {
		a.header.Set("Retry-After", wholeSeconds(e.retryAfter))
		a.header.Set("X-RateLimit-Scope", "shared")
	}
	return a
}

// serveREST takes a request through faults, authorisation, rate limits and its
// handler, and records it.
func (s *Server) serveREST(w http.ResponseWriter, r *http.Request) {
	x := Exchange{Time: s.o.Now(), Method: r.Method, Query: r.URL.Query(), Header: r.Header.Clone()}
	x.Version, x.Path = splitVersion(r.URL.Path)
	body, err := io.ReadAll(io.LimitReader(r.Body, int64(s.o.Limits.RequestBytes)+1))
	if err != nil { // the client went away, or sends nonsense
		http.Error(w, "the body cannot be read", http.StatusBadRequest)
		return
	}
	x.Body = body
	rt, params, other := s.find(r.Method, x.Path)
	if rt != nil {
		x.Route = rt.path
	}
	c := &call{r: r, route: rt, params: params, body: body, now: x.Time}
	a, cut := s.perform(r.Context(), &x, c, other)
	if !cut {
		x.Status, x.Answer, x.AnswerHeader = a.status, a.body, a.header
	}
	s.record(x)
	if cut {
		panic(http.ErrAbortHandler) // ends the connection without an answer
	}
	maps.Copy(w.Header(), a.header)
	w.WriteHeader(a.status)
	_, _ = w.Write(a.body) // a client that went away is its own affair
}

// perform makes the answer, or tells that the connection is to be cut.
func (s *Server) perform(ctx context.Context, x *Exchange, c *call, otherMethod bool) (answer, bool) {
	f := s.takeFault(x)
	x.Faulty = f != nil
	if f != nil {
		if !s.pause(ctx, f) {
			return answer{}, true
		}
		switch {
		case f.cutBefore():
			return answer{}, true
		case !f.stores():
			return f.answer(), false
		}
	}
	s.mu.Lock()
	a := s.respond(x, c, otherMethod)
	s.mu.Unlock()
	if f != nil && f.cutAfter() {
		return answer{}, true
	}
	if f != nil && f.replaces() {
		a = f.answer()
	}
	return a, false
}

// respond is called with the lock held.
func (s *Server) respond(x *Exchange, c *call, otherMethod bool) answer {
	if a, blocked := s.blocked(x.Time); blocked {
		return a
	}
	switch {
	case len(x.Body) > s.o.Limits.RequestBytes:
		return refusal(errTooLarge())
	case x.Version != 9 && x.Version != 10:
		return refusal(&apiError{status: http.StatusBadRequest, code: 50041, message: "Invalid API version provided"})
	case c.route == nil && otherMethod:
		return refusal(errMethod())
	case c.route == nil:
		return refusal(errNotFound())
	case !c.route.open && x.Header.Get("Authorization") != "Bot "+s.o.Token:
		return s.countInvalid(x.Time, refusal(errUnauthorized()))
	}
	limits, a, limited := s.limit(x.Time, c)
	if limited {
		return s.countInvalid(x.Time, a)
	}
	status, v, refused := c.route.handle(s, c)
	if refused != nil {
		a = refusal(refused)
	} else {
		a = jsonAnswer(status, v)
	}
	maps.Copy(a.header, limits)
	return s.countInvalid(x.Time, a)
}

// splitVersion takes /api/v10 off a path. Without a version Discord takes an
// old one, which is refused here.
func splitVersion(path string) (int, string) {
	rest, ok := strings.CutPrefix(path, "/api/v")
	if !ok {
		return 0, strings.TrimPrefix(path, "/api")
	}
	v, tail, _ := strings.Cut(rest, "/")
	n, err := strconv.Atoi(v)
	if err != nil {
		return 0, path
	}
	return n, "/" + tail
}

// record keeps an exchange, tells of it and wakes those who wait.
func (s *Server) record(x Exchange) {
	s.mu.Lock()
	s.rest.log = append(s.rest.log, x)
	if over := len(s.rest.log) - max(s.o.KeepRequests, 0); over > 0 {
		s.rest.log = s.rest.log[over:]
	}
	s.touch()
	s.mu.Unlock()
	s.log.Debug("request", "method", x.Method, "route", x.Route, "status", x.Status, "faulty", x.Faulty)
	if s.o.Observe != nil {
		s.o.Observe(x)
	}
}

// object decodes the body as a JSON object.
func (c *call) object() (object, *apiError) {
	v, err := decodeJSON(c.body)
	if err != nil {
		return nil, errJSON()
	}
	m, ok := v.(object)
	if !ok {
		return nil, invalid("", "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
	}
	return m, nil
}

// queryInt reads a number from the query; fallback when missing.
func (c *call) queryInt(key string, fallback, least, most int) (int, *apiError) {
	v := c.r.URL.Query().Get(key)
	if v == "" {
		return fallback, nil
	}
	n, err := strconv.Atoi(v)
	switch {
	case err != nil:
		return 0, invalid(key, "NUMBER_TYPE_COERCE", "Value %q is not int.", v)
	case n < least:
		return 0, invalid(key, "NUMBER_TYPE_MIN", "int value should be greater than or equal to %d.", least)
	case n > most:
		return 0, invalid(key, "NUMBER_TYPE_MAX", "int value should be less than or equal to %d.", most)
	}
	return n, nil
}

// bodyReader is for parsers of bodies.
func (c *call) bodyReader() io.Reader { return bytes.NewReader(c.body) }

// pause waits as a fault asks; false when the request or the server ended.
func (s *Server) pause(ctx context.Context, f *Fault) bool {
	if f.Do == Silent {
		select {
		case <-ctx.Done():
		case <-s.ctx.Done():
		}
		return false
	}
	if f.Delay <= 0 {
		return true
	}
	t := time.NewTimer(f.Delay)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
	case <-s.ctx.Done():
	}
	return false
}
