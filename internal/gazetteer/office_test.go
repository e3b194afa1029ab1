package gazetteer_test

import (
	"testing"
	"time"

	"github.com/attache-bot/attache/internal/gazetteer"
)

func TestAnOfficeAndItsHolderAreOne(t *testing.T) {
	t.Parallel()
	g, err := gazetteer.Load()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ side, speaker, day, want string }{
		{"UA", "Ukrainian president", "2024-05-01", "president"},
		{"UA", "Volodymyr Zelensky", "2024-05-01", "president"},
		{"UA", "Президент України", "2024-05-01", "president"},
		{"UA", "Зеленський", "2024-05-01", "president"},
		{"UA", "Zelensky", "2018-05-01", ""},
		{"UA", "Poroshenko", "2024-05-01", ""},
		{"UA", "President Poroshenko", "2024-05-01", ""},
		{"US", "Biden", "2024-05-01", "president"},
		{"US", "Biden", "2025-05-01", ""},
		{"US", "Trump", "2025-05-01", "president"},
		{"US", "former US president", "2025-05-01", ""},
		{"US", "US vice president", "2025-05-01", ""},
		{"US", "US secretary of state", "2025-05-01", "foreign minister"},
		{"US", "White House", "2025-05-01", ""},
		{"RU", "Putin's spokesman", "2024-05-01", ""},
		{"IR", "Iranian president", "2024-06-01", ""},
		{"UN", "UN aid chief", "2024-05-01", ""},
		{"UN", "UN chief", "2024-05-01", "secretary-general"},
		{"UN", "U.N.'s chief", "2024-05-01", "secretary-general"},
		{"XX", "president", "2024-05-01", ""},
	} {
		day, err := time.Parse(time.DateOnly, tt.day)
		if err != nil {
			t.Fatal(err)
		}
		if got := g.Office(tt.side, tt.speaker, day); got != tt.want {
			t.Errorf("%s, %q on %s holds %q, want %q", tt.side, tt.speaker, tt.day, got, tt.want)
		}
	}
}
