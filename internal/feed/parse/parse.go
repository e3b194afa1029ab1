package parse

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"sync/atomic"
	"time"
)

// Options bound the parser. Zero values mean the defaults named at each field.
type Options struct {
	// Timeout is how long one document may take; 5 s.
	Timeout time.Duration
	// Workers is how many documents are parsed at once; 4.
	Workers int
	// MaxBody is the largest document in bytes, before and after conversion
	// to UTF-8; 5 MiB.
	MaxBody int
	// MaxItems is how many items of a document are kept; 1,000.
	MaxItems int
}

func (o Options) withDefaults() (Options, error) {
	if o.Timeout < 0 || o.Workers < 0 || o.MaxBody < 0 || o.MaxItems < 0 {
		return o, errors.New("parse options: a limit is negative")
	}
	if o.Timeout == 0 {
		o.Timeout = 5 * time.Second
	}
	if o.Workers == 0 {
		o.Workers = 4
	}
	if o.MaxBody == 0 {
		o.MaxBody = 5 << 20
	}
	if o.MaxItems == 0 {
		o.MaxItems = 1000
	}
	return o, nil
}

// Input is one document and where it came from.
type Input struct {
	// Body is the document, decompressed. It is not changed, and must not be
	// changed by the caller until Parse has returned without a timeout.
	Body []byte
	// ContentType is the HTTP header, for its charset; may be empty.
	ContentType string
	// BaseURL is the address that it was fetched from, after redirects, against
	// which relative links are resolved; may be empty.
	BaseURL string
	// Now is when it was fetched: no item is dated later.
	Now time.Time
}

// Parser parses documents in a bounded number of workers. It is safe for
// concurrent use.
type Parser struct {
	opts      Options
	slots     chan struct{}
	abandoned atomic.Int64
	read      func(Input, Options) (Document, error)
}

// New returns a parser, or says which option is wrong.
func New(o Options) (*Parser, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	return &Parser{opts: o, slots: make(chan struct{}, o.Workers), read: read}, nil
}

// Abandoned returns how many documents missed their deadline since the parser
// was made.
func (p *Parser) Abandoned() int64 { return p.abandoned.Load() }

// Parse reads one document. It waits for a free worker; the deadline covers
// the wait. Every error is an [*Error].
func (p *Parser) Parse(ctx context.Context, in Input) (Document, error) {
	limited, cancel := context.WithTimeout(ctx, p.opts.Timeout)
	defer cancel()
	select {
	case p.slots <- struct{}{}:
	case <-limited.Done():
		return Document{}, stopped(ctx, limited)
	}
	type result struct {
		doc Document
		err error
	}
	done := make(chan result, 1)
	go func() {
		defer func() { <-p.slots }()
		doc, err := p.safely(in)
		done <- result{doc, err}
	}()
	select {
	case r := <-done:
		return r.doc, r.err
	case <-limited.Done():
		p.abandoned.Add(1)
		return Document{}, stopped(ctx, limited)
	}
}

// safely turns a panic of the libraries into an error.
func (p *Parser) safely(in Input) (doc Document, err error) {
	defer func() {
		if r := recover(); r != nil {
			doc, err = Document{}, &Error{Class: ClassFault, cause: fmt.Errorf("panic: %v\n%s", r, debug.Stack())}
		}
	}()
	return p.read(in, p.opts)
}

func stopped(caller, limited context.Context) *Error {
	if errors.Is(caller.Err(), context.Canceled) {
		return &Error{Class: ClassCanceled, cause: caller.Err()}
	}
	return &Error{Class: ClassTimeout, cause: limited.Err()}
}

// read does the whole work on one document, in the order that the package
// comment gives.
func read(in Input, o Options) (Document, error) {
	ns := notes{}
	body, err := normalize(in.Body, in.ContentType, o.MaxBody, ns)
	if err != nil {
		return Document{}, err
	}
	t, ok := trim(body)
	if !ok {
		format, err := inspect(body)
		if err != nil {
			return Document{}, err
		}
		t = trimmed{format: format, doc: body}
	}
	raw, err := decode(t)
	if err != nil {
		var e *Error
		if errors.As(err, &e) {
			return Document{}, e
		}
		return Document{}, &Error{Class: ClassMalformed, cause: err}
	}
	return refine(raw, in, o, ns), nil
}
