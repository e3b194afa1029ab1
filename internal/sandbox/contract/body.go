package contract

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"strings"
)

// payload is a body taken apart.
type payload struct {
	json  []byte
	files int
}

// unwrap takes the JSON out of a body. The file describes multipart forms field
// by field and does not know payload_json, which is what everyone sends.
// https://docs.discord.com/developers/reference#uploading-files
func unwrap(contentType string, body []byte) (kind string, p payload, err error) {
	kind, params, err := mime.ParseMediaType(contentType)
	if err != nil {
		return "", p, fmt.Errorf("content type %q: %w", contentType, err)
	}
	if kind != "multipart/form-data" {
		return kind, payload{json: body}, nil
	}
	p.json = []byte("{}")
	mr := multipart.NewReader(bytes.NewReader(body), params["boundary"])
	for {
		part, err := mr.NextPart()
		if errors.Is(err, io.EOF) {
			return kind, p, nil
		}
		if err != nil {
			return kind, p, fmt.Errorf("multipart body: %w", err)
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return kind, p, fmt.Errorf("multipart body: %w", err)
		}
		switch name := part.FormName(); {
		case name == "payload_json":
			p.json = data
		case strings.HasPrefix(name, "files["), strings.HasPrefix(name, "file"):
			p.files++
		default:
			return kind, p, fmt.Errorf("multipart body: unknown part %q", name)
		}
	}
}

// prune drops members that are null, false or "".
func prune(v any) any {
	switch t := v.(type) {
	case map[string]any:
		out := map[string]any{}
		for k, e := range t {
			if e != nil && e != false && e != "" {
				out[k] = prune(e)
			}
		}
		return out
	case []any:
		out := make([]any, len(t))
		for i, e := range t {
			out[i] = prune(e)
		}
		return out
	}
	return v
}
