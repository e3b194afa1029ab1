package demo

import (
	"bytes"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"time"

	"go.yaml.in/yaml/v3"
)

//go:embed script.yaml
var scriptYAML []byte

// Outlet is an invented news outlet with one feed.
type Outlet struct {
	ID       string `yaml:"id"`
	Name     string `yaml:"name"`
	Country  string `yaml:"country"`
	Language string `yaml:"language"`
	Tier     string `yaml:"tier"`
	// Format is rss, atom or json.
	Format string `yaml:"format"`
	// Own keeps the outlet out of the bot's catalogue. The story goes on without its
	// readers.
	Own bool `yaml:"own"`
}

// Item is one report that an outlet publishes, or a renaming of all its ids.
type Item struct {
	Outlet string `yaml:"outlet"`
	// At is in seconds after the start; negative for what was there before.
	At    int    `yaml:"at"`
	Title string `yaml:"title"`
	Text  string `yaml:"text"`
	// Rename gives all items of the outlet new ids and links from then on.
	Rename bool `yaml:"rename"`

	// when is set for what was published beside the script.
	when time.Time
}

// Script is what the outlets publish and when.
type Script struct {
	Outlets []Outlet `yaml:"outlets"`
	Items   []Item   `yaml:"items"`
}

// Sample returns the script that `attache demo` plays.
func Sample() (Script, error) { return ReadScript(bytes.NewReader(scriptYAML)) }

// ReadScript reads and checks a script.
func ReadScript(r io.Reader) (Script, error) {
	var s Script
	d := yaml.NewDecoder(r)
	d.KnownFields(true)
	if err := d.Decode(&s); err != nil {
		return Script{}, fmt.Errorf("read demo script: %w", err)
	}
	known := map[string]bool{}
	for _, o := range s.Outlets {
		if o.ID == "" || o.Name == "" || known[o.ID] {
			return Script{}, fmt.Errorf("demo script: outlet %q: id and name are needed, and an id only once", o.ID)
		}
		if o.Format != "rss" && o.Format != "atom" && o.Format != "json" {
			return Script{}, fmt.Errorf("demo script: outlet %s: format %q: use rss, atom or json", o.ID, o.Format)
		}
		known[o.ID] = true
	}
	for i, it := range s.Items {
		if !known[it.Outlet] {
			return Script{}, fmt.Errorf("demo script: item %d: no outlet %q", i+1, it.Outlet)
		}
		if it.Rename == (it.Title != "") {
			return Script{}, fmt.Errorf("demo script: item %d: give a title or rename", i+1)
		}
	}
	if len(known) == 0 {
		return Script{}, errors.New("demo script: no outlets")
	}
	return s, nil
}

// Length is when the last item appears.
func (s Script) Length() time.Duration {
	last := 0
	for _, it := range s.Items {
		last = max(last, it.At)
	}
	return time.Duration(last) * time.Second
}
