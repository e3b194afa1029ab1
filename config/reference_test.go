package config

import (
	"os"
	"reflect"
	"strings"
	"testing"
)

const (
	referenceBegin = "<!-- reference: begin, written by ATTACHE_UPDATE=1 go test ./config -->\n"
	referenceEnd   = "<!-- reference: end -->\n"
)

func TestTheReadmeHoldsTheReference(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(raw), referenceBegin)
	old, after, ok2 := strings.Cut(rest, referenceEnd)
	if !ok || !ok2 {
		t.Fatal("README.md has lost the marks around its reference")
	}
	if old == Reference() {
		return
	}
	if os.Getenv("ATTACHE_UPDATE") == "" {
		t.Fatal("README.md does not tell what the code does: run ATTACHE_UPDATE=1 go test ./config")
	}
	if err := os.WriteFile("README.md", []byte(before+referenceBegin+Reference()+referenceEnd+after), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestEveryFieldHasItsKey keeps a field from being added without a way to set
// it, and two keys from setting one field.
func TestEveryFieldHasItsKey(t *testing.T) {
	t.Parallel()
	fields := leaves(reflect.TypeFor[Config]())
	names := map[string]bool{}
	for _, k := range keys() {
		if names[k.name] || names[k.variable()] {
			t.Errorf("%s or %s stands twice", k.name, k.variable())
		}
		names[k.name], names[k.variable()] = true, true
	}
	if len(keys()) != fields {
		t.Errorf("Config has %d fields, the table %d keys", fields, len(keys()))
	}
}

func leaves(t reflect.Type) int {
	switch {
	case t.Kind() != reflect.Struct, t == reflect.TypeFor[Secret]():
		return 1
	case t == reflect.TypeFor[Store](): // one key sets either of its fields
		return 1
	}
	n := 0
	for i := range t.NumField() {
		n += leaves(t.Field(i).Type)
	}
	return n
}
