package sandbox

import (
	"bytes"
	"compress/zlib"

	"github.com/coder/websocket"
)

// compressFrom is the least size at which payloads are compressed.
const compressFrom = 512

// outgoing is a frame for a client, with compress once the client asked for it.
type outgoing struct {
	frame    []byte
	compress bool
}

// frameCoder compresses what goes to one client. One goroutine uses it.
// https://docs.discord.com/developers/events/gateway#encoding-and-compression
type frameCoder struct {
	stream *zlib.Writer // of a client that wants one stream for all
	buf    *bytes.Buffer
}

func newFrameCoder(compress string) frameCoder {
	c := frameCoder{buf: &bytes.Buffer{}}
	if compress == "zlib-stream" {
		c.stream = zlib.NewWriter(c.buf)
	}
	return c
}

// encode gives the WebSocket message for a frame. Writing to memory cannot fail.
func (c frameCoder) encode(o outgoing) (websocket.MessageType, []byte) {
	switch {
	case c.stream != nil:
		c.buf.Reset()
		_, _ = c.stream.Write(o.frame)
		_ = c.stream.Flush()
		return websocket.MessageBinary, bytes.Clone(c.buf.Bytes())
	case o.compress && len(o.frame) >= compressFrom:
		var b bytes.Buffer
		z := zlib.NewWriter(&b)
		_, _ = z.Write(o.frame)
		_ = z.Close()
		return websocket.MessageBinary, b.Bytes()
	}
	return websocket.MessageText, o.frame
}
