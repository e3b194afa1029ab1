package topic

import (
	"path"
	"regexp"
	"strings"
)

// folderForm is a folder that holds a language's files.
var folderForm = regexp.MustCompile(`^[a-z]{2}$`)

// languageOf returns the language whose folder holds the file, or "".
func languageOf(name string) string {
	if folder := path.Dir(name); folderForm.MatchString(folder) {
		return folder
	}
	return ""
}

// parseLanguage reads what a topic is in one language: es/ceasefire.yaml holds an
// [Addition] to the topic ceasefire, in Spanish.
func parseLanguage(name, lang string, raw []byte) (*Shared, error) {
	var add Addition
	if err := decode(name, raw, &add); err != nil {
		return nil, err
	}
	id := ID(strings.TrimSuffix(path.Base(name), ".yaml"))
	return &Shared{File: name, Topics: map[string]map[ID]Addition{lang: {id: add}}, alone: true}, nil
}

// place names one language of a topic in the file, for messages.
func (s *Shared) place(lang string, id ID) string {
	if s.alone {
		return s.File + ": " + lang
	}
	return s.File + ": topics." + lang + "." + string(id)
}
