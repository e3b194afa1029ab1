package contract

import (
	"fmt"
	"slices"
	"strings"
)

// route is one operation of the file.
type route struct {
	method, path string
	segs         []string
	pointer      string // of the operation
	operation    string // its operationId
	parameters   []parameter
	content      map[string]bool // media types of the body
	bodyRequired bool
	answers      map[string]string // status → pointer of the schema, "" for no body
}

type parameter struct{ name, in, pointer string }

// routesOf lists the operations, the most literal paths first, so that
// …/@original wins over …/{message_id}.
func routesOf(doc map[string]any) []route {
	var out []route
	for path, item := range objectAt(doc, "paths") {
		for method, op := range asObject(item) {
			if method == "parameters" {
				continue
			}
			base := "/paths/" + escape(path)
			r := route{
				method: strings.ToUpper(method), path: path, segs: split(path), pointer: base + "/" + method,
				content: map[string]bool{}, answers: map[string]string{},
			}
			o := asObject(op)
			r.operation, _ = o["operationId"].(string)
			r.parameters = append(parametersOf(asObject(item), base), parametersOf(o, r.pointer)...)
			body := asObject(o["requestBody"])
			r.bodyRequired = body["required"] == true
			for kind := range asObject(body["content"]) {
				r.content[kind] = true
			}
			for status, answer := range asObject(o["responses"]) {
				r.answers[status] = answerPointer(doc, r.pointer+"/responses/"+status, asObject(answer))
			}
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b route) int {
		if d := strings.Count(a.path, "{") - strings.Count(b.path, "{"); d != 0 {
			return d
		}
		return strings.Compare(a.path, b.path)
	})
	return out
}

func parametersOf(o map[string]any, base string) []parameter {
	var out []parameter
	list, _ := o["parameters"].([]any)
	for i, e := range list {
		p := asObject(e)
		name, _ := p["name"].(string)
		in, _ := p["in"].(string)
		out = append(out, parameter{name, in, fmt.Sprintf("%s/parameters/%d/schema", base, i)})
	}
	return out
}

// answerPointer finds the schema of an answer; "" when it has no JSON body.
func answerPointer(doc map[string]any, pointer string, answer map[string]any) string {
	if ref, ok := answer["$ref"].(string); ok {
		pointer = strings.TrimPrefix(ref, "#")
		answer = objectAt(doc, split(pointer)...)
	}
	if asObject(answer["content"])["application/json"] == nil {
		return ""
	}
	return pointer + "/content/application~1json/schema"
}

// find matches a path without /api/v10.
func (c *Contract) find(method, path string) (*route, map[string]string, error) {
	segs := split(path)
next:
	for i := range c.routes {
		r := &c.routes[i]
		if r.method != method || len(r.segs) != len(segs) {
			continue
		}
		params := map[string]string{}
		for j, s := range r.segs {
			if strings.HasPrefix(s, "{") {
				params[strings.Trim(s, "{}")] = segs[j]
			} else if s != segs[j] {
				continue next
			}
		}
		return r, params, nil
	}
	return nil, nil, fmt.Errorf("contract: Discord has no operation %s %s", method, path)
}

func split(path string) []string { return strings.Split(strings.Trim(path, "/"), "/") }

// escape writes a path as a step of a JSON pointer.
func escape(s string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(s)
}

func asObject(v any) map[string]any { m, _ := v.(map[string]any); return m }

// objectAt follows keys down; nil when one is missing.
func objectAt(doc map[string]any, keys ...string) map[string]any {
	for _, k := range keys {
		doc = asObject(doc[k])
	}
	return doc
}
