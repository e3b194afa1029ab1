package config

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

const canary = "canary-MTA0.aBc-dEf_123"

// holders are the ways in which a secret may be carried about.
func holders() map[string]any {
	s := NewSecret(canary)
	type hiddenInside struct{ token Secret }
	type shown struct{ Token Secret }
	return map[string]any{
		"itself":           s,
		"pointer":          &s,
		"exported field":   shown{s},
		"unexported field": hiddenInside{s},
		"pointer to one":   &hiddenInside{s},
		"slice":            []Secret{s},
		"map":              map[string]Secret{"token": s},
		"interface":        []any{s, &s},
		"error":            fmt.Errorf("call with %v", s),
		"configuration":    Config{Discord: Discord{Token: s}},
	}
}

func TestSecretShowsItselfNowhere(t *testing.T) {
	t.Parallel()
	for name, v := range holders() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for how, text := range renderings(t, v) {
				if strings.Contains(text, canary) || strings.Contains(text, fmt.Sprintf("%x", canary)) {
					t.Errorf("%s shows the secret: %s", how, text)
				}
			}
		})
	}
}

// renderings prints v in every way that the project uses, and some more.
func renderings(t *testing.T, v any) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, verb := range "vsqxXdTtbcoOeEfFgGpUw" {
		for _, flags := range []string{"", "+", "#", " ", "-9", "010", ".3"} {
			format := "%" + flags + string(verb)
			out[format] = fmt.Sprintf(format, v)
		}
	}
	marshalled := func(name string, b []byte, err error) {
		if err == nil { // some of the holders cannot be written in some forms
			out[name] = string(b)
		}
	}
	b, err := json.Marshal(v)
	marshalled("json", b, err)
	b, err = yaml.Marshal(v)
	marshalled("yaml", b, err)
	b, err = xml.Marshal(v)
	marshalled("xml", b, err)
	for _, format := range []Format{Text, JSON} {
		var buf bytes.Buffer
		var h slog.Handler = slog.NewTextHandler(&buf, nil)
		if format == JSON {
			h = slog.NewJSONHandler(&buf, nil)
		}
		slog.New(h).Info("message", "value", v, slog.Group("group", "value", v))
		out["slog "+string(format)] = buf.String()
	}
	return out
}

func TestSecretSaysThatItIsThere(t *testing.T) {
	t.Parallel()
	if got := fmt.Sprintf("%v|%s|%+v|%#v", NewSecret(canary), NewSecret(canary), Discord{Token: NewSecret(canary)}.Token, Secret{}); got != "<secret>|<secret>|<secret>|" {
		t.Errorf("printed %q", got)
	}
	b, err := json.Marshal(struct{ A, B Secret }{A: NewSecret(canary)})
	if err != nil || string(b) != `{"A":"\u003csecret\u003e","B":""}` && string(b) != `{"A":"<secret>","B":""}` {
		t.Errorf("json %s, %v", b, err)
	}
	if NewSecret(canary).Reveal() != canary {
		t.Error("Reveal does not give the value")
	}
	if !NewSecret("a").Equal(NewSecret("a")) || NewSecret("a").Equal(NewSecret("b")) || NewSecret("a").Equal(Secret{}) {
		t.Error("Equal does not compare the values")
	}
}
