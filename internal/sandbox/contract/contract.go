package contract

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/attache-bot/attache/internal/sandbox"
)

// Contract is Discord's OpenAPI file, ready to check. It is safe for concurrent
// use.
type Contract struct {
	routes []route
	// closed is the file with unknown keys forbidden in requests, open as it is.
	closed, open *schemas
}

// Load reads the OpenAPI file at path.
func Load(path string) (*Contract, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("load contract: %w", err)
	}
	return parse(data)
}

func parse(data []byte) (*Contract, error) {
	c := &Contract{}
	for _, target := range []struct {
		at    **schemas
		close bool
	}{{&c.closed, true}, {&c.open, false}} {
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(data))
		if err != nil {
			return nil, fmt.Errorf("load contract: %w", err)
		}
		doc, _ := v.(map[string]any)
		if len(objectAt(doc, "paths")) == 0 || len(objectAt(doc, "components", "schemas")) == 0 {
			return nil, errors.New("load contract: the file has no paths or no schemas; is it Discord's openapi.json?")
		}
		overlay(doc)
		if target.close {
			closeWorld(doc)
		}
		if *target.at, err = newSchemas(doc); err != nil {
			return nil, fmt.Errorf("load contract: %w", err)
		}
	}
	c.routes = routesOf(c.open.doc)
	return c, nil
}

var apiPrefix = regexp.MustCompile(`^/api(/v[0-9]+)?/`)

// Request checks method, path, query and body of a request. body is passed
// apart, since a server has read it already.
func (c *Contract) Request(r *http.Request, body []byte) error {
	return c.request(r.Method, apiPrefix.ReplaceAllString(r.URL.Path, "/"), r.URL.Query(), r.Header, body)
}

func (c *Contract) request(method, path string, query url.Values, header http.Header, body []byte) error {
	rt, params, err := c.find(method, path)
	if err != nil {
		return err
	}
	if err := c.parameters(rt, params, query); err != nil {
		return fmt.Errorf("contract: %s %s: %w", method, rt.path, err)
	}
	if err := c.requestBody(rt, header, body); err != nil {
		return fmt.Errorf("contract: %s %s: %w", method, rt.path, err)
	}
	return nil
}

// parameters checks the values in the path and the names in the query.
func (c *Contract) parameters(rt *route, params map[string]string, query url.Values) error {
	known := map[string]bool{}
	for _, p := range rt.parameters {
		if p.in == "query" {
			known[p.name] = true
		}
		if p.in != "path" {
			continue
		}
		s, err := c.open.compile(p.pointer)
		if err != nil {
			return err
		}
		if err := s.Validate(params[p.name]); err != nil {
			return fmt.Errorf("path parameter %s: %w", p.name, err)
		}
	}
	for name := range query {
		if !known[name] {
			return fmt.Errorf("unknown query parameter %q", name)
		}
	}
	return nil
}

// requestBody checks the body against its schema and the rules beside it.
func (c *Contract) requestBody(rt *route, header http.Header, body []byte) error {
	if len(rt.content) == 0 {
		if len(bytes.TrimSpace(body)) > 0 {
			return errors.New("takes no body")
		}
		return nil
	}
	if len(body) == 0 && !rt.bodyRequired {
		return nil
	}
	kind, payload, err := unwrap(header.Get("Content-Type"), body)
	if err != nil {
		return err
	}
	if !rt.content[kind] {
		return fmt.Errorf("content type %s is not accepted", kind)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(payload.json))
	if err != nil {
		return fmt.Errorf("body: %w", err)
	}
	pointer := rt.pointer + "/requestBody/content/application~1json/schema"
	closed, err := c.closed.compile(pointer)
	if err != nil {
		return err
	}
	if err := closed.Validate(v); err != nil {
		// Only keys that say nothing may be unknown.
		open, compileErr := c.open.compile(pointer)
		if compileErr != nil {
			return compileErr
		}
		if closed.Validate(prune(v)) != nil || open.Validate(v) != nil {
			return err
		}
	}
	return checkRules(rt.operation, v, payload.files)
}

// Response checks an answer of Discord, or of a server that plays it. Answers of
// 500 and above are not described and pass.
func (c *Contract) Response(method, path string, status int, body []byte) error {
	rt, _, err := c.find(method, apiPrefix.ReplaceAllString(path, "/"))
	if err != nil || status >= http.StatusInternalServerError {
		return err
	}
	pointer, described := rt.answers[strconv.Itoa(status)]
	if !described {
		pointer, described = rt.answers[strconv.Itoa(status/100)+"XX"]
	}
	switch {
	case !described:
		return fmt.Errorf("contract: %s %s has no answer %d", method, rt.path, status)
	case pointer == "" && len(body) > 0:
		return fmt.Errorf("contract: %s %s: answer %d must be empty", method, rt.path, status)
	case pointer == "":
		return nil
	}
	s, err := c.open.compile(pointer)
	if err != nil {
		return err
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err == nil {
		err = s.Validate(v)
	}
	if err != nil {
		return fmt.Errorf("contract: answer %d of %s %s: %w", status, method, rt.path, err)
	}
	return nil
}

// Watch is for sandbox.Options.Observe: it checks every request and, unless a
// scripted fault made it, every answer, and reports what is wrong. fail may be
// called from several goroutines, such as testing.T's Error.
func (c *Contract) Watch(fail func(error)) func(sandbox.Exchange) {
	return c.watch(fail, true)
}

// WatchAccepted is Watch for tests that send wrong requests on purpose: of the
// requests it checks those that were accepted.
func (c *Contract) WatchAccepted(fail func(error)) func(sandbox.Exchange) {
	return c.watch(fail, false)
}

func (c *Contract) watch(fail func(error), all bool) func(sandbox.Exchange) {
	return func(x sandbox.Exchange) {
		accepted := x.Status >= 200 && x.Status < 300
		if all || accepted {
			if err := c.request(x.Method, x.Path, x.Query, x.Header, x.Body); err != nil {
				fail(fmt.Errorf("%w\nbody: %s", err, shorten(x.Body)))
			}
		}
		if x.Faulty || x.Status == 0 || x.Route == "" {
			return
		}
		if err := c.Response(x.Method, x.Path, x.Status, x.Answer); err != nil {
			fail(fmt.Errorf("%w\nbody: %s", err, shorten(x.Answer)))
		}
	}
}

func shorten(b []byte) string {
	const most = 2000
	if len(b) > most {
		return strings.ToValidUTF8(string(b[:most]), "") + "…"
	}
	return string(b)
}
