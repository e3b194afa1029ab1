package config

import (
	"embed"
	"io/fs"
)

//go:embed feeds.yaml
var builtInFeeds []byte

//go:embed all:topics
var builtInTopics embed.FS

// BuiltInFeeds returns the built-in catalogue, in YAML.
func BuiltInFeeds() []byte { return append([]byte(nil), builtInFeeds...) }

// BuiltInTopics returns the built-in topics, one YAML file each.
func BuiltInTopics() fs.FS {
	topics, err := fs.Sub(builtInTopics, "topics")
	if err != nil {
		panic(err) // unreachable: the name is a constant and valid
	}
	return topics
}
