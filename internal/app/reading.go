package app

import (
	"fmt"

	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/gazetteer"
	"github.com/attache-bot/attache/internal/story"
)

// reading is what reports are read with besides the topics.
type reading struct {
	claims  *claim.Extractor
	parties story.Parties
}

// newReading reads the names and words that the program carries.
func newReading() (reading, error) {
	actors, err := gazetteer.Load()
	if err != nil {
		return reading{}, fmt.Errorf("read the gazetteer: %w", err)
	}
	claims, err := claim.New(actors)
	if err != nil {
		return reading{}, fmt.Errorf("read the words of speech: %w", err)
	}
	return reading{claims: claims, parties: actors.Naming().Parties}, nil
}
