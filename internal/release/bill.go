package main

import (
	"bytes"
	"cmp"
	"debug/buildinfo"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
)

// bill is a bill of materials as CycloneDX writes it
// (https://cyclonedx.org/docs/1.6/json/). It has no serial number, which would
// have to differ each time.
type bill struct {
	Format       string       `json:"bomFormat"`
	SpecVersion  string       `json:"specVersion"`
	Version      int          `json:"version"`
	Metadata     metadata     `json:"metadata"`
	Components   []component  `json:"components"`
	Dependencies []dependency `json:"dependencies"`
}

type metadata struct {
	Timestamp string    `json:"timestamp"`
	Component component `json:"component"`
}

type component struct {
	Type       string     `json:"type"`
	Ref        string     `json:"bom-ref"`
	Name       string     `json:"name"`
	Version    string     `json:"version"`
	Hashes     []hash     `json:"hashes,omitempty"`
	PackageURL string     `json:"purl"`
	Properties []property `json:"properties,omitempty"`
}

type hash struct {
	Algorithm string `json:"alg"`
	Content   string `json:"content"`
}

type property struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type dependency struct {
	Ref string   `json:"ref"`
	On  []string `json:"dependsOn,omitempty"`
}

// billOf lists what a program is made of: the modules with the sums that
// go.sum holds for them, and the standard library. digest is the program's
// SHA-256.
func billOf(info *buildinfo.BuildInfo, digest string, when time.Time) ([]byte, error) {
	main := component{
		Type: "application", Ref: address(info.Main.Path, info.Main.Version), Name: info.Main.Path, Version: info.Main.Version,
		Hashes: []hash{{"SHA-256", digest}}, PackageURL: address(info.Main.Path, info.Main.Version),
	}
	for _, s := range info.Settings {
		main.Properties = append(main.Properties, property{"go:build:" + s.Key, s.Value})
	}
	library := strings.TrimPrefix(info.GoVersion, "go")
	parts := []component{{
		Type: "library", Ref: address("std", library), Name: "std", Version: library, PackageURL: address("std", library),
	}}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		c := component{Type: "library", Ref: address(m.Path, m.Version), Name: m.Path, Version: m.Version, PackageURL: address(m.Path, m.Version)}
		if m.Sum != "" {
			c.Properties = []property{{"go:sum", m.Sum}}
		}
		parts = append(parts, c)
	}
	slices.SortFunc(parts, func(a, b component) int { return cmp.Compare(a.Ref, b.Ref) })
	top := dependency{Ref: main.Ref}
	for _, p := range parts {
		top.On = append(top.On, p.Ref)
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(bill{
		Format: "CycloneDX", SpecVersion: "1.6", Version: 1,
		Metadata:   metadata{Timestamp: when.Format(time.RFC3339), Component: main},
		Components: parts, Dependencies: []dependency{top},
	})
	if err != nil {
		return nil, fmt.Errorf("write bill of materials: %w", err)
	}
	return out.Bytes(), nil
}

// address is a module's package URL
// (https://github.com/package-url/purl-spec/blob/main/types/golang-definition.json).
func address(path, version string) string {
	return "pkg:golang/" + path + "@" + strings.ReplaceAll(version, "+", "%2B")
}
