package phrase

// tongue is what the check knows of a language.
type tongue struct {
	// free are words that may come and go, alike are forms of one word.
	free  map[string]bool
	alike map[string]string
	// relatives begin a clause that may be left out behind a comma, joiners stand
	// between two sentences that are made one.
	relatives, joiners map[string]bool
}

func set(words ...string) map[string]bool {
	out := make(map[string]bool, len(words))
	for _, w := range words {
		out[w] = true
	}
	return out
}

// tongues are the languages in which the package [claim] reads who says what.
func tongues() map[string]tongue {
	return map[string]tongue{
		"en": {
			free:      set("the", "that"),
			alike:     map[string]string{"said": "says", "say": "says"},
			relatives: set("who", "which", "whose", "where"), joiners: set("and", "but", "while"),
		},
		"fr": {relatives: set("qui", "dont"), joiners: set("et", "mais")},
		"de": {relatives: set("dessen", "deren"), joiners: set("und", "aber")},
		"es": {relatives: set("quien", "quienes", "cuyo", "cuya"), joiners: set("y", "pero")},
		"uk": {relatives: set("який", "яка", "яке", "які"), joiners: set("а", "але", "та", "і")},
		"ru": {relatives: set("который", "которая", "которое", "которые"), joiners: set("а", "но", "и")},
	}
}
