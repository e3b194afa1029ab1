package sandbox

import (
	"bytes"
	"compress/zlib"

	"github.com/coder/websocket"
)

// compressFrom is the least size at which payloads are compressed.
const compressFrom = 512

// frameCoder compresses what goes to one client. It is used by one goroutine,
// but for payloads, which is set before READY is queued.
// https://docs.discord.com/developers/events/gateway#encoding-and-compression
type frameCoder struct {
	payloads *bool // the client asked for it when it identified
	stream   *zlib.Writer
	buf      *bytes.Buffer
}

func newFrameCoder(compress string) frameCoder {
	c := frameCoder{payloads: new(bool), buf: &bytes.Buffer{}}
	if compress == "zlib-stream" {
		c.stream = zlib.NewWriter(c.buf)
	}
	return c
}

// encode gives the WebSocket message for a frame. Writing to memory cannot fail.
func (c frameCoder) encode(frame []byte) (websocket.MessageType, []byte) {
	switch {
	case c.stream != nil:
		c.buf.Reset()
		_, _ = c.stream.Write(frame)
		_ = c.stream.Flush()
		return websocket.MessageBinary, bytes.Clone(c.buf.Bytes())
	case *c.payloads && len(frame) >= compressFrom:
		var b bytes.Buffer
		z := zlib.NewWriter(&b)
		_, _ = z.Write(frame)
		_ = z.Close()
		return websocket.MessageBinary, b.Bytes()
	}
	return websocket.MessageText, frame
}
