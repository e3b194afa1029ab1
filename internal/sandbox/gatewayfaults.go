package sandbox

import "encoding/json"

// GatewayPoint is a moment in the life of a gateway connection.
type GatewayPoint int

// The moments at which a GatewayFault acts.
const (
	// AtConnect is instead of hello.
	AtConnect GatewayPoint = iota
	// AtIdentify is instead of READY.
	AtIdentify
	// AtReady is after READY, instead of the first GUILD_CREATE.
	AtReady
	// AtResume is instead of the replay.
	AtResume
	// AtResumed is after RESUMED.
	AtResumed
	// AtHeartbeat is instead of an ACK.
	AtHeartbeat
)

// GatewayDeed is what a gateway fault does.
type GatewayDeed int

// The deeds of gateway faults.
const (
	// GatewayDrop ends the TCP connection without a word.
	GatewayDrop GatewayDeed = iota
	// GatewayReconnect sends op 7.
	GatewayReconnect
	// GatewayInvalidate sends op 9, which also ends the session unless
	// Resumable.
	GatewayInvalidate
	// GatewayClose closes with Code.
	GatewayClose
	// GatewaySilent keeps the connection and never says a word again.
	GatewaySilent
	// GatewayNoAck gives no ACK; for AtHeartbeat.
	GatewayNoAck
	// GatewayRefuse answers the upgrade with Status, 502 by default; for
	// AtConnect.
	GatewayRefuse
)

// GatewayFault makes gateway connections go wrong.
type GatewayFault struct {
	At GatewayPoint
	Do GatewayDeed
	// Code is for GatewayClose.
	Code int
	// Resumable is for GatewayInvalidate.
	Resumable bool
	// Status is for GatewayRefuse.
	Status int
	// After is how many moments pass unharmed first; Times how many are harmed,
	// 0 means all.
	After, Times int

	seen, done int
}

// AddGatewayFault scripts a fault. Of several that fit, the first added acts.
// ClearFaults ends them.
func (s *Server) AddGatewayFault(f GatewayFault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f.seen, f.done = 0, 0
	s.faults.gateway = append(s.faults.gateway, &f)
}

// takeGatewayFault is called with the lock held.
func (s *Server) takeGatewayFault(at GatewayPoint) *GatewayFault {
	for _, f := range s.faults.gateway {
		if f.At != at {
			continue
		}
		f.seen++
		if f.seen <= f.After || f.Times > 0 && f.done >= f.Times {
			continue
		}
		f.done++
		return f
	}
	return nil
}

// doGatewayFault is called with the lock held.
func (s *Server) doGatewayFault(c *gatewayConn, f *GatewayFault) {
	switch f.Do {
	case GatewayDrop:
		c.cancel()
	case GatewayReconnect:
		c.send(opReconnect, nil)
	case GatewayInvalidate:
		s.invalidate(c, f.Resumable)
	case GatewayClose:
		code := f.Code
		setDefault(&code, CloseUnknownError)
		c.close(code)
	case GatewaySilent:
		c.silent = true
	case GatewayNoAck, GatewayRefuse:
	}
	s.touch()
}

func (s *Server) invalidate(c *gatewayConn, resumable bool) {
	if x := c.session; x != nil && !resumable {
		s.endSession(x)
	}
	c.send(opInvalid, resumable)
}

// eachConn runs a deed on every gateway connection and counts them.
func (s *Server) eachConn(do func(*gatewayConn)) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := len(s.gateway.conns)
	for c := range s.gateway.conns {
		do(c)
	}
	return n
}

// DropGateway ends all gateway connections without a word, as a broken network
// does; their sessions can be resumed. It returns how many there were.
func (s *Server) DropGateway() int { return s.eachConn(func(c *gatewayConn) { c.cancel() }) }

// AskReconnect sends op 7 to all.
func (s *Server) AskReconnect() int {
	return s.eachConn(func(c *gatewayConn) { c.send(opReconnect, nil) })
}

// Invalidate sends op 9 to all; unless resumable their sessions end.
func (s *Server) Invalidate(resumable bool) int {
	return s.eachConn(func(c *gatewayConn) { s.invalidate(c, resumable) })
}

// CloseGateway closes all connections with a code.
func (s *Server) CloseGateway(code int) int {
	return s.eachConn(func(c *gatewayConn) { c.close(code) })
}

// Silence keeps all connections and never says a word on them again.
func (s *Server) Silence() int { return s.eachConn(func(c *gatewayConn) { c.silent = true }) }

// AskHeartbeat sends op 1 to all.
func (s *Server) AskHeartbeat() int {
	return s.eachConn(func(c *gatewayConn) { c.send(opHeartbeat, nil) })
}

// Emit sends an event of any kind to all sessions, whatever their intents: for
// duplicates, reordered and unknown events. data encodes to JSON.
func (s *Server) Emit(name string, data any) error {
	raw, err := json.Marshal(data)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, x := range s.gateway.sessions {
		x.push(name, json.RawMessage(raw))
	}
	return nil
}

// Session describes a gateway session.
type Session struct {
	ID      string
	Shard   [2]int
	Intents int
	// Version is the gateway's, 9 or 10; 0 while the session is detached.
	Version int
	// Seq is the number of the last event.
	Seq int64
	// Connected is false while the session waits to be resumed.
	Connected bool
}

// Sessions lists the gateway sessions that are connected or may be resumed.
func (s *Server) Sessions() []Session {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []Session{}
	for _, x := range s.gateway.sessions {
		info := Session{ID: x.id, Shard: [2]int{x.shard, x.count}, Intents: x.intents, Seq: x.seq, Connected: x.conn != nil}
		if x.conn != nil {
			info.Version = x.conn.version
		}
		out = append(out, info)
	}
	return out
}

// GatewayCounts are how many identifies and resumes were accepted, or counted
// by Discord against the daily limit.
func (s *Server) GatewayCounts() (identifies, resumes int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.gateway.starts), s.gateway.resumes
}

// EarlyIdentifies is how many identifies came too soon after another one and
// were refused.
func (s *Server) EarlyIdentifies() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.gateway.early
}

// online tells whether the bot has a session. Called with the lock held.
func (s *Server) online() bool {
	for _, x := range s.gateway.sessions {
		if x.conn != nil {
			return true
		}
	}
	return false
}

// botEvent tells the page whether the bot is there.
func (s *Server) botEvent() {
	s.emitAll("bot", object{"user": s.world.bot, "online": s.online()})
}
