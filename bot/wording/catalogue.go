package wording

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// Languages are those that the bot speaks, by their BCP 47 codes, English first:
// what another one lacks is said in English.
func Languages() []string { return []string{"en", "uk", "fr", "de", "es", "pl"} }

//go:embed catalogue/*.toml
var files embed.FS

// catalogue is what is said in each language.
type catalogue struct {
	speak map[string]*i18n.Localizer
	// entries are the messages by language and id.
	entries map[string]map[ID]*i18n.Message
}

// builtIn is the catalogue that is part of the program. A test reads it first: it
// does not fail.
var builtIn = sync.OnceValue(func() *catalogue {
	sub, err := fs.Sub(files, "catalogue")
	if err == nil {
		var c *catalogue
		if c, err = read(sub); err == nil {
			return c
		}
	}
	panic("wording: " + err.Error())
})

// read reads the files AREA.LANG.toml of a folder.
func read(dir fs.FS) (*catalogue, error) {
	names, err := fs.Glob(dir, "*.toml")
	if err != nil {
		return nil, fmt.Errorf("list catalogues: %w", err)
	}
	bundle := i18n.NewBundle(language.English)
	c := &catalogue{speak: map[string]*i18n.Localizer{}, entries: map[string]map[ID]*i18n.Message{}}
	for _, l := range Languages() {
		c.entries[l] = map[ID]*i18n.Message{}
	}
	for _, name := range names {
		if err := c.add(dir, name, bundle); err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
	}
	for _, l := range Languages() {
		c.speak[l] = i18n.NewLocalizer(bundle, l)
	}
	return c, nil
}

// add reads one file into the bundle.
func (c *catalogue) add(dir fs.FS, name string, bundle *i18n.Bundle) error {
	area, lang, ok := strings.Cut(strings.TrimSuffix(path.Base(name), ".toml"), ".")
	if !ok || !slices.Contains(Languages(), lang) {
		return fmt.Errorf("name it AREA.LANG.toml with one of %s", strings.Join(Languages(), ", "))
	}
	raw, err := fs.ReadFile(dir, name)
	if err != nil {
		return err
	}
	found, err := i18n.ParseMessageFileBytes(raw, name, map[string]i18n.UnmarshalFunc{"toml": toml.Unmarshal})
	if err != nil {
		return err
	}
	for i, m := range found.Messages {
		m.ID = area + "." + m.ID
		fillForms(lang, m)
		c.entries[lang][ID(m.ID)] = m
		found.Messages[i] = slashedForms(m)
		if m.Zero != "" {
			found.Messages = append(found.Messages, &i18n.Message{ID: m.ID + forNone, Other: slashed(m.Zero)})
		}
	}
	return bundle.AddMessages(language.MustParse(lang), found.Messages...)
}

// forNone is behind the id of what an entry says of none at all: its form "zero",
// which is said of 0 in every language, whatever form that has otherwise.
const forNone = ".none"

// fillForms gives an entry the forms that translators may leave out, since what we
// count is whole and seldom a million.
func fillForms(lang string, m *i18n.Message) {
	switch {
	case m.One == "":
	case m.Many == "" && (lang == "fr" || lang == "es"):
		m.Many = m.Other // which is for millions
	case m.Other == "" && (lang == "uk" || lang == "pl"):
		m.Other = m.Many // which is for fractions
	}
}
