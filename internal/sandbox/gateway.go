package sandbox

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/coder/websocket"
)

// Opcodes of the gateway.
// https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway
const (
	opDispatch  = 0
	opHeartbeat = 1
	opIdentify  = 2
	opPresence  = 3
	opVoice     = 4
	opResume    = 6
	opReconnect = 7
	opMembers   = 8
	opInvalid   = 9
	opHello     = 10
	opAck       = 11
)

// Close codes of the gateway.
// https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes
const (
	CloseUnknownError         = 4000
	CloseUnknownOpcode        = 4001
	CloseDecodeError          = 4002
	CloseNotAuthenticated     = 4003
	CloseAuthenticationFailed = 4004
	CloseAlreadyAuthenticated = 4005
	CloseInvalidSequence      = 4007
	CloseRateLimited          = 4008
	CloseSessionTimedOut      = 4009
	CloseInvalidShard         = 4010
	CloseShardingRequired     = 4011
	CloseInvalidVersion       = 4012
	CloseInvalidIntents       = 4013
	CloseDisallowedIntents    = 4014
)

var closeReasons = map[int]string{
	CloseUnknownError: "Unknown error.", CloseUnknownOpcode: "Unknown opcode.", CloseDecodeError: "Error while decoding payload.",
	CloseNotAuthenticated: "Not authenticated.", CloseAuthenticationFailed: "Authentication failed.",
	CloseAlreadyAuthenticated: "Already authenticated.", CloseInvalidSequence: "Invalid seq.", CloseRateLimited: "Rate limited.",
	CloseSessionTimedOut: "Session timed out.", CloseInvalidShard: "Invalid shard.", CloseShardingRequired: "Sharding required.",
	CloseInvalidVersion: "Invalid API version.", CloseInvalidIntents: "Invalid intent(s).", CloseDisallowedIntents: "Disallowed intent(s).",
}

const (
	// maxPayload is the most that a client may send in one payload.
	// https://docs.discord.com/developers/events/gateway#sending-events
	maxPayload = 4096
	// maxDetached bounds the sessions that are kept for a resume.
	maxDetached = 64
	// closePatience is how long a closed client may take to agree.
	closePatience = time.Second
)

// gatewayState holds sessions and connections.
type gatewayState struct {
	sessions []*session // oldest first
	conns    map[*gatewayConn]struct{}
	starts   []time.Time       // of the last 24 hours
	lastID   map[int]time.Time // by max_concurrency bucket
	early    int               // identifies that came too soon
	resumes  int
}

func newGatewayState() gatewayState {
	return gatewayState{conns: map[*gatewayConn]struct{}{}, lastID: map[int]time.Time{}}
}

// recentStarts are the identifies of the last 24 hours.
func (g *gatewayState) recentStarts(now time.Time) []time.Time {
	g.starts = slices.DeleteFunc(g.starts, func(t time.Time) bool { return now.Sub(t) >= 24*time.Hour })
	return g.starts
}

// gatewayConn is one WebSocket.
type gatewayConn struct {
	s       *Server
	ws      *websocket.Conn
	cancel  context.CancelFunc
	version int
	coder   frameCoder

	// Below: under the server's lock.
	queue    []outgoing
	wake     chan struct{} // holds one when queue or close code are set
	code     int           // the close code to send after the queue
	session  *session
	compress bool
	silent   bool
	events   window
	beat     *time.Timer
}

// serveGateway speaks the gateway's protocol over one WebSocket.
func (s *Server) serveGateway(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	fault := s.takeGatewayFault(AtConnect)
	s.mu.Unlock()
	if fault != nil && fault.Do == GatewayRefuse {
		status := fault.Status
		setDefault(&status, http.StatusBadGateway)
		http.Error(w, http.StatusText(status), status)
		return
	}
	ws, err := websocket.Accept(w, r, nil)
	if err != nil { // Accept has answered
		return
	}
	defer func() { _ = ws.CloseNow() }()
	ws.SetReadLimit(1 << 20)
	ctx, cancel := context.WithCancel(s.ctx)
	defer cancel()
	c := &gatewayConn{s: s, ws: ws, cancel: cancel, wake: make(chan struct{}, 1), coder: newFrameCoder(r.URL.Query().Get("compress"))}
	c.version = gatewayVersion(r.URL.Query())
	var writer sync.WaitGroup
	writer.Go(func() { c.write(ctx) })
	s.mu.Lock()
	s.gateway.conns[c] = struct{}{}
	switch {
	case c.version == 0:
		c.close(CloseInvalidVersion)
	case fault != nil:
		s.doGatewayFault(c, fault)
	default:
		c.hello()
	}
	s.mu.Unlock()
	code := c.read(ctx)
	s.mu.Lock()
	s.detach(c, code)
	s.mu.Unlock()
	cancel()
	writer.Wait()
}

// gatewayVersion reads what a client wants to speak; 0 for what is not spoken
// here: other versions, ETF, zstd.
func gatewayVersion(q url.Values) int {
	if e, z := q.Get("encoding"), q.Get("compress"); e != "" && e != "json" || z != "" && z != "zlib-stream" {
		return 0
	}
	switch q.Get("v") {
	case "10", "":
		return 10
	case "9":
		return 9
	}
	return 0
}

// hello is called with the lock held, as are all but read and write.
func (c *gatewayConn) hello() {
	every := c.s.o.Limits.HeartbeatInterval
	c.send(opHello, object{"heartbeat_interval": every.Milliseconds(), "_trace": []string{"sandbox"}})
	c.beat = time.AfterFunc(2*every, func() {
		c.s.mu.Lock()
		defer c.s.mu.Unlock()
		c.close(CloseSessionTimedOut)
	})
}

// send queues a payload that is no event.
func (c *gatewayConn) send(op int, d any) {
	c.push(encodeFrame(op, nil, nil, d))
}

func (c *gatewayConn) push(frame []byte) {
	if c.silent || c.code != 0 {
		return
	}
	c.queue = append(c.queue, outgoing{frame, c.compress})
	c.signal()
}

// close ends the connection with a code, after what is queued.
func (c *gatewayConn) close(code int) {
	if c.code == 0 {
		c.code = code
		c.signal()
	}
}

func (c *gatewayConn) signal() {
	select {
	case c.wake <- struct{}{}:
	default:
	}
}

// write sends what is queued until the connection ends.
func (c *gatewayConn) write(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-c.wake:
		}
		c.s.mu.Lock()
		frames, code := c.queue, c.code
		c.queue = nil
		c.s.mu.Unlock()
		for _, f := range frames {
			kind, data := c.coder.encode(f)
			if err := c.ws.Write(ctx, kind, data); err != nil {
				c.cancel()
				return
			}
		}
		if code != 0 {
			limit := time.AfterFunc(closePatience, func() { _ = c.ws.CloseNow() })
			stop := context.AfterFunc(ctx, func() { _ = c.ws.CloseNow() })
			_ = c.ws.Close(websocket.StatusCode(code), closeReasons[code]) // it ends either way
			limit.Stop()
			stop()
			c.cancel()
			return
		}
	}
}

// payload is what clients send.
type payload struct {
	Op   *int            `json:"op"`
	Data json.RawMessage `json:"d"`
}

// read takes payloads until the connection ends; it returns the client's close
// code, or -1.
func (c *gatewayConn) read(ctx context.Context) int {
	for {
		_, data, err := c.ws.Read(ctx)
		if err != nil {
			return int(websocket.CloseStatus(err))
		}
		c.s.mu.Lock()
		c.take(data)
		c.s.mu.Unlock()
	}
}

func (c *gatewayConn) take(data []byte) {
	if c.silent || c.code != 0 {
		return
	}
	l := c.s.o.Limits.GatewayEvents
	if l > 0 {
		if _, _, ok := c.events.take(c.s.o.Now(), Rate{l, time.Minute}); !ok {
			c.close(CloseRateLimited)
			return
		}
	}
	var p payload
	if len(data) > maxPayload || json.Unmarshal(data, &p) != nil || p.Op == nil {
		c.close(CloseDecodeError)
		return
	}
	switch op := *p.Op; {
	case op == opHeartbeat:
		c.heartbeat()
	case op == opIdentify && c.session == nil:
		c.identify(p.Data)
	case op == opResume && c.session == nil:
		c.resume(p.Data)
	case op == opIdentify, op == opResume:
		c.close(CloseAlreadyAuthenticated)
	case op != opPresence && op != opVoice && op != opMembers:
		c.close(CloseUnknownOpcode)
	case c.session == nil:
		c.close(CloseNotAuthenticated)
	}
}

func (c *gatewayConn) heartbeat() {
	if c.beat != nil {
		c.beat.Reset(2 * c.s.o.Limits.HeartbeatInterval)
	}
	if f := c.s.takeGatewayFault(AtHeartbeat); f != nil {
		c.s.doGatewayFault(c, f)
		return
	}
	c.send(opAck, nil)
}

// detach ends a connection. A client that said goodbye with 1000 or 1001 ended
// its session too.
func (s *Server) detach(c *gatewayConn, code int) {
	delete(s.gateway.conns, c)
	if c.beat != nil {
		c.beat.Stop()
	}
	x := c.session
	if x != nil && x.conn == c {
		x.conn = nil
		goodbye := code == int(websocket.StatusNormalClosure) || code == int(websocket.StatusGoingAway)
		if goodbye && c.code == 0 { // and not in answer to the server's own close
			s.endSession(x)
		}
		s.botEvent()
	}
	s.touch()
}

// encodeFrame writes a payload of the server.
func encodeFrame(op int, seq *int64, name *string, d any) []byte {
	b, err := json.Marshal(struct {
		Op   int     `json:"op"`
		Data any     `json:"d"`
		Seq  *int64  `json:"s"`
		Type *string `json:"t"`
	}{op, d, seq, name})
	if err != nil { // a value that an Emit brought: tests see it at once
		panic(fmt.Sprintf("sandbox: encode event: %v", err))
	}
	return b
}
