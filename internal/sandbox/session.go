package sandbox

import (
	"crypto/rand"
	"encoding/json"
	"slices"
	"strings"
	"time"
)

// Intents of the gateway.
// https://docs.discord.com/developers/events/gateway#gateway-intents
const (
	IntentGuilds         = 1 << 0
	IntentGuildMembers   = 1 << 1
	IntentPresences      = 1 << 8
	IntentGuildMessages  = 1 << 9
	IntentGuildTyping    = 1 << 11
	IntentDirectMessages = 1 << 12
	IntentDirectTyping   = 1 << 14
	IntentMessageContent = 1 << 15

	privileged = IntentGuildMembers | IntentPresences | IntentMessageContent
	allIntents = 1<<17 - 1 | 1<<20 | 1<<21 | 1<<24 | 1<<25
)

// session is what a client resumes.
type session struct {
	id           string
	shard, count int
	intents      int
	seq          int64
	frames       [][]byte // the last ones, up to seq
	keep         int      // how many; negative for all
	conn         *gatewayConn
}

// identifyData is the payload of op 2.
// https://docs.discord.com/developers/events/gateway-events#identify
type identifyData struct {
	Token      string          `json:"token"`
	Properties json.RawMessage `json:"properties"`
	Compress   bool            `json:"compress"`
	Threshold  int             `json:"large_threshold"`
	Shard      []int           `json:"shard"`
	Intents    *int            `json:"intents"`
}

// identify starts a session. It is called with the lock held, as all here.
func (c *gatewayConn) identify(data json.RawMessage) {
	s, now := c.s, c.s.o.Now()
	var d identifyData
	if json.Unmarshal(data, &d) != nil || !strings.HasPrefix(strings.TrimSpace(string(d.Properties)), "{") {
		c.close(CloseDecodeError)
		return
	}
	if f := s.takeGatewayFault(AtIdentify); f != nil {
		s.gateway.starts = append(s.gateway.starts, now)
		s.doGatewayFault(c, f)
		return
	}
	if d.Shard == nil {
		d.Shard = []int{0, 1}
	}
	if code := s.checkIdentify(&d); code != 0 {
		c.close(code)
		return
	}
	shard, count := d.Shard[0], d.Shard[1]
	s.gateway.starts = append(s.gateway.recentStarts(now), now)
	if n := s.o.Limits.SessionStarts; n > 0 && len(s.gateway.starts) > n {
		c.close(CloseAuthenticationFailed) // Discord resets the token then
		return
	}
	if !s.mayIdentify(shard, now) {
		c.send(opInvalid, false)
		return
	}
	x := &session{id: strings.ToLower(rand.Text()), shard: shard, count: count, intents: *d.Intents, keep: s.o.Limits.ReplayEvents, conn: c}
	s.gateway.sessions = append(s.gateway.sessions, x)
	s.dropDetached()
	c.compress, c.session = d.Compress, x
	s.ready(x, c)
	if f := s.takeGatewayFault(AtReady); f != nil {
		s.doGatewayFault(c, f)
		return
	}
	s.greet(x)
	s.botEvent()
	s.touch()
}

// greet brings the guilds that READY called unavailable.
func (s *Server) greet(x *session) {
	for _, g := range s.world.guilds {
		if g.hasBot && !g.unavailable && shardOf(g.id, x.count) == x.shard && x.intents&IntentGuilds != 0 {
			x.push("GUILD_CREATE", s.guildCreate(g))
		}
	}
}

// checkIdentify finds the close code for an identify that is refused; 0 when it
// is good.
func (s *Server) checkIdentify(d *identifyData) int {
	if len(d.Shard) != 2 || d.Shard[0] < 0 || d.Shard[1] < 1 || d.Shard[0] >= d.Shard[1] {
		return CloseInvalidShard
	}
	shard, count, guilds := d.Shard[0], d.Shard[1], 0
	for _, g := range s.world.guilds {
		if g.hasBot && shardOf(g.id, count) == shard {
			guilds++
		}
	}
	switch {
	case strings.TrimPrefix(d.Token, "Bot ") != s.o.Token:
		return CloseAuthenticationFailed
	case s.o.Limits.GuildsPerShard > 0 && guilds > s.o.Limits.GuildsPerShard:
		return CloseShardingRequired
	case d.Intents == nil || *d.Intents < 0 || *d.Intents&^allIntents != 0:
		return CloseInvalidIntents
	case *d.Intents&privileged&^s.o.PrivilegedIntents != 0:
		return CloseDisallowedIntents
	}
	return 0
}

// mayIdentify checks max_concurrency.
// https://docs.discord.com/developers/events/gateway#rate-limiting
func (s *Server) mayIdentify(shard int, now time.Time) bool {
	bucket := shard % s.o.Limits.MaxConcurrency
	last, before := s.gateway.lastID[bucket]
	if every := s.o.Limits.IdentifyInterval; every > 0 && before && now.Sub(last) < every {
		s.gateway.early++
		return false
	}
	s.gateway.lastID[bucket] = now
	return true
}

// https://docs.discord.com/developers/events/gateway-events#ready
func (s *Server) ready(x *session, c *gatewayConn) {
	guilds := []object{}
	for _, g := range s.world.guilds {
		if g.hasBot && shardOf(g.id, x.count) == x.shard {
			guilds = append(guilds, object{"id": g.id, "unavailable": true})
		}
	}
	x.push("READY", object{
		"v": c.version, "user": s.world.bot, "guilds": guilds, "session_id": x.id, "session_type": "normal",
		"resume_gateway_url": s.gatewayURL(), "shard": []int{x.shard, x.count}, "private_channels": []object{},
		"application": object{"id": s.world.bot.ID, "flags": 0}, "_trace": []string{"sandbox"},
	})
}

// resume continues a session with what it missed.
// https://docs.discord.com/developers/events/gateway#resuming
func (c *gatewayConn) resume(data json.RawMessage) {
	s := c.s
	var d struct {
		Token     string `json:"token"`
		SessionID string `json:"session_id"`
		Seq       int64  `json:"seq"`
	}
	if json.Unmarshal(data, &d) != nil {
		c.close(CloseDecodeError)
		return
	}
	if f := s.takeGatewayFault(AtResume); f != nil {
		s.doGatewayFault(c, f)
		return
	}
	if strings.TrimPrefix(d.Token, "Bot ") != s.o.Token {
		c.close(CloseAuthenticationFailed)
		return
	}
	i := slices.IndexFunc(s.gateway.sessions, func(x *session) bool { return x.id == d.SessionID })
	if i < 0 {
		c.send(opInvalid, false)
		return
	}
	c.replay(s.gateway.sessions[i], d.Seq)
}

// replay gives a session to this connection, with what it missed after seq.
func (c *gatewayConn) replay(x *session, seq int64) {
	s, missed := c.s, x.seq-seq
	switch {
	case missed < 0:
		s.endSession(x)
		c.close(CloseInvalidSequence)
		return
	case missed > int64(len(x.frames)):
		s.endSession(x)
		c.send(opInvalid, false)
		return
	}
	if x.conn != nil { // the old connection is dead or a stranger
		x.conn.session = nil
		x.conn.cancel()
	}
	x.conn, c.session = c, x
	s.gateway.resumes++
	for _, f := range x.frames[len(x.frames)-int(missed):] {
		c.push(f)
	}
	x.push("RESUMED", object{"_trace": []string{"sandbox"}})
	if f := s.takeGatewayFault(AtResumed); f != nil {
		s.doGatewayFault(c, f)
	}
	s.botEvent()
	s.touch()
}

// push gives an event to a session, now or when it resumes.
func (x *session) push(name string, d any) {
	x.seq++
	seq := x.seq
	frame := encodeFrame(opDispatch, &seq, &name, d)
	x.frames = append(x.frames, frame)
	if over := len(x.frames) - x.keep; x.keep > 0 && over > 0 {
		x.frames = x.frames[over:]
	}
	if x.conn != nil {
		x.conn.push(frame)
	}
}

// endSession makes a session impossible to resume.
func (s *Server) endSession(x *session) {
	s.gateway.sessions = slices.DeleteFunc(s.gateway.sessions, func(e *session) bool { return e == x })
	if x.conn != nil && x.conn.session == x {
		x.conn.session = nil
	}
}

// dropDetached forgets the oldest sessions without a connection.
func (s *Server) dropDetached() {
	n := 0
	for i := len(s.gateway.sessions) - 1; i >= 0; i-- {
		if s.gateway.sessions[i].conn != nil {
			continue
		}
		if n++; n > maxDetached {
			s.gateway.sessions = slices.Delete(s.gateway.sessions, i, i+1)
		}
	}
}

// eventIntents are the intents that events need; 0 for none.
// https://docs.discord.com/developers/events/gateway#list-of-intents
func eventIntents(name string) int {
	switch {
	case name == "GUILD_MEMBER_ADD", name == "GUILD_MEMBER_REMOVE", name == "GUILD_MEMBER_UPDATE":
		return IntentGuildMembers
	case strings.HasPrefix(name, "GUILD_"), strings.HasPrefix(name, "CHANNEL_"), strings.HasPrefix(name, "THREAD_"):
		return IntentGuilds
	case strings.HasPrefix(name, "MESSAGE_"):
		return IntentGuildMessages
	case name == "TYPING_START":
		return IntentGuildTyping
	}
	return 0
}

// dispatch tells the sessions of a guild's shard that asked for such events.
func (s *Server) dispatch(guildID, name string, data any) {
	s.dispatchTo(guildID, name, false, func(*session) any { return data })
}

// dispatchTo lets the data differ by session. What concerns the bot itself
// comes whatever the intents.
func (s *Server) dispatchTo(guildID, name string, forBot bool, data func(*session) any) {
	g := s.world.byGuild[guildID]
	if g != nil && (!g.hasBot || g.unavailable) && name != "GUILD_DELETE" {
		return
	}
	need := eventIntents(name)
	if forBot {
		need = 0
	}
	if guildID == "" { // direct messages, all on shard 0
		need = map[int]int{IntentGuildMessages: IntentDirectMessages, IntentGuildTyping: IntentDirectTyping}[need]
	}
	for _, x := range s.gateway.sessions {
		if need != 0 && x.intents&need == 0 || shardOf(guildID, x.count) != x.shard {
			continue
		}
		x.push(name, data(x))
	}
	s.touch()
}
