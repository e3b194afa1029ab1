package reading

import (
	"fmt"
	"os"

	"github.com/attache-bot/attache/config"
	"github.com/attache-bot/attache/internal/topic"
)

// LoadTopics compiles the built-in topics together with the operator's own.
func LoadTopics(t config.Topics) (*topic.Set, error) {
	files, err := topic.ParseFS(config.BuiltInTopics())
	if err != nil {
		return nil, fmt.Errorf("read built-in topics: %w", err)
	}
	if t.Dir != "" {
		own, err := readTopicDir(t.Dir)
		if err != nil {
			return nil, err
		}
		files = append(files, own...)
	}
	return topic.Compile(files)
}

func readTopicDir(dir string) ([]topic.File, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return nil, fmt.Errorf("read topics.dir: %w", err)
	}
	if !info.IsDir() {
		return nil, fmt.Errorf("read topics.dir: %s is not a folder: name the folder that holds the files", dir)
	}
	files, err := topic.ParseFS(os.DirFS(dir))
	if err != nil {
		return nil, fmt.Errorf("read topics of %s: %w", dir, err)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("read topics.dir: %s holds no *.yaml file", dir)
	}
	return files, nil
}
