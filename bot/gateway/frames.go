package gateway

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
)

// WebSocket opcodes, https://www.rfc-editor.org/rfc/rfc6455#section-5.2.
const (
	wsContinuation = 0
	wsText         = 1
	wsBinary       = 2
	wsClose        = 8
)

const (
	// maxMessage bounds one message of Discord; the largest are guilds with
	// thousands of channels and threads.
	maxMessage = 32 << 20
	// headBytes is how much is kept of a frame that discordgo sends: its opcode
	// stands at the beginning.
	headBytes = 1024
	// maxHandshake bounds the HTTP answer before the first frame.
	maxHandshake = 64 << 10
)

// frame is what the guard sees of a WebSocket frame.
type frame struct {
	op byte
	// more says that the message goes on in another frame.
	more   bool
	length uint64
	// head holds the payload, unmasked: all of it, or the first headBytes.
	head []byte
}

// frameScanner follows one direction of a WebSocket connection without changing
// it: first the HTTP handshake, then frames.
type frameScanner struct {
	handshake []byte
	upgraded  bool
	// all keeps whole payloads instead of their heads.
	all bool
	// plain marks a connection that never became a WebSocket.
	plain bool

	header  []byte
	current frame
	left    uint64
	pos     uint64
	mask    [4]byte
	masked  bool
	// message is the length so far of a message in several frames.
	message uint64
}

// errTooLarge ends a connection whose server sends without end.
var errTooLarge = errors.New("message too large")

// scan follows b and calls each for every frame that ends in it. On an error it
// returns how many bytes stand before the frame that caused it.
func (s *frameScanner) scan(b []byte, each func(frame) error) (good int, err error) {
	i := 0
	if !s.upgraded {
		if i, err = s.skipHandshake(b); err != nil {
			return 0, err
		}
		good = i
	}
	for i < len(b) && !s.plain {
		if s.left == 0 {
			done, err := s.readHeader(b[i])
			i++
			if err != nil {
				return good, err
			}
			if !done || s.left > 0 {
				continue
			}
		} else {
			i += s.readPayload(b[i:])
			if s.left > 0 {
				continue
			}
		}
		if err := each(s.current); err != nil {
			return good, err
		}
		good = i
	}
	return good, nil
}

// skipHandshake returns how many bytes of b belong to the handshake.
func (s *frameScanner) skipHandshake(b []byte) (int, error) {
	before := len(s.handshake)
	s.handshake = append(s.handshake, b...)
	end := bytes.Index(s.handshake, []byte("\r\n\r\n"))
	if end < 0 {
		if len(s.handshake) > maxHandshake {
			return 0, errTooLarge
		}
		return len(b), nil
	}
	s.upgraded = true
	if line := s.handshake[:end]; bytes.HasPrefix(line, []byte("HTTP/")) && !bytes.HasPrefix(line, []byte("HTTP/1.1 101")) {
		s.plain = true
	}
	s.handshake = nil
	return end + len("\r\n\r\n") - before, nil
}

// readHeader takes one byte of a frame's header; true when it is complete.
func (s *frameScanner) readHeader(c byte) (bool, error) {
	s.header = append(s.header, c)
	h := s.header
	if len(h) < 2 {
		return false, nil
	}
	s.masked = h[1]&0x80 != 0
	size := 2
	switch h[1] & 0x7f {
	case 126:
		size += 2
	case 127:
		size += 8
	}
	lengthEnd := size
	if s.masked {
		size += len(s.mask)
	}
	if len(h) < size {
		return false, nil
	}
	length := uint64(h[1] & 0x7f)
	switch lengthEnd {
	case 4:
		length = uint64(binary.BigEndian.Uint16(h[2:]))
	case 10:
		length = binary.BigEndian.Uint64(h[2:])
	}
	if s.masked {
		copy(s.mask[:], h[lengthEnd:])
	}
	final := h[0]&0x80 != 0
	s.current = frame{op: h[0] & 0x0f, more: !final, length: length}
	s.left, s.pos = length, 0
	s.header = s.header[:0]
	return true, s.limit(final)
}

// limit checks the length of the message that the frame belongs to.
func (s *frameScanner) limit(final bool) error {
	n := s.current.length
	if n > maxMessage {
		return fmt.Errorf("%w: %d bytes", errTooLarge, n)
	}
	if s.current.op >= wsClose {
		return nil
	}
	if s.current.op != wsContinuation {
		s.message = 0
	}
	if s.message += n; s.message > maxMessage {
		return fmt.Errorf("%w: %d bytes", errTooLarge, s.message)
	}
	if final {
		s.message = 0
	}
	return nil
}

// readPayload takes what belongs to the current frame.
func (s *frameScanner) readPayload(b []byte) int {
	n := int(min(s.left, uint64(len(b))))
	most := headBytes
	if s.all {
		most = maxMessage
	}
	keep := max(0, min(n, most-len(s.current.head)))
	for i, c := range b[:keep] {
		if s.masked {
			c ^= s.mask[(s.pos+uint64(i))%uint64(len(s.mask))]
		}
		s.current.head = append(s.current.head, c)
	}
	s.pos += uint64(n)
	s.left -= uint64(n)
	return n
}
