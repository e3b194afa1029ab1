package gateway

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"
	"unicode/utf8"
)

// Gateway opcodes, https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway.
const (
	opDispatch       = 0
	opHeartbeat      = 1
	opIdentify       = 2
	opReconnect      = 7
	opInvalidSession = 9
	opHello          = 10
	opHeartbeatAck   = 11
)

// maxHeartbeat bounds the interval that a server may ask for.
const maxHeartbeat = 10 * time.Minute

// guard is a connection to the gateway that ends itself when the other side
// breaks the rules, and remembers why it ended. The first reason stays.
type guard struct {
	net.Conn
	// permit takes one identify from the budget; false when there is none.
	permit func() bool
	idle   time.Duration
	timer  *time.Timer
	dead   chan struct{}

	readMu sync.Mutex
	in     frameScanner
	// part is the beginning of a message whose end has not been received.
	part []byte

	mu    sync.Mutex
	out   frameScanner
	cause error
	// farewell lets a close frame through: the session is meant to end.
	farewell bool
	interval time.Duration
	// beat is when the first heartbeat without an answer was sent.
	beat    time.Time
	latency time.Duration
}

func newGuard(c net.Conn, idle time.Duration, permit func() bool) *guard {
	g := &guard{Conn: c, permit: permit, idle: idle, dead: make(chan struct{}), in: frameScanner{all: true}}
	g.timer = time.AfterFunc(idle, func() { g.kill(errSilent) })
	return g
}

// kill ends the connection without a close frame, so that the session can be
// resumed.
func (g *guard) kill(cause error) {
	g.end(cause)
	_ = g.Conn.Close()
}

// end notes why the connection ended.
func (g *guard) end(cause error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.cause == nil {
		g.cause = cause
		g.timer.Stop()
		close(g.dead)
	}
}

// reason returns why the connection ended; nil while it lives.
func (g *guard) reason() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.cause
}

// Read hands on what was received up to a frame that ends the connection.
func (g *guard) Read(b []byte) (int, error) {
	g.readMu.Lock()
	defer g.readMu.Unlock()
	n, err := g.Conn.Read(b)
	if n > 0 {
		g.touch()
		good, broken := g.in.scan(b[:n], g.received)
		if broken != nil {
			g.kill(broken)
			if good > 0 {
				return good, nil
			}
			return 0, broken
		}
	}
	if err != nil {
		g.end(err)
		return n, g.reason()
	}
	return n, nil
}

// touch restarts the limit on silence.
func (g *guard) touch() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.cause == nil {
		g.timer.Reset(g.idle)
	}
}

// received looks at a frame from Discord; an error ends the connection before
// discordgo sees the frame.
func (g *guard) received(f frame) error {
	if f.op == wsClose {
		g.end(readClose(f.head))
		return nil
	}
	if f.op == wsBinary {
		return fmt.Errorf("%w: a compressed message, which was not asked for", errProtocol)
	}
	if f.op != wsText && f.op != wsContinuation {
		return nil
	}
	message := f.head
	if f.op == wsContinuation {
		message = append(g.part, f.head...)
	}
	if g.part = nil; f.more {
		g.part = message
		return nil
	}
	// discordgo follows a nil pointer when a message is null.
	if !bytes.HasPrefix(bytes.TrimLeft(message, " \t\r\n"), []byte("{")) {
		return fmt.Errorf("%w: a message is not an object", errProtocol)
	}
	return g.message(message)
}

// message looks at a whole message from Discord.
func (g *guard) message(text []byte) error {
	var m struct {
		Op int             `json:"op"`
		T  string          `json:"t"`
		D  json.RawMessage `json:"d"`
	}
	// As discordgo does, so that both see the same: what follows the object does
	// not count.
	if err := json.NewDecoder(bytes.NewReader(text)).Decode(&m); err != nil {
		return nil //nolint:nilerr // discordgo reports it
	}
	switch m.Op {
	case opDispatch:
		if crashes(m.T, m.D) {
			return fmt.Errorf("%w: %w: %s", errProtocol, errHollow, m.T)
		}
	case opReconnect:
		return errReconnect
	case opInvalidSession:
		if string(m.D) == "true" {
			return errResumeLater
		}
		return errInvalidSession
	case opHello:
		return g.hello(m.D)
	case opHeartbeatAck:
		g.acknowledged()
	}
	return nil
}

// hello checks the interval, with which discordgo makes a ticker.
func (g *guard) hello(data json.RawMessage) error {
	var h struct {
		Interval float64 `json:"heartbeat_interval"`
	}
	if err := json.Unmarshal(data, &h); err != nil || h.Interval < 1 || h.Interval > float64(maxHeartbeat.Milliseconds()) || h.Interval != float64(int64(h.Interval)) {
		return fmt.Errorf("%w: senseless heartbeat interval", errProtocol)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	g.interval = time.Duration(h.Interval) * time.Millisecond
	return nil
}

func (g *guard) acknowledged() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.beat.IsZero() {
		g.latency = time.Since(g.beat)
		g.beat = time.Time{}
	}
}

// Write sends what discordgo writes, one frame at a time, except an identify
// that was not paid for and a close frame that would end the session.
func (g *guard) Write(b []byte) (int, error) {
	swallow := false
	g.mu.Lock()
	_, err := g.out.scan(b, func(f frame) error {
		if f.op == wsClose && !g.farewell {
			swallow = true
			return nil
		}
		return g.sending(f)
	})
	g.mu.Unlock()
	if err != nil {
		g.kill(err)
		return 0, err
	}
	if swallow {
		g.kill(errDropped)
		return len(b), nil
	}
	n, err := g.Conn.Write(b)
	if err != nil {
		g.kill(err)
	}
	return n, err
}

// sending looks at a frame from discordgo; the lock is held.
func (g *guard) sending(f frame) error {
	switch sentOp(f) {
	case opIdentify:
		if !g.permit() {
			return errUnpaidIdentify
		}
	case opHeartbeat:
		now := time.Now()
		switch {
		case g.beat.IsZero():
			g.beat = now
		case now.Sub(g.beat) > g.interval/2:
			// A second heartbeat may follow at once when Discord asked for it.
			return errNoAck
		}
	}
	return nil
}

// sentOp reads the opcode of a message as discordgo writes it, op first.
func sentOp(f frame) int {
	rest, ok := bytes.CutPrefix(f.head, []byte(`{"op":`))
	if f.op != wsText || !ok {
		return -1
	}
	end := bytes.IndexAny(rest, ",}")
	if end < 1 || end > 2 {
		return -1
	}
	op := 0
	for _, c := range rest[:end] {
		op = op*10 + int(c-'0')
	}
	return op
}

// sayGoodbye lets the next close frame out.
func (g *guard) sayGoodbye() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.farewell = true
}

// lag returns the time between the last heartbeat and its answer.
func (g *guard) lag() time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.latency
}

// Close ends the connection.
func (g *guard) Close() error {
	g.end(net.ErrClosed)
	err := g.Conn.Close()
	if errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// maxCloseText bounds the text of a close frame, in bytes.
const maxCloseText = 123

func readClose(payload []byte) *closeError {
	if len(payload) < 2 {
		return &closeError{code: 1005}
	}
	text := payload[2:min(len(payload), 2+maxCloseText)]
	e := &closeError{code: int(binary.BigEndian.Uint16(payload))}
	if utf8.Valid(text) {
		e.text = printable(string(text))
	}
	return e
}
