package fetch

import (
	"bufio"
	"compress/flate"
	"compress/gzip"
	"compress/zlib"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// wireReader counts what came over the wire and fails past its limit. It also
// keeps the error of the transport, so that a broken connection is not taken
// for corrupt compression by the decoder above it.
type wireReader struct {
	r     io.Reader
	n     int64
	limit int64
	err   error
}

func (w *wireReader) Read(p []byte) (int, error) {
	if w.n > w.limit {
		return 0, w.fail(errTooLarge)
	}
	if rest := w.limit - w.n + 1; int64(len(p)) > rest {
		p = p[:rest]
	}
	n, err := w.r.Read(p)
	w.n += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		return n, w.fail(err)
	}
	if w.n > w.limit {
		return n, w.fail(errTooLarge)
	}
	return n, err
}

func (w *wireReader) fail(err error) error {
	if w.err == nil {
		w.err = err
	}
	return w.err
}

// readBody returns the whole decoded body and the bytes that it took on the
// wire, or an error; never a part.
func readBody(resp *http.Response, maxWire, maxBody int64) ([]byte, int64, error) {
	if resp.ContentLength > maxWire {
		return nil, 0, errTooLarge
	}
	wire := &wireReader{r: resp.Body, limit: maxWire}
	decoded, err := decoder(resp.Header, wire)
	if err != nil {
		return nil, wire.n, bodyError(wire, err)
	}
	body, err := io.ReadAll(io.LimitReader(decoded, maxBody+1))
	if err != nil {
		return nil, wire.n, bodyError(wire, err)
	}
	if int64(len(body)) > maxBody {
		return nil, wire.n, errTooLarge
	}
	// A decoder may stop before the wire does; the rest tells whether the
	// answer was complete.
	if _, err := io.Copy(io.Discard, wire); err != nil {
		return nil, wire.n, err
	}
	return body, wire.n, nil
}

// bodyError blames the transport before the decoder.
func bodyError(wire *wireReader, err error) error {
	switch {
	case wire.err != nil:
		return wire.err
	case errors.Is(err, errEncoding):
		return err
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("%w: %w", io.ErrUnexpectedEOF, err)
	}
	return fmt.Errorf("%w: %w", errCorrupt, err)
}

// decoder undoes the one Content-Encoding that is accepted. net/http would
// undo gzip itself, but without a limit on either side and passing anything
// else through as if it were plain.
func decoder(h http.Header, r io.Reader) (io.Reader, error) {
	encoding := strings.ToLower(strings.TrimSpace(strings.Join(h.Values("Content-Encoding"), ",")))
	switch encoding {
	case "", "identity":
		return r, nil
	case "gzip", "x-gzip":
		return gzip.NewReader(r)
	case "deflate":
		return inflater(r)
	}
	return nil, fmt.Errorf("%w: %.40q", errEncoding, encoding)
}

// inflater reads both things that servers call deflate: with the zlib header,
// as https://www.rfc-editor.org/rfc/rfc9110#section-8.4.1.2 says, and without.
func inflater(r io.Reader) (io.Reader, error) {
	br := bufio.NewReader(r)
	head, err := br.Peek(2)
	if err != nil {
		return nil, err
	}
	if head[0]&0x0f == 8 && (uint(head[0])<<8|uint(head[1]))%31 == 0 {
		return zlib.NewReader(br)
	}
	return flate.NewReader(br), nil
}
