package reading

import (
	"fmt"

	"github.com/attache-bot/attache/internal/claim"
	"github.com/attache-bot/attache/internal/gazetteer"
	"github.com/attache-bot/attache/internal/story"
)

// Actors knows who acts and speaks in reports.
type Actors struct {
	// Claims finds who says what.
	Claims *claim.Extractor
	// Parties names the sides of a story.
	Parties story.Parties
}

// LoadActors reads the names and the words of speech that the program carries.
func LoadActors() (Actors, error) {
	known, err := gazetteer.Load()
	if err != nil {
		return Actors{}, fmt.Errorf("read the gazetteer: %w", err)
	}
	claims, err := claim.New(known)
	if err != nil {
		return Actors{}, fmt.Errorf("read the words of speech: %w", err)
	}
	return Actors{Claims: claims, Parties: known.Naming().Parties}, nil
}
