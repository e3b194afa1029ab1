package contract

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// resource is the name under which the compiler knows the file.
const resource = "https://discord.invalid/openapi.json"

// schemas compiles parts of the file when they are first needed.
type schemas struct {
	doc map[string]any

	mu       sync.Mutex
	compiler *jsonschema.Compiler
	cache    map[string]*jsonschema.Schema
}

func newSchemas(doc map[string]any) (*schemas, error) {
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	c.RegisterFormat(&jsonschema.Format{Name: "snowflake", Validate: checkSnowflake})
	c.RegisterFormat(&jsonschema.Format{Name: "nonce", Validate: checkNonce})
	if err := c.AddResource(resource, doc); err != nil {
		return nil, err
	}
	return &schemas{doc: doc, compiler: c, cache: map[string]*jsonschema.Schema{}}, nil
}

func (s *schemas) compile(pointer string) (*jsonschema.Schema, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if sch := s.cache[pointer]; sch != nil {
		return sch, nil
	}
	sch, err := s.compiler.Compile(resource + "#" + (&url.URL{Path: pointer}).EscapedPath())
	if err != nil {
		return nil, fmt.Errorf("compile schema: %w", err)
	}
	s.cache[pointer] = sch
	return sch, nil
}

var decimal = regexp.MustCompile(`^(0|[1-9][0-9]{0,19})$`)

func checkSnowflake(v any) error {
	if s, ok := v.(string); ok && !decimal.MatchString(s) {
		return fmt.Errorf("%q is no snowflake", s)
	}
	return nil
}

func checkNonce(v any) error {
	if s, ok := v.(string); ok && len([]rune(s)) > 25 {
		return errors.New("a nonce has at most 25 characters")
	}
	return nil
}

// overlay changes the file where it contradicts Discord's documentation.
func overlay(doc map[string]any) {
	all := objectAt(doc, "components", "schemas")
	for _, name := range []string{"ApplicationCommandCreateRequest", "ApplicationCommandUpdateRequest", "ApplicationCommandPatchRequestPartial"} {
		props := objectAt(all, name, "properties")
		if props == nil {
			continue
		}
		// The file wants an integer; the documentation, and every library, a
		// string. The file's README says that the two differ in such fields.
		props["default_member_permissions"] = map[string]any{"anyOf": []any{
			map[string]any{"type": "null"},
			map[string]any{"type": "string", "pattern": "^[0-9]{1,20}$"},
			map[string]any{"type": "integer", "minimum": json.Number("0")},
		}}
		if props["nsfw"] == nil { // documented, but not in the file
			props["nsfw"] = map[string]any{"type": []any{"boolean", "null"}}
		}
		// Read-only keys that libraries send back; Discord ignores them.
		for _, key := range []string{"application_id", "guild_id", "version", "default_permission"} {
			if props[key] == nil {
				props[key] = true
			}
		}
	}
	// The documentation gives bots 2,000 characters, the file 4,000.
	// https://docs.discord.com/developers/resources/message#create-message
	if content := objectAt(all, "MessageCreateRequest", "properties", "content"); content != nil {
		content["maxLength"] = json.Number("2000")
	}
	looserLimits(all)
	// The errors of single fields have names, not numbers, as codes.
	// https://docs.discord.com/developers/reference#error-messages
	if errs := objectAt(all, "InnerErrors", "properties", "_errors"); errs != nil {
		errs["items"] = map[string]any{
			"type": "object", "required": []any{"code", "message"},
			"properties": map[string]any{"code": map[string]any{"type": "string"}, "message": map[string]any{"type": "string"}},
		}
	}
}

// looserLimits lets a 429 go without a code, which only some limits have.
// https://docs.discord.com/developers/topics/rate-limits#exceeding-a-rate-limit-rate-limit-response-structure
func looserLimits(all map[string]any) {
	if limited := objectAt(all, "RatelimitedResponse"); limited != nil {
		if parts, ok := limited["allOf"].([]any); ok && len(parts) > 0 {
			parts[0] = map[string]any{
				"type": "object", "required": []any{"message"},
				"properties": map[string]any{"code": map[string]any{"type": "integer"}, "message": map[string]any{"type": "string"}},
			}
		}
	}
}

// closeWorld forbids unknown keys in every object schema that a request body
// reaches: the file allows them everywhere, and so would not notice a typo.
func closeWorld(doc map[string]any) {
	all := objectAt(doc, "components", "schemas")
	seen := map[string]bool{}
	var visit func(any)
	visit = func(n any) {
		switch t := n.(type) {
		case []any:
			for _, e := range t {
				visit(e)
			}
		case map[string]any:
			if ref, ok := t["$ref"].(string); ok {
				name := strings.TrimPrefix(ref, "#/components/schemas/")
				if name != ref && !seen[name] {
					seen[name] = true
					visit(all[name])
				}
			}
			if _, ok := t["properties"].(map[string]any); ok && t["additionalProperties"] == nil {
				t["additionalProperties"] = false
			}
			for _, e := range t {
				visit(e)
			}
		}
	}
	for _, item := range objectAt(doc, "paths") {
		for method, op := range asObject(item) {
			if method != "parameters" {
				visit(objectAt(asObject(op), "requestBody", "content", "application/json")["schema"])
			}
		}
	}
}
